from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.contract import Contract
from retainsdk.errors import CommandError, RetainError, TransitionError, UnknownIdError
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import CaseKind, DisputeStep, Ending, Promise, Side, Stage, TermKind

Tell = Callable[[Book, int, dict[str, Any]], object]


def contract(book: Book, us: int, number: int | None = None) -> Contract:
    account = book.account(us)
    found = account.contract if number is None else account.contracts[number]
    assert found is not None
    return found


def offered(book: Book, us: int, terms: Terms | None = None, valid_until: date | None = None) -> int:
    number = book.draft_terms(us, terms=terms or some_terms(), occurred_at=at(2), actor="dana")
    book.offer_terms(us, number, valid_until=valid_until, occurred_at=at(2, 2), actor="dana")
    return number


def disputed(book: Book, us: int, *, cooling_days: int = 10, about: int | None = None) -> int:
    case = book.open_case(
        us, kind=CaseKind.DISPUTE, topic="fees unpaid", contract=about, occurred_at=at(2), actor="dana"
    )
    for day, step in enumerate(
        (
            DisputeStep.CONTRACT_REVISITED,
            DisputeStep.MEDIATION,
            DisputeStep.FACTS_RECORDED,
            DisputeStep.BREACH_NOTIFIED,
            DisputeStep.COOLING_OFF,
        ),
        start=3,
    ):
        book.take_dispute_step(
            us,
            case,
            step=step,
            document=f"paper {step.name}",
            by="the mediator",
            until=at(2, day + cooling_days) if step is DisputeStep.COOLING_OFF else None,
            occurred_at=at(2, day),
            actor="dana",
        )
    return case


def test_terms_are_drafted_offered_revised_and_signed_as_they_were_offered() -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    number = offered(book, us, some_terms(fee=Money(40, "EUR")))
    how: dict[str, Any] = {"actor": "dana", "occurred_at": at(2, 3)}

    book.revise_terms(us, number, terms=some_terms(fee=Money(30, "EUR")), **how)
    book.offer_terms(us, number, **how)
    book.sign(us, contract=number, by_us="dana", by_customer="Noa", document="scan 7", **how)

    signed = contract(book, us)
    assert signed.state == "in_force"
    assert signed.versions == (some_terms(fee=Money(30, "EUR")),)
    assert signed.signature is not None
    assert (signed.signature.by_us, signed.signature.by_customer) == ("dana", "Noa")


def test_a_contract_offered_is_signed_by_both_sides() -> None:
    book = a_book()
    us = a_relationship(book)
    number = offered(book, us)

    with pytest.raises(CommandError, match="Name who signed in"):
        book.sign(us, contract=number, by_us="dana", actor="dana")


def test_a_draft_or_an_offer_is_not_the_contract_in_force() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())

    number = offered(book, us, some_terms(fee=Money(30, "EUR")))

    assert number == 2
    assert contract(book, us).number == 1
    assert book.view().monthly_fee.tolist() == [2000]


def test_an_offer_stands_until_its_last_day_and_lapses_after_it() -> None:
    book = a_book()
    us = a_relationship(book)
    number = offered(book, us, valid_until=date(2026, 2, 10))
    how: dict[str, Any] = {"by_us": "dana", "by_customer": "Noa", "actor": "dana"}

    with pytest.raises(CommandError, match="is open until 2026-02-10"):
        book.lapse_terms(us, number, occurred_at=at(2, 10), actor="dana")
    with pytest.raises(CommandError, match="was open until 2026-02-10"):
        book.sign(us, contract=number, occurred_at=at(2, 11), **how)
    with pytest.raises(CommandError, match="was open until 2026-02-10"):
        book.accept_letter(us, number, document="letter", occurred_at=at(2, 11), actor="dana")
    book.lapse_terms(us, number, occurred_at=at(2, 11), actor="dana")
    assert contract(book, us, number).state == "lapsed"


