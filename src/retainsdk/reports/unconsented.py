"""Contacts that should not have been: what went out to customers although they had not allowed it at that time."""

from __future__ import annotations

from datetime import datetime

import attrs

from retainsdk.account import Account
from retainsdk.customer import Customer
from retainsdk.events import InteractionRecorded
from retainsdk.ledger import Ledger
from retainsdk.vocabulary import Channel, Direction


@attrs.frozen(kw_only=True)
class Unconsented:
    """
    One contact that should not have been.

    Attributes:
        relationship: In which.
        at: When.
        purpose: What for.
        channel: How.
        human: Whether a person of ours did it; what goes out by itself is refused beforehand, and stands here
            when it was taken over from elsewhere or the refusal reached us later.
    """

    relationship: int
    at: datetime
    purpose: str
    channel: Channel
    human: bool


def unconsented(ledger: Ledger) -> list[Unconsented]:
    """All such contacts with those a ledger holds, in the order of time."""
    found = [
        contact
        for account in ledger.accounts.values()
        for contact in _of_one(account, ledger.customer_of(account))
    ]
    return sorted(found, key=lambda it: it.at)


def _of_one(account: Account, customer: Customer) -> list[Unconsented]:
    return [
        Unconsented(
            relationship=account.relationship.id,
            at=at,
            purpose=body.purpose,
            channel=body.channel,
            human=body.human,
        )
        for at, body in account.timeline.of(InteractionRecorded)
        if body.direction is Direction.OUTBOUND
        and not customer.consents.allows(body.purpose, body.channel, at)
    ]
