"""What simply happened, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from retainsdk.book import Book
from retainsdk.errors import CommandError, RetainError
from retainsdk.events import InteractionRecorded
from retainsdk.quantities import Money
from retainsdk.record import usual_gap
from retainsdk.testing import SetClock, a_book, a_relationship, at
from retainsdk.vocabulary import DEPARTMENTS, Channel, Direction, OrderState

EUR = Money(1, "EUR")
Tell = Callable[[Book, int, dict[str, Any]], object]

REFUSED: dict[str, tuple[Tell, str]] = {
    "friction off the scale": (lambda b, us, how: visit(b, us, step="queue", friction=11, **how), "from 0 to 10"),
    "friction at no step": (lambda b, us, how: visit(b, us, friction=3, **how), "Name the step"),
    "negative minutes": (lambda b, us, how: visit(b, us, minutes=-1, **how), "must not be negative"),
    "a contact about no case": (lambda b, us, how: visit(b, us, case=7, **how), "no case '7'"),
    "a purchase of nothing": (
        lambda b, us, how: b.record_purchase(us, what="x", amount=EUR, paid=True, quantity=0, **how), "buys nothing",
    ),
    "an invoice of nothing": (
        lambda b, us, how: b.bill(us, invoice="R2", amount=EUR * 0, due_on=date(2026, 4, 1), **how), "asks for nothing",
    ),
    "an invoice twice": (
        lambda b, us, how: b.bill(us, invoice="R1", amount=EUR, due_on=date(2026, 4, 1), **how), "recorded already",
    ),
    "a payment of what was never billed": (lambda b, us, how: b.record_payment(us, amount=EUR, invoice="R7", **how), "Record the invoice first"),
    "a payment before its invoice": (
        lambda b, us, how: b.record_payment(us, amount=EUR, invoice="R1", **{**how, "occurred_at": at(1, 15)}),
        "Record the invoice first",
    ),
    "a failed payment of what was never billed": (
        lambda b, us, how: b.record_failed_payment(us, invoice="R7", why="x", **how), "Record the invoice first",
    ),
    "an order that was never placed": (lambda b, us, how: b.move_order(us, "A7", state=OrderState.SENT, **how), "Record it as ordered first"),
    "feedback that says nothing": (lambda b, us, how: b.give_feedback(us, about="x", text=" ", **how), "says nothing"),
    "an answer to feedback nobody gave": (lambda b, us, how: b.answer_feedback(us, 7, change="x", **how), "was not given"),
    "an answer that tells nothing": (lambda b, us, how: b.answer_feedback(us, 3, change=" ", **how), "tells nothing"),
    "a signal nobody raised": (lambda b, us, how: b.clear_signal(us, 7, why="x", **how), "was not raised"),
    "a signal cleared for no reason": (lambda b, us, how: b.clear_signal(us, 4, why=" ", **how), "Give the reason"),
    "a signal cleared by another department": (
        lambda b, us, how: b.clear_signal(us, 4, why="x", department="marketing", **how),
        "stays until finance or the owner 'dana' clears it",
    ),
    "a signal cleared by a colleague": (
        lambda b, us, how: b.clear_signal(us, 4, why="x", **{**how, "actor": "gil"}), "stays until finance",
    ),
    "a signal cleared before it was raised": (
        lambda b, us, how: b.clear_signal(us, 4, why="x", **{**how, "occurred_at": at(1, 15)}), "was not raised by then",
    ),
}  # fmt: skip


def visit(book: Book, us: int, **how: Any) -> int:
    return book.record_interaction(
        us, channel=Channel.IN_PERSON, direction=Direction.INBOUND, purpose="service", **how
    )


@pytest.mark.parametrize("case", REFUSED)
def test_a_book_refuses(case: str) -> None:
    tell, why = REFUSED[case]
    book = a_book()
    us = a_relationship(book)
    how: dict[str, Any] = {"actor": "dana", "occurred_at": at(2)}
    book.bill(us, invoice="R1", amount=EUR, due_on=date(2026, 3, 1), **how)
    book.give_feedback(us, about="hours", text="open earlier", **how)
    book.raise_signal(us, department="finance", kind="arrears", evidence="R1", **how)
    digest = book.digest()

    with pytest.raises(RetainError, match=why):
        tell(book, us, how)

    assert book.digest() == digest


class Signals(RuleBasedStateMachine):
    """Signals against a plain dictionary of those that stand."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = SetClock()
        self.book = a_book(clock=self.clock)
        self.us = a_relationship(self.book)
        self.owner = "dana"
        self.standing: dict[int, str] = {}

    @rule(department=st.sampled_from(DEPARTMENTS))
    def raise_one(self, department: str) -> None:
        before = self.book.health(self.us).score.value
        number = self.book.raise_signal(
            self.us, department=department, kind="late", evidence="x", actor="gil"
        )
        self.standing[number] = department
        assert self.book.health(self.us).score.value <= before

    @rule(owner=st.sampled_from(["dana", "gil"]))
    def hand_over(self, owner: str) -> None:
        self.clock.time += timedelta(minutes=1)  # two owners at one instant are a contradiction
        self.book.assign_owner(self.us, owner=owner, actor="omer")
        self.owner = owner

    @rule(
        data=st.data(),
        department=st.none() | st.sampled_from(DEPARTMENTS),
        actor=st.sampled_from(["dana", "gil"]),
        why=st.sampled_from(["", "paid"]),
    )
    def clear_one(self, data: st.DataObject, department: str | None, actor: str, why: str) -> None:
        if not self.standing:
            return
        number = data.draw(st.sampled_from(sorted(self.standing)))
        by = actor if department is None else department
        may = by in {self.standing[number], self.owner}
        try:
            self.book.clear_signal(self.us, number, why=why, department=department, actor=actor)
        except CommandError:
            assert not (may and why)
            return
        assert may
        assert why
        del self.standing[number]

    @invariant()
    def those_that_stand_are_those_nobody_cleared(self) -> None:
        signals = self.book.account(self.us).timeline.signals
        assert {number: it.department for number, it in signals.items() if it.stands} == self.standing


