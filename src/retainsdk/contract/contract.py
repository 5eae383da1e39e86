"""A contract: from the draft and the engagement letter over versions of signed terms to its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

import attrs

from retainsdk.contract.amendment import Amendments, accepted, proposed, refuse_no_renewal, rejected
from retainsdk.contract.termination import BREACHES, refuse_unfounded
from retainsdk.errors import CommandError, TermError
from retainsdk.events import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentRejected,
    Completed,
    Declined,
    DraftDiscarded,
    Expired,
    Lapsed,
    LetterAccepted,
    LetterWithdrawn,
    NoticeGiven,
    NoticeRescinded,
    Offered,
    Renewed,
    Resumed,
    Signed,
    Superseded,
    Suspended,
    Terminated,
    TermsDrafted,
    WorkRecorded,
)
from retainsdk.lifecycle import Living, Machine
from retainsdk.terms import Terms, differences
from retainsdk.vocabulary import Ending, Side

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
_SIGNED = MACHINE.step(MACHINE.step(MACHINE.start, "offer"), "sign")


@attrs.frozen(kw_only=True)
class Letter:
    """An engagement letter the customer accepted: when, and where the paper is."""

    at: datetime
    document: str


@attrs.frozen(kw_only=True)
class Signature:
    """When both sides had signed and on what day, by whom, and where the paper is."""

    at: datetime
    on: date
    by_us: str
    by_customer: str
    document: str


@attrs.frozen(kw_only=True)
class Work:
    """Work done under a contract: when and on what day, on what item, what, and for how long."""

    at: datetime
    on: date
    item: str
    what: str
    minutes: int


@attrs.frozen(kw_only=True)
class Contract(Living):
    """
    What we and a customer agreed in writing, or are about to.

    Attributes:
        number: Within its relationship, from 1.
        versions: Of the terms, by the day each starts; before the signature the draft alone.
        offered_until: The last day on which the offer can be taken; none when it is open without a day.
        letter: The engagement letter, once accepted.
        signature: Once both signed.
        amendments: All that were proposed or agreed, by number.
        work: All that was recorded under it.
        suspended_until: The day service is expected back; none when it does not rest or nobody said.
        notice_ends_on: First day without service after notice; none without notice.
        notice_by: Who gave it.
        ended_on: First day on which it is no longer in force; none until it has ended.
        ended_by: How it was terminated; none for other ends.
    """

    machine: ClassVar[Machine] = MACHINE

    number: int
    versions: tuple[Terms, ...]
    offered_until: date | None = None
    letter: Letter | None = None
    signature: Signature | None = None
    amendments: Amendments = ()
    work: tuple[Work, ...] = ()
    suspended_until: date | None = None
    notice_ends_on: date | None = None
    notice_by: Side | None = None
    ended_on: date | None = None
    ended_by: Ending | None = None

    @classmethod
    def drafted(cls, number: int, body: TermsDrafted, at: datetime) -> Contract:
        """A draft that nobody has seen yet."""
        return cls(state=MACHINE.start, since=at, number=number, versions=(body.terms,))

    @classmethod
    def signed(cls, number: int, body: Signed, at: datetime, on: date) -> Contract:
        """A contract on the day it is signed; that it was drafted and offered first goes without saying."""
        signature = _signature(body, at, on)
        return cls(state=_SIGNED, since=at, number=number, versions=(body.terms,), signature=signature)

    @property
    def is_running(self) -> bool:
        """Whether both signed it and it has not ended."""
        return self.signature is not None and self.state not in MACHINE.final

    @property
    def signed_at(self) -> datetime | None:
        """When both had signed."""
        return None if self.signature is None else self.signature.at

    @property
    def starts_on(self) -> date:
        """First day of service."""
        return self.versions[0].starts_on

    @property
    def ends_on(self) -> date | None:
        """First day on which it is not in force, after the end, notice or a fixed term; none when it goes on."""
        if self.ended_on is not None:
            return self.ended_on
        return self.versions[-1].ends_on if self.notice_ends_on is None else self.notice_ends_on

    @property
    def out_of_scope(self) -> tuple[Work, ...]:
        """Work on items that did not stand in the scope of the day. It costs nothing until an amendment says so."""
        return tuple(work for work in self.work if not self.terms_on(work.on).covers(work.item))

    def terms_on(self, on: date) -> Terms:
        """The version agreed for a day; before the first day of service, the first."""
        if len(self.versions) == 1:  # nearly always
            return self.versions[0]
        started = [terms for terms in self.versions if terms.starts_on <= on]
        return started[-1] if started else self.versions[0]

    def terms_in_force(self, on: date) -> Terms | None:
        """The one version in force on a day; none before the first day of service and from the end on."""
        if self.signature is None or on < self.starts_on:
            return None
        return self.terms_on(on) if self.ends_on is None or on < self.ends_on else None

    def earliest_end(self, notice_on: date) -> date:
        """The first day on which notice given on a day can end it, whatever terms come into force until then."""
        end = self.terms_on(notice_on).earliest_end(notice_on)
        for terms in self.versions:
            if notice_on < terms.starts_on < end:
                end = max(end, terms.earliest_end(notice_on))
        return end

    def agreement(self, terms: Terms) -> AmendmentAccepted:
        """The event by which both sides agree at once on other terms; it names all that differs."""
        return AmendmentAccepted(terms=terms, subjects=differences(self.versions[-1], terms))

    def proposal(self, terms: Terms, *, by: Side) -> AmendmentProposed:
        """The event by which one side proposes other terms; it names all that differs."""
        subjects = differences(self.versions[-1], terms)
        return AmendmentProposed(amendment=len(self.amendments) + 1, by=by, subjects=subjects, terms=terms)

    def ending(self, on: date) -> Terminated | Expired:
        """The event that says truly how this contract ends when it ends on a day and nobody says how."""
        ends_on = self.versions[-1].ends_on
        if self.state != "notice" and ends_on is not None and ends_on <= on:
            return Expired()
        early = self.notice_ends_on is None or on < self.notice_ends_on
        return Terminated(kind=Ending.UNKNOWN) if early else self._end_after_notice()

    def after(self, body: ContractEvent, at: datetime, on: date) -> Contract:
        """
        The contract after something happened to it.

        Args:
            body: What happened.
            at: When.
            on: The same day in the book's zone.

        Raises:
            TermError: For follow-up terms that do not follow.
            CommandError: For anything else its terms do not allow on that day, with the first possible one.
            TransitionError: When the contract is in no state for it.
        """
        return self._after[type(body)](self, body, at, on)

    # before the signature

    def _revised(self, body: TermsDrafted, at: datetime, _on: date) -> Contract:
        return self.moved("revise", at, versions=(body.terms,), offered_until=None)

    def _discarded(self, _body: DraftDiscarded, at: datetime, _on: date) -> Contract:
        return self.moved("discard", at)

    def _offered(self, body: Offered, at: datetime, on: date) -> Contract:
        offered = self.moved("offer", at, offered_until=body.valid_until)
        if body.valid_until is not None and body.valid_until < on:
            raise CommandError(
                f"an offer open until {body.valid_until}",
                f"is made on {on}",
                "Keep it open until a later day.",
            )
        return offered

    def _declined(self, _body: Declined, at: datetime, _on: date) -> Contract:
        return self.moved("decline", at)

    def _lapsed(self, _body: Lapsed, at: datetime, on: date) -> Contract:
        lapsed = self.moved("lapse", at)
        if self.offered_until is None or on <= self.offered_until:
            raise CommandError(
                f"the offer of contract {self.number}",
                f"is open until {self.offered_until or 'somebody answers'}",
                "Record that he declined, or revise the terms.",
            )
        return lapsed

    def _engaged(self, body: LetterAccepted, at: datetime, on: date) -> Contract:
        engaged = self.moved("accept_letter", at, letter=Letter(at=at, document=body.document))
        self._refuse_late_answer(on)
        if not body.document.strip():
            raise CommandError("an engagement letter", "is a document", "Say where it is.")
        return engaged

    def _withdrawn(self, _body: LetterWithdrawn, at: datetime, on: date) -> Contract:
        return self.moved("withdraw", at, ended_on=on)

    def _signed(self, body: Signed, at: datetime, on: date) -> Contract:
        signed = self.moved("sign", at, signature=_signature(body, at, on))
        if self.letter is None:
            self._refuse_late_answer(on)
        if body.terms != self.versions[0]:
            raise TermError(
                f"contract {self.number}: the terms signed are not those offered. Revise and offer them again."
            )
        if not body.by_us.strip() or not body.by_customer.strip():
            raise CommandError(
                f"contract {self.number}",
                "needs the signature of both sides",
                "Name who signed in `by_us` and `by_customer`.",
            )
        return signed

    def _refuse_late_answer(self, on: date) -> None:
        if self.offered_until is not None and on > self.offered_until:
            raise CommandError(
                f"the offer of contract {self.number}",
                f"was open until {self.offered_until}, not on {on}",
                "Let it lapse, or revise the terms and offer them again.",
            )

    # other terms

    def _proposed(self, body: AmendmentProposed, at: datetime, _on: date) -> Contract:
        self.moved("amend", at)  # what cannot be amended cannot be proposed
        return attrs.evolve(self, amendments=proposed(self.amendments, self.versions[-1], body, at))

    def _amended(self, body: AmendmentAccepted, at: datetime, on: date) -> Contract:
        amended = self.moved("amend", at, versions=(*self.versions, body.terms))
        return attrs.evolve(amended, amendments=accepted(self.amendments, self.versions[-1], body, at, on))

    def _rejected(self, body: AmendmentRejected, at: datetime, _on: date) -> Contract:
        return attrs.evolve(self, amendments=rejected(self.amendments, body, at))

    def _renewed(self, body: Renewed, at: datetime, on: date) -> Contract:
        renewed = self.moved("renew", at, versions=(*self.versions, body.terms))
        refuse_no_renewal(self.versions[-1], body.terms, on)
        return renewed

    # rests and ends

    def _suspended(self, body: Suspended, at: datetime, on: date) -> Contract:
        suspended = self.moved("suspend", at, suspended_until=body.until)
        if body.until is not None and body.until <= on:
            raise CommandError(f"a rest until {body.until}", f"begins on {on}", "Name a later day, or none.")
        return suspended

    def _resumed(self, _body: Resumed, at: datetime, _on: date) -> Contract:
        return self.moved("resume", at, suspended_until=None)

    def _noticed(self, body: NoticeGiven, at: datetime, on: date) -> Contract:
        noticed = self.moved("give_notice", at, notice_ends_on=body.ends_on, notice_by=body.by)
        earliest, ends_on = self.earliest_end(on), self.versions[-1].ends_on
        if body.ends_on < earliest:
            raise CommandError(
                f"end on {body.ends_on}",
                f"comes before lock-in and notice period are over on {earliest}",
                "Name that day or a later one, or end the contract early.",
            )
        if ends_on is not None and body.ends_on > ends_on:
            raise CommandError(
                f"end on {body.ends_on}",
                f"comes after the fixed term ends by itself on {ends_on}",
                "Let the contract expire, or end it early.",
            )
        return noticed

    def _rescinded(self, _body: NoticeRescinded, at: datetime, _on: date) -> Contract:
        return self.moved("rescind_notice", at, notice_ends_on=None, notice_by=None)

    def _terminated(self, body: Terminated, at: datetime, on: date) -> Contract:
        if body.kind is Ending.NOTICE:
            return self._ended_after_notice(body, at, on)
        event = "terminate_for_breach" if body.kind in BREACHES else "end_early"
        ended = self.moved(event, at, ended_on=self._over_on(on), ended_by=body.kind)
        if self.signature is not None:
            refuse_unfounded(body, terms=self.terms_on(on), signed_on=self.signature.on, on=on)
        return ended

    def _ended_after_notice(self, body: Terminated, at: datetime, on: date) -> Contract:
        ended = self.moved("terminate", at, ended_on=self.notice_ends_on, ended_by=body.kind)
        if self.notice_ends_on is None or on < self.notice_ends_on:
            raise CommandError(
                f"contract {self.number}",
                f"ends on {self.notice_ends_on} after notice, not on {on}",
                "Wait for that day, or end it early.",
            )
        if attrs.evolve(body, evidence="") != self._end_after_notice():
            raise CommandError(
                f"the end of contract {self.number} after notice",
                "is by the side that gave it, costs no fee and rests on no case",
                "Leave these out, or name another kind of end.",
            )
        return ended

    def _end_after_notice(self) -> Terminated:
        return Terminated(kind=Ending.NOTICE, by=Side.CUSTOMER if self.notice_by is None else self.notice_by)

    def _completed(self, body: Completed, at: datetime, on: date) -> Contract:
        completed = self.moved("complete", at, ended_on=self._over_on(on))
        terms, wrong = self.terms_on(on), []
        if not terms.scope:
            wrong.append("has no scope that could be done")
        if terms.binds(on):
            wrong.append(f"binds the customer until {terms.lock_in_ends_on}")
        if not body.evidence.strip():
            wrong.append("is not complete without evidence")
        if wrong:
            raise CommandError(
                f"contract {self.number}",
                "; ".join(wrong),
                "Say what proves that all was done, or end the contract another way.",
            )
        return completed

    def _expired(self, _body: Expired, at: datetime, on: date) -> Contract:
        ends_on = self.versions[-1].ends_on
        if ends_on is None or on < ends_on:
            raise CommandError(
                f"contract {self.number}", f"does not expire by {on}", "Give notice, or end it early."
            )
        return self.moved("expire", at, ended_on=ends_on)

    def _superseded(self, _body: Superseded, at: datetime, on: date) -> Contract:
        return self.moved("supersede", at, ended_on=self._over_on(on))

    def _over_on(self, on: date) -> date:
        ends_on = self.versions[-1].ends_on  # a fixed term is over then, whenever the end is recorded
        return on if ends_on is None else min(on, ends_on)

    # work

    def _worked(self, body: WorkRecorded, at: datetime, on: date) -> Contract:
        began = self.letter.at if self.letter is not None else self.signed_at
        over = self.state in MACHINE.final and at > self.since
        if began is None or at < began or over:
            raise CommandError(
                f"work on {body.item!r} at {at.isoformat()}",
                f"is not done under contract {self.number}, which is {self.state}",
                "Record it under the contract that was engaged or in force then.",
            )
        if not body.item.strip() or body.minutes < 0:
            raise CommandError(
                f"{body.minutes} minutes of work on {body.item!r}",
                "names no item or takes less than no time",
                "Say what was worked on and for how long.",
            )
        work = Work(at=at, on=on, item=body.item, what=body.what, minutes=body.minutes)
        return attrs.evolve(self, work=(*self.work, work))

    _after: ClassVar[Mapping[type, Callable[[Contract, Any, datetime, date], Contract]]] = {
        TermsDrafted: _revised,
        DraftDiscarded: _discarded,
        Offered: _offered,
        Declined: _declined,
        Lapsed: _lapsed,
        LetterAccepted: _engaged,
        LetterWithdrawn: _withdrawn,
        Signed: _signed,
        AmendmentProposed: _proposed,
        AmendmentAccepted: _amended,
        AmendmentRejected: _rejected,
        Renewed: _renewed,
        Suspended: _suspended,
        Resumed: _resumed,
        NoticeGiven: _noticed,
        NoticeRescinded: _rescinded,
        Terminated: _terminated,
        Completed: _completed,
        Expired: _expired,
        Superseded: _superseded,
        WorkRecorded: _worked,
    }


def _signature(body: Signed, at: datetime, on: date) -> Signature:
    return Signature(at=at, on=on, by_us=body.by_us, by_customer=body.by_customer, document=body.document)


ContractEvent = (
    TermsDrafted
    | DraftDiscarded
    | Offered
    | Declined
    | Lapsed
    | LetterAccepted
    | LetterWithdrawn
    | Signed
    | AmendmentProposed
    | AmendmentAccepted
    | AmendmentRejected
    | Renewed
    | Suspended
    | Resumed
    | NoticeGiven
    | NoticeRescinded
    | Terminated
    | Completed
    | Expired
    | Superseded
    | WorkRecorded
)
"""All that can happen to a contract."""
