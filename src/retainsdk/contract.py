"""A contract: versions of terms, from the signature to the end."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import attrs

from retainsdk.errors import CommandError, TermError
from retainsdk.events import (
    AmendmentAccepted,
    Expired,
    NoticeGiven,
    NoticeRescinded,
    Renewed,
    Signed,
    Terminated,
)
from retainsdk.lifecycle import Living, Machine
from retainsdk.terms import Terms
from retainsdk.vocabulary import Ending, TermKind

MACHINE = Machine(
    name="contract",
    start="draft",
    table={
        "draft": {"offer": "offered", "discard": "discarded"},
        "offered": {
            "accept_letter": "engaged",
            "sign": "in_force",
            "revise": "draft",
            "decline": "declined",
            "lapse": "lapsed",
        },
        "engaged": {"sign": "in_force", "withdraw": "terminated"},
        "in_force": {
            "amend": "in_force",
            "renew": "in_force",
            "suspend": "suspended",
            "give_notice": "notice",
            "complete": "completed",
            "expire": "expired",
            "supersede": "superseded",
            "end_early": "terminated",
            "terminate_for_breach": "terminated",
        },
        "suspended": {
            "resume": "in_force",
            "end_early": "terminated",
            "terminate_for_breach": "terminated",
            "expire": "expired",
        },
        "notice": {
            "rescind_notice": "in_force",
            "terminate": "terminated",
            "end_early": "terminated",
            "terminate_for_breach": "terminated",
        },
        "discarded": {},
        "declined": {},
        "lapsed": {},
        "completed": {},
        "expired": {},
        "superseded": {},
        "terminated": {},
    },
)

Change = Renewed | AmendmentAccepted | NoticeGiven | NoticeRescinded | Terminated | Expired


@attrs.frozen(kw_only=True)
class Contract(Living):
    """
    What we and a customer agreed in writing.

    Attributes:
        number: Within its relationship, from 1.
        signed_at: When both had signed.
        versions: Of the terms, by the day each starts; one at least.
        notice_ends_on: First day without service after notice; none without notice.
    """

    machine: ClassVar[Machine] = MACHINE

    number: int
    signed_at: datetime
    versions: tuple[Terms, ...]
    notice_ends_on: date | None = None

    @classmethod
    def signed(cls, number: int, body: Signed, at: datetime) -> Contract:
        """A contract on the day it is signed; that it was offered first goes without saying."""
        state = MACHINE.step(MACHINE.step(MACHINE.start, "offer"), "sign")
        return cls(state=state, since=at, number=number, signed_at=at, versions=(body.terms,))

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.state not in MACHINE.final

    @property
    def starts_on(self) -> date:
        """First day of service."""
        return self.versions[0].starts_on

    def terms_on(self, on: date) -> Terms:
        """The version in force on a day; before the first day of service, the first."""
        started = [terms for terms in self.versions if terms.starts_on <= on]
        return started[-1] if started else self.versions[0]

    def after(self, body: Change, at: datetime, on: date) -> Contract:
        """
        The contract after something happened to it.

        Args:
            body: What happened.
            at: When.
            on: The same day in the book's zone.

        Raises:
            TermError: For follow-up terms that do not follow.
            CommandError: For an end before it is possible, with the first possible day.
            TransitionError: When the contract is in no state for it.
        """
        match body:
            case Renewed():
                return self._renewed(body.terms, at)
            case AmendmentAccepted():
                return self._amended(body.terms, at)
            case NoticeGiven():
                earliest = self.terms_on(on).earliest_end(on)
                if body.ends_on < earliest:
                    raise CommandError(
                        f"end on {body.ends_on}",
                        f"comes before lock-in and notice period are over on {earliest}",
                        "Name that day or a later one, or end the contract early.",
                    )
                return self.moved("give_notice", at, notice_ends_on=body.ends_on)
            case NoticeRescinded():
                return self.moved("rescind_notice", at, notice_ends_on=None)
            case Terminated():
                return self._terminated(body, at, on)
            case Expired():
                ends_on = self.versions[-1].ends_on
                if ends_on is None or on < ends_on:
                    raise CommandError(
                        f"contract {self.number}", f"does not expire by {on}", "Give notice, or end it early."
                    )
                return self.moved("expire", at)

    def ending(self, on: date) -> Terminated | Expired:
        """The event that says truly how this contract ends when it ends on a day."""
        ends_on = self.versions[-1].ends_on
        if self.state != "notice" and ends_on is not None and ends_on <= on:
            return Expired()
        early = self.notice_ends_on is None or on < self.notice_ends_on
        return Terminated(kind=Ending.UNKNOWN if early else Ending.NOTICE)

    def _renewed(self, terms: Terms, at: datetime) -> Contract:
        last = self.versions[-1]
        if last.kind is TermKind.FIXED and terms.starts_on != last.ends_on:
            msg = f"renewed terms start on {terms.starts_on}, the old ones end on {last.ends_on}: let them touch"
            raise TermError(msg)
        return self._followed("renew", terms, at)

    def _amended(self, terms: Terms, at: datetime) -> Contract:
        return self._followed("amend", terms, at)

    def _followed(self, event: str, terms: Terms, at: datetime) -> Contract:
        last = self.versions[-1]
        if terms.starts_on < last.starts_on:
            msg = f"terms from {terms.starts_on} cannot follow terms from {last.starts_on}: choose a later start"
            raise TermError(msg)
        if terms.fee.currency != last.fee.currency:
            msg = f"terms in {terms.fee.currency} cannot follow terms in {last.fee.currency}: sign a new contract"
            raise TermError(msg)
        return self.moved(event, at, versions=(*self.versions, terms))

    def _terminated(self, body: Terminated, at: datetime, on: date) -> Contract:
        if body.kind is not Ending.NOTICE:
            return self.moved("end_early", at)
        ended = self.moved("terminate", at)
        if self.notice_ends_on is None or on < self.notice_ends_on:
            raise CommandError(
                f"contract {self.number}",
                f"ends on {self.notice_ends_on} after notice, not on {on}",
                "Wait for that day, or end it early.",
            )
        return ended
