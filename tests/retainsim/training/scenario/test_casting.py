"""Casting: a lived market gives the callers, and the scenario says which."""

from __future__ import annotations

from collections import Counter

import attrs
import pytest

from retainsdk.view import Reason
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
