from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import MoneyError
from retainsdk.quantities import Money
from retainsdk.value.score import Part, Score, added

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2)


def a_part(amount: Decimal | int, *, name: str = "x", source: str = "records") -> Part:
    return Part(name=name, amount=Decimal(amount), source=source)


@pytest.mark.invariant(42)
@given(st.lists(amounts, max_size=6), st.integers(1, 5))
def test_a_sum_is_exact_in_whatever_precision_the_caller_reckons(
    numbers: list[Decimal], precision: int
) -> None:
    with localcontext() as reckoning:
        reckoning.prec = precision
        summed = added(numbers)

    assert summed * 100 == sum(int(number * 100) for number in numbers)


def test_a_score_whose_parts_do_not_add_up_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="the parts add up to 3, not to 4"):
        Score(kind="x", unit="points", value=Decimal(4), parts=(a_part(1), a_part(2)))


@pytest.mark.invariant(42)
def test_a_part_without_a_source_is_refused_and_named() -> None:
    with pytest.raises(ValueError, match="part 'luck' names no source"):
        Score.of("x", "points", [a_part(1, name="luck", source=" ")])


def test_a_score_shows_every_part_with_sign_and_source() -> None:
    score = Score.of("x", "EUR", [a_part(3), a_part(-1, name="refund", source="record 7")])

    assert str(score).splitlines() == ["x: 2 EUR", "  +3 x [records]", "  -1 refund [record 7]"]
    assert score.money == Money(2, "EUR")
    assert score.amount("refund") == -1


def test_a_score_in_points_is_no_money() -> None:
    with pytest.raises(MoneyError):
        _ = Score.of("health", "points", []).money
