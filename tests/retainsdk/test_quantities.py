from __future__ import annotations

import calendar
import operator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import MoneyError, ZoneError
from retainsdk.quantities import (
    CURRENCIES,
    LocalTime,
    Money,
    calendar_months,
    minor_digits,
    months_later,
    total,
    whole_months,
)

cents = st.integers(-(10**7), 10**7)
few_days = st.dates(date(2023, 12, 25), date(2024, 4, 5)) | st.sampled_from(
    [date(2024, 2, 29), date(2025, 2, 28), date(2024, 12, 31), date(2025, 1, 31)]
)


def eur(minor: int) -> Money:
    return Money.from_minor(minor, "EUR")


@pytest.mark.parametrize("amount", [0.1, 1.0, float("nan"), True, None])
def test_what_is_not_exact_is_no_money(amount: object) -> None:
    with pytest.raises(MoneyError, match="not an exact amount"):
        Money(amount, "EUR")  # type: ignore[arg-type] # that is the test


@pytest.mark.parametrize("amount", ["", "1,5", "NaN", "Infinity", "12 EUR", "1e999999999"])
def test_text_that_is_no_number_is_no_money(amount: str) -> None:
    with pytest.raises(MoneyError, match="not an amount"):
        Money(amount, "EUR")


def test_an_unknown_currency_is_named() -> None:
    with pytest.raises(MoneyError, match="'EURO' is not a currency"):
        Money(1, "EURO")


@given(cents, cents)
def test_sums_and_differences_are_exact(a: int, b: int) -> None:
    assert (eur(a) + eur(b)).minor == a + b
    assert (eur(a) - eur(b)).minor == a - b
    assert (-eur(a)).minor == -a


@given(cents, cents)
def test_order_is_that_of_the_amounts(a: int, b: int) -> None:
    assert (eur(a) < eur(b)) == (a < b)
    assert (eur(a) == eur(b)) == (a == b)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**6), max_value=10**6))
def test_equal_money_is_written_the_same(amount: Decimal) -> None:
    padded = Money(f"{amount}00", "EUR")

    assert padded == Money(amount, "EUR")
    assert str(padded) == str(Money(amount, "EUR"))
    assert hash(padded) == hash(Money(amount, "EUR"))


@pytest.mark.invariant(47)
def test_moneys_of_two_currencies_never_meet() -> None:
    euro, dollar = Money(1, "EUR"), Money(1, "USD")
    nothing, free = Money(0, "EUR"), Money(0, "USD")

    for one, other in ((euro, dollar), (dollar, euro), (nothing, free), (nothing, dollar)):
        for meet in (operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge):
            with pytest.raises(MoneyError, match="different currencies"):
                meet(one, other)
        for gather in (min, max, sorted, lambda moneys: total(moneys, "EUR")):
            with pytest.raises(MoneyError, match="different currencies"):
                gather([one, other])
        assert one != other
        assert len({one, other}) == 2


def test_a_float_does_not_multiply_money() -> None:
    with pytest.raises(MoneyError, match="float"):
        Money(1, "EUR") * 1.5
    assert Money(10, "EUR") * Decimal("1.5") == 3 * Money(5, "EUR")


def test_a_sum_that_would_be_rounded_is_refused() -> None:
    with pytest.raises(MoneyError, match="exactly"):
        Money(10**40, "EUR") + Money("0.0000000000000000000000000000001", "EUR")


@pytest.mark.invariant(47)
@given(cents, st.lists(st.integers(0, 9), min_size=1, max_size=6).filter(any))
def test_shares_add_up_to_the_whole_and_differ_by_less_than_a_unit(minor: int, weights: list[int]) -> None:
    shares = eur(minor).allocated(weights)

    assert sum(share.minor for share in shares) == minor
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor - minor * weight / sum(weights)) < 1
        assert weight or not share


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(MoneyError, match="allocate"):
        Money(1, "EUR").allocated(weights)


def test_the_smallest_unit_is_the_currencys_own() -> None:
    assert Money(5, "JPY").minor == 5
    assert Money(5, "EUR").minor == 500
    assert Money(5, "KWD").minor == 5000
    assert all(0 <= minor_digits(code) <= 4 for code in CURRENCIES)


def test_a_fraction_of_the_smallest_unit_has_no_minor_form_until_it_is_rounded() -> None:
    fraction = Money("0.125", "EUR")

    with pytest.raises(MoneyError, match="more than 2 digits behind the point"):
        _ = fraction.minor
    assert fraction.rounded() == Money("0.12", "EUR")


def test_the_total_of_nothing_is_zero() -> None:
    assert total([], "EUR") == Money(0, "EUR")
    assert str(total([Money("1234.5", "EUR")] * 2, "EUR")) == "2,469.00 EUR"


@given(few_days, st.integers(-30, 30))
def test_months_later_lands_in_the_right_month_on_the_same_day_or_its_last(start: date, months: int) -> None:
    later = months_later(start, months)

    assert calendar_months(start, later) == months
    assert later.day == start.day or (later.day < start.day and (later + timedelta(days=1)).day == 1)


@given(few_days, st.integers(0, 30))
def test_so_many_months_have_passed_from_the_day_and_not_before(start: date, months: int) -> None:
    due = months_later(start, months)

    assert whole_months(start, due) == months
    assert whole_months(start, due - timedelta(days=1)) == months - 1


@given(start=few_days, months=st.integers(-30, 30))
def test_months_later_is_what_the_calendar_says(start: date, months: int) -> None:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    clear = date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))

    assert months_later(start, months) == clear


def test_months_are_counted_from_the_start_not_from_step_to_step() -> None:
    start = date(2026, 1, 31)

    assert months_later(start, 1) == date(2026, 2, 28)
    assert months_later(start, 2) == date(2026, 3, 31)
    assert months_later(date(2028, 1, 31), 1) == date(2028, 2, 29)


def test_a_local_time_in_a_zone_nobody_knows_is_refused_with_what_to_write() -> None:
    with pytest.raises(ZoneError, match=r"'Mars/Olympus' is no zone of the IANA database\. Name one like"):
        LocalTime(datetime(2026, 3, 1, 10), "Mars/Olympus")  # noqa: DTZ001 # a wall clock
