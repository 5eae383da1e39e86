"""What it costs to win a customer, and what to keep one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np

from retainsdk.policies.none import Nothing
from retainsdk.policies.promise_keeper import PromiseKeeper
from retainsim.market.checks.fact import Fact, Figure
from retainsim.market.checks.snapshot import Mask, Numbers, Snapshot, Step
from retainsim.market.checks.statistics import of_sums, ratio_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds
from retainsim.market.checks.watch import live_watched
from retainsim.market.competitors import STRUCTURES
from retainsim.market.engine import Market
from retainsim.market.history import FLOWS, MONEY, History
from retainsim.market.preset import Preset
from retainsim.market.running import run

_CLAIM = "“winning a customer costs 5 to 7 times keeping one” (TARP, 1980s): a claim without a traceable study, so no band"
ACQUIRING = Fact(
    id="costs.acquiring",
    concepts=("B5",),
    sentence="What the campaigns cost ÷ the customers they won.",
    measured="Two years without any policy: cost of campaigns ÷ first-time customers, in the market's currency. By segment: the share of that cost that fell on people of the segment, by their number elsewhere, ÷ first-time customers of it.",
    unit="a customer won",
    band=None,
    source="the definition practitioners use (CONCEPTS B5)",
    breaks="It is a figure to know, not a fact to hold.",
)
KEEPING = Fact(
    id="costs.keeping",
    concepts=("B6",),
    sentence="What keeping one more customer costs, against a control group.",
    measured="Twin worlds for two years, one under the shipped policy promise_keeper: additional contacts and concessions ÷ additional customers of the start who never left.",
    unit="a customer kept",
    band=None,
    source="only a control group tells (CONCEPTS B6)",
    breaks="It is a figure to know, not a fact to hold.",
)
RATIO = Fact(
    id="costs.ratio",
    concepts=("D1", "B5", "B6"),
    sentence="How many times dearer it is to win a customer than to keep one.",
    measured="The first of these figures ÷ the second.",
    unit="×",
    band=None,
    source=_CLAIM,
    breaks="It is a figure to know, not a fact to hold.",
)
SEGMENTS: Mapping[str, Callable[[Snapshot], Mask]] = {
    "seniors": lambda people: people.senior,
    "younger people": lambda people: ~people.senior,
    "who live alone": lambda people: ~people.lives_with_others,
    "who live with others": lambda people: people.lives_with_others,
}
"""What the market knows of people before they are customers, in pairs that hold everybody."""
_OTHER = {name: {tuple(SEGMENTS)[place ^ 1]} for place, name in enumerate(SEGMENTS)}
MONTHS = 24
_JOINED = FLOWS.index("joined")
_CONCESSIONS, _CONTACTS, _ACQUISITION = (
    MONEY.index(name) for name in ("concessions", "contacts", "acquisition")
)


def twins(market: Market, *, compiled: bool) -> tuple[History, History]:
    """The world without a policy, and with promises kept."""
    without, kept = (
        run(market, policy, months=MONTHS, residual_months=0, compiled=compiled)
        for policy in (Nothing(), PromiseKeeper())
    )
    return without, kept


class Won:
    """What the campaigns cost and whom they won, by segment."""

    def __init__(self) -> None:
        self.months_elsewhere = np.zeros(len(SEGMENTS))
        self.won = np.zeros(len(SEGMENTS))

    def see(self, step: Step) -> None:
        """Count one month."""
        groups = [of(step.before) for of in SEGMENTS.values()]
        self.months_elsewhere += [(group & ~step.after.ours).sum() for group in groups]
        self.won += [(group & step.joined).sum() for group in groups]


def campaigns_by_segment(market: Market, *, compiled: bool) -> tuple[Numbers, Numbers]:
    """One world without any policy: cost of campaigns, and first-time customers, by segment."""
    watcher = Won()
    live_watched(market, Nothing(), months=MONTHS, watchers=[watcher], compiled=compiled)
    return watcher.months_elsewhere * market.rules.values["campaign_cost"] / 100, watcher.won


def _by_segment(worlds: Worlds) -> dict[str, Figure]:
    """What it costs to win a customer in each segment in which somebody was won; none where all are of one."""
    lives = worlds.each(partial(campaigns_by_segment, compiled=worlds.compiled))
    costs, won = (np.array([life[place] for life in lives]) for place in (0, 1))
    found = {name: ratio_of(costs[:, place], won[:, place]) for place, name in enumerate(SEGMENTS)}
    return {
        name: figure
        for name, figure in found.items()
        if figure is not None and all(found[other] is not None for other in _OTHER[name])
    }


def _keeping(history: History) -> float:
    return float(history.money[:, [_CONCESSIONS, _CONTACTS]].sum()) / 100


def structures_of(preset: Preset) -> dict[str, Preset]:
    """The market in each structure, its own first."""
    others = [name for name in STRUCTURES if name != preset.structure]
    return {name: preset.in_structure(name) for name in (preset.structure, *others)}


@attrs.frozen
class _Costs:
    acquiring: Figure | None
    keeping: Figure | None
    ratio: Figure | None

    @classmethod
    def of(cls, pairs: Sequence[tuple[History, History]]) -> _Costs:
        campaigns = [float(without.money[:, _ACQUISITION].sum()) / 100 for without, _ in pairs]
        won = [float(without.flows[:, _JOINED].sum()) for without, _ in pairs]
        care = [_keeping(kept) - _keeping(without) for without, kept in pairs]
        more = [float(kept.cohort[-1].sum()) - float(without.cohort[-1].sum()) for without, kept in pairs]
        keeps = sum(more) > 0
        return cls(
            acquiring=ratio_of(campaigns, won),
            keeping=of_sums(np.divide, care, more) if keeps else None,
            ratio=of_sums(_times, campaigns, won, care, more) if keeps else None,
        )


def _times(campaigns: float, won: float, care: float, more: float) -> float:
    return (campaigns / won) / (care / more)


def measure(worlds: Worlds, watchers: Sequence[Any]) -> Measured:  # noqa: ARG001 # themes are called alike
    """All three figures, from one pair of twins a world and structure."""
    costs = {
        structure: _Costs.of(
            attrs.evolve(worlds, preset=preset).each(partial(twins, compiled=worlds.compiled))
        )
        for structure, preset in structures_of(worlds.preset).items()
    }
    own = next(iter(costs.values()))
    points: list[Point] = []
    for structure, cost in costs.items():
        points += Point.of(structure, cost.acquiring, series="to win one")
        points += Point.of(structure, cost.keeping, series="to keep one more")
    named = {ACQUIRING.id: "acquiring", KEEPING.id: "keeping", RATIO.id: "ratio"}
    return Measured(
        figures={fact: getattr(own, name) for fact, name in named.items()},
        by_segment={ACQUIRING.id: _by_segment(worlds)},
        by_structure={
            fact: {
                structure: figure
                for structure, cost in costs.items()
                if (figure := getattr(cost, name)) is not None
            }
            for fact, name in named.items()
        },
        picture=Picture(
            kind="points",
            x="structure of the market",
            y=f"{worlds.preset.currency} a customer",
            caption=f"What it costs to win a customer and to keep one more; mean over worlds with its interval. Beside it stands a claim: {_CLAIM}.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="costs",
    title="Winning and keeping: what they cost",
    facts=(ACQUIRING, KEEPING, RATIO),
    watcher=None,
    lives=1,
    measure=measure,
)
