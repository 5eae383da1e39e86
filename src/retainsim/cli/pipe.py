"""A call taken by a program: a screen a line out, a step a line in."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import click

from retainsdk.errors import RetainError
from retainsim.training.desk import Desk
from retainsim.training.session import Phase
from retainsim.training.step import stepped

SCHEMA_VERSION = 1


class Piped:
    """A program: a screen a line out, a step a line in."""

    def __init__(self, keep: Callable[[Desk], None]) -> None:
        self.keep = keep

    def play(self, desk: Desk) -> None:
        """Screens until the input ends or the session is over and nothing more is asked."""
        self._show(desk)
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                desk = desk.at(stepped(desk.session, line))
            except RetainError as error:
                click.echo(
                    json.dumps({"schema_version": SCHEMA_VERSION, "error": str(error)}, ensure_ascii=False)
                )
                continue
            self.keep(desk)
            self._show(desk)

    def _show(self, desk: Desk) -> None:
        told = {"schema_version": SCHEMA_VERSION, **desk.screen()}
        if desk.session.phase is Phase.OVER:
            told["debrief"] = desk.debriefing()
        click.echo(json.dumps(told, ensure_ascii=False))
