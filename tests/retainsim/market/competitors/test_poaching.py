"""Poaching: who falls behind undercuts everybody and binds for two or three years, until it has what it wants."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rivals import DRAW, START, a_firm, a_sight, a_standing, draws, plans_of, sights

from retainsim.market.competitors import FirmStream, Sight, Terms
from retainsim.market.competitors.poaching import Poaching


def terms(share: float = 0.2, **changes: Any) -> Terms:
    return Poaching().act(a_sight(share=share, **changes), DRAW)


def test_as_long_as_it_has_its_customers_it_keeps_its_terms() -> None:
    assert terms() == START
    assert terms(share=0.4) == START


def test_when_it_has_lost_customers_it_undercuts_the_cheapest_is_louder_and_binds_for_two_years() -> None:
    hunting = terms(share=0.185)

    assert hunting.price == pytest.approx(0.85 * 0.9)
    assert hunting.awareness == pytest.approx(0.65)
    assert hunting.lock_months == 24
    assert hunting.quality == START.quality


def test_the_further_behind_it_is_the_longer_it_binds() -> None:
    assert [terms(share=share).lock_months for share in (0.195, 0.185, 0.172, 0.168)] == [12, 24, 24, 36]


def test_it_undercuts_its_own_price_when_others_are_dearer() -> None:
    assert terms(share=0.1, prices=(2.0, 3.0, 1.0, None)).price == pytest.approx(0.85)


def test_it_acts_as_soon_as_many_leave_at_once() -> None:
    assert terms(gone=0.009, came=0.004).price < START.price
    assert terms(gone=0.007, came=0.004) == START


def test_a_share_it_wants_makes_it_hunt_before_it_has_lost_anybody() -> None:
    greedy = Poaching(wants=0.3)

    assert greedy.act(a_sight(), DRAW).lock_months == 36
    assert greedy.act(a_sight(share=0.3), DRAW) == START


def test_once_begun_it_goes_on_until_it_has_all_it_wants() -> None:
    hunting = attrs.evolve(START, price=0.8)

    assert terms(share=0.195, terms=hunting).price < START.price
    assert terms(share=0.2, terms=hunting) == START


def test_whoever_binds_for_longer_anyway_goes_on_doing_so() -> None:
    long = attrs.evolve(START, lock_months=30.0)

    assert terms(share=0.185, start=long, terms=long).lock_months == 30


@given(sight=sights(), draw=draws)
def test_it_never_goes_below_its_floor_and_never_changes_its_quality(sight: Sight, draw: FirmStream) -> None:
    answer = Poaching().act(sight, draw)

    assert answer.price >= 0.7 * sight.start.price
    assert answer.quality == sight.start.quality


@given(lost=st.sampled_from([0.05, 0.1, 0.19]))
def test_what_it_loses_in_a_month_it_answers_in_the_next(lost: float) -> None:
    firms = [a_firm("ours"), a_firm(), a_firm("poaching")]
    usual = a_standing([0.2, 0.2, 0.2])

    plans = plans_of(firms, 4, standings=[usual, usual, a_standing([0.2, 0.2 + lost, 0.2 - lost])])

    assert [plan.price[2] < 1 for plan in plans] == [False, False, True, True]
    assert 24 <= plans[2].lock_months[2] <= 36
