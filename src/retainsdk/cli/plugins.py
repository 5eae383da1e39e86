"""
Plug-ins on the command line: named by ``--plugin``, they take part in the book, and may add commands.

Nobody is looked for unless he is named, by each call or by the user's own environment.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import attrs
import click

from retainsdk.cli.command import BAD_INPUT, Deed, Look, Row
from retainsdk.errors import CommandError, RetainError

if TYPE_CHECKING:
    from collections.abc import Collection

ENVIRONMENT = "RETAIN_PLUGINS"
INSTALLED: Literal["installed"] = "installed"


@attrs.frozen
class CommandLine:
    """
    Where a plug-in hands in its commands.

    Attributes:
        rows: Those handed in.
        about: What their groups are about, by the first word.
        taken: First words of commands that are there already.
    """

    rows: list[Row]
    about: dict[str, str]
    taken: Collection[str]

    def add_command(self, row: Row, *, about: str = "") -> None:
        """
        Add a command.

        Args:
            row: What it takes, which one call it is and what it prints. Its first word is one of its own.
            about: What the group of commands with this first word is about, for the first of a group.

        Raises:
            CommandError: When it is no row, or another command has these words or this first word.
        """
        if not isinstance(row, Deed | Look):
            raise CommandError(
                f"command {row!r}", "is no row", "Build a Deed or a Look of retainsdk.cli.command."
            )
        first, _, rest = row.words.partition(" ")
        clash = any(
            other.words == row.words
            or (other.words.partition(" ")[0] == first and not (rest and " " in other.words))
            for other in self.rows
        )
        if first in self.taken or clash:
            raise CommandError(
                f"command {row.words!r}", "is another one's already", "Choose words of your own."
            )
        self.rows.append(row)
        self.about.setdefault(first, about)


@attrs.frozen(kw_only=True)
class Chosen:
    """
    The plug-ins that the user named.

    Attributes:
        plugins: As a book takes them.
        rows: Commands they add.
        about: What groups of those are about.
    """

    plugins: Sequence[object] | Literal["installed"] = ()
    rows: Sequence[Row] = ()
    about: Mapping[str, str] = attrs.Factory(dict)


def load(texts: Sequence[str], taken: Collection[str]) -> Chosen:
    """
    The plug-ins of those names, with their commands.

    Args:
        texts: Each ``module``, or ``module:object``; of a class an instance is made. Or ``installed`` alone.
        taken: First words of the commands that are there already.

    Raises:
        RetainError: When one cannot be imported, fits no hook, or adds a command that cannot be.
    """
    if not texts:
        return Chosen()
    from retainsdk.hooks import Plugins, blamed  # noqa: PLC0415 # help must be quick

    if INSTALLED in texts and len(texts) > 1:
        raise CommandError("plug-in 'installed'", "stands alone", "Name it, or name each one.")
    plugins = INSTALLED if INSTALLED in texts else [_found(text) for text in texts]
    rows: list[Row] = []
    about: dict[str, str] = {}
    for plugin in Plugins(plugins).taking_part("register_commands"):
        with blamed(plugin.name, "register_commands", "Add rows with words of your own."):
            plugin.caller(cli=CommandLine(rows, about, taken))
    return Chosen(plugins=plugins, rows=rows, about=about)


def _found(text: str) -> object:
    name, _, path = text.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:  # a command that is installed does not look where it was called
        sys.path.insert(0, here)
    try:
        found: object = import_module(name)
        for part in filter(None, path.split(".")):
            found = getattr(found, part)
        return found() if isinstance(found, type) else found
    except Exception as error:  # whatever the module raises
        raise CommandError(
            f"plug-in {text!r}",
            f"cannot be taken: {type(error).__name__}: {error}",
            "Name it as module or module:object, from here or installed.",
        ) from error


def chosen(context: click.Context, texts: Sequence[str] = ()) -> Chosen:
    """
    Those that the user named, by the option or else in the environment; kept for all that the command does.

    A name that cannot be taken ends the program with a sentence.
    """
    if context.obj is None or texts:
        named = texts or os.environ.get(ENVIRONMENT, "").split()
        try:
            context.obj = load(named, context.command.own_commands)  # type: ignore[attr-defined] # the group of all
        except RetainError as error:
            click.echo(f"retainsdk: {error}", err=True)
            context.exit(BAD_INPUT)
    found: Chosen = context.obj
    return found
