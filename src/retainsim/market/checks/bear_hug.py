"""Giving to whoever threatens: calm now, expensive and loud later."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from retainsdk.policies.bear_hug import BearHug
from retainsdk.policies.none import Nothing
from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.statistics import mean_of, ratio_of, share_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds
from retainsim.market.engine import Market
from retainsim.market.history import FLOWS, History
from retainsim.market.running import run

_SOURCE = "the bear hug spoils the customer and breaks the firm's back: practitioners (CONCEPTS A7); band set before the figures"
_HOW = "The shipped policy bear_hug against its twin without any policy, both for two years. "

CALM = Fact(
    id="bear_hug.calm",
    concepts=("A7",),
    sentence="At first the bear hug works: fewer leave in its first quarter.",
    measured=_HOW + "The figure is departures in months 1 to 3 ÷ those of the twin.",
    unit="×",
    band=Band(None, 0.9),
    source=_SOURCE,
    breaks="Money off keeps nobody, even for a while.",
)
COST = Fact(
    id="bear_hug.cost",
    concepts=("A7",),
    sentence="After two years the bear hug has earned less than doing nothing.",
    measured=_HOW
    + "The figure is the share of worlds in which profit (cash of 24 months and the residual value of who is still ours) is below the twin's.",
    unit="% of worlds",
    band=Band(90.0, 100.0),
    source=_SOURCE,
    breaks="Concessions are cheap, or keep so many that they pay.",
)
THREATS = Fact(
    id="bear_hug.threats",
    concepts=("A7",),
    sentence="The bear hug teaches customers to threaten.",
    measured=_HOW + "The figure is threats a customer in months 22 to 24 ÷ those of the twin.",
    unit="×",
    band=Band(1.25, None),
    source=_SOURCE,
    breaks="Nobody learns from getting what he shouted for, or so many are content with the price that nobody shouts.",
)
MONTHS = 24
QUARTER = 3
_LEFT, _THREATENED = FLOWS.index("left"), FLOWS.index("threatened")


def twins(market: Market, *, compiled: bool) -> tuple[History, History]:
    """The world without a policy, and under the bear hug."""
    without, hugged = (
        run(market, policy, months=MONTHS, compiled=compiled) for policy in (Nothing(), BearHug())
    )
    return without, hugged


def left_at_first(history: History) -> float:
    """Departures of the first quarter."""
    return float(history.flows[:QUARTER, _LEFT].sum())


def threats_at_last(history: History, months: slice = slice(MONTHS - QUARTER, MONTHS)) -> float:
    """Threats a customer-month of the last quarter, or of other months."""
    customers = history.people[months, 0].sum()
    return float(history.flows[months, _THREATENED].sum()) / max(float(customers), 1.0)


def measure(worlds: Worlds, watchers: Sequence[Any]) -> Measured:  # noqa: ARG001 # themes are called alike
    """All three facts, from one pair of twins a world."""
    pairs = worlds.each(partial(twins, compiled=worlds.compiled))
    below = sum(hugged.profit < without.profit for without, hugged in pairs)
    share = share_of(below, len(pairs))
    points: list[Point] = []
    for first in range(0, MONTHS, QUARTER):
        months = slice(first, first + QUARTER)
        for series, place in (("none", 0), ("bear_hug", 1)):
            threats = [100.0 * threats_at_last(pair[place], months) for pair in pairs]
            points += Point.of(first + QUARTER, mean_of(threats), series=series)
    return Measured(
        figures={
            CALM.id: ratio_of(
                [left_at_first(hugged) for _, hugged in pairs],
                [left_at_first(without) for without, _ in pairs],
            ),
            COST.id: None if share is None else share.times(100.0),
            THREATS.id: ratio_of(
                [threats_at_last(hugged) for _, hugged in pairs],
                [threats_at_last(without) for without, _ in pairs],
            ),
        },
        picture=Picture(
            kind="lines",
            x="months since the start",
            y="threaten, % of customers a month",
            caption="Customers who threaten aloud to leave, percent a month, by quarter, under the bear hug and without any policy; mean over worlds with its interval. "
            + _profit_in_words(
                [float(hugged.profit - without.profit) / without.customers for without, hugged in pairs]
            ),
            points=tuple(points),
        ),
    )


def _profit_in_words(differences: Sequence[float]) -> str:
    return (
        f"Over two years the bear hug earned {np.mean(differences) / 100:+,.2f} a customer against the twin."
    )


THEME = Theme(
    id="bear_hug",
    title="The bear hug",
    facts=(CALM, COST, THREATS),
    watcher=None,
    lives=1,
    measure=measure,
)
