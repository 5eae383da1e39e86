"""The table of odds on the command line: whether the customers of a training answer as customers do."""

from __future__ import annotations

import click

from retainsdk.errors import Fault, InputError
from retainsim.cli import options
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, progress

FAILED = 1
"""Exit code when a cell, an order or a size fails."""


@click.command()
@click.option(
    "--preset",
    metavar="PRESET",
    default="telecom",
    show_default=True,
    help="The market its customers come from.",
)
@click.option(
    "--plays", type=int, default=10_000, show_default=True, help="Calls of each cell of the table, at least."
)
@click.option(
    "--customers",
    type=int,
    default=60_000,
    show_default=True,
    help="Ours at the start of each world the callers come from.",
)
@options.seed
@options.as_json
@options.quiet
@debug
def check(*, preset: str, plays: int, customers: int, seed: int, as_json: bool, quiet: bool) -> None:
    """
    Check the odds: how often each answer keeps a customer for a year, by the reason that he hides.

    Ends with code 1 when a cell is out of its band, an order is reversed, or a size is not as it is wanted.
    """
    from retainsim.market.limits import LARGEST_SEED, out_of_range  # noqa: PLC0415 # numba
    from retainsim.training.odds import CALLERS, Size, check_odds  # noqa: PLC0415 # as above

    faults: list[Fault] = []
    market = options.preset_of(preset, faults)
    size = options.tried(
        lambda: Size(plays=plays, callers=max(min(CALLERS, plays), 2), customers=customers), faults
    )
    faults += out_of_range(("seed", seed, 0, LARGEST_SEED))
    if market is None or size is None or faults:
        raise InputError("scenario check", faults)
    with progress(quiet=quiet, of="scripts") as show, interruptible() as stop_if_interrupted:

        def on_step(done: int, total: int) -> None:
            stop_if_interrupted()
            show(done, total)

        odds = check_odds(market, size, seed=seed, on_step=on_step)
    if as_json:
        click.echo(odds.to_json(), nl=False)
    else:
        from rich.console import Console  # noqa: PLC0415 # not for JSON

        from retainsim.exports.odds import odds_table  # noqa: PLC0415 # as above

        Console().print(odds_table(odds))
    if odds.failed:
        click.get_current_context().exit(FAILED)
