"""What commands print: a record for programs, or a page for people, Hebrew as the terminal wants it."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

import click

if TYPE_CHECKING:
    from retainsim.exports.blocks import Block


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


def print_blocks(blocks: Iterable[Block], *, from_right: bool) -> None:
    """
    For people: headings, tables and lines.

    Args:
        blocks: What is told.
        from_right: Whether it is read from right to left; then the first column stands at the right.
    """
    from rich import box  # noqa: PLC0415 # as above
    from rich.console import Console  # noqa: PLC0415 # as above
    from rich.table import Table  # noqa: PLC0415 # as above
    from rich.text import Text  # noqa: PLC0415 # as above

    from retainsim.cli.direction import left_to_right, right_to_left  # noqa: PLC0415 # as above

    console = Console(highlight=False, soft_wrap=True)
    side: Literal["right"] | None = "right" if from_right else None

    def shown(text: str, width: int) -> str:
        """Broken here, for a line that the terminal breaks would lose its direction."""
        if not from_right:
            return left_to_right(text)
        return "\n".join(map(right_to_left, wrap(text, width)))

    for block in blocks:
        if block.heading:
            console.print()
            console.print(Text(shown(block.heading, console.width), style="bold"), justify=side)
        if block.rows:
            table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
            cell = max(console.width // max(len(block.rows[0]), _WIDEST), _NARROWEST)
            headings, *rows = (tuple(reversed(row)) if from_right else row for row in block.rows)
            for heading in headings:
                table.add_column(shown(heading, cell), justify=side or "left")
            for row in rows:
                table.add_row(*(Text(shown(it, cell)) for it in row))
            console.print(table, justify=side)
        for line in block.lines:
            console.print(Text(shown(line, console.width)), justify=side)


_WIDEST, _NARROWEST = 3, 10
"""A cell takes a third of the page at most, and has room for a word at least."""
