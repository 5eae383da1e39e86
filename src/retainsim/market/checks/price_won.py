"""Won by price, lost by price."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import attrs
import numpy as np

from retainsdk.policies.reading import share_of_fee
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    PolicyStream,
    ThreatView,
    act,
    default_response,
    together,
)
from retainsdk.view import BookView, Stage
from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Step, Whole
from retainsim.market.checks.statistics import rate_ratio, ratio_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds
from retainsim.market.checks.watch import live_watched
from retainsim.market.engine import Market

LEAVING = Fact(
    id="price_won.leaving",
    concepts=("A7", "B1", "B6"),
    sentence="Customers who were won by a discount leave sooner than others.",
    measured="Four years in which leavers are called when they are free again: a random half of them, for life, with a quarter off for six months, the others with an open door alone. Departures a customer-month from the eighth month after coming back to the end of the second year, when all pay the list price again, of those who came for the discount ÷ those who came without, compared within each world.",
    unit="×",
    band=Band(1.2, None),
    source="those won by price leave for price: practitioners (CONCEPTS A7); Lewis 2006, Customer acquisition promotions and customer asset value; band set before the figures",
    breaks="A low price binds as well as a good service does, or the memory of it fades at once.",
)
MONTHS = 48
FOLLOWED = 24
DEPTH, LASTS = 0.25, 6
RUN_OUT = LASTS + 1
"""Months after coming back from which nobody has a discount any more."""
_AHEAD = 30
_AGAIN = 3
"""Months between two calls to one leaver."""


@attrs.frozen
class HalfByPrice:
    """Calls to leavers who are free again; a random half always hear of a discount, the others never."""

    name: ClassVar[str] = "half by price"
    scope: ClassVar[str] = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # as the protocol has it
        """This month's calls."""
        number = 12 * view.as_of.year + view.as_of.month
        turn = (view.relationship // 2 + number) % _AGAIN == 0
        free = ~view.known("competitor_lock_in_days") | (view.competitor_lock_in_days <= _AHEAD)
        called = np.asarray((view.stage == Stage.FORMER) & free & turn)
        by_price = by_price_of(view.relationship)
        off = share_of_fee(view, DEPTH)
        return together(
            [
                act(view, called & by_price, ActionKind.WIN_BACK, reason="Come back for less", amount=off, months=LASTS),
                act(view, called & ~by_price, ActionKind.WIN_BACK, reason="The door is open"),
            ]
        )  # fmt: skip

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # as above
        """The script every firm has."""
        return default_response(case)


def by_price_of(keys: np.ndarray[Any, np.dtype[np.uint64]]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which half a leaver is in: a coin of his own, thrown once."""
    return np.asarray(keys % np.uint64(2) == 0)


class Returners:
    """Months and departures of returners, by whether they came for a discount."""

    def __init__(self) -> None:
        self.months = np.zeros((2, FOLLOWED), dtype=np.int64)
        self.left = np.zeros((2, FOLLOWED), dtype=np.int64)
        self._since: Whole | None = None
        self._won: Whole | None = None

    def see(self, step: Step) -> None:
        """Count one month."""
        if self._since is None or self._won is None:
            self._since = np.full(len(step.after), -1)
            self._won = np.zeros(len(step.after), dtype=np.int64)
        age = step.number - self._since - 1
        followed = (self._since >= 0) & (age < FOLLOWED)
        for won in (0, 1):
            who = followed & (self._won == won)
            self.months[won] += np.bincount(age[who], minlength=FOLLOWED)
            self.left[won] += np.bincount(age[who & step.left], minlength=FOLLOWED)
        self._since[step.left] = -1
        self._since[step.returned] = step.number
        self._won[step.returned] = step.after.discounted[step.returned]


def life(market: Market, *, compiled: bool) -> Returners:
    """One world under the calls."""
    watcher = Returners()
    live_watched(market, HalfByPrice(), months=MONTHS, watchers=[watcher], compiled=compiled)
    return watcher


def measure(worlds: Worlds, watchers: Sequence[Any]) -> Measured:  # noqa: ARG001 # themes are called alike
    """From one life a world."""
    lives = worlds.each(partial(life, compiled=worlds.compiled))
    left, months = np.array([each.left for each in lives]), np.array([each.months for each in lives])
    all_left, all_months = left[:, :, RUN_OUT:].sum(axis=2), months[:, :, RUN_OUT:].sum(axis=2)
    points: list[Point] = []
    for won, series in ((1, "came for a discount"), (0, "came without")):
        for first in range(0, FOLLOWED, 3):
            quarter = slice(first, first + 3)
            rate = ratio_of(left[:, won, quarter].sum(axis=1), months[:, won, quarter].sum(axis=1))
            points += Point.of(first + 3, rate, series=series, factor=100.0)
    return Measured(
        figures={LEAVING.id: rate_ratio(all_left[:, 1], all_months[:, 1], all_left[:, 0], all_months[:, 0])},
        picture=Picture(
            kind="lines",
            x="months after they came",
            y="leave, % a month",
            caption=f"Departures of customers who came for {DEPTH:.0%} off for {LASTS} months, and of those who came at the list price, percent a month, by quarter; mean over worlds with its interval. What counts is how they compare once the discount has run out.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="price_won",
    title="Won by price",
    facts=(LEAVING,),
    watcher=None,
    lives=1,
    measure=measure,
)
