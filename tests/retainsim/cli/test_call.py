"""A call on the command line."""

from __future__ import annotations

from click.testing import CliRunner

from retainsim.cli import main


def test_a_call_whose_input_ends_is_interrupted_in_one_line() -> None:
    done = CliRunner().invoke(main, ["call"])

    assert done.exit_code == 130
    assert done.stderr.strip() == "The call was broken off before its end."
