"""What the other firms do, from what a firm could know."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import PLAN

from retainsim.market.competitors import STRATEGIES, Plan, next_plan

OURS, STEADY, PROMO, MATCHER = range(4)
START = attrs.evolve(PLAN, price=(1.0, 1.08, 0.98, 1.0), awareness=(1.0, 0.5, 0.6, 0.4))
NAMES = ("ours", "static", "promotion", "matching")


def after(months: int, *, seed: int = 1, start: Plan = START, **changes: Any) -> list[Plan]:
    """The plans of so many months, with shares as they were at the start but for the changes."""
    plans, last = [], attrs.evolve(start, **changes)
    for month in range(months):
        last = next_plan(seed, month, NAMES, start, last)
        plans.append(last)
    return plans


def test_we_and_a_static_firm_keep_our_terms() -> None:
    for plan in after(24):
        assert (plan.price[OURS], plan.awareness[OURS]) == (1.0, 1.0)
        assert (plan.price[STEADY], plan.awareness[STEADY]) == (1.08, 0.5)


def test_a_promotion_is_a_quarter_of_every_year_cheaper_and_louder() -> None:
    plans = after(36)

    cheap = [plan.price[PROMO] < START.price[PROMO] for plan in plans]

    assert [sum(cheap[year : year + 12]) for year in (0, 12, 24)] == [3, 3, 3]
    assert cheap[:12] == cheap[12:24] == cheap[24:]
    for plan, is_cheap in zip(plans, cheap, strict=True):
        assert plan.price[PROMO] == pytest.approx(0.98 * (0.85 if is_cheap else 1.0))
        assert plan.awareness[PROMO] == pytest.approx(0.6 * (1.25 if is_cheap else 1.0))


def test_in_which_months_a_promotion_runs_differs_by_world() -> None:
    first_cheap = {
        seed: min(month for month, plan in enumerate(after(12, seed=seed)) if plan.price[PROMO] < 0.98)
        for seed in range(40)
    }

    assert len(set(first_cheap.values())) > 5
    assert after(12, seed=3) == after(12, seed=3)


def test_nobody_can_be_better_known_than_to_all() -> None:
    loud = attrs.evolve(START, awareness=(1.0, 0.5, 0.95, 0.4))

    assert max(plan.awareness[PROMO] for plan in after(12, start=loud)) == 1.0


def priced(others: tuple[float, float, float], own: float, share: float = 0.1) -> float:
    """A matching firm's next price."""
    last = attrs.evolve(START, price=(*others, own), shares=(0.4, 0.2, 0.2, share, 0.1))
    return STRATEGIES["matching"](1, 0, MATCHER, START, last)[0]


def test_a_matching_firm_follows_the_cheapest_other_price_down_and_up() -> None:
    assert priced((1.0, 1.1, 0.91), own=1.0) == pytest.approx(0.97)
    assert priced((1.0, 1.1, 1.0), own=0.85) == pytest.approx(0.90)


def test_a_matching_firm_that_loses_customers_goes_all_the_way() -> None:
    assert priced((1.0, 1.1, 0.91), own=1.0, share=0.089) == pytest.approx(0.91)
    assert priced((1.0, 1.1, 0.91), own=1.0, share=0.091) == pytest.approx(0.97)


@given(months=st.integers(1, 30), seed=st.integers(0, 99), share=st.sampled_from([0.02, 0.1]))
def test_prices_stay_within_fifteen_percent_below_the_start_and_never_below(
    months: int, seed: int, share: float
) -> None:
    shares = (0.4, 0.2, 0.2, share, 0.2 - share)

    for plan in after(months, seed=seed, shares=shares):
        assert 0.85 * START.price[MATCHER] - 1e-9 <= plan.price[MATCHER] <= max(START.price)
        assert plan.quality == START.quality
        assert plan.lock_months == START.lock_months
        assert plan.shares == shares


def test_a_matching_firm_has_its_own_floor() -> None:
    start = attrs.evolve(START, price=(1.0, 1.08, 0.7, 1.2))
    last = attrs.evolve(start, shares=(0.4, 0.2, 0.2, 0.01, 0.19))

    assert STRATEGIES["matching"](1, 0, MATCHER, start, last)[0] == pytest.approx(0.85 * 1.2)


def test_after_a_promotion_a_matching_firm_is_dear_again() -> None:
    prices = [plan.price[MATCHER] for plan in after(24)]

    assert min(prices) < 0.92
    assert max(prices[12:]) > 0.97