@pytest.mark.parametrize(
    ("tell", "state"),
    [
        (lambda b, us, how: b.decline_terms(us, 1, why="too dear", **how), "declined"),
        (lambda b, us, how: b.revise_terms(us, 1, terms=some_terms(), **how), "draft"),
    ],
)
def test_terms_offered_are_declined_or_taken_back(tell: Tell, state: str) -> None:
    book = a_book()
    us = a_relationship(book)
    number = offered(book, us)

    tell(book, us, {"actor": "dana"})

    assert contract(book, us, number).state == state


def test_a_draft_can_come_to_nothing() -> None:
    book = a_book()
    us = a_relationship(book)
    number = book.draft_terms(us, terms=some_terms(), actor="dana")

    book.discard_draft(us, number, why="he went abroad", actor="dana")

    assert contract(book, us, number).state == "discarded"


def test_the_letter_makes_a_customer_of_a_prospect_before_the_contract_is_signed() -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    number = offered(book, us, some_terms(scope=("taxes",)), valid_until=date(2026, 2, 3))

    book.accept_letter(us, number, document="letter 1", occurred_at=at(2, 3), actor="dana")

    assert book.account(us).relationship.stage is Stage.ONBOARDING
    assert book.record_work(us, item="taxes", contract=number, occurred_at=at(2, 4), actor="dana")
    book.sign(
        us, contract=number, by_us="dana", by_customer="Noa", occurred_at=at(3), actor="dana"
    )  # the letter was in time
    assert contract(book, us).state == "in_force"


def test_an_engagement_can_end_before_the_contract_is_signed() -> None:
    book = a_book()
    us = a_relationship(book)
    number = offered(book, us)
    book.accept_letter(us, number, document="letter 1", occurred_at=at(2, 3), actor="dana")

    book.withdraw_letter(us, number, by=Side.CUSTOMER, why="changed her mind", actor="dana")

    assert contract(book, us, number).state == "terminated"
    assert book.account(us).contract is None


def after_notice(book: Book, us: int, how: dict[str, Any]) -> None:
    book.give_notice(us, occurred_at=at(2, 10), actor="dana")
    book.terminate(us, kind=Ending.NOTICE, **how)


ENDS: dict[str, tuple[Tell, str]] = {
    "notice": (after_notice, "terminated"),
    "fee": (
        lambda b, us, how: b.terminate(us, kind=Ending.FEE, fee=Money(50, "EUR"), evidence="receipt", **how),
        "terminated",
    ),
    "withdrawal": (
        lambda b, us, how: b.terminate(us, kind=Ending.STATUTORY_WITHDRAWAL, evidence="letter", **how),
        "terminated",
    ),
    "death": (
        lambda b, us, how: b.terminate(us, kind=Ending.DEATH_OR_DISSOLUTION, evidence="certificate", **how),
        "terminated",
    ),
    "agreement": (
        lambda b, us, how: b.terminate(us, kind=Ending.AGREEMENT, evidence="letter", **how),
        "terminated",
    ),
    "our breach": (
        lambda b, us, how: b.terminate(
            us, kind=Ending.BREACH_BY_US, evidence="no service", remedy_due=at(6), **how
        ),
        "terminated",
    ),
    "completion": (
        lambda b, us, how: b.complete_contract(us, evidence="handed over", **how),
        "completed",
    ),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", TermKind)
def test_a_contract_of_any_kind_leads_from_the_letter_to_any_end(kind: TermKind, end: str) -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    terms = some_terms(
        starts_on=date(2026, 2, 5),
        kind=kind,
        months=0 if kind is TermKind.OPEN_ENDED else 6,
        scope=("taxes",),
        early_termination_fee=Money(50, "EUR"),
        withdrawal_days=60,
    )
    number = offered(book, us, terms)
    book.accept_letter(us, number, document="letter", occurred_at=at(2, 3), actor="dana")
    book.sign(us, contract=number, by_us="dana", by_customer="Noa", occurred_at=at(2, 5), actor="dana")
    tell, state = ENDS[end]

    tell(book, us, {"occurred_at": at(3, 12), "actor": "dana"})

    account = book.account(us)
    assert contract(book, us).state == state
    assert account.terms_in_force(date(2026, 3, 11)) == terms
    assert account.terms_in_force(date(2026, 3, 12)) is None


def test_a_successor_signed_takes_the_place_of_the_contract_in_force_on_the_same_day() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(lock_in_months=12))
    number = offered(book, us, some_terms(starts_on=date(2026, 3, 1), fee=Money(30, "EUR")))
    how: dict[str, Any] = {"by_us": "dana", "by_customer": "Noa", "actor": "dana"}

    with pytest.raises(CommandError, match="while contract 1 runs"):
        book.sign(us, contract=number, occurred_at=at(3), **how)
    with pytest.raises(CommandError, match="leaves a gap from 2026-02-28"):
        book.sign(us, contract=number, supersede=True, occurred_at=at(2, 28), **how)
    book.sign(us, contract=number, supersede=True, occurred_at=at(3), **how)

    old, new = contract(book, us, 1), contract(book, us)
    assert (old.state, new.number, new.state) == ("superseded", 2, "in_force")
    assert old.terms_in_force(date(2026, 3, 1)) is None
    assert new.terms_in_force(date(2026, 3, 1)) == new.versions[0]
    account = book.account(us)
    assert account.terms_in_force(date(2026, 2, 28)) == old.versions[0]
    assert account.terms_in_force(date(2026, 3, 1)) == new.versions[0]


