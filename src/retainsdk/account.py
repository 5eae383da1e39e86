"""An account: everything a book knows of one relationship, and what each event does to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import attrs

from retainsdk.case import Case
from retainsdk.codec import id_text
from retainsdk.commitment import Commitment, Outcome
from retainsdk.contract import Change, Contract
from retainsdk.customer import purpose_or_refusal
from retainsdk.errors import CommandError
from retainsdk.events import (
    AmendmentAccepted,
    CaseOpened,
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    Compensated,
    CompetitorLockInLearned,
    CompetitorOfferSeen,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    Expired,
    Explained,
    FoundationLaid,
    InteractionRecorded,
    LateNoticeGiven,
    NoticeGiven,
    NoticeRescinded,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
    OwnerAssigned,
    PaymentReceived,
    PurchaseRecorded,
    RelationshipOpened,
    Released,
    Renewed,
    Resolved,
    Returned,
    Saved,
    SignalRaised,
    Signed,
    SurveyAnswered,
    Terminated,
    UsageRecorded,
    WinbackOpened,
)
from retainsdk.record import Offer, Timeline
from retainsdk.relationship import Relationship, Turn
from retainsdk.vocabulary import DEPARTMENTS


@attrs.frozen
class Moment:
    """
    What stands around an event.

    Attributes:
        at: When it happened.
        number: Of the contract or case it happened to; 0 for the relationship itself.
        actor: Who recorded it.
        zone: In which the book tells days.
    """

    at: datetime
    number: int
    actor: str
    zone: ZoneInfo

    @property
    def day(self) -> date:
        """The day it happened."""
        return self.at.astimezone(self.zone).date()


@attrs.define(kw_only=True)
class Account:
    """
    Everything a book knows of one relationship.

    The parts are frozen; the account points to their newest form while a log is folded.
    """

    relationship: Relationship
    contracts: dict[int, Contract] = attrs.Factory(dict)
    commitments: dict[int, Commitment] = attrs.Factory(dict)
    cases: dict[int, Case] = attrs.Factory(dict)
    offers: dict[int, Offer] = attrs.Factory(dict)
    timeline: Timeline = attrs.Factory(Timeline)

    def take(self, body: object, moment: Moment) -> None:
        """
        Fold one event more.

        Raises:
            RetainError: When it cannot have happened after those before it.
        """
        if moment.at < self.relationship.opened_at:
            raise CommandError(
                f"{type(body).__name__} at {moment.at.isoformat()}",
                f"comes before the relationship began, {self.relationship.opened_at.isoformat()}",
                "Give the instant at which it really happened.",
            )
        _HANDLERS[type(body)](self, body, moment)

    @property
    def contract(self) -> Contract | None:
        """The contract signed last; a relationship has one at a time."""
        return next(reversed(self.contracts.values()), None)

    @property
    def spell(self) -> list[Contract]:
        """The contracts signed since the customer came, or came back."""
        return [it for it in self.contracts.values() if it.signed_at >= self.relationship.began_at]

    def service_began_on(self) -> date | None:
        """First day of service of the present spell, or of the last one; none without a contract."""
        return min((contract.starts_on for contract in self.spell), default=None)


# What each kind of event does to an account; the table below pairs bodies with handlers.


def _turn(account: Account, body: Turn, moment: Moment) -> None:
    account.relationship = account.relationship.after(body, moment.at)


def _sign(account: Account, body: Signed, moment: Moment) -> None:
    running = account.contract
    if running is not None and (running.is_running or moment.at < running.since):
        raise CommandError(
            "terms",
            f"cannot be signed while contract {running.number} runs",
            "Renew or amend it, or end it first.",
        )
    account.relationship = account.relationship.engaged(moment.at)
    account.contracts[moment.number] = Contract.signed(moment.number, body, moment.at)


def _change(account: Account, body: Change, moment: Moment) -> None:
    account.contracts[moment.number] = account.contracts[moment.number].after(body, moment.at, moment.day)


def _make(account: Account, body: CommitmentMade, moment: Moment) -> None:
    account.commitments[body.commitment] = Commitment.made(body, moment.at, moment.actor)


def _settle(account: Account, body: Outcome, moment: Moment) -> None:
    promise = account.commitments[body.commitment]
    account.commitments[body.commitment] = promise.after(body, moment.at, calls=account.timeline.calls())


def _open_case(account: Account, body: CaseOpened, moment: Moment) -> None:
    account.cases[moment.number] = Case.opened(moment.number, body, moment.at)


def _resolve(account: Account, body: Resolved, moment: Moment) -> None:
    account.cases[moment.number] = account.cases[moment.number].after(body, moment.at)


def _offer(account: Account, body: OfferMade, moment: Moment) -> None:
    account.offers[body.offer] = Offer(number=body.offer, made=body, made_at=moment.at)


def _answer(account: Account, body: OfferAccepted | OfferDeclined, moment: Moment) -> None:
    account.offers[body.offer] = account.offers[body.offer].after(body, moment.at)


def _record(account: Account, body: object, moment: Moment) -> None:
    account.timeline.add(moment.at, body)


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


def _compensate(account: Account, body: Compensated, moment: Moment) -> None:
    if body.cost.amount < 0:
        raise CommandError(
            f"a compensation of {body.cost}", "must not be negative", "State what it costs us."
        )
    _record(account, body, moment)


def _open_again(account: Account, _body: RelationshipOpened, _moment: Moment) -> None:
    raise CommandError(
        f"relationship {id_text(account.relationship.id)}", "is open already", "Choose another id."
    )


_HANDLERS: dict[type, Callable[..., None]] = {
    RelationshipOpened: _open_again,
    OwnerAssigned: _turn,
    FoundationLaid: _turn,
    CompetitorLockInLearned: _turn,
    EndBegun: _turn,
    Saved: _turn,
    ExitReasonRecorded: _turn,
    EndCompleted: _turn,
    WinbackOpened: _turn,
    Returned: _turn,
    Signed: _sign,
    Renewed: _change,
    AmendmentAccepted: _change,
    NoticeGiven: _change,
    NoticeRescinded: _change,
    Terminated: _change,
    Expired: _change,
    CommitmentMade: _make,
    LateNoticeGiven: _settle,
    CommitmentKept: _settle,
    CommitmentBroken: _settle,
    Released: _settle,
    Explained: _record,
    Compensated: _compensate,
    CaseOpened: _open_case,
    Resolved: _resolve,
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
