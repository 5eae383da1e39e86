"""Terms and packages: what is agreed with a person, as a book writes it down, amends it and renews it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

import attrs

from retainsdk.events import AmendmentAccepted, OfferingListed, OfferingWithdrawn, Resumed, Suspended
from retainsdk.ledger import offering_stream
from retainsdk.quantities import Money, months_later
from retainsdk.terms import LONGEST_LOCK_IN, Terms
from retainsdk.vocabulary import TermKind
from retainsim.market.chronicle.days import Calendar, Entry, Told
from retainsim.market.chronicle.lived import Lived
from retainsim.market.month import month_start
from retainsim.market.observed import LISTED_PACKAGES, fee_listed
from retainsim.market.person import ContractKind, Person

A_REST = "a rest from paying"
MONTHS = {int(ContractKind.ONE_YEAR): 12, int(ContractKind.TWO_YEARS): 24}
"""Of the term, by kind of contract; the others are open-ended."""


def package_code(size: int) -> str:
    """The code of a package of a size in hundredths of a usual one."""
    return f"size-{size:03d}"


def listing(size: int, list_fee: float, currency: str) -> Iterator[Told]:
    """A package enters the catalogue; what is not offered any longer leaves it at once."""
    stream = offering_stream(package_code(size))
    fee = Money.from_minor(fee_listed(list_fee, size), currency)
    yield (
        stream,
        OfferingListed(
            name=f"Package {size}", fee=fee, products=1, included=float(size), minimum={}, excluded={}
        ),
    )
    if size not in LISTED_PACKAGES:
        yield stream, OfferingWithdrawn(why="an older package that some still have")


def plain_terms(person: Person, *, starts_on: date, currency: str) -> Terms:
    """What is agreed from a day on, open-ended."""
    return Terms(
        starts_on=starts_on,
        kind=TermKind.OPEN_ENDED,
        fee=Money.from_minor(person.monthly_fee, currency),
        products=person.products,
        offering=package_code(person.package),
    )


def terms_of(person: Person, *, starts_on: date, calendar: Calendar, currency: str) -> Terms:
    """
    What is agreed with a person from a day on.

    Term and lock-in count from where they must for him to be free on the day the market says; a market counts
    years in days, a book in months.
    """
    months = MONTHS.get(person.contract, 0)
    plain = plain_terms(person, starts_on=starts_on, currency=currency)
    if not months:
        return plain
    free_on = calendar.date(person.lock_end_day)
    bound_from, bound_months = _lock_in(free_on, months)
    return attrs.evolve(
        plain,
        kind=TermKind.AUTO_RENEWING,
        months=months,
        term_counts_from=min(_term_from(free_on, months), starts_on),
        lock_in_counts_from=min(bound_from, starts_on),
        lock_in_months=bound_months,
    )


def _lock_in(free_on: date, months: int) -> tuple[date, int]:
    """From what day how many months lead to a day; to 29 February a whole number of years often does not."""
    for many in range(months, LONGEST_LOCK_IN + 1):
        since = months_later(free_on, -many)
        if months_later(since, many) == free_on:
            return since, many
    return months_later(free_on, -months), months


def _term_from(free_on: date, months: int) -> date:
    for terms in range(1, 5):
        since = months_later(free_on, -terms * months)
        if months_later(since, terms * months) == free_on:
            return since
    return months_later(free_on, -months)


def amendment(lived: Lived, old: Person, new: Person, day: int) -> Iterator[Entry]:
    """Another package or product: agreed on a day, in force from the day after if that was the first of the month."""
    if old.package != new.package or old.monthly_fee != new.monthly_fee or old.products != new.products:
        yield Entry(day, partial(_amend, lived, new, day))


def renewal(lived: Lived) -> Iterator[Entry]:
    """Terms that ran out renew by themselves, and bind anew."""
    before, after = lived.before, lived.after
    bound = before.contract != ContractKind.MONTH_TO_MONTH
    if lived.is_ours and bound and after.lock_end_day != before.lock_end_day:
        day = max(int(before.lock_end_day), lived.first)
        yield Entry(day, partial(_renew, lived, day))


def _amend(lived: Lived, person: Person, day: int) -> Iterator[Told]:
    last = lived.dossier.terms
    assert last is not None  # noqa: S101 # he has signed
    starts_on = max(lived.it.calendar.date(max(day, lived.first + 1)), last.starts_on)
    plain = plain_terms(person, starts_on=starts_on, currency=lived.it.currency)
    changed = last.amended(
        starts_on=starts_on, fee=plain.fee, offering=plain.offering, products=plain.products
    )
    yield from _agree(lived, changed)


def _renew(lived: Lived, day: int) -> Iterator[Told]:
    last = lived.dossier.terms
    assert last is not None  # noqa: S101 # he has signed
    calendar = lived.it.calendar
    starts_on = max(calendar.date(day), last.starts_on)
    anew = terms_of(lived.after, starts_on=starts_on, calendar=calendar, currency=lived.it.currency)
    yield from _agree(lived, attrs.evolve(anew, fee=last.fee, offering=last.offering, products=last.products))


def _agree(lived: Lived, terms: Terms) -> Iterator[Told]:
    """While service rests nothing can be agreed: it goes on for a moment."""
    dossier, rests = lived.dossier, lived.dossier.rests
    dossier.terms = terms
    if rests:
        yield dossier.agreement, Resumed()
    yield dossier.agreement, AmendmentAccepted(terms=terms)
    if rests:
        calendar = lived.it.calendar
        back = month_start(calendar.starts_at, int(lived.after.paused_until)).date()
        until = back if back > calendar.date(lived.next - 1) else None
        yield dossier.agreement, Suspended(why=A_REST, until=until)
