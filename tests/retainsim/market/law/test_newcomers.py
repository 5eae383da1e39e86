"""What draws newcomers: campaigns, a firm's name, and prices; and what they begin with."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pytest
from lives import (
    N_FIRMS,
    Luck,
    a_month,
    chance_of,
    counts,
    exactly,
    live_through,
    luck,
    parameters,
    someone,
    this_month,
)
from twin_markets import NOTHING, a_market, differences

from retainsdk.policy import ActionKind
from retainsdk.view import Origin
from retainsim.market import law
from retainsim.market.person import OURS, ContractKind
from retainsim.market.streams import exp

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
MANY = 4_000
NONE = N_FIRMS


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
            a_market(seed, {"reputation_counts": 4.0}, customers=2_000),
            NOTHING,
        ),  # competitors have a name, ours is usual
        lambda seed: (a_market(seed, {"reputation_counts": 0.0}, customers=2_000), NOTHING),
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


# word of mouth, and the terms of a beginning


@pytest.mark.parametrize(
    ("terms", "contract", "days"),
    [
        (0.3, ContractKind.MONTH_TO_MONTH, 0),
        (0.7, ContractKind.ONE_YEAR, 365),
        (0.9, ContractKind.TWO_YEARS, 730),
    ],
)
def test_newcomers_take_the_contracts_that_are_usual(
    terms: float, contract: ContractKind, days: int, luck: Luck
) -> None:
    luck(joining_terms=terms)
    person = exactly(firm=1, begun=0)

    law.join(person, 0.0, -1, this_month(2), 0, P, counts())

    assert (person.contract, person.lock_end_day) == (contract, 60 + days)


def test_what_is_said_draws_newcomers_and_trust_is_for_those_who_know_us() -> None:
    stranger, month = exactly(begun=0, trust=0.9), a_month(quality=(0.3, 0.0, 0.0, 0.0))

    heard = {
        (near, far): law.attraction(stranger, near, attrs.evolve(month, word=far).row, P)
        for near, far in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.25), (0.5, 0.25))
    }

    for (near, far), drawn in heard.items():
        assert drawn == pytest.approx(0.3 + (near + far) * P.word_counts - P.switching)


@pytest.mark.parametrize(
    ("ever", "word", "origin", "counted"),
    [
        (1, 0.0, Origin.RETURN, law.RETURNED),
        (0, 0.4, Origin.REFERRAL, law.JOINED),
        (0, 0.0, Origin.CAMPAIGN, law.JOINED),
    ],
)
def test_who_comes_is_known_by_his_way(
    ever: int, word: float, origin: Origin, counted: int, luck: Luck
) -> None:
    luck(0.0, elsewhere_choice=0.9)
    person = exactly(firm=NONE, begun=ever, satisfaction=0.0, need=0.3, tenure=7 * ever, quality_taste=9.0)

    tally = counts()
    w = this_month(price=(1.0, 9.0), quality=(1.0, 0.0))
    law.elsewhere(person, word, 2 if word else -1, w, 0, P, tally)

    assert (person.firm, person.begun, person.origin) == (OURS, ever + 1, origin)
    assert person.referrer == (2 if origin is Origin.REFERRAL else -1)
    assert person.tenure == 7 * ever
    assert tally[counted] == 1


def test_the_satisfied_veteran_and_the_returner_tell_most_and_more_when_asked() -> None:
    told = {
        name: law.recommendation(exactly(satisfaction=0.6, **changes), P)
        for name, changes in (
            ("newcomer", {"tenure": 0}),
            ("veteran", {"tenure": 60}),
            ("returner", {"tenure": 60, "begun": 2}),
            ("asked", {"tenure": 60, "marks": law.ASKED}),
        )
    }

    assert told["newcomer"] == pytest.approx(0.6 - P.tells_from)
    assert told["newcomer"] < told["veteran"] < told["returner"]
    assert told["asked"] == pytest.approx(P.asking * told["veteran"])
    assert law.recommendation(exactly(satisfaction=0.0), P) == 0.0
    assert law.recommendation(exactly(satisfaction=0.9, firm=1), P) == 0.0


def test_asking_for_a_recommendation_counts_in_the_month_after() -> None:
    person = someone(satisfaction=0.8)

    live_through(person, a_month(0), deed=ActionKind.ASK_REFERRAL)
    asked = person.marks
    live_through(person, a_month(1))

    assert (asked, person.marks) == (law.ASKED, 0)
