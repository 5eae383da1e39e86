"""One person's month as the chronicle finds it: his row before it, after it was lived, and at its end."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np

from retainsdk.action import ActionKind
from retainsdk.quantities import Money
from retainsdk.vocabulary import Channel
from retainsim.market import purposes as for_
from retainsim.market import visits
from retainsim.market.chronicle.days import Calendar
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.month import Month
from retainsim.market.person import OURS, Person
from retainsim.market.streams import uniform
from retainsim.market.talk import Talk

A_VISIT = 0.05
"""Unit of the column `rate`."""
THIS_MONTH = 31
"""The bits of the column `visits` that count this month's."""


@attrs.frozen(kw_only=True)
class Deed:
    """
    What was done for a person.

    Attributes:
        kind: Which action.
        channel: On which.
        amount: Minor units.
        months: For how long.
        why: In the policy's words.
    """

    kind: ActionKind
    channel: Channel
    amount: int
    months: int
    why: str


@attrs.frozen(kw_only=True)
class Setting:
    """
    What is the same for everybody in a month.

    Attributes:
        month: The month.
        calendar: Of the market.
        currency: Of its money.
        firms: Names of the firms, ours first.
        promise_days: Within how many days a promise falls due, by the market's parameters.
        late: The share of promises that are done late and unannounced, of those neither kept in time nor put off.
        lock_in_error: Spread of our error about how long a leaver is bound elsewhere.
        share_made: Where nobody has a contract, the share of wanted visits that end in a purchase; none elsewhere.
    """

    month: Month
    calendar: Calendar
    currency: str
    firms: tuple[str, ...]
    promise_days: float
    late: float
    lock_in_error: float
    share_made: float | None = None

    def money(self, minor: int) -> Money:
        """An amount in minor units."""
        return Money.from_minor(int(minor), self.currency)


@attrs.frozen(kw_only=True, slots=False)
class Lived:
    """
    One person's month.

    Attributes:
        it: What is the same for everybody.
        dossier: Where his account stands.
        before: His row as the month began.
        mid: The same when he had lived through it, but those who threaten had not been answered.
        after: The same at its end.
        deed: What was done for him; none for nothing.
        talk: How the talk ended with him, if he threatened.
        referrer: Key of whoever brought him.
    """

    it: Setting
    dossier: Dossier
    before: Person
    mid: Person
    after: Person
    deed: Deed | None
    talk: Talk | None
    referrer: int | None

    # how he stands, as far as can be seen

    @cached_property
    def was_ours(self) -> bool:
        """Whether he was a customer as the month began."""
        return seen_as_ours(self.before, self.first, self.it.share_made)

    @cached_property
    def is_ours(self) -> bool:
        """Whether he is one at its end."""
        return seen_as_ours(self.after, self.next, self.it.share_made)

    @property
    def is_new(self) -> bool:
        """Whether he never was one before."""
        return bool(self.before.begun == 0)

    @property
    def came(self) -> bool:
        """Whether he became one."""
        return self.is_ours and not self.was_ours

    @property
    def left(self) -> bool:
        """Whether he left."""
        return self.was_ours and not self.is_ours

    @property
    def threatened(self) -> bool:
        """Whether he said that he would."""
        return self.talk is not None

    # days

    @property
    def first(self) -> int:
        """The first day of the month."""
        return self.it.month.first_day

    @property
    def next(self) -> int:
        """The first of the next."""
        return self.it.month.first_day + self.it.month.n_days

    @property
    def last(self) -> int:
        """The last day on which something could happen between him and us; in a shop nobody knows which it is."""
        leaves = self.left and self.it.share_made is None
        return int(self.after.left_day) if leaves else self.next - 1

    def by_last(self, day: int) -> int:
        """A day, or the last one if it is too late."""
        return min(int(day), self.last)

    def chance(self, purpose: int) -> float:
        """His number of the month for a purpose."""
        return float(uniform(self.dossier.key, self.it.month.when, purpose))

    def day(self, purpose: int) -> int:
        """The day of the month that such a number names."""
        return self.first + int(self.it.month.n_days * self.chance(purpose))

    @property
    def contact_day(self) -> int:
        """When we turned to him; a talk about his leaving comes after it."""
        day = self.by_last(self.day(for_.CONTACT_DAY))
        return min(day, self.talk_day) if self.threatened else day

    @property
    def talk_day(self) -> int:
        """When we spoke with him of his leaving."""
        return self.by_last(self.first + 1)

    @cached_property
    def visits(self) -> list[int]:
        """The days on which he bought, where there are no contracts."""
        count = int(self.after.visits) & THIS_MONTH if self.it.share_made is not None else 0
        lot, n_days = self.chance(for_.VISIT_DAY), self.it.month.n_days
        return [self.first + int(visits.offset(place, count, lot, n_days)) for place in range(1, count + 1)]


def last_day_of_custom(person: Person, share_made: float) -> int:
    """The last day on which somebody who buys without a contract still counts as a customer."""
    day, often = np.array([person.visit_day]), np.array([A_VISIT * person.rate])
    return int(visits.last_day(day, often, share_made)[0])


def usual_gap(person: Person, share_made: float) -> float:
    """How many days he usually stays away."""
    return float(visits.usual_gap(max(A_VISIT * person.rate, A_VISIT), share_made))


def seen_as_ours(person: Person, day: int, share_made: float | None) -> bool:
    """Whether somebody is a customer of ours as a day begins, as far as can be seen."""
    if share_made is None:
        return bool(person.firm == OURS)
    return bool(person.begun > 0 and day <= last_day_of_custom(person, share_made))
