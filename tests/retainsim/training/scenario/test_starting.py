"""A file to begin with: sound as it stands, says what its model says, and safe from being written over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest

from retainsdk.errors import InputError
from retainsdk.view import COLUMNS
from retainsim.training.scenario import (
    Scenario,
    UnknownScenarioError,
    examine_scenario,
    load_scenario,
    past_names,
    scenario_names,
    start_scenario,
)
from retainsim.training.scenario.form import CARD, TRUTH


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_begun_from_another_says_what_it_says_and_has_nothing_to_mend(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "my_call.toml"

    begun = start_scenario(path, like=name)

    assert examine_scenario(str(path)).faults == ()
    assert (begun.name, begun.version) == ("my_call", 1)
    assert said(begun) == said(load_scenario(name))


def said(scenario: Scenario) -> dict[str, Any]:
    """All but what makes the file one's own."""
    return {key: it for key, it in attrs.asdict(scenario).items() if key not in {"name", "source", "digest"}}


def test_the_comments_of_the_model_stand_in_the_file_and_what_else_can_be_said(tmp_path: Path) -> None:
    path = tmp_path / "my_call.toml"

    start_scenario(path, like="key_account")

    text = path.read_text(encoding="utf-8")
    assert "discount = 0.15              # of the monthly fee" in text
    assert all(f"# {column} = [low, high]" in text for column in (*CARD, *TRUTH))
    assert all(name in text for name in past_names())


def test_a_file_begun_from_ones_own_says_it_once(tmp_path: Path) -> None:
    start_scenario(tmp_path / "first.toml", like="stopped_coming")

    start_scenario(tmp_path / "second.toml", like=str(tmp_path / "first.toml"))

    text = (tmp_path / "second.toml").read_text(encoding="utf-8")
    assert text.count("a scenario of your own") == 1
    assert text.count("What else can stand in this file") == 1


def test_a_line_that_is_listed_can_be_copied_into_its_table(tmp_path: Path) -> None:
    path = tmp_path / "my_call.toml"
    start_scenario(path)
    column = next(it for it in COLUMNS if it.name == "products")
    text = path.read_text(encoding="utf-8").replace("[card]\n", f"[card]\n{column.name} = [2, 6]\n", 1)
    path.write_text(text, encoding="utf-8")

    assert load_scenario(str(path)).card["products"] == (2, 6)


def test_a_version_begins_anew(tmp_path: Path) -> None:
    first = tmp_path / "first.toml"
    start_scenario(first)
    first.write_text(
        first.read_text(encoding="utf-8").replace("version = 1 ", "version = 17 "), encoding="utf-8"
    )

    assert start_scenario(tmp_path / "second.toml", like=str(first)).version == 1


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious")

    with pytest.raises(InputError, match="is there already"):
        start_scenario(path)

    assert path.read_text() == "precious"


@pytest.mark.parametrize("name", ["My call.toml", "mine.txt", "1st.toml", ".toml", "nowhere/mine.toml"])
def test_a_file_without_a_name_for_a_scenario_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be small letters|lies in no folder"):
        start_scenario(tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_an_unknown_model_gets_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownScenarioError, match="veteran"):
        start_scenario(tmp_path / "mine.toml", like="veterans")
