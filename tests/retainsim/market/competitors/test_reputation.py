"""Reputation: a bad year is told of in the year after, and a good month mends little."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rivals import a_firm, a_standing, plans_of

from retainsim.market.competitors.reputation import experience, moved_reputation

figures = st.floats(-2, 2)


def after(months: int, reputation: float, quality: float) -> float:
    for _ in range(months):
        reputation = moved_reputation(reputation, quality=quality, satisfaction=quality)
    return reputation


def test_a_bad_year_costs_most_of_a_good_name_and_is_still_told_of_in_the_year_after() -> None:
    bad_year = after(12, 0.0, -0.4)
    a_year_later = after(12, bad_year, 0.0)

    assert bad_year == pytest.approx(-0.4 * (1 - (11 / 12) ** 12))
    assert -0.3 < bad_year < -0.25
    assert a_year_later == pytest.approx(bad_year * math.exp(-1), rel=0.06)


def test_one_good_month_mends_little() -> None:
    assert moved_reputation(-0.3, quality=0.5, satisfaction=0.5) == pytest.approx(-0.3 + 0.8 / 12)


@given(reputation=st.floats(-1, 1), quality=figures, satisfaction=figures)
def test_it_moves_towards_what_customers_live_through_and_never_past_it(
    reputation: float, quality: float, satisfaction: float
) -> None:
    lived = experience(quality=quality, satisfaction=satisfaction)

    moved = moved_reputation(reputation, quality=quality, satisfaction=satisfaction)

    assert -1 <= moved <= 1
    assert min(reputation, lived) - 1e-12 <= moved <= max(reputation, lived) + 1e-12


@given(quality=st.floats(-1, 1), satisfaction=st.floats(-1, 1), better=st.floats(0.01, 1))
def test_better_service_and_happier_people_make_a_better_name(
    quality: float, satisfaction: float, better: float
) -> None:
    usual = moved_reputation(0.0, quality=quality, satisfaction=satisfaction)

    assert moved_reputation(0.0, quality=quality + better, satisfaction=satisfaction) >= usual
    assert moved_reputation(0.0, quality=quality, satisfaction=satisfaction + better) >= usual


def test_a_firm_begins_with_the_name_its_service_has_earned_and_keeps_it_while_nothing_changes() -> None:
    firms = [a_firm("ours"), a_firm(quality=0.4), a_firm(quality=-0.2)]

    for plan in plans_of(firms, 12):
        assert plan.reputation == pytest.approx((0.0, 0.2, -0.1))


def test_a_bad_year_of_one_firm_lowers_its_name_alone_and_for_long() -> None:
    firms = [a_firm("ours"), a_firm(), a_firm()]
    usual = a_standing([0.2] * 3)
    bad = a_standing([0.2] * 3, satisfaction=[0.0, -0.6, 0.0, 0.0])

    plans = plans_of(firms, 36, standings=[usual, *[bad] * 12, usual])

    name = [plan.reputation[1] for plan in plans]
    assert name[0] == 0
    assert min(name) == name[12] == pytest.approx(-0.3 * (1 - (11 / 12) ** 12))
    assert name[12] < name[24] < name[35] < 0
    assert {plan.reputation[0] for plan in plans} == {plan.reputation[2] for plan in plans} == {0.0}


def test_of_whom_nobody_is_a_customer_nobody_tells() -> None:
    entrant = a_firm("entrant(enters=3)", share=0.0, quality=0.5)
    nobody, some = a_standing([0.2, 0.2, 0.0]), a_standing([0.2, 0.2, 0.1])

    name = [
        plan.reputation[2]
        for plan in plans_of([a_firm("ours"), a_firm(), entrant], 8, standings=[nobody] * 4 + [some] * 4)
    ]

    assert name[:4] == [0.0] * 4
    assert 0 < name[4] < name[7]
