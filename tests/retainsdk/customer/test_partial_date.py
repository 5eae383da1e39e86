from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.customer.partial_date import PartialDate

partial_dates = st.builds(
    lambda day, has_year: PartialDate(day.month, day.day, day.year if has_year else None),
    st.dates(date(1999, 2, 27), date(2000, 3, 2)),
    st.booleans(),
)


@given(partial_dates)
def test_a_partial_date_is_read_as_it_is_written(day: PartialDate) -> None:
    assert PartialDate.parsed(str(day)) == day


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-02-29", "2023-02-29 is no day"),
        ("--02-30", "--02-30 is no day"),
        ("--13-01", "is no day"),
        ("0000-01-01", "is no day"),
        ("28.2.1990", "is no date like"),
        ("1990-02", "is no date like"),
        ("٢٠٠٠-01-01", "is no date like"),
        ("2000-01-01\n", "is no date like"),
    ],
)
def test_what_is_no_day_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        PartialDate.parsed(text)


@pytest.mark.invariant(12)
@given(st.integers(1, 9999))
def test_29_february_falls_on_the_28th_in_common_years(year: int) -> None:
    found = PartialDate.parsed("--02-29").in_year(year)

    is_leap = (date(year, 3, 1) - timedelta(days=1)).day == 29
    assert (found.month, found.day) == (2, 29 if is_leap else 28)


def test_age_changes_on_the_birthday_and_is_unknown_without_the_year_or_before_birth() -> None:
    noa = PartialDate.parsed("1990-02-28")

    assert [noa.age_on(date(2026, 2, day)) for day in (27, 28)] == [35, 36]
    assert noa.age_on(date(1990, 2, 27)) is None
    assert PartialDate.parsed("--02-28").age_on(date(2026, 2, 28)) is None


@given(partial_dates, st.dates(date(1998, 1, 1), date(2003, 1, 1)), st.integers(0, 800))
def test_a_day_comes_back_once_a_year_after_the_first(day: PartialDate, first: date, length: int) -> None:
    end = first + timedelta(days=length)

    found = list(day.returns_between(first, end))

    every_day = [first + timedelta(days=n) for n in range(length)]
    assert found == [it for it in every_day if it == day.in_year(it.year) and it.year > (day.year or 0)]
