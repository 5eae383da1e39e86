"""A call taken by a program: a screen a line out, a step a line in."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from retainsdk.errors import RetainError
from retainsim.training.after import LONGEST_GOAL, MODELS, After, Goals, Keeper
from retainsim.training.desk import Desk
from retainsim.training.session import Phase
from retainsim.training.step import aimed, stepped

SCHEMA_VERSION = 1


class Piped:
    """A program: a screen a line out, a step a line in."""

    def __init__(self, keeper: Keeper, goals: Goals | None = None) -> None:
        self.keeper, self.goals, self.is_fork = keeper, goals, False

    def play(self, desk: Desk) -> None:
        """Screens until the input ends or the session is over and nothing more is asked."""
        self._show(desk)
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                if self.goals and desk.session.phase is Phase.OVER and (goal := aimed(line)):
                    told = self.goals.aim(desk, goal[:LONGEST_GOAL])
                    click.echo(
                        json.dumps({"schema_version": SCHEMA_VERSION, "told": told}, ensure_ascii=False)
                    )
                    continue
                desk = self._stepped(desk, line)
            except RetainError as error:
                click.echo(
                    json.dumps({"schema_version": SCHEMA_VERSION, "error": str(error)}, ensure_ascii=False)
                )
                continue
            self._show(desk)

    def _stepped(self, desk: Desk, line: str) -> Desk:
        """The desk after a step, which is kept by then."""
        was_over, after = desk.session.phase is Phase.OVER, desk.at(stepped(desk.session, line))
        if was_over and after.session.phase is not Phase.OVER:
            self.keeper.forked(after.session.turn)
            self.is_fork = True
        if not self.is_fork:
            self.keeper.keep(after)
        return after

    def _show(self, desk: Desk) -> None:
        told = {
            "schema_version": SCHEMA_VERSION,
            **desk.screen(),
            "goal": self.goals.goal if self.goals else "",
        }
        if desk.session.phase is Phase.OVER:
            told["debrief"] = _as_far_as_open(desk.debriefing(), self.keeper.after)
        click.echo(json.dumps(told, ensure_ascii=False))


def _as_far_as_open(debriefing: dict[str, Any], after: After) -> dict[str, Any]:
    closed = {name for name in MODELS if name not in after.models}
    if not after.ways:
        closed |= {"outlooks", "effects", "reach"}
    return {name: told for name, told in debriefing.items() if name not in closed}
