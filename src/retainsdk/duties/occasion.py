"""
Occasions: the days in a customer's life that are marked by name (CONCEPTS C6).

A birthday is somebody's, not a household's: it is one occasion a year, through however many households, organisations
or relationships we know him.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import attrs

from retainsdk.codec import id_text
from retainsdk.customer import Customer
from retainsdk.customer.fact import DAYS_TO_MARK
from retainsdk.ledger import Ledger
from retainsdk.vocabulary import Kind

PURPOSE = "personal"
"""What a greeting is for: it needs that consent, and sees sensitive dates that allow it."""


def basis_of(fact: str, customer: int) -> str:
    """What stands behind an occasion, of a customer by one of the ids he had."""
    return f"{fact} of {id_text(customer)}"


@attrs.frozen(kw_only=True)
class Occasion:
    """
    One day to mark.

    Attributes:
        customer: Whose.
        name: As we call him.
        fact: What is marked: ``birthday`` or ``anniversary``.
        on: The day; a 29 February falls on the 28th in common years.
        years: How many it makes; none when the first year is not known.
        relationships: In which it can be marked, the best first: his own, then those of the household or
            organisation he is chiefly reached through, then of the others he belongs to. Of several of one
            customer the oldest first.
    """

    customer: int
    name: str
    fact: str
    on: date
    years: int | None
    relationships: tuple[int, ...]

    @property
    def basis(self) -> str:
        """What stands behind it; with the year, no two occasions have the same."""
        return basis_of(self.fact, self.customer)


def occasions(
    ledger: Ledger, first: date, end: date, *, at: datetime, of: Collection[int] | None = None
) -> list[Occasion]:
    """
    The days to mark of everybody we have to do with, in the order of days.

    Args:
        ledger: Of the whole book, or of those whose occasions are asked for and whom they belong to.
        first: The first day looked at.
        end: The first day no longer looked at.
        at: The instant whose affiliations count.
        of: Only those of these customers; everybody's unless given.

    Returns:
        One for every customer, fact and year; none for whom we have no relationship to do it in.
    """
    found = [
        occasion
        for customer in (ledger.customers.values() if of is None else map(ledger.customer, of))
        for occasion in _of_one(ledger, customer, first, end, at)
    ]
    return sorted(found, key=lambda it: (it.on, it.fact, it.customer))


def _of_one(ledger: Ledger, customer: Customer, first: date, end: date, at: datetime) -> list[Occasion]:
    days = {fact: day for fact in DAYS_TO_MARK if (day := customer.day_to_mark(fact, PURPOSE)) is not None}
    if not days:
        return []
    relationships = _through(ledger, customer, at)
    if not relationships:
        return []
    return [
        Occasion(
            customer=customer.id,
            name=customer.name,
            fact=fact,
            on=on,
            years=None if day.year is None else on.year - day.year,
            relationships=relationships,
        )
        for fact, day in days.items()
        for on in day.returns_between(first, end)
    ]


def _through(ledger: Ledger, customer: Customer, at: datetime) -> tuple[int, ...]:
    customers = [customer.id]
    if customer.kind is Kind.PERSON:
        primary = customer.primary_at(at)
        customers += [] if primary is None else [primary.party]
        customers += sorted(it.party for it in customer.affiliated(at))
    return tuple(
        account.relationship.id
        for id_ in dict.fromkeys(customers)
        for account in sorted(ledger.accounts_of(id_), key=lambda it: it.relationship.opened_at)
    )
