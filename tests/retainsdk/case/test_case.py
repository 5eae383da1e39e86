"""Cases as a history: any order of commands, in and out of time, against the table of the specification."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from told import START, OneRelationship

from retainsdk.book import Book
from retainsdk.case import MACHINE, Case, Pause
from retainsdk.errors import CommandError, RetainError
from retainsdk.events import Acknowledged, CaseOpened
from retainsdk.ledger import relationship_stream
from retainsdk.testing import a_book, a_case, a_relationship, at
from retainsdk.vocabulary import CaseKind, DisputeStep

TABLE = {
    "new": {"acknowledge": "acknowledged", "resolve": "resolved", "merge": "merged", "withdraw": "withdrawn"},
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
}
OPEN = {"new", "acknowledged", "in_progress", "pending"}
EVENTS = sorted({event for row in TABLE.values() for event in row})
PEOPLE = ("dana", "avi", "noga")
numbers = st.integers(1, 3)
hours = st.integers(0, 3)
beginnings = st.integers(0, 3)
"""How far a case has come when it begins to be watched, so that late states are met often."""


class Lived:
    """What a case should be after what was done to it, in the words of the specification."""

    def __init__(self, opened: datetime) -> None:
        self.state, self.since = "new", opened
        self.handlers = [(opened, "dana")]
        self.waits: list[list[datetime]] = []
        self.reopened = 0


class Cases(OneRelationship):
    """One relationship, a few cases, three representatives, and things told late."""

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[int, Lived] = {}

    @initialize(done=beginnings)
    def begin(self, done: int) -> None:
        self.open(done)

    @rule(done=beginnings)
    def open(self, done: int) -> None:
        number = self.book.open_case(self.noa, kind=CaseKind.REQUEST, topic="bill", actor="dana")
        self.model[number] = Lived(self.clock.time)
        for event in ("acknowledge", "start", "await_customer")[:done]:
            self.take(number, event, "dana", number, 0)

    @rule(passed=hours)
    def wait(self, passed: int) -> None:
        self.clock.time += timedelta(hours=passed)

    @rule(
        number=numbers,
        event=st.sampled_from(EVENTS),
        to=st.sampled_from(PEOPLE),
        into=numbers,
        late=hours,
        why=st.sampled_from(["holiday", "holiday", " "]),
    )
    def take(self, number: int, event: str, to: str, into: int, late: int, why: str = "holiday") -> None:
        when = max(self.clock.time - timedelta(hours=late), START)
        lived = self.model.get(number)
        legal = lived is not None and event in TABLE[lived.state] and when >= lived.since
        if lived is not None and event in {"hand_over", "escalate"}:
            legal = legal and to != lived.handlers[-1][1]
        if event == "hand_over":
            legal = legal and bool(why.strip())
        if event == "merge":
            target = self.model.get(into)
            legal = legal and into != number and target is not None
            legal = legal and target is not None and target.state in OPEN and when >= target.since
        if (
            self.goes(legal=legal, command=lambda: self.tell(number, event, to, into, when, why))
            and lived is not None
        ):
            lived.state, lived.since = TABLE[lived.state][event], when
            if event == "hand_over":
                lived.handlers.append((when, to))
            if event == "await_customer":
                lived.waits.append([when])
            elif lived.waits and len(lived.waits[-1]) == 1 and lived.state != "pending":
                lived.waits[-1].append(when)
            lived.reopened += event == "reopen"

    @rule(
        data=st.data(),
        number=numbers,
        to=st.sampled_from(PEOPLE),
        into=numbers,
        why=st.sampled_from(["holiday", " "]),
    )
    def go_on(self, data: st.DataObject, number: int, to: str, into: int, why: str) -> None:
        row = TABLE[self.model[number].state] if number in self.model else {}
        self.take(number, data.draw(st.sampled_from(sorted(row) or EVENTS)), to, into, 0, why)

    @invariant()
    def every_case_is_what_the_table_says(self) -> None:
        assert {number: it.state for number, it in self.cases().items()} == {
            number: it.state for number, it in self.model.items()
        }

    @invariant()
    def one_handler_at_every_instant(self) -> None:
        for number, case in self.cases().items():
            assert [(it.since, it.by) for it in case.handlings] == self.model[number].handlers
            assert case.handlings[0].since == case.opened_at
            assert all(
                earlier.since <= later.since
                for earlier, later in zip(case.handlings, case.handlings[1:], strict=False)
            )
            assert all(
                earlier.by != later.by
                for earlier, later in zip(case.handlings, case.handlings[1:], strict=False)
            )
            assert all(it.why.strip() for it in case.handlings[1:])

    @invariant()
    def first_contact_resolution_needs_one_handler_no_wait_and_no_reopening(self) -> None:
        for number, case in self.cases().items():
            lived = self.model[number]
            plain = len({by for _, by in lived.handlers}) == 1 and not lived.waits and not lived.reopened
            assert case.resolved_at_first_contact == (
                plain if lived.state in {"resolved", "closed"} else None
            )

    @invariant()
    def the_clock_stands_from_each_question_to_its_reply(self) -> None:
        for number, case in self.cases().items():
            expected = [(*wait, None)[:2] for wait in self.model[number].waits]
            assert [(it.began_at, it.ended_at) for it in case.pauses] == expected

    @invariant()
    def a_look_back_to_any_hour_can_be_folded(self) -> None:
        for back in range(8):
            self.book.account(self.noa, as_of=max(self.clock.time - timedelta(hours=back), START))

    def tell(self, number: int, event: str, to: str, into: int, when: datetime, why: str) -> None:
        book, us = self.book, self.noa
        told: dict[str, Callable[[], None]] = {
            "acknowledge": lambda: book.acknowledge_case(us, number, actor="dana", occurred_at=when),
            "start": lambda: book.start_case(us, number, actor="dana", occurred_at=when),
            "await_customer": lambda: book.await_customer(
                us, number, why="the bill", actor="dana", occurred_at=when
            ),
            "customer_replied": lambda: book.customer_replied(us, number, actor="dana", occurred_at=when),
            "escalate": lambda: book.escalate_case(
                us, number, to=to, why="a refund", actor="dana", occurred_at=when
            ),
            "hand_over": lambda: book.hand_over_case(
                us, number, to=to, why=why, actor="dana", occurred_at=when
            ),
            "resolve": lambda: book.resolve_case(us, number, how_done="paid", actor="dana", occurred_at=when),
            "confirm": lambda: book.confirm_case(us, number, actor="dana", occurred_at=when),
            "reopen": lambda: book.reopen_case(us, number, why="not paid", actor="dana", occurred_at=when),
            "merge": lambda: book.merge_cases(us, number, into=into, actor="dana", occurred_at=when),
            "withdraw": lambda: book.withdraw_case(
                us, number, why="his mistake", actor="dana", occurred_at=when
            ),
        }
        told[event]()

    def cases(self) -> dict[int, Case]:
        return self.book.account(self.noa).cases


@pytest.mark.invariant(6)
@pytest.mark.invariant(32)
def test_a_case_goes_only_where_its_table_leads_and_has_one_handler_all_the_time() -> None:
    run_state_machine_as_test(Cases, settings=settings(deadline=None, stateful_step_count=30))


def test_the_machine_is_the_table_of_the_specification() -> None:
    assert MACHINE.table == TABLE
    assert MACHINE.final == {"closed", "merged", "withdrawn"}


def opened(book: Book, us: int, **changes: Any) -> int:  # whatever open_case takes
    return book.open_case(us, **{"kind": CaseKind.REQUEST, "topic": "bill", "actor": "dana", **changes})


def case_of(book: Book, us: int, number: int = 1) -> Case:
    return book.account(us).cases[number]


REFUSED: dict[str, tuple[Callable[[Book, int], object], str]] = {
    "news in a complaint": (
        lambda b, us: opened(b, us, kind=CaseKind.COMPLAINT, news="the shop closes"),
        "Open it as bad news",
    ),
    "a case about no contract of his": (lambda b, us: opened(b, us, contract=1), "no contract '1'"),
    "a repeat of nothing": (lambda b, us: opened(b, us, repeats=7), "no case '7'"),
    "a repeat of a later case": (
        lambda b, us: opened(b, us, repeats=1, occurred_at=at(1, 2)),
        "came up only later",
    ),
    "a hand-over without a reason": (
        lambda b, us: b.hand_over_case(us, 1, to="avi", why=" ", actor="dana"),
        "why the case changes hands",
    ),
    "a hand-over to nobody": (
        lambda b, us: b.hand_over_case(us, 1, to="", why="holiday", actor="dana"),
        "Name one representative",
    ),
    "a hand-over to the handler": (
        lambda b, us: b.hand_over_case(us, 1, to="dana", why="holiday", actor="dana"),
        "is handled by dana already",
    ),
    "an escalation to the handler": (
        lambda b, us: b.escalate_case(us, 1, to="dana", why="refund", actor="dana"),
        "is handled by dana already",
    ),
    "an escalation to nobody": (
        lambda b, us: b.escalate_case(us, 1, to="", why="refund", actor="dana"),
        "may decide more",
    ),
    "waiting for nothing": (lambda b, us: b.await_customer(us, 1, why="", actor="dana"), "what we wait for"),
    "a withdrawal without a reason": (
        lambda b, us: b.withdraw_case(us, 1, why="", actor="dana"),
        "needs no answer",
    ),
    "a merge into itself": (
        lambda b, us: b.merge_cases(us, opened(b, us, actor="dana"), into=2, actor="dana"),
        "is itself",
    ),
    "a merge into a case that is not there": (
        lambda b, us: b.merge_cases(us, opened(b, us, actor="dana"), into=9, actor="dana"),
        "no case '9'",
    ),
    "a choice of nothing offered": (
        lambda b, us: b.choose_option(us, 1, option="Tuesday", actor="dana"),
        "answers no offer",
    ),
    "a step of a dispute in a request": (
        lambda b, us: b.take_dispute_step(us, 1, step=DisputeStep.SETTLED, document="letter", actor="dana"),
        "is a request, no dispute",
    ),
}


@pytest.mark.parametrize(("command", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_case_refuses(command: Callable[[Book, int], object], says: str) -> None:
    book = a_book()
    noa = a_relationship(book)
    opened(book, noa, occurred_at=at(2))
    book.acknowledge_case(noa, 1, actor="dana", occurred_at=at(2))
    book.start_case(noa, 1, actor="dana", occurred_at=at(2))

    with pytest.raises(RetainError, match=re.escape(says)):
        command(book, noa)


def test_a_case_is_handled_by_whoever_opens_it_unless_said() -> None:
    book = a_book()
    noa = a_relationship(book, owner="dana")

    assert case_of(book, noa, opened(book, noa, actor="avi")).handler == "avi"
    assert case_of(book, noa, opened(book, noa, actor="avi", handler="noga")).handler == "noga"


def test_who_acknowledges_in_the_name_of_another_must_hand_the_case_over() -> None:
    case = Case.opened(
        1,
        CaseOpened(kind=CaseKind.REQUEST, topic="bill", stated_reason=None, handler="dana"),
        at(2),
        handler="",
    )

    assert case.after(Acknowledged(handler="dana"), at(2)).state == "acknowledged"
    with pytest.raises(CommandError, match="is handled by dana, not by avi"):
        case.after(Acknowledged(handler="avi"), at(2))


def test_an_escalation_names_who_decides_and_leaves_the_handler() -> None:
    book = a_book()
    noa = a_relationship(book)
    opened(book, noa)
    book.acknowledge_case(noa, 1, actor="dana")
    book.start_case(noa, 1, actor="dana")

    book.escalate_case(noa, 1, to="avi", why="a refund over 100", actor="dana")

    assert case_of(book, noa).handler == "dana"
    assert [(it.to, it.why) for it in case_of(book, noa).escalations] == [("avi", "a refund over 100")]


def test_settling_what_waits_for_the_customer_ends_the_wait() -> None:
    book = a_book()
    noa = a_relationship(book)
    opened(book, noa, occurred_at=at(2, 1))
    book.acknowledge_case(noa, 1, actor="dana", occurred_at=at(2, 1))
    book.start_case(noa, 1, actor="dana", occurred_at=at(2, 1))
    book.await_customer(noa, 1, why="the bill", actor="dana", occurred_at=at(2, 2))

    book.resolve_case(noa, 1, how_done="paid back", actor="dana", occurred_at=at(2, 5))

    assert case_of(book, noa).pauses == (Pause(at(2, 2), at(2, 5), "the bill"),)
    assert case_of(book, noa).settled_at == at(2, 5)


def test_a_case_is_opened_once() -> None:
    book = a_book()
    noa = a_relationship(book)
    opened(book, noa)
    body = CaseOpened(kind=CaseKind.REQUEST, topic="bill", stated_reason=None)

    with pytest.raises(CommandError, match="was opened already"):
        book.ledger().take(relationship_stream(noa, "case", 1), body, at(6), "dana", 2)


@pytest.mark.invariant(32)
@pytest.mark.parametrize("times", [0, 1, 2])
def test_what_was_reopened_was_not_settled_at_first_contact(times: int) -> None:
    book = a_book()
    us = a_relationship(book)
    case = a_case(book, us, state="resolved")

    for _ in range(times):
        book.reopen_case(us, case, why="it is back", actor="dana")
        book.resolve_case(us, case, how_done="mended again", actor="dana")

    assert book.account(us).cases[case].resolved_at_first_contact is (times == 0)
