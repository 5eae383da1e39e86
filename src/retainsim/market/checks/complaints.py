"""Who complains and is helped stays; who says nothing goes."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Mask, Step, Whole
from retainsim.market.checks.statistics import mean_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds

_HOW = "Quarters of five years without any policy: customers whom one failure hit in the quarter's first month and who complained of it and had it settled by the quarter's end with no promise broken, those whom it hit and who said nothing, and those whom nothing hit. Stayed is the share of each who had not left twelve months later, compared at the temperament of those who complained: who speaks up of a failure also speaks up before he leaves, and can be held. "

SILENT = Fact(
    id="complaints.silent",
    concepts=("B2", "C1", "C8"),
    sentence="A customer whose complaint was settled well stays more often than one who suffered in silence.",
    measured=_HOW + "The figure is settled well less silent.",
    unit="points",
    band=Band(3.0, None),
    source="those who complain and are satisfied buy again, those who say nothing seldom do: recalled from TARP 1979, Consumer Complaint Handling in America; band set before the figures",
    breaks="Settling a complaint changes nothing, or silence costs nothing.",
)
UNHURT = Fact(
    id="complaints.unhurt",
    concepts=("C1",),
    sentence="A complaint settled well does not make a better customer than no failure at all.",
    measured=_HOW + "The figure is settled well less never hit.",
    unit="points",
    band=Band(None, 1.0),
    source="de Matos, Henrique & Rossi 2007, meta-analysis of the service recovery paradox: satisfaction recovers, repurchase does not gain",
    breaks="Failing and making good pays better than not failing.",
)
GROUPS = ("settled well", "silent", "never hit")
QUARTER = 3
YEAR = 12
TEMPERAMENTS = 4
"""Classes from silent to loud."""


@attrs.define
class _Followed:
    until: int
    temperament: Whole
    groups: tuple[Mask, ...]
    stayed: Mask


@attrs.define
class _Opening:
    """The first month of a quarter, and what has happened to each customer since."""

    failed: Mask
    complained: Mask
    before: tuple[Mask, Whole]
    hit_later: Mask
    spoke_later: Mask
    stayed: Mask


class Staying:
    """Customers by what happened to them in a quarter, and who of them stayed for the year after."""

    def __init__(self) -> None:
        self.count = np.zeros((len(GROUPS), TEMPERAMENTS))
        self.stayed = np.zeros((len(GROUPS), TEMPERAMENTS))
        self._quarter: _Opening | None = None
        self._followed: list[_Followed] = []

    def see(self, step: Step) -> None:
        """Follow those of earlier quarters, and sort those of this one."""
        for group in self._followed:
            group.stayed &= ~step.left
        self._close(step.number)
        complained = step.after.complaints > step.before.complaints
        if step.number % QUARTER == 0:
            clean = step.before.ours & (step.before.complaints_open == 0)
            self._quarter = _Opening(
                failed=step.failed,
                complained=complained,
                before=(clean, step.before.promises[2]),
                hit_later=np.zeros(len(clean), dtype=np.bool_),
                spoke_later=np.zeros(len(clean), dtype=np.bool_),
                stayed=clean & ~step.left,
            )
        elif self._quarter is not None:
            self._quarter.hit_later |= step.failed
            self._quarter.spoke_later |= complained
            self._quarter.stayed &= ~step.left
            if step.number % QUARTER == QUARTER - 1:
                self._sort(self._quarter, step)

    def _sort(self, quarter: _Opening, step: Step) -> None:
        once = quarter.stayed & ~quarter.hit_later & ~quarter.spoke_later
        unbroken = step.after.promises[2] == quarter.before[1]
        settled = quarter.failed & quarter.complained & (step.after.complaints_open == 0) & unbroken
        silent = quarter.failed & ~quarter.complained
        groups = (
            once & settled,
            once & silent & unbroken,
            once & ~quarter.failed & ~quarter.complained & unbroken,
        )
        self._followed.append(
            _Followed(
                until=step.number + YEAR,
                temperament=step.after.temperament(TEMPERAMENTS),
                groups=groups,
                stayed=np.ones(len(once), dtype=np.bool_),
            )
        )

    def _close(self, month: int) -> None:
        for group in [it for it in self._followed if it.until == month]:
            for place, who in enumerate(group.groups):
                self.count[place] += _by(group.temperament[who])
                self.stayed[place] += _by(group.temperament[who & group.stayed])
            self._followed.remove(group)

    def share(self, group: str) -> float:
        """
        Percent of that group who stayed, were its temperaments as mixed as those of customers who complained.

        Not a number where there was nobody.
        """
        place = GROUPS.index(group)
        weights = np.where(self.count.min(axis=0) > 0, self.count[0], 0.0)
        if not weights.sum():
            return np.nan
        stayed = self.stayed[place] / np.maximum(self.count[place], 1)
        return 100.0 * float((weights * stayed).sum() / weights.sum())


def _by(temperament: Whole) -> Whole:
    return np.bincount(temperament, minlength=TEMPERAMENTS)


def measure(worlds: Worlds, watchers: Sequence[Staying]) -> Measured:  # noqa: ARG001 # themes are called alike
    """Both facts, from the common life."""
    shares = {group: np.array([each.share(group) for each in watchers]) for group in GROUPS}
    points: list[Point] = []
    for group in GROUPS:
        points += Point.of(group, mean_of(shares[group]))
    return Measured(
        figures={
            SILENT.id: mean_of(shares["settled well"] - shares["silent"]),
            UNHURT.id: mean_of(shares["settled well"] - shares["never hit"]),
        },
        picture=Picture(
            kind="points",
            x="in one quarter",
            y="stayed for twelve months, %",
            caption="Share of customers who are still here a year later, by what happened to them in a quarter; mean over worlds with its interval.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="complaints",
    title="Complaints",
    facts=(SILENT, UNHURT),
    watcher=Staying,
    lives=0,
    measure=measure,
)
