"""
Phrasebooks: what is said at each cue, one data file a language, and one more for every situation that is no threat.

A file has the tables ``[representative.…]``, ``[customer.…]`` and ``[narrator.…]`` (lines by cue), ``[reasons]``
(each reason as a representative says it back), ``[claims]``, ``[settings.…]`` (what kind of service the call is
about, in words, and lines that fit it alone) and ``[screen.…]``. Under a cue stand ``any``, moods (``angry``,
``calm``, ``friendly``) and reasons.

The lines of the file speak of somebody who calls and will leave. ``calm.he.toml`` and its like have those that are said
in their place where we call: the situation's own, or else those of `VISIT`, or else the lines for all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import attrs

from retainsdk.action import Claim
from retainsdk.errors import UnknownNameError
from retainsdk.vocabulary import Reason
from retainsim.training.lines.cue import CUES, Beat, By, Cue, Role
from retainsim.training.lines.language import Gender, Language
from retainsim.training.lines.template import Filler

__all__ = [
    "CLAIMS",
    "HONEST",
    "MOODS",
    "SITUATIONS",
    "THREAT",
    "VISIT",
    "WORDS",
    "Occasion",
    "Phrasebook",
    "Setting",
    "UnknownSettingError",
    "content",
    "phrasebook",
]

MOODS: Mapping[int, str] = {-1: "angry", 0: "calm", 1: "friendly"}
"""What the moods of a call are called in a data file."""
WORDS: Mapping[str, str] = {
    "service": "what the customer has of us",
    "leave": "to end it, as a verb",
    "leaving": "its end, as a noun",
    "hardly_use": "a sentence without its full stop: how little the customer uses it",
    "failures": "what goes wrong with it",
    "pause": "to stop it for a while, as a verb",
}
"""The words of a setting, each a slot of any line."""
THREAT = "threat"
"""The situation that the lines for all speak of."""
VISIT = "visit"
"""What is said in every situation in which we call."""
SITUATIONS = ("calm", "goodbye", "former")
"""Those situations."""
ENOUGH = 3
"""Lines a setting has of its own for a reason from which on the lines for all settings are not said there."""
PACKAGES = 4
"""As many as the market lists, from the smallest to the largest."""
HONEST = ("bound_worse", "bound_alike", "bound_better", "free_worse", "free_alike", "free_better", "alone")
"""What an honest comparison tells of a competitor: whether it binds, its quality beside ours; or that there is none."""
CLAIMS = (*(claim.name.lower() for claim in Claim), *HONEST)
"""All that can be said of competitors: what may be false, and what is told honestly."""


class UnknownSettingError(UnknownNameError):
    """Lines were asked for a kind of service that the phrasebook has no words for."""

    what = "setting"


@attrs.frozen(kw_only=True)
class Setting:
    """
    A kind of service in the words of a language.

    Attributes:
        words: What stands for each of `WORDS`.
        packages: Names of the packages, from the smallest.
        lines: What is said of this kind of service alone, by cue and reason: besides what is said of all, or, where
            there are `ENOUGH`, instead of it.
    """

    words: Mapping[str, Filler]
    packages: tuple[Filler, ...]
    lines: Mapping[Cue, Mapping[str, tuple[str, ...]]]


@attrs.frozen(kw_only=True)
class Occasion:
    """
    What is said in a situation instead of the lines for all.

    Attributes:
        lines: By cue, as in a phrasebook; a cue it lacks is said as everywhere.
        settings: The same of a kind of service alone, by its name; besides those lines, or, where there are `ENOUGH`,
            instead of them.
        screen: Words of the screen that sound otherwise, by table and name.
    """

    lines: Mapping[Cue, Mapping[str, tuple[str, ...]]]
    settings: Mapping[str, Mapping[Cue, Mapping[str, tuple[str, ...]]]]
    screen: Mapping[str, Mapping[str, str]]


@attrs.frozen(kw_only=True)
class Phrasebook:
    """
    All that can be said in a language.

    Attributes:
        language: Of all its lines.
        lines: By cue, and there by ``any``, mood or reason.
        reasons: Ways of saying each reason back.
        claims: Ways of saying each of `CLAIMS`.
        settings: Kinds of service by name: the names of the markets.
        occasions: What is said otherwise in each of `SITUATIONS`, and in `VISIT`.
        screen: Words of the screen, by table and name.
    """

    language: Language
    lines: Mapping[Cue, Mapping[str, tuple[str, ...]]]
    reasons: Mapping[Reason, tuple[str, ...]]
    claims: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, Setting]
    occasions: Mapping[str, Occasion]
    screen: Mapping[str, Mapping[str, str]]

    def setting(self, name: str) -> Setting:
        """
        The words of a kind of service.

        Raises:
            UnknownSettingError: With the names there are.
        """
        if name not in self.settings:
            raise UnknownSettingError(name, self.settings)
        return self.settings[name]

    def variants(
        self, beat: Beat, setting: str, situation: str = THREAT
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """
        What can be said at a beat: first what fits its reason alone, then what fits its mood or any.

        Args:
            beat: The situation.
            setting: Kind of service.
            situation: What brings the two to talk.
        """
        here, there = self._pools(beat.cue, setting, situation)
        reason = "" if beat.reason is None else beat.reason.name.lower()
        own = there.get(reason, ())
        close = own if len(own) >= ENOUGH else own + here.get(reason, ())
        wide = there.get("any", ()) + here.get("any", ()) + here.get(MOODS[beat.mood], ())
        return (close + wide, ()) if CUES[beat.cue].reason is not By.ANY else (close, wide)

    def on_screen(self, table: str, name: str, situation: str = THREAT) -> str | None:
        """A word of the screen as it is in a situation; none when there is no such word."""
        for occasion in self._instead(situation):
            if name in occasion.screen.get(table, {}):
                return occasion.screen[table][name]
        return self.screen.get(table, {}).get(name)

    def _instead(self, situation: str) -> tuple[Occasion, ...]:
        """What is said in place of the lines for all, the nearest first."""
        return () if situation == THREAT else (self.occasions[situation], self.occasions[VISIT])

    def _pools(
        self, cue: Cue, setting: str, situation: str
    ) -> tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]]:
        """The lines of a cue for every kind of service, and for one."""
        own = self.setting(setting)
        for occasion in self._instead(situation):
            if cue in occasion.lines:
                return occasion.lines[cue], occasion.settings.get(setting, {}).get(cue, {})
        return self.lines[cue], own.lines.get(cue, {})


@cache
def phrasebook(language: Language) -> Phrasebook:
    """The phrasebook of a language, as it ships."""
    return _read(content(language), language)


@cache
def content(language: Language) -> Mapping[str, Any]:
    """The data files of a language as they stand, those of the situations under their names."""
    return {**_file(f"{language}.toml"), "situations": {it: _file(f"{it}.{language}.toml") for it in (VISIT, *SITUATIONS)}}  # fmt: skip


def _file(name: str) -> Mapping[str, Any]:
    file = resources.files("retainsim.training.lines") / name
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _read(tables: Mapping[str, Any], language: Language) -> Phrasebook:
    return Phrasebook(
        language=language,
        lines={cue: _pools(tables[row.role][cue]) for cue, row in CUES.items()},
        reasons={reason: tuple(tables["reasons"][reason.name.lower()]) for reason in Reason},
        claims={claim: tuple(tables["claims"][claim]) for claim in CLAIMS},
        settings={name: _setting(table, language) for name, table in tables["settings"].items()},
        occasions={name: _occasion(table) for name, table in tables["situations"].items()},
        screen={**tables["screen"], **_beside(language)},
    )


def _beside(language: Language) -> Mapping[str, Mapping[str, str]]:
    """Words of the screens that have a file of their own: those of the book of customers."""
    file = resources.files("retainsim.training.lines") / f"rounds.{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _pools(table: Mapping[str, list[str]]) -> Mapping[str, tuple[str, ...]]:
    return {condition: tuple(lines) for condition, lines in table.items()}


def _setting(table: Mapping[str, Any], language: Language) -> Setting:
    return Setting(
        words={word: _filler(table["words"][word], language) for word in WORDS},
        packages=tuple(_filler(name, language) for name in table["packages"]),
        lines={Cue(cue): _pools(pools) for cue, pools in table.get("lines", {}).items()},
    )


def _occasion(table: Mapping[str, Any]) -> Occasion:
    return Occasion(
        lines={Cue(cue): _pools(pools) for role in Role for cue, pools in table.get(role, {}).items()},
        settings={
            name: {Cue(cue): _pools(pools) for cue, pools in own["lines"].items()}
            for name, own in table.get("settings", {}).items()
        },
        screen=table.get("screen", {}),
    )


def _filler(entry: str | Mapping[str, Any], language: Language) -> Filler:
    """A word: with its gender where something agrees with it; a Hebrew noun that begins with the article says so."""
    if isinstance(entry, str):
        return Filler(text=entry, marked=True)
    article = language is Language.HEBREW and entry.get("article", False)
    return Filler(text=entry["text"], marked=True, gender=Gender(entry["gender"]), article=article)
