"""The plan of a month: everybody acts on last month, nobody disturbs another's luck, equals stay equal."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rivals import a_firm, a_standing, plans_of

from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsim.market import Market, load_preset, run
from retainsim.market.competitors import FirmStream, Plan, Sight, Terms, next_plan, opening, strategies_of
from retainsim.market.competitors.plan import sight_of

NAMES = ("static", "promotion", "matching", "poaching", "quality", "entrant")
UNDRAWN = ("static", "matching", "poaching", "quality", "entrant")
few = st.sampled_from([0.0, 0.05, 0.1, 0.15])


@st.composite
def worlds(draw: st.DrawFn) -> list[Plan]:
    """The plans of two years among any firms, whatever becomes of their shares."""
    chosen = draw(st.lists(st.sampled_from(NAMES), max_size=5))
    firms = [a_firm("ours")] + [
        a_firm(name, share=0.0 if name == "entrant" else 0.1, price=draw(st.sampled_from([0.5, 1.0, 1.3])))
        for name in chosen
    ]
    standings = [
        a_standing(
            [draw(few) for _ in firms],
            satisfaction=[draw(st.sampled_from([-0.5, 0.0, 0.5]))] * (len(firms) + 1),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    return plans_of(firms, 24, seed=draw(st.integers(0, 9)), standings=standings)


@given(plans=worlds())
def test_whatever_happens_terms_are_terms_that_can_be(plans: list[Plan]) -> None:
    for plan in plans:
        assert all(0 < price < 100 for price in plan.price)
        assert all(0 <= known <= 1 for known in plan.awareness)
        assert all(0 <= lock <= 36 for lock in plan.lock_months)
        assert all(-2 <= quality <= 2 for quality in plan.quality)
        assert all(-1 <= name <= 1 for name in plan.reputation)
        assert len(plan.past) <= 12


@given(plans=worlds())
def test_ours_keeps_its_list_price_for_the_rest_is_the_policys_business(plans: list[Plan]) -> None:
    assert {(plan.price[0], plan.awareness[0], plan.lock_months[0], plan.quality[0]) for plan in plans} == {
        (1.0, 0.5, 12.0, 0.0)
    }


@given(name=st.sampled_from(UNDRAWN), shares=st.lists(few, min_size=1, max_size=5), seed=st.integers(0, 9))
def test_where_firms_are_alike_and_stand_alike_they_act_alike(
    name: str, shares: list[float], seed: int
) -> None:
    equals = [a_firm(name, share=0.1) for _ in range(3)]
    standings = [a_standing([0.3, share, share, share]) for share in shares]

    for plan in plans_of([a_firm("ours"), *equals], 18, seed=seed, standings=standings):
        for figures in (plan.price, plan.quality, plan.awareness, plan.lock_months, plan.reputation):
            assert figures[1] == figures[2] == figures[3]


@given(more=st.sampled_from(["promotion", "quality", "static"]), seed=st.integers(0, 9))
def test_a_firm_more_changes_nobody_elses_luck(more: str, seed: int) -> None:
    firms = [a_firm("ours"), a_firm("promotion"), a_firm("promotion(months=6)")]

    few_firms, many = (plans_of(them, 24, seed=seed) for them in (firms, [*firms, a_firm(more)]))

    assert [plan.price for plan in few_firms] == [plan.price[:3] for plan in many]
    assert [plan.awareness for plan in few_firms] == [plan.awareness[:3] for plan in many]


@given(stop=st.integers(0, 22), seed=st.integers(0, 9))
def test_a_world_resumes_from_any_plan(stop: int, seed: int) -> None:
    firms = [a_firm("ours"), *(a_firm(name) for name in NAMES[:-1])]
    standing = a_standing([0.2, 0.1, 0.15, 0.1, 0.15, 0.2])
    whole = plans_of(firms, 24, seed=seed, standings=[standing])
    start = opening(firms, a_standing([firm.share for firm in firms]))

    kept = attrs.asdict(whole[stop], recurse=False)
    resumed = next_plan(seed, stop + 1, strategies_of(firms), start, Plan(**kept), standing)

    assert resumed == whole[stop + 1]


def test_a_firm_sees_what_a_firm_can_know_and_as_it_was_last_month() -> None:
    firms = [a_firm("ours"), a_firm(price=0.9), a_firm("entrant(enters=9)", share=0.0)]
    standing = a_standing([0.3, 0.2, 0.0], came=[1, 5, 0, 2], gone=[2, 3, 0, 3])
    start = opening(firms, a_standing([0.25, 0.25, 0.0]))
    first = next_plan(1, 0, strategies_of(firms), start, start, a_standing([0.25, 0.25, 0.0]))
    last = attrs.evolve(first, price=(1.0, 0.8, 1.1))  # since the start one has become cheaper

    sight = sight_of(1, 1, start, attrs.evolve(last, shares=standing.shares, past=(last.shares,)), standing)

    assert sight == Sight(
        firm=1,
        month=1,
        start=firms[1].terms,
        terms=attrs.evolve(firms[1].terms, price=0.8),
        prices=(1.0, 0.8, None),
        shares=(0.3, 0.2, 0.0),
        share_at_start=0.25,
        past=((0.25, 0.25, 0.0),),
        came=0.005,
        gone=0.003,
    )
    assert (sight.share, sight.cheapest_rival) == (0.2, 1.0)


def test_who_begins_with_nobody_is_on_no_price_list_before_the_first_month() -> None:
    firms = [a_firm("ours"), a_firm(), a_firm(share=0.0)]
    standing = a_standing([0.2, 0.2, 0.0])
    start = opening(firms, standing)

    assert [sight_of(1, month, start, start, standing).prices for month in (0, 1)] == [
        (1, 1, None),
        (1, 1, 1),
    ]


def test_firms_look_back_on_a_year_of_shares() -> None:
    standings = [a_standing([0.2, 0.01 * month]) for month in range(20)]

    plans = plans_of([a_firm("ours"), a_firm(share=0.0)], 20, standings=standings)

    assert plans[0].past == ()
    assert [round(100 * shares[1]) for shares in plans[3].past] == [0, 1, 2]
    assert [round(100 * shares[1]) for shares in plans[19].past] == list(range(7, 19))


def test_nobody_can_buy_from_a_firm_that_is_not_on_the_market() -> None:
    firms = [a_firm("ours"), a_firm("entrant(enters=2, launch=0, settles=1)", share=0.0, price=0.8)]

    plans = plans_of(firms, 3)

    assert [plan.on_offer for plan in plans] == [(1.0, float("inf"))] * 2 + [(1.0, pytest.approx(0.8))]
    assert [plan.competitor_price for plan in plans] == [None, None, pytest.approx(0.8)]


@attrs.frozen(kw_only=True)
class Answering:
    """Answers whatever it is told to."""

    answer: Any = None

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """As told."""
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return] # that is the point


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (None, "must be Terms"),
        (
            Terms(price=-1.0, awareness=0.5, lock_months=48.0, quality=0.0),
            "lock_months: '48.0' must be within 0 and 36",
        ),
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero' raises an error"),
    ],
)
def test_a_strategy_that_fails_is_named_with_month_and_remedy(answer: object, told: str) -> None:
    with pytest.raises(InputError, match="competitor 1, Answering") as refused:
        plans_of([a_firm("ours"), a_firm(Answering(answer=answer))], 1)

    assert told in str(refused.value)
    assert "act in month 0" in str(refused.value)


class Watching:
    """Looks on: only a test may keep what it sees."""

    def __init__(self) -> None:
        self.sights: list[Sight] = []

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """Keeps its terms."""
        self.sights.append(sight)
        return sight.start


def test_a_market_shows_each_firm_its_customers_newcomers_and_leavers() -> None:
    telecom, watching = load_preset("telecom"), Watching()
    firms = (*telecom.firms[:2], attrs.evolve(telecom.firms[2], strategy=watching), telecom.firms[3])
    market = Market.draw(attrs.evolve(telecom, firms=firms), customers=150, seed=1)

    history = run(market, get("none"), months=12, compiled=False, residual_months=0)

    everybody = history.people[0].sum()
    assert [it.month for it in watching.sights] == list(range(12))
    for month, sight in enumerate(watching.sights):
        assert sight.share * everybody == pytest.approx(history.people[month, 2])
        assert len(sight.past) == month
        if month:
            moved = history.people[month, 2] - history.people[month - 1, 2]
            assert (sight.came - sight.gone) * everybody == pytest.approx(moved)
    assert sum(sight.came for sight in watching.sights) > 0 < sum(sight.gone for sight in watching.sights)
    assert watching.sights[0].came == watching.sights[0].gone == 0


@attrs.frozen(kw_only=True)
class Binding:
    """Cheap, and binds its newcomers from the first month on, whatever it did before."""

    months: float
    gone: list[float]

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """Cheap and binding."""
        self.gone.append(sight.gone)
        return attrs.evolve(sight.start, price=0.7, awareness=1.0, lock_months=self.months)


@pytest.mark.parametrize("seed", [1, 2])
def test_newcomers_are_bound_by_the_terms_of_their_month_and_not_by_those_of_the_start(seed: int) -> None:
    telecom, left = load_preset("telecom"), {}
    for months in (0.0, 36.0):
        gone: list[float] = []
        bound = a_firm(Binding(months=months, gone=gone), share=0.0, lock_months=0, quality=-0.5)
        market = Market.draw(
            attrs.evolve(telecom, firms=(*telecom.firms[:2], bound)), customers=150, seed=seed
        )
        run(market, get("none"), months=18, compiled=False, residual_months=0)
        left[months] = sum(gone)

    assert left[36.0] == 0 < left[0.0]