def test_an_amendment_proposed_by_the_customer_is_accepted_by_us() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    terms = some_terms().amended(starts_on=date(2026, 3, 1), pace="weekly")

    number = book.propose_amendment(us, terms=terms, by=Side.CUSTOMER, occurred_at=at(2), actor="dana")
    with pytest.raises(CommandError, match="did not propose it"):
        book.accept_amendment(us, number, by=Side.CUSTOMER, occurred_at=at(2, 2), actor="dana")
    book.accept_amendment(us, number, by=Side.US, occurred_at=at(2, 2), actor="dana")

    assert contract(book, us).terms_on(date(2026, 3, 1)).pace == "weekly"


def test_an_amendment_can_be_rejected() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    terms = some_terms().amended(starts_on=date(2026, 3, 1), fee=Money(99, "EUR"))
    number = book.propose_amendment(us, terms=terms, by=Side.US, occurred_at=at(2), actor="dana")

    book.reject_amendment(us, number, why="too dear", occurred_at=at(2, 2), actor="dana")

    assert contract(book, us).versions == (some_terms(),)
    with pytest.raises(CommandError, match="does not wait"):
        book.accept_amendment(us, number, by=Side.CUSTOMER, occurred_at=at(2, 3), actor="dana")


def test_service_rests_and_goes_on() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())

    book.suspend(us, why="abroad", until=date(2026, 4, 1), occurred_at=at(2), actor="dana")
    resting = contract(book, us)
    book.resume(us, occurred_at=at(3), actor="dana")

    assert (resting.state, resting.suspended_until) == ("suspended", date(2026, 4, 1))
    assert (contract(book, us).state, contract(book, us).suspended_until) == ("in_force", None)


def test_we_may_give_notice_too_and_it_ends_on_the_day_named() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    day = book.give_notice(us, by=Side.US, occurred_at=at(2), actor="dana")

    with pytest.raises(CommandError, match="by the side that gave it"):
        book.terminate(us, kind=Ending.NOTICE, by=Side.CUSTOMER, occurred_at=at(4), actor="dana")
    book.terminate(us, kind=Ending.NOTICE, occurred_at=at(4), actor="dana")

    assert day == date(2026, 3, 3)
    assert contract(book, us).ended_on == date(2026, 3, 3)


