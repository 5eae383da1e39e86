"""Checking a market on the command line."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import attrs
import jsonschema
import pytest
from click.testing import CliRunner

from retainsim.cli import main
from retainsim.market.checks import Band, no_need

whole = import_module("retainsim.market.checks.check")
SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "market-check.schema.json"
QUICK = ["--worlds", "3", "--customers", "80"]


def told(*arguments: str) -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, ["market", "check", *arguments], prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def test_what_does_not_fail_ends_with_0_and_says_where_pictures_are() -> None:
    code, output, error = told("telecom", *QUICK, "--only", "promises.notice")

    assert code == 0
    assert "promises.notice" in output
    assert "Add --out DIR for a page with pictures." in output
    assert error == ""


def test_a_fact_that_fails_ends_with_1_and_is_still_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(no_need, "OTHER_REASON", attrs.evolve(no_need.OTHER_REASON, band=Band(200.0, None)))
    impossible = attrs.evolve(no_need.THEME, facts=(no_need.OTHER_REASON,))
    monkeypatch.setattr(whole, "THEMES", (impossible,))

    code, output, _ = told("telecom", *QUICK, "--only", "no_need", "--json", "--out", str(tmp_path))

    record = json.loads(output)
    assert code == 1
    assert [fact["verdict"] for fact in record["facts"]] == ["fails"]
    assert record["failed"] == 1
    assert json.loads((tmp_path / "check.json").read_text(encoding="utf-8")) == record
    assert "no_need.other_reason" in (tmp_path / "check.html").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(record)


def test_all_that_is_wrong_is_said_at_once_with_code_2(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    code, output, error = told(
        "telecom",
        "--worlds",
        "1",
        "--only",
        "luck",
        "--threads",
        "0",
        "--out",
        str(tmp_path / "file" / "below"),
    )

    assert code == 2
    assert output == ""
    for named in ("worlds", "luck", "threads", "out"):
        assert named in error


def test_an_unknown_market_ends_with_2_and_the_names_there_are() -> None:
    code, _, error = told("telecon")

    assert code == 2
    assert "telecom" in error
