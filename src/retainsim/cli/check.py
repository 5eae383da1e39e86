"""Checking a market on the command line: does it behave as the field knows markets to behave?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import write_whole
from retainsim.cli import options
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, prepare, progress, typed_command

FAILED = 1
"""Exit code when a fact fails."""
PAGE, RESULT = "check.html", "check.json"


@click.command()
@click.argument("preset")
@options.worlds(60, "Each is one observation of every figure.")
@options.customers("Ours at the start of each world.")
@options.seed
@options.parameters
@click.option(
    "--only",
    multiple=True,
    metavar="FACT",
    help="Measure this fact or theme only; can be given again. See docs/reference/stylised-facts.md.",
)
@options.threads("Worlds that live at the same time.")
@options.out(f"Write {PAGE} and {RESULT} there.")
@options.as_json
@options.quiet
@debug
def check(**given: Any) -> None:  # noqa: ANN401 # the options above
    """
    Check a market against the stylised facts of the field.

    Ends with code 1 when a fact fails: its whole interval lies outside its band.
    """
    from retainsim.market.checks import Size, chosen_themes  # noqa: PLC0415 # numba
    from retainsim.market.checks import check as check_market  # noqa: PLC0415 # as above
    from retainsim.market.limits import LARGEST_SEED, out_of_range  # noqa: PLC0415 # as above

    faults: list[Fault] = []
    preset = options.preset_of(given["preset"], faults)
    size = options.tried(lambda: Size(worlds=given["worlds"], customers=given["customers"]), faults)
    options.tried(lambda: chosen_themes(given["only"]), faults)
    faults += out_of_range(("seed", given["seed"], 0, LARGEST_SEED))
    options.refuse_too_many(faults, threads=given["threads"])
    prepare(given["out"], faults)
    if preset is None or faults:
        raise InputError("market check", faults)
    with progress(quiet=given["quiet"]) as show, interruptible() as stop_if_interrupted:

        def on_life(done: int, total: int) -> None:
            stop_if_interrupted()
            show(done, total)

        result = check_market(
            preset,
            size,
            seed=given["seed"],
            only=given["only"],
            parameters=given["parameters"],
            threads=given["threads"],
            on_life=on_life,
        )
    _deliver(result, given["out"], as_json=given["as_json"])
    if result.failed:
        click.get_current_context().exit(FAILED)


def _deliver(result: Any, out: Path | None, *, as_json: bool) -> None:  # noqa: ANN401 # a Check, whose module needs numba
    from retainsim.exports.checks import check_page, check_table  # noqa: PLC0415 # altair

    if out is not None:
        write_whole(out / RESULT, result.to_json())
        write_whole(out / PAGE, check_page(result, repeat=typed_command()))
    if as_json:
        click.echo(result.to_json(), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    Console().print(check_table(result))
    click.echo(f"The page is {out / PAGE}" if out is not None else "Add --out DIR for a page with pictures.")
