"""
A check: every fact of the field measured in one market.

Worlds are lived once for all facts that only need to watch, and again for each experiment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal

import attrs
import orjson

from retainsdk.errors import Fault, InputError
from retainsdk.policies.none import Nothing
from retainsim.market.checks import (
    accounts,
    bear_hug,
    complaints,
    contact,
    costs,
    harm,
    hazard,
    no_need,
    price_won,
    promises,
    referrals,
    reputation,
    returning,
)
from retainsim.market.checks.fact import LEVEL, Fact, Figure, Finding, Verdict, verdict_on
from retainsim.market.checks.theme import Picture, Theme, Worlds
from retainsim.market.checks.watch import Watcher, live_watched
from retainsim.market.engine import Market
from retainsim.market.preset import Preset

SCHEMA_VERSION = 1
MONTHS = 60
"""Length of the common life: three years of every newcomer of the first two."""

THEMES: tuple[Theme, ...] = tuple(
    module.THEME
    for module in (
        hazard, harm, contact, bear_hug, no_need, promises, complaints, returning, referrals, price_won, reputation, accounts, costs,
    )
)  # fmt: skip
"""In the order they are shown."""

FACTS: tuple[Fact, ...] = tuple(fact for theme in THEMES for fact in theme.facts)
"""All of them."""

_IDS = {fact.id for fact in FACTS} | {theme.id for theme in THEMES}
_REMEDY = f"Name some of {', '.join(theme.id for theme in THEMES)}, or a fact of theirs."

MOST_WORLDS, MOST_CUSTOMERS = 10_000, 1_000_000
OnLife = Callable[[int, int], None]
"""Called with the lives lived so far and the number of them in all."""


@attrs.frozen(kw_only=True)
class Size:
    """
    How much a check simulates.

    Attributes:
        worlds: Each is one observation of every figure.
        customers: Ours at the start of each.

    Raises:
        InputError: Naming every figure that is out of range.
    """

    worlds: int = 60
    customers: int = 2_000

    def __attrs_post_init__(self) -> None:
        limits = (("worlds", self.worlds, 2, MOST_WORLDS), ("customers", self.customers, 1, MOST_CUSTOMERS))
        faults = [
            Fault(name, str(value), f"must lie between {low:,} and {high:,}", "Choose another figure.")
            for name, value, low, high in limits
            if not low <= value <= high
        ]
        if faults:
            raise InputError("market check", faults)


SMALL = Size(worlds=5, customers=200)
"""For a quick look: facts are rarely shown to hold, but what is far out shows."""


@attrs.frozen(kw_only=True)
class Check:
    """
    What became of a check.

    Attributes:
        preset: Name of the market's data file.
        version: Of that file.
        digest: Of the same.
        title: Of the market.
        seed: Root of all luck.
        size: How much was simulated.
        parameters: Whether each world drew its own.
        findings: One a fact, in the order of the facts.
        pictures: One a theme.
    """

    preset: str
    version: int
    digest: str
    title: str
    seed: int
    size: Size
    parameters: str
    findings: tuple[Finding, ...]
    pictures: Mapping[str, Picture]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Facts that do not hold."""
        return tuple(finding for finding in self.findings if finding.verdict is Verdict.FAILS)

    def to_json(self) -> bytes:
        """As ``docs/reference/market-check.schema.json`` describes it; figures rounded to six places."""
        record = {
            "schema_version": SCHEMA_VERSION,
            "preset": self.preset,
            "version": self.version,
            "digest": self.digest,
            "seed": self.seed,
            "worlds": self.size.worlds,
            "customers": self.size.customers,
            "parameters": self.parameters,
            "level": LEVEL,
            "failed": len(self.failed),
            "facts": [_record(finding) for finding in self.findings],
        }
        return orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _record(finding: Finding) -> dict[str, Any]:
    fact = finding.fact
    return {
        "id": fact.id,
        "theme": fact.theme,
        "concepts": list(fact.concepts),
        "sentence": fact.sentence,
        "unit": fact.unit,
        **_numbers(finding.figure),
        "band": None if fact.band is None else [fact.band.low, fact.band.high],
        "verdict": str(finding.verdict),
        "note": finding.note,
        "by_structure": {name: _numbers(figure) for name, figure in finding.by_structure.items()},
        "by_segment": {name: _numbers(figure) for name, figure in finding.by_segment.items()},
        "measured": fact.measured,
        "source": fact.source,
    }


def _numbers(figure: Figure | None) -> dict[str, float | None]:
    if figure is None:
        return {"figure": None, "se": None, "low": None, "high": None, "worlds": 0}
    return {
        "figure": round(figure.value, 6),
        "se": None if figure.se is None else round(figure.se, 6),
        "low": round(figure.low, 6),
        "high": round(figure.high, 6),
        "worlds": figure.worlds,
    }


