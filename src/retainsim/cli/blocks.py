"""What is told in blocks, at a terminal: read from the left or from the right."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap
from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from retainsim.cli.direction import left_to_right, right_to_left
from retainsim.exports.blocks import Block

WIDEST, WIDE = 30, 20
"""Letters of a cell that is read from right to left, in the first column and in the others, before it is broken."""


class Printer:
    """
    Prints blocks.

    Args:
        from_right: Whether they are read from right to left; then the first column stands at the right.
    """

    def __init__(self, *, from_right: bool) -> None:
        self.from_right, self.console = from_right, Console(highlight=False, soft_wrap=True)
        self.side: Literal["right"] | None = "right" if from_right else None

    def print(self, blocks: Iterable[Block]) -> None:
        """One below the other."""
        for block in blocks:
            if block.heading:
                self.console.print()
                self._lines(block.heading, style="bold")
            if block.rows:
                self.console.print(self._table(block.rows), justify=self.side)
            for line in block.lines:
                self._lines(line)

    def _lines(self, text: str, *, style: str = "") -> None:
        for line in self._shown(text, self.console.width):
            self.console.print(Text(line, style=style), justify=self.side)

    def _table(self, rows: tuple[tuple[str, ...], ...]) -> Table:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for heading in self._cells(rows[0]):
            table.add_column(heading, justify=self.side or "left")
        for row in rows[1:]:
            table.add_row(*self._cells(row))
        return table

    def _cells(self, row: tuple[str, ...]) -> list[Text]:
        first, *others = row
        lines = [self._shown(first, WIDEST), *(self._shown(it, WIDE) for it in others)]
        return [Text("\n".join(it)) for it in (reversed(lines) if self.from_right else lines)]

    def _shown(self, text: str, width: int) -> list[str]:
        """Broken here where it is read from the right: a line that the terminal breaks would lose its direction."""
        if not self.from_right:
            return [left_to_right(text)]
        return [right_to_left(line) for line in wrap(text, width)]
