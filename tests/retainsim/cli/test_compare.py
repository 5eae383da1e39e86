"""The command line as its user meets it: real processes, exit codes, files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner

from retainsdk import policies
from retainsim.cli import main
from retainsim.cli.long_runs import interruptible

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "compare.schema.json"
SMALL = ["--customers", "40", "--months", "3", "--worlds", "2"]


def told(*arguments: str) -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, arguments, terminal_width=100, prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def test_compare_prints_a_table_and_says_where_the_report_is(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"

    code, output, _ = told("compare", "bear_hug", "none", *SMALL, "--out", str(out))

    assert code == 0
    assert "identical" in output
    assert f"The report is in {out / 'report.html'}" in output.replace("\n", "")
    assert sorted(file.name for file in out.iterdir()) == ["comparison.json", "manifest.json", "report.html"]
    jsonschema.validate(json.loads((out / "comparison.json").read_text()), json.loads(SCHEMA.read_text()))


def test_json_stands_alone_on_the_output() -> None:
    code, output, error = told("compare", "none", *SMALL, "--json")

    assert code == 0
    assert error == ""
    jsonschema.validate(json.loads(output), json.loads(SCHEMA.read_text()))


def test_all_faults_of_a_command_come_at_once() -> None:
    code, output, error = told(
        "compare", "bare_hug", "--control", "nonne", "--worlds", "0", "--customers", "-4"
    )

    assert code == 2
    assert output == ""
    assert "4 faults" in error
    assert "Did you mean 'bear_hug'?" in error
    assert "worlds: '0' must lie between 1" in error
    assert "Traceback" not in error


def test_an_unknown_market_gets_the_closest_name() -> None:
    code, _, error = told("compare", "none", "--market", "telekom", *SMALL)

    assert code == 2
    assert "Did you mean 'telecom'?" in error


def test_a_folder_that_cannot_be_made_is_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    code, _, error = told("compare", "none", "--out", str(tmp_path / "file" / "out"))

    assert code == 2
    assert "cannot be written to" in error


def interrupted(out: Path, workers: int) -> tuple[int, str]:
    """A long comparison that gets Ctrl-C once it is at work; exit code and error output."""
    arguments = ["compare", "bear_hug", "--worlds", "500", "--customers", "3000", "--workers", str(workers)]
    program = "from retainsim.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments, "--out", str(out)],
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not out.is_dir() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=60)
    return process.returncode, error


def test_ctrl_c_ends_in_one_line_and_leaves_no_half_written_file(tmp_path: Path) -> None:
    for workers in (1, 2):
        out = tmp_path / str(workers)

        code, error = interrupted(out, workers)

        assert code == 130
        assert error == "Interrupted; no file was left half-written.\n"
        assert list(out.iterdir()) == []


def test_an_interrupt_ends_the_work_after_the_present_world_and_a_second_one_at_once() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as stop_if_interrupted:
        stop_if_interrupted()
        os.kill(os.getpid(), signal.SIGINT)

        with pytest.raises(KeyboardInterrupt):
            stop_if_interrupted()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


DEMO = ["--customers", "150", "--months", "3", "--worlds", "1", "--workers", "1"]


ON_ONE_WORKER = pytest.mark.xdist_group("the demo")


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a demo and what it said."""
    out = tmp_path_factory.mktemp("demo") / "out"
    code, output, error = told("demo", "--out", str(out), *DEMO)

    assert code == 0, error
    return out, output


@ON_ONE_WORKER
def test_the_demo_goes_from_the_table_to_the_page(demonstrated: tuple[Path, str]) -> None:
    out, output = demonstrated

    for figure in ("7,043 customers", "1,869", "456,116.60", "139,130.85", "11: nothing billed yet"):
        assert figure in output
    result = json.loads((out / "comparison.json").read_text())
    assert [arm["policy"] for arm in result["arms"]] == list(policies.names())
    assert result["manifest"]["configuration"]["source"] == "customers of the telco table on 2025-12-31"
    assert "How the customers' table was read" in (out / "report.html").read_text()


@ON_ONE_WORKER
def test_the_demo_is_repeatable_in_the_same_folder(demonstrated: tuple[Path, str]) -> None:
    out, _ = demonstrated
    first = (out / "comparison.json").read_bytes()

    code, output, _ = told("demo", "--out", str(out), *DEMO)

    assert code == 0
    assert "there already        7,043" in output
    assert (out / "comparison.json").read_bytes() == first


@ON_ONE_WORKER
def test_customers_are_drawn_from_a_book_on_a_day(demonstrated: tuple[Path, str]) -> None:
    book = str(demonstrated[0] / "telco.db")

    code, output, _ = told("compare", "none", *SMALL, "--book", book, "--as-of", "2025-12-31", "--json")

    assert code == 0
    assert json.loads(output)["manifest"]["configuration"]["source"] == "customers of telco.db on 2025-12-31"


def test_a_book_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    code, _, error = told("compare", "none", *SMALL, "--book", str(tmp_path / "absent.db"))

    assert code == 2
    assert "is no file" in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["compare", "demo"])
def test_help_reads_as_it_was_reviewed(command: str, golden: Callable[[str, str], None]) -> None:
    _, output, _ = told(command, "--help")

    golden(f"retainsim-{command}-help.txt", output)


def test_figures_and_days_that_mean_nothing_are_refused() -> None:
    code, _, error = told("compare", "none", *SMALL, "--money", "nan", "--as-of", "2026-01-01")

    assert code == 2
    assert "money: 'nan' is no amount" in error
    assert "as-of: '2026-01-01' is a day of a book" in error


def test_an_empty_book_is_not_made_a_book_by_comparing(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()

    code, _, error = told("compare", "none", *SMALL, "--book", str(tmp_path / "empty.db"))

    assert code == 2
    assert "is an empty file" in error
    assert (tmp_path / "empty.db").stat().st_size == 0


def test_a_folder_that_takes_no_file_is_told_before_anything_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", denied)

    code, _, error = told("compare", "none", *SMALL, "--worlds", "0", "--out", str(tmp_path))

    assert code == 2
    assert f"out: '{tmp_path}' cannot be written to: Permission denied" in error
    assert "worlds: '0'" in error
