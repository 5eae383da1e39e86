"""
Outlook: what a call, as it stands, is worth on average, and not with one customer's luck.

The caller is put into many worlds that differ in nothing but chance, in each of which he would leave as he now means
to. In each he hears how the call ended, decides, and lives a year. The same worlds serve every call with him, so two
ways to talk to him differ by what was said and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from statistics import fmean
from typing import NamedTuple

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.experiment import Effect, Measure, Method, paired_effect
from retainsim.market.engine import Part
from retainsim.market.kernels import DECIDE, Said
from retainsim.market.law import LAW, TALLIES
from retainsim.market.law.account import votes
from retainsim.market.law.names import CONCESSIONS, CONTACTS, REVENUE, SERVING
from retainsim.market.law.rivals import known_firms
from retainsim.market.month import Month
from retainsim.market.person import OURS, ROW_DTYPE, People, rows, whole
from retainsim.market.response import Call, talk_of
from retainsim.market.streams import key_of, stream_of
from retainsim.market.talk import TALK_DTYPE
from retainsim.training.scenario import Case

MINOR = 100
"""Minor units in a unit of the currency."""
MONTHS = 12
"""A year from the month of the call, that month included."""
WORLDS = 64
"""So that a share of them is known to six points at worst, one standard error."""
GROUPS = 8
"""Of worlds, whose means tell how far luck alone carries the mean of all."""
_TRIES = 20_000
"""For all worlds; where fewer votes than that lead to so many worlds in which an organisation leaves, there are fewer worlds."""


@attrs.frozen(kw_only=True)
class Outlook:
    """
    What a call is worth.

    Attributes:
        stays: Share of worlds in which he has not left us within a year.
        ours: Share in which he is ours at its end, come back or never gone.
        values: What he brings within the year, less all that he costs, minor units, on average in each group of worlds.
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
        """Himself, once a world: in each with other luck, and in each about to leave as he means to."""
        case, found = self.case, np.repeat(whole(self.case.row), self.worlds).view(ROW_DTYPE)
        found["circle"], found["member"], found["referrer"] = 1, 0, -1
        keys = list(islice(self._keys(), self.worlds))
        found["key"][: len(keys)] = keys
        return found[: len(keys)] if keys else whole(case.row).copy().view(ROW_DTYPE)

    def _keys(self) -> Iterator[int]:
        """Of other luck: any for who decides alone, whose mind only words change; for who votes, where the vote is to leave."""
        case, person = self.case, rows(self.case.row.copy())[0]
        w, p, own = case.month.row, case.market.rules.plain(), person.key
        for number in range(_TRIES):
            person.key = key_of("future", own, number) >> 1
            luck = stream_of(person.key, w.when)
            if not votes(person, p) or LAW.decide(person, w, known_firms(luck, w), 0.0, luck, p) != OURS:
                yield person.key

    def of(self, call: Call, *, groups: int = GROUPS) -> Outlook:
        """
        What a call would be worth if it ended as it stands.

        Args:
            call: With this caller, over or not; one that goes on is taken as closed now.
            groups: Of worlds; one is fastest, and tells nothing of luck.
        """
        closed = call if call.end is not None else attrs.evolve(call, end="closed")
        parts = [some for some in np.array_split(whole(self.people), groups) if len(some)]
        lived = [self._lived(closed, some) for some in parts]
        count = len(self.people)
        return Outlook(
            stays=sum(it.loyal for it in lived) / count,
            ours=sum(it.ours for it in lived) / count,
            values=tuple(it.earned / it.worlds for it in lived),
        )

    def _lived(self, call: Call, some: NDArray[np.void]) -> _Lived:
        """A year in some of the worlds after a call."""
        case, people = self.case, some.copy().view(ROW_DTYPE)
        part = Part(case.market, people=people, compiled="soon")
        who, tally = np.arange(len(people), dtype=np.int64), np.zeros(TALLIES, dtype=np.int64)
        talks = np.repeat(np.frombuffer(talk_of(call), dtype=TALK_DTYPE), len(people))  # type: ignore[call-overload,unused-ignore] # a buffer, which 3.11 cannot say
        part.catch_up()
        part.kernel.step(people, who, talks, DECIDE, Said.nothing(len(people)), case.month, tally)
        loyal: NDArray[np.bool_] = people["firm"] == OURS
        for number in range(case.month.number + 1, case.month.number + MONTHS):
            month = Month.of(case.market.seed, case.market.starts_at, number, case.month.plan, talks=False)
            of_month, threatening = part.live(month)
            part.settle(month, threatening, of_month, None)
            tally += of_month
            loyal &= people["firm"] == OURS
        earned = tally[REVENUE] - tally[CONCESSIONS] - tally[SERVING] - tally[CONTACTS]
        return _Lived(len(people), int(loyal.sum()), int((people["firm"] == OURS).sum()), int(earned))


class _Lived(NamedTuple):
    worlds: int
    loyal: int
    ours: int
    earned: int
