"""The door of the command line: what comes out of it, and how soon."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

from retainsim.cli import main

kept = import_module("retainsim.market.kept")


def test_debug_shows_where_an_error_arose() -> None:
    done = CliRunner().invoke(main, ["compare", "none", "--market", "telekom", "--debug"])

    assert type(done.exception).__name__ == "InputError"


def test_who_stops_reading_hears_nothing(tmp_path: Path) -> None:
    (tmp_path / "told.py").write_text(
        "from retainsim.cli import main\nmain(['market', 'show', 'telecom'])", encoding="utf-8"
    )
    shell = f"{sys.executable} {tmp_path / 'told.py'} | head -1"

    done = subprocess.run(["sh", "-c", shell], check=False, capture_output=True, text=True)

    assert done.stdout == "telecom@1: Telecom, four competing firms\n"
    assert done.stderr == ""


def test_too_little_memory_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(kept, "run_market", full)

    done = CliRunner().invoke(main, ["market", "run", "telecom", "--customers", "10"])

    assert done.exit_code == 2
    assert done.stderr == (
        "There is not enough memory for this. Ask for fewer customers, or spread them over machines.\n"
    )


@pytest.mark.parametrize("words", [[], ["compare"], ["market"], ["market", "show"]])
def test_help_needs_nothing_heavy(words: list[str]) -> None:
    code = (
        f"import sys\nfrom retainsim.cli import main\ntry:\n    main([*{words}, '--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'numba', 'altair', 'rich', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "--help" in done.stdout
