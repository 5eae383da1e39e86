"""What simply happened between us and a customer."""

from __future__ import annotations

from datetime import date, datetime

import attrs

from retainsdk.events.body import event
from retainsdk.quantities import Money
from retainsdk.vocabulary import (
    LIVE_CHANNELS,
    Channel,
    Direction,
    OfferKind,
    OrderState,
    Severity,
    Side,
    StatementKind,
)


@attrs.frozen(kw_only=True)
class Statement:
    """What somebody of ours said will hold: a price, a date or the scope of a subject."""

    kind: StatementKind
    subject: str
    value: str
    by: str = ""
    """Who said so; who recorded it, when not said."""


@event
@attrs.frozen(kw_only=True)
class InteractionRecorded:
    """We and a customer were in touch, or tried to be."""

    channel: Channel
    direction: Direction
    purpose: str
    human: bool
    two_way: bool
    text: str
    participants: tuple[str, ...] = ()
    stated: tuple[Statement, ...] = ()
    case: int | None = None
    substantive: bool = True
    """Whether it asks or answers something; a mere acknowledgement does not."""
    news: str = ""
    """The bad news it breaks."""
    step: str = ""
    """The step of the customer's way it belongs to, for a map of touchpoints."""
    friction: int | None = None
    """How hard that step was for the customer, 0 not at all to 10."""
    minutes: int | None = None
    cost: Money | None = None
    reference: str = ""

    @property
    def is_talk(self) -> bool:
        """Whether a person of ours and the customer spoke with each other, on a channel where both are there at once."""
        return self.human and self.two_way and self.channel in LIVE_CHANNELS


@event
@attrs.frozen(kw_only=True)
class OfferMade:
    """We offered something: a package, or so much less a month for so long, or a rest from paying."""

    offer: int
    kind: OfferKind
    offering: str | None
    amount: Money
    months: int
    cost: Money
    suitability: float | None = None
    rule: str = ""
    """By which the suitability was judged."""
    expires_at: datetime | None = None
    what: str = ""
    """In words: the benefit, or what may be had early."""


@event
@attrs.frozen(kw_only=True)
class OfferAccepted:
    """The customer took an offer."""

    offer: int


@event
@attrs.frozen(kw_only=True)
class OfferDeclined:
    """The customer did not take an offer."""

    offer: int


@event
@attrs.frozen(kw_only=True)
class OfferLapsed:
    """An offer ran out without an answer."""

    offer: int


@event
@attrs.frozen(kw_only=True)
class UsageRecorded:
    """How much of his package a customer used in a calendar month."""

    month: date
    used: float


@event
@attrs.frozen(kw_only=True)
class PurchaseRecorded:
    """A customer bought something; a refund is negative."""

    what: str
    amount: Money
    paid: bool
    offering: str | None = None
    quantity: int = 1
    order: str = ""
    suitability: float | None = None
    rule: str = ""
    """By which the suitability was judged."""
    invoice: str = ""
    """By which it is billed when it is not paid at once; its order will do as well."""


@event
@attrs.frozen(kw_only=True)
class OrderMoved:
    """An order was placed, sent, delivered, received by the customer, brought back or called off."""

    order: str
    state: OrderState
    note: str = ""
    by: Side | None = None
    """Who called it off; none for other steps, and where nobody has said."""


@event
@attrs.frozen(kw_only=True)
class PaymentDue:
    """A customer is to pay so much until a day."""

    invoice: str
    amount: Money
    due_on: date
    news: str = ""
    """The bad news it states."""


@event
@attrs.frozen(kw_only=True)
class PaymentReceived:
    """A customer paid what he owed."""

    amount: Money
    invoice: str = ""


@event
@attrs.frozen(kw_only=True)
class PaymentFailed:
    """A payment did not come through."""

    invoice: str
    why: str


@event
@attrs.frozen(kw_only=True)
class SurveyAsked:
    """A customer was asked to answer a survey until an instant."""

    instrument: str
    answer_by: datetime


@event
@attrs.frozen(kw_only=True)
class SurveyAnswered:
    """A customer answered a survey, from 0 to 10."""

    instrument: str
    score: float


@event
@attrs.frozen(kw_only=True)
class SurveyRefused:
    """A customer did not want to answer a survey."""

    instrument: str


@event
@attrs.frozen(kw_only=True)
class SignalRaised:
    """A department noticed a sign; its number is its version in the stream of its relationship."""

    department: str
    kind: str
    evidence: str
    severity: Severity = Severity.WARNING


@event
@attrs.frozen(kw_only=True)
class SignalCleared:
    """The department that raised a sign, or the owner, sees no reason for it any longer."""

    signal: int
    by: str
    why: str


@event
@attrs.frozen(kw_only=True)
class DocumentFiled:
    """A document was put away: what kind, where, and the digest of its bytes."""

    kind: str
    reference: str
    digest: str = ""


@event
@attrs.frozen(kw_only=True)
class FeedbackGiven:
    """A customer said what should be better; its number is its version in the stream of its relationship."""

    about: str
    text: str


@event
@attrs.frozen(kw_only=True)
class FeedbackAnswered:
    """What a customer's word has changed was told back to him."""

    feedback: int
    change: str


@event
@attrs.frozen(kw_only=True)
class RecordCorrected:
    """
    A record of this relationship was wrong and counts no longer; the right one, if any, follows as a record of its own.

    It occurs when the record did, so that no look back ever counts what was corrected since.
    """

    version: int
    why: str
