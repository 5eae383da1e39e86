"""Buying without a contract: who comes, how often, what he spends, and how little is seen when he stops."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import Luck, Scripted, chance_of, counts, luck, someone, this_month

from retainsdk.policies import get
from retainsdk.policy import ACTIONS, ActionKind, Actions, Budget, PolicyStream, act
from retainsdk.view import BY_NAME, BookView, Origin, Stage
from retainsim.market import History, Market, law, load_preset, run
from retainsim.market.engine import World
from retainsim.market.history import FLOWS
from retainsim.market.law import buying
from retainsim.market.observed import view_of
from retainsim.market.person import FIELDS, NEVER, OURS, WITHOUT_CONTRACT, Need, Row, figures, nobody, rows

__all__ = ["luck"]  # a fixture from `lives`

SHOP = load_preset("pet_shop")
FIXED = SHOP.drawn(0, "fixed")
AS_OF = datetime(2027, 1, 1, tzinfo=UTC)
TODAY = 365
NONE = 4
RULED = [action.kind for action in ACTIONS if action.rule]


def shop(**changes: float) -> SimpleNamespace:
    unknown = changes.keys() - FIXED.values.keys()
    assert not unknown, unknown
    return SimpleNamespace(**{**FIXED.values, **changes})


P = shop()


def shopper(*, visit_day: int = -10, visits: int = 0, rate: float = 2.0, **changes: Any) -> Row:
    """A usual customer of a shop, twice a month there."""
    person = someone(**{"rate": rate, "tenure": 12} | changes)
    person.visit_day, person.visits = visit_day, visits
    return person


def expected(person: Any, month: int = 0, p: Any = P) -> float:
    return float(law.visits_expected(person, this_month(month), p))


# how often


@given(mean=st.sampled_from([0.0, 0.3, 1.0, 4.0, 9.0]))
def test_visits_of_a_month_are_poisson_by_one_number(mean: float) -> None:
    n = 20_000
    counted = np.array([law.poisson((k + 0.5) / n, mean) for k in range(n)])

    assert counted.mean() == pytest.approx(mean, abs=0.01)
    assert counted.var() == pytest.approx(mean, abs=0.05)
    assert (np.diff(counted) >= 0).all()


def test_no_number_brings_more_visits_than_a_month_can_hold() -> None:
    assert law.poisson(1.0 - 2**-53, 30.0) == buying.MOST_VISITS


def test_the_satisfied_come_more_often_and_who_has_no_need_not_at_all() -> None:
    usual = expected(shopper())

    assert expected(shopper(satisfaction=0.6)) > usual > expected(shopper(satisfaction=-0.2)) > 0
    assert expected(shopper(need=1.5)) > usual
    assert expected(shopper(need_state=Need.ENDED)) == 0
    assert expected(shopper(satisfaction=-1.0), p=shop(visits_mood=5.0)) == 0


def test_a_coupon_brings_visits() -> None:
    assert expected(shopper(discount=3_000)) == pytest.approx(
        expected(shopper()) * (1 + 0.5 * P.coupon_draws)
    )


@pytest.mark.parametrize("step", ["search", "explanation", "proof", "form", "payment", "queue"])
def test_at_each_of_six_steps_some_give_up(step: str) -> None:
    hard = shop(**{f"friction_{step}": 0.5})

    assert law.share_made(0.0, hard) < law.share_made(0.0, P)


def test_who_knows_the_shop_gives_up_at_the_till_alone() -> None:
    assert law.share_made(1.0, P) == pytest.approx((1 - P.friction_payment) * (1 - P.friction_queue))
    assert expected(shopper(tenure=60)) > expected(shopper(tenure=0))


def test_friction_is_felt() -> None:
    smooth, hard = shopper(), shopper()
    for person, p in ((smooth, P), (hard, shop(friction_queue=0.6))):
        law.serve(person, this_month(), chance_of(person), p, counts())

    assert hard.satisfaction < smooth.satisfaction


def test_seasons_peak_where_the_preset_says_and_even_out_over_a_year() -> None:
    swings = []
    for of_year in range(1, 13):
        w = this_month()
        w.of_year = of_year
        swings.append(law.season(w, P))

    assert np.mean(swings) == pytest.approx(1)
    assert int(np.argmax(swings)) + 1 == P.season_peak
    assert swings[-1] == pytest.approx(1 + P.season_swing)


# what it brings


def test_regulars_get_the_extras_of_the_programme_with_what_they_buy(luck: Luck) -> None:
    luck(visits=0.9)
    regular, tally = shopper(tenure=30, tier=2), counts()

    law.visit(regular, this_month(), 0, P, tally)

    assert tally[law.CONCESSIONS] == law.extras(regular, P) > 0
    assert (regular.offers_accepted, regular.habit) == (0, 0.0)


def test_each_visit_brings_a_basket_and_is_remembered(luck: Luck) -> None:
    luck(visits=0.9, visit_day=0.0, basket=0.5)
    person, tally = shopper(visits=3), counts()

    count = law.visit(person, this_month(), 0, shop(season_swing=0.0), tally)

    assert count == 3
    assert person.visits == 3 << 5 | 3
    assert person.visit_day == 20  # two thirds of thirty days
    assert person.value_to_date == tally[law.REVENUE] == 3 * 3_000
    assert tally[law.SERVING] > 0


def test_baskets_vary_and_none_is_worth_less_than_nothing(luck: Luck) -> None:
    spent = []
    for number in (0.0, 0.5, 0.999):
        luck(basket=number)
        person = shopper()
        law.buy(person, 2, this_month(), 0, shop(basket_spread=2.0), counts())
        spent.append(person.value_to_date)

    assert 0 < spent[0] < spent[1] == 6_000 < spent[2]


def test_who_does_not_come_pays_nothing_and_loses_no_coupon(luck: Luck) -> None:
    luck(visits=0.0)
    person, tally = shopper(discount=900, discount_until=9), counts()

    law.visit(person, this_month(), 0, P, tally)

    assert (tally[law.REVENUE], tally[law.CONCESSIONS], person.discount, person.visit_day) == (0, 0, 900, -10)


def test_a_coupon_is_taken_off_once_a_month_and_teaches_to_wait_for_it(luck: Luck) -> None:
    luck(visits=0.9)
    person, tally = shopper(discount=900, discount_until=9), counts()

    law.visit(person, this_month(), 0, P, tally)

    assert (tally[law.CONCESSIONS], person.concession_cost, person.offers_accepted) == (900, 900, 1)
    assert person.habit == pytest.approx(P.habit_gain)


def test_more_visits_fail_more_often() -> None:
    chances = [law.chance_of_failure(count, this_month(), P) for count in range(4)]

    assert chances[0] == 0
    assert chances[1] == pytest.approx(P.visit_failure, rel=0.01)
    assert chances == sorted(chances)


def test_a_failure_lowers_what_is_spent_next_by_five_to_ten_percent() -> None:
    falls = []
    for key in range(1, 400):
        person = shopper(key=key, contact_day=0, tenure=200)
        before = expected(person)
        law.fail(person, this_month(), chance_of(person), P)
        falls.append(1 - expected(person) / before)

    assert 0.05 <= np.mean(falls) <= 0.10


# who stops


def test_somebody_has_lapsed_after_three_of_his_own_gaps() -> None:
    often, seldom = shopper(rate=4.0), shopper(rate=0.5)
    gap = 30.4 / (4.0 * law.usual_share_made(P))

    assert not law.has_lapsed(often, int(-10 + 3 * gap), P)
    assert law.has_lapsed(often, int(-10 + 3 * gap) + 1, P)
    assert not law.has_lapsed(seldom, int(-10 + 3 * gap) + 1, P)


@pytest.mark.parametrize(
    ("visit_day", "visits", "origin"),
    [(-10, 0.9, Origin.CAMPAIGN), (-300, 0.9, Origin.RETURN), (-300, 0.0, Origin.CAMPAIGN)],
)
def test_who_was_missed_and_comes_again_has_come_back(
    visit_day: int, visits: float, origin: Origin, luck: Luck
) -> None:
    luck(visits=visits)
    person = shopper(visit_day=visit_day, origin=Origin.CAMPAIGN)

    law.visit(person, this_month(), 0, P, counts())

    assert person.origin == origin


def test_a_lapse_and_a_bad_visit_make_him_think() -> None:
    w = this_month()

    usual = law.trigger(shopper(), w, P)

    assert law.trigger(shopper(visit_day=-200), w, P) == pytest.approx(usual + P.lapse_wakes)
    assert law.trigger(shopper(hurt=0.3), w, P) > usual


def test_who_goes_says_nothing_and_leaves_everything_of_ours_open(luck: Luck) -> None:
    luck(trigger=0.0, choice=0.999999, awareness=0.0, voice=0.0)
    person = shopper(complaints_open=1, promise_due_day=90, discount=500, discount_until=9, habit=1.0)
    tally = counts()

    law.deliberate(person, this_month(), 0, P, tally)

    assert person.firm != OURS
    assert (person.leaning, person.stated_reason, person.threats) == (-1, -1, 0)
    assert (person.complaints_open, person.promise_due_day, person.discount) == (1, 90, 500)
    assert person.visit_day == -10
    assert (tally[law.LEFT], tally[law.SILENT], tally[law.THREATENED]) == (1, 1, 0)


def test_a_coupon_that_reaches_who_is_gone_may_bring_him_back() -> None:
    w = this_month()
    person, other = shopper(firm=1), shopper(firm=1)

    law.stay_away(person, ActionKind.OFFER_PRICE, 1_500, 2, w, chance_of(person), P, counts())

    assert (person.discount, person.discount_until, person.offers_made) == (1_500, 2, 1)
    assert law.attraction(person, 0.0, w, P) > law.attraction(other, 0.0, w, P)
    assert person.woken > other.woken


def test_nobody_is_bound_nor_paused_whatever_the_days_of_his_visits() -> None:
    person = shopper(visit_day=25, visits=0x7FFF)
    w = this_month()

    assert law.months_bound(person, w, P) == 0
    assert not law.is_paused(person, w, P)
    law.settle_in(person, 1, w, chance_of(person), P)
    assert person.visit_day == 25


def test_who_comes_to_us_buys_at_once(luck: Luck) -> None:
    luck(joining_terms=0.0, visit_day=0.5)
    person, tally = shopper(firm=1, begun=0, visit_day=NEVER), counts()

    law.join(person, 0.0, -1, this_month(), 0, P, tally)

    assert (person.firm, person.visits, person.visit_day) == (OURS, 1, 15)
    assert tally[law.REVENUE] > 0


# what is seen


def seen(*persons: Row) -> BookView:
    people = nobody(len(persons))
    for place, person in enumerate(persons):
        for name, *_ in Row._fields_:
            setattr(rows(people)[place], name, getattr(person, name))
    return view_of(
        people, as_of=AS_OF, today=TODAY, competitor_price=0.9, currency="USD",
        share_made=law.usual_share_made(P),
    )  # fmt: skip


def test_a_shop_sees_visits_and_no_terms() -> None:
    view = seen(shopper(visit_day=TODAY - 7, visits=2 | 1 << 5 | 4 << 10, rate=2.0, monthly_fee=6_000))

    assert (view.visits_90[0], view.stage[0]) == (7, Stage.ACTIVE)
    assert view.visit_gap[0] == pytest.approx(7 * 2.0 * law.usual_share_made(P) / 30.4)
    assert (view.monthly_fee[0], view.days_to_lock_in_end[0], view.term_months[0]) == (0, 0, 0)
    assert not view.known("usage")[0]
    assert view.known("visit_gap")[0]


def test_a_leaver_stays_a_customer_in_the_book_until_he_has_lapsed() -> None:
    view = seen(
        shopper(key=1, firm=2, visit_day=TODAY - 20, left_day=TODAY - 15),
        shopper(key=2, firm=2, visit_day=TODAY - 100, left_day=TODAY - 90),
        shopper(key=3, firm=OURS, visit_day=TODAY - 100),
    )

    assert view.stage.tolist() == [Stage.ACTIVE, Stage.FORMER, Stage.FORMER]
    assert view.known("days_since_end").tolist() == [False, True, True]
    assert view.days_since_end[1] == view.days_since_end[2] > 0


@given(
    firm=st.integers(0, NONE),
    left=st.sampled_from([NEVER, TODAY - 50, TODAY - 1]),
    truth=st.dictionaries(
        st.sampled_from([f.name for f in FIELDS if f.channel == "truth"]), st.integers(0, 3), max_size=6
    ),
    since=st.sampled_from([3, 40, 44, 46, 90]),
)
def test_whether_he_would_come_again_is_not_seen(
    firm: int, left: int, truth: dict[str, int], since: int
) -> None:
    person, like = (shopper(visit_day=TODAY - since, visits=34, discount=300) for _ in range(2))
    like.firm, like.left_day = firm, left
    for name, value in truth.items():
        setattr(like, name, value)

    one, other = seen(person), seen(like)

    for name in BY_NAME:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
        np.testing.assert_array_equal(one.known(name), other.known(name), name)


@given(
    kind=st.sampled_from(RULED),
    seed=st.integers(0, 50),
    due=st.sampled_from([NEVER, 5, 40]),
    open_=st.integers(0, 2),
)
def test_what_we_do_looks_the_same_with_who_is_gone(
    kind: ActionKind, seed: int, due: int, open_: int
) -> None:
    """Neither comes in that month, so that all that differs is the truth."""
    p = shop(visit_rate=1.0, survey_answers=0.0, invited_come=0.0, elsewhere_trigger=0.0, trigger=0.0, hurt_wakes=0.0, lapse_wakes=0.0,
             wake_leaver=0.0, wake_sales=0.0, wake_service=0.0, need_wakes=0.0)  # fmt: skip
    there, gone = (
        shopper(key=seed, rate=0.05, need_state=Need.PAUSED, need_pause=3, promise_due_day=due,
                complaints_open=open_, firm=firm)
        for firm in (OURS, 1)
    )  # fmt: skip

    for person in (there, gone):
        law.month_of(person, kind, 700, 3, 0.0, -1, this_month(), p, counts())

    hidden = {"firm", "left_day", "cohort", "usage", "usage_trend"}
    for field in FIELDS:
        if field.channel == "observed" and field.name not in hidden:
            assert getattr(there, field.name) == getattr(gone, field.name), field.name


# the world


def everything(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
    """Every kind of action for somebody, with every slot it has."""
    kinds = np.array(RULED)[(draw.uniform("kind") * len(RULED)).astype(int)].astype(np.int8)
    priced = np.isin(kinds, (ActionKind.OFFER_PRICE, ActionKind.WIN_BACK))
    gifts = np.isin(kinds, (ActionKind.GREETING, ActionKind.COMPENSATION))
    done = act(view, np.ones(len(view), dtype=np.bool_), ActionKind.CHECK_IN, reason="Try it out")
    return attrs.evolve(
        done,
        kind=kinds,
        amount=np.where(priced | gifts, 600, 0).astype(np.int64),
        months=np.where(priced | (kinds == ActionKind.OFFER_PAUSE), 2, 0).astype(np.int32),
    )


def a_run(
    *, customers: int = 200, months: int = 12, compiled: bool = False, policy: Any = None, **kw: Any
) -> History:
    market = Market.draw(SHOP, customers=customers, seed=1, **kw)
    return run(market, policy or get("none"), months=months, residual_months=2, compiled=compiled)


def test_a_shop_lives_the_same_compiled_and_plain_under_any_action() -> None:
    one, other = (a_run(compiled=it, policy=Scripted(decides=everything), months=8) for it in (True, False))

    assert one.digest == other.digest
    np.testing.assert_array_equal(one.money, other.money)
    assert one.flows.sum() > 0


def test_nobody_threatens_a_shop_and_money_is_what_was_bought() -> None:
    history = a_run()

    flows = dict(zip(FLOWS, history.flows.sum(axis=0), strict=True))
    assert flows["left"] == flows["left_silently"] > 0
    assert flows["threatened"] == flows["bluffed"] == flows["saved"] == 0
    assert history.reasons.sum() == 0
    assert history.money[:, 0].min() > 0


def test_nobody_begins_by_having_lapsed_and_rates_differ_as_they_should() -> None:
    market = Market.draw(SHOP, customers=2_000, seed=3, parameters="fixed")
    world = World(market, compiled=False)
    rates = figures(market.people, "rate")

    view = world.view(world.month(0))

    assert (view.stage == Stage.ACTIVE).all()
    assert rates.mean() == pytest.approx(P.visit_rate, rel=0.03)
    assert (rates.mean() / rates.std()) ** 2 == pytest.approx(P.visit_shape, rel=0.15)
    assert view.visits_90.mean() == pytest.approx(
        3 * rates[market.people["begun"] > 0].mean() * law.usual_share_made(P), rel=0.1
    )


@pytest.mark.parametrize("preset", ["pet_shop", "restaurant"])
def test_the_last_purchase_lies_in_the_last_month_in_which_one_is_counted(preset: str) -> None:
    people = Market.draw(load_preset(preset), customers=800, seed=3).people
    ours = people[people["begun"] > 0]
    counted = np.array([ours["visits"] >> 5 * ago & 31 for ago in range(3)])
    month = np.where(counted.any(axis=0), (counted > 0).argmax(axis=0), 3)

    first, after = (
        np.array([-31, -61, -92, NEVER]),
        np.array([0, -31, -61, -90]),
    )  # December, November, October, before
    assert set(month) == {0, 1, 2, 3}
    assert (ours["visit_day"] >= first[month]).all()
    assert (ours["visit_day"] < after[month]).all()


def test_visits_cease_before_he_counts_as_lost_and_most_of_the_lost_are() -> None:
    market = Market.draw(SHOP, customers=400, seed=2)
    world = World(market, compiled=False)
    for number in range(15):
        month = world.month(number)
        tally, threatening = world.live(month)
        assert not threatening
        world.close(tally)
    view = world.view(world.month(15))
    people = world.people[world.by_key]
    gone = people[people["begun"] > 0]["firm"] != OURS

    lost = view.stage == Stage.FORMER

    assert view.visit_gap[gone].mean() > 2 * view.visit_gap[~gone].mean()
    assert gone[lost].mean() > 0.5
    assert (~lost[gone]).any()


def test_friction_costs_a_shop_its_customers() -> None:
    """The law that matters [C10]: the same people, with and without hard ways to buy."""
    smooth, hard = (Market.draw(SHOP, customers=500, seed=1, parameters="fixed") for _ in range(2))
    harder = {**hard.rules.values, "friction_queue": 0.3, "friction_payment": 0.2}
    hard = attrs.evolve(hard, rules=attrs.evolve(hard.rules, values=harder))

    one, other = (run(it, get("none"), months=12, residual_months=0, compiled=False) for it in (smooth, hard))

    assert other.money[:, 0].sum() < 0.8 * one.money[:, 0].sum()
    assert other.cohort[-1].sum() < one.cohort[-1].sum()


def test_names_without_contract_share_the_memory_of_those_with_one() -> None:
    people = nobody(2)
    for name, like, meaning in WITHOUT_CONTRACT:
        people[name] = 7

        assert people[like].tolist() == [7, 7]
        assert getattr(rows(people)[1], name) == 7
        assert meaning