@pytest.mark.invariant(20)
def test_notice_waits_for_the_lock_in_of_terms_that_come_into_force_before_the_end() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(notice_days=30))
    bound = some_terms().amended(
        starts_on=date(2026, 3, 1), lock_in_months=6, lock_in_counts_from=date(2026, 3, 1)
    )
    book.amend(us, terms=bound, occurred_at=at(2), actor="dana")

    assert book.give_notice(us, occurred_at=at(2, 20), actor="dana") == date(2026, 9, 1)


@pytest.mark.invariant(20)
@given(
    notice_days=st.sampled_from([0, 10, 30]),
    lock_in_months=st.sampled_from([0, 1, 3]),
    passed=st.sampled_from([1, 10, 21, 31, 60]),
    asked=st.none() | st.integers(0, 60),
    side=st.sampled_from(Side),
)
def test_notice_ends_a_contract_when_lock_in_and_notice_period_are_over_and_not_a_day_earlier(
    notice_days: int, lock_in_months: int, passed: int, asked: int | None, side: Side
) -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(notice_days=notice_days, lock_in_months=lock_in_months))
    told = at(1) + timedelta(days=passed)
    earliest = max(date(2026, 1 + lock_in_months, 1), told.date() + timedelta(days=notice_days))
    ends_on = None if asked is None else told.date() + timedelta(days=asked)

    if ends_on is not None and ends_on < earliest:
        with pytest.raises(CommandError, match="before lock-in and notice period are over"):
            book.give_notice(us, by=side, ends_on=ends_on, occurred_at=told, actor="dana")
        return
    last = book.give_notice(us, by=side, ends_on=ends_on, occurred_at=told, actor="dana")

    assert last == ends_on or (ends_on is None and last == earliest)
    over = datetime.combine(last, told.timetz())
    if last > told.date():
        with pytest.raises(CommandError):
            book.end_contract(us, occurred_at=over - timedelta(days=1), actor="dana")
    book.end_contract(us, occurred_at=over, actor="dana")
    ended = contract(book, us)
    assert (ended.state, ended.ended_by, ended.ended_on) == ("terminated", Ending.NOTICE, last)


def test_a_fixed_term_is_not_given_notice_for_a_day_after_its_end() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(kind=TermKind.FIXED, months=3))

    with pytest.raises(CommandError, match="ends by itself on 2026-04-01"):
        book.give_notice(us, occurred_at=at(3, 20), actor="dana")
    book.end_contract(us, occurred_at=at(4, 5), actor="dana")

    assert (contract(book, us).state, contract(book, us).ended_on) == ("expired", date(2026, 4, 1))


def test_a_contract_that_does_not_end_by_itself_is_ended_by_a_kind_of_end() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())

    with pytest.raises(CommandError, match="does not end on 2026-04-01 by itself"):
        book.end_contract(us, occurred_at=at(4), actor="dana")
    with pytest.raises(CommandError, match="taken over from elsewhere"):
        book.terminate(us, kind=Ending.UNKNOWN, occurred_at=at(4), actor="dana")


def test_all_that_stood_in_the_scope_was_done() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(scope=("taxes",), lock_in_months=1))

    with pytest.raises(CommandError, match="binds the customer until 2026-02-01"):
        book.complete_contract(us, evidence="return filed", occurred_at=at(1, 31), actor="dana")
    book.complete_contract(us, evidence="return filed", occurred_at=at(2), actor="dana")

    assert contract(book, us).state == "completed"


def test_a_contract_without_scope_is_never_complete() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())

    with pytest.raises(CommandError, match="no scope that could be done; is not complete without evidence"):
        book.complete_contract(us, evidence="", actor="dana")


