"""What a theme of the view is given: one account at one instant, and what each of them would look up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import attrs

from retainsdk.account import Account
from retainsdk.customer import Customer
from retainsdk.customer.fact import KnownFact
from retainsdk.events import CompetitorOfferSeen, InteractionRecorded
from retainsdk.firm.offering import open_offers
from retainsdk.ledger import Ledger
from retainsdk.opinion import Opinion, Opinions

Cells = dict[str, Any]
"""What a theme says of one relationship, by column."""


@attrs.frozen
class Reading:
    """
    One account at one instant.

    Attributes:
        ledger: It stands in.
        account: The account.
        customer: Whose it is.
        facts: What everybody may know of him.
        as_of: The instant.
        today: The same as a day of the book.
        competing: What competitors offer to everybody on that day.
        met: Interactions, each with the day it happened.
        visits: The days on which he came or bought.
        opinion: What plug-ins say of him.
    """

    ledger: Ledger
    account: Account
    customer: Customer
    facts: Mapping[str, KnownFact]
    as_of: datetime
    today: date
    competing: Sequence[CompetitorOfferSeen]
    met: Sequence[tuple[date, InteractionRecorded]]
    visits: Sequence[date]
    opinion: Opinion

    @classmethod
    def all(cls, ledger: Ledger, as_of: datetime, opinions: Opinions) -> list[Reading]:
        """The readings of all accounts, by the id of the relationship."""
        today = ledger.day(as_of)
        competing = open_offers(ledger.competitor_offers, today)
        readings = []
        for id_, account in sorted(ledger.accounts.items()):
            customer = ledger.customer_of(account)
            met = [(ledger.day(at), body) for at, body in account.timeline.of(InteractionRecorded)]
            visits = account.timeline.visits(ledger.day)
            readings.append(
                cls(
                    ledger,
                    account,
                    customer,
                    customer.facts,
                    as_of,
                    today,
                    competing,
                    met,
                    visits,
                    opinions.of(id_),
                )
            )
        return readings

    def day(self, at: datetime) -> date:
        """The day of an instant in the book's zone."""
        return self.ledger.day(at)

    def days_since(self, at: datetime | None) -> int | None:
        """Whole days from an instant to this one; none from none."""
        return None if at is None else (self.today - self.ledger.day(at)).days
