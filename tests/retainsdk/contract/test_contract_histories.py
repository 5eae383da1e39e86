"""Whatever is told to a book about contracts, in any order, its contracts keep the rules of the field."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.contract import MACHINE, Contract
from retainsdk.errors import RetainError
from retainsdk.events import (
    AmendmentAccepted,
    AmendmentProposed,
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
    Recorded,
    Renewed,
    Resumed,
    Signed,
    Superseded,
    Suspended,
    Terminated,
    TermsDrafted,
)
from retainsdk.quantities import Money, months_later
from retainsdk.terms import LONGEST_LOCK_IN, Terms, differences
from retainsdk.testing import SetClock, a_book, a_relationship, some_terms
from retainsdk.vocabulary import CaseKind, DisputeStep, Ending, Promise, Side, Subject, TermKind

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
END = datetime(2035, 1, 1, tzinfo=UTC)
ITEMS = ("taxes", "payroll", "court")

fees = st.sampled_from([Money(10, "EUR"), Money(20, "EUR")])
sides = st.sampled_from(Side)
endings = st.sampled_from([kind for kind in Ending if kind is not Ending.UNKNOWN])


@st.composite
def fresh_terms(draw: st.DrawFn, today: date) -> Terms:
    kind = draw(st.sampled_from(TermKind))
    return some_terms(
        starts_on=today + timedelta(days=draw(st.sampled_from([0, 0, 10, 40]))),
        kind=kind,
        months=0 if kind is TermKind.OPEN_ENDED else draw(st.integers(1, 3)),
        fee=draw(fees),
        lock_in_months=draw(st.sampled_from([0, 0, 1, 2, 35, 36])),
        notice_days=draw(st.sampled_from([0, 10, 30])),
        scope=draw(st.sampled_from([(), ("taxes",), ("taxes", "payroll")])),
        early_termination_fee=draw(st.sampled_from([Money(50, "EUR"), None])),
        withdrawal_days=draw(st.sampled_from([0, 14])),
    )


@attrs.define
class Life:
    """A book whose contracts live, a day or some at a time."""

    draw: st.DrawFn
    book: Book
    us: int
    at: datetime

    def wait(self, days: int) -> None:
        self.at += timedelta(days=days)

    @property
    def how(self) -> dict[str, Any]:
        return {"actor": "dana", "occurred_at": self.at}

    @property
    def account(self) -> Account:
        return self.book.account(self.us)

    def terms(self) -> Terms:
        return self.draw(fresh_terms(self.at.date()))

    def follow_up(self) -> Terms:
        contract = self.account.contract
        if contract is None or self.draw(st.booleans()):
            return self.terms()
        last = contract.versions[-1]
        changes: dict[str, Any] = self.draw(
            st.sampled_from(
                [
                    {"fee": Money(15, "EUR")},
                    {"scope": ITEMS, "pace": "weekly"},
                    {"lock_in_months": 36},
                    {"lock_in_months": 0, "notice_days": 5},
                    {"cadence_days": 7, "our_responsibilities": ("file the report",)},
                ]
            )
        )
        days = self.draw(st.sampled_from([0, 10, 40]))
        return last.amended(starts_on=self.at.date() + timedelta(days=days), **changes)

    def renewal(self) -> Terms:
        contract = self.account.contract
        if contract is None or self.draw(st.integers(0, 3)) == 0:
            return self.terms()
        last = contract.versions[-1]
        return last.renewed(
            starts_on=last.term_ends_on(max(self.at.date(), last.starts_on)) or last.ends_on or self.at.date()
        )

    def number(self) -> int:
        contracts = self.account.contracts
        unsigned = [n for n, it in contracts.items() if it.state in {"draft", "offered", "engaged"}]
        return self.draw(st.sampled_from(unsigned or sorted(contracts) or [1]))

    def amendment(self) -> int:
        contract = self.account.contract
        amendments = () if contract is None else contract.amendments
        waiting = [it.number for it in amendments if it.answered_at is None]
        return self.draw(st.sampled_from(waiting or [1]))


def terminate(it: Life) -> None:
    kind = it.draw(endings)
    it.book.terminate(
        it.us,
        kind=kind,
        evidence=it.draw(st.sampled_from(["a letter", "a letter", ""])),
        fee=it.draw(st.sampled_from([Money(50, "EUR"), None, Money(40, "EUR")]))
        if kind is Ending.FEE
        else None,
        waived=it.draw(st.sampled_from([False, False, True])) if kind is Ending.FEE else False,
        case=it.draw(st.sampled_from(sorted(it.account.cases) or [1]))
        if kind is Ending.BREACH_BY_CUSTOMER
        else None,
        remedy_due=it.at + timedelta(days=3) if kind is Ending.BREACH_BY_US else None,
        **it.how,
    )


def climb(it: Life) -> None:
    steps = [
        DisputeStep.CONTRACT_REVISITED, DisputeStep.MEDIATION, DisputeStep.FACTS_RECORDED, DisputeStep.BREACH_NOTIFIED,
        DisputeStep.COOLING_OFF, DisputeStep.REVISITED,
    ]  # fmt: skip
    if it.draw(st.sampled_from([False, False, True])):
        steps.remove(it.draw(st.sampled_from(steps)))
    number = it.book.open_case(it.us, kind=CaseKind.DISPUTE, topic="fees unpaid", **it.how)
    for step in steps:
        it.book.take_dispute_step(
            it.us,
            number,
            step=step,
            document="a paper",
            by="a mediator",
            until=it.at + timedelta(days=it.draw(st.sampled_from([1, 3])))
            if step is DisputeStep.COOLING_OFF
            else None,
            **it.how,
        )
        it.wait(2 if step is DisputeStep.COOLING_OFF else 0)
    it.book.terminate(it.us, kind=Ending.BREACH_BY_CUSTOMER, evidence="case", case=number, **it.how)


def wait_for_the_end(it: Life) -> None:
    contract = it.account.contract
    if contract is not None and contract.ends_on is not None:
        it.wait(max((contract.ends_on - it.at.date()).days, 0))
    it.book.end_contract(it.us, **it.how)


def propose(it: Life) -> None:
    by = it.draw(sides)
    number = it.book.propose_amendment(it.us, terms=it.follow_up(), by=by, **it.how)
    if it.draw(st.booleans()):
        it.book.amend(it.us, terms=it.follow_up(), **it.how)
    it.book.accept_amendment(it.us, number, by=it.draw(sides), **it.how)


def succeed(it: Life) -> None:
    number = it.book.draft_terms(it.us, terms=it.terms(), **it.how)
    it.book.offer_terms(it.us, number, **it.how)
    if it.draw(st.booleans()):
        it.book.accept_letter(it.us, number, document="letter", **it.how)
    it.wait(it.draw(st.sampled_from([0, 10])))
    it.book.sign(it.us, contract=number, by_us="dana", by_customer="Noa", supersede=True, **it.how)


BY_THE_TABLE: dict[str, Callable[[Life], object]] = {
    "offer": lambda it: it.book.offer_terms(it.us, it.number(), valid_until=it.draw(st.none() | st.just(it.at.date())), **it.how),
    "discard": lambda it: it.book.discard_draft(it.us, it.number(), why="x", **it.how),
    "accept_letter": lambda it: it.book.accept_letter(it.us, it.number(), document="letter", **it.how),
    "sign": lambda it: it.book.sign(
        it.us, contract=it.number(), by_us="dana", by_customer="Noa", supersede=it.draw(st.booleans()), **it.how
    ),
    "revise": lambda it: it.book.revise_terms(it.us, it.number(), terms=it.terms(), **it.how),
    "decline": lambda it: it.book.decline_terms(it.us, it.number(), why="x", **it.how),
    "lapse": lambda it: it.book.lapse_terms(it.us, it.number(), **it.how),
    "withdraw": lambda it: it.book.withdraw_letter(it.us, it.number(), by=Side.US, why="x", **it.how),
    "amend": lambda it: it.book.amend(it.us, terms=it.follow_up(), **it.how),
    "renew": lambda it: it.book.renew(it.us, terms=it.renewal(), **it.how),
    "suspend": lambda it: it.book.suspend(it.us, why="x", **it.how),
    "resume": lambda it: it.book.resume(it.us, **it.how),
    "give_notice": lambda it: it.book.give_notice(
        it.us, by=it.draw(sides), ends_on=it.draw(st.none() | st.just(it.at.date() + timedelta(days=20))), **it.how
    ),
    "rescind_notice": lambda it: it.book.rescind_notice(it.us, **it.how),
    "terminate": wait_for_the_end,
    "expire": wait_for_the_end,
    "complete": lambda it: it.book.complete_contract(it.us, evidence="handed over", **it.how),
    "end_early": terminate,
    "terminate_for_breach": climb,
    "supersede": succeed,
}  # fmt: skip
BESIDES: list[Callable[[Life], object]] = [
    lambda it: it.book.draft_terms(it.us, terms=it.terms(), **it.how),
    lambda it: it.book.sign(it.us, terms=it.terms(), **it.how),
    lambda it: it.book.propose_amendment(it.us, terms=it.follow_up(), by=it.draw(sides), **it.how),
    lambda it: it.book.accept_amendment(it.us, it.amendment(), by=it.draw(sides), **it.how),
    propose,
    lambda it: it.book.reject_amendment(it.us, it.amendment(), why="x", **it.how),
    lambda it: it.book.record_work(
        it.us, item=it.draw(st.sampled_from(ITEMS)), contract=it.draw(st.none() | st.just(it.number())), **it.how
    ),
]  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> tuple[Book, int]:
    """A book with a relationship whose contracts were told all sorts of things, mostly such as their table allows."""
    book = a_book(clock=SetClock(END))
    life = Life(draw, book, a_relationship(book, since=START), START)
    if draw(st.integers(0, 3)):
        book.sign(life.us, terms=life.terms(), **life.how)
    for _ in range(draw(st.sampled_from([3, 10, 25]))):
        life.wait(draw(st.sampled_from([0, 0, 1, 15, 45])))
        living = [it for it in life.account.contracts.values() if it.state not in MACHINE.final]
        allowed = sorted({event for it in living for event in MACHINE.table[it.state]} & set(BY_THE_TABLE))
        choice = draw(st.sampled_from(["table", "table", "besides", "anything"]))
        if choice == "table" and allowed:
            told = BY_THE_TABLE[draw(st.sampled_from(allowed))]
        else:
            told = draw(st.sampled_from(BESIDES if choice == "besides" else list(BY_THE_TABLE.values())))
        with suppress(RetainError):
            told(life)
    return book, life.us


def contracts(life: tuple[Book, int]) -> list[Contract]:
    book, us = life
    return list(book.account(us).contracts.values())


def happened(life: tuple[Book, int], number: int) -> list[Recorded]:
    book, us = life
    stream = f"relationship/{us:016x}/contract/{number}"
    return [event for event in book.events() if event.stream == stream]


def every_day(contract: Contract) -> list[date]:
    first = min(terms.starts_on for terms in contract.versions) - timedelta(days=2)
    last = max(
        day
        for terms in contract.versions
        for day in (terms.starts_on, terms.ends_on, contract.ended_on)
        if day is not None
    )
    return [first + timedelta(days=n) for n in range((last - first).days + 60)]


EVENT: dict[type, str] = {
    Offered: "offer",
    DraftDiscarded: "discard",
    LetterAccepted: "accept_letter",
    Signed: "sign",
    Declined: "decline",
    Lapsed: "lapse",
    LetterWithdrawn: "withdraw",
    AmendmentAccepted: "amend",
    Renewed: "renew",
    Suspended: "suspend",
    Resumed: "resume",
    NoticeGiven: "give_notice",
    NoticeRescinded: "rescind_notice",
    Completed: "complete",
    Expired: "expire",
    Superseded: "supersede",
}
ENDED_BY = {Ending.NOTICE: "terminate"} | dict.fromkeys(
    (Ending.BREACH_BY_CUSTOMER, Ending.BREACH_BY_US), "terminate_for_breach"
)


@pytest.mark.invariant(6)
@given(lives())
def test_a_contract_moves_only_by_its_table_and_not_at_all_once_it_has_ended(life: tuple[Book, int]) -> None:
    for contract in contracts(life):
        states: list[str] = []
        for event in happened(life, contract.number):
            match event.body:
                case TermsDrafted() if not states:
                    states.append(MACHINE.start)
                case TermsDrafted():
                    states.append(MACHINE.table[states[-1]]["revise"])
                case Signed() if not states:
                    states.append("in_force")
                case Terminated(kind=kind):
                    states.append(MACHINE.table[states[-1]][ENDED_BY.get(kind, "end_early")])
                case body if type(body) in EVENT:
                    states.append(MACHINE.table[states[-1]][EVENT[type(body)]])

        assert states[-1] == contract.state
        assert not MACHINE.final & set(states[:-1])


@pytest.mark.invariant(17)
@given(lives())
def test_on_every_day_in_force_exactly_one_version_is_and_on_no_other_day_any(life: tuple[Book, int]) -> None:
    for contract in contracts(life):
        starts = [terms.starts_on for terms in contract.versions]
        assert starts == sorted(starts)
        for day in every_day(contract):
            begun = [terms for terms in contract.versions if terms.starts_on <= day]
            last_day = contract.ended_on or contract.notice_ends_on or contract.versions[-1].ends_on
            is_in_force = contract.signature is not None and begun and (last_day is None or day < last_day)
            holding = [
                terms
                for terms, until in zip(contract.versions, [*starts[1:], date.max], strict=True)
                if terms.starts_on <= day < until and (terms.ends_on is None or day < terms.ends_on)
            ]

            assert contract.terms_in_force(day) == (begun[-1] if is_in_force else None)
            if is_in_force:
                assert holding == [begun[-1]]


@pytest.mark.invariant(18)
@given(lives())
def test_what_was_signed_stays_and_every_difference_is_named_by_an_amendment_both_accepted(
    life: tuple[Book, int],
) -> None:
    book, us = life
    for contract in contracts(life):
        events = happened(life, contract.number)
        signed = next((event for event in events if isinstance(event.body, Signed)), None)
        if signed is None:
            continue
        proposals = {e.body.amendment: e.body for e in events if isinstance(e.body, AmendmentProposed)}
        changes = [e.body for e in events if isinstance(e.body, AmendmentAccepted | Renewed)]

        assert len(changes) == len(contract.versions) - 1
        for change, (old, new) in zip(changes, pairwise(contract.versions), strict=True):
            named = set(differences(old, new))
            if isinstance(change, Renewed):
                assert named <= {Subject.TERM}
            else:
                assert named == set(change.subjects)
                if change.amendment is not None:
                    assert {proposals[change.amendment].by, change.by} == {Side.US, Side.CUSTOMER}
        earlier = book.account(us, as_of=signed.occurred_at).contracts[contract.number]
        assert earlier.versions == contract.versions[: len(earlier.versions)]
        assert earlier.signature == contract.signature


@pytest.mark.invariant(19)
@given(lives())
def test_nobody_is_bound_for_more_than_36_months_from_the_start_or_from_what_he_signed(
    life: tuple[Book, int],
) -> None:
    for contract in contracts(life):
        last: Terms | None = None
        for event in happened(life, contract.number):
            if not isinstance(event.body, Signed | AmendmentAccepted | Renewed):
                continue
            terms = event.body.terms
            bound_until = months_later(terms.lock_in_from, terms.lock_in_months)
            assert 0 <= terms.lock_in_months <= LONGEST_LOCK_IN
            assert terms.lock_in_ends_on == bound_until
            if last is not None and terms.lock_in_months:
                was_bound_until = last.lock_in_ends_on if last.lock_in_months else date.min
                latest = months_later(event.occurred_at.date(), LONGEST_LOCK_IN)
                assert bound_until <= max(was_bound_until, latest)
            if isinstance(event.body, Renewed):
                assert last is not None
                if last.lock_in_months and last.lock_in_ends_on > terms.starts_on:
                    assert bound_until >= last.lock_in_ends_on
            last = terms


@pytest.mark.invariant(20)
@given(lives())
def test_a_contract_ends_after_lock_in_and_notice_or_early_by_a_kind_with_its_proof(
    life: tuple[Book, int],
) -> None:
    for contract in contracts(life):
        notice: tuple[date, NoticeGiven] | None = None
        for event in happened(life, contract.number):
            day, body = event.occurred_at.date(), event.body
            if isinstance(body, NoticeGiven):
                notice = (day, body)
            if not isinstance(body, Terminated):
                continue
            terms = contract.terms_on(day)
            assert contract.signature is not None
            match body.kind:
                case Ending.NOTICE:
                    assert notice is not None
                    given_on, said = notice
                    agreed = contract.terms_on(given_on)
                    assert contract.ended_on == said.ends_on
                    assert day >= said.ends_on >= given_on + timedelta(days=agreed.notice_days)
                    assert said.ends_on >= contract.terms_on(said.ends_on - timedelta(days=1)).lock_in_ends_on
                case Ending.FEE:
                    assert terms.early_termination_fee is not None
                    assert body.waived or body.fee == terms.early_termination_fee
                case Ending.STATUTORY_WITHDRAWAL:
                    assert (day - contract.signature.on).days <= terms.withdrawal_days
                    assert terms.withdrawal_days
                case kind:
                    assert kind is not Ending.UNKNOWN
            assert body.kind is Ending.NOTICE or body.evidence


@pytest.mark.invariant(21)
@given(lives())
def test_we_end_it_for_his_breach_only_after_the_ladder_and_our_breach_opens_a_complaint_with_a_remedy(
    life: tuple[Book, int],
) -> None:
    book, us = life
    account = book.account(us)
    for contract in contracts(life):
        for event in happened(life, contract.number):
            if not isinstance(event.body, Terminated):
                continue
            case = account.cases.get(event.body.case or 0)
            if event.body.kind is Ending.BREACH_BY_CUSTOMER:
                assert case is not None
                assert case.contract == contract.number
                assert case.proves_breach(event.occurred_at)
            elif event.body.kind is Ending.BREACH_BY_US:
                assert case is not None
                assert (case.kind, case.contract) == (CaseKind.COMPLAINT, contract.number)
                assert account.commitments[event.body.remedy or 0].kind is Promise.REMEDY
            else:
                assert case is None


@pytest.mark.invariant(22)
@given(lives(), st.sampled_from(ITEMS), st.integers(0, 900))
def test_work_outside_the_scope_of_its_day_is_flagged_and_changes_no_fee(
    life: tuple[Book, int], item: str, minutes: int
) -> None:
    book, us = life
    running = book.account(us).contract
    before = contracts(life)
    told = None
    if running is not None and running.is_running:
        told = book.record_work(us, item=item, minutes=minutes, actor="dana")

    after = contracts(life)

    assert [it.versions for it in after] == [it.versions for it in before]
    for contract in after:
        outside = [
            work
            for work in contract.work
            if contract.terms_on(work.on).scope and work.item not in contract.terms_on(work.on).scope
        ]
        assert list(contract.out_of_scope) == outside
    if told is not None and running is not None:
        newest = after[running.number - 1].work[-1]
        assert told == (newest not in after[running.number - 1].out_of_scope)


@settings(max_examples=20)
@given(lives(), st.integers(0, 400))
def test_a_book_cut_off_at_any_instant_holds_contracts_that_can_be(life: tuple[Book, int], days: int) -> None:
    book, us = life

    cut = book.account(us, as_of=START + timedelta(days=days))

    whole = book.account(us)
    assert all(it.versions == whole.contracts[n].versions[: len(it.versions)] or it.signature is None
               for n, it in cut.contracts.items())  # fmt: skip
