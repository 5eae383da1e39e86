"""Stories of promises, representatives and their authority, in the words of the field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from retainsdk import Book, CaseKind, Channel, Direction, Kind, Money, OfferKind, Promise, Stage
from retainsdk.commitment.reliability import Reliability
from retainsdk.errors import CommandError
from retainsdk.firm.staff import stand_in
from retainsdk.quantities import LocalTime
from retainsdk.testing import SetClock
from retainsdk.vocabulary import OrderState, Side
from retainsdk.worktime import WorkCalendar

ZONE = "Asia/Jerusalem"
OFFICE = WorkCalendar.parse("Sun-Thu 09:00-18:00; Fri 09:00-13:00", zone=ZONE)


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in June 2026, where the 18th is a Thursday, by the wall clock in Israel."""
    return datetime(2026, 6, day, hour, minute, tzinfo=OFFICE.zone).astimezone(UTC)


def a_shop(clock: SetClock) -> tuple[Book, int]:
    """A book with one customer, whose repair דנה sees to."""
    book = Book.in_memory(currency="ILS", zone=ZONE, clock=clock, calendar=OFFICE)
    customer = book.register_customer(kind=Kind.PERSON, name="נועה לוי", actor="דנה")
    return book, book.open_relationship(customer, owner="דנה", stage=Stage.ACTIVE, actor="דנה")


def states(book: Book, us: int) -> list[str]:
    return [promise.state for promise in book.account(us).commitments.values()]


def test_a5_a_callback_is_kept_by_the_call_and_not_by_the_work() -> None:
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    repair = book.promise(us, kind=Promise.DELIVERY, what="the repair is done", due=wall(21, 12), actor="דנה")
    sunday_at_ten = LocalTime(datetime(2026, 6, 21, 10), ZONE)  # noqa: DTZ001 # what her wall clock shows
    book.promise(
        us, kind=Promise.CALLBACK, what="how the repair stands", due=sunday_at_ten,
        opens_at=wall(21, 9, 45), grace_minutes=5, channels=[Channel.PHONE], actor="דנה",
    )  # fmt: skip

    clock.time = wall(21, 10)
    book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", actor="דנה",
        text="the part has not come; the repair will be done on Tuesday",
    )  # fmt: skip
    book.give_late_notice(us, repair, due=wall(23, 12), why="the part has not come", actor="דנה")

    assert states(book, us) == ["warned", "kept"]
    (item,) = book.agenda().items
    assert (item.number, item.due) == (repair, wall(23, 12))
    assert "first due 2026-06-21" in item.why


def test_a5_finished_work_does_not_make_up_for_the_call_that_never_came() -> None:
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    repair = book.promise(us, kind=Promise.DELIVERY, what="the repair is done", due=wall(21, 12), actor="דנה")
    book.promise(us, kind=Promise.CALLBACK, what="how the repair stands", due=wall(21, 10), actor="דנה")
    clock.time = wall(21, 9)
    book.keep(us, repair, actor="דנה")

    clock.time = wall(21, 11)
    book.tick(actor="clock")

    assert states(book, us) == ["kept", "broken"]


def test_c4_a_promise_is_late_with_notice_then_broken_then_explained_and_compensated() -> None:
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    sofa = book.promise(
        us, kind=Promise.DELIVERY, what="the sofa is delivered", due=wall(21, 12),
        notices_allowed=1, least_compensation=Money(50, "ILS"), actor="דנה",
    )  # fmt: skip
    clock.time = wall(21, 9)
    book.give_late_notice(us, sofa, due=wall(22, 12), why="the truck broke down", actor="דנה")
    with pytest.raises(CommandError, match="1 are allowed"):
        book.give_late_notice(us, sofa, due=wall(23, 12), actor="דנה")

    clock.time = wall(22, 18)
    book.tick(actor="clock")
    assert states(book, us) == ["broken"]
    with pytest.raises(
        CommandError, match=r"an explanation to the customer and a compensation of at least 50.00 ILS"
    ):
        book.remedy(us, sofa, actor="דנה")

    book.deliver_late(us, sofa, evidence="signed for", actor="דנה")
    book.explain(us, what="the truck broke down twice; it was our truck", promise=sofa, actor="דנה")
    book.compensate(us, what="two cushions", cost=Money(50, "ILS"), promise=sofa, actor="דנה")
    book.remedy(us, sofa, actor="דנה")

    assert states(book, us) == ["remedied"]
    found = Reliability.of(book.account(us).commitments.values())
    assert (found.kept_rate, found.on_time_rate) == (0, 0)  # made good is not kept


def test_c4_a_customer_may_do_without_the_compensation_or_let_us_off() -> None:
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    for what in ("the sofa is delivered", "the lamp is delivered"):
        book.promise(
            us, kind=Promise.DELIVERY, what=what, due=wall(21, 12), least_compensation=Money(50, "ILS"), actor="דנה"
        )  # fmt: skip
    clock.time = wall(21, 13)
    book.tick(actor="clock")
    book.explain(us, what="snow on the pass", promise=1, actor="דנה")
    book.refuse_compensation(us, 1, evidence="call: never mind, I was out anyway", actor="דנה")
    book.remedy(us, 1, actor="דנה")
    book.release(us, 2, evidence="call: I have bought another lamp", actor="דנה")

    assert states(book, us) == ["remedied", "released"]


def test_c4_what_the_customer_promised_stands_in_the_book_too() -> None:
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    book.promise(
        us, kind=Promise.STEP, what="sends the form", due=wall(21, 12), by=Side.CUSTOMER, actor="דנה"
    )
    clock.time = wall(22, 9)
    book.tick(actor="clock")

    commitments = book.account(us).commitments.values()
    assert Reliability.of(commitments).kept_rate is None
    assert Reliability.of(commitments, by=Side.CUSTOMER).kept_rate == 0


