"""A campaign: what we spent to win customers, and what each of them has cost (CONCEPTS B5)."""

from __future__ import annotations

from datetime import date, datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import CampaignRun
from retainsdk.quantities import Money


@attrs.frozen(kw_only=True)
class Campaign:
    """
    One campaign, as known last.

    Attributes:
        name: Of the campaign.
        purpose: What for.
        segment: Whom it was meant for; may be empty.
        starts_on: First day.
        ends_on: First day after it.
        cost: Of all of it.
        known_at: When its cost and period were as stated.
    """

    name: str
    purpose: str
    segment: str
    starts_on: date
    ends_on: date
    cost: Money
    known_at: datetime

    @classmethod
    def run(cls, name: str, body: CampaignRun, at: datetime) -> Campaign:
        """
        A campaign as recorded.

        Raises:
            CommandError: When it ends before it starts, or costs less than nothing; both are named.
        """
        wrong = []
        if body.ends_on <= body.starts_on:
            wrong.append(f"ends_on ({body.ends_on}) must be after starts_on ({body.starts_on})")
        if body.cost.amount < 0:
            wrong.append(f"cost ({body.cost}) must not be negative")
        if wrong:
            raise CommandError(f"campaign {name!r}", "; ".join(wrong), "Correct it.")
        return cls(
            name=name,
            purpose=body.purpose,
            segment=body.segment,
            starts_on=body.starts_on,
            ends_on=body.ends_on,
            cost=body.cost,
            known_at=at,
        )


def cost_each(cost: Money, won: int) -> Money | None:
    """
    What each customer won has cost, rounded to the smallest unit; none when nobody was won.

    >>> cost_each(Money(1000, "EUR"), 3), cost_each(Money(1000, "EUR"), 0)
    (Money('333.33', 'EUR'), None)
    """
    return Money(cost.amount / won, cost.currency).rounded() if won else None
