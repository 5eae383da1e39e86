"""Calibrating on the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from retainsdk.testing.builders import a_book, a_relationship, some_terms
from retainsim.calibration import generated, generated_table
from retainsim.cli import main
from retainsim.market import load_preset

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "calibration.schema.json"
SMALL = [
    "--parameters", "trigger,commitment_one_year", "--range", "trigger=0.05:0.3", "--worlds", "2", "--customers", "200",
    "--check-worlds", "2", "--months", "6",
]  # fmt: skip


def told(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(
        main, ["market", "calibrate", *arguments], terminal_width=100, prog_name="retainsim"
    )
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A table of entry and leaving with its mapping, as arguments."""
    folder = tmp_path_factory.mktemp("table")
    world = generated(load_preset("telecom"), {"trigger": 0.2}, customers=300, months=6, seed=4)
    rows, mapping = generated_table(world, currency="USD")
    (folder / "customers.csv").write_text(rows, encoding="utf-8")
    (folder / "customers.toml").write_text(mapping, encoding="utf-8")
    return [str(folder / "customers.csv"), "--mapping", str(folder / "customers.toml")]


def test_a_table_makes_tables_a_page_a_schema_and_a_market(table: list[str], tmp_path: Path) -> None:
    out = tmp_path / "out"

    code, output, error = told(*table, *SMALL, "--out", str(out))

    assert code == 0, error
    assert "commitment_one_year" in output
    assert sorted(file.name for file in out.iterdir()) == [
        "calibration.html", "calibration.json", "evaluations.jsonl", "fitted.toml",
    ]  # fmt: skip
    jsonschema.validate(json.loads((out / "calibration.json").read_bytes()), json.loads(SCHEMA.read_text()))
    shown = CliRunner().invoke(main, ["market", "show", str(out / "fitted.toml")])
    assert "telecom_fitted@1" in shown.stdout

    before = {file.name: file.read_bytes() for file in out.iterdir()}

    code, output, error = told(*table, *SMALL, "--out", str(out), "--resume", "--json")

    assert (code, error) == (0, "")
    assert output.encode() == before["calibration.json"]
    assert (out / "evaluations.jsonl").read_bytes() == before["evaluations.jsonl"]
    jsonschema.validate(json.loads(output), json.loads(SCHEMA.read_text()))


def test_a_book_is_read_up_to_the_day_given(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    with a_book(path=path) as book:
        for number in range(3):
            a_relationship(
                book, name=f"n{number}", terms=some_terms(), since=datetime(2026, 1, 1, 9, tzinfo=UTC)
            )

    code, output, error = told("--book", str(path), "--as-of", "2026-06-01", "--months", "3")

    assert (code, output) == (2, "")
    assert "3 customers on 2026-03-01, 0 of whom left" in error


def test_all_faults_of_a_command_come_at_once(tmp_path: Path) -> None:
    code, output, error = told(
        "--resume", "--range", "trigger", "--range", "bond=a:b", "--range", "bond=0:1:2"
    )

    assert (code, output) == (2, "")
    assert "5 faults" in error
    assert "FILE or --book: 'nothing' is needed" in error or "FILE or --book: is needed" in error
    assert "needs the folder of the run" in error
    assert error.count("must be like trigger=0.05:0.3") == 3

    code, _, error = told(str(tmp_path / "a.csv"), "--book", str(tmp_path / "b.db"), "--mapping", "c.toml")

    assert code == 2
    assert "5 faults" in error


def test_a_table_or_book_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.db").write_bytes(b"")

    for arguments, text in (
        ([str(tmp_path / "no.csv")], "is no file"),
        (["--book", str(tmp_path / "no.db")], "is no file"),
        (["--book", str(tmp_path / "empty.db")], "is an empty file"),
        ([str(tmp_path / "no.csv"), "--preset", "telekom"], "Did you mean 'telecom'?"),
    ):
        code, output, error = told(*arguments)
        assert (code, output) == (2, "")
        assert text in error
        assert "Traceback" not in error
