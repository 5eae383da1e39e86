"""The reference pages that are made from tables in the code; ``make accept`` renews them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from golden import Golden
from lifecycles import machines

from retainsdk.cli import main as sdk
from retainsdk.policy import ACTIONS, Action, ActionKind, Channel, MoveKind
from retainsdk.view import COLUMNS, CONTACT_MEMORY, Column
from retainsim.cli import main as simulator

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "docs" / "reference"


def public() -> Iterator[tuple[str, list[str]]]:
    """Every module with an ``__all__``, and the names in it."""
    for file in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
                parts = file.relative_to(ROOT / "src").with_suffix("").parts
                yield ".".join(part for part in parts if part != "__init__"), ast.literal_eval(node.value)


PUBLIC = dict(public())


def test_the_page_on_the_view_shows_the_table_of_columns(golden: Golden) -> None:
    golden(REFERENCE / "view.md", _view_page())


def test_the_page_on_actions_shows_the_vocabulary(golden: Golden) -> None:
    golden(REFERENCE / "actions.md", _actions_page())


def test_the_page_on_the_command_line_shows_the_help_of_every_command(golden: Golden) -> None:
    golden(REFERENCE / "command-line.md", _command_line_page())


def test_the_page_on_lifecycles_draws_every_table(golden: Golden) -> None:
    golden(REFERENCE / "lifecycles.md", _lifecycles_page())


def test_the_page_on_public_names_shows_what_modules_declare(golden: Golden) -> None:
    golden(REFERENCE / "public.md", _public_page())


@pytest.mark.parametrize("module", PUBLIC)
def test_every_public_name_can_be_imported(module: str) -> None:
    names = PUBLIC[module]

    assert [name for name in names if not hasattr(import_module(module), name)] == []
    assert len(names) == len(set(names))


def _command_line_page() -> str:
    shown = [
        f"## {words}\n\n```text\n{help_}\n```\n"
        for name, group in (("retainsdk", sdk), ("retainsim", simulator))
        for words, help_ in _helps(name, group, None)
    ]
    return "\n".join(
        [
            "# The command line",
            "",
            "Made from `--help` of both programs.",
            (
                "Exit code 0 is success, 2 is input that cannot be used, with a message that says what to do; "
                "130 is Ctrl-C, 1 an error that nobody foresaw (`retainsdk --debug` shows where); `retainsim market check` and `retainsim scenario check` also end with 1 when something they check fails."
            ),
            "What `retainsdk` prints with `--json` has the forms of [this schema](cli.schema.json); [how to keep a book with it](../how-to/keep-a-book-from-the-terminal.md) is shown there.",
            "`RETAIN_BOOK`, `RETAIN_ACTOR` and `RETAIN_HOURS` say `--book`, `--actor` and `--hours` for all lines; `RETAIN_BIDI` says how text from right to left is shown: `isolates`, `visual` or `plain`.",
            "",
            *shown,
        ]
    )


def _helps(name: str, command: click.Command, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    context = click.Context(
        command,
        info_name=name,
        parent=parent,
        terminal_width=100,
        max_content_width=100,
        **command.context_settings,
    )
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            found = command.get_command(context, part)
            assert found is not None
            yield from _helps(part, found, context)


def _public_page() -> str:
    return "\n".join(
        [
            "# What is public",
            "",
            "Made from `__all__` of the modules below.",
            "What is to change there is deprecated first, for two minor releases; everything else is ours to change.",
            "Public besides: [the command line](command-line.md), [the columns of a view](view.md), [the vocabulary of actions](actions.md),",
            "[the form of a mapping](mapping.md), [the JSON of a comparison](compare.schema.json), [of a market check](market-check.schema.json), [of a check of the odds](scenario-check.schema.json) and [of a calibration](calibration.schema.json), [the bodies of events](events.schema.json), and the file of a book.",
            "",
            *_table(
                ("import from", "names"),
                ((f"`{module}`", _words(f"`{name}`" for name in names)) for module, names in PUBLIC.items()),
            ),
            "",
        ]
    )


def _lifecycles_page() -> str:
    return "\n".join(
        [
            "# Lifecycles",
            "",
            "Made from the tables in `src/retainsdk/`: which event leads from which state to which.",
            "What a table does not hold is refused, with the events that are possible; a state that nothing leads out of is final.",
            "`retainsdk lifecycle` prints the same diagrams.",
            "",
            *(
                line
                for machine in machines()
                for line in (
                    f"## {machine.name[0].upper()}{machine.name[1:]}", "",
                    "```mermaid", machine.mermaid(), "```", "",
                    *_table(
                        ("state", "events and where they lead"),
                        (
                            (_plain(state), ", ".join(f"{_plain(event)} → {_plain(target)}" for event, target in row.items()) or "final")
                            for state, row in machine.table.items()
                        ),
                    ),
                    "",
                )
            ),
        ]
    )  # fmt: skip


def _view_page() -> str:
    codes = {column.codes for column in COLUMNS if column.codes is not None}
    return "\n".join(
        [
            "# The view",
            "",
            "Made from `COLUMNS` in `src/retainsdk/view.py`.",
            "One row a relationship, ordered by id; money in minor units of one currency.",
            "A column that may be unknown has a mask, `view.known(name)`; where it is false the cell is zero and means nothing.",
            f"What counts as *recent* keeps {CONTACT_MEMORY:.0%} of its weight from one calendar month to the next.",
            "",
            f"## Columns ({len(COLUMNS)})",
            "",
            *_table(
                ("name", "type", "unit", "meaning", "may be unknown", "from the events", "concepts"),
                (_column_row(column) for column in COLUMNS),
            ),
            "",
            "## Codes",
            "",
            *_table(
                ("enumeration", "codes"),
                (
                    (f"`{code.__name__}`", ", ".join(f"{int(member)} {_plain(member.name)}" for member in code))
                    for code in sorted(codes, key=lambda code: code.__name__)
                ),
            ),
            "",
        ]
    )  # fmt: skip


def _column_row(column: Column) -> tuple[str, ...]:
    unit = f"`{column.codes.__name__}`" if column.codes else column.unit
    unknown = "yes" if column.optional else "–"
    return (
        f"`{column.name}`", f"`{column.dtype}`", unit, column.meaning, unknown, _words(column.sources),
        _words(column.concepts),
    )  # fmt: skip


def _actions_page() -> str:
    return "\n".join(
        [
            "# Actions",
            "",
            "Made from `ACTIONS` in `src/retainsdk/action.py`: what a policy can ask for, and what it means in every place.",
            "“–” is a filled cell: the action has no meaning there. The market has a rule for each.",
            "",
            *_table(
                ("kind", "sort", "slots", "minutes", "consent to", "in a book (events)", "in the market (rule)", "in a call (moves)"),
                (_action_row(action) for action in ACTIONS),
            ),
            "",
            f"Channels: {', '.join(_plain(channel.name) for channel in Channel)}.",
            "",
            "## Moves",
            "",
            "What `respond` can answer at one turn of a conversation: "
            + ", ".join(_plain(move.name) for move in MoveKind)
            + ".",
            "",
        ]
    )  # fmt: skip


def _action_row(action: Action) -> tuple[str, ...]:
    return (
        f"`{action.kind.name}`", _sort(action), _words(action.slots),
        str(action.minutes), _plain(action.consent or "–"), _words(action.events), action.rule or "none yet",
        ", ".join(_plain(move.name) for move in action.moves) or "–",
    )  # fmt: skip


def _sort(action: Action) -> str:
    if action.kind is ActionKind.NOTHING:
        return "–"
    return "response" if action.responsive else "prevention"


def _words(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"


def _plain(name: str) -> str:
    return name.lower().replace("_", " ")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]