@pytest.mark.invariant(21)
def test_we_end_a_contract_for_his_breach_when_the_dispute_about_it_was_climbed_to_the_last_rung() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(lock_in_months=36))
    case = disputed(book, us)
    end: dict[str, Any] = {
        "kind": Ending.BREACH_BY_CUSTOMER, "evidence": "unpaid", "case": case, "actor": "dana"
    }  # fmt: skip

    with pytest.raises(CommandError, match="does not prove a breach of contract 1"):
        book.terminate(us, occurred_at=at(2, 20), **end)
    book.take_dispute_step(
        us, case, step=DisputeStep.REVISITED, document="minutes", occurred_at=at(2, 18), actor="dana"
    )
    with pytest.raises(CommandError, match="does not prove a breach of contract 1"):
        book.terminate(us, occurred_at=at(2, 17), **end)
    book.terminate(us, occurred_at=at(2, 18), **end)

    assert (contract(book, us).state, contract(book, us).ended_by) == (
        "terminated",
        Ending.BREACH_BY_CUSTOMER,
    )


@pytest.mark.invariant(21)
def test_a_dispute_about_one_contract_proves_nothing_of_another() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    case = disputed(book, us)
    book.take_dispute_step(
        us, case, step=DisputeStep.REVISITED, document="minutes", occurred_at=at(2, 18), actor="dana"
    )
    book.terminate(us, kind=Ending.AGREEMENT, evidence="letter", occurred_at=at(2, 19), actor="dana")
    book.sign(us, terms=some_terms(starts_on=date(2026, 2, 19)), occurred_at=at(2, 19), actor="dana")

    with pytest.raises(CommandError, match="does not prove a breach of contract 2"):
        book.terminate(
            us, kind=Ending.BREACH_BY_CUSTOMER, evidence="x", case=case, occurred_at=at(2, 20), actor="dana"
        )


@pytest.mark.invariant(21)
def test_he_may_leave_for_our_breach_at_any_time_which_opens_a_complaint_and_promises_a_remedy() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(lock_in_months=36))

    book.terminate(
        us,
        kind=Ending.BREACH_BY_US,
        evidence="no service for a month",
        remedy_due=at(3),
        occurred_at=at(2),
        actor="dana",
    )

    account = book.account(us)
    assert [(it.kind, it.topic, it.contract, it.dispute) for it in account.cases.values()] == [
        (CaseKind.COMPLAINT, "no service for a month", 1, None)
    ]
    assert [(it.kind, it.due, it.is_open) for it in account.commitments.values()] == [
        (Promise.REMEDY, at(3), True)
    ]
    assert contract(book, us).ended_on == date(2026, 2, 1)


