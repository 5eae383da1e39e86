"""What a duty says: which commitments should exist, since when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Protocol, runtime_checkable

import attrs

from retainsdk.account import Account
from retainsdk.ledger import Ledger
from retainsdk.quantities import Money, days_later
from retainsdk.vocabulary import Audience, Promise
from retainsdk.worktime import WorkCalendar


@attrs.frozen(kw_only=True)
class Circumstances:
    """
    What is known at one instant: what duties judge by.

    Attributes:
        ledger: All that is known.
        now: The instant.
        calendar: Of working time.
    """

    ledger: Ledger
    now: datetime
    calendar: WorkCalendar

    @property
    def today(self) -> date:
        """The day in the book's zone."""
        return self.ledger.day(self.now)

    def start_of(self, day: date) -> datetime:
        """The first instant of a day in the book's zone: what is due on the day before is due until then."""
        return datetime.combine(day, time(), tzinfo=self.ledger.zone)

    def days_later(self, at: datetime, days: int) -> datetime:
        """The same time of day so many days later, or before, by the clocks of the book's zone."""
        return days_later(at, days, self.ledger.zone)


@attrs.frozen(kw_only=True)
class Wanted:
    """
    A commitment that should exist because we owe it.

    Basis and period tell it from all others of its duty: asked for again, it is the same one.

    Attributes:
        relationship: To whom.
        kind: What sort of promise.
        what: In the words of the promise.
        basis: What it follows from.
        period: For which period or occasion; may be empty where there is only one.
        since: The instant from which it is owed. Until then it waits, and is the duty's next wake-up date.
        due: The instant until which it can be kept.
        audience: Who would notice.
        case: The case it belongs to.
        kept_at: When what was owed was done, if it was; a promise that a contact keeps needs none.
        least_compensation: Owed besides an explanation when it is broken.
    """

    relationship: int
    kind: Promise
    what: str
    basis: str
    period: str = ""
    since: datetime
    due: datetime
    audience: Audience = Audience.CUSTOMER
    case: int | None = None
    kept_at: datetime | None = None
    least_compensation: Money | None = None


@attrs.frozen
class LookAgain:
    """A relationship that time alone will change for a duty, and when: its wake-up date."""

    relationship: int
    at: datetime


@runtime_checkable
class Duty(Protocol):
    """
    Something we owe, as a rule. A frozen class whose parameters are its only fields.

    It says the same whenever asked about the same relationships at the same instant, and reads no clock. It looks
    one period ahead at most.
    """

    @property
    def name(self) -> str:
        """What its commitments are recorded under."""
        ...

    def wanted(self, accounts: Sequence[Account], known: Circumstances) -> Iterable[Wanted | LookAgain]:
        """Which commitments should exist for these relationships."""
        ...
