"""What both sides of a contract agreed, and what follows from it on a day."""

from __future__ import annotations

from datetime import date

import attrs

from retainsdk.errors import TermError
from retainsdk.quantities import Money, months_later, whole_months
from retainsdk.vocabulary import TermKind

LONGEST_LOCK_IN = 36
"""Months a customer can be bound at most."""


@attrs.frozen(kw_only=True)
class Terms:
    """
    One version of what was agreed.

    A term says how the contract ends by itself, a lock-in how long the customer may not end it: one does not
    follow from the other. All months count from `starts_on` in one step.

    Attributes:
        starts_on: First day of service under these terms, in the book's zone.
        kind: How the term ends.
        months: Length of the term; 0 when open-ended.
        fee: Per month, before tax and before any discount.
        products: Services taken.
        offering: Code of the package in the catalogue; none when it is not listed.
        lock_in_months: Months from the start that the customer is bound, 0 to 36.
        notice_days: Between notice and end.

    Raises:
        TermError: When these contradict each other; all contradictions are named.
    """

    starts_on: date
    kind: TermKind
    months: int = 0
    fee: Money
    products: int = 1
    offering: str | None = None
    lock_in_months: int = 0
    notice_days: int = 30

    def __attrs_post_init__(self) -> None:
        wrong = []
        if self.kind is TermKind.OPEN_ENDED and self.months:
            wrong.append(f"months ({self.months}) must be 0: open-ended terms have no length")
        if self.kind is not TermKind.OPEN_ENDED and self.months < 1:
            wrong.append(f"months ({self.months}) must be 1 or more: only open-ended terms have no length")
        if self.fee.amount < 0:
            wrong.append(f"fee ({self.fee}) must not be negative")
        if self.fee.rounded() != self.fee:
            wrong.append(f"fee ({self.fee}) must be a whole number of the smallest unit of the currency")
        if not 0 <= self.lock_in_months <= LONGEST_LOCK_IN:
            wrong.append(f"lock_in_months ({self.lock_in_months}) must be 0 to {LONGEST_LOCK_IN}")
        if self.products < 0:
            wrong.append(f"products ({self.products}) must not be negative")
        if self.notice_days < 0:
            wrong.append(f"notice_days ({self.notice_days}) must not be negative")
        if wrong:
            raise TermError("; ".join(wrong))

    @property
    def ends_on(self) -> date | None:
        """First day without service, when the term ends by itself; none when it goes on."""
        return months_later(self.starts_on, self.months) if self.kind is TermKind.FIXED else None

    @property
    def lock_in_ends_on(self) -> date:
        """First day on which the customer is free to end."""
        return months_later(self.starts_on, self.lock_in_months)

    def in_force(self, on: date) -> bool:
        """Whether these terms give service on that day, when nobody ends them."""
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    def term_ends_on(self, on: date) -> date | None:
        """
        The day on which the term that runs on a day ends or renews, after that day.

        None when open-ended, when a fixed first term has become open-ended, or when it is over.

        >>> Terms(starts_on=date(2025, 1, 31), kind=TermKind.AUTO_RENEWING, months=1, fee=Money(9, "EUR")).term_ends_on(
        ...     date(2025, 2, 28)
        ... )
        datetime.date(2025, 3, 31)
        """
        if self.kind is TermKind.OPEN_ENDED:
            return None
        ended = max(whole_months(self.starts_on, on), 0) // self.months
        if ended and self.kind is not TermKind.AUTO_RENEWING:
            return None
        return months_later(self.starts_on, (ended + 1) * self.months)

    def earliest_end(self, notice_on: date) -> date:
        """The first day on which notice given on a day can end the contract: after lock-in and notice period."""
        return max(self.lock_in_ends_on, date.fromordinal(notice_on.toordinal() + self.notice_days))

    def renewed(self, *, starts_on: date, months: int | None = None) -> Terms:
        """
        The follow-up terms: the same from another day on, for as long or for so many months.

        A renewal binds nobody anew (`lock_in_months` becomes what is left of the old one).
        """
        left = max(whole_months(starts_on, self.lock_in_ends_on), 0)
        months = self.months if months is None else months
        return attrs.evolve(self, starts_on=starts_on, months=months, lock_in_months=left)
