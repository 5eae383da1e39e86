"""Calibrating a market on the command line: to a customer table, or to a book."""

from __future__ import annotations

from datetime import date, datetime
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retainsdk.errors import NOTHING, Fault, InputError
from retainsdk.whole_file import write_whole
from retainsim.cli import options
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, prepare, progress, typed_command

if TYPE_CHECKING:
    from retainsim.calibration import Calibration, Observed

PAGE, RESULT, PRESET, KEPT = "calibration.html", "calibration.json", "fitted.toml", "evaluations.jsonl"


@click.command()
@click.argument("table", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--book", type=click.Path(path_type=Path), metavar="PATH", help="Calibrate to a book instead.")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    metavar="TOML",
    help="What the table's columns mean; without it they must be those of the telco table.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day whose morning the table describes, or up to which the book is read.",
)
@click.option("--months", type=int, default=12, show_default=True, help="Leaving is looked at for so long.")
@click.option("--preset", default="telecom", show_default=True, help="The market to begin with.")
@click.option(
    "--parameters",
    metavar="A,B,...",
    default="",
    help="What to calibrate; what the preset calls measured, if not given.",
)
@click.option(
    "--range",
    "ranges",
    multiple=True,
    metavar="NAME=LOW:HIGH",
    help="Where to look for a value; the preset's range, if not given. Can be given again.",
)
@click.option(
    "--fit",
    "groups",
    metavar="A,B,...",
    default="",
    help="Which figures to fit: contract, tenure, hazard, complaint, price; those that suit the data, if not given.",
)
@options.worlds(8, "For each point that is tried.")
@click.option(
    "--customers", type=int, help="Ours in each world; as many as the data have, up to 8,000, if not given."
)
@click.option(
    "--check-worlds", type=int, default=24, show_default=True, help="Others, for the figures of the result."
)
@options.seed
@options.threads("For each world.")
@options.out(f"Write {PAGE}, {RESULT} and the preset {PRESET} there, and keep what was simulated in {KEPT}.")
@click.option("--resume", is_flag=True, help=f"Go on with what {KEPT} holds.")
@options.as_json
@options.quiet
@debug
def calibrate(table: Path | None, book: Path | None, out: Path | None, **given: Any) -> None:  # noqa: ANN401 # the options above
    """
    Set a market's parameters so that it does what customers did.

    FILE is a customer table, CSV or Parquet. Says how far the data decide each value, and which they do not.
    """
    from retainsim.calibration.calibrate import calibrate as calibrate_market  # noqa: PLC0415 # numba
    from retainsim.calibration.simulated import sought_of  # noqa: PLC0415 # as above

    faults: list[Fault] = []
    if (table is None) == (book is None):
        missing = table is None
        rule = "is needed: one of them" if missing else "are too much: give one of them"
        value = NOTHING if missing else f"{table}, {book}"
        faults.append(Fault("FILE or --book", value, rule, "Name a table or a book."))
    for name, file in (("FILE", table), ("mapping", given["mapping"])):
        if file is not None and not file.is_file():
            faults.append(Fault(name, str(file), "is no file", "Give its path from where you are."))
    if book is not None:
        options.is_book(book, faults)
    if given["resume"] and out is None:
        faults.append(Fault("resume", "given", "needs the folder of the run", "Add --out DIR."))
    if given["mapping"] is not None and book is not None:
        faults.append(Fault("mapping", str(given["mapping"]), "is of a table", "Leave it out."))
    preset = options.preset_of(given["preset"], faults)
    names, looked_for = _names(given["parameters"]), _ranges(given["ranges"], faults)
    if preset is not None:
        options.tried(lambda: sought_of(preset, names, looked_for), faults)
    _refuse_figures(given, faults)
    prepare(out, faults)
    if preset is None or faults:
        raise InputError("market calibrate", faults)
    observed = _observed(table, book, given["mapping"], given["as_of"], given["months"])
    with progress(quiet=given["quiet"]) as show, interruptible() as stop_if_interrupted:

        def on_world(done: int, about: int) -> None:
            stop_if_interrupted()
            show(done, about)

        result = calibrate_market(
            observed,
            preset,
            parameters=names,
            ranges=looked_for,
            groups=_names(given["groups"]),
            worlds=given["worlds"],
            customers=given["customers"],
            seed=given["seed"],
            threads=given["threads"],
            check_worlds=given["check_worlds"],
            file=None if out is None else out / KEPT,
            resume=given["resume"],
            on_world=on_world,
        )
    _deliver(result, preset, out, as_json=given["as_json"])


def _refuse_figures(given: dict[str, Any], faults: list[Fault]) -> None:
    from retainsim.experiment.setting import MOST_CUSTOMERS, MOST_MONTHS, MOST_WORLDS  # noqa: PLC0415 # numba
    from retainsim.market.limits import LARGEST_SEED, out_of_range  # noqa: PLC0415 # as above

    faults += out_of_range(
        ("months", given["months"], 1, MOST_MONTHS),
        ("worlds", given["worlds"], 2, MOST_WORLDS),
        ("customers", given["customers"], 1, MOST_CUSTOMERS),
        ("check-worlds", given["check_worlds"], 2, MOST_WORLDS),
        ("seed", given["seed"], 0, LARGEST_SEED),
    )
    options.refuse_too_many(faults, threads=given["threads"])


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _ranges(texts: tuple[str, ...], faults: list[Fault]) -> dict[str, tuple[float, float]]:
    ranges = {}
    for text in texts:
        name, _, ends = text.partition("=")
        low, high = (_float(end) for end in (*ends.split(":"), "")[:2])
        if not name.strip() or low != low or high != high or ends.count(":") != 1:  # noqa: PLR0124 # not a number
            faults.append(Fault("range", text, "must be like trigger=0.05:0.3", "Write NAME=LOW:HIGH."))
        else:
            ranges[name.strip()] = (low, high)
    return ranges


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return nan


def _observed(
    table: Path | None, book: Path | None, mapping: Path | None, as_of: datetime | None, months: int
) -> Observed:
    from retainsdk.book import Book  # noqa: PLC0415 # only with a book
    from retainsim.calibration import observed_book, observed_table  # noqa: PLC0415 # numba

    if table is not None:
        day: date | None = None if as_of is None else as_of.date()
        return observed_table(table, mapping=mapping, as_of=day, months=months)
    assert book is not None  # noqa: S101 # one of both was given
    with Book.open(book) as opened:
        end = None if as_of is None else as_of.replace(tzinfo=opened.zone)
        return observed_book(opened, name=book.name, as_of=end, months=months)


def _deliver(result: Calibration, preset: Any, out: Path | None, *, as_json: bool) -> None:  # noqa: ANN401 # a Preset, whose module needs numba
    from retainsim.calibration.fitted_preset import fitted_text  # noqa: PLC0415 # numba
    from retainsim.exports.calibrations import calibration_page, calibration_tables  # noqa: PLC0415 # altair

    if out is not None:
        write_whole(out / RESULT, result.to_json())
        write_whole(out / PRESET, fitted_text(preset, result))
        write_whole(out / PAGE, calibration_page(result, repeat=typed_command()))
    if as_json:
        click.echo(result.to_json(), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    Console().print(calibration_tables(result))
    click.echo(
        f"The page is {out / PAGE}, the market {out / PRESET}"
        if out is not None
        else "Add --out DIR for a page with pictures and the market as a preset."
    )
