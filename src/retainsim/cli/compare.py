"""The main job on the command line: policies against a control, on your customers or on a sample of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import write_whole
from retainsim.cli import options
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
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Draw our customers from this book.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Read the book as it stood when this day began; as it stands now, if not given.",
)
@options.customers("Ours at the start of each world.")
@options.months()
@options.worlds(12, "Pairs of twin worlds.")
@options.seed
@options.circumstances
@click.option(
    "--fixed-worlds",
    is_flag=True,
    help="Intervals for one look at this number of worlds, instead of for any number of looks.",
)
@options.workers(1)
@options.out(f"Write {PAGE}, {RESULT} and {MANIFEST} there.")
@options.as_json
@options.quiet
@debug
def compare(**given: Any) -> None:  # noqa: ANN401 # the options above
    """
    Compare policies with a control in twin worlds.

    POLICY is the name of a shipped policy or path/to/file.py:Name. What is given besides holds for all of them and for
    the control alike.
    """
    from retainsdk.experiment import Method  # noqa: PLC0415 # numpy
    from retainsim.experiment import Setting  # noqa: PLC0415 # numba

    faults: list[Fault] = []
    out, as_of = given["out"], given["as_of"]
    arms = [options.policy_of(name, faults) for name in given["policies"]]
    control = options.policy_of(given["control"], faults)
    staffing = options.staffing_of(given["hires"], given["coaches"], faults)
    budget = options.budget_of(given["minutes"], given["money"], faults)
    options.refuse_too_many(faults, workers=given["workers"])
    view, source = (None, "") if given["book"] is None else _customers_of(given["book"], as_of, faults)
    if as_of is not None and given["book"] is None:
        faults.append(
            Fault("as-of", f"{as_of:%Y-%m-%d}", "is a day of a book", "Add --book, or leave it out.")
        )
    prepare(out, faults)
    figures = {name: given[name] for name in ("preset", "structure", "customers", "months", "worlds", "seed")}
    setting = options.tried(
        lambda: Setting(
            **figures,
            parameters=given["parameters"],
            budget=budget,
            staffing=staffing,
            consent_gate=not given["ignore_consent"],
            view=view,
            source=source,
        ),
        faults,
    )
    law = options.law_of(given["rules"], faults)
    if setting is None or control is None or faults:
        raise InputError("compare", faults)
    result = _compared(
        [arm for arm in arms if arm is not None],
        control,
        attrs.evolve(setting, law=law),
        method=Method.FIXED if given["fixed_worlds"] else Method.SEQUENCE,
        workers=given["workers"],
        quiet=given["quiet"],
    )
    _deliver(result, out, repeat=typed_command(), as_json=given["as_json"])


@click.command()
@options.out(
    f"Write the book, {PAGE}, {RESULT} and {MANIFEST} there.", default=Path("demo"), show_default=True
)
@click.option(
    "--customers", type=int, default=3_000, show_default=True, help="Ours at the start, drawn from the table."
)
@options.months()
@options.worlds(20, "Pairs of twin worlds.")
@options.seed
@options.workers(2)
@options.quiet
@debug
def demo(out: Path, workers: int, quiet: bool, **figures: Any) -> None:  # noqa: ANN401, FBT001 # click passes options by name
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
    options.refuse_too_many(faults, workers=workers)
    setting = options.tried(lambda: Setting(**figures), faults)
    if setting is None or faults:
        raise InputError("demo", faults)
    with Book.open(out / BOOK, currency="USD", zone="UTC") as book:
        report = import_telco(book)
        click.echo(str(report))
        eve = datetime.combine(report.as_of, time(), book.zone) - timedelta(hours=12)
        view = book.view(eve)
    setting = attrs.evolve(setting, view=view, source=f"customers of the telco table on {eve:%Y-%m-%d}")
    arms = [policies.get(name) for name in policies.names()]
    result = _compared(
        arms, policies.get("none"), setting, method=Method.SEQUENCE, workers=workers, quiet=quiet
    )
    _deliver(result, out, repeat=typed_command(), as_json=False, assumptions=report.assumptions)


def _customers_of(path: Path, as_of: Any, faults: list[Fault]) -> tuple[BookView | None, str]:  # noqa: ANN401 # a datetime or nothing
    from retainsdk.book import Book  # noqa: PLC0415 # only with a book

    if not options.is_book(path, faults):
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
    import orjson  # noqa: PLC0415 # help needs none of these

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
