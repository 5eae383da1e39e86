"""Scenarios on the command line: listed, shown, printed, begun and mended, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from documented import of_form
from golden import Golden

from retainsdk.cli.bidi import POP
from retainsim.cli import main
from retainsim.training.scenario import guide, load_scenario, scenario_names

RIGHT_TO_LEFT = "\u2067"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("RETAIN_BIDI", "plain")


def told(*arguments: str) -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, ["scenario", *arguments], terminal_width=100, prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def told_json(*arguments: str) -> Any:
    """What is printed for programs, of the documented form; the exit code comes first."""
    code, output, _ = told(*arguments, "--json")
    record = json.loads(output)
    of_form(f"scenario {arguments[0]}", record)
    return code, record


@pytest.mark.parametrize("language", ["en", "he"])
def test_the_scenarios_that_ship_are_listed(language: str, golden: Golden) -> None:
    code, output, _ = told("list", "--lang", language)

    assert code == 0
    golden(f"retainsim-scenario-list-{language}.txt", output)


def test_the_scenarios_that_ship_are_listed_for_programs() -> None:
    code, record = told_json("list")

    assert code == 0
    assert [it["name"] for it in record["scenarios"]] == scenario_names()
    assert [it["digest"] for it in record["scenarios"]] == [
        load_scenario(name).digest for name in scenario_names()
    ]


@pytest.mark.parametrize("language", ["en", "he"])
def test_a_scenario_is_shown_whole_with_its_guide(language: str, golden: Golden) -> None:
    code, output, _ = told("show", "sold_too_much", "--lang", language, "--guide")

    assert code == 0
    golden(f"retainsim-scenario-show-{language}.txt", output)


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_is_shown_whole_for_programs(name: str) -> None:
    code, record = told_json("show", name)

    scenario = load_scenario(name)
    assert code == 0
    assert (record["brief"], record["past"]) == (dict(scenario.brief), scenario.past)
    assert {name: tuple(bounds) for name, bounds in record["card"].items()} == dict(scenario.card)
    assert record["guide"] == {language: guide(name, language).text for language in ("en", "he")}


def test_hebrew_lines_are_isolated_whole_for_a_terminal_that_reorders(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RETAIN_BIDI", "isolates")

    _, output, _ = told("show", "no_need", "--lang", "he")

    lines = [line for line in output.splitlines() if line]
    assert f"{RIGHT_TO_LEFT}אין לי צורך בשירות{POP}" in lines
    assert all(line.startswith(RIGHT_TO_LEFT) and line.endswith(POP) for line in lines)


def test_a_guide_that_there_is_not_is_said_to_be_none() -> None:
    told("new", "mine.toml")

    code, output, _ = told("show", "mine.toml", "--guide")
    _, record = told_json("show", "mine.toml")

    assert code == 0
    assert "only scenarios that ship have one" in output
    assert record["guide"] is None


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("he", "rtl")])
def test_a_page_to_print_is_written_in_the_direction_of_its_language(language: str, direction: str) -> None:
    code, output, _ = told("show", "key_account", "--lang", language, "--html", "page.html")

    page = Path("page.html").read_text(encoding="utf-8")
    led = guide("key_account", language)
    assert code == 0
    assert output == "The page is page.html\n"
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert all(question in page.replace("&#39;", "'") for question in led.questions)
    assert not re.search(r"<script|src=|href=", page)


def test_what_somebody_wrote_cannot_become_part_of_the_page() -> None:
    told("new", "mine.toml")
    text = Path("mine.toml").read_text(encoding="utf-8")
    Path("mine.toml").write_text(text.replace("I have no need", "<b>I have no need"), encoding="utf-8")

    told("show", "mine.toml", "--html", "page.html")

    assert "&lt;b&gt;I have no need" in Path("page.html").read_text(encoding="utf-8")


def test_an_unknown_scenario_gets_the_nearest_name() -> None:
    code, _, error = told("show", "no_ned")

    assert code == 2
    assert "Did you mean 'no_need'?" in error


def test_a_scenario_begun_lints_clean_and_is_told_to_programs() -> None:
    code, record = told_json("new", "mine.toml", "--like", "veteran")

    assert code == 0
    assert (record["file"], record["like"], record["name"]) == ("mine.toml", "veteran", "mine")
    assert told("lint", "mine.toml", "veteran") == (
        0,
        "mine.toml: the scenario mine, nothing to mend\nveteran: the scenario veteran, nothing to mend\n",
        "",
    )


def test_what_is_there_already_is_left_as_it_is() -> None:
    Path("mine.toml").write_text("precious")

    code, _, error = told("new", "mine.toml")

    assert code == 2
    assert "is there already" in error
    assert Path("mine.toml").read_text() == "precious"


def a_faulty_scenario() -> None:
    """A file with four faults."""
    told("new", "mine.toml")
    text = Path("mine.toml").read_text(encoding="utf-8")
    text = text.replace("need_ended = 1", "need_endd = 1").replace("[3, 120]", "[120, 3]")
    text = text.replace('preset = "telecom"', 'preset = "telekom"').replace("days = 7", "days = 70")
    Path("mine.toml").write_text(text, encoding="utf-8")


def test_all_that_is_wrong_with_files_is_said_at_once(golden: Golden) -> None:
    a_faulty_scenario()
    Path("broken.toml").write_text("name = \n")
    told("new", "shop.toml")
    text = Path("shop.toml").read_text(encoding="utf-8").replace('"telecom"', '"pet_shop"')
    Path("shop.toml").write_text(text, encoding="utf-8")

    code, output, error = told(
        "lint", "mine.toml", "broken.toml", "shop.toml", "absent.toml", "no_ned", "no_need"
    )

    assert code == 2
    assert error == ""
    golden("retainsim-scenario-lint.txt", output)


def test_what_is_wrong_is_told_to_programs_with_its_line() -> None:
    a_faulty_scenario()

    code, record = told_json("lint", "mine.toml", "no_need")

    mine, shipped = record["files"]
    lines = Path("mine.toml").read_text(encoding="utf-8").splitlines()
    assert code == 2
    assert (mine["clean"], shipped["clean"]) == (False, True)
    assert {it["place"] for it in mine["faults"]} == {
        "preset", "reasons.need_endd", "card.tenure_months", "authority.days",
    }  # fmt: skip
    assert "telekom" in lines[next(it["line"] for it in mine["faults"] if it["place"] == "preset") - 1]
