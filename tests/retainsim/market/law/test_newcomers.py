"""What draws newcomers: campaigns, a firm's name, and prices; and what they begin with."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from lives import Luck, a_month, chance_of, counts, exactly, luck, parameters, someone, this_month
from twin_markets import NOTHING, a_market, differences

from retainsdk.policy import ActionKind
from retainsdk.view import Origin
from retainsim.market import law
from retainsim.market.person import OURS
from retainsim.market.streams import exp

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
MANY = 4_000


# campaigns


def test_each_further_unit_spent_on_a_campaign_reaches_fewer() -> None:
    spent = [step * P.campaign_scale for step in range(5)]
    reach = [law.campaign_reach(parameters(campaign_cost=cost)) for cost in spent]
    gains = [after - before for before, after in pairwise(reach)]

    assert reach[0] == 0.0
    assert reach[1] == pytest.approx(1 - np.exp(-1))
    assert all(0 < after < 0.5 * before for before, after in pairwise(gains))


def test_who_spends_twice_as_much_wins_more_and_pays_more_for_each() -> None:
    def won(history: Any) -> float:
        return float(history.flows[:, 2].sum())

    def cost_of_each(history: Any) -> float:
        return float(history.money[:, 4].sum() / history.flows[:, 1:3].sum())

    for measured in (won, cost_of_each):
        more, error = differences(
            measured,
            lambda seed: (a_market(seed, {"campaign_cost": 2 * P.campaign_cost}), NOTHING),
            lambda seed: (a_market(seed), NOTHING),
        )

        assert more > 2 * error > 0


# reputation


def test_a_better_name_draws_to_its_firm_wherever_people_are() -> None:
    w = {good: a_month(reputation=tuple(0.5 * (firm == good) for firm in range(4))).row for good in (0, 1, 2)}
    person = exactly(begun=0)

    assert law.attraction(person, 0.0, w[0], P) - law.attraction(person, 0.0, w[1], P) == pytest.approx(
        0.5 * P.reputation_counts
    )
    assert law.appeal(person, 1, w[1], P) - law.appeal(person, 1, w[0], P) == pytest.approx(
        0.5 * P.reputation_counts
    )
    assert law.going(exactly(), 2, w[2], P) - law.going(exactly(), 2, w[0], P) == pytest.approx(
        0.5 * P.reputation_counts
    )


def test_the_name_of_firms_with_unlike_service_draws_newcomers_to_the_better() -> None:
    def ours(history: Any) -> float:
        return float(history.flows[:, 1:3].sum())

    fewer, error = differences(
        ours,
        lambda seed: (
            a_market(seed, {"reputation_counts": 12.0}),
            NOTHING,
        ),  # competitors have a name, ours is usual
        lambda seed: (a_market(seed, {"reputation_counts": 0.0}), NOTHING),
    )

    assert fewer < -2 * error < 0


# who comes for the price


def test_who_would_have_come_unasked_is_nobodys_referral(luck: Luck) -> None:
    w, word, came = this_month(price=(1.0, 9.0), quality=(1.0, 0.0)), 0.5, []
    usual = exactly(firm=2, begun=0, satisfaction=0.0)
    stay = exp(P.without - P.need_counts * usual.need + 1.0)
    unasked, told = (exp(law.attraction(usual, said, w, P)) for said in (0.0, word))
    for mark in (0.5 * unasked, 0.5 * (unasked + told)):
        luck(0.0, elsewhere_choice=(stay + mark) / (stay + told), awareness=1.0 - 2**-53)
        person = exactly(firm=2, begun=0, satisfaction=0.0)
        law.elsewhere(person, word, 3, w, 0, P, counts())
        came.append((person.firm, person.origin, person.referrer))

    assert unasked < told
    assert came == [(OURS, Origin.CAMPAIGN, -1), (OURS, Origin.REFERRAL, 3)]


def test_only_newcomers_whom_nobody_told_of_us_are_lured(luck: Luck) -> None:
    luck(0.0)

    lured = [
        law.is_lured(exactly(firm=1, begun=begun), word, 0, P)
        for begun, word in ((0, 0.0), (1, 0.0), (0, 0.3))
    ]

    assert lured == [True, False, False]


def test_who_comes_for_the_price_pays_less_thinks_it_right_and_is_not_committed() -> None:
    lured, other = exactly(firm=1, begun=0), exactly(firm=1, begun=0)

    for person in (lured, other):
        law.join(person, 0.0, -1, this_month(2), 0, P, counts())
    law.welcome(lured, this_month(2), P)

    assert lured.marks & law.PRICE_WON > other.marks & law.PRICE_WON == 0
    assert lured.discount == int(P.welcome_share * 6_000)
    assert lured.discount_until == 2 + P.welcome_months
    assert lured.reference == pytest.approx(1 - P.welcome_share)
    assert lured.commitment == other.commitment - int(1_000 * P.price_won)


def test_who_returns_for_the_price_thinks_it_the_right_one() -> None:
    bought, other = exactly(firm=1, discount=1_500, discount_until=4), exactly(firm=1)

    for person in (bought, other):
        law.join(person, 0.0, -1, this_month(), 0, P, counts())

    assert (bought.reference, other.reference) == (0.75, 1.0)
    assert bought.marks & law.PRICE_WON > other.marks & law.PRICE_WON == 0


def test_who_came_for_the_price_leaves_for_price_more_than_others() -> None:
    """Newcomers of one kind after their first months, with and without the price: twins in all else."""
    left = {}
    for lured in (True, False):
        gone = 0
        for key in range(1, 401):
            person = someone(key=key, firm=1, begun=0, need=1.0)
            law.join(
                person,
                0.0,
                -1,
                this_month(),
                chance_of(person),
                parameters(joins_month_to_month=1.0),
                counts(),
            )
            if lured:
                law.welcome(person, this_month(), P)
            for number in range(12):
                w = this_month(number)
                law.month_of(person, 0, 0, 0, 0.0, -1, w, P, counts())
                if person.leaning >= 0:
                    law.settle_month(person, w, P, counts())
                if person.firm != OURS:
                    gone += 1
                    break
        left[lured] = gone

    error = (sum(count * (1 - count / 400) for count in left.values())) ** 0.5
    assert left[True] - left[False] > 2 * error
    assert left[True] >= 1.2 * left[False]


# foundations


def test_foundations_are_laid_for_so_many_newcomers_without_special_care() -> None:
    laid = 0
    for key in range(MANY):
        person = exactly(key=key, firm=1, begun=0)
        law.join(person, 0.0, -1, this_month(), chance_of(person), P, counts())
        laid += person.marks & law.FOUNDED

    assert abs(laid / MANY - P.foundations_laid) < 5 * 0.5 / MANY**0.5


@pytest.mark.parametrize(
    ("deed", "tenure", "founded"),
    [
        (ActionKind.NEEDS_REVIEW, 2, 1), (ActionKind.CHECK_IN, 0, 1), (ActionKind.PROGRESS_REPORT, 1, 1),
        (ActionKind.NEEDS_REVIEW, 3, 0), (ActionKind.NEWSLETTER, 1, 0), (ActionKind.OFFER_PACKAGE, 1, 0),
    ],
)  # fmt: skip
def test_foundations_are_laid_by_a_talk_in_the_first_three_months(
    deed: ActionKind, tenure: int, founded: int
) -> None:
    person = exactly(tenure=tenure)

    law.contact(person, deed, 0, 0, this_month(), chance_of(person), P, counts())

    assert person.marks & law.FOUNDED == founded


def test_without_foundations_a_newcomer_thinks_it_over_more_often_for_a_year_and_on_average_nothing_changes() -> (
    None
):
    w = this_month()

    def chance(tenure: int, marks: int) -> float:
        return law.trigger(exactly(tenure=tenure, marks=marks), w, P)

    laid, usual = P.foundations_laid, law.trigger(exactly(tenure=5), w, parameters(foundations=0.0))
    assert chance(5, 0) > chance(5, law.FOUNDED)
    assert laid * chance(5, law.FOUNDED) + (1 - laid) * chance(5, 0) == pytest.approx(usual)
    assert chance(12, 0) == chance(12, law.FOUNDED)


def test_where_foundations_are_laid_fewer_leave_in_their_first_year() -> None:
    def left(history: Any) -> float:
        return float(history.flows[:, 0].sum())

    fewer, error = differences(
        left,
        lambda seed: (a_market(seed, {"foundations": 0.9, "foundations_laid": 0.5}), NOTHING),
        lambda seed: (founded_by_none(seed), NOTHING),
    )

    assert fewer < -2 * error < 0


def founded_by_none(seed: int) -> Any:
    """The same world, in which nobody's foundations were laid."""
    market = a_market(seed, {"foundations": 0.9, "foundations_laid": 0.5})
    market.people["marks"] &= 255 - law.FOUNDED
    return market
