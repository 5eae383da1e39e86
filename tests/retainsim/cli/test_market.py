"""Markets on the command line: listed, shown, begun and mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from documented import of_form
from golden import ROOT, Golden

from retainsim.cli import main
from retainsim.cli.outputs import output_schemas
from retainsim.market import load_preset, preset_names

SCHEMA = ROOT / "docs" / "reference" / "simulator.schema.json"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")


def told(*arguments: str) -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, ["market", *arguments], terminal_width=100, prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def told_json(*arguments: str) -> Any:
    """What is printed for programs, of the documented form; the exit code comes first."""
    code, output, _ = told(*arguments, "--json")
    record = json.loads(output)
    of_form(f"market {arguments[0]}", record)
    return code, record


def test_the_forms_of_what_is_printed_for_programs_are_documented(golden: Golden) -> None:
    golden(SCHEMA, f"{json.dumps(output_schemas(), indent=2)}\n")


def test_the_markets_that_ship_are_listed(golden: Golden) -> None:
    code, output, _ = told("presets")

    assert code == 0
    golden("retainsim-market-presets.txt", output)


def test_the_markets_that_ship_are_listed_for_programs() -> None:
    code, record = told_json("presets")

    assert code == 0
    assert [it["name"] for it in record] == preset_names()
    assert [it["digest"] for it in record] == [load_preset(name).digest for name in preset_names()]


def test_a_market_is_shown_whole(golden: Golden) -> None:
    code, output, _ = told("show", "health_fund")

    assert code == 0
    golden("retainsim-market-show.txt", output)


@pytest.mark.parametrize("name", preset_names())
def test_a_market_is_shown_whole_for_programs(name: str) -> None:
    code, record = told_json("show", name)

    preset = load_preset(name)
    assert code == 0
    assert {it["name"]: it["value"] for it in record["parameters"]} == {
        name: it.value for name, it in preset.parameters.items()
    }
    assert sum(record["status"].values()) == pytest.approx(1)
    assert [it["name"] for it in record["firms"][record["structure"]]] == [it.name for it in preset.firms]


def test_an_unknown_market_gets_the_nearest_name_and_an_unknown_version_those_there_are() -> None:
    assert "Did you mean 'telecom'?" in told("show", "telekom")[2]
    assert "telecom@1" in told("show", "telecom@7")[2]
    assert told("show", "telekom")[0] == 2


def test_a_market_begun_lints_clean_and_is_a_market_wherever_one_is_asked_for() -> None:
    assert told("new", "mine.toml", "--from", "gym")[0] == 0

    code, output, _ = told("lint", "mine.toml", "gym@1")
    shown = told_json("show", "mine.toml")[1]
    compared = CliRunner().invoke(
        main,
        [
            "compare",
            "none",
            "--market",
            "mine.toml",
            "--customers",
            "20",
            "--months",
            "2",
            "--worlds",
            "1",
            "--json",
        ],
    )

    assert code == 0
    assert output.splitlines() == [
        f"mine.toml: a market of {len(load_preset('gym').parameters)} parameters, nothing to mend",
        f"gym@1: a market of {len(load_preset('gym').parameters)} parameters, nothing to mend",
    ]
    assert (shown["name"], shown["digest"]) == ("mine", load_preset("gym").digest)
    assert json.loads(compared.stdout)["manifest"]["configuration"]["preset"] == {
        "name": "mine", "version": 1, "digest": load_preset("gym").digest,
    }  # fmt: skip


def test_a_market_begun_is_told_to_programs() -> None:
    code, record = told_json("new", "mine.toml", "--from", "gym")

    assert code == 0
    assert (record["file"], record["like"], record["name"]) == ("mine.toml", "gym", "mine")


def test_what_is_there_already_is_left_as_it_is() -> None:
    Path("mine.toml").write_text("precious")

    code, _, error = told("new", "mine.toml")

    assert code == 2
    assert "is there already" in error
    assert Path("mine.toml").read_text() == "precious"


def a_faulty_market() -> None:
    """A file with two faults and one warning."""
    told("new", "mine.toml", "--from", "gym")
    text = Path("mine.toml").read_text(encoding="utf-8")
    text = text.replace('currency = "USD"', 'currency = "shekel"').replace("penalty = {", "penality = {")
    text = text.replace("trigger = { value = 0.12", "trigger = { value = 0.09")
    Path("mine.toml").write_text(text, encoding="utf-8")


def test_all_that_is_wrong_with_files_is_said_at_once(golden: Golden) -> None:
    a_faulty_market()
    Path("broken.toml").write_text("name = \n")

    code, output, error = told("lint", "mine.toml", "broken.toml", "absent.toml", "gim", "gym")

    assert code == 2
    assert error == ""
    golden("retainsim-market-lint.txt", output)


def test_what_is_wrong_is_told_to_programs_with_its_line() -> None:
    a_faulty_market()

    code, record = told_json("lint", "mine.toml", "gym")

    mine, gym = record["files"]
    lines = Path("mine.toml").read_text(encoding="utf-8").splitlines()
    assert code == 2
    assert (mine["clean"], gym["clean"]) == (False, True)
    assert [it["place"] for it in mine["faults"]][:2] == ["currency", "parameters.deliberation.penality"]
    assert lines[mine["faults"][0]["line"] - 1] == 'currency = "shekel"'
    assert lines[mine["warnings"][0]["line"] - 1].startswith("trigger = ")


def test_a_warning_alone_is_no_fault() -> None:
    told("new", "mine.toml")
    text = (
        Path("mine.toml")
        .read_text(encoding="utf-8")
        .replace("trigger = { value = 0.128", "trigger = { value = 0.110")
    )
    Path("mine.toml").write_text(text, encoding="utf-8")

    code, output, _ = told("lint", "mine.toml")

    assert code == 0
    assert "nothing to mend, 1 warning" in output
    assert "stands at the edge of its range" in output


def test_a_key_cannot_steer_the_terminal() -> None:
    Path("mine.toml").write_text('"\\u001b[31m\\u202e" = 1\n')

    _, output, _ = told("lint", "mine.toml")

    assert "\x1b" not in output
    assert "\u202e" not in output
