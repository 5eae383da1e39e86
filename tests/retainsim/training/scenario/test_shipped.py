"""The scenarios that ship: whole in both languages, each with somebody who calls."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from retainsdk.view import Reason
from retainsim.market.person import figures
from retainsim.training.scenario import LANGUAGES, cast, load_scenario, scenario_names

CONCEPTS = Path(__file__).parents[4] / "docs" / "concepts.md"
ROWS = {
    cells[0].strip(): cells[-1].strip()
    for line in CONCEPTS.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| id ")
    for cells in [line.strip("|").split("|")]
}
"""The cell of training of every rule of the field."""
LINKED = re.compile(r"training/scenarios/(\w+)\.toml")
NAMED_PARTS = ("training/course/", "training/rounds/", "training/debrief.py")
"""What else a rule can be met in."""
HEBREW = re.compile("[\u05d0-\u05ea]")
SLASHED = re.compile("[\u05d0-\u05ea]/[\u05d0-\u05ea]")
NAMES = scenario_names()


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_told_in_each_language_calmly_and_to_a_group(name: str) -> None:
    scenario = load_scenario(name)

    for words in (scenario.title, scenario.aim, scenario.brief):
        assert tuple(words) == LANGUAGES
        assert not any("!" in text for text in words.values())
        assert HEBREW.search(words["he"])
        assert not HEBREW.search(words["en"])
        assert not SLASHED.search(words["he"])
    assert "אתם" in scenario.brief["he"]


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_names_rules_that_can_be_trained(name: str) -> None:
    concepts = load_scenario(name).concepts

    assert set(concepts) <= set(ROWS)
    assert list(concepts) == sorted(set(concepts))


@pytest.mark.parametrize("rule", [rule for rule, cell in ROWS.items() if cell != "–"])
def test_a_rule_that_can_be_trained_names_a_scenario_or_a_part_in_which_it_is_met(rule: str) -> None:
    named = set(LINKED.findall(ROWS[rule]))

    assert named or any(part in ROWS[rule] for part in NAMED_PARTS)
    assert all(rule in load_scenario(name).concepts for name in named)


def test_every_scenario_meets_a_rule_that_can_be_trained() -> None:
    trained = {rule for rule, cell in ROWS.items() if cell != "–"}

    assert [name for name in NAMES if not trained & set(load_scenario(name).concepts)] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_reason_is_never_certain(name: str) -> None:
    reasons = load_scenario(name).reasons

    assert len(reasons) > 1
    assert max(reasons.values()) / sum(reasons.values()) <= 0.7


def test_each_reason_behind_a_threat_leads_some_scenario_or_comes_in_several() -> None:
    met = Counter(reason for name in NAMES for reason in load_scenario(name).reasons)

    assert set(met) == {reason for reason in Reason if reason is not Reason.NO_NEED_STATED}
    assert min(met.values()) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_somebody_calls_who_is_as_the_scenario_says(name: str) -> None:
    scenario = load_scenario(name)

    case = cast(scenario, 1)

    assert case.truth in scenario.reasons
    assert all(low <= case.card[column] <= high for column, (low, high) in scenario.card.items())
    assert all(low <= figures(case.row, column)[0] <= high for column, (low, high) in scenario.truth.items())
