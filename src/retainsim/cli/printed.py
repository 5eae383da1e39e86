"""What commands print: a record for programs, or a page for people, Hebrew as the terminal wants it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click


def print_record(record: Any) -> None:  # noqa: ANN401 # whatever JSON can hold
    """As JSON."""
    import orjson  # noqa: PLC0415 # not for help

    click.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), nl=False)


def print_page(page: Any, *, values: Iterable[str] = (), from_right: bool = False) -> None:  # noqa: ANN401 # what rich can render
    """
    For people.

    Args:
        page: What rich can render.
        values: Texts that may run from right to left, in lines that run from left to right.
        from_right: Whether whole lines run from right to left.
    """
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    from retainsdk.cli.bidi import for_terminal  # noqa: PLC0415 # as above
    from retainsim.cli.direction import right_to_left  # noqa: PLC0415 # as above

    console = Console(highlight=False)
    with console.capture() as rendered:
        console.print(page)
    lines = [line.rstrip() for line in rendered.get().splitlines()]
    if from_right:
        click.echo("\n".join(map(right_to_left, lines)))
    else:
        click.echo(for_terminal("\n".join(lines), values))
