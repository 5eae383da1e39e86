"""
What a check reads of a market at the end of a month: the one place that knows what the engine calls its columns.

Checks read the truth. Nothing here is shown to a policy or written beside what a firm could know.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.view import Kind, Origin, Reason
from retainsim.market.person import OURS, ContractKind, People

Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]

SAYS_NO_NEED = int(Reason.NO_NEED_STATED)
TRUE_LACK_OF_NEED = (int(Reason.NEED_ENDED), int(Reason.LIFE_EVENT))
"""A need that is over, and one that life took away: who leaves for these has no need indeed."""
SATISFIED = 0.3
"""On the scale from −1 to 1: whose answer in a survey, usually 6, rounds to 7 of 10 or more."""


@attrs.frozen(eq=False)
class Snapshot:
    """
    Everybody at one instant, one entry a person and always in the same order.

    Attributes:
        people: The engine's columns; a copy.
        n_firms: Ours and all others.
    """

    people: People
    n_firms: int

    def __len__(self) -> int:
        return len(self.people)

    @property
    def ours(self) -> Mask:
        """Who is our customer."""
        return np.asarray(self.people["firm"] == OURS)

    @property
    def firm(self) -> Whole:
        """Whose customer each is; the number of firms means nobody's."""
        return self.people["firm"].astype(np.int64)

    @property
    def with_a_competitor(self) -> Mask:
        """Who is another firm's customer."""
        return np.asarray((self.people["firm"] != OURS) & (self.people["firm"] < self.n_firms))

    @property
    def former(self) -> Mask:
        """Who was our customer and is not now."""
        return np.asarray((self.people["begun"] > 0) & (self.people["firm"] != OURS))

    @property
    def month_to_month(self) -> Mask:
        """Who is bound by no term."""
        return np.asarray(self.people["contract"] == ContractKind.MONTH_TO_MONTH)

    @property
    def tenure(self) -> Whole:
        """Months of service with us."""
        return self.people["tenure"].astype(np.int64)

    @property
    def senior(self) -> Mask:
        """Who is known to be a senior."""
        return np.asarray(self.people["senior"] == 1)

    @property
    def lives_with_others(self) -> Mask:
        """Whose household is known to have more than one person."""
        return np.asarray(self.people["household_size"] > 1)

    @property
    def is_organisation(self) -> Mask:
        """Who is an account in which several decide."""
        return np.asarray(self.people["kind"] == Kind.ORGANISATION)

    @property
    def committee(self) -> Whole:
        """Bits of `Contact`: who is there for us in an account."""
        return self.people["committee"].astype(np.int64)

    @property
    def came_back(self) -> Mask:
        """Who returned to us at least once."""
        return np.asarray(self.people["begun"] > 1)

    @property
    def was_referred(self) -> Mask:
        """Whose present or last relationship with us began with a friend's word."""
        return np.asarray(self.people["origin"] == Origin.REFERRAL)

    @property
    def teller(self) -> Whole:
        """Position of the friend whose word brought each; it means something for who was referred."""
        own = np.arange(len(self.people)) - self.people["member"].astype(np.int64)
        return np.asarray(own + self.people["referrer"].astype(np.int64))

    @property
    def could_tell_somebody(self) -> Mask:
        """In whose circle there is somebody who was never our customer."""
        first = np.arange(len(self.people)) - self.people["member"].astype(np.int64)
        strangers = np.bincount(first, weights=self.people["begun"] == 0, minlength=len(self.people))
        return np.asarray(strangers[first] > 0)

    @property
    def discounted(self) -> Mask:
        """Who pays less than the list price."""
        return np.asarray(self.ours & (self.people["discount"] > 0))

    @property
    def satisfied(self) -> Mask:
        """Who would answer 7 of 10 or more."""
        return np.asarray(self.people["satisfaction"] >= SATISFIED)

    @property
    def trust(self) -> Numbers:
        """In us, −1 to 1."""
        return self.people["trust"].astype(np.float64)

    @property
    def hurt(self) -> Numbers:
        """Left of recent failures, 0 to 1."""
        return self.people["hurt"].astype(np.float64)

    @property
    def voice(self) -> Numbers:
        """Inclination to speak up rather than go silently, 0 to 1: temperament."""
        return 0.01 * self.people["voice"].astype(np.float64)

    def temperament(self, classes: int) -> Whole:
        """The same in so many classes of equal width, from silent to loud."""
        return np.minimum((classes * self.voice).astype(np.int64), classes - 1)

    @property
    def complaints(self) -> Whole:
        """Ever."""
        return self.people["complaints"].astype(np.int64)

    @property
    def complaints_open(self) -> Whole:
        """Not settled yet."""
        return self.people["complaints_open"].astype(np.int64)

    @property
    def promises(self) -> tuple[Whole, Whole, Whole]:
        """Ever kept, late with notice, and broken."""
        kept, warned, broken = (
            self.people[name].astype(np.int64)
            for name in ("promises_kept", "promises_warned", "promises_broken")
        )
        return kept, warned, broken

    @property
    def threats(self) -> Whole:
        """Ever."""
        return self.people["threats"].astype(np.int64)

    @property
    def offers_made(self) -> Whole:
        """By us, ever."""
        return self.people["offers_made"].astype(np.int64)

    @property
    def true_reason(self) -> Whole:
        """Of the last departure, code of `Reason`."""
        return self.people["true_reason"].astype(np.int64)

    @property
    def stated_reason(self) -> Whole:
        """As it was noted down."""
        return self.people["stated_reason"].astype(np.int64)

    @property
    def ended_well(self) -> Mask:
        """Whose last ending with us was complete."""
        return np.asarray(self.people["ended_well"] == 1)

    @property
    def free_from(self) -> Whole:
        """Day of the market from which each is free of the firm he is with."""
        return self.people["lock_end_day"].astype(np.int64)


@attrs.frozen(eq=False)
class Step:
    """
    One month, seen from outside.

    Attributes:
        number: Of the month, from 0.
        first_day: Of the market.
        before: As the month began.
        after: As it ended.
    """

    number: int
    first_day: int
    before: Snapshot
    after: Snapshot

    @property
    def left(self) -> Mask:
        """Who was ours and went."""
        return self.before.ours & ~self.after.ours

    @property
    def came(self) -> Mask:
        """Who came to us, for the first time or again."""
        return self.after.ours & ~self.before.ours

    @property
    def joined(self) -> Mask:
        """Who came for the first time."""
        return self.came & ~self.before.former

    @property
    def returned(self) -> Mask:
        """Who had left and came again, whether or not anybody had missed him."""
        return self.came & self.before.former

    @property
    def failed(self) -> Mask:
        """Whom a failure of our service hurt: hurts only fade otherwise."""
        return self.before.ours & (self.after.hurt > self.before.hurt)

    @property
    def referrals(self) -> Numbers:
        """For each person, how many newcomers came by his word."""
        came = self.joined & self.after.was_referred
        return np.bincount(self.after.teller[came], minlength=len(self.after)).astype(np.float64)
