"""
Outlook: what a call, as it stands, is worth on average, and not with one customer's luck.

The customer is put into many worlds that differ in nothing but chance; who threatens would in each leave as he now
means to. In each the call ends as it ended, and he lives a year. The same worlds serve every call with him, so two ways
to talk to him differ by what was said and by nothing else.
"""

from __future__ import annotations

from functools import cached_property
from statistics import fmean
from typing import NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.experiment import Effect, Measure, Method, paired_effect
from retainsim.market.law.names import CONCESSIONS, CONTACTS, REVENUE, SERVING
from retainsim.market.person import People, whole
from retainsim.training.scenario import Case
from retainsim.training.situation import Outcome, occasion_of
from retainsim.training.year import MONTHS, lived_year

MINOR = 100
"""Minor units in a unit of the currency."""
WORLDS = 64
"""So that a share of them is known to six points at worst, one standard error."""
GROUPS = 8
"""Of worlds, whose means tell how far luck alone carries the mean of all."""


@attrs.frozen(kw_only=True)
class Outlook:
    """
    What a call is worth.

    Attributes:
        stays: Share of worlds in which he has not left us within a year; of who had left, in which he is back within it.
        ours: Share in which he is ours at its end, come back or never gone.
        values: What he brings within the year, and whomever his word brings, less all that they cost, minor units, on
            average in each group of worlds.
    """

    stays: float
    ours: float
    values: tuple[float, ...]

    @property
    def value(self) -> float:
        """The same in all worlds."""
        return fmean(self.values)

    def beside(self, other: Outlook, *, names: tuple[str, str], currency: str) -> Effect:
        """
        What this way to talk to a caller changes, beside another with the same caller and the same luck.

        Args:
            other: The other way.
            names: Of both.
            currency: Of the caller's market.
        """
        measure = Measure(
            name="value of the call",
            definition="what the customer brings, less all that he costs",
            unit=currency,
            horizon=f"{MONTHS} months",
        )
        mine, its = ([value / MINOR for value in it.values] for it in (self, other))
        return paired_effect(measure, mine, its, names=names, method=Method.FIXED)


@attrs.frozen(kw_only=True, slots=False)
class Futures:
    """
    Worlds that one caller may be in.

    Attributes:
        case: The caller.
        worlds: How many.
    """

    case: Case
    worlds: int = WORLDS

    @cached_property
    def people(self) -> People:
        """Everybody in them, world by world."""
        return occasion_of(self.case.situation).worlds(self.case, self.worlds)

    def of(self, outcome: Outcome, *, groups: int = GROUPS) -> Outlook:
        """
        What a call would be worth if it ended as it stands.

        Args:
            outcome: Of a call with this customer, over or not; one that goes on is taken as closed now.
            groups: Of worlds; one is fastest, and tells nothing of luck.
        """
        worlds = whole(self.people).reshape(-1, len(self.case.circle))
        lived = [self._lived(outcome, some) for some in np.array_split(worlds, groups) if len(some)]
        count = len(worlds)
        return Outlook(
            stays=sum(it.kept for it in lived) / count,
            ours=sum(it.ours for it in lived) / count,
            values=tuple(it.earned / it.worlds for it in lived),
        )

    def _lived(self, outcome: Outcome, some: NDArray[np.void]) -> _Lived:
        """A year in some of the worlds after a call."""
        case, occasion = self.case, occasion_of(self.case.situation)
        who = np.arange(len(some), dtype=np.int64) * len(case.circle) + case.place
        year = lived_year(case, some.ravel(), who, lambda part: occasion.enter(part, who, case, outcome))
        tally = year.tally
        earned = tally[REVENUE] - tally[CONCESSIONS] - tally[SERVING] - tally[CONTACTS]
        kept = int(occasion.is_kept(year.ours).sum())
        return _Lived(worlds=len(some), kept=kept, ours=int(year.ours[-1].sum()), earned=int(earned))


class _Lived(NamedTuple):
    worlds: int
    kept: int
    ours: int
    earned: int
