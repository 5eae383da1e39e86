"""Newcomers leave most; who stays, stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retainsim.market.checks.fact import Band, Fact, Figure, Verdict, verdict_on
from retainsim.market.checks.snapshot import Step
from retainsim.market.checks.statistics import (
    Ages,
    constant_hazard,
    rate_ratio,
    ratio_of,
    shifted_beta_geometric,
    total_of,
)
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds

MODEL = Fact(
    id="hazard.model",
    concepts=("D1", "C9"),
    sentence="Customers differ in faithfulness, so the longer somebody has stayed the less likely he leaves.",
    measured="Newcomers of all months are followed until they first leave, without any policy. A shifted beta geometric and a constant hazard are fitted by maximum likelihood to how many leave in each full year after joining, both with a mean rate for each world; the figure is the difference of their BIC. Years, as in the study: under yearly terms the months between two renewals are calm for everybody. Where that is too little, but years one and three leave room for a fall, the check cannot tell yet.",
    unit="ΔBIC",
    band=Band(None, -10.0),
    source="Fader & Hardie 2007, How to project customer retention; below −10 is very strong evidence (Kass & Raftery 1995)",
    breaks="Everybody leaves with the same chance every month, however long he has been here.",
)
YEARS = Fact(
    id="hazard.years",
    concepts=("D1",),
    sentence="In his third year a customer is clearly less likely to leave than in his first.",
    measured="Departures a customer-month in months 25 to 36 after joining ÷ the same in months 1 to 12, compared within each world.",
    unit="×",
    band=Band(None, 0.7),
    source="Fader & Hardie 2007, two subscription cohorts: 0.49 and 0.69 by the shifted beta geometric fitted to them, 0.50 and 0.92 as counted",
    breaks="Tenure binds nobody, or newcomers are bound so long that their first year is calm.",
)
OLDEST = 60
YEAR = 12


class Newcomers:
    """Who left for the first time, by the month in which he joined and months since."""

    def __init__(self) -> None:
        self._joined = np.zeros(OLDEST, dtype=np.int64)
        self._left = np.zeros((OLDEST, OLDEST), dtype=np.int64)
        self._months = 0
        self._since: np.ndarray[tuple[int], np.dtype[np.int64]] | None = None

    def see(self, step: Step) -> None:
        """Count one month."""
        since = np.full(len(step.after), -1) if self._since is None else self._since
        gone = since[step.left & (since >= 0)]
        np.add.at(self._left, (gone, step.number - gone), 1)
        since[step.left] = -1
        since[step.joined] = step.number
        self._joined[step.number] = step.joined.sum()
        self._months = step.number + 1
        self._since = since

    @property
    def ages(self) -> tuple[list[int], list[int]] | None:
        """Here at the beginning of a year after joining, and left within it, of those who could be followed through it; none where nobody left."""
        at_risk, left = [0] * (OLDEST // YEAR), [0] * (OLDEST // YEAR)
        for joined in range(self._months):
            for number in range((self._months - 1 - joined) // YEAR):
                before, after = YEAR * number + 1, YEAR * (number + 1) + 1
                at_risk[number] += int(self._joined[joined] - self._left[joined, :before].sum())
                left[number] += int(self._left[joined, before:after].sum())
        if not sum(left):
            return None
        last = sum(count > 0 for count in at_risk)
        return at_risk[:last], left[:last]

    def year(self, number: int) -> tuple[int, int]:
        """Departures and months at risk in that year after joining, from 1."""
        left = months = 0
        for joined in range(self._months):
            for age in range(YEAR * (number - 1) + 1, min(YEAR * number, self._months - 1 - joined) + 1):
                left += int(self._left[joined, age])
                months += int(self._joined[joined] - self._left[joined, :age].sum())
        return left, months


def evidence(worlds: Ages) -> Figure | None:
    """How much better a falling hazard explains leaving than a constant one: the difference of BIC, negative when better."""
    if not worlds:
        return None
    constant, falling = constant_hazard(worlds), shifted_beta_geometric(worlds)
    gains = [
        2.0 * (before - after)
        for before, after in zip(constant.log_likelihoods, falling.log_likelihoods, strict=True)
    ]
    total = total_of(gains)
    return None if total is None else total.moved(falling.bic - constant.bic - total.value)


def measure(worlds: Worlds, watchers: Sequence[Newcomers]) -> Measured:  # noqa: ARG001 # themes are called alike
    """Both facts, from the common life."""
    model = evidence([ages for each in watchers if (ages := each.ages) is not None])
    first, third = (np.array([each.year(number) for each in watchers]).T for number in (1, 3))
    years = rate_ratio(third[0], third[1], first[0], first[1])
    points: list[Point] = []
    for number in range(1, 6):
        left, months = np.array([each.year(number) for each in watchers]).T
        points += Point.of(f"year {number}", ratio_of(left, months), factor=100.0)
    return Measured(
        figures={
            MODEL.id: model,
            YEARS.id: years,
        },
        undecided={MODEL.id} if _is_open(model, years) else set(),
        picture=Picture(
            kind="points",
            x="after joining",
            y="leave, % a month",
            caption="Share of newcomers still here who leave in a month, by year after they joined; mean over worlds with its interval. A flat row would say that faithfulness plays no part.",
            points=tuple(points),
        ),
    )


def _is_open(model: Figure | None, years: Figure | None) -> bool:
    """A parameter that does not earn its keep in a small sample may well do so in a larger one."""
    too_little = model is not None and verdict_on(model, MODEL.band) is Verdict.FAILS
    return too_little and verdict_on(years, YEARS.band) is not Verdict.FAILS


THEME = Theme(
    id="hazard",
    title="Leaving falls with tenure",
    facts=(MODEL, YEARS),
    watcher=Newcomers,
    lives=0,
    measure=measure,
)
