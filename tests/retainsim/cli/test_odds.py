"""The table of odds on the command line."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from retainsim.cli import main

odds = import_module("retainsim.training.odds")
SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "scenario-check.schema.json"
QUICK = ["--plays", "4", "--customers", "2000", "--quiet"]


def told(*arguments: str) -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, ["scenario", "check", *arguments], prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def test_the_json_follows_its_schema_and_the_code_says_whether_anything_fails() -> None:
    code, output, error = told(*QUICK, "--json")

    record = json.loads(output)
    assert error == ""
    assert code == (1 if record["failed"] else 0)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(record)


def test_a_cell_out_of_its_band_ends_with_1_and_the_table_is_still_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(odds, "WANTED", dict.fromkeys(odds.WANTED, (0.99,) * 6))

    code, output, _ = told(*QUICK)

    assert code == 1
    assert "a competitor is cheaper" in output
    assert "fail." in output


def test_the_same_seed_prints_the_same_and_another_another() -> None:
    first, again, other = (told(*QUICK, "--json", "--seed", seed)[1] for seed in ("4", "4", "5"))

    assert first == again != other


def test_all_that_is_wrong_is_said_at_once_with_code_2() -> None:
    code, output, error = told("--preset", "telecon", "--plays", "0", "--customers", "1", "--seed", "-1")

    assert (code, output) == (2, "")
    for named in ("telecom", "plays", "customers", "seed"):
        assert named in error


def test_a_market_without_notice_is_refused_in_a_sentence() -> None:
    code, output, error = told("--preset", "pet_shop", *QUICK)

    assert (code, output) == (2, "")
    assert "Only 0 customers threatened" in error
