"""A commitment: what we promised a customer, until when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    LateNoticeGiven,
    Released,
)
from retainsdk.lifecycle import Living, Machine
from retainsdk.vocabulary import Promise

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

Outcome = LateNoticeGiven | CommitmentKept | CommitmentBroken | Released


@attrs.frozen(kw_only=True)
class Commitment(Living):
    """
    A promise of ours.

    Attributes:
        number: Within its relationship, from 1.
        kind: A callback is kept by calling back in time, whatever the state of the work; a delivery by delivering.
        what: In the words of the promise.
        basis: Why we owe it.
        made_at: When it was promised.
        made_by: Who promised it.
        due: The instant until which it can be kept, now.
        first_due: The same as first promised.
        notices: Late notices given.
        broken_at: When it was broken; a broken promise stays one, whatever comes after.
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
    notices: int = 0
    broken_at: datetime | None = None

    @classmethod
    def made(cls, body: CommitmentMade, at: datetime, by: str) -> Commitment:
        """
        A new promise.

        Raises:
            CommandError: When it is due no later than it is made.
        """
        if body.due <= at:
            raise CommandError(
                f"due {body.due.isoformat()}",
                f"is not after the promise, {at.isoformat()}",
                "Promise a later time.",
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
            due=body.due,
            first_due=body.due,
        )

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.state in {"open", "warned"}

    def after(self, body: Outcome, at: datetime, *, calls: Iterable[datetime] = ()) -> Commitment:
        """
        The promise after something became of it.

        Args:
            body: What became of it.
            at: When.
            calls: When somebody of ours called the customer or wrote to him himself.

        Raises:
            CommandError: For a late notice that comes when it is already due or names no later time; for
                keeping after it was due or breaking before; for a callback kept without a call in its time.
            TransitionError: When the promise is no longer open.
        """
        match body:
            case LateNoticeGiven():
                return self._warned(body, at)
            case CommitmentKept():
                return self._kept(at, calls)
            case CommitmentBroken():
                broken = self.moved("miss", at, broken_at=at)
                if at <= self.due:
                    raise CommandError(
                        f"promise {self.number}",
                        f"can be kept until {self.due.isoformat()}",
                        "It is broken only after that.",
                    )
                return broken
            case Released():
                return self.moved("release", at)

    def _warned(self, body: LateNoticeGiven, at: datetime) -> Commitment:
        warned = self.moved("give_late_notice", at, due=body.due, notices=self.notices + 1)
        if at >= self.due:
            raise CommandError(
                f"late notice for promise {self.number}",
                f"came at {at.isoformat()}, when it was already due ({self.due.isoformat()})",
                "Notice counts only before the due time; record the promise as broken.",
            )
        if body.due <= self.due:
            raise CommandError(
                f"new due {body.due.isoformat()}",
                f"is not after the present one, {self.due.isoformat()}",
                "A late notice names a later time.",
            )
        return warned

    def _kept(self, at: datetime, calls: Iterable[datetime]) -> Commitment:
        kept = self.moved("keep", at)
        if at > self.due:
            raise CommandError(
                f"promise {self.number}",
                f"was due at {self.due.isoformat()} and cannot be kept at {at.isoformat()}",
                "Record it as broken, then explain and compensate.",
            )
        if self.kind is Promise.CALLBACK and not any(self.made_at < call <= at for call in calls):
            raise CommandError(
                f"callback {self.number}",
                f"has no call or message by a person of ours between {self.made_at.isoformat()} and {at.isoformat()}",
                "Record the interaction with keeps=(number,).",
            )
        return kept
