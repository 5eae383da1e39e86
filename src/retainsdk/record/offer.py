"""An offer: something we offered a customer, until he accepts it, declines it, or lets it lapse."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import OfferAccepted, OfferDeclined, OfferLapsed, OfferMade
from retainsdk.lifecycle import Living, Machine
from retainsdk.quantities import Money, months_later
from retainsdk.vocabulary import OfferKind

MACHINE = Machine(
    name="offer",
    start="made",
    table={
        "made": {"accept": "accepted", "decline": "declined", "lapse": "lapsed"},
        "accepted": {},
        "declined": {},
        "lapsed": {},
    },
)

OfferEvent = OfferAccepted | OfferDeclined | OfferLapsed


@attrs.frozen(kw_only=True)
class Offer(Living):
    """
    Something we offered a customer.

    Attributes:
        number: Within its relationship, from 1.
        made: What was offered.
        made_at: When.
        by: Who made it.
        accepted: The answer; none while there is none.
        answered_at: When he answered, or when it ran out.
    """

    machine: ClassVar[Machine] = MACHINE

    number: int
    made: OfferMade
    made_at: datetime
    by: str = ""
    accepted: bool | None = None
    answered_at: datetime | None = None

    @classmethod
    def new(cls, body: OfferMade, at: datetime, by: str = "") -> Offer:
        """
        The offer on the day it is made.

        Raises:
            CommandError: When it would run out before that.
        """
        if body.expires_at is not None and body.expires_at <= at:
            raise CommandError(
                f"offer {body.offer} until {body.expires_at.isoformat()}",
                f"runs out before it is made at {at.isoformat()}",
                "Let it run longer.",
            )
        return cls(state=MACHINE.start, since=at, number=body.offer, made=body, made_at=at, by=by)

    def has_run_out(self, at: datetime) -> bool:
        """Whether it can be answered no longer, as nobody has answered it in its time."""
        return self.state == "made" and self.made.expires_at is not None and self.made.expires_at <= at

    def after(self, body: OfferEvent, at: datetime) -> Offer:
        """
        The offer with its answer, or without one when its time is over.

        Raises:
            CommandError: When it was answered already, was not made yet, has run out or has not.
        """
        if self.accepted is not None or at < self.made_at:
            was = "was answered already" if self.accepted is not None else "was not made by then"
            raise CommandError(f"offer {self.number}", was, "Make a new offer.")
        if isinstance(body, OfferLapsed):
            if not self.has_run_out(at):
                raise CommandError(
                    f"offer {self.number}", "has not run out", "Record an answer, or wait until it has."
                )
            return self.moved("lapse", at, answered_at=at)
        if self.has_run_out(at):
            raise CommandError(
                f"offer {self.number}", f"ran out at {self.made.expires_at}", "Make a new offer."
            )
        accepted = isinstance(body, OfferAccepted)
        return self.moved("accept" if accepted else "decline", at, accepted=accepted, answered_at=at)

    def discount_on(self, on: date, accepted_on: date) -> Money | None:
        """What it takes off the fee on a day, as a price offer accepted on another; none when it does not run."""
        runs = accepted_on <= on < months_later(accepted_on, self.made.months)
        return self.made.amount if runs and self.made.kind is OfferKind.PRICE else None


def latest_discount(offers: Iterable[Offer], on: date, *, day: Callable[[datetime], date]) -> Money | None:
    """The discount granted last of those that still run; *day* tells the day of an instant."""
    accepted = [
        (day(offer.answered_at), offer)
        for offer in offers
        if offer.accepted and offer.answered_at is not None
    ]
    running = [
        (accepted_on, offer.number, discount)
        for accepted_on, offer in accepted
        if (discount := offer.discount_on(on, accepted_on)) is not None
    ]
    return max(running)[2] if running else None
