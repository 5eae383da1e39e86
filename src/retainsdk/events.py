"""
Everything that can have happened, in the past tense.

An event body says *what* happened; the `Recorded` around it says to which stream, when it occurred, when it was
recorded, by whom and why. Bodies are never changed once released: a new form is a new schema.
Ids of relationships and customers are 64-bit numbers, written as 16 hexadecimal digits.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NewType, TypeVar

import attrs

from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.vocabulary import CaseKind, Channel, Direction, Kind, OfferKind, Origin, Promise, Reason, Stage

Id = NewType("Id", int)
"""Of a customer or a relationship, 0 to 2⁶⁴ − 1."""

Fact = str | int | float | bool
"""What can be known of a customer under one name."""

Body = TypeVar("Body", bound=type)

REGISTRY: dict[tuple[str, int], type] = {}
"""All event bodies by name and schema."""


def _event(body: Body) -> Body:
    REGISTRY[body.__name__, 1] = body
    return body


@attrs.frozen(kw_only=True)
class Happening:
    """
    Something that happened, not recorded yet.

    Attributes:
        stream: Of the aggregate it happened to.
        body: What happened.
        occurred_at: When, time-zone aware.
    """

    stream: str
    body: object
    occurred_at: datetime


@attrs.frozen(kw_only=True)
class Recorded:
    """
    Something that happened, as the book holds it.

    Attributes:
        position: In the log, from 1.
        stream: Of the aggregate it happened to.
        version: In its stream, from 1.
        body: What happened.
        occurred_at: When it happened.
        recorded_at: When the book learned of it.
        actor: Who recorded it.
        reason: Why, when he said so.
    """

    position: int
    stream: str
    version: int
    body: object
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    reason: str


# --- the book ---


@_event
@attrs.frozen(kw_only=True)
class BookBegun:
    """A book was begun, for one currency and one zone of days."""

    currency: str
    zone: str


# --- customers ---


@_event
@attrs.frozen(kw_only=True)
class CustomerRegistered:
    """Somebody became known to us."""

    kind: Kind
    name: str


@_event
@attrs.frozen(kw_only=True)
class FactLearned:
    """Something about a customer became known, from a source."""

    name: str
    value: Fact
    source: str


@_event
@attrs.frozen(kw_only=True)
class ConsentGiven:
    """A customer agreed to be contacted for a purpose, on one channel or on all."""

    purpose: str
    channel: Channel | None
    evidence: str


@_event
@attrs.frozen(kw_only=True)
class ConsentWithdrawn:
    """A customer refused to be contacted for a purpose, on one channel or on all."""

    purpose: str
    channel: Channel | None
    evidence: str


# --- relationships ---


@_event
@attrs.frozen(kw_only=True)
class RelationshipOpened:
    """We and a customer began to have to do with each other; or a book took over that we had."""

    customer: Id
    origin: Origin | None
    owner: str
    stage: Stage
    reference: str


@_event
@attrs.frozen(kw_only=True)
class OwnerAssigned:
    """Somebody took over the main duty for a relationship."""

    owner: str


@_event
@attrs.frozen(kw_only=True)
class FoundationLaid:
    """All that a good beginning needs was done."""

    how: str


@_event
@attrs.frozen(kw_only=True)
class CompetitorLockInLearned:
    """It became known until when a leaver is bound elsewhere."""

    competitor: str
    until: date
    source: str


@_event
@attrs.frozen(kw_only=True)
class EndBegun:
    """A relationship started to end."""


@_event
@attrs.frozen(kw_only=True)
class Saved:
    """A relationship that had started to end goes on."""

    how: str


@_event
@attrs.frozen(kw_only=True)
class ExitReasonRecorded:
    """A leaver said why; and somebody may have judged the true reason."""

    stated: Reason
    assessed: Reason | None
    evidence: str


@_event
@attrs.frozen(kw_only=True)
class EndCompleted:
    """A relationship ended, with those closing steps done; none when nobody knows."""

    steps: tuple[str, ...] | None


@_event
@attrs.frozen(kw_only=True)
class WinbackOpened:
    """We set out to win a leaver back."""

    plan: str


@_event
@attrs.frozen(kw_only=True)
class Returned:
    """A leaver came back."""


# --- contracts ---


@_event
@attrs.frozen(kw_only=True)
class Signed:
    """Both sides signed terms."""

    terms: Terms


@_event
@attrs.frozen(kw_only=True)
class Renewed:
    """A contract goes on under follow-up terms."""

    terms: Terms


@_event
@attrs.frozen(kw_only=True)
class AmendmentAccepted:
    """Both sides changed the terms of a contract in force."""

    terms: Terms


@_event
@attrs.frozen(kw_only=True)
class NoticeGiven:
    """A contract was given notice, to end on a day."""

    ends_on: date


@_event
@attrs.frozen(kw_only=True)
class NoticeRescinded:
    """The notice was taken back."""


@_event
@attrs.frozen(kw_only=True)
class Terminated:
    """Somebody ended a contract: after notice, or before it could have been."""

    early: bool


@_event
@attrs.frozen(kw_only=True)
class Expired:
    """A contract came to the end of its fixed term."""


# --- commitments ---


@_event
@attrs.frozen(kw_only=True)
class CommitmentMade:
    """We promised something until an instant."""

    commitment: int
    kind: Promise
    what: str
    due: datetime
    basis: str


@_event
@attrs.frozen(kw_only=True)
class LateNoticeGiven:
    """We said, before it was due, that a promise will be kept later."""

    commitment: int
    due: datetime


@_event
@attrs.frozen(kw_only=True)
class CommitmentKept:
    """A promise was kept."""

    commitment: int


@_event
@attrs.frozen(kw_only=True)
class CommitmentBroken:
    """A promise was not kept when it was due."""

    commitment: int


@_event
@attrs.frozen(kw_only=True)
class Released:
    """The customer let us off a promise."""

    commitment: int
    evidence: str


@_event
@attrs.frozen(kw_only=True)
class Explained:
    """We explained a failure to the customer, or apologised for it."""

    commitment: int | None
    what: str


@_event
@attrs.frozen(kw_only=True)
class Compensated:
    """We made good for a failure, at a cost to us."""

    commitment: int | None
    what: str
    cost: Money


# --- cases ---


@_event
@attrs.frozen(kw_only=True)
class CaseOpened:
    """A customer raised something that needs an answer; a threat to leave may state its reason."""

    kind: CaseKind
    topic: str
    stated_reason: Reason | None


@_event
@attrs.frozen(kw_only=True)
class Resolved:
    """A case was settled."""

    how: str


# --- records ---


@_event
@attrs.frozen(kw_only=True)
class InteractionRecorded:
    """We and a customer were in touch, or tried to be."""

    channel: Channel
    direction: Direction
    purpose: str
    human: bool
    two_way: bool
    text: str


@_event
@attrs.frozen(kw_only=True)
class OfferMade:
    """We offered something: a package, or so much less a month for so long, or a rest from paying."""

    offer: int
    kind: OfferKind
    offering: str | None
    amount: Money
    months: int
    cost: Money


@_event
@attrs.frozen(kw_only=True)
class OfferAccepted:
    """The customer took an offer."""

    offer: int


@_event
@attrs.frozen(kw_only=True)
class OfferDeclined:
    """The customer did not take an offer."""

    offer: int


@_event
@attrs.frozen(kw_only=True)
class UsageRecorded:
    """How much of his package a customer used in a calendar month."""

    month: date
    used: float


@_event
@attrs.frozen(kw_only=True)
class PurchaseRecorded:
    """A customer bought something; a refund is negative."""

    what: str
    amount: Money
    paid: bool


@_event
@attrs.frozen(kw_only=True)
class PaymentReceived:
    """A customer paid what he owed."""

    amount: Money


@_event
@attrs.frozen(kw_only=True)
class SurveyAnswered:
    """A customer answered a survey, from 0 to 10."""

    instrument: str
    score: float


@_event
@attrs.frozen(kw_only=True)
class SignalRaised:
    """A department noticed an early sign."""

    department: str
    kind: str
    evidence: str


# --- catalogue and competitors ---


@_event
@attrs.frozen(kw_only=True)
class OfferingListed:
    """A package stands in the catalogue, in this form from now on."""

    name: str
    fee: Money
    products: int
    included: float | None
    minimum: dict[str, float]
    excluded: dict[str, Fact]


@_event
@attrs.frozen(kw_only=True)
class CompetitorOfferSeen:
    """A competitor asks so much a month, from one day to another, as a source says."""

    competitor: str
    fee: Money
    starts_on: date
    ends_on: date | None
    source: str
