"""What the field says of trust, products, value and early signs, told with a book."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError
from retainsdk.events import Statement
from retainsdk.firm.comparison import Better
from retainsdk.quantities import Money, total
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.value.modifier import Modifier, ModifierRule
from retainsdk.vocabulary import (
    DEPARTMENTS,
    Channel,
    Direction,
    OfferKind,
    OrderState,
    Promise,
    Severity,
    Stage,
    StatementKind,
)


def eur(amount: int | str) -> Money:
    return Money(amount, "EUR")


def test_a3_a_package_sold_to_somebody_it_does_not_suit_is_flagged_with_the_rule_that_said_so() -> None:
    book = a_book()
    polite = a_relationship(book, name="נועה", terms=some_terms(offering="S"))
    book.list_offering("S", name="Small", fee=eur(20), included=10.0, occurred_at=at(1), actor="dana")
    book.list_offering("L", name="Large", fee=eur(60), included=100.0, occurred_at=at(1), actor="dana")
    book.record_usage(polite, month=date(2026, 2, 1), used=9.0, occurred_at=at(3), actor="dana")

    offer = book.make_offer(polite, kind=OfferKind.PACKAGE, offering="L", occurred_at=at(4), actor="gil")
    book.accept_offer(polite, offer, occurred_at=at(4, 2), actor="gil")

    assert [(sale.offering, sale.suitability, sale.rule, sale.where) for sale in book.missold(polite)] == [
        ("L", 0.09, "uses 9 a month of 100 it is made for", "offer 1")
    ]


def test_a4_a_competitors_low_price_is_laid_beside_what_it_costs_this_customer() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(offering="M"))
    book.list_offering("M", name="Medium", fee=eur(20), included=40.0, occurred_at=at(1), actor="dana")
    book.record_usage(us, month=date(2026, 5, 1), used=38.0, occurred_at=at(6), actor="dana")
    book.see_competitor_offer(
        competitor="Cellex", name="Summer", fee=eur(15), starts_on=date(2026, 6, 1), ends_on=date(2026, 9, 1),
        source="cellex.example, 3 June", lock_in_months=24, included=10.0, occurred_at=at(6, 3), actor="dana",
    )  # fmt: skip

    (beside,) = book.compared(us)

    assert (beside.competitor, beside.source, beside.until) == (
        "Cellex", "cellex.example, 3 June", date(2026, 9, 1),
    )  # fmt: skip
    assert [point.what for point in beside.points_for(Better.THEIRS)] == ["fee a month"]
    assert [point.what for point in beside.points_for(Better.OURS)] == [
        "suits his use", "fee per unit he uses", "months bound",
    ]  # fmt: skip
    assert book.compared(us, as_of=at(6, 2)) == []


def test_a7_every_concession_has_a_cost_and_a_record() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    price = book.make_offer(
        us, kind=OfferKind.PRICE, amount=eur(5), months=6, occurred_at=at(2), actor="dana"
    )
    book.accept_offer(us, price, occurred_at=at(2), actor="dana")
    declined = book.make_offer(
        us, kind=OfferKind.BENEFIT, what="a second line", cost=eur(90), occurred_at=at(3), actor="dana"
    )
    book.decline_offer(us, declined, occurred_at=at(3), actor="dana")
    book.compensate(us, what="a late delivery", cost=eur(12), occurred_at=at(4), actor="dana")

    given = book.concessions(us)

    assert [(it.what, it.cost) for it in given] == [
        ("price granted", eur(30)), ("compensation: a late delivery", eur(12)),
    ]  # fmt: skip
    assert all(it.source for it in given)
    assert total((it.cost for it in given), "EUR") == book.cost_to_serve(us, hour=eur(40)).money
    with pytest.raises(CommandError, match="what it costs us"):
        book.make_offer(us, kind=OfferKind.BENEFIT, what="a third line", actor="dana")


def test_c2_what_a_seller_can_say_of_a_product_and_whom_it_suits_stands_in_the_catalogue() -> None:
    book = a_book()
    us = a_relationship(book)
    for code, facts in (("salmon", {"contains nuts": False}), ("praline", {"contains nuts": True})):
        book.list_offering(
            code, name=code.title(), fee=eur(9), minimum={"cats": 1}, excluded={"allergy": "nuts"},
            facts=facts, occurred_at=at(1), actor="dana",
        )  # fmt: skip
    book.withdraw_offering("praline", why="out of season", occurred_at=at(2), actor="dana")

    unknown = book.recommended(us)
    book.learn_fact(us - 1, name="cats", value=2, source="she", actor="dana")
    known = book.recommended(us)
    book.learn_fact(us - 1, name="allergy", value="nuts", source="she", actor="dana")

    assert unknown == []
    assert [(it.offering.code, it.offering.facts["contains nuts"]) for it in known] == [("salmon", False)]
    assert book.recommended(us) == []


def test_c4_every_state_of_an_order_and_its_payment_is_recorded() -> None:
    book = a_book()
    us = a_relationship(book)
    book.record_purchase(
        us,
        what="table",
        amount=eur(300),
        paid=False,
        order="A7",
        invoice="R9",
        occurred_at=at(3),
        actor="dana",
    )
    book.bill(us, invoice="R9", amount=eur(300), due_on=date(2026, 3, 20), occurred_at=at(3), actor="dana")
    for day, state in enumerate(
        (OrderState.ORDERED, OrderState.SENT, OrderState.DELIVERED, OrderState.RECEIVED), 3
    ):
        book.move_order(us, "A7", state=state, occurred_at=at(3, day), actor="dana")
    book.record_failed_payment(us, invoice="R9", why="card expired", occurred_at=at(3, 15), actor="dana")
    book.record_payment(us, amount=eur(300), invoice="R9", occurred_at=at(3, 25), actor="dana")

    order = book.account(us).timeline.orders["A7"]

    assert [state.name for _, state in order.steps] == ["ORDERED", "SENT", "DELIVERED", "RECEIVED"]
    invoices = [
        book.receivables(us, as_of=at(3, day)).invoices["R9"].state(date(2026, 3, day))
        for day in (4, 16, 21, 26)
    ]
    assert invoices == ["due", "failed", "late", "paid"]
    assert [it.name for it in book.receivables(us).late(date(2026, 6, 1))] == ["R9"]
    assert book.customer_value(us).past == eur(300)


def test_c5_a_restaurant_critic_is_worth_more_than_what_he_eats() -> None:
    book = a_book()
    us = a_relationship(book, name="מבקרת מסעדות")
    book.record_purchase(us, what="dinner", amount=eur(80), paid=True, occurred_at=at(3), actor="dana")
    column = Modifier(
        name="restaurant critic", source="her column", starts_on=date(2026, 4, 1), ends_on=date(2026, 7, 1),
        factor=Decimal(5),
    )  # fmt: skip

    plain, before, now = (
        book.customer_value(us, modifiers=modifiers, as_of=when).score.money
        for modifiers, when in (((), at(6)), ((column,), at(3, 31)), ((column,), at(6)))
    )

    assert now == plain * 5
    assert before == book.customer_value(us, as_of=at(3, 31)).score.money


def test_c5_a_home_with_a_cat_and_a_dog_is_worth_more_than_one_with_either() -> None:
    book = a_book()
    us = a_relationship(book)
    book.record_purchase(us, what="food", amount=eur(50), paid=True, occurred_at=at(2), actor="dana")
    pets = ModifierRule(name="cat and dog", at_least={"cats": 1, "dogs": 1}, factor=Decimal("1.4"))

    book.learn_fact(us - 1, name="cats", value=1, source="she", occurred_at=at(3), actor="dana")
    cat = book.customer_value(us, rules=[pets])
    book.learn_fact(us - 1, name="dogs", value=1, source="the vet", occurred_at=at(4), actor="dana")
    both = book.customer_value(us, rules=[pets])

    assert cat.score == book.customer_value(us).score
    (part,) = (part for part in both.score.parts if part.name == "cat and dog")
    assert part.source == "cats: she; dogs: the vet"
    assert both.score.money == (cat.score.money * Decimal("1.4")).rounded()


def test_c10_it_shows_at_which_step_buying_is_hard() -> None:
    book = a_book()
    us = a_relationship(book)
    for step, friction in (("search", 2), ("explanation", 1), ("form", 6), ("payment", 3), ("queue", 9)):
        book.record_interaction(
            us, channel=Channel.IN_PERSON, direction=Direction.INBOUND, purpose="service", step=step,
            friction=friction, actor="dana",
        )  # fmt: skip

    hardest = book.touchpoints(us)[:2]

    assert [(it.step, it.friction) for it in hardest] == [("queue", 9.0), ("form", 6.0)]


def test_d1_what_a_customers_word_has_changed_is_told_back_to_him() -> None:
    book = a_book()
    veteran = a_relationship(book)
    said = book.give_feedback(
        veteran, about="hours", text="open before eight", occurred_at=at(2), actor="dana"
    )
    waiting = book.account(veteran).timeline.feedback[said]

    book.answer_feedback(veteran, said, change="we open at seven since May", occurred_at=at(5), actor="dana")

    told = book.account(veteran).timeline.feedback[said]
    assert waiting.answered_at is None
    assert (told.answered_at, told.change) == (at(5), "we open at seven since May")
    with pytest.raises(CommandError, match="was answered already"):
        book.answer_feedback(veteran, said, change="again", actor="dana")


def test_d1_what_each_stage_cost_and_brought_shows_what_winning_and_keeping_are_worth() -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    for month, minutes in ((1, 60), (2, 60), (3, 15), (4, 15)):
        book.record_interaction(
            us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="sales", minutes=minutes,
            occurred_at=at(month, 10), actor="dana",
        )  # fmt: skip
        if month == 2:
            book.sign(us, terms=some_terms(starts_on=date(2026, 3, 1)), occurred_at=at(2, 20), actor="dana")
    for month in (3, 4):
        book.record_payment(us, amount=eur(20), occurred_at=at(month, 28), actor="dana")

    by_stage = book.money_by_stage(us, hour=eur(40))

    assert {stage: (it.cost, it.income) for stage, it in by_stage.items()} == {
        Stage.PROSPECT: (eur(80), eur(0)),
        Stage.ONBOARDING: (eur(20), eur(40)),
    }
    assert total((it.cost for it in by_stage.values()), "EUR") == book.cost_to_serve(us, hour=eur(40)).money


def test_d2_every_department_raises_flags_and_the_risk_explains_itself() -> None:
    book = a_book()
    us = a_relationship(book)
    flags = [
        book.raise_signal(
            us, department=department, kind="sign", evidence="seen", severity=Severity.WARNING, actor="gil"
        )
        for department in DEPARTMENTS
    ]
    book.promise(us, kind=Promise.DELIVERY, what="router", due=at(6, 2), occurred_at=at(6), actor="dana")

    worried = book.health(us)
    with pytest.raises(CommandError, match="stays until operations or the owner 'dana' clears it"):
        book.clear_signal(us, flags[0], why="it was nothing", actor="gil")
    book.clear_signal(us, flags[0], why="the line is repaired", department="operations", actor="gil")
    book.clear_signal(us, flags[1], why="she paid", actor="dana")

    assert worried.score.value == 60
    assert [part.name for part in worried.score.parts[1:]] == [
        f"warning of {department}" for department in DEPARTMENTS
    ]
    assert book.health(us).score.value == 80


def test_d5_the_next_product_is_one_that_goes_well_with_what_he_has_and_suits_him() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(offering="line"))
    book.list_offering(
        "line",
        name="Line",
        fee=eur(20),
        included=40.0,
        complements=["tv", "alarm"],
        occurred_at=at(1),
        actor="dana",
    )
    for code, facts in (
        ("tv", {"household_size": 3}),
        ("alarm", {"floors": 2}),
        ("boat", {"household_size": 1}),
    ):
        book.list_offering(code, name=code, fee=eur(10), minimum=facts, occurred_at=at(1), actor="dana")
    book.learn_fact(us - 1, name="household_size", value=4, source="he", actor="dana")

    assert [(it.offering.code, it.beside) for it in book.widening(us)] == [("tv", "line")]
    book.record_purchase(us, what="tv", amount=eur(10), paid=True, offering="tv", actor="dana")
    assert book.widening(us) == []
    assert book.missold(us) == []


def say(book: Book, us: int, kind: StatementKind, value: str, *, day: int, actor: str) -> None:
    book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service",
        stated=[Statement(kind=kind, subject="router", value=value)], occurred_at=at(3, day), actor=actor,
    )  # fmt: skip


def test_e1_where_two_of_us_told_a_customer_different_things_both_sources_are_named() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    say(book, us, StatementKind.DATE, "2026-04-01", day=1, actor="dana")
    say(book, us, StatementKind.DATE, "2026-04-08", day=3, actor="gil")
    say(book, us, StatementKind.PRICE, "20 EUR", day=4, actor="dana")
    book.amend(
        us, terms=some_terms(starts_on=date(2026, 4, 1), fee=eur(25)), occurred_at=at(3, 5), actor="dana"
    )
    say(book, us, StatementKind.PRICE, "25 EUR", day=6, actor="gil")

    found = book.contradictions(us)

    assert [(it.earlier.by, it.earlier.value, it.later.by, it.later.value) for it in found] == [
        ("dana", "2026-04-01", "gil", "2026-04-08")
    ]
    book.correct_record(us, found[0].later.record, why="it was another customer's", actor="gil")
    assert book.contradictions(us) == []


def test_e1_whoever_says_another_price_or_day_than_was_agreed_is_found_though_nobody_else_said_one() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(offering="M"))
    for code, name in (("M", "Medium"), ("L", "Large")):
        book.list_offering(
            code, name=name, fee=eur(20 if code == "M" else 60), occurred_at=at(1), actor="dana"
        )
    book.promise(us, kind=Promise.DELIVERY, what="the router", due=at(6, 20), occurred_at=at(3), actor="dana")

    def says(kind: StatementKind, subject: str, value: str, day: int) -> None:
        book.record_interaction(
            us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service",
            stated=[Statement(kind=kind, subject=subject, value=value)], occurred_at=at(4, day), actor="gil",
        )  # fmt: skip

    says(StatementKind.PRICE, "large", "60 EUR", 1)
    assert book.contradictions(us) == []
    says(StatementKind.PRICE, "medium", "15 EUR", 2)
    says(StatementKind.DATE, "the router", "2026-06-10", 3)

    assert [(it.earlier.where, it.earlier.value, it.later.by, it.later.value) for it in book.contradictions(us)] == [
        ("contract 1", "20.00 EUR", "gil", "15 EUR"),
        ("promise 1", "2026-06-20", "gil", "2026-06-10"),
    ]  # fmt: skip
    assert "'20.00 EUR' in contract 1" in str(book.card(us))
    report = book.report("contradictions")
    assert (report.total_of("contradictions"), report.total_of("two people")) == (2, 0)
