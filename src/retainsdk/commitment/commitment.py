"""A commitment: what one side promised the other, until when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    CommitmentRemedied,
    Compensated,
    CompensationRefused,
    DeliveredLate,
    DueMoved,
    Explained,
    InteractionRecorded,
    LateNoticeGiven,
    Released,
    Retracted,
    Voided,
)
from retainsdk.lifecycle import Living, Machine
from retainsdk.quantities import LAST_YEAR, LocalTime, Money
from retainsdk.vocabulary import KEPT_BY_CONTACT, Audience, Channel, Direction, Promise, Side
from retainsdk.wording import in_words

_WHILE_OPEN = {
    "keep": "kept",
    "give_late_notice": "warned",
    "miss": "broken",
    "release": "released",
    "void": "voided",
    "retract": "retracted",
}

MACHINE = Machine(
    name="commitment",
    start="open",
    table={
        "open": _WHILE_OPEN,
        "warned": _WHILE_OPEN,
        "broken": {
            "deliver_late": "broken",
            "remedy": "remedied",
            "release": "released",
            "retract": "retracted",
        },
        "kept": {},
        "remedied": {},
        "released": {},
        "voided": {},
        "retracted": {},
    },
)

MOST_GRACE_MINUTES = 7 * 24 * 60
"""A grace is for clocks that differ and lines that are busy, not another due."""

CommitmentEvent = (
    LateNoticeGiven
    | DueMoved
    | CommitmentKept
    | CommitmentBroken
    | DeliveredLate
    | Explained
    | Compensated
    | CompensationRefused
    | CommitmentRemedied
    | Released
    | Voided
    | Retracted
)

Contact = tuple[datetime, InteractionRecorded]
"""When somebody of the two sides turned to the other, and how."""


@attrs.frozen(kw_only=True)
class Commitment(Living):
    """
    A promise, ours or the customer's.

    Attributes:
        number: Within its relationship, from 1.
        kind: A callback is kept by calling back in time, whatever the state of the work; a delivery by delivering.
        what: In the words of the promise.
        basis: Why it is owed.
        made_at: When it was promised.
        made_by: Who recorded it.
        due: The instant until which it can be kept, now.
        first_due: The same as first promised; a pause of the clock moves it too, a late notice does not.
        by: Who promised.
        audience: Who notices when it is broken.
        duty: That made it; empty when a person did.
        period: For which the duty made it.
        opens_at: When it can be kept at the earliest; none for at once.
        promised: The wall clock that was promised last, when one was: it then says when the promise is due.
        channels: Agreed on for a contact; empty for any.
        grace_minutes: After the due, in which it can still be kept, if not on time.
        notices_allowed: How often it may be put off; none for any number.
        least_compensation: Owed besides an explanation when it is broken; none for nothing.
        case: It was made in.
        order: Whose delivery is promised; empty for none.
        notices: Late notices given.
        kept_at: When it was kept: a promise kept by contact, by the first contact in its window.
        broken_at: When it was broken; a broken promise stays one, whatever comes after, unless it is retracted.
        delivered_at: When what was promised came after all, too late.
        explained: Whether the customer was told why it was not kept, after its time.
        compensation: What the customer got for it after its time; none for nothing.
        compensation_refused: Whether he did not want any.
        amends_at: When the last of that was done.
    """

    machine: ClassVar[Machine] = MACHINE

    number: int
    kind: Promise
    what: str
    basis: str
    made_at: datetime
    made_by: str
    due: datetime
    first_due: datetime
    by: Side = Side.US
    audience: Audience = Audience.CUSTOMER
    duty: str = ""
    period: str = ""
    opens_at: datetime | None = None
    promised: LocalTime | None = None
    channels: tuple[Channel, ...] = ()
    grace_minutes: int = 0
    notices_allowed: int | None = None
    least_compensation: Money | None = None
    case: int | None = None
    order: str = ""
    notices: int = 0
    kept_at: datetime | None = None
    broken_at: datetime | None = None
    delivered_at: datetime | None = None
    explained: bool = False
    compensation: Money | None = None
    compensation_refused: bool = False
    amends_at: datetime | None = None

    @classmethod
    def made(cls, body: CommitmentMade, at: datetime, by: str) -> Commitment:
        """
        A new promise.

        A wall clock that was promised counts more than the instant worked out from it then: the rules of its zone
        may have changed since.

        Raises:
            CommandError: When it is due no later than it is made or can be kept, or its bounds are negative; when an
                order is named and it is not we who promise to deliver.
        """
        due = _instant(body.due if body.promised is None else body.promised.instant)
        opens_at = None if body.opens_at is None else _instant(body.opens_at)
        if due <= at:
            raise CommandError(
                f"due {due.isoformat()}",
                f"is not after the promise, {at.isoformat()}",
                "Promise a later time.",
            )
        if opens_at is not None and opens_at > due:
            raise CommandError(
                f"a promise that can be kept from {opens_at.isoformat()}",
                f"is due before that, {due.isoformat()}",
                "Let it open no later than it is due.",
            )
        if body.order and (body.kind is not Promise.DELIVERY or body.by is not Side.US):
            raise CommandError(
                f"{in_words(body.kind)} of order {body.order!r} by {in_words(body.by)}",
                "is no delivery of ours",
                "Promise the order as a delivery, or leave out its name.",
            )
        least = body.least_compensation
        if body.grace_minutes > MOST_GRACE_MINUTES:
            raise CommandError(
                f"grace of {body.grace_minutes} minutes",
                "is longer than a week",
                "Promise a later time instead.",
            )
        if body.grace_minutes < 0 or (body.notices_allowed or 0) < 0 or (least and least.amount < 0):
            raise CommandError(
                f"grace of {body.grace_minutes} minutes, {body.notices_allowed} notices, compensation of {least}",
                "must not be negative",
                "State 0 for none.",
            )
        return cls(
            state=MACHINE.start,
            since=at,
            number=body.commitment,
            kind=body.kind,
            what=body.what,
            basis=body.basis,
            made_at=at,
            made_by=by,
            due=due,
            first_due=due,
            by=body.by,
            audience=body.audience,
            duty=body.duty,
            period=body.period,
            opens_at=opens_at,
            promised=body.promised,
            channels=body.channels,
            grace_minutes=body.grace_minutes,
            notices_allowed=body.notices_allowed,
            least_compensation=least,
            case=body.case,
            order=body.order,
        )

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.state in {"open", "warned"}

    @property
    def closes_at(self) -> datetime:
        """The last instant at which it can be kept: when it is due, and the grace has passed."""
        return self.due + timedelta(minutes=self.grace_minutes)

    @property
    def kept_on_time(self) -> bool:
        """Whether it was kept by the time first promised."""
        return self.kept_at is not None and self.kept_at <= self.first_due

    def contact_in_time(self, contacts: Iterable[Contact], *, by: datetime | None = None) -> datetime | None:
        """
        When the first contact came that keeps it; none without one, or when it is kept by doing something else.

        Such a contact comes after the promise and in its window, from who promised, on an agreed channel. Ours is by
        a person: a mailing keeps nothing. One about another case does not count. A response in a case is kept by
        what answers in that case, a talk that the customer began too, but no mere acknowledgement.

        Args:
            contacts: Between us and the customer.
            by: Only contacts up to then.
        """
        if self.kind not in KEPT_BY_CONTACT:
            return None
        made_at, last = self.made_at, self.closes_at if by is None else min(self.closes_at, by)
        # the window first: of all contacts of many years few lie in it
        return min(
            (at for at, how in contacts if made_at < at <= last and self._answers(at, how)), default=None
        )

    def _answers(self, at: datetime, how: InteractionRecorded) -> bool:
        return (
            (self.opens_at is None or self.opens_at <= at)
            and (not self.channels or how.channel in self.channels)
            and (self.case is None or how.case == self.case or (how.case is None and not self._is_response))
            and (how.substantive or not self._is_response)
            and self._came_from_promisor(how)
        )

    def delivery_in_time(self, deliveries: Iterable[datetime]) -> datetime | None:
        """When its order first came in its time; none when it did not, or when no order is promised."""
        if not self.order:
            return None
        first = self.made_at if self.opens_at is None else max(self.made_at, self.opens_at)
        return min((at for at in deliveries if first <= at <= self.closes_at), default=None)

    @property
    def _is_response(self) -> bool:
        return self.kind is Promise.RESPONSE

    def _came_from_promisor(self, how: InteractionRecorded) -> bool:
        if self.by is Side.CUSTOMER:
            return how.direction is Direction.INBOUND
        return (how.human and how.direction is Direction.OUTBOUND) or (self._is_response and how.is_talk)

    def after(
        self,
        body: CommitmentEvent,
        at: datetime,
        *,
        contacts: Iterable[Contact] = (),
        deliveries: Iterable[datetime] = (),
    ) -> Commitment:
        """
        The promise after something became of it, or was done for it.

        Args:
            body: What.
            at: When.
            contacts: Between us and the customer, as far as recorded.
            deliveries: When its order came to the customer, as far as recorded.

        Raises:
            CommandError: When it comes at the wrong time or without what it needs.
            TransitionError: When the lifecycle of the promise does not allow it.
        """
        match body:
            case LateNoticeGiven():
                return self._warned(body, at)
            case DueMoved():
                return self._put(body, at)
            case CommitmentKept():
                return self._kept(at, contacts, deliveries)
            case CommitmentBroken() | DeliveredLate() | CommitmentRemedied():
                return self._failed(body, at)
            case Explained() | Compensated() | CompensationRefused():
                return self._made_good(body, at)
            case Released() | Voided() | Retracted():
                return self._ended(body, at)

    def _warned(self, body: LateNoticeGiven, at: datetime) -> Commitment:
        due = _instant(body.due if body.promised is None else body.promised.instant)
        warned = self.moved("give_late_notice", at, due=due, promised=body.promised, notices=self.notices + 1)
        if at >= self.due:
            raise CommandError(
                f"late notice for promise {self.number}",
                f"came at {at.isoformat()}, when it was already due ({self.due.isoformat()})",
                "Notice counts only before the due time; record the promise as broken.",
            )
        if due <= self.due:
            raise CommandError(
                f"new due {due.isoformat()}",
                f"is not after the present one, {self.due.isoformat()}",
                "A late notice names a later time.",
            )
        if self.notices_allowed is not None and self.notices >= self.notices_allowed:
            raise CommandError(
                f"late notice for promise {self.number}",
                f"would be number {self.notices + 1}, and {self.notices_allowed} are allowed",
                "Keep it by the time that stands, or ask to be released from it.",
            )
        return warned

    def _put(self, body: DueMoved, at: datetime) -> Commitment:
        due = _instant(body.due)
        _refuse_blank(body.why, "why", f"why promise {self.number} has a new due")
        if not self.is_open or not self.duty:
            raise CommandError(
                f"promise {self.number}, {self.state},",
                "has no clock of a duty that runs",
                "Say that it will be late by a late notice, before it is due.",
            )
        if at < self.since or due <= self.made_at or (self.opens_at is not None and due < self.opens_at):
            raise CommandError(
                f"new due {due.isoformat()}, set at {at.isoformat()},",
                f"comes before promise {self.number} can be kept or what is recorded of it",
                "Move it to a later time.",
            )
        missed_already = self.notices > 0 and self.first_due < at
        first_due = self.first_due if missed_already else self.first_due + (due - self.due)
        return attrs.evolve(self, since=at, due=due, first_due=first_due)

    def _kept(self, at: datetime, contacts: Iterable[Contact], deliveries: Iterable[datetime]) -> Commitment:
        if self.order:
            came = self.delivery_in_time(it for it in deliveries if it <= at)
            kept = self.moved("keep", at, kept_at=came)
            if came is None:
                raise CommandError(
                    f"promise {self.number}",
                    f"is kept by the delivery of order {self.order!r} by {self.closes_at.isoformat()}, and none was "
                    f"recorded as of {at.isoformat()}",
                    "Record that the order was delivered or received.",
                )
            return kept
        if self.kind in KEPT_BY_CONTACT:
            contact = self.contact_in_time(contacts, by=at)
            kept = self.moved("keep", at, kept_at=contact)
            if contact is None:
                raise CommandError(
                    f"{self.kind.name.lower()} {self.number}",
                    f"has no call or message by a person in its time, from {(self.opens_at or self.made_at).isoformat()} "
                    f"to {self.closes_at.isoformat()}, that was recorded as of {at.isoformat()}",
                    "Record that contact with `record_interaction`; finishing the work does not keep it.",
                )
            return kept
        kept = self.moved("keep", at, kept_at=at)
        if at > self.closes_at:
            raise CommandError(
                f"promise {self.number}",
                f"was due at {self.due.isoformat()} and cannot be kept at {at.isoformat()}",
                "Record it as broken, then explain and compensate.",
            )
        if self.opens_at is not None and at < self.opens_at:
            raise CommandError(
                f"promise {self.number}",
                f"can be kept from {self.opens_at.isoformat()} on, not at {at.isoformat()}",
                "Keep it when its time has come.",
            )
        return kept

    def _failed(
        self, body: CommitmentBroken | DeliveredLate | CommitmentRemedied, at: datetime
    ) -> Commitment:
        match body:
            case CommitmentBroken():
                broken = self.moved("miss", at, broken_at=self.closes_at)
                if at < self.closes_at:
                    raise CommandError(
                        f"promise {self.number}",
                        f"can be kept until {self.closes_at.isoformat()}",
                        "It is broken only after that.",
                    )
                return broken
            case DeliveredLate():
                return self.moved("deliver_late", at, delivered_at=self.delivered_at or at)
            case CommitmentRemedied():
                return self._remedied(at)

    def _made_good(self, body: Explained | Compensated | CompensationRefused, at: datetime) -> Commitment:
        if at < self.closes_at or (isinstance(body, Explained) and body.audience is Audience.INTERNAL):
            return self  # as long as it can be kept there is nothing to make good
        last = at if self.amends_at is None else max(at, self.amends_at)
        match body:
            case Explained():
                return attrs.evolve(self, explained=True, amends_at=last)
            case Compensated():
                given = body.cost if self.compensation is None else self.compensation + body.cost
                return attrs.evolve(self, compensation=given, amends_at=last)
            case CompensationRefused():
                _refuse_blank(
                    body.evidence,
                    "evidence",
                    f"how the customer refused a compensation for promise {self.number}",
                )
                return attrs.evolve(self, compensation_refused=True, amends_at=last)

    def _remedied(self, at: datetime) -> Commitment:
        remedied = self.moved("remedy", at)
        if self.by is Side.CUSTOMER or self.audience is Audience.INTERNAL:
            return remedied
        missing = []
        if not self.explained:
            missing.append("an explanation to the customer")
        least, given = self.least_compensation, self.compensation
        if least and not self.compensation_refused and (given is None or given < least):
            missing.append(
                f"a compensation of at least {least} (so far {given or 'none'}), or his refusal of it"
            )
        if self.amends_at is not None and at < self.amends_at:
            missing.append(f"what was done only at {self.amends_at.isoformat()}")
        if missing:
            raise CommandError(
                f"broken promise {self.number}",
                f"lacks {' and '.join(missing)}",
                "Explain and compensate first.",
            )
        return remedied

    def _ended(self, body: Released | Voided | Retracted, at: datetime) -> Commitment:
        told = body.evidence if isinstance(body, Released) else body.why
        _refuse_blank(told, "reason", f"why promise {self.number} is owed no longer")
        match body:
            case Released():
                return self.moved("release", at)
            case Retracted():
                return self.moved("retract", at, broken_at=None)
            case Voided():
                voided = self.moved("void", at)
                if not self.duty:
                    raise CommandError(
                        f"promise {self.number}",
                        "was made by a person, not by a duty",
                        "Whom it was made to can release from it; what was recorded in error is retracted.",
                    )
                return voided


def _instant(at: datetime) -> datetime:
    if at.year > LAST_YEAR:
        raise CommandError(
            f"an instant in the year {at.year}", f"is after {LAST_YEAR}", "Promise for an earlier time."
        )
    return at.astimezone(UTC)  # two datetimes of one zone would be compared by their wall clocks


def _refuse_blank(text: str, name: str, of: str) -> None:
    if not text.strip():
        raise CommandError(f"{name} {text!r}", f"does not say {of}", "State it in a few words.")


def refuse_unfailed(promise: Commitment) -> None:
    """
    Nothing, when there may be something to explain or to make good about a promise.

    A promise that is open may be explained beforehand, and one that was put off or kept in its grace afterwards.

    Raises:
        CommandError: When it was kept when it was first due.
    """
    if promise.state == "kept" and promise.kept_on_time:
        raise CommandError(
            f"promise {promise.number}",
            "was kept on time, so there is nothing to apologise or to compensate for",
            "Name the promise that was broken, or none when the failure was no promise.",
        )
