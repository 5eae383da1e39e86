"""Bad news is heard from a person before it is read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test
from told import START, OneRelationship

from retainsdk.book import Book
from retainsdk.errors import CommandError
from retainsdk.events import InteractionRecorded
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.vocabulary import CaseKind, Channel, Direction

LIVE = {Channel.PHONE, Channel.IN_PERSON}
NEWS = {"the fee rises": "fee", "  The fee RISES": "fee", "התור נדחה": "queue"}
hours = st.integers(0, 4)


class News(OneRelationship):
    """One customer who can be reached in changing ways, two pieces of bad news, and things told late."""

    def __init__(self) -> None:
        super().__init__()
        self.customer = self.book.account(self.noa).relationship.customer
        self.points: list[tuple[Channel, datetime, datetime | None]] = []
        self.told: dict[int, datetime] = {}
        self.heard: dict[int, tuple[str, datetime]] = {}
        self.written: dict[int, tuple[str, datetime]] = {}

    @rule(passed=hours)
    def wait(self, passed: int) -> None:
        self.clock.time += timedelta(hours=passed)

    @rule(channel=st.sampled_from(Channel), late=hours)
    def a_way_becomes_known(self, channel: Channel, late: int) -> None:
        address = f"way{len(self.points)}@example.org"
        self.book.add_contact_point(
            self.customer, channel=channel, address=address, actor="dana", occurred_at=self.when(late)
        )
        self.points.append((channel, self.when(late), None))

    @rule(place=st.integers(0, 2))
    def a_way_works_no_longer(self, place: int) -> None:
        if place < len(self.points) and self.points[place][2] is None:
            self.book.retire_contact_point(self.customer, place + 1, why="moved", actor="dana")
            channel, added, _ = self.points[place]
            self.points[place] = channel, added, self.clock.time

    @rule(
        news=st.sampled_from(sorted(NEWS)),
        channel=st.sampled_from(Channel),
        direction=st.sampled_from(Direction),
        human=st.booleans(),
        two_way=st.booleans(),
        late=hours,
    )
    def tell(
        self, *, news: str, channel: Channel, direction: Direction, human: bool, two_way: bool, late: int
    ) -> None:
        live = channel in LIVE and human and two_way
        written = direction is Direction.OUTBOUND and not live
        before = len(self.book)
        try:
            number = self.book.record_interaction(
                self.noa,
                channel=channel,
                direction=direction,
                purpose="service",
                human=human,
                two_way=two_way,
                news=news,
                actor="dana",
                occurred_at=self.when(late),
            )
        except CommandError:
            assert written
            unreachable = not human and self.reaches_nobody(channel, self.when(late))
            assert unreachable or not self.may_be_written(news, self.when(late))
            assert len(self.book) == before
        else:
            assert not written or self.may_be_written(news, self.when(late))
            self.told[number] = self.when(late)
            if live:
                self.heard[number] = NEWS[news], self.when(late)
            if written:
                self.written[number] = news, self.when(late)

    @rule(news=st.sampled_from(sorted(NEWS)), late=hours)
    def send_an_invoice(self, news: str, late: int) -> None:
        may_be_written, before = self.may_be_written(news, self.when(late)), len(self.book)
        try:
            number = self.book.bill(
                self.noa,
                invoice=f"invoice {before}",
                amount=Money(9, "EUR"),
                due_on=date(2027, 1, 1),
                news=news,
                actor="dana",
                occurred_at=self.when(late),
            )
        except CommandError:
            assert not may_be_written
            assert len(self.book) == before
        else:
            assert may_be_written
            self.written[number] = news, self.when(late)

    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted({*self.told, *self.written}) or [0]))
        before, talk = len(self.book), self.heard.pop(number, None)
        rests = talk is not None and any(
            NEWS[news] == talk[0] and when >= talk[1] and not self.may_be_written(news, when)
            for news, when in self.written.values()
        )
        try:
            self.book.correct_record(self.noa, number, why="that was somebody else", actor="dana")
        except CommandError:
            assert rests or not number
            assert len(self.book) == before
            if talk is not None:
                self.heard[number] = talk
        else:
            assert not rests
            self.told.pop(number, None)
            self.written.pop(number, None)

    @invariant()
    def a_look_back_to_any_hour_shows_what_was_told_by_then(self) -> None:
        for back in range(6):
            when = max(self.clock.time - timedelta(hours=back), START)
            timeline = self.book.account(self.noa, as_of=when).timeline

            assert [told for told, _ in timeline.of(InteractionRecorded)] == [
                told for told in self.told.values() if told <= when
            ]

    def may_be_written(self, news: str, when: datetime) -> bool:
        heard = any(what == NEWS[news] and told <= when for what, told in self.heard.values())
        known = [it for it in self.points if it[1] <= when]
        by_voice = [it for it in known if it[0] in LIVE and (it[2] is None or when < it[2])]
        return heard or (bool(known) and not by_voice)

    def reaches_nobody(self, channel: Channel, when: datetime) -> bool:
        there = [it for it in self.points if it[0] is channel and it[1] <= when]
        return bool(there) and all(it[2] is not None and it[2] <= when for it in there)

    def when(self, late: int) -> datetime:
        return max(self.clock.time - timedelta(hours=late), START)


@pytest.mark.invariant(37)
def test_bad_news_is_broken_by_voice_before_anything_written_states_it() -> None:
    run_state_machine_as_test(News, settings=settings(deadline=None, stateful_step_count=20))


def send(book: Book, us: int, **changes: Any) -> int:
    letter: dict[str, Any] = {
        "channel": Channel.LETTER,
        "direction": Direction.OUTBOUND,
        "purpose": "service",
        "two_way": False,
        "news": "the fee rises",
        "actor": "dana",
    }
    return book.record_interaction(us, **{**letter, **changes})


def test_an_address_learned_later_does_not_undo_a_letter_that_was_allowed() -> None:
    book = a_book()
    noa = a_relationship(book)
    customer = book.account(noa).relationship.customer
    book.add_contact_point(
        customer, channel=Channel.EMAIL, address="noa@example.org", actor="dana", occurred_at=at(2)
    )
    send(book, noa, occurred_at=at(3))

    book.add_contact_point(customer, channel=Channel.PHONE, address="050", actor="dana", occurred_at=at(2))

    assert len(list(book.account(noa).timeline.of(InteractionRecorded))) == 1
    with pytest.raises(CommandError, match="Call or visit him first"):
        send(book, noa, occurred_at=at(3))


@pytest.mark.invariant(37)
def test_the_talk_in_which_news_was_broken_is_taken_back_only_when_another_one_broke_it() -> None:
    book = a_book()
    noa = a_relationship(book)
    wrong = send(book, noa, channel=Channel.PHONE, two_way=True, occurred_at=at(2))
    letter = send(book, noa, occurred_at=at(4))
    book.open_case(noa, kind=CaseKind.BAD_NEWS, topic="the fee rises", actor="dana", occurred_at=at(4))
    book.resolve_case(noa, 1, how_done="he understood", actor="dana", occurred_at=at(5))

    with pytest.raises(
        CommandError, match=f"before record {letter} stated it.*or correct record {letter} first"
    ):
        book.correct_record(noa, wrong, why="somebody else", actor="dana")
    book.correct_record(noa, letter, why="never sent", actor="dana")
    with pytest.raises(CommandError, match=r"is what case 1 was settled by .*reopen that case first"):
        book.correct_record(noa, wrong, why="somebody else", actor="dana")
    send(book, noa, channel=Channel.IN_PERSON, two_way=True, occurred_at=at(3))
    book.correct_record(noa, wrong, why="somebody else", actor="dana")
    send(book, noa, occurred_at=at(4))

    assert len(book.account(noa).timeline.of(InteractionRecorded)) == 2


def test_a_case_of_bad_news_is_settled_only_when_it_was_broken() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(noa, kind=CaseKind.BAD_NEWS, topic="the fee rises", actor="dana")
    with pytest.raises(CommandError, match="has not been broken to the customer"):
        book.resolve_case(noa, 1, how_done="he understood", actor="dana")

    send(book, noa, channel=Channel.PHONE, two_way=True)
    book.resolve_case(noa, 1, how_done="he understood", actor="dana")

    case = book.account(noa).cases[1]
    assert (case.state, case.news) == ("resolved", "the fee rises")