def chosen_themes(only: Collection[str]) -> tuple[Theme, ...]:
    """
    The themes that hold any of these facts; all of them when none is named.

    Args:
        only: Ids of facts or of themes.

    Raises:
        InputError: Naming every id that is neither.

    >>> [theme.id for theme in chosen_themes(["harm.sign", "hazard"])]
    ['hazard', 'harm']
    """
    faults = [Fault("only", name, "is no fact", _REMEDY) for name in only if name not in _IDS]
    if faults:
        raise InputError("market check", faults)
    wanted = {name.partition(".")[0] for name in only}
    return tuple(theme for theme in THEMES if not only or theme.id in wanted)


def check(
    preset: Preset,
    size: Size | None = None,
    *,
    seed: int = 1,
    only: Collection[str] = (),
    parameters: Literal["drawn", "fixed"] = "drawn",
    threads: int = 1,
    compiled: bool = True,
    on_life: OnLife = lambda done, total: None,  # noqa: ARG005 # its parameters explain it
) -> Check:
    """
    Measure every fact in a market.

    Args:
        preset: Of the market.
        size: How much to simulate; large enough to tell, if not given.
        seed: Root of all luck.
        only: Ids of facts or themes to measure; all when empty.
        parameters: ``drawn`` for each world from the preset's ranges, or ``fixed`` at its values.
        threads: Worlds that live at the same time; the figures do not depend on it.
        compiled: False runs the law as plain Python; the figures do not depend on it.
        on_life: Told of progress.

    Raises:
        InputError: When a figure is out of range or a fact unknown.
    """
    size = Size() if size is None else size
    themes, declined = chosen_themes(only), not_aimed_at(preset)
    wanted = [
        fact for theme in themes for fact in theme.facts if not only or fact.id in only or theme.id in only
    ]
    open_themes = [
        theme
        for theme in themes
        if any(fact in wanted and not _declined(fact, declined) for fact in theme.facts)
    ]
    total = size.worlds * (sum(theme.lives for theme in open_themes) + any(it.watcher for it in open_themes))
    lived = 0

    def one_more() -> None:
        nonlocal lived
        lived += 1
        on_life(lived, total)

    worlds = Worlds(
        preset=preset,
        customers=size.customers,
        count=size.worlds,
        seed=seed,
        parameters=parameters,
        threads=threads,
        compiled=compiled,
        on_life=one_more,
    )
    watched = _common_life(worlds, open_themes)
    measured = {theme.id: theme.measure(worlds, watched[theme.id]) for theme in open_themes}
    findings = []
    for fact in wanted:
        reason = _declined(fact, declined)
        if reason:
            findings.append(Finding(fact=fact, figure=None, verdict=Verdict.NOT_AIMED_AT, note=reason))
            continue
        found = measured[fact.theme]
        figure = found.figures.get(fact.id)
        verdict, note = verdict_on(figure, fact.band), ""
        if fact.id in found.undecided:
            verdict, note = Verdict.NOT_YET, "The evidence is weak either way; take more or larger worlds."
        elif figure is None:
            note = "Too little happened to measure it; take more or larger worlds."
        findings.append(
            Finding(
                fact=fact,
                figure=figure,
                verdict=verdict,
                note=note,
                by_structure=found.by_structure.get(fact.id, {}),
                by_segment=found.by_segment.get(fact.id, {}),
            )
        )
    return Check(
        preset=preset.name,
        version=preset.version,
        digest=preset.digest,
        title=preset.title,
        seed=seed,
        size=size,
        parameters=parameters,
        findings=tuple(findings),
        pictures={name: measure.picture for name, measure in measured.items()},
    )


def _common_life(worlds: Worlds, themes: Sequence[Theme]) -> dict[str, list[Watcher]]:
    """Every world once without a policy, watched for all themes at the same time."""
    makers = {theme.id: theme.watcher for theme in themes if theme.watcher is not None}

    def life(market: Market) -> dict[str, Watcher]:
        watchers = {name: maker() for name, maker in makers.items()}
        live_watched(
            market, Nothing(), months=MONTHS, watchers=list(watchers.values()), compiled=worlds.compiled
        )
        return watchers

    lives = worlds.each(life) if makers else []
    return {theme.id: [each[theme.id] for each in lives if theme.id in each] for theme in themes}


def not_aimed_at(preset: Preset) -> Mapping[str, str]:
    """
    What a preset does not aim at, ids of facts or themes, with its reasons.

    Raises:
        InputError: Naming every id that is neither, since a slip of the pen would decline nothing.
    """
    faults = [
        Fault(f"not_aimed_at.{name}", name, "is no fact", _REMEDY)
        for name in preset.not_aimed_at
        if name not in _IDS
    ]
    if faults:
        raise InputError(f"preset {preset.name}", faults)
    return preset.not_aimed_at


def _declined(fact: Fact, declined: Mapping[str, str]) -> str:
    return declined.get(fact.id, declined.get(fact.theme, ""))
