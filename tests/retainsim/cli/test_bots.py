"""``retainsim bots``: how bots stand, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
from click.testing import CliRunner, Result

from retainsim.cli import bots as command
from retainsim.cli import main
from retainsim.training.bots import BOTS

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "simulator.schema.json"


def retainsim(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["bots", *arguments])


def test_what_is_printed_for_programs_has_the_published_form() -> None:
    result = retainsim("--calls", "2", "--json")

    told = json.loads(result.stdout)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator({**schema, "$ref": "#/$defs/bots"}).validate(told)
    assert [it["bot"] for it in told["bots"]] == list(BOTS)
    assert told["calls"] == 2


def test_people_see_a_row_for_each_bot_and_what_the_first_wins() -> None:
    result = retainsim("--calls", "1", "--bot", "script", "--bot", "random")

    assert result.exit_code == 0
    assert "script against random" in " ".join(result.stdout.split())


def test_the_names_offered_are_those_of_the_bots() -> None:
    assert tuple(BOTS) == command.NAMES


def test_all_that_is_wrong_is_told_at_once() -> None:
    result = retainsim("--calls", "0", "--seed", "-1", "--scenario", "no_ned")

    assert result.exit_code == 2
    for told in ("calls", "seed", "Did you mean 'no_need'"):
        assert told in result.stderr
