"""The words of a desk on a terminal, in the direction of their language, and the answers that come back."""

from __future__ import annotations

from textwrap import wrap
from typing import Literal, Protocol

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from retainsim.cli.direction import left_to_right, right_to_left
from retainsim.training.desk import Rows
from retainsim.training.lines import Direction, Language


class Worded(Protocol):
    """A desk: whatever has words in one language."""

    @property
    def language(self) -> Language:
        """Of all its words."""

    def word(self, name: str, /, **slots: str) -> str:
        """A word or sentence of the screen."""


class Terminal:
    """A place to show and to ask."""

    def __init__(self) -> None:
        self.console = Console(highlight=False, soft_wrap=True)

    def say(self, desk: Worded, text: str, *, style: str = "") -> None:
        """A text of any length; its blank lines stay."""
        for paragraph in text.split("\n"):  # a line that the terminal breaks would lose its direction
            if not paragraph:
                self.console.print()
                continue
            for line in wrap(paragraph, self.console.width) if _is_rtl(desk) else [paragraph]:
                self.console.print(Text(_shown(desk, line), style=style), justify=_side(desk))

    def heading(self, desk: Worded, name: str) -> None:
        """One of the headings of the screen."""
        self.console.print()
        self.say(desk, desk.word(f"headings.{name}"), style="bold cyan")

    def table(self, desk: Worded, rows: Rows, *, headed: bool = False) -> None:
        """Rows with their first cell where the language begins."""
        if not rows:
            return
        rtl = _is_rtl(desk)
        table = Table(box=box.SIMPLE_HEAD if headed else None, show_header=headed, pad_edge=False)
        first, body = (rows[0], rows[1:]) if headed else (("",) * len(rows[0]), rows)
        for heading in reversed(first) if rtl else first:
            table.add_column(_shown(desk, heading), justify="right" if rtl else "left")
        for row in body:
            cells = [_shown(desk, cell) for cell in row]
            table.add_row(*(reversed(cells) if rtl else cells))
        self.console.print(table, justify=_side(desk))

    def ask(self, desk: Worded, question: str) -> str:
        """What is answered; nothing when only Enter is pressed."""
        answer: str = click.prompt(_shown(desk, question), default="", show_default=False)
        return answer.strip()

    def number(self, desk: Worded, question: str, low: int, high: int, *, usual: int | None = None) -> int:
        """A number within bounds, asked for until it is one; Enter gives the usual one, where there is one."""
        while True:
            answer = self.ask(desk, question)
            if not answer and usual is not None:
                return usual
            if answer.isdecimal() and low <= int(answer) <= high:
                return int(answer)
            self.say(desk, desk.word("questions.range", low=str(low), high=str(high)), style="yellow")


def _is_rtl(desk: Worded) -> bool:
    return desk.language.direction is Direction.RIGHT_TO_LEFT


def _side(desk: Worded) -> Literal["right"] | None:
    return "right" if _is_rtl(desk) else None


def _shown(desk: Worded, text: str) -> str:
    return right_to_left(text) if _is_rtl(desk) else left_to_right(text)
