"""A run that is written into a book: its option, what cannot go with it, and how to read what was written."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retainsdk.errors import Fault

if TYPE_CHECKING:
    from retainsim.market import History, Market
    from retainsim.market.running import Under

book_option = click.option(
    "--book",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write all that happens into a new book, which retainsdk opens; for small markets.",
)
_ELSEWHERE = ("out", "resume", "fork_from", "processes", "rows_every", "checkpoint_every")
"""Options of runs whose people stand in tables; a book is written in one go, by one process."""
_NAMES = {"rows_every": "rows"}


def refuse_with_book(given: Mapping[str, Any], asked: Mapping[str, Any], faults: list[Fault]) -> None:
    """Options that make no sense beside a book, a place where none can stand, and markets too big for one."""
    if given["book"] is None:
        return
    from retainsim.market.chronicle import faults_of_book  # noqa: PLC0415 # numba

    faults += faults_of_book(given["book"], customers=asked["customers"], months=asked["months"])
    for name in _ELSEWHERE:
        if given[name]:
            option = _NAMES.get(name, name).replace("_", "-")
            rule = "cannot go with --book: a book is written in one go"
            faults.append(Fault(option, str(given[name]), rule, f"Leave --{option} or --book out."))
    if given["threads"] != 1:
        rule = "cannot go with --book: a book is written on one thread"
        faults.append(Fault("threads", str(given["threads"]), rule, "Leave --threads or --book out."))


def lived_in_a_book(
    market: Market,
    under: Under,
    path: Path,
    *,
    asked: Mapping[str, Any],
    on_month: Callable[[int, int], None],
) -> History:
    """The run, written down as it goes on."""
    from retainsim.market.chronicle import write_book  # noqa: PLC0415 # numba

    try:
        return write_book(
            market,
            under,
            path,
            months=asked["months"],
            residual_months=asked["residual_months"],
            on_month=on_month,
        )
    except KeyboardInterrupt:
        click.echo(f"Stopped; nothing was written to {path}.", err=True)
        raise


def how_to_read(path: Path, market: Market, months: int) -> str:
    """The book, and a line that reads it as of its last day."""
    from retainsim.market.month import month_start  # noqa: PLC0415 # numba

    end = month_start(market.starts_at, months).date().isoformat()
    words = shlex.join(["retainsdk", "agenda", "--book", str(path), "--as-of", end])
    return f"The book is {path}. It ends on {end}; read it as of that day: {words}"
