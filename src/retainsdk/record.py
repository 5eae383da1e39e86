"""Records: what simply happened between us and a customer. Nothing is decided by them; everything is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import (
    CompetitorOfferSeen,
    InteractionRecorded,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    SignalRaised,
    SurveyAnswered,
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


@attrs.define(kw_only=True)
class Timeline:
    """
    All records of one relationship, in the order of recording; they may have occurred in another.

    It grows while a log is folded, and is only read after that.
    """

    interactions: list[tuple[datetime, InteractionRecorded]] = attrs.Factory(list)
    signals: list[tuple[datetime, SignalRaised]] = attrs.Factory(list)
    surveys: list[tuple[datetime, SurveyAnswered]] = attrs.Factory(list)
    paid: list[tuple[datetime, Money]] = attrs.Factory(list)
    usage: dict[date, tuple[datetime, float]] = attrs.Factory(dict)
    compensations: list[tuple[datetime, Money]] = attrs.Factory(list)
    explanations: list[datetime] = attrs.Factory(list)
    competitor_offers: list[CompetitorOfferSeen] = attrs.Factory(list)

    def calls(self) -> Iterator[datetime]:
        """When somebody of ours called the customer or wrote to him himself."""
        return (at for at, what in self.interactions if what.human and what.direction is Direction.OUTBOUND)

    def contacts(self) -> Iterator[datetime]:
        """When a human of ours and the customer were in touch: not a mailing, not a message nobody answered."""
        return (
            at
            for at, what in self.interactions
            if what.human and (what.two_way or what.direction is Direction.OUTBOUND)
        )

    def outbound(self) -> Iterator[datetime]:
        """When we turned to the customer, by whatever means."""
        return (at for at, what in self.interactions if what.direction is Direction.OUTBOUND)

    def last_survey(self) -> tuple[datetime, SurveyAnswered] | None:
        """The survey answered last; of two at one instant, the one recorded last."""
        return max(reversed(self.surveys), key=lambda answer: answer[0], default=None)

    def used(self, month: date, at: datetime, used: float) -> None:
        """Note the use of a month; of two records of one month the later counts."""
        if month not in self.usage or at >= self.usage[month][0]:
            self.usage[month] = (at, used)

    def used_in(self, month: date) -> float | None:
        """Use in a calendar month, given by its first day; none when not recorded."""
        record = self.usage.get(month)
        return None if record is None else record[1]


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
