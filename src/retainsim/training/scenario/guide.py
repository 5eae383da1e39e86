"""Guides for whoever leads a practice: one page for each scenario that ships, in each language."""

from __future__ import annotations

import re
from enum import StrEnum
from importlib import resources
from typing import NamedTuple

import attrs

from retainsim.training.scenario.reading import UnknownScenarioError, load_scenario, scenario_names
from retainsim.training.scenario.scenario import LANGUAGES
from retainsim.training.scenario.words import words


class Part(StrEnum):
    """What a guide is made of, in this order; each has its heading among the words of a language."""

    AIM = "aim"
    TIME = "time"
    AUDIENCE = "audience"
    WATCH = "watch"
    QUESTIONS = "questions"
    ANALOGOUS = "analogous"
    CONCEPTS = "concepts"


_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_ITEM = re.compile(r"^(?:- |\d\. )(.+)$", re.MULTILINE)
_NAMED = re.compile(r"`([a-z][a-z0-9_]*)`: (.+)", re.DOTALL)


@attrs.frozen(kw_only=True)
class Guide:
    """
    One page for the facilitator of a scenario; it tells what trainees are to find out.

    Attributes:
        scenario: Its name.
        language: By its code in ISO 639.
        title: Of the scenario.
        aim: What is learnt.
        time: It takes, and for what.
        audience: Whom it suits.
        watch: What to watch for during the call.
        questions: For the debrief.
        analogous: Another scenario that is alike beneath another surface.
        why: It is.
        concepts: Ids of the rules of the field it trains.
        text: All of it, in Markdown.
    """

    scenario: str
    language: str
    title: str
    aim: str
    time: str
    audience: str
    watch: tuple[str, ...]
    questions: tuple[str, ...]
    analogous: str
    why: str
    concepts: tuple[str, ...]
    text: str = attrs.field(repr=False)


def guide(name: str, language: str) -> Guide:
    """
    The guide to a scenario that ships.

    Args:
        name: Of the scenario.
        language: One of `LANGUAGES`.

    Raises:
        UnknownScenarioError: With the names there are.
        ValueError: For another language, and for a page whose headings are not those of a guide, in their order.

    >>> from retainsim.training.scenario import guide
    >>> guide("no_need", "en").analogous
    'stopped_coming'
    """
    if name not in scenario_names():
        raise UnknownScenarioError(name, scenario_names())
    if language not in LANGUAGES:
        msg = f"guides are written in {', '.join(LANGUAGES)}, not in {language!r}"
        raise ValueError(msg)
    page = resources.files("retainsim.training") / "guides" / f"{name}.{language}.md"
    return read_guide(page.read_text(encoding="utf-8"), name=name, language=language)


class Analogous(NamedTuple):
    """
    Another scenario that is alike beneath another surface: who compares both learns more than from either.

    Attributes:
        scenario: Its name.
        title: Of it.
        why: It is alike.
    """

    scenario: str
    title: str
    why: str


def analogous(name: str, language: str) -> Analogous | None:
    """
    What to compare a scenario with; none for one that does not ship.

    >>> from retainsim.training.scenario import analogous
    >>> analogous("no_need", "en").title
    "I don't come any more"
    """
    if name not in scenario_names():
        return None
    page = guide(name, language)
    return Analogous(page.analogous, load_scenario(page.analogous).title[language], page.why)


def read_guide(text: str, *, name: str, language: str) -> Guide:
    """
    A guide from its text.

    Args:
        text: In Markdown: a title, then every part under its heading.
        name: Of the scenario.
        language: It is written in.

    Raises:
        ValueError: Naming what is missing.
    """
    head, *parted = _HEADING.split(text)
    headings = [words(language)["guide"][part] for part in Part]
    if parted[::2] != headings:
        msg = f"a guide has the headings {', '.join(headings)}, in this order; {name}.{language} has {', '.join(parted[::2])}"
        raise ValueError(msg)
    parts = {part: body.strip() for part, body in zip(Part, parted[1::2], strict=True)}
    named = _NAMED.fullmatch(parts[Part.ANALOGOUS])
    if named is None:
        msg = f"the analogous case of {name}.{language} must begin with a scenario, like `no_need`:"
        raise ValueError(msg)
    return Guide(
        scenario=name,
        language=language,
        title=head.strip().removeprefix("# "),
        aim=parts[Part.AIM],
        time=parts[Part.TIME],
        audience=parts[Part.AUDIENCE],
        watch=tuple(_ITEM.findall(parts[Part.WATCH])),
        questions=tuple(_ITEM.findall(parts[Part.QUESTIONS])),
        analogous=named[1],
        why=named[2],
        concepts=tuple(parts[Part.CONCEPTS].split(", ")),
        text=text,
    )
