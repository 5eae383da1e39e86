"""Price matching: after the cheapest other price, in haste when customers leave, never below its own floor."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rivals import DRAW, START, a_firm, a_sight, draws, plans_of, sights

from retainsdk.policies import get
from retainsim.market import Market, load_preset, run
from retainsim.market.competitors import FirmStream, Plan, Sight, Strategy, Terms, strategy_of
from retainsim.market.competitors.matching import Matching


def priced(cheapest: float, own: float = 1.0, **changes: object) -> float:
    """Its next price."""
    sight = a_sight(prices=(1.2, 1.3, own, cheapest), terms=attrs.evolve(START, price=own), **changes)  # type: ignore[arg-type] # changes are the sight's own
    return Matching().act(sight, DRAW).price


def test_it_goes_a_third_of_the_way_to_the_cheapest_other_price_down_and_up() -> None:
    assert priced(0.91) == pytest.approx(0.97)
    assert priced(1.0, own=0.85) == pytest.approx(0.90)


def test_it_follows_whoever_is_cheapest_and_that_may_be_us() -> None:
    sight = a_sight(prices=(0.94, 1.1, 1.0, None))

    assert Matching(pace=1.0).act(sight, DRAW).price == pytest.approx(0.94)


def test_when_it_has_lost_a_tenth_of_its_customers_it_goes_all_the_way() -> None:
    assert priced(0.91, share=0.179) == pytest.approx(0.91)
    assert priced(0.91, share=0.181) == pytest.approx(0.97)


@given(sight=sights(), draw=draws)
def test_it_never_goes_below_its_floor_and_changes_nothing_but_the_price(
    sight: Sight, draw: FirmStream
) -> None:
    terms = Matching().act(sight, draw)

    assert terms.price >= 0.85 * sight.start.price
    assert terms == attrs.evolve(sight.start, price=terms.price)


def test_alone_on_the_market_it_goes_back_to_the_price_of_its_start() -> None:
    alone = a_sight(prices=(None, None, 0.9, None), terms=attrs.evolve(START, price=0.9))

    assert Matching(pace=1.0).act(alone, DRAW).price == START.price


def test_it_answers_a_month_late() -> None:
    firms = [a_firm("ours"), a_firm("promotion"), a_firm("matching(pace=1.0)")]

    plans = plans_of(firms, 24)

    cheap = [plan.price[1] < 1 for plan in plans]
    followed = [plan.price[2] < 1 for plan in plans]
    assert any(cheap)
    assert followed[1:] == cheap[:-1]


@given(cut=st.sampled_from([0.05, 0.1, 0.3]), seed=st.integers(0, 9))
def test_where_firms_match_prices_the_average_price_falls(cut: float, seed: int) -> None:
    cheap = a_firm(price=1 - cut)
    kept, matched = (
        plans_of([a_firm("ours"), cheap, *[a_firm(name) for _ in range(3)]], 12, seed=seed)
        for name in ("static", "matching")
    )

    assert mean_price(matched[-1]) < mean_price(kept[-1])
    assert [mean_price(plan) for plan in matched] == sorted(
        (mean_price(plan) for plan in matched), reverse=True
    )


def mean_price(plan: Plan) -> float:
    """Of competitors."""
    return sum(plan.price[1:]) / len(plan.price[1:])


@attrs.frozen(kw_only=True)
class Noting:
    """Acts like another strategy, and notes down what people pay: only a test may do that."""

    like: Strategy
    seen: list[float]

    def act(self, sight: Sight, draw: FirmStream) -> Terms:
        """As the other one does."""
        served = sum(sight.shares[1:])
        self.seen.append(
            sum(share * (price or 0) for share, price in zip(sight.shares[1:], sight.prices[1:], strict=True))
            / served
        )
        return self.like.act(sight, draw)


def prices_paid(strategy: str, seed: int) -> list[float]:
    """What competitors' customers are asked on average, month by month, in a whole market."""
    telecom, seen = load_preset("telecom"), list[float]()
    firms = [attrs.evolve(firm, strategy=strategy) for firm in telecom.firms]
    firms[1] = attrs.evolve(firms[1], strategy=Noting(like=strategy_of(strategy), seen=seen))
    market = Market.draw(attrs.evolve(telecom, firms=tuple(firms)), customers=150, seed=seed)
    run(market, get("none"), months=18, compiled=False, residual_months=0)
    return seen


@pytest.mark.parametrize("seed", [1, 2])
def test_in_a_market_of_price_matchers_people_pay_less(seed: int) -> None:
    kept, matched = prices_paid("static", seed), prices_paid("matching", seed)

    assert kept[0] == matched[0]
    assert sum(matched[6:]) / 12 < 0.98 * sum(kept[6:]) / 12
