"""
The command line of the simulator: it translates, and calls one function each.

Nothing heavy is imported before a command needs it, so that help is there at once.
"""

from __future__ import annotations

import click

from retainsim.cli import bots, call, compare, course, market, rounds, scenario
from retainsim.cli.door import Door, debug

__all__ = ["main"]


@click.group(cls=Door, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="retainsdk")
@debug
def main() -> None:
    """Try retention policies in simulated markets, against a control."""


for _command in (
    compare.compare,
    compare.demo,
    call.call,
    bots.bots,
    course.course,
    scenario.scenario,
    rounds.rounds,
    market.market,
):
    main.add_command(_command)
