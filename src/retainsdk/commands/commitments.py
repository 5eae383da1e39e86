"""Commands about promises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Unpack

import attrs

from retainsdk.account.commitments import come_to_an_end, is_paused
from retainsdk.commands.acts import Acts
from retainsdk.commands.desk import Desk, refuse_unknown
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
    Happening,
    LateNoticeGiven,
    Released,
    Retracted,
    Voided,
)
from retainsdk.journal import Decision, How, aware
from retainsdk.ledger import Ledger, relationship_stream
from retainsdk.quantities import LocalTime, Money
from retainsdk.vocabulary import (
    Audience,
    Channel,
    Promise,
    Side,
)


@attrs.frozen
class Tick:
    """
    What a look at the clock found.

    Attributes:
        kept: How many promises a contact had kept without anybody having said so.
        broken: How many nobody had kept.
    """

    kept: int
    broken: int


class CommitmentCommands(Acts):
    """Commands about promises."""

    def promise(
        self,
        relationship: int,
        *,
        kind: Promise,
        what: str,
        due: datetime | LocalTime | None = None,
        within: timedelta | None = None,
        basis: str = "",
        by: Side = Side.US,
        audience: Audience = Audience.CUSTOMER,
        duty: str = "",
        period: str = "",
        opens_at: datetime | LocalTime | None = None,
        channels: Sequence[Channel] = (),
        grace_minutes: int = 0,
        notices_allowed: int | None = None,
        least_compensation: Money | None = None,
        case: int | None = None,
        order: str = "",
        **how: Unpack[How],
    ) -> int:
        """
        One side promised the other something until an instant. Returns the number of the promise.

        Args:
            relationship: Between whom.
            kind: Says what keeps it.
            what: In the words of the promise.
            due: The instant until which it can be kept, or the wall clock that was promised.
            within: Instead of *due*: so much working time by the book's calendar.
            basis: Why it is owed.
            by: Who promised.
            audience: Who notices when it is broken; the customer is owed no explanation of what is internal.
            duty: That makes it; empty when a person does.
            period: For which the duty makes it.
            opens_at: When it can be kept at the earliest; at once unless given.
            channels: Agreed on for a contact; any unless given.
            grace_minutes: After the due, before it counts as broken.
            notices_allowed: How often it may be put off; any number unless given.
            least_compensation: Owed besides an explanation when it is broken.
            case: It is made in.
            order: Whose delivery is promised: what becomes of it then settles the promise; see `move_order`.
            how: See `How`.

        Raises:
            CommandError: When nothing is promised, or not exactly one of *due* and *within* is given.
        """
        if not what.strip():
            raise CommandError(f"what {what!r}", "promises nothing", "Say what is promised.")
        if (due is None) == (within is None):
            raise CommandError("the promise", "must say once until when", "Give either `due` or `within`.")
        if within is not None and within <= timedelta(0):
            raise CommandError(f"working time of {within}", "is no time at all", "Give some in `within`.")
        if least_compensation is not None:
            self._refuse_foreign(least_compensation)
        promised = due if isinstance(due, LocalTime) else None
        until = None if due is None else _instant(due, "due")
        opens = None if opens_at is None else _instant(opens_at, "opens_at")

        def decide(desk: Desk) -> Decision:
            if case is not None:
                refuse_unknown("case", case, desk.account.cases)
            number = len(desk.account.commitments) + 1
            body = CommitmentMade(
                commitment=number,
                kind=kind,
                what=what,
                due=self._calendar.due(desk.at, within or timedelta(0)) if until is None else until,
                basis=basis,
                by=by,
                audience=audience,
                duty=duty,
                period=period,
                opens_at=opens,
                promised=promised,
                channels=tuple(channels),
                grace_minutes=grace_minutes,
                notices_allowed=notices_allowed,
                least_compensation=least_compensation,
                case=case,
                order=order,
            )
            return number, [desk.here(body)]

        asked = (
            kind, what, until, promised, None if within is None else within.total_seconds(), basis, by, audience,
            duty, period, opens, tuple(channels), grace_minutes, notices_allowed, least_compensation, case, order,
        )  # fmt: skip
        return int(self._about(relationship, "promise", asked, how, decide))

    def give_late_notice(
        self,
        relationship: int,
        promise: int,
        *,
        due: datetime | LocalTime,
        why: str = "",
        **how: Unpack[How],
    ) -> None:
        """We said that a promise will be kept later. Legal only before it is due."""
        body = LateNoticeGiven(
            commitment=promise,
            due=_instant(due, "due"),
            why=why,
            promised=due if isinstance(due, LocalTime) else None,
        )
        self._of_promise("give_late_notice", relationship, promise, body, how)

    def move_due(
        self, relationship: int, promise: int, *, due: datetime, why: str, **how: Unpack[How]
    ) -> None:
        """The clock of a duty's promise was paused, or its service level changed: it is due at another time, and not late."""
        self._of_promise(
            "move_due",
            relationship,
            promise,
            DueMoved(commitment=promise, due=aware(due, "due"), why=why),
            how,
        )

    def keep(self, relationship: int, promise: int, *, evidence: str = "", **how: Unpack[How]) -> None:
        """A promise was kept in time. One that a contact or an order keeps needs none of this: record that."""
        self._of_promise(
            "keep", relationship, promise, CommitmentKept(commitment=promise, evidence=evidence), how
        )

    def break_promise(self, relationship: int, promise: int, **how: Unpack[How]) -> None:
        """A promise was not kept when it was due; `tick` says so of all of them."""

        def decide(desk: Desk) -> Decision:
            refuse_unknown("promise", promise, desk.account.commitments)
            missed = desk.account.commitments[promise]
            if desk.at == missed.closes_at:
                raise CommandError(
                    f"promise {promise}",
                    f"can be kept until {missed.closes_at.isoformat()}",
                    "It is broken only after that.",
                )
            if is_paused(desk.account, missed):
                raise CommandError(
                    f"promise {promise}",
                    f"waits for the customer with case {missed.case}",
                    "Record his answer first; the clock goes on from there.",
                )
            return None, [desk.here(CommitmentBroken(commitment=promise))]

        self._about(relationship, "break_promise", promise, how, decide)

    def deliver_late(
        self, relationship: int, promise: int, *, evidence: str = "", **how: Unpack[How]
    ) -> None:
        """What was promised came after the promise was broken; it stays broken."""
        self._of_promise(
            "deliver_late", relationship, promise, DeliveredLate(commitment=promise, evidence=evidence), how
        )

    def explain(
        self,
        relationship: int,
        *,
        what: str,
        promise: int | None = None,
        audience: Audience = Audience.CUSTOMER,
        **how: Unpack[How],
    ) -> None:
        """
        We explained a failure to the customer, or apologised for it; or one of us explained it to the others.

        Raises:
            CommandError: When it is about a promise that was kept on time.
        """
        asked = Explained(commitment=promise, what=what, audience=audience)

        def decide(desk: Desk) -> Decision:
            return None, [self._explained(desk, what=what, promise=promise, audience=audience)]

        self._about(relationship, "explain", asked, how, decide)

    def compensate(
        self, relationship: int, *, what: str, cost: Money, promise: int | None = None, **how: Unpack[How]
    ) -> None:
        """
        We made good for a failure, at a cost to us.

        Raises:
            CommandError: When that is more than the actor may grant, or is for a promise that was kept on time.
        """
        asked = Compensated(commitment=promise, what=what, cost=cost)

        def decide(desk: Desk) -> Decision:
            return None, [self._compensated(desk, how["actor"], what=what, cost=cost, promise=promise)]

        self._about(relationship, "compensate", asked, how, decide)

    def refuse_compensation(
        self, relationship: int, promise: int, *, evidence: str, **how: Unpack[How]
    ) -> None:
        """The customer did not want to be compensated for a broken promise, and here is how we know."""
        body = CompensationRefused(commitment=promise, evidence=evidence)

        def decide(desk: Desk) -> Decision:
            refuse_unknown("promise", promise, desk.account.commitments)
            broken_at = desk.account.commitments[promise].broken_at
            if broken_at is None or desk.at < broken_at:
                raise CommandError(
                    f"promise {promise} at {desk.at.isoformat()}",
                    "has no compensation to refuse",
                    "Only a broken promise is compensated; record first that it is.",
                )
            return None, [desk.here(body)]

        self._about(relationship, "refuse_compensation", body, how, decide)

    def remedy(self, relationship: int, promise: int, **how: Unpack[How]) -> None:
        """A broken promise is explained and made good: nothing more is owed for it."""
        self._of_promise("remedy", relationship, promise, CommitmentRemedied(commitment=promise), how)

    def release(self, relationship: int, promise: int, *, evidence: str, **how: Unpack[How]) -> None:
        """Whoever was promised something let the other off, and here is how we know."""
        self._of_promise(
            "release", relationship, promise, Released(commitment=promise, evidence=evidence), how
        )

    def void(self, relationship: int, promise: int, *, why: str, **how: Unpack[How]) -> None:
        """A duty's promise lost what it followed from."""
        self._of_promise("void", relationship, promise, Voided(commitment=promise, why=why), how)

    def retract(self, relationship: int, promise: int, *, why: str, **how: Unpack[How]) -> None:
        """A promise was recorded in error. Reports count such promises on their own."""
        self._of_promise("retract", relationship, promise, Retracted(commitment=promise, why=why), how)

    def tick(self, **how: Unpack[How]) -> Tick:
        """
        Look at the clock: every promise past its due and its grace is broken, as of that instant.

        One that a contact or the delivery of an order keeps is kept instead when that was recorded meanwhile, of
        its time. Looking again changes nothing.
        """

        def decide(ledger: Ledger, at: datetime) -> Decision:
            ended = [
                Happening(stream=relationship_stream(id_), body=body, occurred_at=when)
                for id_, account in ledger.accounts.items()
                for when, body in come_to_an_end(account, at)
            ]
            kept = sum(isinstance(it.body, CommitmentKept) for it in ended)
            return (kept, len(ended) - kept), ended

        return Tick(*self._for_everybody("tick", None, how, decide))


def _instant(at: datetime | LocalTime, what: str) -> datetime:
    return at.instant if isinstance(at, LocalTime) else aware(at, what)
