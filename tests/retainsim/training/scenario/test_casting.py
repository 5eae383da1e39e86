"""Casting: a lived market gives the callers, and the scenario says which."""

from __future__ import annotations

from collections import Counter

import attrs
import numpy as np
import pytest
from visited import a_scenario

from retainsdk.view import Reason
from retainsim.market import population
from retainsim.market.person import OURS
from retainsim.training.scenario import Case, NobodyCallsError, cast, casting, load_scenario

NO_NEED = load_scenario("no_need")


def cases(count: int) -> list[Case]:
    return [cast(NO_NEED, seed) for seed in range(count)]


def test_equal_seeds_pick_equal_callers_and_others_pick_others() -> None:
    first, again, other = cast(NO_NEED, 1), cast(NO_NEED, 1), cast(NO_NEED, 2)

    assert first.row.tobytes() == again.row.tobytes()
    assert first.card == again.card
    assert first.row.tobytes() != other.row.tobytes()


def test_every_caller_is_ours_means_it_and_is_as_the_scenario_wants_him() -> None:
    for case in cases(8):
        assert case.row["firm"][0] == OURS
        assert case.row["leaning"][0] > OURS
        assert case.truth in NO_NEED.reasons
        assert 3 <= case.card["tenure_months"] <= 120


def test_reasons_come_by_weight() -> None:
    scenario = attrs.evolve(
        NO_NEED, reasons={Reason.LIFE_EVENT: 3.0, Reason.CHEAPER_COMPETITOR: 1.0}, digest="weights"
    )
    count = 16

    drawn = Counter(cast(scenario, seed).truth for seed in range(count))

    expected, error = 0.75 * count, (count * 0.75 * 0.25) ** 0.5
    assert set(drawn) <= set(scenario.reasons)
    assert abs(drawn[Reason.LIFE_EVENT] - expected) < 4 * error


def test_what_only_the_world_knows_can_be_asked_for_and_stands_on_no_card() -> None:
    scenario = attrs.evolve(NO_NEED, truth={"trust": (0.0, 0.2)}, digest="trust")

    case = cast(scenario, 1)

    assert 0 <= case.row["trust"][0] <= 0.2
    assert not {"trust", "true_reason", "need", "satisfaction"} & set(case.card)


def test_when_nobody_is_like_that_the_message_says_what_to_widen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casting, "WORLDS", 1)
    monkeypatch.setattr(casting, "CUSTOMERS", 20)
    scenario = attrs.evolve(NO_NEED, card={"tenure_months": (900.0, 901.0)}, digest="nobody")

    with pytest.raises(NobodyCallsError, match=r"Widen"):
        cast(scenario, 1)


def test_so_many_callers_do_not_mean_it_as_the_scenario_says() -> None:
    count = 12
    scenario = a_scenario("threat", past="bear_hug", top="bluff = 0.5")

    met = [cast(scenario, seed) for seed in range(count)]

    assert 2 <= sum(case.bluffs for case in met) <= count - 2
    assert all((case.row["leaning"][0] == OURS) is np.bool_(case.bluffs) for case in met)
    assert not any(case.bluffs for case in cases(4))


@pytest.mark.parametrize(
    ("situation", "words"),
    [
        ("threat", "nobody threatens to leave for life_event and"),
        ("calm", "nobody is a customer who would go for life_event and"),
        ("goodbye", "nobody has just left for life_event and"),
        ("former", "nobody left long ago for life_event and"),
    ],
)
def test_whoever_was_looked_for_in_vain_is_told_of(
    situation: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casting, "WORLDS", 1)
    monkeypatch.setattr(casting, "CUSTOMERS", 20)
    rest = "[reasons]\nlife_event = 1\n[card]\ntenure_months = [800, 900]"

    with pytest.raises(NobodyCallsError, match=words):
        cast(a_scenario(situation, rest=rest), 1)


def test_nobody_is_called_who_wants_no_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(casting, "WORLDS", 1)
    monkeypatch.setattr(casting, "CUSTOMERS", 20)
    monkeypatch.setattr(population, "ALL_BUT_MARKETING", 0)

    for situation in ("calm", "former"):
        with pytest.raises(NobodyCallsError):
            cast(a_scenario(situation), 1)


def test_in_a_circle_only_those_are_counted_whom_a_word_may_bring() -> None:
    met = (cast(a_scenario("calm"), seed) for seed in range(20))

    case = next(it for it in met if len(it.circle) > 1)

    others = np.delete(case.circle["firm"], case.place)
    assert OURS not in others
    assert case.circle["firm"][case.place] == OURS
    assert case.circle["key"][case.place] == case.row["key"][0]
    assert case.circle["member"].tolist() == list(range(len(case.circle)))
