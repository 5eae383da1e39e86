"""Leaving, life elsewhere, and the way back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import (
    N_FIRMS,
    NEVER,
    PLAN,
    Luck,
    chance_of,
    counts,
    exactly,
    figure,
    luck,
    parameters,
    small,
    this_month,
)

from retainsdk.policy import ActionKind
from retainsdk.view import Reason
from retainsim.market import law
from retainsim.market import purposes as for_
from retainsim.market.law import leaving
from retainsim.market.person import OURS, Need

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
NONE = N_FIRMS
CLOSE = 1e-6
"""To where by the formula the chance of one firm ends and that of the next begins."""


def leave(person: Any, chosen: int = 1) -> list[int]:
    tally = counts()
    law.leave(person, chosen, this_month(), chance_of(person), P, tally)
    return tally


def test_leaving_ends_what_was_agreed_and_is_counted_by_both_reasons() -> None:
    person = exactly(
        true_reason=Reason.CHEAPER_COMPETITOR, discount=500, discount_until=9, paused_until=4, promise_due_day=20,
        complaints_open=2, cohort=1,
    )  # fmt: skip

    tally = leave(person)

    assert (person.firm, person.cohort) == (1, -1)
    assert 0 <= person.left_day < 30
    assert (person.discount, person.discount_until, person.paused_until) == (0, 0, 0)
    assert (person.promise_due_day, person.complaints_open) == (NEVER, 0)
    place = law.REASONS + Reason.CHEAPER_COMPETITOR * law.N_REASONS + person.stated_reason
    assert (tally[law.LEFT], tally[place]) == (1, 1)


def test_a_good_ending_leaves_trust_and_a_bad_one_takes_it(luck: Luck) -> None:
    well, badly = exactly(true_reason=3), exactly(true_reason=3)
    luck(0.5, ending=0.0)
    leave(well)
    luck(0.5, ending=0.99)
    leave(badly)

    assert (well.ended_well, badly.ended_well) == (1, 0)
    assert well.trust - badly.trust == pytest.approx(2 * P.good_ending)


def test_who_was_released_well_has_ended_well_whatever_chance_brings(luck: Luck) -> None:
    luck(0.5, ending=0.99)
    person = exactly(true_reason=3, ended_well=1)

    leave(person)

    assert person.ended_well == 1


@given(chosen=st.integers(1, NONE), key=st.integers(0, 99))
def test_a_leaver_is_bound_to_his_new_firm_for_half_to_all_of_its_term_and_to_nobody_without_one(
    chosen: int, key: int
) -> None:
    person = exactly(true_reason=3, key=key)

    leave(person, chosen)

    assert -1 <= person.satisfaction <= 1
    if chosen == NONE:
        assert (person.lock_end_day, person.satisfaction) == (NEVER, 0.0)
    else:
        months = PLAN.lock_months[chosen]
        assert int(0.5 * 30.4 * months) <= person.lock_end_day <= 30.4 * months


def look_round(person: Any, *, month: int = 0, word: float = 0.0, price: Any = PLAN.price) -> list[int]:
    tally = counts()
    law.elsewhere(person, word, 2, this_month(month, price=price), chance_of(person), P, tally)
    return tally


def test_who_is_bound_elsewhere_stays_there(luck: Luck) -> None:
    luck(0.0, elsewhere_choice=0.999)
    bound, free = exactly(firm=1, lock_end_day=1), exactly(firm=1, lock_end_day=0)

    look_round(bound)
    look_round(free)

    assert bound.firm == 1 != free.firm


def test_who_has_no_need_any_more_is_with_nobody_and_whose_need_is_away_does_not_look_round(
    luck: Luck,
) -> None:
    luck(0.0, elsewhere_choice=0.999)
    ended, away = exactly(firm=1, need_state=Need.ENDED), exactly(firm=NONE, need_state=Need.PAUSED)

    for person in (ended, away):
        look_round(person, word=9.0)

    assert ended.firm == away.firm == NONE


@pytest.mark.parametrize(
    "changes",
    [{"satisfaction": -1.0}, {"woken": 0.3}, {"lock_end_day": -30}],
    ids=["disappointed", "called by us", "lock-in just over"],
)
def test_who_is_disappointed_called_or_just_free_looks_round_more(
    changes: dict[str, Any], luck: Luck
) -> None:
    usual = {"firm": 1, "lock_end_day": -200, "satisfaction": 0.0}
    chance = P.elsewhere_trigger * 1.2
    luck(0.5, elsewhere_trigger=chance, elsewhere_choice=0.9999)
    stirred, content = exactly(**usual | changes), exactly(**usual)

    look_round(stirred)
    look_round(content)

    assert content.firm == 1 != stirred.firm


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"trust": 0.5}, {"trust": -0.5}),
        ({"discount": 1_000}, {"discount": 0}),
        ({"attention": 0.5}, {"attention": 0.0}),
    ],
    ids=["a good ending", "an offer", "being remembered"],
)
def test_what_draws_a_former_customer_back(better: dict[str, Any], worse: dict[str, Any]) -> None:
    w = this_month()
    assert law.attraction(exactly(**better), 0.0, w, P) > law.attraction(exactly(**worse), 0.0, w, P)


@given(
    firm=st.sampled_from([1, 3, NONE]), mood=small, need=st.sampled_from([0.3, 1.0, 2.0]), goodwill=small,
    price=st.sampled_from([(1.0, 0.8, 1.1, 1.0), (1.0, 1.0, 1.0, 0.9)]),
)  # fmt: skip
def test_who_looks_round_elsewhere_chooses_with_the_probabilities_of_a_logit(
    firm: int, mood: float, need: float, goodwill: float, price: tuple[float, ...]
) -> None:
    quality = (0.1, -0.2, 0.5, 0.0)
    w = this_month(price=price, quality=quality, awareness=(1.0, 1.0, 1.0, 1.0))  # he knows everybody
    usual = {
        "satisfaction": mood,
        "need": need,
        "trust": goodwill,
        "lock_end_day": -200,
        "attention": 0.0,
    }
    utilities = {
        firm: P.without - P.need_counts * need + 1.0
        if firm == NONE
        else P.bond_elsewhere + P.mood_counts * mood
    }
    utilities |= {OURS: quality[OURS] + P.goodwill_counts * goodwill - P.switching}
    utilities |= {
        other: 1.0 * quality[other] - 3.0 * (price[other] - 1.0) - P.switching
        for other in (1, 2, 3)
        if other != firm
    }
    total = sum(math.exp(it) for it in utilities.values())

    def goes_to(choice: float) -> int:
        numbers = {for_.ELSEWHERE_TRIGGER: 0.0, for_.ELSEWHERE_CHOICE: choice}
        with pytest.MonkeyPatch.context() as fixed:
            fixed.setattr(leaving, "drawn", lambda _luck, purpose: numbers.get(purpose, 0.5))
            person = exactly(firm=firm, **usual)
            law.elsewhere(person, 0.0, -1, w, 0, P, counts())
        return int(person.firm)

    ends = np.cumsum([0.0, *(math.exp(it) / total for it in utilities.values())])
    for goes, low, high in zip(utilities, ends[:-1], ends[1:], strict=True):
        if high - low > 2 * CLOSE:
            assert goes_to(low + CLOSE) == goes_to(high - CLOSE) == goes


def test_who_returns_for_money_off_gets_it_for_as_long_as_was_offered_and_learns_from_it() -> None:
    person = exactly(firm=1, discount=1_500, discount_until=4, ended_well=1, habit=0.0)

    law.join(person, 0.0, -1, this_month(10), 0, P, counts())

    assert (person.discount, person.discount_until) == (1_500, 14)
    assert (person.ended_well, person.begun) == (0, 2)
    assert person.habit == P.habit_gain


def call_back(person: Any, deed: ActionKind, *, amount: int = 0, months: int = 0) -> None:
    law.contact_leaver(person, deed, amount, months, this_month(), chance_of(person), P)


def test_a_call_to_a_former_customer_stirs_him_and_leaves_an_offer() -> None:
    person = exactly(firm=1, attention=0.0)

    call_back(person, ActionKind.WIN_BACK, amount=900, months=6)

    assert (person.discount, person.discount_until, person.offers_made) == (900, 6, 1)
    assert figure(person, "woken") == pytest.approx(P.wake_leaver)
    assert person.attention == pytest.approx(P.contact_attention)
    assert 0 <= person.contact_day < 30


def test_seeing_to_the_ending_afterwards_makes_good_once_what_was_left_undone() -> None:
    person = exactly(firm=1, ended_well=0, trust=0.0)

    call_back(person, ActionKind.RELEASE_WELL)
    once = person.trust
    call_back(person, ActionKind.RELEASE_WELL)

    assert person.ended_well == 1
    assert person.trust == once == pytest.approx(1.5 * P.good_ending)


def test_a_newsletter_to_a_former_customer_is_no_talk_with_him() -> None:
    person = exactly(firm=1, contact_day=-99)

    call_back(person, ActionKind.NEWSLETTER)

    assert (person.contact_day, figure(person, "contacts_recent")) == (-99, 1.0)
