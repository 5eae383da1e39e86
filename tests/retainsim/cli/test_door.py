"""The door of the command line: what comes out of it, and how soon."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from retainsim.cli import main


def test_debug_shows_where_an_error_arose() -> None:
    done = CliRunner().invoke(main, ["compare", "none", "--market", "telekom", "--debug"])

    assert type(done.exception).__name__ == "InputError"


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
