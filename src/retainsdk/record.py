"""Records: what simply happened between us and a customer. Nothing is decided by them; everything is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TypeVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import (
    InteractionRecorded,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    PaymentReceived,
    PurchaseRecorded,
    SurveyAnswered,
    UsageRecorded,
)
from retainsdk.quantities import Money, calendar_months, months_later
from retainsdk.vocabulary import Direction, OfferKind


@attrs.frozen(kw_only=True)
class Offer:
    """
    Something we offered a customer.

    Attributes:
        number: Within its relationship, from 1.
        made: What was offered.
        made_at: When.
        accepted: The answer; none while there is none.
        answered_at: When he answered.
    """

    number: int
    made: OfferMade
    made_at: datetime
    accepted: bool | None = None
    answered_at: datetime | None = None

    def after(self, body: OfferAccepted | OfferDeclined, at: datetime) -> Offer:
        """
        The offer with its answer.

        Raises:
            CommandError: When it was answered already, or not made yet.
        """
        if self.accepted is not None or at < self.made_at:
            was = "was answered already" if self.accepted is not None else "was not made by then"
            raise CommandError(f"offer {self.number}", was, "Make a new offer.")
        return attrs.evolve(self, accepted=isinstance(body, OfferAccepted), answered_at=at)

    def discount_on(self, day: date, accepted_on: date) -> Money | None:
        """What it takes off the fee on a day, as a price offer accepted on another; none when it does not run."""
        runs = accepted_on <= day < months_later(accepted_on, self.made.months)
        return self.made.amount if runs and self.made.kind is OfferKind.PRICE else None


Record = TypeVar("Record")


@attrs.frozen
class Timeline:
    """
    All records of one relationship, in the order of recording; they may have occurred in another.

    It grows while a log is folded, and is only read after that.

    Attributes:
        records: When each occurred, and what.
        versions: Of each in the stream of its relationship: how a correction names it.
    """

    records: list[tuple[datetime, object]] = attrs.Factory(list)
    versions: list[int] = attrs.Factory(list)

    def add(self, at: datetime, body: object, version: int) -> None:
        """Put one record more."""
        self.records.append((at, body))
        self.versions.append(version)

    def of(self, kind: type[Record]) -> Iterator[tuple[datetime, Record]]:
        """The records of one kind."""
        return ((at, body) for at, body in self.records if isinstance(body, kind))

    def calls(self) -> Iterator[datetime]:
        """When somebody of ours called the customer or wrote to him himself."""
        return (
            at
            for at, what in self.of(InteractionRecorded)
            if what.human and what.direction is Direction.OUTBOUND
        )

    def contacts(self) -> Iterator[datetime]:
        """When a human of ours and the customer were in touch: no mailing, and nothing we left unanswered."""
        return (
            at
            for at, what in self.of(InteractionRecorded)
            if what.human and (what.two_way or what.direction is Direction.OUTBOUND)
        )

    def outbound(self) -> Iterator[datetime]:
        """When we turned to the customer, by whatever means."""
        return (at for at, what in self.of(InteractionRecorded) if what.direction is Direction.OUTBOUND)

    def paid(self) -> list[Money]:
        """What he paid, refunds as negative amounts."""
        return [
            body.amount
            for _, body in self.records
            if isinstance(body, PaymentReceived) or (isinstance(body, PurchaseRecorded) and body.paid)
        ]

    def last_survey(self) -> tuple[datetime, SurveyAnswered] | None:
        """The survey answered last; of two at one instant, the one recorded last."""
        return max(reversed(list(self.of(SurveyAnswered))), key=lambda answer: answer[0], default=None)

    def used_in(self, month: date) -> float | None:
        """Use in a calendar month, given by its first day, as recorded for it last; none when not recorded."""
        found = [(at, body.used) for at, body in self.of(UsageRecorded) if body.month == month]
        return max(reversed(found), key=lambda record: record[0])[1] if found else None


def faded(days: Iterable[date], on: date, memory: float) -> float:
    """
    How many there were, each counting less with every change of the calendar month since.

    >>> faded([date(2026, 3, 31), date(2026, 4, 1)], date(2026, 4, 2), memory=0.5)
    1.5
    """
    return sum(memory ** calendar_months(day, on) for day in days)


def latest_discount(offers: Sequence[tuple[date, Offer]], day: date) -> Money | None:
    """The discount granted last of those that still run; *offers* come with the day each was accepted."""
    running = [
        (accepted_on, offer.number, discount)
        for accepted_on, offer in offers
        if (discount := offer.discount_on(day, accepted_on)) is not None
    ]
    return max(running)[2] if running else None
