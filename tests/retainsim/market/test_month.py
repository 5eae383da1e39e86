"""Months follow the calendar, counted from the instant a market begins."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from lives import PLAN

from retainsim.market.month import FIELDS, Month, month_start


@given(
    day=st.integers(1, 31), month=st.sampled_from([1, 2, 8, 12]), year=st.sampled_from([2026, 2027, 2028]),
    number=st.integers(0, 40), hour=st.sampled_from([0, 23]),
)  # fmt: skip
def test_months_follow_the_calendar_without_drift(
    day: int, month: int, year: int, number: int, hour: int
) -> None:
    starts_at = datetime(year, month, min(day, 28) if month == 2 else day, hour, tzinfo=UTC)

    begins, ends = month_start(starts_at, number), month_start(starts_at, number + 1)
    step = Month.of(1, starts_at, number, PLAN)

    assert (begins.year * 12 + begins.month) - (year * 12 + month) == number
    assert begins.day == starts_at.day or (
        begins.day < starts_at.day and (begins.month == 2 or begins.day == 30)
    )
    assert step.first_day == (begins - starts_at).days
    assert step.n_days == (ends - begins).days
    assert 28 <= step.n_days <= 31
    assert step.row.next_day == step.first_day + step.n_days


def test_what_rules_read_of_a_month_is_the_same_memory_compiled_and_plain() -> None:
    month = Month.of(1, datetime(2026, 1, 1, tzinfo=UTC), 2, PLAN, word=0.25)

    row, record = month.row, month.record[0]

    for name, ctype, meaning in FIELDS:
        whole = getattr(row, name)
        assert np.array_equal(record[name], list(whole) if hasattr(ctype, "_length_") else whole), meaning
    assert (row.n_firms, row.word, row.talks) == (4, 0.25, 1)
    assert (row.price[1], row.lock_months[1], row.cheapest) == (1.0, 24.0, 1.0)
    assert row.failures[0] == 1.0
