"""The quality leader: better month by month, dearer with it, and not while customers run away."""

from __future__ import annotations

from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from rivals import DRAW, START, a_firm, a_sight, a_standing, draws, plans_of, sights

from retainsim.market.competitors import FirmStream, Sight
from retainsim.market.competitors.quality import QualityLeader

FIRMS = [a_firm("ours"), a_firm(), a_firm("quality", quality=0.1, price=1.1)]


def test_its_quality_rises_slowly_to_what_it_means_to_reach_and_stays() -> None:
    quality = [plan.quality[2] for plan in plans_of(FIRMS, 48)]

    steps = [after - before for before, after in pairwise(quality)]
    assert quality[0] == pytest.approx(0.1 + 0.4 / 36)
    assert all(step == pytest.approx(0.4 / 36) for step in steps[:34])
    assert quality[36:] == [pytest.approx(0.5)] * 12


def test_its_price_rises_with_its_quality_to_the_whole_premium() -> None:
    plans = plans_of(FIRMS, 48)

    assert plans[17].price[2] == pytest.approx(1.1 * (1 + 0.15 / 2))
    assert plans[-1].price[2] == pytest.approx(1.1 * 1.15)
    assert [plan.price[2] for plan in plans] == sorted(plan.price[2] for plan in plans)


def test_while_customers_run_away_it_invests_nothing_and_asks_for_less() -> None:
    half_way = attrs.evolve(START, quality=0.3)

    usual = QualityLeader().act(a_sight(share=0.18, terms=half_way), DRAW)
    short = QualityLeader().act(a_sight(share=0.16, terms=half_way), DRAW)

    assert usual.quality > short.quality == 0.3
    assert usual.price > short.price == pytest.approx(1 + 0.15 / 4)


def test_when_they_are_back_it_goes_on_where_it_stopped() -> None:
    gone, back = a_standing([0.2, 0.3, 0.1]), a_standing([0.2, 0.2, 0.2])

    quality = [plan.quality[2] for plan in plans_of(FIRMS, 9, standings=[back] * 3 + [gone] * 3 + [back] * 3)]

    assert quality[2] == quality[5] < quality[6] < quality[8]


@given(sight=sights(), draw=draws)
def test_it_never_grows_faster_than_its_pace_nor_cheaper_than_its_start(
    sight: Sight, draw: FirmStream
) -> None:
    terms = QualityLeader().act(sight, draw)

    assert terms.quality <= sight.terms.quality + 0.4 / 36
    assert sight.start.price <= terms.price <= 1.15 * sight.start.price
    assert (terms.awareness, terms.lock_months) == (sight.start.awareness, sight.start.lock_months)
