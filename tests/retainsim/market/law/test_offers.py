"""Offers: packages, money off and pauses, and what taking them teaches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import (
    Luck,
    a_month,
    chance_of,
    counts,
    exactly,
    figure,
    live_through,
    luck,
    parameters,
    shares,
    someone,
    this_month,
)

from retainsdk.policy import ActionKind
from retainsim.market import law
from retainsim.market.person import Need

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
MANY = 4_000


def test_the_polite_take_a_package_that_does_not_suit_and_regret_it_the_assertive_object() -> None:
    taken, regret, displeased = {}, {}, {}
    for assertive in (0.0, 1.0):
        people = [
            exactly(key=key, assertive=assertive, usage=1.0, package=1.1, need=1.1, products=6)
            for key in range(MANY)
        ]
        for person in people:
            law.consider_package(person, chance_of(person), P)
        taken[assertive] = sum(person.offers_accepted for person in people)
        regret[assertive] = sum(person.regret for person in people)
        displeased[assertive] = sum(person.satisfaction < 0.25 for person in people)

    assert taken[0.0] > 2 * taken[1.0]
    assert regret[0.0] > 2 * regret[1.0] > 0
    assert displeased[1.0] == MANY - taken[1.0] > displeased[0.0] == 0


def test_a_pushed_sale_costs_trust_and_a_suitable_one_earns_it(luck: Luck) -> None:
    luck(0.0)
    pushed, suited = (
        exactly(package=1.1, need=1.1, usage=1.0, products=6),
        exactly(package=1.1, need=0.5, usage=0.5 / 1.1),
    )
    for person in (pushed, suited):
        law.consider_package(person, 0, P)

    assert (pushed.package, suited.package) == (140, 50)
    assert pushed.trust < 0.2 < suited.trust
    assert figure(pushed, "regret") == pytest.approx(0.3 * P.regret, abs=0.005)
    assert suited.regret == 0


@given(amount=st.integers(0, 9_000), months=st.integers(1, 24), habit=shares)
def test_a_concession_is_within_the_fee_and_teaches_to_ask_again(
    amount: int, months: int, habit: float
) -> None:
    person = exactly(habit=habit, monthly_fee=6_000, concession_cost=70)

    law.grant(person, amount, months, this_month(5), P)

    assert person.discount == min(amount, 6_000)
    assert person.discount_until == 5 + months
    assert person.concession_cost == 70 + amount * months
    assert habit <= person.habit <= 1.0
    assert person.habit > habit or habit == 1.0


def test_a_smaller_offer_does_not_cut_short_what_was_granted_before() -> None:
    person = exactly()

    law.grant(person, 2_000, 12, this_month(0), P)
    law.grant(person, 500, 1, this_month(1), P)

    assert (person.discount, person.discount_until) == (2_000, 12)


def test_a_discount_for_three_months_is_paid_three_times_and_seen_to_end(luck: Luck) -> None:
    luck(0.5, incident=0.99, trigger=0.999, acceptance=0.0)
    person = someone(price_taste=0.2, tenure=0)  # no veteran, to whom extras are due

    paid, shown = [], []
    for number in range(5):
        tally, deed = counts(), ActionKind.OFFER_PRICE if number == 0 else ActionKind.NOTHING
        live_through(person, a_month(number), deed=deed, amount=1_000, months=3, tally=tally)
        paid.append(tally[law.CONCESSIONS])
        shown.append(person.discount)

    assert paid == [1_000, 1_000, 1_000, 0, 0]
    assert shown == [1_000, 1_000, 0, 0, 0]
    assert person.concession_cost == 3_000


def test_a_pause_is_for_a_need_that_is_away(luck: Luck) -> None:
    luck(acceptance=0.4)
    away, there = exactly(need_state=Need.PAUSED), exactly()
    for person in (away, there):
        law.consider_pause(person, 3, this_month(2), 0, P)

    assert (away.paused_until, there.paused_until) == (5, 0)
    assert (away.offers_accepted, there.offers_accepted) == (1, 0)
    assert away.offers_made == there.offers_made == 1


@given(fee=st.integers(0, 9_999), discount=shares, package=st.floats(0.4, 1.7), other=st.floats(0.4, 1.7))
def test_another_package_costs_by_its_size_and_never_less_than_the_discount(
    fee: int, discount: float, package: float, other: float
) -> None:
    person = exactly(monthly_fee=fee, discount=int(discount * fee), package=package)

    law.repackage(person, other)

    assert figure(person, "package") == pytest.approx(other, abs=0.0051)
    assert (person.monthly_fee <= fee) if other <= package else (person.monthly_fee >= fee)
    assert 0 <= person.discount <= person.monthly_fee
