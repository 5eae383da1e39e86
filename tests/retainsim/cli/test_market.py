"""Markets on the command line."""

from __future__ import annotations

import json

from click.testing import CliRunner

from retainsim.cli import main
from retainsim.market import load_preset, preset_names


def told(*arguments: str) -> tuple[int, str, str]:
    """Exit code and what stands on output and error."""
    done = CliRunner().invoke(main, ["market", *arguments], prog_name="retainsim")
    return done.exit_code, done.stdout, done.stderr


def test_presets_are_listed_for_programs_under_their_names() -> None:
    code, output, _ = told("presets", "--json")

    assert code == 0
    assert [it["name"] for it in json.loads(output)] == preset_names()


def test_a_preset_is_shown_with_every_parameter() -> None:
    code, output, _ = told("show", "telecom", "--json")

    assert code == 0
    assert {it["name"] for it in json.loads(output)["parameters"]} == load_preset("telecom").parameters.keys()
