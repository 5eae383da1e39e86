"""What an account keeps of what simply happened, and of offers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.commitments import recounted, stand_again
from retainsdk.account.state import Account, Moment
from retainsdk.customer import purpose_or_refusal
from retainsdk.errors import CommandError
from retainsdk.events import (
    CompetitorOfferSeen,
    DocumentFiled,
    FeedbackAnswered,
    FeedbackGiven,
    InteractionRecorded,
    OfferAccepted,
    OfferDeclined,
    OfferLapsed,
    OfferMade,
    OrderMoved,
    PaymentDue,
    PaymentFailed,
    PaymentReceived,
    PurchaseRecorded,
    RecordCorrected,
    SignalCleared,
    SignalRaised,
    SurveyAnswered,
    SurveyAsked,
    SurveyRefused,
    UsageRecorded,
)
from retainsdk.record import Offer, OfferEvent
from retainsdk.record.touchpoint import HARDEST
from retainsdk.vocabulary import DEPARTMENTS


def _record(account: Account, body: object, moment: Moment) -> None:
    account.timeline.add(moment.at, body, moment.version, moment.actor)


def _interaction(account: Account, body: InteractionRecorded, moment: Moment) -> None:
    purpose_or_refusal(body.purpose)
    if body.friction is not None and not (0 <= body.friction <= HARDEST and body.step):
        raise CommandError(
            f"friction {body.friction} at step {body.step!r}",
            f"is not how hard a step was, from 0 to {HARDEST}",
            "Name the step, and say how hard it was on that scale.",
        )
    if (body.minutes or 0) < 0 or (body.cost is not None and body.cost.amount < 0):
        raise CommandError(
            f"{body.minutes} minutes at {body.cost}", "must not be negative", "State what it took."
        )
    _record(account, body, moment)


def _purchase(account: Account, body: PurchaseRecorded, moment: Moment) -> None:
    if body.quantity < 1:
        raise CommandError(
            f"quantity {body.quantity}", "buys nothing", "Count from 1; a refund has a negative amount."
        )
    _record(account, body, moment)


def _signal(account: Account, body: SignalRaised, moment: Moment) -> None:
    if body.department not in DEPARTMENTS:
        raise CommandError(
            f"department {body.department!r}", "is not known", f"Use one of: {', '.join(DEPARTMENTS)}."
        )
    _record(account, body, moment)


def _clear(account: Account, body: SignalCleared, moment: Moment) -> None:
    signal = account.timeline.signals.get(body.signal)
    owner = account.relationship.ownership.owner_at(moment.at)
    if signal is not None and body.by not in {signal.department, owner}:
        raise CommandError(
            f"signal {body.signal} cleared by {body.by!r}",
            f"stays until {signal.department} or the owner {owner!r} clears it",
            "Ask one of them.",
        )
    _record(account, body, moment)


def _correct(account: Account, body: RecordCorrected, moment: Moment) -> None:
    if not body.why.strip():
        raise CommandError(
            f"correction of record {body.version}", "needs a reason", "Say what was wrong with it."
        )
    wrong = account.timeline.correct(body, moment.at)
    if isinstance(wrong, OrderMoved):
        stand_again(account, wrong, moment.at)
    lost = recounted(account)
    if lost is not None:
        raise CommandError(
            f"record {body.version}",
            f"is what kept promise {lost}",
            "Record first what did keep it.",
        )


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
    account.offers[body.offer] = Offer.new(body, moment.at, moment.actor)


def _answer(account: Account, body: OfferEvent, moment: Moment) -> None:
    if body.offer not in account.offers:
        raise CommandError(f"offer {body.offer}", "was not made", "Make it first.")
    account.offers[body.offer] = account.offers[body.offer].after(body, moment.at)


HANDLERS: Mapping[type, Callable[..., None]] = {
    InteractionRecorded: _interaction,
    OfferMade: _offer,
    OfferAccepted: _answer,
    OfferDeclined: _answer,
    OfferLapsed: _answer,
    UsageRecorded: _usage,
    PurchaseRecorded: _purchase,
    OrderMoved: _record,
    PaymentDue: _record,
    PaymentReceived: _record,
    PaymentFailed: _record,
    SurveyAsked: _record,
    SurveyAnswered: _survey,
    SurveyRefused: _record,
    SignalRaised: _signal,
    SignalCleared: _clear,
    DocumentFiled: _record,
    FeedbackGiven: _record,
    FeedbackAnswered: _record,
    RecordCorrected: _correct,
    CompetitorOfferSeen: _record,
}
