"""What a firm did before the call: by a policy of a school, or by one that no firm should have."""

from __future__ import annotations

from retainsdk.policies import names
from retainsdk.policy import Budget, Policy
from retainsdk.testing import check_policy
from retainsim.market import Market, load_preset
from retainsim.market.engine import World
from retainsim.market.person import figures
from retainsim.training.scenario import LANGUAGES, past_names
from retainsim.training.scenario.past import Push, past
from retainsim.training.scenario.words import words


def test_every_school_can_be_a_past_and_so_can_pushing() -> None:
    assert past_names() == (*names(), "push")
    assert [past(name).name for name in past_names()] == list(past_names())


def test_pushing_is_a_policy_like_another() -> None:
    check_policy(Push())


def most_regret(policy: Policy) -> float:
    """Of anybody, after half a year under the policy."""
    world = World(
        Market.draw(load_preset("telecom"), customers=200, seed=3, parameters="fixed"), compiled=False
    )
    for number in range(6):
        month = world.month(number)
        executed = world.decided(month, policy, Budget())
        tally, threatening = world.live(month, world.deeds(executed.done))
        world.settle(month, threatening, tally, policy)
        world.close(tally, minutes=executed.minutes)
    return float(figures(world.people, "regret").max())


def test_pushing_leaves_people_who_regret_what_they_bought() -> None:
    assert most_regret(Push()) > 0.1
    assert most_regret(past("none")) == 0


def test_each_language_tells_every_past() -> None:
    assert {language: tuple(words(language)["past"]) for language in LANGUAGES} == dict.fromkeys(
        LANGUAGES, past_names()
    )
