"""What both sides of a contract agreed, and what follows from it on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import attrs

from retainsdk.errors import TermError
from retainsdk.kinds import Kinds, hints_of
from retainsdk.quantities import FIRST_YEAR, LAST_YEAR, Money, months_later, whole_months
from retainsdk.vocabulary import Subject, TermKind

LONGEST_LOCK_IN = 36
"""Months a customer can be bound at most."""

_MOST = {
    "months": 1_200,
    "report_months": 1_200,
    "notice_days": 36_500,
    "withdrawal_days": 36_500,
    "cadence_days": 36_500,
    "products": 1_000_000,
}


@attrs.frozen(kw_only=True)
class ServiceLevel:
    """
    How soon something is done: a first response, a repair.

    Attributes:
        what: Is done.
        working_hours: Within which it is done, counted in working time; more than 0.

    Raises:
        TermError: When it names nothing, or no time.

    >>> ServiceLevel(what="first response", working_hours=4).within
    datetime.timedelta(seconds=14400)
    """

    what: str
    working_hours: float = attrs.field(converter=float)

    def __attrs_post_init__(self) -> None:
        if not self.what.strip() or not 0 < self.working_hours < float("inf"):
            msg = f"service level {self.what!r} in {self.working_hours} working hours: name what is done, in more than 0"
            raise TermError(msg)

    @property
    def within(self) -> timedelta:
        """The same as working time."""
        return timedelta(hours=self.working_hours)


@attrs.frozen(kw_only=True)
class Terms:
    """
    One version of what was agreed.

    A term says how the contract ends by itself, a lock-in how long the customer may not end it: one does not
    follow from the other. All months count in one step: those of the first terms from their start, those of
    later ones from wherever they began to count (see `amended` and `renewed`).

    Attributes:
        starts_on: First day of service under these terms, in the book's zone.
        kind: How the term ends.
        months: Length of the term; 0 when open-ended.
        fee: Per month, before tax and before any discount.
        products: Services taken.
        offering: Code of the package in the catalogue; none when it is not listed.
        lock_in_months: Months that the customer is bound, 0 to 36.
        notice_days: Between notice and end.
        scope: The items of work that are agreed; empty when nothing is limited to items.
        our_responsibilities: What we do.
        customer_responsibilities: What the customer does.
        required_standard: How good it must be.
        service_levels: How soon what is done.
        pace: How fast work goes on.
        time_frame: From when to when it is done.
        changes_of_scope: How the two agree on other work.
        changes_of_pace: How they agree on another pace.
        changes_of_time_frame: How they agree on another time-frame.
        cadence_days: Between contacts we promise; none when none are promised.
        report_months: Between progress reports we promise; none when none are promised.
        early_termination_fee: Frees from the lock-in; none when no fee does.
        withdrawal_days: After the day of the signature, in which the law lets the customer withdraw; 0 when it does not.
        end_handling: What both do when the contract ends: papers, hand-over, returns.
        term_counts_from: The day from which `months` count, when it lies before `starts_on`.
        lock_in_counts_from: The day from which `lock_in_months` count, when it lies before `starts_on`.

    Raises:
        TermError: When these contradict each other; all contradictions are named.
        InputError: When one of them is of another kind than it must be.
    """

    starts_on: date
    kind: TermKind
    months: int = 0
    fee: Money
    products: int = 1
    offering: str | None = None
    lock_in_months: int = 0
    notice_days: int = 30
    scope: tuple[str, ...] = ()
    our_responsibilities: tuple[str, ...] = ()
    customer_responsibilities: tuple[str, ...] = ()
    required_standard: str = ""
    service_levels: tuple[ServiceLevel, ...] = ()
    pace: str = ""
    time_frame: str = ""
    changes_of_scope: str = ""
    changes_of_pace: str = ""
    changes_of_time_frame: str = ""
    cadence_days: int | None = None
    report_months: int | None = None
    early_termination_fee: Money | None = None
    withdrawal_days: int = 0
    end_handling: str = ""
    term_counts_from: date | None = None
    lock_in_counts_from: date | None = None

    def __attrs_post_init__(self) -> None:
        _kinds().refuse_misfits("terms", {name: getattr(self, name) for name in _NAMES})
        wrong = [*self._out_of_reach()]  # nothing can be reckoned from these
        wrong = wrong or [*self._wrong_term(), *self._wrong_fees(), *self._wrong_service()]
        if wrong:
            raise TermError("; ".join(wrong))

    @property
    def term_from(self) -> date:
        """The day from which the months of the term count."""
        return self.starts_on if self.term_counts_from is None else self.term_counts_from

    @property
    def ends_on(self) -> date | None:
        """First day without service, when the term ends by itself; none when it goes on."""
        return months_later(self.term_from, self.months) if self.kind is TermKind.FIXED else None

    @property
    def lock_in_from(self) -> date:
        """The day from which the months of the lock-in count."""
        return self.starts_on if self.lock_in_counts_from is None else self.lock_in_counts_from

    @property
    def lock_in_ends_on(self) -> date:
        """First day on which the customer is free to end."""
        return months_later(self.lock_in_from, self.lock_in_months)

    def binds(self, on: date) -> bool:
        """Whether a lock-in holds the customer on a day."""
        return self.lock_in_months > 0 and on < self.lock_in_ends_on

    def covers(self, item: str) -> bool:
        """Whether work on an item is agreed: it stands in the scope, or nothing is limited to items."""
        return not self.scope or item in self.scope

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
        ended = max(whole_months(self.term_from, on), 0) // self.months
        if ended and self.kind is not TermKind.AUTO_RENEWING:
            return None
        return months_later(self.term_from, (ended + 1) * self.months)

    def earliest_end(self, notice_on: date) -> date:
        """The first day on which notice given on a day can end the contract: after lock-in and notice period."""
        return max(self.lock_in_ends_on, date.fromordinal(notice_on.toordinal() + self.notice_days))

    def amended(self, *, starts_on: date, **changes: Any) -> Terms:  # noqa: ANN401 # whatever Terms take
        """
        Other terms from a day: the same but for what is said. Term and lock-in count on from where they did.

        >>> first = Terms(starts_on=date(2026, 1, 1), kind=TermKind.FIXED, months=12, fee=Money(9, "EUR"))
        >>> first.amended(starts_on=date(2026, 7, 1), fee=Money(8, "EUR")).ends_on
        datetime.date(2027, 1, 1)
        """
        counted = {"term_counts_from": self.term_from, "lock_in_counts_from": self.lock_in_from}
        return attrs.evolve(self, starts_on=starts_on, **(counted | changes))

    def renewed(self, *, starts_on: date, months: int | None = None) -> Terms:
        """
        The follow-up terms: the same from another day on, for as long or for so many months.

        A renewal binds nobody anew: a lock-in that still holds then counts on from where it did.
        """
        bound = self.binds(starts_on)
        return attrs.evolve(
            self,
            starts_on=starts_on,
            months=self.months if months is None else months,
            term_counts_from=None,
            lock_in_months=self.lock_in_months if bound else 0,
            lock_in_counts_from=self.lock_in_from if bound else None,
        )

    def _out_of_reach(self) -> Iterable[str]:
        for name in ("starts_on", "term_counts_from", "lock_in_counts_from"):
            day: date | None = getattr(self, name)
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                yield f"{name} ({day}) must be in the years {FIRST_YEAR} to {LAST_YEAR}"
        for name, most in _MOST.items():
            if (getattr(self, name) or 0) > most:
                yield f"{name} ({getattr(self, name)}) must not be above {most}"
            elif (getattr(self, name) or 0) < -most:  # what is a little below nothing has rules of its own
                yield f"{name} ({getattr(self, name)}) must not be negative"

    def _wrong_term(self) -> Iterable[str]:
        if self.kind is TermKind.OPEN_ENDED and self.months:
            yield f"months ({self.months}) must be 0: open-ended terms have no length"
        if self.kind is not TermKind.OPEN_ENDED and self.months < 1:
            yield f"months ({self.months}) must be 1 or more: only open-ended terms have no length"
        for name in ("term_counts_from", "lock_in_counts_from"):
            counted_from = getattr(self, name)
            if counted_from is not None and counted_from > self.starts_on:
                yield f"{name} ({counted_from}) must not be after starts_on ({self.starts_on})"
        if self.ends_on is not None and self.months >= 1 and self.ends_on <= self.starts_on:
            yield f"the fixed term ends on {self.ends_on}: starts_on ({self.starts_on}) must be before it"
        if not 0 <= self.lock_in_months <= LONGEST_LOCK_IN:
            yield f"lock_in_months ({self.lock_in_months}) must be 0 to {LONGEST_LOCK_IN}"
        for name in ("notice_days", "withdrawal_days"):
            if getattr(self, name) < 0:
                yield f"{name} ({getattr(self, name)}) must not be negative"

    def _wrong_fees(self) -> Iterable[str]:
        for name in ("fee", "early_termination_fee"):
            fee: Money | None = getattr(self, name)
            if fee is None:
                continue
            if fee.amount < 0:
                yield f"{name} ({fee}) must not be negative"
            if fee.rounded() != fee:
                yield f"{name} ({fee}) must be a whole number of the smallest unit of the currency"
            if fee.currency != self.fee.currency:
                yield f"{name} ({fee}) must be in the currency of the fee ({self.fee.currency})"

    def _wrong_service(self) -> Iterable[str]:
        if self.products < 0:
            yield f"products ({self.products}) must not be negative"
        for name in ("cadence_days", "report_months"):
            if getattr(self, name) is not None and getattr(self, name) < 1:
                yield f"{name} ({getattr(self, name)}) must be 1 or more, or left out"
        levels = tuple(level.what for level in self.service_levels)
        for name, items in (
            ("scope", self.scope),
            ("our_responsibilities", self.our_responsibilities),
            ("customer_responsibilities", self.customer_responsibilities),
            ("service_levels", levels),
        ):
            if not all(item.strip() for item in items):
                yield f"{name} {items} must not hold an empty item"
            if len(set(items)) < len(items):
                yield f"{name} {items} must not hold an item twice"


@cache
def _kinds() -> Kinds:
    return Kinds.of(hints_of(Terms))


_NAMES = tuple(field.name for field in attrs.fields(Terms))

SUBJECTS: Mapping[Subject, tuple[str, ...]] = {
    Subject.SCOPE: ("scope", "products", "offering", "changes_of_scope"),
    Subject.PACE: ("pace", "changes_of_pace"),
    Subject.TIME_FRAME: ("time_frame", "changes_of_time_frame"),
    Subject.FEES: ("fee", "early_termination_fee"),
    Subject.RESPONSIBILITIES: ("our_responsibilities", "customer_responsibilities", "required_standard"),
    Subject.SERVICE_LEVELS: ("service_levels", "cadence_days", "report_months"),
    Subject.TERM: (
        "kind",
        "months",
        "term_counts_from",
        "lock_in_months",
        "lock_in_counts_from",
        "notice_days",
        "withdrawal_days",
        "end_handling",
    ),
}
"""What each subject of an amendment is about: every field of terms but the day they start on, once."""


def differences(old: Terms, new: Terms) -> tuple[Subject, ...]:
    """
    The subjects in which terms differ, whatever day they start on.

    >>> old = Terms(starts_on=date(2026, 1, 1), kind=TermKind.OPEN_ENDED, fee=Money(9, "EUR"))
    >>> differences(old, old.amended(starts_on=date(2026, 2, 1), fee=Money(8, "EUR"), pace="weekly"))
    (<Subject.PACE: 1>, <Subject.FEES: 3>)
    """
    return tuple(
        subject
        for subject, names in SUBJECTS.items()
        if any(_meant(old, name) != _meant(new, name) for name in names)
    )


def _meant(terms: Terms, name: str) -> object:
    # from where months count means nothing when there are none, and the same whether it is said or goes without saying
    if name == "term_counts_from":
        return terms.term_from if terms.months else None
    if name == "lock_in_counts_from":
        return terms.lock_in_from if terms.lock_in_months else None
    return getattr(terms, name)
