"""Promises as a history: any order of commands at any time, against a model of a few lines."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from retainsdk.commitment import Commitment
from retainsdk.errors import CommandError, RetainError
from retainsdk.testing import SetClock, a_book, a_relationship, at
from retainsdk.vocabulary import Channel, Direction, Promise

START = at(2)
hours = st.integers(1, 6)


class Promises(RuleBasedStateMachine):
    """One relationship, a few promises, a clock that only goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = SetClock(START)
        self.book = a_book(clock=self.clock)
        self.noa = a_relationship(self.book)
        self.model: dict[int, str] = {}
        self.dues: dict[int, datetime] = {}
        self.notices = 0

    @initialize(kind=st.sampled_from(Promise), ahead=hours)
    def begin(self, kind: Promise, ahead: int) -> None:
        self.promise(kind, ahead)

    @rule(kind=st.sampled_from(Promise), ahead=hours)
    def promise(self, kind: Promise, ahead: int) -> None:
        due = self.clock.time + timedelta(hours=ahead)
        number = self.book.promise(self.noa, kind=kind, what="the bill", due=due, actor="dana")
        assert number not in self.model
        self.model[number], self.dues[number] = "open", due

    @rule(passed=hours)
    def wait(self, passed: int) -> None:
        self.clock.time += timedelta(hours=passed)

    @rule(data=st.data())
    def call(self, data: st.DataObject) -> None:
        number = self.one(data)
        in_time = self.model[number] in {"open", "warned"} and self.clock.time <= self.dues[number]
        after_promise = self.clock.time > self.promises()[number].made_at
        callback = self.promises()[number].kind is Promise.CALLBACK
        if self.goes(
            in_time and (after_promise or not callback),
            lambda: self.book.record_interaction(
                self.noa,
                channel=Channel.PHONE,
                direction=Direction.OUTBOUND,
                purpose="service",
                keeps=(number,),
                actor="dana",
            ),
        ):
            self.model[number] = "kept"

    @rule(data=st.data(), ahead=st.integers(-2, 6))
    def give_notice(self, data: st.DataObject, ahead: int) -> None:
        number = self.one(data)
        due = self.dues[number] + timedelta(hours=ahead)
        legal = self.model[number] in {"open", "warned"} and self.clock.time < self.dues[number] and ahead > 0
        if self.goes(legal, lambda: self.book.give_late_notice(self.noa, number, due=due, actor="dana")):
            self.model[number], self.dues[number] = "warned", due
            self.notices += 1

    @rule(data=st.data())
    def miss(self, data: st.DataObject) -> None:
        number = self.one(data)
        legal = self.model[number] in {"open", "warned"} and self.clock.time > self.dues[number]
        if self.goes(legal, lambda: self.book.break_promise(self.noa, number, actor="dana")):
            self.model[number] = "broken"

    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        number = self.one(data)
        legal = self.model[number] in {"open", "warned", "broken"}
        if self.goes(legal, lambda: self.book.release(self.noa, number, evidence="call", actor="dana")):
            self.model[number] = "released"

    @invariant()
    def the_book_says_what_the_model_says(self) -> None:
        promises = self.promises()
        assert {number: it.state for number, it in promises.items()} == self.model
        assert {number: it.due for number, it in promises.items()} == self.dues
        assert sum(it.notices for it in promises.values()) == self.notices
        assert all(it.first_due <= it.due for it in promises.values())

    @invariant()
    def the_agenda_holds_what_is_open(self) -> None:
        listed = {item.promise for item in self.book.agenda().items}
        assert listed == {number for number, state in self.model.items() if state in {"open", "warned"}}

    def promises(self) -> dict[int, Commitment]:
        return self.book.account(self.noa).account(self.noa).commitments

    def one(self, data: st.DataObject) -> int:
        return data.draw(st.sampled_from(sorted(self.model)))

    def goes(self, legal: bool, command: object) -> bool:  # noqa: FBT001 # the model's verdict
        before = len(self.book)
        assert callable(command)
        if legal:
            command()
        else:
            with pytest.raises(RetainError):
                command()
            assert len(self.book) == before
        return legal


TestPromises = Promises.TestCase
TestPromises.settings = settings(deadline=None)


def test_finishing_the_work_does_not_keep_a_callback() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(3), actor="dana")
    clock.time = at(2, 2)

    with pytest.raises(CommandError, match="no call or message"):
        book.keep(noa, number, actor="dana")


def test_a_call_by_the_customer_or_a_mailing_does_not_keep_a_callback() -> None:
    clock = SetClock(at(2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    number = book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(3), actor="dana")
    clock.time = at(2, 2)

    for direction, human in ((Direction.INBOUND, True), (Direction.OUTBOUND, False)):
        with pytest.raises(CommandError, match="no call or message"):
            book.record_interaction(
                noa,
                channel=Channel.EMAIL,
                direction=direction,
                purpose="service",
                human=human,
                keeps=(number,),
                actor="dana",
            )


def test_a_promise_is_due_after_it_is_made() -> None:
    book = a_book(clock=SetClock(at(2)))
    noa = a_relationship(book)

    with pytest.raises(CommandError, match="Promise a later time"):
        book.promise(noa, kind=Promise.DELIVERY, what="router", due=at(2), actor="dana")


def test_notice_counts_before_the_due_instant_and_not_at_it() -> None:
    for hour, legal in ((8, True), (9, False), (10, False)):
        clock = SetClock(at(2))
        book = a_book(clock=clock)
        noa = a_relationship(book)
        number = book.promise(noa, kind=Promise.DELIVERY, what="router", due=at(3), actor="dana")
        clock.time = at(3, 1, hour)

        with nullcontext() if legal else pytest.raises(CommandError, match="already due"):
            book.give_late_notice(noa, number, due=at(4), actor="dana")
