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
    shown = right_to_left if from_right else left_to_right
    side: Literal["right", "left"] = "right" if from_right else "left"
    for block in blocks:
        if block.heading:
            console.print()
            console.print(Text(shown(block.heading), style="bold"), justify=side)
        if block.rows:
            table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
            headings, *rows = (tuple(reversed(row)) if from_right else row for row in block.rows)
            for heading in headings:
                table.add_column(shown(heading), justify=side)
            for row in rows:
                table.add_row(*(Text(shown(cell)) for cell in row))
            console.print(table, justify=side)
        for paragraph in block.lines:
            for line in wrap(
                paragraph, console.width
            ):  # a line that the terminal breaks would lose its direction
                console.print(Text(shown(line)), justify=side)
