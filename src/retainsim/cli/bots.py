"""How bots stand in the calls of a scenario, on the command line."""

from __future__ import annotations

from typing import Any

import click

from retainsdk.errors import Fault, InputError
from retainsim.cli import options
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, progress

NAMES = ("clairvoyant", "script", "always_discount", "random")


@click.command()
@click.option(
    "--scenario", default="no_need", show_default=True, metavar="NAME", help="A scenario, or its file."
)
@click.option("--calls", type=int, default=12, show_default=True, help="Of each bot, with as many callers.")
@click.option(
    "--bot",
    "chosen",
    type=click.Choice(NAMES),
    multiple=True,
    help="Only this one; can be given again. All if not given.",
)
@options.seed
@options.as_json
@options.quiet
@debug
def bots(**given: Any) -> None:  # noqa: ANN401 # the options above
    """
    Let bots take the calls of a scenario, and see how they stand.

    All talk to the same callers with the same luck. The value of a call is what the customer brings within a year less
    all that he costs, on average over many worlds, beside a call that nobody answered.
    """
    from retainsim.market.limits import LARGEST_SEED, out_of_range  # noqa: PLC0415 # numba
    from retainsim.training.standings import standings  # noqa: PLC0415 # as above

    faults: list[Fault] = out_of_range(("seed", given["seed"], 0, LARGEST_SEED))
    scenario = options.scenario_of(given["scenario"], faults)
    options.refuse_too_many(faults, calls=given["calls"])
    if scenario is None or faults:
        raise InputError("bots", faults)
    with progress(quiet=given["quiet"], of="callers") as show, interruptible() as stop_if_interrupted:

        def on_call(done: int, total: int) -> None:
            stop_if_interrupted()
            show(done, total)

        result = standings(
            scenario,
            calls=given["calls"],
            seed=given["seed"],
            bots=given["chosen"] or NAMES,
            on_call=on_call,
        )
    if given["as_json"]:
        click.echo(result.to_json())
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    from retainsim.exports.standings import standings_table  # noqa: PLC0415 # as above

    Console().print(standings_table(result))
