"""A course as it is planned: which calls, in which order, and how they are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import product
from pathlib import Path
from types import MappingProxyType

import attrs

from retainsim.toml_file import is_path
from retainsim.training.after import MODELS, After
from retainsim.training.scenario import Words

Treatment = Mapping[str, str]
"""Of one trainee: a level of each factor."""


class Purpose(StrEnum):
    """What the calls of a part are for."""

    PRACTICE = "practice"
    """Everybody has callers of his own, hears the truth at once, and may go back to a move."""
    ASSESSMENT = "assessment"
    """All have the same callers, and nobody hears the truth before all have finished."""


FACTORS: Mapping[str, tuple[str, ...]] = {
    "debrief": ("full", "lines"),
    "models": ("both", "expert", "none"),
    "forks": ("allowed", "none"),
}
"""What of a practice may differ from trainee to trainee by lot, with the levels each has."""

_MODELS = {"both": MODELS, "expert": ("expert",), "none": ()}


@attrs.frozen(kw_only=True)
class Part:
    """
    Some calls of one purpose.

    Attributes:
        name: In the course.
        purpose: Of its calls.
        scenarios: Names, or files beside that of the course, in the order in which they come.
        calls: Of each scenario, one after the other.
        forks: How often one may go back to a move after a call of practice.
    """

    name: str
    purpose: Purpose
    scenarios: tuple[str, ...]
    calls: int
    forks: int = 0

    @property
    def is_assessment(self) -> bool:
        """Whether the truth stays closed until all have finished."""
        return self.purpose is Purpose.ASSESSMENT

    @property
    def in_order(self) -> tuple[str, ...]:
        """The scenario of every call."""
        return tuple(scenario for scenario in self.scenarios for _ in range(self.calls))

    def after(self, treatment: Treatment, *, forked: int = 0) -> After:
        """
        What is open after a call of practice.

        Args:
            treatment: Of the trainee.
            forked: How often he has gone back already.
        """
        forks = 0 if treatment.get("forks") == "none" else self.forks
        return After(
            ways=treatment.get("debrief") != "lines",
            models=_MODELS[treatment.get("models", "both")],
            forks=max(forks - forked, 0),
        )


@attrs.frozen(kw_only=True)
class Course:
    """
    A course as it is planned.

    Attributes:
        file: It was read from; what trainees do is kept beside it.
        title: In every language.
        language: Of its report, and of calls with whoever has no other.
        pass_mark: Share of the score that an assessment asks for, 0 to 1.
        parts: In order.
        factors: What differs between trainees by lot, with the levels in use.
    """

    file: Path
    title: Words
    language: str
    pass_mark: float
    parts: tuple[Part, ...]
    factors: Mapping[str, tuple[str, ...]] = MappingProxyType({})

    def part(self, name: str) -> Part | None:
        """The part of that name."""
        return next((part for part in self.parts if part.name == name), None)

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """Every combination of levels; one that says nothing where nothing differs."""
        return tuple(
            dict(zip(self.factors, levels, strict=True)) for levels in product(*self.factors.values())
        )

    def places(self) -> Iterator[tuple[Part, int, str]]:
        """Every call in order: its part, its place there from 1, and its scenario."""
        for part in self.parts:
            for place, scenario in enumerate(part.in_order, start=1):
                yield part, place, scenario


def scenario_at(file: Path, scenario: str) -> str:
    """What the scenario of a course in a file is asked for by, from wherever we are."""
    return str(file.parent / scenario) if is_path(scenario) else scenario
