"""Visits by the day: what a shop counts over ninety days, and when somebody counts as lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retainsim.market import law
from retainsim.market import purposes as for_
from retainsim.market.month import month_start
from retainsim.market.person import nobody, rows
from retainsim.market.preset import load_preset
from retainsim.market.streams import moment, uniform
from retainsim.market.visits import Quarter, last_days, lately, offset

STARTS_AT = datetime(2026, 1, 1, tzinfo=UTC)


@given(
    key=st.integers(1, 2**63),
    number=st.integers(3, 40),
    counts=st.tuples(*[st.integers(0, 28)] * 3),
    seed=st.integers(0, 99),
)
def test_visits_are_counted_as_somebody_would_who_knows_each_day(
    key: int, number: int, counts: tuple[int, int, int], seed: int
) -> None:
    today = month_start(STARTS_AT, number).date()
    days = []
    for ago, count in enumerate(counts):
        first, following = (month_start(STARTS_AT, number - ago - back).date() for back in (1, 0))
        lot, n_days = uniform(key, moment(seed, number - ago - 1), for_.VISIT_DAY), (following - first).days
        days += [
            first + timedelta(days=int(offset(place, count, lot, n_days))) for place in range(1, count + 1)
        ]
    person = nobody(1)
    person["key"] = key
    person["visits"] = counts[0] | counts[1] << 5 | counts[2] << 10

    counted = lately(person, Quarter.before(seed, STARTS_AT, number))

    assert counted[0] == sum(day > today - timedelta(days=90) for day in days)


def test_before_three_months_are_over_whole_months_are_counted() -> None:
    person = nobody(1)
    person["visits"] = 3 | 2 << 5 | 1 << 10

    assert Quarter.before(1, STARTS_AT, 2) is None
    assert lately(person, None)[0] == 6


@given(visit_day=st.integers(-200, 900), rate=st.integers(1, 255), day=st.integers(-200, 1_500))
def test_the_last_day_of_custom_is_the_last_on_which_nobody_is_missed(
    visit_day: int, rate: int, day: int
) -> None:
    person = nobody(1)
    person["visit_day"], person["rate"] = visit_day, rate
    preset = load_preset("pet_shop")
    p = preset.drawn(1, "fixed").plain()

    last = last_days(person, law.usual_share_made(p))[0]

    assert law.has_lapsed(rows(person)[0], day, p) == (day > last)
    assert np.issubdtype(type(last), np.integer)
