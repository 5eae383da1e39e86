"""
Outlook: what a call, as it stands, is worth on average, and not with one customer's luck.

The caller is put into many worlds that differ in nothing but chance, in each of which he would leave as he now means
to. In each he hears how the call ended, decides, and lives a year. The same worlds serve every call with him, so two
ways to talk to him differ by what was said and by nothing else.
"""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.market.engine import Part
from retainsim.market.kernels import DECIDE, Said
from retainsim.market.law import LAW, TALLIES
from retainsim.market.law.names import CONCESSIONS, CONTACTS, REVENUE, SERVING
from retainsim.market.law.rivals import known_firms
from retainsim.market.month import Month
from retainsim.market.person import OURS, ROW_DTYPE, People, rows, whole
from retainsim.market.response import Call, talk_of
from retainsim.market.streams import key_of, stream_of
from retainsim.market.talk import TALK_DTYPE
from retainsim.training.scenario import Case

MONTHS = 12
"""A year from the month of the call, that month included."""
WORLDS = 64
"""So that a share of them is known to six points at worst, one standard error."""
_TRIES = 200
"""For each world, until in one of them he would leave; then somebody's mind is so firm that it takes no chance to change it."""


@attrs.frozen(kw_only=True)
class Outlook:
    """
    What a call is worth.

    Attributes:
        stays: Share of worlds in which he has not left us within a year.
        ours: Share in which he is ours at its end, come back or never gone.
        value: What he brings within the year, less all that he costs, minor units, on average.
    """

    stays: float
    ours: float
    value: float


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
        """Himself, once a world: in each with other luck, and in each about to leave."""
        case, found = self.case, np.repeat(whole(self.case.row), self.worlds).view(ROW_DTYPE)
        found["circle"], found["member"], found["referrer"] = 1, 0, -1
        people, w, p = rows(found), case.month.row, case.market.rules.plain()
        leaves_for_none = people[0].leaning >= w.n_firms
        tries = 0
        for place, person in enumerate(people):
            for _ in range(_TRIES):
                person.key = key_of("future", int(case.row["key"][0]), tries) >> 1
                tries += 1
                luck = stream_of(person.key, w.when)
                chosen = LAW.decide(person, w, known_firms(luck, w), 0.0, luck, p)
                if chosen != OURS and (chosen >= w.n_firms) == leaves_for_none:
                    person.leaning = chosen
                    break
            else:
                found = found[:place]
                break
        return found if len(found) else whole(case.row).copy().view(ROW_DTYPE)

    def of(self, call: Call) -> Outlook:
        """
        What a call would be worth if it ended as it stands.

        Args:
            call: With this caller, over or not; one that goes on is taken as closed now.
        """
        case, people = self.case, whole(self.people).copy().view(ROW_DTYPE)
        part = Part(case.market, people=people, compiled="soon")
        who, tally = np.arange(len(people), dtype=np.int64), np.zeros(TALLIES, dtype=np.int64)
        closed = call if call.end is not None else attrs.evolve(call, end="closed")
        talks = np.repeat(np.frombuffer(talk_of(closed), dtype=TALK_DTYPE), len(people))  # type: ignore[call-overload,unused-ignore] # a buffer, which 3.11 cannot say
        part.kernel.step(people, who, talks, DECIDE, Said.nothing(len(people)), case.month, tally)
        loyal: NDArray[np.bool_] = people["firm"] == OURS
        for number in range(case.month.number + 1, case.month.number + MONTHS):
            month = Month.of(case.market.seed, case.market.starts_at, number, case.month.plan, talks=False)
            of_month, threatening = part.live(month)
            part.settle(month, threatening, of_month, None)
            tally += of_month
            loyal &= people["firm"] == OURS
        earned = tally[REVENUE] - tally[CONCESSIONS] - tally[SERVING] - tally[CONTACTS]
        return Outlook(
            stays=float(loyal.mean()),
            ours=float((people["firm"] == OURS).mean()),
            value=float(earned) / len(people),
        )
