from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.quantities import Money, total
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.value.customer_value import Custom, ValueModel, customer_value
from retainsdk.value.modifier import KnownSince, Modifier, ModifierRule, by_rules

TODAY = date(2026, 6, 15)
DAYS = [date(2026, 6, day) for day in (13, 14, 15, 16, 17)]


def eur(amount: int | str | Decimal) -> Money:
    return Money(amount, "EUR")


def some_custom(**changes: Any) -> Custom:
    figures: dict[str, Any] = {"currency": "EUR", "monthly_fee": eur(20), "bought_recently": eur(0)}
    return Custom(**(figures | changes))


moneys = st.integers(-3, 5).map(lambda amount: eur(amount * 7))
customs = st.builds(
    Custom,
    currency=st.just("EUR"),
    bought=st.lists(moneys, max_size=4),
    fees=st.lists(moneys, max_size=3),
    monthly_fee=st.none() | st.integers(0, 3).map(lambda fee: eur(fee * 9)),
    months_to_run=st.none() | st.integers(0, 4),
    months_bound=st.integers(0, 3),
    tenure_months=st.sampled_from([0, 5, 6, 30, 60]),
    suitability=st.none() | st.sampled_from([0.0, 0.5, 1.0]),
    bought_recently=moneys,
    recent_months=st.integers(0, 12),
)
models = st.builds(
    ValueModel,
    horizon_months=st.integers(1, 8),
    margin=st.sampled_from([Decimal(0), Decimal("0.4"), Decimal(1)]),
    discount=st.sampled_from([Decimal(0), Decimal("0.01")]),
    coverage=st.sampled_from([Decimal(0), Decimal("0.8"), Decimal(1)]),
)
modifiers = st.lists(
    st.builds(
        Modifier,
        name=st.sampled_from(["critic", "cat and dog"]),
        source=st.just("dana"),
        starts_on=st.sampled_from(DAYS[:3]),
        ends_on=st.none() | st.sampled_from(DAYS[3:]),
        factor=st.sampled_from([Decimal(0), Decimal("1.4"), Decimal(3)]),
    )
    | st.builds(
        Modifier,
        name=st.just("gift"),
        source=st.just("dana"),
        starts_on=st.sampled_from(DAYS[:3]),
        ends_on=st.none() | st.sampled_from(DAYS[3:]),
        amount=moneys,
    ),
    max_size=3,
)


@pytest.mark.invariant(42)
@given(customs, models, modifiers, st.sampled_from(DAYS), st.integers(3, 50))
def test_the_parts_of_a_value_add_up_to_it_name_their_source_and_come_out_the_same_again(
    figures: Custom, model: ValueModel, reasons: list[Modifier], on: date, precision: int
) -> None:
    once = customer_value(figures, on=on, model=model, modifiers=reasons)
    with localcontext() as reckoning:  # a host that reckons in another precision
        reckoning.prec = precision
        again = customer_value(figures, on=on, model=model, modifiers=reasons)

    assert once == again
    assert total((Money(part.amount, "EUR") for part in once.score.parts), "EUR") == once.score.money
    assert all(part.source in {"records", model.source, "dana"} for part in once.score.parts)


@pytest.mark.invariant(43)
@given(
    before=st.lists(st.tuples(st.integers(-3, 5), st.booleans()), max_size=4),
    bought=st.integers(1, 6),
    paid=st.booleans(),
)
def test_a_purchase_raises_the_past_value_by_exactly_its_amount_and_a_full_refund_restores_it(
    before: list[tuple[int, bool]], bought: int, *, paid: bool
) -> None:
    book = a_book()
    us = a_relationship(book)
    book.record_payment(us, amount=eur(5), actor="dana")
    for amount, at_once in before:
        book.record_purchase(us, what="tea", amount=eur(amount), paid=at_once, actor="dana")

    def past() -> Money:
        return book.customer_value(us).past

    start = past()
    book.record_purchase(us, what="pot", amount=eur(bought), paid=paid, order="A7", actor="dana")
    raised = past()
    if not paid:
        book.record_payment(us, amount=eur(bought), invoice="A7", actor="dana")
    settled = past()
    book.record_purchase(
        us, what="pot brought back", amount=eur(-bought), paid=paid, order="A7", actor="dana"
    )

    assert start == eur(5 + sum(amount for amount, _ in before))
    assert raised == settled == start + eur(bought)
    assert past() == start


@pytest.mark.invariant(44)
@given(customs, modifiers, st.sampled_from(DAYS))
def test_a_modifier_changes_a_value_only_while_it_is_valid_and_only_by_what_it_states(
    figures: Custom, reasons: list[Modifier], on: date
) -> None:
    plain = customer_value(figures, on=on)
    modified = customer_value(figures, on=on, modifiers=reasons)

    base = plain.past + plain.predicted
    assert plain.score.money == base
    expected = base
    for reason in reasons:
        if reason.starts_on <= on and (reason.ends_on is None or on < reason.ends_on):
            stated = (base * (reason.factor - 1)).rounded() if reason.factor is not None else reason.amount
            assert stated is not None
            expected = expected + stated
    assert modified.score.money == expected


