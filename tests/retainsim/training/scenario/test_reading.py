"""Scenarios as files: what ships is sound, and all that is wrong with a file is told at once, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import InputError
from retainsdk.view import Reason
from retainsim.training.scenario import (
    LANGUAGES,
    UnknownScenarioError,
    examine,
    load_scenario,
    scenario_names,
)

SOUND = load_scenario("no_need").source


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_that_ships_is_called_as_its_file_and_speaks_every_language(name: str) -> None:
    scenario = load_scenario(name)

    assert scenario.name == name
    for words in (scenario.title, scenario.aim, scenario.brief):
        assert set(words) == set(LANGUAGES)


def test_a_scenario_can_be_somebodys_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(SOUND, encoding="utf-8")

    assert load_scenario(str(file)) == load_scenario("no_need")


def test_an_unknown_scenario_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(UnknownScenarioError, match="Did you mean 'no_need'"):
        load_scenario("no_ned")


def test_all_that_is_wrong_with_a_file_is_told_with_its_line() -> None:
    text = SOUND.replace('situation = "threat"', 'situation = "thread"').replace(
        "not_worth_cost = 1", "no_need_stated = 1"
    )
    text = text.replace("tenure_months = [3, 120]", "tenure_months = [120, 3]\ntrust = [0, 1]").replace(
        "days = 7", "days = 0"
    )

    examined = examine(text, source="mine.toml")

    assert examined.scenario is None
    told = "\n".join(map(str, examined.faults))
    lines = text.split("\n")
    for place, rule in (
        ("situation", "is no situation"),
        ("reasons.no_need_stated", "is no reason to leave"),
        ("card.tenure_months", "must be the lowest and the highest"),
        ("card.trust", "is no column of a customer card"),  # nobody can see it
        ("authority.days", "must be whole days"),
    ):
        (fault,) = (it for it in examined.faults if it.place.endswith(place))
        number = int(fault.place.split(",")[0].removeprefix("line "))
        assert place.rpartition(".")[2] in lines[number - 1]
        assert rule in told


def test_what_is_missing_is_told_too() -> None:
    examined = examine("name = 'mine'\n[title]\nen = 'Mine'\n", source="mine.toml")

    missing = {fault.place for fault in examined.faults if fault.rule == "is missing"}
    assert {"version", "preset", "situation", "aim", "brief", "authority"} <= missing
    assert any(place.endswith("title.he") for place in missing)


def test_words_change_no_call_and_figures_do() -> None:
    other_words = examine(SOUND.replace("I have no need for the service", "No need"), source="a").scenario
    other_limits = examine(SOUND.replace("discount = 0.25", "discount = 0.2"), source="b").scenario

    assert other_words is not None
    assert other_limits is not None
    assert other_words.digest == load_scenario("no_need").digest != other_limits.digest


@given(st.text(max_size=40), st.integers(0, len(SOUND)))
def test_any_text_in_a_scenario_is_taken_or_named(noise: str, at: int) -> None:
    examined = examine(SOUND[:at] + noise + SOUND[at:], source="mine.toml")

    assert (examined.scenario is None) == bool(examined.faults)


def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="retainsim scenario new"):
        load_scenario(str(tmp_path / "absent.toml"))


def test_weights_are_read_by_reason() -> None:
    text = SOUND.replace("need_ended = 1", "need_ended = 2.5")

    scenario = examine(text, source="mine.toml").scenario

    assert scenario is not None
    assert scenario.reasons[Reason.NEED_ENDED] == 2.5