REFUSED: dict[str, tuple[Tell, type[RetainError], str]] = {
    "a signature under nothing": (lambda b, us, how: b.sign(us, **how), CommandError, "one of the two"),
    "a signature under two": (lambda b, us, how: b.sign(us, terms=some_terms(), contract=1, **how), CommandError, "not both"),
    "a contract nobody drafted": (lambda b, us, how: b.offer_terms(us, 9, **how), UnknownIdError, "contract '9'"),
    "an amendment nobody proposed": (lambda b, us, how: b.accept_amendment(us, 9, by=Side.US, **how), UnknownIdError, "'9'"),
    "a second letter": (lambda b, us, how: b.accept_letter(us, 1, document="x", **how), TransitionError, "cannot accept_letter"),
    "an offer that is over when it is made": (
        lambda b, us, how: b.offer_terms(us, b.draft_terms(us, terms=some_terms(), **how), valid_until=date(2026, 4, 30), **how),
        CommandError, "is made on 2026-05-01",
    ),
    "superseding by what was not offered": (
        lambda b, us, how: b.sign(us, terms=some_terms(), supersede=True, **how), CommandError, "waits for no signature",
    ),
    "a letter without paper": (lambda b, us, how: b.accept_letter(us, offered(b, us), document=" ", **how), CommandError, "is a document"),
    "a rest that is over when it begins": (
        lambda b, us, how: b.suspend(us, why="x", until=date(2026, 5, 1), **how), CommandError, "begins on 2026-05-01",
    ),
    "a remedy for what was no breach of ours": (
        lambda b, us, how: b.terminate(us, kind=Ending.AGREEMENT, evidence="x", remedy_due=at(6, 2), **how), CommandError, "our own breach",
    ),
    "our breach without a time for the remedy": (
        lambda b, us, how: b.terminate(us, kind=Ending.BREACH_BY_US, evidence="x", **how), CommandError, "Give `remedy_due`",
    ),
    "our breach by a case of old": (
        lambda b, us, how: b.terminate(us, kind=Ending.BREACH_BY_US, evidence="x", case=1, remedy_due=at(6, 2), **how),
        CommandError, "Leave out `case`",
    ),
    "his breach without a case": (
        lambda b, us, how: b.terminate(us, kind=Ending.BREACH_BY_CUSTOMER, evidence="x", **how), CommandError, "case None",
    ),
    "work on nothing": (lambda b, us, how: b.record_work(us, item=" ", **how), CommandError, "names no item"),
    "work of less than no time": (lambda b, us, how: b.record_work(us, item="x", minutes=-1, **how), CommandError, "less than no time"),
    "work under a draft": (
        lambda b, us, how: b.record_work(us, item="x", contract=b.draft_terms(us, terms=some_terms(), **how), **how),
        CommandError, "which is draft",
    ),
    "work under a contract nobody drafted": (lambda b, us, how: b.record_work(us, item="x", contract=9, **how), UnknownIdError, "'9'"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_book_refuses(case: str) -> None:
    tell, kind, why = REFUSED[case]
    book = a_book()
    us = a_relationship(book, terms=some_terms())

    with pytest.raises(kind, match=why):
        tell(book, us, {"actor": "dana", "occurred_at": at(5)})


@pytest.mark.invariant(22)
def test_work_outside_the_scope_is_flagged_until_an_amendment_takes_it_in() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(scope=("taxes",)))

    inside = book.record_work(us, item="taxes", minutes=60, occurred_at=at(2), actor="dana")
    outside = book.record_work(us, item="payroll", minutes=30, occurred_at=at(2, 2), actor="dana")

    assert (inside, outside) == (True, False)
    assert [(it.item, it.minutes) for it in contract(book, us).out_of_scope] == [("payroll", 30)]
    assert book.view().monthly_fee.tolist() == [2000]
    wider = some_terms(scope=("taxes",)).amended(
        starts_on=date(2026, 3, 1), scope=("taxes", "payroll"), fee=Money(30, "EUR")
    )
    book.amend(us, terms=wider, occurred_at=at(3), actor="dana")
    assert book.record_work(us, item="payroll", occurred_at=at(3), actor="dana")
    assert len(contract(book, us).out_of_scope) == 1


@pytest.mark.invariant(17)
def test_amendments_recorded_out_of_order_are_refused_for_they_are_counted() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    dearer = some_terms(starts_on=date(2026, 7, 1), fee=Money(25, "EUR"))
    book.propose_amendment(us, terms=dearer, by=Side.US, occurred_at=at(4), actor="dana")

    for late in (
        lambda: book.propose_amendment(us, terms=dearer, by=Side.US, occurred_at=at(3), actor="dana"),
        lambda: book.amend(us, terms=dearer, occurred_at=at(3), actor="dana"),
    ):
        with pytest.raises(CommandError, match="comes before amendment 1"):
            late()
    assert contract(book, us).amendments[0].number == 1
    assert book.account(us, as_of=at(3)).contracts[1].amendments == ()


def test_nothing_is_signed_in_a_spell_that_is_over() -> None:
    book = a_book()
    us = a_relationship(book)
    book.begin_end(us, occurred_at=at(2), actor="dana")
    book.complete_end(us, although="he was in a hurry", occurred_at=at(2, 2), actor="dana")
    book.record_return(us, occurred_at=at(4), actor="dana")

    with pytest.raises(CommandError, match="before he came back to us"):
        book.sign(us, terms=some_terms(), occurred_at=at(3), actor="dana")
    book.sign(us, terms=some_terms(), occurred_at=at(4, 2), actor="dana")

    assert book.view(at(3)).stage.tolist() == [Stage.FORMER]
