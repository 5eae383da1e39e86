"""What makes a customer worth more than he pays [C5]: the critic, and the home with a cat and a dog."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from lives import parameters, someone

from retainsdk.policies import get
from retainsim.market import Market, law, load_preset, run
from retainsim.market.person import OURS, Modifier

PET_SHOP, RESTAURANT = load_preset("pet_shop"), load_preset("restaurant")


def test_a_critics_word_counts_many_times_and_only_his_bad_one_is_heard() -> None:
    p = parameters()
    pleased, critic = someone(satisfaction=0.8), someone(satisfaction=0.8, modifiers=Modifier.CRITIC)
    cross, cross_critic = someone(satisfaction=-0.5), someone(satisfaction=-0.5, modifiers=Modifier.CRITIC)

    assert law.recommendation(critic, p) == pytest.approx(p.critic_word * law.recommendation(pleased, p))
    assert law.recommendation(cross, p) == 0.0
    assert law.recommendation(cross_critic, p) == pytest.approx(-0.5 * p.critic_word)
    assert law.recommendation(someone(firm=1, satisfaction=-0.5, modifiers=Modifier.CRITIC), p) == 0.0


def test_a_home_with_a_cat_and_a_dog_spends_more_and_the_mean_stays() -> None:
    market = Market.draw(PET_SHOP, customers=6_000, seed=1, parameters="fixed")
    ours, p = market.people[market.people["firm"] == OURS], market.rules.plain()
    both = ours["modifiers"] & Modifier.CAT_AND_DOG > 0
    basket = ours["monthly_fee"] / ours["rate"]

    assert both.mean() == pytest.approx(p.cats_and_dogs, abs=0.025)
    assert basket[both].mean() / basket[~both].mean() == pytest.approx(p.both_basket, rel=0.05)
    assert ours["monthly_fee"].mean() == pytest.approx(PET_SHOP.customers["mean_fee"][0], rel=0.06)


def came(satisfaction: float, critics: float) -> int:
    """Newcomers in half a year, when guests are as satisfied as that and so many of them are critics."""
    market = Market.draw(RESTAURANT, customers=300, seed=4, parameters="fixed")
    values = {
        **market.rules.values,
        "critics": critics,
        "usual_satisfaction": satisfaction,
        "satisfaction_return": 1.0,
    }
    market = attrs.evolve(market, rules=attrs.evolve(market.rules, values=values))
    history = run(market, get("none"), months=6, compiled=False, residual_months=0)
    return int(history.flows[:, law.JOINED].sum())


def test_critics_bring_guests_to_a_good_place_and_keep_them_from_a_bad_one() -> None:
    assert came(0.7, critics=0.03) > came(0.7, critics=0.0)
    assert came(-0.6, critics=0.03) < came(-0.6, critics=0.0)


def test_nobody_is_a_critic_where_the_preset_has_none() -> None:
    market = Market.draw(load_preset("telecom"), customers=500, seed=1)

    np.testing.assert_array_equal(market.people["modifiers"], 0)
