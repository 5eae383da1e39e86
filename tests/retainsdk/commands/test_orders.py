"""What becomes of a promise to deliver when its order moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.commitment import Commitment
from retainsdk.errors import CommandError, RetainError, TransitionError
from retainsdk.events import CommitmentKept, CommitmentMade, OrderMoved
from retainsdk.quantities import LocalTime, Money
from retainsdk.testing import NOW, SetClock, a_book, a_relationship
from retainsdk.vocabulary import OrderState, Promise, Side

DANA: dict[str, Any] = {"actor": "dana"}
DUE = NOW + timedelta(days=3)


def days(number: float) -> datetime:
    return NOW + timedelta(days=number)


def a_shop(*, path: Path | None = None) -> tuple[Book, int, SetClock]:
    clock = SetClock()
    book = a_book(clock=clock, path=path)
    return book, a_relationship(book), clock


def ordered(book: Book, us: int, name: str = "O-7", **how: Any) -> None:
    book.move_order(us, name, state=OrderState.ORDERED, **({"deliver_by": DUE} | DANA | how))


def moved(book: Book, us: int, state: OrderState, name: str = "O-7", **how: Any) -> None:
    book.move_order(us, name, state=state, **(DANA | how))


def the_promise(book: Book, us: int) -> Commitment:
    (promise,) = book.account(us).commitments.values()
    return promise


@pytest.mark.parametrize("comes", [OrderState.DELIVERED, OrderState.RECEIVED])
def test_an_order_that_comes_in_time_keeps_its_promise_in_the_same_commit(comes: OrderState) -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    clock.time = days(1)
    moved(book, us, OrderState.SENT)
    clock.time = days(2)

    before = the_promise(book, us).state
    moved(book, us, comes)

    promise = the_promise(book, us)
    assert (before, promise.state, promise.kept_at, promise.kept_on_time) == ("open", "kept", days(2), True)
    assert promise.basis == "order O-7"
    last_two = [event.body for event in book.events()][-2:]
    assert last_two == [
        OrderMoved(order="O-7", state=comes),
        CommitmentKept(commitment=1, evidence=f"order O-7 {comes.name.lower()}"),
    ]


def test_a_purchase_promises_the_delivery_of_its_order_once_whatever_is_bought_in_it() -> None:
    book, us, _ = a_shop()
    told: dict[str, Any] = {"amount": Money(5, "EUR"), "paid": True, "order": "O-7", "deliver_by": DUE}

    book.record_purchase(us, what="a filter", **told, **DANA)
    book.record_purchase(us, what="a pump", **told, **DANA)
    ordered(book, us)

    promise = the_promise(book, us)
    assert (promise.kind, promise.what, promise.order, promise.due) == (
        Promise.DELIVERY, "delivery of a filter", "O-7", DUE,
    )  # fmt: skip


def test_the_same_purchase_told_twice_by_its_key_promises_once() -> None:
    book, us, clock = a_shop()
    told: dict[str, Any] = {"amount": Money(5, "EUR"), "paid": True, "order": "O-7", "deliver_by": DUE}

    first = book.record_purchase(us, what="a filter", **told, key="web-1", **DANA)
    clock.time = days(1)
    again = book.record_purchase(us, what="a filter", **told, key="web-1", **DANA)

    assert first == again
    assert len(book.account(us).commitments) == 1


def test_an_order_that_comes_too_late_breaks_its_promise_and_is_delivered_late() -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    clock.time = days(4)

    moved(book, us, OrderState.DELIVERED)
    moved(book, us, OrderState.RECEIVED)

    promise = the_promise(book, us)
    assert (promise.state, promise.broken_at, promise.delivered_at) == ("broken", DUE, days(4))


def test_a_promise_that_the_clock_broke_is_delivered_late_by_the_order() -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    clock.time = days(4)
    book.tick(**DANA)
    clock.time = days(5)

    moved(book, us, OrderState.RECEIVED)

    promise = the_promise(book, us)
    assert (promise.state, promise.broken_at, promise.delivered_at) == ("broken", DUE, days(5))


def test_notice_in_time_protects_the_promise_but_not_the_date() -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    clock.time = days(2)
    book.give_late_notice(us, 1, due=days(6), why="the lorry broke down", **DANA)
    clock.time = days(5)

    moved(book, us, OrderState.DELIVERED)

    promise = the_promise(book, us)
    assert (promise.state, promise.kept_on_time) == ("kept", False)


def test_a_customer_who_calls_his_order_off_lets_us_off() -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    clock.time = days(1)

    moved(book, us, OrderState.CANCELLED, by=Side.CUSTOMER)

    assert the_promise(book, us).state == "released"


@pytest.mark.parametrize("is_put_off", [False, True])
def test_a_customer_who_never_called_his_order_off_is_still_owed_it(*, is_put_off: bool) -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    if is_put_off:
        book.give_late_notice(us, 1, due=days(4), **DANA)
    before = the_promise(book, us)
    clock.time = days(1)
    wrong = book.move_order(us, "O-7", state=OrderState.CANCELLED, by=Side.CUSTOMER, **DANA)
    clock.time = days(1.5)

    book.correct_record(us, wrong, why="that was another customer", **DANA)

    promise = the_promise(book, us)
    assert (promise.state, promise.due, promise.notices) == (before.state, before.due, before.notices)
    clock.time = days(2)
    moved(book, us, OrderState.DELIVERED)
    assert the_promise(book, us).kept_at == days(2)


def test_an_order_that_we_call_off_breaks_its_promise_unless_he_lets_us_off() -> None:
    book, us, clock = a_shop()
    for name in ("O-7", "O-8"):
        ordered(book, us, name)
        moved(book, us, OrderState.CANCELLED, name, by=Side.US)
    book.release(us, 2, evidence="he said so", **DANA)
    clock.time = days(4)

    book.tick(**DANA)

    assert [it.state for it in book.account(us).commitments.values()] == ["broken", "released"]


def test_who_called_off_a_promised_order_must_be_said_and_of_one_that_is_not_need_not() -> None:
    book, us, _ = a_shop()
    ordered(book, us)
    book.move_order(us, "O-8", state=OrderState.ORDERED, **DANA)

    with pytest.raises(CommandError, match="leaves promise 1 open, and says not by whom"):
        moved(book, us, OrderState.CANCELLED)
    moved(book, us, OrderState.CANCELLED, "O-8")

    assert book.account(us).timeline.orders["O-7"].state == "ordered"
    assert book.account(us).timeline.orders["O-8"].state == "cancelled"


def test_a_promise_to_deliver_is_kept_by_the_order_and_not_by_saying_so() -> None:
    book, us, _ = a_shop()
    ordered(book, us)

    with pytest.raises(CommandError, match="is kept by the delivery of order 'O-7'"):
        book.keep(us, 1, evidence="I am sure of it", **DANA)


def test_a_delivery_recorded_after_its_time_keeps_the_promise_until_the_clock_has_broken_it() -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    ordered(book, us, "O-8")
    clock.time = days(4)

    moved(book, us, OrderState.DELIVERED, occurred_at=days(2))
    book.tick(**DANA)
    moved(book, us, OrderState.DELIVERED, "O-8", occurred_at=days(2))

    kept, broken = book.account(us).commitments.values()
    assert (kept.state, kept.kept_at) == ("kept", days(2))
    assert (broken.state, broken.delivered_at) == ("broken", None)


def test_an_imported_delivery_is_found_by_the_clock() -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    clock.time = days(2)
    book.promise(
        us, kind=Promise.DELIVERY, what="O-9", due=days(3), order="O-9", occurred_at=days(0.5), **DANA
    )
    book.move_order(us, "O-9", state=OrderState.ORDERED, occurred_at=days(0.6), **DANA)
    book.give_late_notice(us, 2, due=days(5), occurred_at=days(1.5), **DANA)
    moved(book, us, OrderState.DELIVERED, "O-9", occurred_at=days(1))  # before the notice: not seen at once
    clock.time = days(6)

    book.tick(**DANA)

    first, second = book.account(us).commitments.values()
    assert (first.state, second.state, second.kept_at) == ("broken", "kept", days(1))


def test_an_order_is_promised_for_one_time_until_notice_is_given() -> None:
    book, us, _ = a_shop()
    ordered(book, us)
    told: dict[str, Any] = {"what": "tea", "amount": Money(5, "EUR"), "paid": True, "order": "O-7"}

    with pytest.raises(CommandError, match="stands as number 1"):
        book.record_purchase(us, **told, deliver_by=days(5), **DANA)
    with pytest.raises(CommandError, match="stands as number 1"):
        book.promise(us, kind=Promise.DELIVERY, what="O-7", due=days(5), order="O-7", **DANA)
    book.give_late_notice(us, 1, due=days(5), **DANA)
    book.record_purchase(us, **told, deliver_by=days(5), **DANA)

    assert len(book.account(us).commitments) == 1


def test_an_order_may_be_promised_anew_once_the_promise_was_taken_back() -> None:
    book, us, _ = a_shop()
    ordered(book, us)
    book.retract(us, 1, why="a slip", **DANA)

    book.promise(us, kind=Promise.DELIVERY, what="O-7", due=days(5), order="O-7", **DANA)

    assert [it.state for it in book.account(us).commitments.values()] == ["retracted", "open"]


def test_an_order_that_came_already_is_not_promised_any_more() -> None:
    book, us, _ = a_shop()
    book.move_order(us, "O-7", state=OrderState.ORDERED, **DANA)
    moved(book, us, OrderState.DELIVERED)

    with pytest.raises(CommandError, match="was delivered already"):
        book.promise(us, kind=Promise.DELIVERY, what="O-7", due=days(5), order="O-7", **DANA)


def test_the_record_of_a_delivery_that_kept_a_promise_stays_as_that_of_a_contact_does() -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    clock.time = days(1)
    wrong = book.move_order(us, "O-7", state=OrderState.DELIVERED, **DANA)

    with pytest.raises(CommandError, match="is what kept promise 1"):
        book.correct_record(us, wrong, why="another house", **DANA)

    assert the_promise(book, us).kept_at == days(1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda book, us: ordered(book, us, ""), "names no order"),
        (lambda book, us: moved(book, us, OrderState.SENT, deliver_by=DUE), "is no time to promise"),
        (lambda book, us: moved(book, us, OrderState.SENT, by=Side.US), "was called off by nobody"),
        (lambda book, us: ordered(book, us, deliver_by=NOW), "is not after the promise"),
        (
            lambda book, us: book.promise(us, kind=Promise.CALLBACK, what="x", due=DUE, order="O", **DANA),
            "is no delivery of ours",
        ),
        (
            lambda book, us: book.promise(
                us, kind=Promise.DELIVERY, what="x", due=DUE, order="O", by=Side.CUSTOMER, **DANA
            ),
            "is no delivery of ours",
        ),
    ],
    ids=["no name", "sent already", "not called off", "due at once", "a callback", "his own"],
)
def test_what_makes_no_promise_to_deliver_is_refused(wrong: Any, says: str) -> None:
    book, us, _ = a_shop()

    with pytest.raises(CommandError, match=says):
        wrong(book, us)

    assert book.account(us).commitments == {}


def test_the_wall_clock_of_a_delivery_is_kept_as_it_was_told(tmp_path: Path) -> None:
    book, us, _ = a_shop(path=tmp_path / "shop.db")
    told = LocalTime(datetime(2026, 6, 18, 10), "Asia/Jerusalem")  # noqa: DTZ001 # a wall clock

    ordered(book, us, deliver_by=told)

    assert the_promise(book, us).promised == told
    made = next(event.body for event in book.events(name=CommitmentMade.__name__))
    assert isinstance(made, CommitmentMade)
    assert made.order == "O-7"
    book.close()


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(("sent", "delivered", "received", "returned", "ours", "his", "notice", "tick")),
        st.integers(0, 3),
    ),
    max_size=7,
)


@given(steps=_STEPS)
def test_a_promised_order_keeps_its_promise_exactly_when_it_comes_by_the_due_that_stands(
    steps: list[tuple[str, int]],
) -> None:
    book, us, clock = a_shop()
    ordered(book, us)
    due, came, called_off, broken = DUE, None, False, False
    for what, later in steps:
        clock.time += timedelta(days=later)
        done = True
        try:
            if what == "tick":
                book.tick(**DANA)
            elif what == "notice":
                book.give_late_notice(us, 1, due=due + timedelta(days=2), **DANA)
            elif what in {"ours", "his"}:
                moved(book, us, OrderState.CANCELLED, by=Side.US if what == "ours" else Side.CUSTOMER)
            else:
                moved(book, us, OrderState[what.upper()])
        except (TransitionError, RetainError):
            done = False
        broken = broken or (clock.time > due and came is None and not called_off)
        if done and what == "notice":
            due += timedelta(days=2)
        if done and what in {"delivered", "received"} and came is None:
            came = clock.time
        called_off = called_off or (done and what == "his" and not broken)
    clock.time += timedelta(days=30)
    book.tick(**DANA)

    promise = the_promise(book, us)
    expected = "released" if called_off else "kept" if came is not None and came <= due else "broken"
    assert promise.state == expected
    assert (promise.delivered_at is not None) == (expected == "broken" and came is not None)
