"""Nothing that was recorded is ever changed or removed; what was wrong counts no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from retainsdk.book import Book
from retainsdk.commands.corrections import TAKEN_BACK_BY
from retainsdk.errors import CommandError, RetainError
from retainsdk.events import REGISTRY, RecordCorrected
from retainsdk.quantities import Money
from retainsdk.testing import NOW, SetClock, a_book, a_relationship, at
from retainsdk.vocabulary import Channel, Direction, OrderState, Promise

EUR = Money(1, "EUR")
days = st.integers(1, 4).map(lambda day: at(5, day))
actors = st.sampled_from(["dana", "gil"])


def call(book: Book, us: int, **how: Any) -> int:
    return book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", **how
    )


TOLD: dict[str, Callable[..., int]] = {
    "call": call,
    "purchase": lambda book, us, **how: book.record_purchase(us, what="x", amount=EUR, paid=False, order="A7", **how),
    "payment": lambda book, us, **how: book.record_payment(us, amount=EUR, invoice="A7", **how),
    "order": lambda book, us, **how: book.move_order(us, "A7", state=OrderState.ORDERED, **how),
    "sent": lambda book, us, **how: book.move_order(us, "A7", state=OrderState.SENT, **how),
    "bill": lambda book, us, **how: book.bill(us, invoice="R1", amount=EUR, due_on=at(6).date(), **how),
    "signal": lambda book, us, **how: book.raise_signal(us, department="finance", kind="x", evidence="x", **how),
    "feedback": lambda book, us, **how: book.give_feedback(us, about="x", text="x", **how),
    "survey": lambda book, us, **how: book.answer_survey(us, instrument="x", score=5, **how),
}  # fmt: skip


class Corrections(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.book = a_book()
        self.us = a_relationship(self.book)
        self.log: list[Any] = list(self.book.events())
        self.told: dict[int, str] = {}
        self.corrected: set[int] = set()

    @rule(what=st.sampled_from(sorted(TOLD)), when=days, actor=actors)
    def tell(self, what: str, when: Any, actor: str) -> None:
        try:
            number = TOLD[what](self.book, self.us, actor=actor, occurred_at=when)
        except RetainError:
            return
        self.told[number] = what

    @rule(data=st.data(), actor=actors)
    def correct(self, data: st.DataObject, actor: str) -> None:
        if not self.told:
            return
        number = data.draw(st.sampled_from(sorted(self.told)))
        try:
            self.book.correct_record(self.us, number, why="a slip", actor=actor)
        except CommandError:
            return
        assert number not in self.corrected
        self.corrected.add(number)
        assert list(self.book.events())[-1].body == RecordCorrected(version=number, why="a slip")

    @rule(actor=actors)
    def undo(self, actor: str) -> None:
        try:
            number = self.book.undo(self.us, actor=actor)
        except CommandError:
            return
        own = [event.version for event in self.log if event.actor == actor and event.version in self.told]
        assert number == max(version for version in own if version not in self.corrected)
        self.corrected.add(number)

    @invariant()
    def the_log_only_grows(self) -> None:
        log = list(self.book.events())
        assert log[: len(self.log)] == self.log
        self.log = log

    @invariant()
    def records_of_a_kind_are_those_that_count(self) -> None:
        timeline = self.book.account(self.us).timeline

        for kind in {type(entry.body) for entry in timeline.entries}:
            those = [(entry.at, entry.body) for entry in timeline.counted() if type(entry.body) is kind]
            assert list(timeline.of(kind)) == those

    @invariant()
    def the_history_holds_everything_and_counts_what_was_not_corrected(self) -> None:
        page = self.book.timeline(self.us, limit=1000)
        assert {entry.version for entry in page.entries} == set(self.told)
        assert set(page.corrections) == self.corrected
        assert (page.total, page.corrected) == (len(self.told), len(self.corrected))
        account = self.book.account(self.us)
        counted = {entry.version for entry in account.timeline.counted()}
        assert counted == set(self.told) - self.corrected

    @invariant()
    def a_book_cut_off_at_any_instant_still_folds_and_counts_nothing_wrong(self) -> None:
        for day in (1, 2, 3, 4):
            timeline = self.book.account(self.us, as_of=at(5, day)).timeline
            assert not {entry.version for entry in timeline.counted()} & self.corrected


TestCorrections = pytest.mark.invariant(5)(Corrections.TestCase)
TestCorrections.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)


@pytest.mark.invariant(5)
def test_a_correction_adds_one_event_that_names_what_it_corrects_at_the_instant_of_that() -> None:
    book = a_book()
    us = a_relationship(book)
    number = book.record_purchase(us, what="tea", amount=EUR, paid=True, occurred_at=at(3), actor="dana")
    later = call(book, us, occurred_at=at(3), actor="dana")
    before = list(book.events())

    book.correct_record(us, number, why="it was coffee", actor="gil")

    *after, added = book.events()
    assert after == before
    assert added.body == RecordCorrected(version=number, why="it was coffee")
    assert (added.occurred_at, added.recorded_at, added.actor) == (at(3), NOW, "gil")
    assert book.view(at(4)).known("value_to_date").tolist() == [False]
    assert [entry.version for entry in book.timeline(us).entries] == [later, number]


def test_a_look_back_counts_what_was_corrected_since_only_to_show_what_was_known_then() -> None:
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    us = a_relationship(book)
    number = book.record_purchase(us, what="tea", amount=EUR, paid=True, actor="dana")
    clock.time = at(5)
    book.correct_record(us, number, why="it was coffee", actor="dana")

    known = [book.view(at(4), known_at=then).known("value_to_date").tolist() for then in (at(4), at(5))]

    assert known == [[True], [False]]


def test_what_others_rest_on_is_corrected_only_after_them() -> None:
    book = a_book()
    us = a_relationship(book)
    bought = book.record_purchase(us, what="tea", amount=EUR, paid=False, order="A7", actor="dana")
    paid = book.record_payment(us, amount=EUR, invoice="A7", actor="dana")

    with pytest.raises(CommandError, match=f"is what record {paid} rests on.*Correct that one first"):
        book.correct_record(us, bought, why="never bought", actor="dana")
    book.correct_record(us, paid, why="never paid", actor="dana")
    book.correct_record(us, bought, why="never bought", actor="dana")

    assert book.customer_value(us).past == Money(0, "EUR")


def test_the_call_that_kept_a_callback_is_corrected_only_when_another_one_did() -> None:
    book = a_book()
    us = a_relationship(book)
    promise = book.promise(
        us, kind=Promise.CALLBACK, what="the bill", due=at(6, 20), occurred_at=at(6), actor="dana"
    )
    wrong = call(book, us, keeps=[promise], actor="dana", occurred_at=at(6, 10))

    with pytest.raises(CommandError, match=f"is what kept promise {promise}"):
        book.correct_record(us, wrong, why="that was another customer", actor="dana")
    call(book, us, actor="dana", occurred_at=at(6, 9))
    book.correct_record(us, wrong, why="that was another customer", actor="dana")

    assert list(book.account(us).timeline.contacts()) == [at(6, 9)]


def twice(book: Book, us: int) -> None:
    for _ in range(2):
        book.correct_record(us, 2, why="x", actor="dana")


REFUSED: dict[str, tuple[Callable[[Book, int], object], str]] = {
    "of the opening": (lambda b, us: b.correct_record(us, 1, why="x", actor="dana"), "no record that can be corrected"),
    "of nothing": (lambda b, us: b.correct_record(us, 99, why="x", actor="dana"), "no record that can be corrected"),
    "without a reason": (lambda b, us: b.correct_record(us, 2, why=" ", actor="dana"), "needs a reason"),
    "at an instant": (lambda b, us: b.correct_record(us, 2, why="x", actor="dana", occurred_at=at(6)), "is that of the record"),
    "by undo at an instant": (lambda b, us: b.undo(us, actor="dana", occurred_at=at(6)), "is that of the record"),
    "by undo of who did nothing": (lambda b, us: b.undo(us, actor="nobody"), "holds nothing that nobody could undo"),
    "twice": (twice, "was corrected already"),
    "by undo of a decision": (lambda b, us: b.undo(us, actor="gil"), r"end begun.*Use `save`"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_correction_is_refused(case: str) -> None:
    tell, why = REFUSED[case]
    book = a_book()
    us = a_relationship(book)
    call(book, us, actor="dana")
    book.begin_end(us, actor="gil")

    with pytest.raises(CommandError, match=why):
        tell(book, us)


def test_undoing_twice_takes_back_two_and_repeating_one_undo_by_its_key_takes_back_one() -> None:
    book = a_book()
    us = a_relationship(book)
    first, second, third = (call(book, us, actor="dana") for _ in range(3))

    taken_back = [book.undo(us, key="k", actor="dana") for _ in range(2)]
    taken_back.append(book.undo(us, actor="dana"))

    assert taken_back == [third, third, second]
    assert [entry.version for entry in book.account(us).timeline.counted()] == [first]


def test_every_way_back_is_a_command_and_every_way_there_an_event() -> None:
    assert set(TAKEN_BACK_BY) <= set(REGISTRY)
    for command in TAKEN_BACK_BY.values():
        assert callable(getattr(Book, command))


def test_what_can_be_undone_is_listed_the_latest_first_with_the_way() -> None:
    book = a_book()
    us = a_relationship(book)
    first = call(book, us, actor="dana")
    book.promise(us, kind=Promise.DELIVERY, what="router", due=at(9), actor="gil")
    second = call(book, us, actor="dana")
    book.undo(us, actor="dana")

    steps = book.steps(us)

    assert second not in {step.record for step in steps}
    assert [(step.actor, step.record, step.way) for step in steps[:2]] == [
        ("gil", None, "retract"),
        ("dana", first, ""),
    ]
    assert [step.record for step in book.steps(us, actor="dana", limit=1)] == [first]


def test_a_decision_is_not_undone_and_the_message_names_its_way_back_and_what_can_be() -> None:
    book = a_book()
    us = a_relationship(book)
    record = call(book, us, actor="dana")
    book.promise(us, kind=Promise.DELIVERY, what="router", due=at(9), actor="dana")

    with pytest.raises(
        CommandError,
        match=rf"what dana did last here \(commitment made.*Use `retract`.*record {record} \(phone",
    ):
        book.undo(us, actor="dana")
