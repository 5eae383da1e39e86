"""A course as it is planned: which calls and books of customers, in which order, and how they are meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import product
from pathlib import Path
from types import MappingProxyType

import attrs

from retainsim.toml_file import is_path
from retainsim.training.after import MODELS, After
from retainsim.training.rounds.setting import Setting
from retainsim.training.scenario import Words

Treatment = Mapping[str, str]
"""Of one trainee: a level of each factor."""


class Purpose(StrEnum):
    """What a part is for."""

    PRACTICE = "practice"
    """Everybody has customers of his own, hears the truth at once, and may go back to a move or begin a book again."""
    ASSESSMENT = "assessment"
    """All have the same customers, and nobody hears the truth before all have finished."""


FACTORS: Mapping[str, tuple[str, ...]] = {
    "debrief": ("full", "lines"),
    "models": ("both", "expert", "none"),
    "forks": ("allowed", "none"),
}
"""What of a practice may differ from trainee to trainee by lot, with the levels each has."""

_MODELS = {"both": MODELS, "expert": ("expert",), "none": ()}


@attrs.frozen(kw_only=True)
class BookPlan:
    """
    A book of customers that a part has in the place of calls.

    Attributes:
        preset: Of the market.
        customers: In it.
        rounds: A month each.
        hours: In each week.
    """

    preset: str
    customers: int
    rounds: int
    hours: int

    def setting(self, purpose: Purpose, seed: int) -> Setting:
        """
        What the play of somebody is set up as: practice can be begun again, and what assesses is played once.

        Args:
            purpose: Of the part.
            seed: Picks the customers and all chance.
        """
        practice = self.rounds if purpose is Purpose.PRACTICE else 0
        return Setting(**attrs.asdict(self), seed=seed, practice=practice)


@attrs.frozen(kw_only=True)
class Part:
    """
    Some calls of one purpose, or a book of customers.

    Attributes:
        name: In the course.
        purpose: Of it.
        scenarios: Of its calls: names, or files beside that of the course, in the order in which they come.
        calls: Of each scenario, one after the other.
        forks: How often one may go back to a move after a call of practice.
        book: In the place of calls; none where there are calls.
    """

    name: str
    purpose: Purpose
    scenarios: tuple[str, ...] = ()
    calls: int = 0
    forks: int = 0
    book: BookPlan | None = None

    @property
    def is_assessment(self) -> bool:
        """Whether the truth stays closed until all have finished."""
        return self.purpose is Purpose.ASSESSMENT

    @property
    def in_order(self) -> tuple[str, ...]:
        """The scenario of every call."""
        return tuple(scenario for scenario in self.scenarios for _ in range(self.calls))

    @property
    def places(self) -> range:
        """Of what there is to do in it, from 1: its calls, or its one book."""
        return range(1, 2 if self.book is not None else len(self.in_order) + 1)

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
        """All there is to do, in order: the part, the place there from 1, and the scenario; a book has none."""
        for part in self.parts:
            for place, scenario in zip(part.places, part.in_order or ("",), strict=True):
                yield part, place, scenario


def scenario_at(file: Path, scenario: str) -> str:
    """What the scenario of a course in a file is asked for by, from wherever we are."""
    return str(file.parent / scenario) if is_path(scenario) else scenario
