"""What happens to an account's relationship when it ends, and when the customer comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

import attrs

from retainsdk.account.state import Account, Moment
from retainsdk.case import Case
from retainsdk.commitment import Commitment
from retainsdk.customer import Customer
from retainsdk.errors import CommandError
from retainsdk.events import (
    ClosingStepDone,
    CompetitorLockInLearned,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    Returned,
    Saved,
    WinbackClosed,
    WinbackOpened,
)
from retainsdk.relationship import Spell
from retainsdk.relationship.exit import BORNE_OUT, ClosingNote, ExitReason, WinbackPlan
from retainsdk.relationship.foundations import Foundations
from retainsdk.vocabulary import Audience, CaseKind, Channel, ClosingStep, Origin, Promise, Side, Stage
from retainsdk.wording import in_words


def missing_steps(account: Account, at: datetime) -> dict[ClosingStep, str]:
    """
    The steps a good ending still misses at an instant, each with what is missing.

    Args:
        account: Of a relationship that ends or has ended.
        at: The instant; what happened later does not count.
    """
    notes = {note.step for note in _notes(account, at)}
    found = {
        ClosingStep.PROMISES_SETTLED: "; ".join(_unsettled(account, at)),
        ClosingStep.DOCUMENTS_FILED: ""
        if ClosingStep.DOCUMENTS_FILED in notes
        else "nobody says the papers are complete",
        ClosingStep.REASON_RECORDED: _unexplained(account, at),
        ClosingStep.SATISFACTION_ASKED: _unasked(account, at),
        ClosingStep.THANKED: "" if ClosingStep.THANKED in notes else "he was not thanked",
    }
    return {step: what for step, what in found.items() if what}


def winback_contact(account: Account, customer: Customer) -> date | None:
    """
    The day on which to turn to a leaver, before the competitor's lock-in lets him go (CONCEPTS B1).

    It may have passed already, when the lock-in became known late.

    Args:
        account: His account.
        customer: He himself, who may have refused to be won back.

    Returns:
        None when he is no leaver, there is no open plan, nobody knows when he is free, or every channel is refused.
    """
    it = account.relationship
    if it.stage is not Stage.FORMER or it.winback is None or it.lock_in is None:
        return None
    if not any(customer.may_be_contacted("win_back", channel) for channel in Channel):
        return None
    return it.lock_in[1].until - timedelta(days=it.winback.lead_days)


def lapsing(account: Account, at: datetime) -> list[Commitment]:
    """
    The open commitments that lose what they followed from when the relationship ends at an instant.

    They were made by duties: our own reminders, and what we owe only as long as he is with us and is not due yet.
    """
    return [
        promise
        for promise in account.commitments.values()
        if promise.is_open and promise.since <= at and _goes_with_it(promise, at)
    ]


_WHILE_WITH_US = frozenset(
    {Promise.CONTACT, Promise.REPORT, Promise.REVIEW, Promise.NOTICE, Promise.OCCASION, Promise.STEP}
)


def _notes(account: Account, at: datetime) -> Iterator[ClosingNote]:
    return (note for note in account.relationship.closing_notes if note.at <= at)


def _unsettled(account: Account, at: datetime) -> Iterator[str]:
    for promise in account.commitments.values():
        if promise.made_at <= at and _owed(promise, at):
            yield f"promise {promise.number} is {promise.state if promise.since <= at else 'open'}: {promise.what}"
    for number, case in account.cases.items():
        if case.kind is CaseKind.COMPLAINT and case.opened_at <= at and _pending(case, at):
            yield f"complaint {number} is not settled: {case.topic}"


def _owed(promise: Commitment, at: datetime) -> bool:
    if promise.since > at:
        return True
    if promise.state == "broken":  # settled once it is made good: apology and compensation where due
        return promise.by is Side.US and promise.audience is Audience.CUSTOMER
    return promise.is_open and not _goes_with_it(promise, at)


def _goes_with_it(promise: Commitment, at: datetime) -> bool:
    own = promise.audience is Audience.INTERNAL
    return promise.duty != "" and (own or (promise.kind in _WHILE_WITH_US and at < promise.due))


def _pending(case: Case, at: datetime) -> bool:
    return case.since > at or case.is_open


def _unexplained(account: Account, at: datetime) -> str:
    it = account.relationship
    given = [reason for reason in it.exit_reasons if it.began_at <= reason.at <= at]
    if not given:
        return "no reason was recorded"
    return "" if given[-1].is_leaf else "'no need' hides the true reason: assess it"


def _unasked(account: Account, at: datetime) -> str:
    if any(note.step is ClosingStep.SATISFACTION_ASKED and not note.needed for note in _notes(account, at)):
        return ""
    begun = account.relationship.end_begun
    if begun is None:
        return "the end has not begun"
    waiting = []
    for survey in account.timeline.surveys():
        if survey.answered_at is not None and begun[0] <= survey.answered_at <= at:
            return ""
        if survey.asked_at is not None and survey.answer_by is not None and begun[0] <= survey.asked_at <= at:
            waiting.append(survey.answer_by)
    if not waiting:
        return "he was not asked how satisfied he is"
    return "" if min(waiting) <= at else f"he may answer the survey until {min(waiting).isoformat()}"


def _begin_end(account: Account, body: EndBegun, moment: Moment) -> None:
    account.relationship = account.relationship.moved(
        "begin_end", moment.at, end_begun=(moment.at, body.by), closing_notes=()
    )


def _save(account: Account, _body: Saved, moment: Moment) -> None:
    account.relationship = account.relationship.moved("save", moment.at, end_begun=None, closing_notes=())


def _explain(account: Account, body: ExitReasonRecorded, moment: Moment) -> None:
    it, reason = account.relationship, ExitReason.recorded(body, moment.at, moment.actor)
    reasons = sorted(
        (*it.exit_reasons, reason), key=lambda each: each.at
    )  # stable: of equals the last counts
    explained = attrs.evolve(it, exit_reasons=tuple(reasons))
    account.relationship = explained.with_step(ClosingStep.REASON_RECORDED) if reason.is_leaf else explained


def _note(account: Account, body: ClosingStepDone, moment: Moment) -> None:
    it = account.relationship
    what = f"closing step {in_words(body.step)}"
    if it.end_begun is None or moment.at < it.end_begun[0]:
        raise CommandError(
            f"{what} at {moment.at.isoformat()}",
            "is for a relationship that ends, and this one did not then",
            "Begin the end first.",
        )
    note = ClosingNote.noted(body, moment.at, moment.actor)
    if note.needed and note.step in BORNE_OUT and (why := missing_steps(account, moment.at).get(note.step)):
        raise CommandError(what, f"is not done: {why}", "Do it; the book shows that it is done.")
    noted = attrs.evolve(it, closing_notes=(*it.closing_notes, note))
    account.relationship = noted.with_step(note.step)


def _complete_end(account: Account, body: EndCompleted, moment: Moment) -> None:
    ended = account.relationship.with_spell_ended(
        "complete_end", moment.at, closing_steps=body.steps, ended_although=body.although
    )
    if body.steps is not None and not body.although.strip():
        left_out = {step: "left out" for step in ClosingStep if step not in body.steps}
        refuse_missing({**left_out, **missing_steps(account, moment.at)})
    account.relationship = ended


def refuse_missing(missing: Mapping[ClosingStep, str]) -> None:
    """
    Nothing, when no closing step is missing.

    Raises:
        CommandError: When some are; all are named.
    """
    if missing:
        raise CommandError("the end", missed(missing), DO_THESE)


DO_THESE = "Do these, or say in `although` why it ended without them."


def missed(missing: Mapping[ClosingStep, str]) -> str:
    """What a good ending misses, in words."""
    named = (f"{in_words(step)} ({missing[step]})" for step in ClosingStep if step in missing)
    return f"misses {'; '.join(named)}"


def _bind(account: Account, body: CompetitorLockInLearned, moment: Moment) -> None:
    it = account.relationship
    if moment.at >= it.began_at and (it.lock_in is None or moment.at >= it.lock_in[0]):
        account.relationship = attrs.evolve(it, lock_in=(moment.at, body))


def _open_winback(account: Account, body: WinbackOpened, moment: Moment) -> None:
    it = account.relationship
    if it.stage is not Stage.FORMER or moment.at < it.since:
        raise CommandError(
            "a win-back plan",
            f"is for leavers, and at {moment.at.isoformat()} this one had not left",
            "Record his end first.",
        )
    plan = WinbackPlan.opened(body, moment.at)
    if it.winback is None or moment.at >= it.winback.opened_at:
        account.relationship = attrs.evolve(it, winback=plan)


def _close_winback(account: Account, _body: WinbackClosed, moment: Moment) -> None:
    it = account.relationship
    if it.winback is None or moment.at < it.winback.opened_at:
        raise CommandError(
            "a win-back plan", f"was not open at {moment.at.isoformat()}", "Nothing needs closing."
        )
    account.relationship = attrs.evolve(it, winback=None)


def _return(account: Account, body: Returned, moment: Moment) -> None:
    it = account.relationship
    account.relationship = it.moved(
        "return",
        moment.at,
        spells=(*it.spells, Spell(began=moment.at, tenure_kept=body.tenure_kept)),
        origin=Origin.RETURN,
        foundations=Foundations(),
        end_begun=None,
        closing_notes=(),
        closing_steps=None,
        ended_although="",
        lock_in=None,
        winback=None,
    )


HANDLERS: Mapping[type, Callable[..., None]] = {
    CompetitorLockInLearned: _bind,
    EndBegun: _begin_end,
    Saved: _save,
    ExitReasonRecorded: _explain,
    ClosingStepDone: _note,
    EndCompleted: _complete_end,
    WinbackOpened: _open_winback,
    WinbackClosed: _close_winback,
    Returned: _return,
}
