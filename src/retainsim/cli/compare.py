"""The main job on the command line: policies against a control, on your customers or on a sample of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retainsdk.errors import Fault, InputError, UnknownPolicyError
from retainsdk.whole_file import write_whole
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, prepare, progress, typed_command

if TYPE_CHECKING:
    from retainsdk.experiment import Method
    from retainsdk.policy import Policy
    from retainsdk.view import BookView
    from retainsim.experiment import Comparison, Setting

PAGE, RESULT, MANIFEST, BOOK = "report.html", "comparison.json", "manifest.json", "telco.db"


@click.command()
@click.argument("policies", metavar="POLICY...", nargs=-1, required=True)
@click.option("--control", default="none", show_default=True, help="What the policies are compared with.")
@click.option(
    "--market",
    "preset",
    metavar="PRESET",
    default="telecom",
    show_default=True,
    help="The market's rules and, without --book, its customers.",
)
@click.option(
    "--book",
    "book",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Draw our customers from this book.",
)
@click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Read the book as it stood when this day began; as it stands now, if not given.",
)
@click.option(
    "--customers", type=int, default=2_000, show_default=True, help="Ours at the start of each world."
)
@click.option("--months", type=int, default=24, show_default=True, help="Horizon.")
@click.option("--worlds", type=int, default=12, show_default=True, help="Pairs of twin worlds.")
@click.option("--seed", type=int, default=1, show_default=True, help="Root of all luck.")
@click.option(
    "--parameters",
    type=click.Choice(["drawn", "fixed"]),
    default="drawn",
    show_default=True,
    help="Draw the market's parameters for each world, or take them as they stand.",
)
@click.option(
    "--minutes",
    type=int,
    help="Of representatives, for each month and policy; no limit if not given. Conversations are not counted.",
)
@click.option(
    "--money",
    type=float,
    help="In the market's currency, likewise. What is granted in conversations is not counted.",
)
@click.option(
    "--fixed-worlds",
    is_flag=True,
    help="Intervals for one look at this number of worlds, instead of for any number of looks.",
)
@click.option("--workers", type=int, default=1, show_default=True, help="Processes to use.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=f"Write {PAGE}, {RESULT} and {MANIFEST} there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")
@debug
def compare(  # its options
    policies: tuple[str, ...],
    control: str,
    preset: str,
    book: Path | None,
    as_of: Any,  # noqa: ANN401 # a datetime or nothing
    customers: int,
    months: int,
    worlds: int,
    seed: int,
    parameters: Any,  # noqa: ANN401 # one of two words, checked by click
    minutes: int | None,
    money: float | None,
    fixed_worlds: bool,  # noqa: FBT001 # click passes flags by name
    workers: int,
    out: Path | None,
    as_json: bool,  # noqa: FBT001 # as above
) -> None:
    """
    Compare policies with a control in twin worlds.

    POLICY is the name of a shipped policy or path/to/file.py:Name.
    """
    from retainsdk.experiment import Method  # noqa: PLC0415 # numpy
    from retainsdk.policy import Budget  # noqa: PLC0415 # numpy
    from retainsim.experiment import Setting  # noqa: PLC0415 # numba

    faults: list[Fault] = []
    arms = [_policy(name, faults) for name in policies]
    base = _policy(control, faults)
    view, source = (None, "") if book is None else _customers_of(book, as_of, faults)
    if workers < 1:
        faults.append(Fault("workers", str(workers), "must be 1 or more", "Choose another figure."))
    if as_of is not None and book is None:
        faults.append(
            Fault("as-of", f"{as_of:%Y-%m-%d}", "is a day of a book", "Add --book, or leave it out.")
        )
    if money is not None and not isfinite(money):
        faults.append(Fault("money", str(money), "is no amount", "Choose another figure."))
        money = None
    prepare(out, faults)
    setting = None
    try:
        setting = Setting(
            preset=preset,
            customers=customers,
            months=months,
            worlds=worlds,
            seed=seed,
            parameters=parameters,
            budget=Budget(minutes=minutes, money=None if money is None else round(100 * money)),
            view=view,
            source=source,
        )
    except InputError as error:
        faults += error.faults
    known = [arm for arm in arms if arm is not None]
    if faults or setting is None or base is None:
        raise InputError("compare", faults)
    method = Method.FIXED if fixed_worlds else Method.SEQUENCE
    result = _compared(known, base, setting, method=method, workers=workers, quiet=as_json)
    _deliver(result, out, repeat=typed_command(), as_json=as_json)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    default=Path("demo"),
    show_default=True,
    help=f"Write the book, {PAGE}, {RESULT} and {MANIFEST} there.",
)
@click.option(
    "--customers", type=int, default=3_000, show_default=True, help="Ours at the start, drawn from the table."
)
@click.option("--months", type=int, default=24, show_default=True, help="Horizon.")
@click.option("--worlds", type=int, default=20, show_default=True, help="Pairs of twin worlds.")
@click.option("--seed", type=int, default=1, show_default=True, help="Root of all luck.")
@click.option("--workers", type=int, default=2, show_default=True, help="Processes to use.")
@debug
def demo(out: Path, customers: int, months: int, worlds: int, seed: int, workers: int) -> None:
    """
    Show the main job on a sample customer table.

    The telco table is imported into a book, a market is drawn from the book as it stood on the eve of the table's
    day, and all shipped policies are compared with doing nothing.
    """
    from retainsdk import policies  # noqa: PLC0415 # numpy
    from retainsdk.book import Book  # noqa: PLC0415 # help needs no book
    from retainsdk.experiment import Method  # noqa: PLC0415 # numpy
    from retainsdk.interchange.telco import import_telco  # noqa: PLC0415 # help needs no table
    from retainsim.experiment import Setting  # noqa: PLC0415 # numba

    faults: list[Fault] = []
    prepare(out, faults)
    if workers < 1:
        faults.append(Fault("workers", str(workers), "must be 1 or more", "Choose another figure."))
    if faults:
        raise InputError("demo", faults)
    with Book.open(out / BOOK, currency="USD", zone="UTC") as book:
        report = import_telco(book)
        click.echo(str(report))
        eve = datetime.combine(report.as_of, time(), book.zone) - timedelta(hours=12)
        view = book.view(eve)
    setting = Setting(
        customers=customers,
        months=months,
        worlds=worlds,
        seed=seed,
        view=view,
        source=f"customers of the telco table on {eve:%Y-%m-%d}",
    )
    arms = [policies.get(name) for name in policies.names()]
    result = _compared(
        arms, policies.get("none"), setting, method=Method.SEQUENCE, workers=workers, quiet=False
    )
    _deliver(result, out, repeat=typed_command(), as_json=False, assumptions=report.assumptions)


def _policy(name: str, faults: list[Fault]) -> Policy | None:
    from retainsdk import policies  # noqa: PLC0415 # numpy

    try:
        return policies.get(name)
    except UnknownPolicyError as error:
        faults.append(Fault("policy", name, "is no policy", str(error)))
    except InputError as error:
        faults += error.faults
    return None


def _customers_of(path: Path, as_of: Any, faults: list[Fault]) -> tuple[BookView | None, str]:  # noqa: ANN401 # as above
    from retainsdk.book import Book  # noqa: PLC0415 # only with a book
    from retainsdk.store.sqlite import is_blank  # noqa: PLC0415 # as above

    if not path.is_file() or is_blank(path):
        rule = "is an empty file" if path.is_file() else "is no file"
        faults.append(Fault("book", str(path), rule, "Make one with: retainsdk import"))
        return None, ""
    with Book.open(path) as book:
        view = book.view(None if as_of is None else as_of.replace(tzinfo=book.zone))
    return view, f"customers of {path.name} on {view.as_of:%Y-%m-%d}"


def _compared(
    policies: Sequence[Policy],
    control: Policy,
    setting: Setting,
    *,
    method: Method,
    workers: int,
    quiet: bool,
) -> Comparison:
    from retainsim.experiment import compare as compare_policies  # noqa: PLC0415 # numba

    with progress(quiet=quiet) as show, interruptible() as stop_if_interrupted:

        def on_world(done: int, total: int) -> None:
            stop_if_interrupted()
            show(done, total)

        return compare_policies(
            policies, setting, control=control, method=method, workers=workers, on_world=on_world
        )


def _deliver(
    result: Comparison, out: Path | None, *, repeat: str, as_json: bool, assumptions: Sequence[str] = ()
) -> None:
    import attrs  # noqa: PLC0415 # help needs none of these
    import orjson  # noqa: PLC0415

    from retainsim.exports import comparison_table, page  # noqa: PLC0415

    if out is not None:
        manifest = orjson.dumps(
            attrs.asdict(result.manifest), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        contents: dict[str, bytes | str] = {
            MANIFEST: manifest,
            RESULT: result.to_json(),
            PAGE: page(result, repeat=repeat, assumptions=assumptions),
        }
        for name, content in contents.items():
            write_whole(out / name, content)
    if as_json:
        click.echo(result.to_json(), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    Console().print(comparison_table(result))
    click.echo(
        f"The report is in {out / PAGE}" if out is not None else "Add --out DIR for the report as a page."
    )
