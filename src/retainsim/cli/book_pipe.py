"""A book of customers looked after by a program: a screen a line out, a decision a line in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

from retainsdk.errors import Fault, InputError, RetainError
from retainsim.training.rounds import Phase, decision_from
from retainsim.training.rounds.desk import BookDesk
from retainsim.training.rounds.report import BookReport

SCHEMA_VERSION = 1


class BookPipe:
    """A program in charge of a book of customers."""

    def __init__(self, keep: Callable[[BookDesk], None]) -> None:
        self.keep = keep

    def play(self, desk: BookDesk) -> None:
        """Screens until the input ends."""
        self._show(desk)
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                after = decided(desk, line)
                self.keep(after)
            except RetainError as error:
                _print({"error": str(error)})
                continue
            desk = after
            self._show(desk)

    def _show(self, desk: BookDesk) -> None:
        told = desk.screen()
        if desk.play.phase is Phase.OVER and desk.sealed:
            told["report"] = None
        elif desk.play.phase is Phase.OVER:
            told["report"] = BookReport(desk=desk).to_record()
        _print(told)


def decided(desk: BookDesk, line: str) -> BookDesk:
    """
    The desk after a decision.

    Args:
        desk: Before it.
        line: The decision, in JSON; with ``"at": NUMBER``, of decisions made so far, it may come twice.

    Raises:
        InputError: Naming everything that is wrong with it.
        OutOfTurnError: When it has its time, and that is not now.
    """
    try:
        read: Any = json.loads(line)
    except ValueError as error:
        raise InputError("decision", [Fault("line", str(error), "is no JSON", "Send one object.")]) from error
    at = None
    if isinstance(read, Mapping) and type(read.get("at")) is int:
        at = read["at"]
        read = {name: value for name, value in read.items() if name != "at"}
    return desk.at(desk.play.made(decision_from(read), at=at))


def _print(told: Mapping[str, Any]) -> None:
    click.echo(json.dumps({"schema_version": SCHEMA_VERSION, **told}, ensure_ascii=False))
