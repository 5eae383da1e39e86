"""Being remembered keeps customers; being pestered drives them away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    PolicyStream,
    ThreatView,
    act,
    default_response,
)
from retainsdk.view import BookView, Stage
from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Mask, Step
from retainsim.market.checks.statistics import mean_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds
from retainsim.market.checks.watch import live_watched
from retainsim.market.engine import Market

_SOURCE = "continuous contact, and its decreasing and then negative returns: practitioners (CONCEPTS A2 C6 C9); band set before the figures"
_HOW = "Twin worlds in which every customer is called to ask how things are 0, 1, 2, 3, 4, 6, 8, 12 or 24 times a year, evenly, for two years; kept is the share of customers at the start who never left. "

INSIDE = Fact(
    id="contact.inside",
    concepts=("A2", "C9"),
    sentence="There is a right number of contacts a year, between none and one every month.",
    measured=_HOW
    + "The best number strictly between 0 and 12 is found in one half of the worlds, and the figure is how many more it keeps in the other half than the better of 0 and 12.",
    unit="points",
    band=Band(0.0, None),
    source=_SOURCE,
    breaks="The more contact the better, or the less the better.",
)
TOO_OFTEN = Fact(
    id="contact.24",
    concepts=("C6", "C9"),
    sentence="To be called twice a month is worse than never to be called.",
    measured=_HOW + "The figure is how many more are kept with 24 contacts a year than with none.",
    unit="points",
    band=Band(None, 0.0),
    source=_SOURCE,
    breaks="Nobody tires of us.",
)
A_YEAR = (0, 1, 2, 3, 4, 6, 8, 12, 24)
MONTHS = 24
_A_MONTH = 12


@attrs.frozen
class Contacts:
    """
    So many check-in calls a year to every customer, evenly, each customer in months of his own.

    Attributes:
        a_year: 0 to 24.
    """

    name: ClassVar[str] = "contacts"
    scope: ClassVar[str] = "customer"

    a_year: int

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # as the protocol has it
        """The calls of this month."""
        month = 12 * view.as_of.year + view.as_of.month + (view.relationship % 12).astype(np.int64)
        a_year = min(self.a_year, _A_MONTH)  # a month has room for one action; the second is the experiment's
        due = (month + 1) * a_year // 12 > month * a_year // 12
        return act(view, due & (view.stage == Stage.ACTIVE), ActionKind.CHECK_IN, reason="Ask how things are")

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # as above
        """The script every firm has."""
        return default_response(case)


class Kept:
    """How many of our customers at the start never left."""

    def __init__(self) -> None:
        self._never_left: Mask | None = None
        self._at_start = self._still = 0

    def see(self, step: Step) -> None:
        """Strike out who left."""
        if self._never_left is None:
            self._never_left = step.before.ours
            self._at_start = int(self._never_left.sum())
        self._never_left &= ~step.left
        self._still = int(self._never_left.sum())

    @property
    def share(self) -> float:
        """Percent."""
        return 100.0 * self._still / self._at_start


def dose(market: Market, *, compiled: bool) -> list[float]:
    """Kept in one world, by contacts a year."""
    kept = []
    for a_year in A_YEAR:
        watcher = Kept()
        live_watched(
            market,
            Contacts(a_year),
            months=MONTHS,
            watchers=[watcher],
            acts_in=range(MONTHS) if a_year else (),
            repeated=a_year > _A_MONTH,
            compiled=compiled,
        )
        kept.append(watcher.share)
    return kept


def gain_inside(kept: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    By world: what the best number of contacts between 0 and 12 keeps more than the better of 0 and 12.

    Which is best, and which edge is better, is read from the other half of the worlds: the best of several noisy
    figures looks better than it is.
    """
    inside = [place for place, a_year in enumerate(A_YEAR) if 0 < a_year < _A_MONTH]
    edges = [A_YEAR.index(0), A_YEAR.index(_A_MONTH)]
    gains = np.full(len(kept), np.nan)
    halves = np.arange(len(kept)) % 2
    for half in (0, 1):
        seen = kept[halves != half]
        if len(seen):
            best = inside[int(seen[:, inside].mean(axis=0).argmax())]
            edge = edges[int(seen[:, edges].mean(axis=0).argmax())]
            here = halves == half
            gains[here] = kept[here, best] - kept[here, edge]
    return gains


def measure(worlds: Worlds, watchers: Sequence[Any]) -> Measured:  # noqa: ARG001 # themes are called alike
    """Both facts, from nine twins a world."""
    kept = np.array(worlds.each(partial(dose, compiled=worlds.compiled)))
    points: list[Point] = []
    for place, a_year in enumerate(A_YEAR):
        points += Point.of(a_year, mean_of(kept[:, place] - kept[:, 0]), series="against no contact")
    return Measured(
        figures={
            INSIDE.id: mean_of(gain_inside(kept)),
            TOO_OFTEN.id: mean_of(kept[:, A_YEAR.index(24)] - kept[:, A_YEAR.index(0)]),
        },
        picture=Picture(
            kind="lines",
            x="calls a year",
            y="kept after two years, points more than without calls",
            caption=f"Customers kept after two years against their twins who were never called, by calls a year; mean over worlds with its interval. Without calls {kept[:, 0].mean():.1f} % never left. A hill with its top between 0 and 12 is what the field expects.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="contact",
    title="Contact: too little and too much",
    facts=(INSIDE, TOO_OFTEN),
    watcher=None,
    lives=1,
    measure=measure,
)
