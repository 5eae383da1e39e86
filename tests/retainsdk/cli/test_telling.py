from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner

import retainsdk
from retainsdk.cli import every_row, main
from retainsdk.cli.telling import STEPS, told
from retainsdk.cli.words import Word, opt
from retainsdk.errors import CommandError, Fault, InputError, TransitionError
from retainsdk.lifecycle import Machine

HOME = Path(retainsdk.__file__).parent
LIVES = (
    "relationship",
    "contract",
    "case.case",
    "case.dispute",
    "record.record",
    "record.order",
    "commitment",
    "account.proposal",
)
FOR_PROGRAMS_ONLY = {
    "testing",
    "policies",
    "experiment",
    "store",
    "policy.py",
    "view.py",
    "hooks.py",
    "book.py",
    "worktime.py",
}
"""What no command of the command line reaches with words of people: plug-ins, policies, embedding."""
REFUSALS = {"CommandError", "Fault", "Refused", "TermError", "ZoneError"}


def test_an_argument_is_told_as_the_option_of_the_command_that_was_given() -> None:
    error = CommandError("the end", "misses thanks", "Say in `although` why, and leave out `occurred_at`.")
    parts = [opt("although", Word(), "Why."), opt("occurred_at", Word(), "When.", option="--at")]

    assert told(error, parts) == "the end: misses thanks. Say in --although why, and leave out --at."
    assert "`although`" in str(error)  # as programs say it


def test_a_fault_stands_where_it_was_typed() -> None:
    error = InputError("what is to be recorded", [Fault("due_on", "x", "is wrong", "Say `least_tenure`.")])

    assert "  --due-on: 'x' is wrong. Say least tenure." in told(error, [opt("due_on", Word(), "When.")])


def test_a_step_that_cannot_be_is_answered_with_the_commands_that_can() -> None:
    error = TransitionError("dispute", "raised", "mediate", ("revisit_contract", "settle"))

    assert told(error) == (
        "A dispute that is raised cannot mediate. "
        "Possible: revisit contract (case step contract-revisited), settle (case step settled)."
    )


@pytest.mark.parametrize("life", LIVES)
def test_every_step_of_every_lifecycle_has_its_command(life: str) -> None:
    module = import_module(f"retainsdk.{life}")
    machines = [it for it in vars(module).values() if isinstance(it, Machine)]
    typed = {row.words for row in every_row()}

    assert machines
    for machine in machines:
        assert set(STEPS[machine.name]) == {event for row in machine.table.values() for event in row}
        for words in STEPS[machine.name].values():
            assert any(words == each or words.startswith(f"{each} ") for each in typed), words


def _refusals() -> list[tuple[str, str]]:
    found = []
    for path in sorted(HOME.rglob("*.py")):
        if FOR_PROGRAMS_ONLY & set(path.relative_to(HOME).parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS:
                texts = [
                    it.value
                    for it in ast.walk(node)
                    if isinstance(it, ast.Constant)
                    and isinstance(it.value, str)
                    and not it.value.isidentifier()
                ]
                found.append((f"{path.relative_to(HOME)}:{node.lineno}", " | ".join(texts)))
    return found


def test_no_refusal_speaks_python_to_people() -> None:
    python = re.compile(r"[a-z]\(\)|[a-z_]=…|[a-z_]='…|aware datetime|\bNone\b|\bTrue\b|\bFalse\b|__name__")
    unmarked = re.compile(r"(?<![`'.{])\b(occurred_at|remedy_due|opens_at|how_done)\b(?!`)")

    spoken = [(where, text) for where, text in _refusals() if python.search(text) or unmarked.search(text)]

    assert len(_refusals()) > 150
    assert spoken == []


def test_the_command_line_says_although_as_it_is_typed(tmp_path: Path) -> None:
    env = {"RETAIN_BOOK": str(tmp_path / "crm.db"), "RETAIN_ACTOR": "dana"}
    run = CliRunner()
    for line in (
        ["init", env["RETAIN_BOOK"]],
        ["customer", "add", "נועה", "--stage", "active"],
        ["exit", "begin", "נועה"],
    ):
        assert run.invoke(main, line, env=env).exit_code == 0

    refused = run.invoke(main, ["exit", "complete", "נועה"], env=env)

    assert refused.exit_code == 2
    assert "say in --although why" in refused.output
    assert "although=" not in refused.output
