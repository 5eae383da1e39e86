"""What the field says of looking back on a whole book, told with its reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from retainsdk.book import Book
from retainsdk.quantities import Money
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import CaseKind, Channel, Direction, OfferKind, Origin, Promise, Reason, Stage


def eur(amount: int | str) -> Money:
    return Money(amount, "EUR")


def leaves(
    book: Book, *, by: str, stated: Reason, month: int, day: int = 1, assessed: Reason | None = None
) -> None:
    us = a_relationship(book, terms=some_terms(notice_days=0))
    told: dict[str, Any] = {"occurred_at": at(month, day), "actor": by}
    book.begin_end(us, **told)
    book.record_exit_reason(us, stated=stated, assessed=assessed, evidence="call", **told)
    book.complete_end(us, although="he was in a hurry", **told)


def test_c7_what_each_customer_buys_how_often_and_when_and_what_all_like_best() -> None:
    book = a_book(zone="Asia/Jerusalem")
    noa, gil = a_relationship(book, name="נועה"), a_relationship(book, name="Gil")
    for day in (5, 12, 19):  # Thursdays
        book.record_purchase(
            noa, what="challah", amount=eur(4), paid=True, occurred_at=at(3, day, 14), actor="dana"
        )
    book.record_purchase(
        gil, what="tea", amount=eur(9), paid=True, quantity=2, occurred_at=at(3, 6), actor="dana"
    )
    book.record_purchase(gil, what="tea", amount=eur(-9), paid=True, occurred_at=at(3, 8), actor="dana")

    habits = book.report("buying-habits", by="customer")
    products = book.report("favourite-products")

    his, hers = habits.records()
    assert (his["customer"], his["purchases"], his["amount"], his["interval"]) == ("Gil", 1, eur(0), None)
    assert (hers["purchases"], hers["amount"], hers["a purchase"], hers["interval"]) == (
        3,
        eur(12),
        eur(4),
        7.0,
    )
    assert (hers["usual day"], hers["usual time"], hers["last"]) == (
        "Thursday",
        "afternoon",
        date(2026, 3, 19),
    )
    assert (habits.total_of("purchases"), habits.total_of("amount")) == (4, eur(12))
    assert [(it["product"], it["quantity"], it["bought again"], it["refunds"]) for it in products.records()] == [
        ("challah", 3, 1, 0), ("tea", 2, 0, 1),
    ]  # fmt: skip


def test_c7_frequent_complaints_come_with_what_they_were_answered() -> None:
    book = a_book()
    us, other = a_relationship(book), a_relationship(book)
    for number, (whose, topic, month) in enumerate(
        ((us, "Late delivery", 2), (other, "late  delivery", 3), (us, "bill", 4)), 1
    ):
        case = book.open_case(
            whose, kind=CaseKind.COMPLAINT, topic=topic, occurred_at=at(month), actor="dana"
        )
        if number < 3:
            book.resolve_case(whose, case, how_done="a new courier", occurred_at=at(month, 2), actor="dana")

    report = book.report("frequent-complaints")

    assert [(it["topic"], it["complaints"], it["customers"], it["open"], it["first contact"], it["usual answer"]) for it in report.records()] == [
        ("Late delivery", 2, 2, 0, 1.0, "a new courier"),
        ("bill", 1, 1, 1, None, None),
    ]  # fmt: skip


def test_b8_who_writes_down_no_need_more_often_than_before_and_than_the_others_is_flagged() -> None:
    book = a_book()
    for n in range(8):
        leaves(book, by="gil", stated=Reason.CHEAPER_COMPETITOR, month=1, day=2 + n)
        leaves(book, by="gil", stated=Reason.NO_NEED_STATED, assessed=Reason.LIFE_EVENT, month=5, day=1 + n)
        leaves(book, by="dana", stated=Reason.SERVICE_FAILURE, month=5, day=1 + n)
    leaves(book, by="dana", stated=Reason.NO_NEED_STATED, month=5)

    report = book.report("leaving-reasons")

    by_reason = {(it["representative"], it["reason"]): it for it in report.records()}
    habit = by_reason["gil", "no need stated"]
    assert (habit["exits"], habit["share"], habit["believed otherwise"], habit["flag"]) == (
        8,
        0.5,
        8,
        "drift",
    )
    assert 0.2 < float(str(habit["low"])) < 0.5 < float(str(habit["high"])) < 0.8
    assert by_reason["dana", "no need stated"]["flag"] == ""
    flagged = [note for note in report.notes if note.startswith("DRIFT")]
    assert len(flagged) == 2
    assert "gil stated “no need” for 100% of leavers lately, before 0%" in flagged[0]
    assert "the others 11%" in flagged[1]


def test_b8_a_share_that_luck_explains_accuses_nobody() -> None:
    book = a_book()
    for who in ("dana", "gil", "tal"):
        leaves(book, by=who, stated=Reason.LIFE_EVENT, month=1)
        leaves(book, by=who, stated=Reason.NO_NEED_STATED, month=5)

    report = book.report("leaving-reasons")

    assert set(report.column("flag")) == {""}
    assert not any("DRIFT" in note for note in report.notes)


def test_b5_each_customer_won_has_cost_what_the_campaign_did_and_keeping_is_known_only_against_a_control() -> (
    None
):
    book = a_book()
    book.run_campaign(
        "spring", purpose="new homes", segment="homes", cost=eur(900), starts_on=date(2025, 3, 1), ends_on=date(2025, 6, 1),
        actor="dana",
    )  # fmt: skip
    came = [a_relationship(book, stage=stage) for stage in (Stage.ACTIVE, Stage.ACTIVE, Stage.PROSPECT)]
    for us in came:
        book.learn_origin(us, origin=Origin.CAMPAIGN, campaign="spring", actor="dana")
    book.record_interaction(
        came[0], channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", minutes=30, occurred_at=at(5),
        actor="dana",
    )  # fmt: skip

    report = book.report("acquisition", by="segment", months=3, hour=eur(40))

    (line,) = report.records()
    assert (line["segment"], line["spent"], line["came"], line["won"]) == ("homes", eur(900), 3, 2)
    assert line["cost to win one"] == eur(450)
    assert (line["customers then"], line["stayed"], line["spent on them"]) == (2, 2, eur(20))
    assert line["cost for one who stayed"] == eur(10)
    assert any("Horizon of keeping: 3 months, from 2026-03-15" in note for note in report.notes)
    assert any("only against customers like them who were left alone" in note for note in report.notes)


def test_d1_what_each_stage_costs_and_brings() -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    for month, minutes in ((1, 60), (2, 60), (4, 15)):
        book.record_interaction(
            us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="sales", minutes=minutes,
            occurred_at=at(month, 10), actor="dana",
        )  # fmt: skip
    book.sign(us, terms=some_terms(starts_on=date(2026, 3, 1)), occurred_at=at(3), actor="dana")
    book.lay_foundations(us, how_done="he knows us", occurred_at=at(3, 20), actor="dana")
    for month in (4, 5):
        book.record_payment(us, amount=eur(20), occurred_at=at(month, 28), actor="dana")

    report = book.report("stages", hour=eur(40))

    assert [(it["stage"], it["customers now"], it["cost"], it["income"]) for it in report.records()] == [
        ("prospect", 0, eur(80), eur(0)),
        ("onboarding", 0, eur(0), eur(0)),
        ("active", 1, eur(10), eur(40)),
    ]
    assert report.total_of("cost") == book.cost_to_serve(us, hour=eur(40)).money
    assert report.total_of("customers ever") == 1


def met(book: Book, us: int, step: str, friction: int | None, hour: int, minutes: int = 5) -> None:
    book.record_interaction(
        us, channel=Channel.IN_PERSON, direction=Direction.INBOUND, purpose="service", step=step, friction=friction,
        minutes=minutes, occurred_at=at(3, 1, hour), actor="dana",
    )  # fmt: skip


def test_d9_the_touchpoints_stand_in_the_order_customers_come_to_them_with_measures_of_each() -> None:
    book = a_book()
    for _ in range(2):
        us = a_relationship(book)
        met(book, us, "search", 2, hour=8)
        met(book, us, "queue", None, hour=9)
        met(book, us, "payment", 3, hour=13)

    report = book.report("touchpoints")

    assert report.column("step") == ["search", "queue", "payment"]
    assert report.column("contacts") == [2, 2, 2]
    assert report.column("wait") == [None, 1.0, 4.0]
    assert report.column("minutes") == [10, 10, 10]
    assert report.total_of("contacts") == 6
    assert "Bars: friction by step." in report.as_html()


def test_c10_the_step_at_which_buying_is_hard_stands_out_over_all_customers() -> None:
    book = a_book()
    for friction in (9, 7):
        us = a_relationship(book)
        met(book, us, "explanation", 1, hour=8)
        met(book, us, "queue", friction, hour=9)
        met(book, us, "proof by others", None, hour=10)

    by_step = {it["step"]: it for it in book.report("touchpoints").records()}

    assert (by_step["queue"]["friction"], by_step["queue"]["hardest"]) == (8.0, 9)
    assert by_step["explanation"]["friction"] == 1.0
    assert by_step["proof by others"]["friction"] is None


def test_a5_whose_word_can_be_relied_on() -> None:
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    us = a_relationship(book)
    for who in ("dana", "gil", "gil"):
        book.promise(us, kind=Promise.DELIVERY, what="router", due=at(3, 5), actor=who)
    book.promise(us, kind=Promise.DELIVERY, what="a slip of the pen", due=at(3, 5), actor="gil")
    book.retract(us, 4, why="meant for another", actor="gil")
    clock.time = at(3, 4)
    for number in (1, 2):
        book.keep(us, number, actor="dana")
    clock.time = at(3, 6)
    book.break_promise(us, 3, actor="gil")

    report = book.report("promises")

    assert [(it["representative"], it["kept rate"], it["on-time rate"], it["retracted"]) for it in report.records()] == [
        ("dana", 1.0, 1.0, 0), ("gil", 0.5, 0.5, 1),
    ]  # fmt: skip
    assert report.total_of("kept rate") == 2 / 3
    (warning,) = report.notes
    assert warning.startswith("WARNING: gil has 1 of 3 promises retracted")


def test_a7_what_was_given_stands_beside_what_whoever_gave_it_may_grant() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    offer = book.make_offer(us, kind=OfferKind.PRICE, amount=eur(5), months=6, occurred_at=at(2), actor="gil")
    book.accept_offer(us, offer, occurred_at=at(2), actor="dana")
    book.compensate(us, what="a late delivery", cost=eur(12), occurred_at=at(4), actor="dana")
    for who, limit in (("dana", 20), ("gil", 20)):
        book.join_staff(who, occurred_at=at(5), actor="dana")
        book.set_authority(who, up_to=eur(limit), occurred_at=at(5), actor="dana")

    report = book.report("concessions")

    assert [(it["representative"], it["cost"], it["authority"], it["above authority"]) for it in report.records()] == [
        ("dana", eur(12), eur(20), 0), ("gil", eur(30), eur(20), 1),
    ]  # fmt: skip
    assert report.total_of("cost") == eur(42)


def test_d3_how_much_of_the_contact_we_began_and_whom_we_left_in_silence() -> None:
    book = a_book()
    called, silent = a_relationship(book), a_relationship(book, owner="gil")
    for direction in (Direction.OUTBOUND, Direction.OUTBOUND, Direction.INBOUND):
        book.record_interaction(
            called,
            channel=Channel.PHONE,
            direction=direction,
            purpose="service",
            occurred_at=at(6),
            actor="dana",
        )
    book.record_interaction(
        silent, channel=Channel.EMAIL, direction=Direction.OUTBOUND, purpose="service", human=False, occurred_at=at(6),
        actor="gil",
    )  # fmt: skip

    hers, his = book.report("contact").records()

    assert (hers["contacts"], hers["by us"], hers["silent up to 30 days"], hers["silence"]) == (3, 2, 1, 14.0)
    assert (his["contacts"], his["share by us"], his["never"], his["over 90"]) == (0, None, 1, 1)
