"""What an account keeps of what simply happened, and of offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.state import Account, Moment
from retainsdk.customer import purpose_or_refusal
from retainsdk.errors import CommandError
from retainsdk.events import (
    CompetitorOfferSeen,
    InteractionRecorded,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    PaymentReceived,
    PurchaseRecorded,
    SignalRaised,
    SurveyAnswered,
    UsageRecorded,
)
from retainsdk.record import Offer
from retainsdk.vocabulary import DEPARTMENTS


def _record(account: Account, body: object, moment: Moment) -> None:
    account.timeline.add(moment.at, body, moment.version)


def _interaction(account: Account, body: InteractionRecorded, moment: Moment) -> None:
    purpose_or_refusal(body.purpose)
    _record(account, body, moment)


def _signal(account: Account, body: SignalRaised, moment: Moment) -> None:
    if body.department not in DEPARTMENTS:
        raise CommandError(
            f"department {body.department!r}", "is not known", f"Use one of: {', '.join(DEPARTMENTS)}."
        )
    _record(account, body, moment)


def _survey(account: Account, body: SurveyAnswered, moment: Moment) -> None:
    if not 0 <= body.score <= 10:  # noqa: PLR2004 # the scale of the column
        raise CommandError(f"score {body.score}", "is not on the scale from 0 to 10", "Convert it first.")
    _record(account, body, moment)


def _usage(account: Account, body: UsageRecorded, moment: Moment) -> None:
    if body.month.day != 1 or body.used < 0:
        raise CommandError(
            f"use of {body.used} in the month from {body.month}",
            "is not the use of a calendar month",
            "Name the month by its first day, and a use of 0 or more.",
        )
    _record(account, body, moment)


def _offer(account: Account, body: OfferMade, moment: Moment) -> None:
    account.offers[body.offer] = Offer(number=body.offer, made=body, made_at=moment.at)


def _answer(account: Account, body: OfferAccepted | OfferDeclined, moment: Moment) -> None:
    account.offers[body.offer] = account.offers[body.offer].after(body, moment.at)


HANDLERS: Mapping[type, Callable[..., None]] = {
    InteractionRecorded: _interaction,
    OfferMade: _offer,
    OfferAccepted: _answer,
    OfferDeclined: _answer,
    UsageRecorded: _usage,
    PurchaseRecorded: _record,
    PaymentReceived: _record,
    SurveyAnswered: _survey,
    SignalRaised: _signal,
    CompetitorOfferSeen: _record,
}
