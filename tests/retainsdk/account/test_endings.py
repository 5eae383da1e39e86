"""How a relationship ends and begins again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retainsdk.account.endings import missing_steps, winback_contact
from retainsdk.account.standing import tenure_months
from retainsdk.book import Book
from retainsdk.errors import CommandError, RetainError, TransitionError, UnknownReasonError
from retainsdk.events import CommitmentMade
from retainsdk.relationship import Relationship
from retainsdk.relationship.exit import REASONS, ReasonTree
from retainsdk.testing import NOW, SetClock, a_book, a_relationship, at, some_terms
from retainsdk.testing.calls import RELATIONSHIPS, Call, begun
from retainsdk.testing.strategies import histories, told
from retainsdk.vocabulary import (
    Audience,
    CaseKind,
    Channel,
    ClosingStep,
    Ending,
    Promise,
    Reason,
    Side,
    Stage,
    TermKind,
)

Told = Callable[[Book, int, dict[str, Any]], object]
Faults = dict[str, Told]
LEAVING: dict[str, Any] = {"actor": "dana", "occurred_at": at(4, 2)}
TICKED = (ClosingStep.DOCUMENTS_FILED, ClosingStep.THANKED)


def record(book: Book, us: int, body: object, how: dict[str, Any]) -> None:
    book._of("told", us, body, how)  # type: ignore[arg-type] # mypy cannot see the keys


def survey_asked(book: Book, us: int, how: dict[str, Any], *, day: int = 3) -> None:
    book.ask_survey(us, instrument="exit", answer_by=at(4, day), **how)


GOOD: dict[ClosingStep, Told] = {
    ClosingStep.PROMISES_SETTLED: lambda book, us, how: None,  # noqa: ARG005 # nothing was promised
    ClosingStep.DOCUMENTS_FILED: lambda book, us, how: book.do_closing_step(us, step=ClosingStep.DOCUMENTS_FILED, evidence="file 12", **how),
    ClosingStep.REASON_RECORDED: lambda book, us, how: book.record_exit_reason(us, stated=Reason.LIFE_EVENT, evidence="call", **how),
    ClosingStep.SATISFACTION_ASKED: lambda book, us, how: book.answer_survey(us, instrument="exit", score=8, **how),
    ClosingStep.THANKED: lambda book, us, how: book.do_closing_step(us, step=ClosingStep.THANKED, evidence="letter", **how),
}  # fmt: skip
OTHERWISE_GOOD: dict[ClosingStep, list[Told]] = {
    ClosingStep.PROMISES_SETTLED: [
        lambda book, us, how: book.release(us, book.promise(us, kind=Promise.DELIVERY, what="x", due=at(7), **how), evidence="call", **how),
        lambda book, us, how: book.resolve_case(us, book.open_case(us, kind=CaseKind.COMPLAINT, topic="bill", **how), how_done="paid back", **how),
    ],
    ClosingStep.DOCUMENTS_FILED: [
        lambda book, us, how: book.do_closing_step(us, step=ClosingStep.DOCUMENTS_FILED, evidence="there are none", needed=False, **how),
    ],
    ClosingStep.REASON_RECORDED: [
        lambda book, us, how: book.record_exit_reason(us, stated=Reason.NO_NEED_STATED, assessed=Reason.CHEAPER_COMPETITOR, evidence="call", **how),
    ],
    ClosingStep.SATISFACTION_ASKED: [
        survey_asked,
        lambda book, us, how: book.refuse_survey(us, instrument="exit", **how),
        lambda book, us, how: book.do_closing_step(us, step=ClosingStep.SATISFACTION_ASKED, evidence="he died", needed=False, **how),
        lambda book, us, how: book.withdraw_consent(us - 1, purpose="survey", evidence="call", **how),
    ],
    ClosingStep.THANKED: [
        lambda book, us, how: book.do_closing_step(us, step=ClosingStep.THANKED, evidence="asked us not to write", needed=False, **how),
        lambda book, us, how: book.withdraw_consent(us - 1, purpose="personal", evidence="call", **how),
    ],
}  # fmt: skip
BAD: dict[ClosingStep, list[Told]] = {
    ClosingStep.PROMISES_SETTLED: [
        lambda book, us, how: book.promise(us, kind=Promise.DELIVERY, what="x", due=at(7), **how),
        lambda book, us, how: book.open_case(us, kind=CaseKind.COMPLAINT, topic="bill", **how),
    ],
    ClosingStep.DOCUMENTS_FILED: [lambda book, us, how: None],  # noqa: ARG005 # nobody did it
    ClosingStep.REASON_RECORDED: [
        lambda book, us, how: None,  # noqa: ARG005 # nobody did it
        lambda book, us, how: book.record_exit_reason(us, stated=Reason.NO_NEED_STATED, evidence="call", **how),
        lambda book, us, how: book.record_exit_reason(us, stated=Reason.LIFE_EVENT, evidence="of the last time", **{**how, "occurred_at": at(5)}),
    ],
    ClosingStep.SATISFACTION_ASKED: [
        lambda book, us, how: None,  # noqa: ARG005 # nobody did it
        lambda book, us, how: survey_asked(book, us, how, day=20),
        lambda book, us, how: book.answer_survey(us, instrument="exit", score=8, **{**how, "occurred_at": at(3)}),
    ],
    ClosingStep.THANKED: [lambda book, us, how: None],  # noqa: ARG005 # nobody did it
}  # fmt: skip


def leaving(book: Book) -> int:
    us = a_relationship(book, terms=some_terms(notice_days=0))
    book.begin_end(us, by=Side.CUSTOMER, occurred_at=at(4), actor="dana")
    return us


def left(book: Book) -> int:
    us = leaving(book)
    book.complete_end(us, although="he is gone", occurred_at=at(4, 10), actor="dana")
    return us


def kept(book: Book, us: int) -> Relationship:
    return book.account(us).relationship


@pytest.mark.invariant(38)
@given(st.data())
def test_an_end_is_complete_only_with_all_its_closing_steps_and_those_missing_are_all_named(
    data: st.DataObject,
) -> None:
    left_out = data.draw(st.sets(st.sampled_from(ClosingStep)))
    book = a_book()
    us = leaving(book)
    for step in ClosingStep:
        ways = BAD[step] if step in left_out else [GOOD[step], *OTHERWISE_GOOD[step]]
        data.draw(st.sampled_from(ways))(book, us, LEAVING)

    if not left_out:
        assert book.complete_end(us, occurred_at=at(4, 10), actor="dana") is True
        assert kept(book, us).stage is Stage.FORMER
        return
    digest = book.digest()
    with pytest.raises(CommandError) as refused:
        book.complete_end(us, occurred_at=at(4, 10), actor="dana")
    assert book.digest() == digest
    assert {
        step for step in ClosingStep if f"{step.name.lower().replace('_', ' ')} (" in str(refused.value)
    } == left_out
    assert book.complete_end(us, although="he is gone", occurred_at=at(4, 10), actor="dana") is False
    assert set(kept(book, us).closing_steps or ()) == set(ClosingStep) - left_out
    assert kept(book, us).ended_although == "he is gone"


@pytest.mark.invariant(38)
def test_a_promise_broken_is_not_settled_before_it_is_made_good() -> None:
    book = a_book()
    us = leaving(book)
    number = book.promise(us, kind=Promise.DELIVERY, what="final bill", due=at(4, 3), **LEAVING)
    book.break_promise(us, number, occurred_at=at(4, 4), actor="dana")
    book.explain(us, promise=number, what="our fault", occurred_at=at(4, 5), actor="dana")
    account = book.account(us)
    assert missing_steps(account, at(4, 5))[ClosingStep.PROMISES_SETTLED] == "promise 1 is broken: final bill"

    book.remedy(us, number, occurred_at=at(4, 6), actor="dana")

    assert ClosingStep.PROMISES_SETTLED not in missing_steps(book.account(us), at(4, 6))


@pytest.mark.parametrize(
    ("kind", "audience", "due", "goes"),
    [
        (Promise.STEP, Audience.INTERNAL, at(4, 3), True),  # our own reminder, even when it is late
        (Promise.CONTACT, Audience.CUSTOMER, at(5), True),  # owed while he is with us
        (Promise.CONTACT, Audience.CUSTOMER, at(4, 3), False),  # it was due before he went
        (Promise.BENEFIT, Audience.CUSTOMER, at(5), False),  # he has earned it
    ],
)
def test_what_a_duty_owes_only_while_he_is_with_us_ends_with_the_relationship(
    kind: Promise, audience: Audience, due: datetime, *, goes: bool
) -> None:
    book = a_book()
    us = leaving(book)
    owed = CommitmentMade(commitment=1, kind=kind, what="x", due=due, basis="y", duty="z", audience=audience)
    record(book, us, owed, LEAVING)

    assert (ClosingStep.PROMISES_SETTLED in missing_steps(book.account(us), at(4, 10))) != goes
    book.complete_end(us, although="he is gone", occurred_at=at(4, 10), actor="dana")

    account = book.account(us)
    assert account.commitments[1].state == ("voided" if goes else "open")


def test_what_was_done_later_does_not_count_for_an_end_recorded_late() -> None:
    book = a_book()
    us = leaving(book)
    for way in GOOD.values():
        way(book, us, {"actor": "dana", "occurred_at": at(5)})

    with pytest.raises(
        CommandError, match=r"documents filed .* reason recorded .* satisfaction asked .* thanked"
    ):
        book.complete_end(us, occurred_at=at(4, 10), actor="dana")
    assert book.complete_end(us, occurred_at=at(5), actor="dana") is True


def test_what_was_left_out_can_be_made_good_after_the_end() -> None:
    book = a_book()
    us = left(book)
    assert kept(book, us).ended_well is False

    for way in GOOD.values():
        way(book, us, {"actor": "dana", "occurred_at": at(4, 20)})
    for step in (ClosingStep.PROMISES_SETTLED, ClosingStep.SATISFACTION_ASKED):
        book.do_closing_step(us, step=step, evidence="see the book", occurred_at=at(4, 21), actor="dana")

    assert kept(book, us).ended_well is True


@pytest.mark.parametrize("step", [ClosingStep.PROMISES_SETTLED, ClosingStep.REASON_RECORDED])
def test_promises_and_reason_are_neither_waived_nor_done_by_saying_so(step: ClosingStep) -> None:
    book = a_book()
    us = leaving(book)
    book.promise(us, kind=Promise.DELIVERY, what="x", due=at(7), **LEAVING)

    with pytest.raises(CommandError, match="cannot be waived"):
        book.do_closing_step(us, step=step, evidence="x", needed=False, **LEAVING)
    with pytest.raises(CommandError, match="is not done"):
        book.do_closing_step(us, step=step, evidence="x", **LEAVING)


def test_closing_steps_need_evidence_and_a_relationship_that_ends() -> None:
    book = a_book()
    us = a_relationship(book)

    with pytest.raises(CommandError, match="Begin the end first"):
        book.do_closing_step(us, step=ClosingStep.THANKED, evidence="letter", actor="dana")
    book.begin_end(us, actor="dana")
    with pytest.raises(CommandError, match="needs evidence"):
        book.do_closing_step(us, step=ClosingStep.THANKED, evidence=" ", actor="dana")


@pytest.mark.invariant(39)
@given(st.sampled_from(Reason), st.none() | st.sampled_from(Reason))
def test_no_need_is_never_the_true_reason_and_what_is_said_and_what_is_believed_are_both_kept(
    stated: Reason, assessed: Reason | None
) -> None:
    book = a_book()
    us = leaving(book)

    if assessed is Reason.NO_NEED_STATED:
        with pytest.raises(CommandError, match="hides the true one"):
            book.record_exit_reason(us, stated=stated, assessed=assessed, evidence="call", actor="dana")
        return
    book.record_exit_reason(us, stated=stated, assessed=assessed, evidence="call", actor="omer")

    reason = kept(book, us).exit_reason
    assert reason is not None
    assert (reason.stated, reason.assessed, reason.evidence, reason.author) == (
        stated,
        assessed,
        "call",
        "omer",
    )
    is_named = ClosingStep.REASON_RECORDED not in missing_steps(book.account(us), NOW)
    assert is_named == (stated is not Reason.NO_NEED_STATED or assessed is not None)


def test_a_firm_adds_branches_of_its_own_to_the_reasons() -> None:
    book = a_book()
    us = leaving(book)
    told: dict[str, Any] = {
        "stated": Reason.NO_NEED_STATED,
        "assessed": Reason.BETTER_COMPETITOR,
        "evidence": "call",
        "actor": "dana",
    }
    with pytest.raises(UnknownReasonError, match="No detail of a reason to leave is called 'סניף קרוב יותר'"):
        book.record_exit_reason(us, detail="סניף קרוב יותר", **told)

    book.reasons = book.reasons.grown("סניף קרוב יותר", under=Reason.BETTER_COMPETITOR)
    book.record_exit_reason(us, detail="סניף קרוב יותר", **told)

    reason = kept(book, us).exit_reason
    assert reason is not None
    assert reason.detail == "סניף קרוב יותר"
    assert "סניף קרוב יותר" in book.reasons.under(Reason.BETTER_COMPETITOR)
    assert "סניף קרוב יותר" not in REASONS.details


def test_a_detail_hangs_on_its_own_reason_and_on_no_label() -> None:
    book = a_book()
    us = leaving(book)

    with pytest.raises(CommandError, match="'move': is a case of life_event, not of no_need_stated"):
        book.record_exit_reason(
            us, stated=Reason.NO_NEED_STATED, detail="move", evidence="call", actor="dana"
        )
    with pytest.raises(CommandError, match="under 'no need'"):
        ReasonTree({"no use for it": Reason.NO_NEED_STATED})
    with pytest.raises(CommandError, match="needs evidence"):
        book.record_exit_reason(us, stated=Reason.LIFE_EVENT, evidence="", actor="dana")


DAYS = st.integers(11, 28)
PLANS: dict[str, Callable[[Book, int, int, dict[str, Any]], object]] = {
    "bound": lambda book, us, day, how: book.learn_competitor_lock_in(us, competitor="Cellex", until=date(2026, 9, day), source="he", **how),
    "plan": lambda book, us, day, how: book.open_winback(us, plan="call", lead_days=day, **how),
    "close": lambda book, us, _, how: book.close_winback(us, why="x", **how),
    "opt out": lambda book, us, _, how: book.withdraw_consent(us - 1, purpose="win_back", evidence="x", **how),
    "no calls": lambda book, us, _, how: book.withdraw_consent(us - 1, purpose="win_back", channel=Channel.PHONE, evidence="x", **how),
    "opt in": lambda book, us, _, how: book.give_consent(us - 1, purpose="win_back", evidence="x", **how),
    "return": lambda book, us, _, how: book.record_return(us, **how),
}  # fmt: skip


@pytest.mark.invariant(40)
@given(st.lists(st.tuples(st.sampled_from(sorted(PLANS)), DAYS), max_size=12))
def test_a_leaver_who_may_be_won_back_is_due_once_so_many_days_before_he_is_free(
    told: list[tuple[str, int]],
) -> None:
    book = a_book()
    us = left(book)
    until, lead, may, gone = None, None, True, True
    for day, (what, number) in enumerate(told, start=1):
        with suppress(RetainError):
            PLANS[what](book, us, number, {"actor": "dana", "occurred_at": at(5, day)})
        match what:
            case "bound":
                until = date(2026, 9, number)
            case "plan" if gone:
                lead = number
            case "close":
                lead = None
            case "opt out":
                may = False
            case "opt in":
                may = True
            case "return" if gone:
                until, lead, gone = None, None, False

    ledger = book.ledger_of(us)
    due = winback_contact(ledger.account(us), ledger.customers[us - 1])

    is_due = gone and may and until is not None and lead is not None
    assert due == (until - timedelta(days=lead) if is_due and until and lead else None)


def test_a_win_back_plan_says_what_to_do_before_he_is_free() -> None:
    book = a_book()
    us = left(book)

    with pytest.raises(CommandError, match="says nothing and comes 3 days after he is free"):
        book.open_winback(us, plan=" ", lead_days=-3, actor="dana")
    with pytest.raises(CommandError, match="was not open"):
        book.close_winback(us, why="x", actor="dana")


def test_what_was_learned_last_of_a_lock_in_counts_whenever_it_was_recorded() -> None:
    book = a_book()
    us = left(book)
    for until, month in ((date(2026, 12, 1), 6), (date(2026, 9, 1), 5)):
        book.learn_competitor_lock_in(
            us, competitor="x", until=until, source="he", occurred_at=at(month), actor="dana"
        )

    lock_in = kept(book, us).lock_in

    assert lock_in is not None
    assert lock_in[1].until == date(2026, 12, 1)


@pytest.mark.invariant(41)
@given(st.booleans(), st.booleans(), st.integers(4, 6))
def test_to_end_twice_or_to_return_twice_changes_nothing(
    tenure_kept: bool,  # noqa: FBT001 # a parameter of the property
    otherwise: bool,  # noqa: FBT001 # a parameter of the property
    month: int,
) -> None:
    book = a_book()
    us = left(book)
    digest = book.digest()
    assert book.complete_end(us, although="once more", occurred_at=at(month, 11), actor="dana") is False
    with pytest.raises(TransitionError):
        book.begin_end(us, occurred_at=at(month, 11), actor="dana")
    assert book.digest() == digest

    assert book.record_return(us, tenure_kept=tenure_kept, occurred_at=at(5), actor="dana") is True
    digest = book.digest()
    assert book.record_return(us, tenure_kept=otherwise, occurred_at=at(month, 12), actor="dana") is False
    assert book.digest() == digest


@pytest.mark.invariant(41)
@given(st.booleans())
def test_a_return_keeps_the_old_history_and_the_tenure_if_our_policy_does(
    tenure_kept: bool,  # noqa: FBT001 # the parameter of the property
) -> None:
    book = a_book()
    us = left(book)
    before = book.account(us)

    book.record_return(us, tenure_kept=tenure_kept, occurred_at=at(5), actor="dana")

    after = book.account(us)
    assert after.relationship.stage is Stage.ONBOARDING
    assert (after.contracts, after.timeline, after.relationship.exit_reasons) == (
        before.contracts, before.timeline, before.relationship.exit_reasons,
    )  # fmt: skip
    assert after.relationship.spells[0] == before.relationship.spells[0]
    assert tenure_months(after, at(5), UTC) == (3 if tenure_kept else 0)


@pytest.mark.invariant(41)
@settings(max_examples=25)
@given(histories(size=60), st.booleans())
def test_a_return_keeps_all_that_happened_before_whatever_it_was(
    history: list[Call],
    tenure_kept: bool,  # noqa: FBT001 # a parameter of the property
) -> None:
    clock = SetClock()
    book = begun(a_book(clock=clock))
    told(book, history, clock)
    us, now = RELATIONSHIPS[0], dict[str, Any](actor="dana")
    clock.time += timedelta(days=400)
    with suppress(RetainError):
        book.begin_end(us, **now)
    with suppress(RetainError):
        book.terminate(us, kind=Ending.AGREEMENT, evidence="letter of both", **now)
    with suppress(RetainError):
        book.complete_end(us, although="he is gone", **now)
    before, log = book.account(us), list(book.events())
    assume(before.relationship.stage is Stage.FORMER)

    book.record_return(us, tenure_kept=tenure_kept, **now)

    after, then, it = book.account(us), before.relationship, book.account(us).relationship
    same = ("contracts", "commitments", "cases", "offers", "proposals", "timeline", "arms", "changes")
    assert {what: getattr(after, what) for what in same} == {what: getattr(before, what) for what in same}
    assert after.stages[: len(before.stages)] == before.stages
    assert (it.spells[:-1], it.ownership.owners, it.ownership.contributions) == (
        then.spells,
        then.ownership.owners,
        then.ownership.contributions,
    )
    kept_too = ("memberships", "referrals", "exit_reasons", "classified", "reference", "customer")
    assert {what: getattr(it, what) for what in kept_too} == {what: getattr(then, what) for what in kept_too}
    assert list(book.events())[: len(log)] == log
    digest = book.digest()
    assert book.record_return(us, tenure_kept=not tenure_kept, **now) is False
    assert book.digest() == digest


def test_who_never_left_does_not_return() -> None:
    book = a_book()
    us = a_relationship(book)

    with pytest.raises(TransitionError, match="cannot return"):
        book.record_return(us, actor="dana")


@pytest.mark.invariant(20)
def test_the_end_of_a_relationship_is_no_way_round_the_end_of_its_contract() -> None:
    book = a_book()
    bound = a_relationship(book, terms=some_terms(notice_days=30))
    book.begin_end(bound, by=Side.CUSTOMER, occurred_at=at(4), actor="dana")
    digest = book.digest()

    with pytest.raises(CommandError, match="would leave contract 1, "):
        book.complete_end(bound, although="he is gone", occurred_at=at(4, 2), actor="dana")

    assert book.digest() == digest
    book.terminate(bound, kind=Ending.AGREEMENT, evidence="letter 7", occurred_at=at(4, 2), actor="dana")
    assert book.complete_end(bound, although="he is gone", occurred_at=at(4, 2), actor="dana") is False


@pytest.mark.invariant(20)
def test_a_contract_without_notice_period_ends_with_the_relationship_by_notice_of_who_wished_it() -> None:
    book = a_book()
    free = a_relationship(book, terms=some_terms(notice_days=0))
    book.begin_end(free, by=Side.US, occurred_at=at(4), actor="dana")

    book.complete_end(free, although="we stop", occurred_at=at(4, 2), actor="dana")

    contract = book.account(free).contracts[1]
    assert (contract.state, contract.ended_by, contract.notice_by) == ("terminated", Ending.NOTICE, Side.US)
    assert contract.ended_on == date(2026, 4, 2)


def test_steps_that_are_missing_and_a_contract_that_goes_on_are_told_at_once() -> None:
    book = a_book()
    bound = some_terms(kind=TermKind.FIXED, months=24, lock_in_months=24)
    us = a_relationship(book, terms=bound)
    book.begin_end(us, occurred_at=at(4), actor="dana")

    with pytest.raises(CommandError) as refused:
        book.complete_end(us, occurred_at=at(4, 10), actor="dana")

    told = str(refused.value)
    assert "misses documents filed" in told
    assert "would leave contract 1, which is in force" in told
    assert "`although`" in told
    assert "End the contract first" in told
