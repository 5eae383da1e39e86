"""
The command line: parse, call one function, print. Nothing is decided here.

Each theme is a module with a table of rows, see `retainsdk.cli.command`; none is loaded before one of its commands is
asked for, and no command loads the book before it needs it, so that help is there at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from retainsdk.cli.command import (
    BAD_INPUT,
    BOOK,
    HOURS,
    HOW,
    JSON,
    ROW,
    ZONE,
    Commands,
    Row,
    commands,
    first_line,
)
from retainsdk.cli.telling import told
from retainsdk.errors import MissingExtraError, RetainError

INTERRUPTED = 130
OUR_FAULT = 1
"""Exit code for an error that nobody foresaw."""

_THEMES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Books": ("books", ("init", "import", "example", "schema", "lifecycle")),
    "Customers and relationships": ("customers", ("customer", "relationship")),
    "What is there to see and to do": ("looking", ("card", "timeline", "agenda", "assess")),
    "What the whole book says": ("reports", ("report",)),
    "What happened": ("records", ("touch", "record", "signal", "survey", "feedback", "correct", "undo", "steps")),
    "What was promised": (
        "promises",
        ("promise", "keep", "notice", "break", "deliver", "explain", "compensate", "refuse", "remedy", "release", "retract", "tick"),
    ),
    "What was agreed": ("contracts", ("contract",)),
    "What was offered": ("offers", ("offer", "offering", "competitor")),
    "What is to be settled": ("cases", ("case",)),
    "How it ends and begins again": ("endings", ("exit", "winback")),
    "The firm": ("firm", ("staff", "programme", "campaign", "duties", "policy", "experiment")),
}  # fmt: skip
"""Headings of the help, and under each a module and the commands in it."""

_ABOUT: Mapping[str, str] = {
    "customer": "Who our customers are: how to reach them, what they allow, whom they belong to.",
    "relationship": "Who has a relationship, how it was founded, what it could become.",
    "assess": "What the book says of one customer.",
    "report": "Look back on the whole book: what it cost, what it brought, who leaves, and why.",
    "record": "What a customer used, bought, ordered and paid.",
    "signal": "Early signs of trouble, and friendly ones.",
    "survey": "What customers are asked, and what they answer.",
    "feedback": "What customers say should be better, and what it changed.",
    "contract": "What was agreed: from the draft to every kind of end.\n\nThose after the signature are about the contract in force, or last in force.",
    "offer": "What we offer customers, and what they say to it.",
    "offering": "The catalogue of packages.",
    "competitor": "What competitors ask.",
    "case": "What is to be settled: requests, complaints, incidents, disputes, bad news, threats to leave.",
    "exit": "How a relationship ends, well or badly.",
    "winback": "How a leaver is won back.",
    "staff": "Our people: their hours, absences and authority.",
    "programme": "Members' programmes.",
    "campaign": "Campaigns.",
    "duties": "What a firm owes by its rules.",
    "policy": "What policies propose, and what people decide on it.",
    "experiment": "Experiments on customers of the book.",
}
"""What the groups of commands are about."""

_MODULES = {name: module for module, names in _THEMES.values() for name in names}


class Door(Commands):
    """Commands that are loaded when asked for, and whose user sees a sentence where a program would see an exception."""

    own_commands = frozenset(_MODULES)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """By their themes, those of plug-ins last."""
        return [*_MODULES, *_of_plugins(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, from the module of its theme or from a plug-in."""
        module = _MODULES.get(cmd_name)
        if module is None:
            return _of_plugins(ctx).get(cmd_name)
        return commands(import_module(f"retainsdk.cli.{module}").ROWS, _ABOUT)[cmd_name]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it; of what belongs to a command and stands before it, say so."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name in {part.spelled for part in (BOOK, *HOW, HOURS, JSON)}:
                where = f"{error.option_name} goes after the command, like: retainsdk agenda --book crm.db"
                raise click.UsageError(where, ctx) from None
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them under their themes."""
        others = list(_of_plugins(ctx))
        width = max(map(len, [*_MODULES, *others]))
        themes = {heading: names for heading, (_, names) in _THEMES.items()}
        if others:
            themes["What plug-ins add"] = tuple(others)
        for heading, names in themes.items():
            with formatter.section(heading):
                listed = [(name, self.get_command(ctx, name)) for name in names]
                formatter.write_dl(
                    [
                        (f"{name:<{width}}", _listed(command))
                        for name, command in listed
                        if command is not None
                    ]
                )

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 # as click declares it
        """Run the command; bad input ends with code 2, Ctrl-C with 130, what nobody foresaw with 1."""
        from retainsdk.cli.bidi import chosen_way, for_terminal  # noqa: PLC0415 # help must be quick

        try:
            chosen_way()
        except RetainError as error:  # before anything is recorded, and told without it
            click.echo(f"retainsdk: {error}", err=True)
            ctx.exit(BAD_INPUT)
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("Interrupted; what was not recorded is not in the book.", err=True)
            ctx.exit(INTERRUPTED)
        except (RetainError, OSError, ModuleNotFoundError) as error:
            if ctx.params.get("debug"):
                raise
            click.echo(for_terminal(f"retainsdk: {_told(error, ctx)}", in_columns=False), err=True)
            ctx.exit(BAD_INPUT)
        except Exception as error:  # whatever it is, users see no stack trace
            if ctx.params.get("debug"):
                raise
            if isinstance(error, OverflowError):
                click.echo(
                    f"retainsdk: a day or a number is out of range ({error}). Give one nearer to today.",
                    err=True,
                )
                ctx.exit(BAD_INPUT)
            said = f"{type(error).__name__}: {error}"
            click.echo(
                f"retainsdk: a fault of the program ({said}). Repeat it with --debug, and report what it shows.",
                err=True,
            )
            ctx.exit(OUR_FAULT)


def _of_plugins(context: click.Context) -> dict[str, click.Command]:
    from retainsdk.cli.plugins import chosen  # noqa: PLC0415 # it looks at the rows of commands

    found = chosen(context)
    return commands(found.rows, found.about)


def _named(context: click.Context, _: click.Parameter, texts: tuple[str, ...]) -> None:
    from retainsdk.cli.plugins import chosen  # noqa: PLC0415 # as above

    chosen(context, texts)


def _listed(command: click.Command) -> str:
    if isinstance(command, click.Group):
        return ", ".join(command.list_commands(click.Context(command)))
    return first_line(command)


def _told(error: Exception, ctx: click.Context) -> str:
    if isinstance(error, ModuleNotFoundError):
        if error.name != "numpy":
            raise error
        return str(MissingExtraError("policy", "numpy"))
    row: Row | None = ctx.meta.get(ROW)
    return told(error, () if row is None else (*row.parts, *row.common), ctx.meta.get(ZONE))


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="retainsdk")
@click.option(
    "--plugin",
    metavar="MODULE:OBJECT",
    multiple=True,
    is_eager=True,
    expose_value=False,
    callback=_named,
    help="Let a plug-in take part; may be repeated, and 'installed' is all that are installed. [env: RETAIN_PLUGINS]",
)
@click.option("--debug", is_flag=True, help="Show where in the program an error came from.")
def main(*, debug: bool) -> None:  # read by the group above
    """Keep a book of customers: contracts, promises, and all that happened."""


def every_row() -> list[Row]:
    """The rows of all themes, and of the plug-ins named for the command that runs."""
    own = [row for module, _ in _THEMES.values() for row in import_module(f"retainsdk.cli.{module}").ROWS]
    context = click.get_current_context(silent=True)
    return own if context is None or context.obj is None else [*own, *context.obj.rows]