TestSignals = pytest.mark.invariant(48)(Signals.TestCase)
TestSignals.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)


@pytest.mark.invariant(48)
@pytest.mark.parametrize("by", [None, *DEPARTMENTS])
def test_a_signal_stays_until_its_department_or_the_owner_says_why_not(by: str | None) -> None:
    book = a_book()
    us = a_relationship(book, owner="dana")
    number = book.raise_signal(us, department="finance", kind="arrears", evidence="R1", actor="gil")
    with pytest.raises(CommandError):
        book.clear_signal(us, number, why=" ", department=by, actor="dana")

    if by in {None, "finance"}:
        book.clear_signal(us, number, why="paid", department=by, actor="dana")
    else:
        with pytest.raises(CommandError, match="stays until finance"):
            book.clear_signal(us, number, why="paid", department=by, actor="dana")

    signal = book.account(us).timeline.signals[number]
    assert signal.stands == (by not in {None, "finance"})
    assert signal.why_cleared == ("" if signal.stands else "paid")


def test_a_contact_is_recorded_with_all_that_is_known_of_it() -> None:
    book = a_book()
    us = a_relationship(book)

    number = visit(
        book, us, participants=["נועה", "dana"], step="queue", friction=7, minutes=12, cost=EUR,
        reference="file 9", text="ביקור בחנות", actor="dana",
    )  # fmt: skip

    page = book.timeline(us)
    body = page.entries[0].body
    assert isinstance(body, InteractionRecorded)
    assert (number, page.entries[0].version) == (2, 2)
    assert (body.participants, body.text) == (("נועה", "dana"), "ביקור בחנות")
    assert (body.step, body.friction, body.minutes, body.cost, body.reference) == (
        "queue",
        7,
        12,
        EUR,
        "file 9",
    )


