"""A case: something that needs an answer, a complaint or a threat to leave above all, from opening to settlement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

import attrs

from retainsdk.case.choice import Choice
from retainsdk.case.dispute import Dispute
from retainsdk.errors import CommandError
from retainsdk.events import (
    Acknowledged,
    CaseOpened,
    CaseWithdrawn,
    ClockPaused,
    ClockResumed,
    Closed,
    DisputeStepTaken,
    Escalated,
    HandedOver,
    Merged,
    OptionChosen,
    OptionsOffered,
    Reopened,
    Resolved,
    WorkStarted,
)
from retainsdk.lifecycle import Living, Machine
from retainsdk.vocabulary import CaseKind, DisputeStep, Reason, Side
from retainsdk.wording import in_words

MACHINE = Machine(
    name="case",
    start="new",
    table={
        "new": {
            "acknowledge": "acknowledged",
            "resolve": "resolved",
            "merge": "merged",
            "withdraw": "withdrawn",
        },
        "acknowledged": {
            "start": "in_progress",
            "resolve": "resolved",
            "merge": "merged",
            "withdraw": "withdrawn",
        },
        "in_progress": {
            "await_customer": "pending",
            "escalate": "in_progress",
            "hand_over": "in_progress",
            "resolve": "resolved",
            "withdraw": "withdrawn",
        },
        "pending": {"customer_replied": "in_progress", "resolve": "resolved", "withdraw": "withdrawn"},
        "resolved": {"confirm": "closed", "reopen": "in_progress"},
        "closed": {},
        "merged": {},
        "withdrawn": {},
    },
)


@attrs.frozen
class Handling:
    """
    Who handles a case from when on, until the next.

    Attributes:
        by: The one representative.
        since: From when on.
        why: The reason of the hand-over; empty for the first.
    """

    by: str
    since: datetime
    why: str = ""


@attrs.frozen
class Escalation:
    """
    To whom a case was brought who may decide more.

    Attributes:
        to: The person.
        at: When.
        why: What the handler could not decide.
    """

    to: str
    at: datetime
    why: str


@attrs.frozen
class Pause:
    """
    A time for which the clock of a case stood, because we waited for the customer.

    Attributes:
        began_at: Its first instant.
        ended_at: The first instant after it; none while it lasts.
        why: What we asked him for.
    """

    began_at: datetime
    ended_at: datetime | None
    why: str


@attrs.frozen(kw_only=True)
class Case(Living):
    """
    Something to settle with a customer.

    Attributes:
        number: Within its relationship, from 1.
        kind: What sort of thing.
        topic: In a few words; one that is worded the same is the same topic.
        stated_reason: Why he says he will leave; for a threat only.
        opened_at: When it came up.
        contract: The number of the contract it is about; a dispute climbs its ladder only with one.
        repeats: The first case of the chain it belongs to; none for the first itself.
        news: What is to be broken to the customer; for bad news only.
        handlings: Who has handled it, one after the other.
        escalations: To whom it was brought.
        pauses: When its clock stood.
        choices: What was offered when his wish had to wait or could not be, the last one last.
        turns: Whose turn it became when: ours to answer when it is raised, his when it is settled.
        settled_at: When it was last settled or withdrawn; none while it is open, or went on as another.
        settled_how: How it was settled, the last time.
        reopenings: How often it seemed settled and was not.
        dispute: Where it stands on the ladder; for a dispute only.
        merged_into: The case that goes on in its place.
        numbers: Its own and those of the cases merged into it: a message in any of them is one in this.
    """

    machine: ClassVar[Machine] = MACHINE

    number: int
    kind: CaseKind
    topic: str
    stated_reason: Reason | None
    opened_at: datetime
    contract: int | None
    repeats: int | None
    news: str
    handlings: tuple[Handling, ...]
    escalations: tuple[Escalation, ...] = ()
    pauses: tuple[Pause, ...] = ()
    choices: tuple[Choice, ...] = ()
    turns: tuple[tuple[datetime, Side], ...]
    settled_at: datetime | None = None
    settled_how: str = ""
    reopenings: int = 0
    dispute: Dispute | None = None
    merged_into: int | None = None
    numbers: frozenset[int]

    @classmethod
    def opened(cls, number: int, body: CaseOpened, at: datetime, *, handler: str) -> Case:
        """
        A new case.

        Args:
            number: Within its relationship.
            body: What came up.
            at: When.
            handler: Who handles it, when the event does not name him.

        Raises:
            CommandError: When anything but a threat states a reason to leave, or anything but bad news states news.
        """
        for is_given, owner, what in (
            (body.stated_reason is not None, CaseKind.THREAT, "a reason to leave"),
            (bool(body.news), CaseKind.BAD_NEWS, "news to break"),
        ):
            if is_given and body.kind is not owner:
                raise CommandError(
                    f"a {in_words(body.kind)} with {what}",
                    f"is {_A_KIND[owner]}",
                    f"Open it as {_A_KIND[owner]}, or without {what}.",
                )
        raised_by_customer = body.kind is not CaseKind.BAD_NEWS and body.by is Side.CUSTOMER
        return cls(
            state=MACHINE.start,
            since=at,
            number=number,
            kind=body.kind,
            topic=body.topic,
            stated_reason=body.stated_reason,
            opened_at=at,
            contract=body.contract,
            repeats=body.repeats,
            news=body.news,
            handlings=(Handling(body.handler or handler, at),),
            turns=((at, Side.US if raised_by_customer else Side.CUSTOMER),),
            dispute=Dispute.raised(at) if body.kind is CaseKind.DISPUTE else None,
            numbers=frozenset({number}),
        )

    @property
    def is_open(self) -> bool:
        """Whether it still waits for a settlement."""
        return self.state in {"new", "acknowledged", "in_progress", "pending"}

    @property
    def came_back(self) -> bool:
        """Whether it had been there before, as a sign: one withdrawn or merged away stays in its chain and is none."""
        return self.repeats is not None and self.state not in {"withdrawn", "merged"}

    @property
    def handler(self) -> str:
        """The one representative who handles it, or did last."""
        return self.handlings[-1].by

    @property
    def hand_overs(self) -> int:
        """How often it changed hands."""
        return len(self.handlings) - 1

    @property
    def resolved_at_first_contact(self) -> bool | None:
        """Whether one handler settled it without hand-over, waiting or reopening; none while it is not settled."""
        if self.state not in {"resolved", "closed"}:
            return None
        return not (self.hand_overs or self.pauses or self.reopenings)

    def proves_breach(self, at: datetime) -> bool:
        """Whether it proves, at an instant, that the customer broke the contract: see `Dispute.proves_breach`."""
        was_dropped = self.state in {"withdrawn", "merged"} and self.since <= at
        return self.dispute is not None and not was_dropped and self.dispute.proves_breach(at)

    def after(self, body: CaseEvent, at: datetime) -> Case:
        """
        The case after something happened in it.

        Raises:
            TransitionError: When its lifecycle, or the ladder of its dispute, does not allow it.
            CommandError: When what happened lacks something it needs: a hand-over its reason, a refusal its two
                other ways, a step of the ladder its document.
        """
        return _AFTER[type(body)](self, body, at)

    def absorbing(self, other: Case, at: datetime) -> Case:
        """
        The case that goes on in the place of another: what is owed in that is owed in this.

        Raises:
            CommandError: When it does not go on, or began only later.
        """
        if not self.is_open or at < self.since:
            raise CommandError(
                f"case {self.number}",
                f"is {self.state} since {self.since.isoformat()} and takes up no other at {at.isoformat()}",
                "Merge into a case that is open.",
            )
        turns = tuple(sorted((*self.turns, *other.turns), key=lambda turn: turn[0]))
        return attrs.evolve(self, turns=turns, numbers=self.numbers | other.numbers)


CaseEvent = (
    Acknowledged
    | WorkStarted
    | OptionsOffered
    | OptionChosen
    | HandedOver
    | Escalated
    | ClockPaused
    | ClockResumed
    | Resolved
    | Reopened
    | Closed
    | Merged
    | CaseWithdrawn
    | DisputeStepTaken
)
"""What can happen in a case once it is open."""


_A_KIND = {CaseKind.THREAT: "a threat to leave", CaseKind.BAD_NEWS: "bad news"}


def _said(what: str, text: str, remedy: str) -> None:
    if not text.strip():
        raise CommandError(what, "is not said", remedy)


def _settled(case: Case, event: str, at: datetime, how: str) -> Case:
    settled = case.moved(event, at, settled_at=at, settled_how=how)
    return attrs.evolve(settled, pauses=_resumed(case, at), turns=(*case.turns, (at, Side.CUSTOMER)))


def _resumed(case: Case, at: datetime) -> tuple[Pause, ...]:
    if case.state != "pending":
        return case.pauses
    return (*case.pauses[:-1], attrs.evolve(case.pauses[-1], ended_at=at))


def _refuse_unless_open(what: str, case: Case, at: datetime) -> None:
    if not case.is_open or at < case.since:
        raise CommandError(
            f"{what} on {at.isoformat()}",
            f"comes to a case that is {case.state} since {case.since.isoformat()}",
            "Do it while the case is open, at the instant it really happened.",
        )


# What each event does to a case; the table below pairs them.


def _acknowledge(case: Case, body: Acknowledged, at: datetime) -> Case:
    acknowledged = case.moved("acknowledge", at)
    if body.handler and body.handler != case.handler:
        raise CommandError(
            f"case {case.number}",
            f"is handled by {case.handler}, not by {body.handler}",
            "Acknowledge it in his name; once work has started, hand it over with the reason.",
        )
    return acknowledged


def _offer(case: Case, body: OptionsOffered, at: datetime) -> Case:
    _refuse_unless_open("an offer of other ways", case, at)
    return attrs.evolve(case, choices=(*case.choices, Choice.offered(body, at)))


def _choose(case: Case, body: OptionChosen, at: datetime) -> Case:
    _refuse_unless_open("a choice", case, at)
    if not case.choices:
        raise CommandError(
            f"the choice {body.option!r}", "answers no offer of other ways", "Offer him ways to choose from."
        )
    return attrs.evolve(case, choices=(*case.choices[:-1], case.choices[-1].after(body, at)))


def _hand_over(case: Case, body: HandedOver, at: datetime) -> Case:
    handling = Handling(body.to, at, body.why)
    handed = case.moved("hand_over", at, handlings=(*case.handlings, handling))
    _said("to whom the case goes", body.to, "Name one representative.")
    _said("why the case changes hands", body.why, "Give the reason; hand-overs are counted.")
    _refuse_himself("handed over", case, body.to)
    return handed


def _escalate(case: Case, body: Escalated, at: datetime) -> Case:
    escalated = case.moved("escalate", at, escalations=(*case.escalations, Escalation(body.to, at, body.why)))
    _said("to whom the case is brought", body.to, "Name the person who may decide more.")
    _said("why the case is brought to him", body.why, "Say what the handler cannot decide.")
    _refuse_himself("escalated", case, body.to)
    return escalated


def _refuse_himself(what: str, case: Case, to: str) -> None:
    if to == case.handler:
        raise CommandError(f"case {case.number}", f"is handled by {to} already", f"It is {what} to another.")


def _pause(case: Case, body: ClockPaused, at: datetime) -> Case:
    paused = case.moved("await_customer", at, pauses=(*case.pauses, Pause(at, None, body.why)))
    _said("what we wait for", body.why, "Say what the customer was asked for.")
    return paused


def _resume(case: Case, _body: ClockResumed, at: datetime) -> Case:
    return case.moved("customer_replied", at, pauses=_resumed(case, at))


def _resolve(case: Case, body: Resolved, at: datetime) -> Case:
    resolved = _settled(case, "resolve", at, body.how)
    if case.dispute is not None:
        raise CommandError(
            f"dispute {case.number}",
            "is not over by being called settled",
            "Take the step that settles it, with its document; parting is possible after all other steps.",
        )
    return resolved


def _reopen(case: Case, body: Reopened, at: datetime) -> Case:
    turns = (*case.turns, (at, Side.US))
    reopened = case.moved("reopen", at, reopenings=case.reopenings + 1, settled_at=None, turns=turns)
    _said("why the case is open again", body.why, "Say what was not settled.")
    if case.dispute is not None:
        raise CommandError(
            f"dispute {case.number}",
            f"is {case.dispute.state}, and that is final",
            "Open another dispute that repeats it.",
        )
    return reopened


def _close(case: Case, _body: Closed, at: datetime) -> Case:
    return case.moved("confirm", at, turns=(*case.turns, (at, Side.CUSTOMER)))


def _merge(case: Case, body: Merged, at: datetime) -> Case:
    merged = case.moved("merge", at, merged_into=body.into)
    if body.into == case.number:
        raise CommandError(f"case {case.number}", "is itself", "Merge it into another one.")
    if case.dispute is not None and case.dispute.rungs:
        raise CommandError(
            f"dispute {case.number}",
            f"stands on its ladder already ({case.dispute.state})",
            "Merge the other case into it.",
        )
    return merged


def _withdraw(case: Case, body: CaseWithdrawn, at: datetime) -> Case:
    withdrawn = _settled(case, "withdraw", at, body.why)
    _said("why the case needs no answer", body.why, "Give the reason.")
    return withdrawn


def _climb(case: Case, body: DisputeStepTaken, at: datetime) -> Case:
    if case.dispute is None:
        raise CommandError(
            f"case {case.number}",
            f"is {_A_KIND.get(case.kind, f'a {in_words(case.kind)}')}, no dispute",
            "Open a dispute for it.",
        )
    contract = case.contract if body.contract is None else body.contract
    if case.contract not in {None, contract}:
        raise CommandError(
            f"dispute {case.number}",
            f"is about contract {case.contract}, not about {contract}",
            "Open another dispute for that one, or leave out `contract`.",
        )
    climbed = attrs.evolve(case, contract=contract, dispute=case.dispute.after(body, at))
    if body.step in {DisputeStep.SETTLED, DisputeStep.PARTED}:
        return _settled(climbed, "resolve", at, f"{body.step.name.lower()}: {body.document}")
    _refuse_unless_open("a step of a dispute", case, at)
    if contract is None:
        raise CommandError(
            f"dispute {case.number}",
            "is about no contract, so there is none to go back to",
            "Record the contract that was signed, name it in `contract`, and go back to it; or settle the dispute.",
        )
    if body.by == case.handler:
        raise CommandError(
            f"mediation by {body.by}",
            "is by him who handles the dispute",
            "Ask a third party: another representative, or somebody neutral.",
        )
    return climbed


_AFTER: Mapping[type, Callable[[Case, Any, datetime], Case]] = {
    Acknowledged: _acknowledge,
    WorkStarted: lambda case, _body, at: case.moved("start", at),
    OptionsOffered: _offer,
    OptionChosen: _choose,
    HandedOver: _hand_over,
    Escalated: _escalate,
    ClockPaused: _pause,
    ClockResumed: _resume,
    Resolved: _resolve,
    Reopened: _reopen,
    Closed: _close,
    Merged: _merge,
    CaseWithdrawn: _withdraw,
    DisputeStepTaken: _climb,
}
