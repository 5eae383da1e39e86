"""The ladder of a dispute: no rung skipped, each with its document, cooling off in full."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from told import START, OneRelationship

from retainsdk.book import Book
from retainsdk.case import Case
from retainsdk.case.dispute import EVENT, MACHINE
from retainsdk.errors import CommandError, RetainError, TransitionError
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import CaseKind, DisputeStep

LADDER = (
    ("raised", DisputeStep.CONTRACT_REVISITED),
    ("contract_revisited", DisputeStep.MEDIATION),
    ("in_mediation", DisputeStep.FACTS_RECORDED),
    ("facts_recorded", DisputeStep.BREACH_NOTIFIED),
    ("breach_notified", DisputeStep.COOLING_OFF),
    ("cooling_off", DisputeStep.REVISITED),
    ("revisited", DisputeStep.PARTED),
)
RUNGS = [state for state, _ in LADDER]
NEXT = dict(LADDER)
hours = st.integers(0, 4)


class Ladder(OneRelationship):
    """One dispute about a contract, a clock that only goes on, and things told late."""

    def __init__(self) -> None:
        super().__init__(terms=some_terms())
        self.book.open_case(self.noa, kind=CaseKind.DISPUTE, topic="the scope", actor="dana")
        self.state, self.since = "raised", START
        self.cools_until: datetime | None = None
        self.revisited_at: datetime | None = None
        self.settled_at: datetime | None = None

    @initialize(rung=st.integers(0, 6))
    def begin(self, rung: int) -> None:
        for _ in range(rung):
            self.climb(2, 0)
            if self.cools_until is not None:
                self.clock.time = max(self.clock.time, self.cools_until)

    @rule(passed=hours)
    def wait(self, passed: int) -> None:
        self.clock.time += timedelta(hours=passed)

    @precondition(lambda self: self.state in NEXT)
    @rule(cool=hours, late=hours)
    def climb(self, cool: int, late: int) -> None:
        self.take(NEXT[self.state], "minutes", "noga", cool, late)

    @rule(
        step=st.sampled_from(DisputeStep),
        document=st.sampled_from(["minutes", " "]),
        by=st.sampled_from(["noga", "dana", ""]),
        cool=st.none() | hours,
        late=hours,
    )
    def take(self, step: DisputeStep, document: str, by: str, cool: int | None, late: int) -> None:
        when = max(self.clock.time - timedelta(hours=late), START)
        cools = step is DisputeStep.COOLING_OFF
        until = None if cool is None or not cools else when + timedelta(hours=cool)
        legal = (
            (NEXT.get(self.state) is step or (step is DisputeStep.SETTLED and self.state in NEXT))
            and when >= self.since
            and document == "minutes"
            and (step is not DisputeStep.MEDIATION or by == "noga")
            and (not cools or (until is not None and until > when))
            and (
                step is not DisputeStep.REVISITED
                or (self.cools_until is not None and when >= self.cools_until)
            )
        )
        if step is not DisputeStep.MEDIATION:
            by = ""
        if not self.goes(legal=legal, command=lambda: self.tell(step, document, by, until, when)):
            return
        self.since = when
        if step is DisputeStep.SETTLED:
            self.state, self.settled_at = "settled", when
        elif step is DisputeStep.PARTED:
            self.state = "parted"
        else:
            self.state = RUNGS[RUNGS.index(self.state) + 1]
        if cools:
            self.cools_until = until
        if step is DisputeStep.REVISITED:
            self.revisited_at = when

    @rule()
    def settle_by_word_alone(self) -> None:
        self.goes(
            legal=False,
            command=lambda: self.book.resolve_case(self.noa, 1, how_done="he agreed", actor="dana"),
        )

    @rule()
    def open_it_again(self) -> None:
        self.goes(
            legal=False, command=lambda: self.book.reopen_case(self.noa, 1, why="he is back", actor="dana")
        )

    @invariant()
    def it_stands_where_the_ladder_says(self) -> None:
        case = self.case()
        assert case.dispute is not None
        assert case.dispute.state == self.state
        assert case.state == ("new" if self.state in NEXT else "resolved")
        assert all(rung.taken.document.strip() for rung in case.dispute.rungs)

    @invariant()
    def breach_is_proved_from_the_second_look_on_and_until_it_is_settled(self) -> None:
        for hour in range(12):
            when = self.clock.time - timedelta(hours=hour)
            proved = self.revisited_at is not None and self.revisited_at <= when
            settled = self.settled_at is not None and self.settled_at <= when

            assert self.case().proves_breach(when) == (proved and not settled)

    @invariant()
    def a_look_back_to_any_hour_can_be_folded(self) -> None:
        for back in range(6):
            self.book.account(self.noa, as_of=max(self.clock.time - timedelta(hours=back), START))

    def tell(self, step: DisputeStep, document: str, by: str, until: datetime | None, when: datetime) -> None:
        self.book.take_dispute_step(
            self.noa, 1, step=step, document=document, by=by, until=until, actor="dana", occurred_at=when
        )

    def case(self) -> Case:
        return self.book.account(self.noa).cases[1]


@pytest.mark.invariant(6)
@pytest.mark.invariant(21)
def test_a_dispute_skips_no_rung_and_ends_settled_or_after_all_of_them_parted() -> None:
    run_state_machine_as_test(Ladder, settings=settings(deadline=None, stateful_step_count=12))


def test_the_machine_is_the_ladder_of_the_specification() -> None:
    climbs = {state: EVENT[step] for state, step in LADDER}

    assert list(MACHINE.table) == [*RUNGS, "settled", "parted"]
    for rung, above in zip(RUNGS, [*RUNGS[1:], "parted"], strict=True):
        assert MACHINE.table[rung] == {climbs[rung]: above, "settle": "settled"}
    assert MACHINE.final == {"settled", "parted"}


def a_dispute(book: Book, *, contract: bool = True) -> int:
    noa = a_relationship(book, terms=some_terms() if contract else None)
    book.open_case(noa, kind=CaseKind.DISPUTE, topic="the scope", actor="dana", occurred_at=at(2))
    return noa


def climb_to_the_top(book: Book, noa: int) -> None:
    for day, step in enumerate([step for _, step in LADDER[:-1]], 2):
        book.take_dispute_step(
            noa,
            1,
            step=step,
            document=f"paper of day {day}",
            by="noga" if step is DisputeStep.MEDIATION else "",
            until=at(2, 7) if step is DisputeStep.COOLING_OFF else None,
            actor="dana",
            occurred_at=at(2, day),
        )


def test_a_dispute_is_about_the_last_contract_unless_said() -> None:
    book = a_book()
    noa = a_dispute(book)

    assert book.account(noa).cases[1].contract == 1


def test_without_a_contract_there_is_none_to_go_back_to() -> None:
    book = a_book()
    noa = a_dispute(book, contract=False)

    with pytest.raises(CommandError, match="is about no contract"):
        book.take_dispute_step(
            noa, 1, step=DisputeStep.CONTRACT_REVISITED, document="the contract", actor="dana"
        )
    book.take_dispute_step(noa, 1, step=DisputeStep.SETTLED, document="a letter", actor="dana")
    assert book.account(noa).cases[1].state == "resolved"


REFUSED: dict[str, tuple[DisputeStep, dict[str, object], str]] = {
    "a step without a document": (DisputeStep.CONTRACT_REVISITED, {"document": ""}, "has no document"),
    "parting at once": (DisputeStep.PARTED, {}, "cannot part"),
    "a step that lasts": (DisputeStep.CONTRACT_REVISITED, {"until": at(3)}, "does not last"),
}


@pytest.mark.parametrize(("step", "changes", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_the_ladder_refuses(step: DisputeStep, changes: dict[str, object], says: str) -> None:
    book = a_book()
    noa = a_dispute(book)

    with pytest.raises(RetainError, match=re.escape(says)):
        book.take_dispute_step(noa, 1, **{"step": step, "document": "minutes", "actor": "dana", **changes})  # type: ignore[arg-type] # one of them is wrong


def test_looking_again_waits_until_both_have_cooled_off_in_full() -> None:
    book = a_book()
    noa = a_dispute(book)
    climb_to_the_top(book, noa)

    case = book.account(noa).cases[1]
    assert case.dispute is not None
    assert case.dispute.cools_until == at(2, 7)
    assert not case.proves_breach(at(2, 6, 23))
    assert case.proves_breach(at(2, 7))


def test_a_dispute_withdrawn_proves_nothing() -> None:
    book = a_book()
    noa = a_dispute(book)
    climb_to_the_top(book, noa)
    book.withdraw_case(noa, 1, why="our mistake", actor="dana", occurred_at=at(3))

    case = book.account(noa).cases[1]
    assert case.proves_breach(at(2, 20))
    assert not case.proves_breach(at(3))


def test_a_dispute_on_its_ladder_is_not_merged_away() -> None:
    book = a_book()
    noa = a_dispute(book)
    book.open_case(noa, kind=CaseKind.DISPUTE, topic="the scope", actor="dana")
    book.take_dispute_step(noa, 1, step=DisputeStep.CONTRACT_REVISITED, document="contract", actor="dana")

    with pytest.raises(CommandError, match="stands on its ladder already"):
        book.merge_cases(noa, 1, into=2, actor="dana")
    book.merge_cases(noa, 2, into=1, actor="dana")


def test_a_dispute_confirmed_is_closed_and_stays_so() -> None:
    book = a_book()
    noa = a_dispute(book)
    book.take_dispute_step(noa, 1, step=DisputeStep.SETTLED, document="a letter", actor="dana")
    book.confirm_case(noa, 1, actor="dana")

    with pytest.raises(TransitionError):
        book.take_dispute_step(noa, 1, step=DisputeStep.SETTLED, document="a letter", actor="dana")


def test_a_dispute_opened_without_a_contract_climbs_once_the_contract_is_named() -> None:
    book = a_book()
    noa = a_dispute(book, contract=False)
    book.sign(noa, terms=some_terms(), actor="dana")

    book.take_dispute_step(
        noa, 1, step=DisputeStep.CONTRACT_REVISITED, document="minutes", contract=1, actor="dana"
    )
    book.take_dispute_step(noa, 1, step=DisputeStep.MEDIATION, document="m", by="ruth", actor="dana")

    case = book.account(noa).cases[1]
    assert case.contract == 1
    assert case.dispute is not None
    assert case.dispute.state == "in_mediation"


def test_whoever_goes_back_to_the_contract_means_the_last_one_unless_said() -> None:
    book = a_book()
    noa = a_dispute(book, contract=False)
    book.sign(noa, terms=some_terms(), actor="dana")

    book.take_dispute_step(noa, 1, step=DisputeStep.CONTRACT_REVISITED, document="minutes", actor="dana")

    assert book.account(noa).cases[1].contract == 1


def test_a_dispute_stays_about_the_contract_it_was_opened_for() -> None:
    book = a_book()
    noa = a_dispute(book)
    other = book.draft_terms(noa, terms=some_terms(fee=Money(30, "EUR")), actor="dana")
    assert other == 2

    with pytest.raises(CommandError, match="is about contract 1, not about 2"):
        book.take_dispute_step(
            noa, 1, step=DisputeStep.CONTRACT_REVISITED, document="minutes", contract=2, actor="dana"
        )


def test_a_dispute_names_no_contract_that_is_not_there() -> None:
    book = a_book()
    noa = a_dispute(book, contract=False)

    with pytest.raises(RetainError, match="no contract '7'"):
        book.take_dispute_step(
            noa, 1, step=DisputeStep.CONTRACT_REVISITED, document="minutes", contract=7, actor="dana"
        )
