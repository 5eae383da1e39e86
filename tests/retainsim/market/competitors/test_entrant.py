"""The entrant: nobody knows it, then everybody hears of it, and in the end it is a firm like the others."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rivals import DRAW, START, a_firm, a_sight, plans_of

from retainsdk.policies import get
from retainsim.market import History, Market, load_preset, run
from retainsim.market.competitors import Terms
from retainsim.market.competitors.entrant import Entrant

ENTERS = Entrant(enters=4, launch=3, settles=4)


def terms(month: int, start: Terms = START) -> Terms:
    return ENTERS.act(a_sight(share=0.0, month=month, start=start, share_at_start=0.0), DRAW)


def test_before_its_month_nobody_hears_of_it() -> None:
    assert [terms(month).awareness for month in range(5)] == [0, 0, 0, 0, pytest.approx(0.75)]


def test_it_enters_loud_and_cheap_with_a_lock_in_and_stays_so_while_it_is_launched() -> None:
    for month in (4, 5, 6):
        launched = terms(month)

        assert launched.price == pytest.approx(0.85)
        assert launched.awareness == pytest.approx(0.75)
        assert launched.lock_months == 24
        assert launched.quality == START.quality


def test_then_it_grows_usual_step_by_step_and_stays_so() -> None:
    prices = [terms(month).price for month in range(6, 14)]

    assert prices == pytest.approx([0.85, 0.8875, 0.925, 0.9625, 1.0, 1.0, 1.0, 1.0])
    assert terms(10) == terms(99) == START


@given(awareness=st.sampled_from([0.1, 0.5, 0.9, 1.0]), lock=st.sampled_from([0.0, 12.0, 36.0]))
def test_it_is_never_quieter_or_freer_than_it_means_to_be_for_good(awareness: float, lock: float) -> None:
    start = attrs.evolve(START, awareness=awareness, lock_months=lock)

    for month in range(4, 14):
        it = terms(month, start)
        assert awareness <= it.awareness <= 1.0
        assert lock <= it.lock_months <= 36.0


def test_nobody_answers_it_before_it_is_there() -> None:
    firms = [a_firm("ours"), a_firm("matching(pace=1.0)"), a_firm("entrant(enters=4)", share=0.0, price=0.9)]

    prices = [plan.price[1] for plan in plans_of(firms, 7)]

    assert prices[:5] == [1.0] * 5
    assert prices[5] == pytest.approx(0.85)


def entered(month: int, seed: int) -> History:
    """A whole market with an entrant, which begins with nobody."""
    telecom = load_preset("telecom")
    entrant = a_firm(f"entrant(enters={month})", name="Entrant", share=0.0, awareness=0.8)
    market = Market.draw(attrs.evolve(telecom, firms=(*telecom.firms, entrant)), customers=150, seed=seed)
    return run(market, get("none"), months=15, compiled=False, residual_months=0)


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_market_it_has_no_customer_before_it_enters_and_some_soon_after(seed: int) -> None:
    with_it = entered(8, seed).people[:, 4]

    assert with_it[:9].tolist() == [0] * 9
    assert with_it[12] > 0


def test_until_it_enters_the_market_is_as_if_it_were_never_to_come() -> None:
    soon, never = entered(8, 1), entered(99, 1)

    assert soon.people[:9].tolist() == never.people[:9].tolist()
    assert soon.people[12].tolist() != never.people[12].tolist()
