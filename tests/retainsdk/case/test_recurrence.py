"""Complaints that come up again, in any order of opening, settling and merging, against chains kept as plain sets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from told import START, OneRelationship

from retainsdk.case import Case
from retainsdk.case.recurrence import chain, first_of, going_on, recurrences
from retainsdk.errors import CommandError, RetainError
from retainsdk.events import CaseOpened
from retainsdk.ledger import relationship_stream
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.vocabulary import CaseKind

WINDOW = timedelta(hours=4)
TOPICS = {"the bill": "bill", "  THE  Bill": "bill", "\N{RIGHT-TO-LEFT MARK}התור": "queue", "התור": "queue"}
hours = st.integers(0, 5)
numbers = st.integers(1, 6)


class Chains(OneRelationship):
    """One relationship and its complaints."""

    def __init__(self) -> None:
        super().__init__()
        self.chains: list[set[int]] = []
        self.topic: dict[int, str] = {}
        self.opened: dict[int, datetime] = {}
        self.settled: dict[int, datetime] = {}
        self.gone: dict[int, int] = {}

    @rule(passed=hours)
    def wait(self, passed: int) -> None:
        self.clock.time += timedelta(hours=passed)

    @rule(
        topic=st.sampled_from(sorted(TOPICS)),
        kind=st.sampled_from([CaseKind.COMPLAINT, CaseKind.COMPLAINT, CaseKind.REQUEST]),
        late=hours,
        repeats=st.none() | st.none() | numbers,
    )
    def raise_(self, topic: str, kind: CaseKind, late: int, repeats: int | None) -> None:
        when = max(self.clock.time - timedelta(hours=late), START)
        if repeats is not None:
            there = next((it for it in self.chains if self.standing(repeats) in it), None)
            legal = there is not None and min(self.opened[it] for it in there) <= when
        else:
            there = self.found(TOPICS[topic], when) if kind is CaseKind.COMPLAINT else None
            legal = True
        if not legal:
            with pytest.raises(RetainError):
                self.open(topic, kind, when, repeats)
            return
        number = self.open(topic, kind, when, repeats)
        self.opened[number] = when
        self.topic[number] = TOPICS[topic] if kind is CaseKind.COMPLAINT else "no complaint"
        if there is None:
            self.chains.append({number})
        else:
            there.add(number)

    @rule(number=numbers)
    def settle(self, number: int) -> None:
        if number in self.opened and number not in self.settled and number not in self.gone:
            self.book.resolve_case(self.noa, number, how_done="paid", actor="dana")
            self.settled[number] = self.clock.time

    @rule(number=numbers, into=numbers)
    def merge(self, number: int, into: int) -> None:
        alive = {it for it in self.opened if it not in self.settled and it not in self.gone}
        if number == into or not {number, into} <= alive:
            return
        self.book.merge_cases(self.noa, number, into=into, actor="dana")
        both = [it for it in self.chains if number in it or into in it]
        self.chains = [it for it in self.chains if it not in both]
        self.chains.append(set().union(*both) - {number})
        self.gone[number] = into

    @invariant()
    def the_count_of_recurrences_is_the_size_of_the_chain_less_one(self) -> None:
        cases = self.cases()
        for number in self.opened:
            together = next(it for it in self.chains if self.standing(number) in it)
            assert {it.number for it in chain(cases, number)} == together
            assert recurrences(cases, number) == len(together) - 1

    @invariant()
    def every_case_of_a_chain_points_to_the_first_and_the_first_to_none(self) -> None:
        cases = self.cases()
        for together in self.chains:
            first = min(together, key=lambda it: (self.opened[it], it))
            assert {first_of(cases, it).number for it in together} == {first}
            assert {it: cases[it].repeats for it in together} == {
                it: None if it == first else first for it in together
            }

    @invariant()
    def a_case_merged_away_leads_to_the_one_that_goes_on(self) -> None:
        assert all(going_on(self.cases(), it).number == self.standing(it) for it in self.gone)

    def found(self, topic: str, when: datetime) -> set[int] | None:
        same = [
            it
            for together in self.chains
            for it in together
            if self.topic[it] == topic
            and self.opened[it] <= when
            and (it not in self.settled or when - self.settled[it] < WINDOW)
        ]
        latest = max(same, key=lambda it: (self.opened[it], it), default=None)
        return None if latest is None else next(it for it in self.chains if latest in it)

    def standing(self, number: int) -> int:
        while number in self.gone:
            number = self.gone[number]
        return number

    def open(self, topic: str, kind: CaseKind, when: datetime, repeats: int | None) -> int:
        return self.book.open_case(
            self.noa, kind=kind, topic=topic, repeats=repeats, window=WINDOW, actor="dana", occurred_at=when
        )

    def cases(self) -> dict[int, Case]:
        return self.book.account(self.noa).cases


@pytest.mark.invariant(34)
def test_a_repeat_complaint_links_to_the_first_of_its_chain_and_is_counted() -> None:
    run_state_machine_as_test(Chains, settings=settings(deadline=None, stateful_step_count=20))


@pytest.mark.invariant(1)
@pytest.mark.invariant(34)
def test_a_case_told_late_repeats_the_first_of_a_chain_whichever_of_it_is_named() -> None:
    book = a_book()
    noa = a_relationship(book)
    for day in (1, 5):
        book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", actor="dana", occurred_at=at(2, day))

    late = book.open_case(
        noa, kind=CaseKind.REQUEST, topic="tax", repeats=2, actor="dana", occurred_at=at(2, 3)
    )

    assert (late, book.account(noa, as_of=at(2, 3)).cases[late].repeats) == (3, 1)
    book.resolve_case(noa, 2, how_done="paid", actor="dana", occurred_at=at(2, 6))
    body = CaseOpened(kind=CaseKind.REQUEST, topic="tax", stated_reason=None, repeats=2)
    with pytest.raises(CommandError, match="would repeat case 2, which came up only later"):
        book.ledger().take(relationship_stream(noa, "case", 4), body, at(2, 4), "dana", 1)


def test_an_empty_window_finds_no_repeat_even_of_what_is_open() -> None:
    book = a_book()
    noa = a_relationship(book)
    for _ in range(2):
        book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", window=timedelta(), actor="dana")

    assert recurrences(book.account(noa).cases, 2) == 0


def test_a_complaint_is_a_repeat_for_ninety_days_after_it_was_settled() -> None:
    book = a_book()
    noa = a_relationship(book)
    settled = at(1, 10)
    book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", actor="dana", occurred_at=at(1, 2))
    book.resolve_case(noa, 1, how_done="paid", actor="dana", occurred_at=settled)
    for after in (timedelta(days=90), timedelta(days=90) - timedelta(seconds=1)):
        book.open_case(noa, kind=CaseKind.COMPLAINT, topic="Bill", actor="dana", occurred_at=settled + after)

    assert [it.repeats for it in book.account(noa).cases.values()] == [None, None, 1]


def test_a_complaint_withdrawn_stays_in_its_chain_and_is_no_sign_and_no_answer() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", actor="dana", occurred_at=at(3, 2))
    case = book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", actor="dana", occurred_at=at(3, 4))
    again = "complaints that came back"
    assert book.view().repeat_complaints[0] == 1
    assert again in str(book.health(noa))

    book.withdraw_case(noa, case, why="the same call, typed twice", actor="dana", occurred_at=at(3, 5))

    assert recurrences(book.account(noa).cases, case) == 1
    assert book.view().repeat_complaints[0] == 0
    assert again not in str(book.health(noa))
    assert book.report("frequent-complaints").total_of("repeats") == 0
    assert book.report("cases").total_of("first answer") is None
