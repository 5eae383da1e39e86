"""Today's leaver is tomorrow's returner: when he is free again, and if we parted well."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Mask, Step
from retainsim.market.checks.statistics import rate_ratio, ratio_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds

_SOURCE = "leavers return when a competitor's lock-in ends, and sooner after a good ending: practitioners (CONCEPTS B1 B2 B4 E6); band set before the figures"
_HOW = "Leavers of five years without any policy, each month in which they are not ours. "

END_OF_LOCK_IN = Fact(
    id="returning.lock_in",
    concepts=("B1",),
    sentence="Leavers come back when their lock-in at the competitor ends, not before.",
    measured=_HOW
    + "Returns a leaver-month in the three months before the lock-in ends ÷ returns in the three months after it. The band says the same as “after at least twice before”, and has a value where nobody returns before.",
    unit="×",
    band=Band(None, 0.5),
    source=_SOURCE,
    breaks="A lock-in binds nobody, or nobody looks round when it ends.",
)
GOOD_ENDING = Fact(
    id="returning.ending",
    concepts=("B2", "E6"),
    sentence="Who was let go well comes back more often.",
    measured=_HOW
    + "Returns a leaver-month after a complete ending ÷ the same after an incomplete one, compared within each world.",
    unit="×",
    band=Band(1.3, None),
    source=_SOURCE,
    breaks="How we part is forgotten.",
)
A_MONTH = 30.4
QUARTER = 3
_SPAN = 12


class Leavers:
    """Months of former customers, and their returns: by months to the end of a lock-in, and by how we parted."""

    def __init__(self) -> None:
        self.months = np.zeros(2 * _SPAN, dtype=np.int64)
        self.returns = np.zeros(2 * _SPAN, dtype=np.int64)
        self.by_ending = np.zeros((2, 2), dtype=np.int64)
        self._gone: Mask | None = None
        self._well: Mask | None = None

    def see(self, step: Step) -> None:
        """Count one month."""
        if self._gone is None or self._well is None:
            self._gone = self._well = np.zeros(len(step.after), dtype=np.bool_)
        gone, well = self._gone, self._well
        ended = np.floor((step.first_day - step.before.free_from) / A_MONTH).astype(np.int64)
        near = gone & step.before.with_a_competitor & (np.abs(ended + 0.5) < _SPAN)
        self.months += np.bincount(ended[near] + _SPAN, minlength=2 * _SPAN)
        self.returns += np.bincount(ended[near & step.returned] + _SPAN, minlength=2 * _SPAN)
        for place, who in enumerate((gone & well, gone & ~well)):
            self.by_ending[place] += (who & step.returned).sum(), who.sum()
        self._gone = (gone | step.left) & ~step.came
        self._well = np.where(step.left, step.after.ended_well, well)

    def quarter(self, first: int) -> tuple[int, int]:
        """Returns and leaver-months of the three months that begin so many months after the lock-in ended."""
        months = slice(_SPAN + first, _SPAN + first + QUARTER)
        return int(self.returns[months].sum()), int(self.months[months].sum())


def measure(worlds: Worlds, watchers: Sequence[Leavers]) -> Measured:  # noqa: ARG001 # themes are called alike
    """Both facts, from the common life."""
    before, after = (np.array([each.quarter(first) for each in watchers]).T for first in (-QUARTER, 0))
    well, badly = (np.array([each.by_ending[place] for each in watchers]).T for place in (0, 1))
    points: list[Point] = []
    for first in range(-2 * QUARTER, 4 * QUARTER, QUARTER):
        returns, months = np.array([each.quarter(first) for each in watchers]).T
        points += Point.of(first, ratio_of(returns, months), series="returns", factor=100.0)
    return Measured(
        figures={
            END_OF_LOCK_IN.id: rate_ratio(before[0], before[1], after[0], after[1]),
            GOOD_ENDING.id: rate_ratio(well[0], well[1], badly[0], badly[1]),
        },
        picture=Picture(
            kind="lines",
            x="months since the lock-in ended, first of a quarter",
            y="return, % of leavers a month",
            caption="Leavers who come back to us, percent a month, by quarter before and after their lock-in at the competitor ends; mean over worlds with its interval.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="returning",
    title="Coming back",
    facts=(END_OF_LOCK_IN, GOOD_ENDING),
    watcher=Leavers,
    lives=0,
    measure=measure,
)