def test_a_timeline_is_read_page_by_page_from_the_latest_back() -> None:
    book = a_book()
    us = a_relationship(book)
    numbers = [visit(book, us, occurred_at=at(3, day), actor="dana") for day in (5, 2, 9, 2, 7)]
    book.correct_record(us, numbers[2], why="not him", actor="dana")

    seen: list[int] = []
    before = None
    while True:
        page = book.timeline(us, before=before, limit=2)
        seen += [entry.version for entry in page.entries]
        before = page.earlier
        if before is None:
            break

    assert seen == [numbers[2], numbers[4], numbers[0], numbers[3], numbers[1]]
    assert (page.total, page.corrected) == (5, 1)
    assert set(book.timeline(us, limit=1).corrections) == {numbers[2]}
    with pytest.raises(CommandError, match="is no record"):
        book.timeline(us, before=99)
    with pytest.raises(CommandError, match="shows nothing"):
        book.timeline(us, limit=0)


def test_surveys_are_asked_answered_refused_or_run_out_of_time() -> None:
    book = a_book()
    us = a_relationship(book)
    for instrument in ("csat", "nps", "exit"):
        book.ask_survey(us, instrument=instrument, answer_by=at(3), occurred_at=at(2), actor="dana")
    book.answer_survey(us, instrument="csat", score=9, occurred_at=at(2, 2), actor="dana")
    book.refuse_survey(us, instrument="nps", occurred_at=at(2, 3), actor="dana")
    book.answer_survey(us, instrument="unasked", score=3, occurred_at=at(2, 4), actor="dana")

    found = book.account(us).timeline.surveys()

    assert [(it.instrument, it.state(at(3)), it.state(at(3, 2))) for it in found] == [
        ("csat", "answered", "answered"),
        ("nps", "refused", "refused"),
        ("exit", "asked", "unanswered"),
        ("unasked", "answered", "answered"),
    ]
    assert [it.is_settled(at(3)) for it in found] == [True, True, False, True]


def test_visits_are_the_days_he_came_or_bought_and_the_usual_gap_is_their_median() -> None:
    book = a_book()
    us = a_relationship(book)
    for day in (1, 1, 8, 15):
        visit(book, us, occurred_at=at(3, day), actor="dana")
    book.record_purchase(us, what="tea", amount=EUR, paid=True, occurred_at=at(5), actor="dana")
    book.record_purchase(us, what="refund", amount=-EUR, paid=True, occurred_at=at(5, 2), actor="dana")
    book.record_interaction(
        us,
        channel=Channel.PHONE,
        direction=Direction.INBOUND,
        purpose="service",
        occurred_at=at(5, 3),
        actor="dana",
    )

    ledger = book.ledger_of(us)
    visits = ledger.account(us).timeline.visits(ledger.day)

    assert visits == [date(2026, 3, 1), date(2026, 3, 8), date(2026, 3, 15), date(2026, 5, 1)]
    assert usual_gap(visits) == timedelta(days=7)
    assert usual_gap(visits[:2]) is None


def test_a_document_is_filed_with_its_kind_place_and_digest() -> None:
    book = a_book()
    us = a_relationship(book)

    book.file_document(us, kind="engagement letter", reference="archive/12", digest="ab12", actor="dana")

    assert [entry.body for entry in book.timeline(us).entries] == [
        event.body for event in book.events(name="DocumentFiled")
    ]


def test_a_clearing_by_a_later_owner_does_not_stop_a_look_back() -> None:
    book = a_book()
    us = a_relationship(book)
    book.assign_owner(us, owner="gil", occurred_at=at(4), actor="dana")
    number = book.raise_signal(
        us, department="service", kind="x", evidence="x", occurred_at=at(2), actor="dana"
    )

    with pytest.raises(CommandError, match="stays until service"):
        book.clear_signal(us, number, why="x", occurred_at=at(3), actor="gil")

    assert book.account(us, as_of=at(3)).timeline.signals[number].stands