def test_the_value_to_come_is_each_months_fee_times_the_chance_that_he_is_there() -> None:
    model = ValueModel(
        horizon_months=2, discount=Decimal(0), retention=((0, Decimal("0.9")), (1, Decimal("0.5"))),
        bound=Decimal(1), margin=Decimal("0.5"),
    )  # fmt: skip

    free = customer_value(some_custom(), on=TODAY, model=model)
    bound = customer_value(some_custom(months_bound=1), on=TODAY, model=model)
    ending = customer_value(some_custom(months_to_run=1), on=TODAY, model=model)
    unsuited = customer_value(some_custom(suitability=0.4), on=TODAY, model=model)

    assert free.predicted == eur("13.50")  # 10 x (0.9 + 0.45)
    assert bound.predicted == eur(15)  # 10 x (1 + 0.5)
    assert ending.predicted == eur(9)
    assert unsuited.predicted == eur("10.62")  # 10 x (0.85 + 0.85 x 0.25), to the even cent


def test_the_interval_reaches_from_leaving_early_to_staying_on() -> None:
    model = ValueModel(
        horizon_months=3, discount=Decimal(0), retention=((0, Decimal("0.9")), (1, Decimal("0.3"))),
        coverage=Decimal("0.8"),
    )  # fmt: skip

    value = customer_value(some_custom(), on=TODAY, model=model)

    assert (value.low, value.high) == (eur(20), eur(40))  # there: 0.9, 0.27, 0.081


@given(customs)
def test_a_wider_interval_holds_the_narrower(figures: Custom) -> None:
    narrow, wide = (
        customer_value(figures, on=TODAY, model=ValueModel(coverage=Decimal(coverage)))
        for coverage in ("0.5", "0.9")
    )

    assert wide.low <= narrow.low <= narrow.high <= wide.high


def test_purchases_go_on_at_the_pace_of_the_last_months_and_not_before_there_was_a_whole_one() -> None:
    model = ValueModel(horizon_months=1, discount=Decimal(0), retention=((0, Decimal(1)),))

    newcomer = customer_value(some_custom(monthly_fee=None, bought_recently=eur(60)), on=TODAY, model=model)
    regular = customer_value(
        some_custom(monthly_fee=None, bought_recently=eur(60), recent_months=3), on=TODAY, model=model
    )

    assert newcomer.predicted == eur(0)
    assert regular.predicted == eur(20)


def test_a_model_names_everything_that_is_wrong_with_it() -> None:
    with pytest.raises(
        ValueError, match=r"horizon_months.*margin.*negative.*begin at month 0.*probabilities"
    ):
        ValueModel(horizon_months=0, margin=Decimal(2), discount=Decimal(-1), retention=((3, Decimal(2)),))


def test_a_modifier_names_everything_that_is_wrong_with_it() -> None:
    with pytest.raises(ValueError, match=r"an amount or a factor.*negative.*after starts_on.*source"):
        Modifier(name="x", source="", starts_on=TODAY, ends_on=TODAY, amount=eur(1), factor=Decimal(-1))


def test_a_rule_makes_a_modifier_of_facts_for_as_long_as_they_are_fresh() -> None:
    pets = ModifierRule(name="cat and dog", at_least={"cats": 1, "dogs": 1}, months=2, factor=Decimal("1.4"))
    cat = KnownSince(value=1, since=date(2026, 1, 31), source="vet")
    dog = KnownSince(value=2, since=date(2025, 6, 1), source="dana")

    made = by_rules([pets], {"cats": cat, "dogs": dog})

    assert [(it.starts_on, it.ends_on, it.source) for it in made] == [
        (date(2026, 1, 31), date(2026, 3, 31), "cats: vet; dogs: dana")
    ]
    assert by_rules([pets], {"cats": cat}) == []
    assert by_rules([pets], {"cats": cat, "dogs": KnownSince(value=0, since=TODAY, source="x")}) == []
    assert by_rules([ModifierRule(name="everybody", factor=Decimal(2))], {}) == []


def test_a_book_expects_fees_only_while_terms_are_in_force() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(), since=at(1))
    book.record_purchase(us, what="router", amount=eur(50), paid=True, occurred_at=at(2), actor="dana")
    here = book.customer_value(us, as_of=at(3))
    book.give_notice(us, ends_on=date(2026, 5, 1), occurred_at=at(3), actor="dana")
    noticed = book.customer_value(us, as_of=at(3, 2), model=ValueModel(discount=Decimal(0)))
    book.end_contract(us, occurred_at=at(5), actor="dana")
    gone = book.customer_value(us)

    assert here.predicted > eur(0)
    assert {part.name for part in here.score.parts} == {"purchases", "fees to come", "purchases to come"}
    assert 0 < noticed.score.amount("fees to come") < 40
    assert {part.name for part in gone.score.parts} == {"purchases", "purchases to come"}
