"""Checking a market on the command line: does it behave as the field knows markets to behave?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import write_whole
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, prepare, progress, typed_command

FAILED = 1
"""Exit code when a fact fails."""
_Made = TypeVar("_Made")
PAGE, RESULT = "check.html", "check.json"


@click.command()
@click.argument("preset")
@click.option(
    "--worlds", type=int, default=60, show_default=True, help="Each is one observation of every figure."
)
@click.option(
    "--customers", type=int, default=2_000, show_default=True, help="Ours at the start of each world."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Root of all luck.")
@click.option(
    "--parameters",
    type=click.Choice(["drawn", "fixed"]),
    default="drawn",
    show_default=True,
    help="Draw the market's parameters for each world, or take them as they stand.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="FACT",
    help="Measure this fact or theme only; can be given again. See docs/reference/stylised-facts.md.",
)
@click.option("--threads", type=int, default=1, show_default=True, help="Worlds that live at the same time.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=f"Write {PAGE} and {RESULT} there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@debug
def check(  # its options
    preset: str,
    worlds: int,
    customers: int,
    seed: int,
    parameters: Any,  # noqa: ANN401 # one of two words, checked by click
    only: tuple[str, ...],
    threads: int,
    out: Path | None,
    as_json: bool,  # noqa: FBT001 # click passes flags by name
    quiet: bool,  # noqa: FBT001 # as above
) -> None:
    """
    Check a market against the stylised facts of the field.

    Ends with code 1 when a fact fails: its whole interval lies outside its band.
    """
    from retainsim.market import load_preset  # noqa: PLC0415 # numba
    from retainsim.market.checks import Size, chosen_themes  # noqa: PLC0415 # as above
    from retainsim.market.checks import check as check_market  # noqa: PLC0415 # as above

    faults: list[Fault] = []
    if threads < 1:
        faults.append(Fault("threads", str(threads), "must be 1 or more", "Choose another figure."))
    size = _tried(lambda: Size(worlds=worlds, customers=customers), faults)
    _tried(lambda: chosen_themes(only), faults)
    loaded = load_preset(preset)
    prepare(out, faults)
    if faults:
        raise InputError("market check", faults)
    with progress(quiet=quiet or as_json) as show, interruptible() as stop_if_interrupted:

        def on_life(done: int, total: int) -> None:
            stop_if_interrupted()
            show(done, total)

        result = check_market(
            loaded, size, seed=seed, only=only, parameters=parameters, threads=threads, on_life=on_life
        )
    _deliver(result, out, as_json=as_json)
    if result.failed:
        click.get_current_context().exit(FAILED)


def _tried(make: Callable[[], _Made], faults: list[Fault]) -> _Made | None:
    try:
        return make()
    except InputError as error:
        faults += error.faults
        return None


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
