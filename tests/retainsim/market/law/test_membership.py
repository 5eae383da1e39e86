"""What regulars get."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from lives import (
    Luck,
    a_month,
    counts,
    exactly,
    live_through,
    luck,
    parameters,
    someone,
    this_month,
)
from twin_markets import NOTHING, a_market, differences, doing

from retainsdk.policy import ActionKind
from retainsdk.view import Stage
from retainsim.market import law
from retainsim.market.engine import World

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()


def offered(person: object, amount: int) -> list[int]:
    tally = counts()
    law.consider_benefit(person, amount, 0, P, tally)
    return tally


def test_a_benefit_lasts_the_longer_the_more_it_is_worth_and_costs_its_money(luck: Luck) -> None:
    luck(0.0)
    people = {amount: exactly() for amount in (0, 1_500, 6_000, 600_000)}

    given = {amount: offered(person, amount)[law.CONCESSIONS] for amount, person in people.items()}

    lasts = [person.benefit for person in people.values()]
    assert lasts == [0, round(P.benefit_months / 2 + 0.01), round(0.8 * P.benefit_months), P.benefit_months]
    assert given == {amount: amount for amount in people}


def test_a_benefit_binds_and_leaves_the_price_thought_right_and_teaches_no_threats(luck: Luck) -> None:
    luck(0.0)
    w, before, person, discounted = this_month(), exactly(), exactly(), exactly()

    offered(person, 3_000)
    law.consider_discount(discounted, 500, 6, w, 0, P)
    law.fade(person, P)
    law.fade(discounted, P)

    assert law.staying(person, w, P) - law.staying(before, w, P) > 0.5 * P.benefit_binds
    assert (person.habit, person.reference) == (0.0, 1.0)
    assert discounted.habit > 0.0
    assert discounted.reference < 1.0


def test_a_benefit_runs_out_month_by_month_and_ends_when_he_leaves(luck: Luck) -> None:
    luck(0.5, trigger=0.99, incident=0.99, life=0.99)
    person = someone(benefit=2)

    left = []
    for month in range(3):
        live_through(person, a_month(month))
        left.append(person.benefit)

    assert left == [1, 0, 0]


def test_who_is_no_regular_thinks_nothing_of_being_first() -> None:
    new, veteran, regular = exactly(tenure=6), exactly(tenure=24), exactly(tenure=6, tier=1)

    for person in (new, veteran, regular):
        law.let_in_first(person, P)

    assert new.satisfaction == 0.25
    assert veteran.satisfaction == regular.satisfaction == pytest.approx(0.25 + 0.75 * P.early_access)
    assert (new.offers_accepted, veteran.offers_accepted) == (0, 1)


def test_being_first_pleases_half_as_much_each_further_time_in_a_year() -> None:
    person = exactly(tenure=35, satisfaction=0.0)

    gains = []
    for _ in range(4):
        before = person.satisfaction
        law.let_in_first(person, P)
        gains.append((person.satisfaction - before) / (1.0 - before))
    law.close_books(person, this_month(), P, counts())  # an anniversary
    law.let_in_first(person, P)

    assert gains == pytest.approx([P.early_access / part for part in (1, 2, 4, 8)])
    assert law.times(person.marks, law.EARLY_ACCESS) == 1


@pytest.mark.parametrize(("deed", "amount"), [(ActionKind.OFFER_BENEFIT, 3_000)])
def test_who_gets_a_benefit_twice_a_year_leaves_less(deed: ActionKind, amount: int) -> None:
    def left(history: Any) -> float:
        return float(history.flows[:, 0].sum())

    def whom(view: Any) -> Any:
        return (view.stage == Stage.ACTIVE) & (view.offers_made < 2) & (view.days_since_contact % 180 < 31)

    less, error = differences(
        left,
        lambda seed: (a_market(seed), doing(deed, whom, amount=amount)),
        lambda seed: (a_market(seed), NOTHING),
    )

    assert less < -2 * error < 0


# products


def products(key: int) -> int:
    return law.products_that_suit(exactly(key=key))


def test_from_one_to_six_products_suit_people_alike_many_each_and_the_same_for_life() -> None:
    suit = [products(key) for key in range(6_000)]

    assert set(suit) == {1, 2, 3, 4, 5, 6}
    assert all(abs(suit.count(number) - 1_000) < 5 * 30 for number in set(suit))
    assert [products(key) for key in range(50)] == suit[:50]


def test_each_product_that_suits_binds_and_further_ones_do_not() -> None:
    key = next(key for key in range(99) if products(key) == 3)
    bound = [law.belonging(exactly(key=key, products=number), P) for number in range(1, 6)]

    assert [after - before for before, after in pairwise(bound)] == pytest.approx(
        [P.product_binds] * 2 + [0.0] * 2
    )


def test_who_has_the_package_that_suits_is_offered_a_further_product_that_does(luck: Luck) -> None:
    luck(0.0)
    key = next(key for key in range(99) if products(key) == 3)
    person = exactly(key=key, products=2, usage=1.0, package=1.1, need=1.1)

    law.consider_package(person, 0, P)
    fee = person.monthly_fee
    law.consider_package(person, 0, P)  # nothing more suits: now the larger package is pushed

    assert (person.products, fee) == (3, int(6_000 * (1 + P.product_fee)))
    assert (person.package, person.regret > 0) == (140, True)
    assert person.offers_accepted == 2


def test_where_products_bind_customers_whom_more_of_them_suit_leave_less() -> None:
    market, stays = a_market(3, {"product_binds": 3.0}, customers=1_500), {}

    people = end_of(market, months=12)
    ours = market.people["begun"] > 0
    fitting = np.minimum(market.people["products"], [products(int(key)) for key in market.people["key"]])
    for name, some in (("few", ours & (fitting == 1)), ("many", ours & (fitting >= 4))):
        stays[name] = (float((people["left_day"][some] < 0).mean()), int(some.sum()))

    error = sum(share * (1 - share) / count for share, count in stays.values()) ** 0.5
    assert stays["many"][0] - stays["few"][0] > 3 * error


# the programme


@pytest.mark.parametrize(("paid", "rank"), [(0, 0), (11, 0), (12, 1), (23, 1), (24, 2), (48, 3), (999, 3)])
def test_each_rank_asks_for_twice_what_the_one_before_does(paid: int, rank: int) -> None:
    assert law.tier_of(paid * P.tier_months / 12, P) == rank


def test_a_rank_is_found_on_the_anniversary_and_lost_by_leaving() -> None:
    person = someone(tenure=34, value_to_date=35 * 6_000, tier=0)

    ranks = []
    for month in range(2):
        law.close_books(person, this_month(month), P, counts())
        ranks.append(person.tier)
    person.true_reason = 1
    law.leave(person, 1, this_month(2), 1, P, counts())

    assert ranks == [0, 2]
    assert person.tier == 0


def test_rank_and_tenure_bind_and_cost_margin() -> None:
    w = this_month()
    new, regular, veteran = exactly(tenure=23), exactly(tenure=23, tier=2), exactly(tenure=24)

    bound = [law.belonging(person, P) for person in (new, regular, veteran)]
    cost = []
    for person in (new, regular, veteran):
        tally = counts()
        law.pay(person, w, P, tally)
        cost.append(tally[law.CONCESSIONS])

    assert bound[1] - bound[0] == pytest.approx(2 * P.tier_binds)
    assert bound[2] - bound[0] == pytest.approx(P.tenure_benefit_binds)
    assert cost == [0, int(6_000 * 2 * P.tier_cost), int(6_000 * P.tenure_benefit)]


def test_customers_begin_with_the_rank_they_have_paid_for() -> None:
    people = a_market(1).people
    ours = people["begun"] > 0
    paid = people["value_to_date"][ours] / people["monthly_fee"][ours]

    assert people["tier"][ours].tolist() == [law.tier_of(months, P) for months in paid]
    assert set(people["tier"][ours]) == {0, 1, 2, 3}
    assert not people["tier"][~ours].any()


def test_with_a_strong_programme_fewer_leave_and_each_month_brings_less() -> None:
    strong = {"tier_binds": 1.0, "usual_tier": 0.0, "tier_cost": 0.02}
    for measured, sign in ((left_within_a_year, -1), (concessions, 1)):
        change, error = differences(
            measured, lambda seed: (a_market(seed, strong), NOTHING), lambda seed: (a_market(seed), NOTHING)
        )

        assert sign * change > 2 * error > 0


def left_within_a_year(history: Any) -> float:
    return float(history.flows[:, 0].sum())


def concessions(history: Any) -> float:
    return float(history.money[:, 1].sum())


def end_of(market: Any, *, months: int) -> Any:
    world = World(market, compiled=False)
    for number in range(months):
        month = world.month(number)
        tally, threatening = world.live(month)
        world.settle(month, threatening, tally, None)
        world.close(tally)
    return world.people