def test_c8_an_answer_within_a_working_day_is_due_after_the_weekend_and_waits_while_he_owes_us_one() -> None:
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    case = book.open_case(us, kind=CaseKind.REQUEST, topic="moving house", actor="דנה")
    answer = book.promise(
        us, kind=Promise.RESPONSE, what="an answer", within=timedelta(hours=9), duty="answer in a day",
        case=case, actor="דנה",
    )  # fmt: skip
    assert book.account(us).commitments[answer].due == wall(21, 12)  # 2 h Thursday, 4 Friday, 3 Sunday

    book.acknowledge_case(us, case, actor="דנה")
    book.start_case(us, case, actor="דנה")
    clock.time = wall(21, 11)
    book.await_customer(us, case, why="the new address", actor="דנה")
    clock.time = wall(22, 9)
    book.tick(actor="clock")
    book.customer_replied(us, case, actor="דנה")

    assert states(book, us) == ["open"]
    assert book.account(us).commitments[answer].due == wall(22, 10)


def test_e1_who_grants_more_than_he_may_is_told_whom_to_ask() -> None:
    book, us = a_shop(SetClock(wall(18, 16)))
    for name in ("דנה", "אבנר", "מירב"):
        book.join_staff(name, actor="מירב")
    book.set_authority("דנה", up_to=Money(50, "ILS"), asks="אבנר", actor="מירב")
    book.set_authority("אבנר", up_to=Money(200, "ILS"), asks="מירב", actor="מירב")
    book.set_authority("מירב", up_to=Money(5000, "ILS"), actor="מירב")

    for actor in ("דנה", "אבנר"):
        with pytest.raises(CommandError, match="Ask מירב, who may"):
            book.make_offer(us, kind=OfferKind.PRICE, amount=Money(50, "ILS"), months=12, actor=actor)
    book.make_offer(us, kind=OfferKind.PRICE, amount=Money(50, "ILS"), months=12, actor="מירב")

    (offer,) = book.account(us).offers.values()
    assert offer.made.cost == Money(600, "ILS")


def test_e1_what_falls_due_while_the_owner_is_away_goes_to_his_deputy_and_the_owner_stays() -> None:
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    for name in ("דנה", "אבנר", "מירב"):
        book.join_staff(name, hours="Sun-Thu 09:00-17:00", actor="מירב")
    book.record_absence(
        "דנה", starts_on=date(2026, 6, 21), ends_on=date(2026, 6, 28), deputy="אבנר", actor="דנה"
    )
    book.record_absence(
        "אבנר", starts_on=date(2026, 6, 23), ends_on=date(2026, 6, 24), deputy="מירב", actor="אבנר"
    )
    for day in (18, 21, 23, 28):
        book.promise(us, kind=Promise.CALLBACK, what="the bill", due=wall(day, 17), actor="דנה")

    items = sorted(book.agenda().items, key=lambda item: item.due)

    assert [item.owner for item in items] == ["דנה", "אבנר", "מירב", "דנה"]
    assert stand_in(book.ledger().staff, "דנה", date(2026, 6, 23)) == "מירב"
    assert book.account(us).relationship.owner == "דנה"


def test_c4_an_order_received_keeps_the_promise_to_deliver_it() -> None:
    """
    Noa buys a kettle, a lamp and a chair, each promised for Sunday at noon. The kettle comes; of the lamp she hears in
    time that it comes on Tuesday, and it does; the chair comes on Wednesday without a word.
    """
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    for what in ("kettle", "lamp", "chair"):
        book.record_purchase(
            us,
            what=what,
            amount=Money(90, "ILS"),
            paid=True,
            order=what,
            deliver_by=wall(21, 12),
            actor="דנה",
        )
        book.move_order(us, what, state=OrderState.ORDERED, actor="דנה")

    clock.time = wall(21, 10)
    book.move_order(us, "kettle", state=OrderState.RECEIVED, actor="דנה")
    book.give_late_notice(us, 2, due=wall(23, 12), why="the lorry broke down", actor="דנה")
    clock.time = wall(23, 11)
    book.move_order(us, "lamp", state=OrderState.DELIVERED, actor="carrier")
    clock.time = wall(24, 9)
    book.move_order(us, "chair", state=OrderState.DELIVERED, actor="carrier")

    assert states(book, us) == ["kept", "kept", "broken"]
    chair = book.account(us).commitments[3]
    assert (chair.broken_at, chair.delivered_at) == (wall(21, 12), wall(24, 9))
    (owed,) = book.agenda().items
    assert "owed: an explanation to the customer" in owed.if_missed
    found = Reliability.of(book.account(us).commitments.values())
    assert (found.kept, found.on_time, found.broken) == (2, 1, 1)


def test_c4_who_calls_an_order_off_decides_what_becomes_of_the_promise() -> None:
    """Noa changes her mind about one order, and we cannot get the other: she lets us off the first alone."""
    clock = SetClock(wall(18, 16))
    book, us = a_shop(clock)
    for order in ("hers", "ours"):
        book.move_order(us, order, state=OrderState.ORDERED, deliver_by=wall(21, 12), actor="דנה")

    book.move_order(us, "hers", state=OrderState.CANCELLED, by=Side.CUSTOMER, actor="דנה")
    book.move_order(us, "ours", state=OrderState.CANCELLED, by=Side.US, actor="דנה")
    clock.time = wall(22, 9)
    book.tick(actor="clock")

    assert states(book, us) == ["released", "broken"]
