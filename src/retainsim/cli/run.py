"""Running a market on the command line: as large and as long as it may be, stopped and gone on with."""

from __future__ import annotations

import multiprocessing
import shlex
import signal
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from retainsdk.errors import Fault, InputError, RetainError
from retainsim.cli.book import book_option, how_to_read, lived_in_a_book, refuse_with_book
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, prepare, progress

if TYPE_CHECKING:
    from retainsim.market import Market
    from retainsim.market.running import Under

_OF_THIS_CALL = ("out", "book", "resume", "fork_from", "threads", "processes", "as_json", "quiet")
"""Options that are no matter of the run itself, and are not kept."""
_folder = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("preset", required=False)
@click.option(
    "--customers",
    type=int,
    default=2_000,
    show_default=True,
    help="Ours at the start; the people of other firms, and of none, come on top.",
)
@click.option("--months", type=int, default=24, show_default=True, help="Horizon, from the beginning.")
@click.option("--seed", type=int, default=1, show_default=True, help="Root of all luck.")
@click.option(
    "--parameters",
    type=click.Choice(["drawn", "fixed"]),
    default="drawn",
    show_default=True,
    help="Draw the market's parameters, or take them as they stand.",
)
@click.option(
    "--structure", metavar="NAME", help="Of the firms: monopoly, duopoly, competitive, international."
)
@click.option("--policy", default="none", show_default=True, help="A shipped one, or path/to/file.py:Name.")
@click.option(
    "--rule",
    "rules",
    multiple=True,
    metavar="NAME=FILE.py:FUNCTION",
    help="Put a function in the place of a rule; can be given again.",
)
@click.option("--minutes", type=int, help="Of representatives, for each month; no limit if not given.")
@click.option("--money", type=float, help="In the market's currency, likewise.")
@click.option(
    "--residual-months",
    type=int,
    default=24,
    show_default=True,
    help="For how long those who are ours at the end are followed, to say what they are worth.",
)
@click.option("--threads", type=int, default=1, show_default=True, help="The result does not depend on it.")
@click.option(
    "--processes",
    type=int,
    default=0,
    help="Divide the people among so many processes, in each of which they live on one thread; the result is the same.",
)
@click.option("--out", type=_folder, metavar="DIR", help="Write there what comes out, month by month.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "arrow", "csv", "json"]),
    default="parquet",
    show_default=True,
    help="Of the table of months.",
)
@click.option(
    "--rows",
    "rows_every",
    type=int,
    default=0,
    metavar="EVERY",
    help="Write everybody's row after every so many months, to Parquet.",
)
@click.option(
    "--checkpoint-every", type=int, default=0, metavar="K", help="Keep a checkpoint after every K months."
)
@click.option(
    "--resume", is_flag=True, help="Go on with the run in DIR; what is not given is as it was there."
)
@click.option(
    "--fork-from",
    type=_folder,
    metavar="DIR",
    help="Begin at the checkpoint of another run; what is not given is as it was there.",
)
@book_option
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON instead of a table.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@debug
def run(**options: Any) -> None:  # noqa: ANN401 # the options above
    """
    Run one market under one policy.

    Equal presets, options and seeds give equal digests, on any number of threads, interrupted or not.
    """
    out, resume, fork_from = options["out"], options["resume"], options["fork_from"]
    faults: list[Fault] = []
    asked = _asked(options, faults)
    _refuse_half(asked, options, faults)
    refuse_with_book(options, asked, faults)
    policy, law, market = (_tried(make, asked, faults) for make in (_policy, _law, _market))
    if not resume:
        prepare(out, faults)
    if faults:
        raise InputError("market run", faults)
    from retainsdk.policy import Budget  # noqa: PLC0415 # numpy
    from retainsim.market.kept import Keeping, run_market  # noqa: PLC0415 # numba
    from retainsim.market.running import Under  # noqa: PLC0415 # as above

    money = asked["money"]
    budget = Budget(minutes=asked["minutes"], money=None if money is None else round(100 * money))
    under = Under(policy=policy, budget=budget, law=law)
    keeping = None
    if out is not None:
        keeping = Keeping(
            folder=out,
            rows_every=asked["rows_every"],
            checkpoint_every=asked["checkpoint_every"],
            form=asked["form"],
            asked=asked,
        )
    lived = 0
    with (
        progress(quiet=options["quiet"] or options["as_json"], of="months") as show,
        interruptible() as stop_if_interrupted,
        ExitStack() as stack,
    ):

        def on_month(done: int, total: int) -> None:
            nonlocal lived
            lived = done
            show(done, total)
            stop_if_interrupted()

        if options["book"] is not None:
            history = lived_in_a_book(market, under, options["book"], asked=asked, on_month=on_month)
            _deliver(market, under, history, asked=asked, options=options)
            return
        workers = [stack.enter_context(it) for it in _workers(options["processes"])]
        try:
            history = run_market(
                market,
                under,
                keeping,
                months=asked["months"],
                threads=options["threads"],
                workers=workers,
                compiled="soon",
                residual_months=asked["residual_months"],
                resume=resume,
                fork_from=fork_from,
                on_month=on_month,
            )
        except KeyboardInterrupt:
            _say_how_to_go_on(out, lived, asked["months"])
            raise
    _deliver(market, under, history, asked=asked, options=options)


def _asked(options: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """What is to be run: as given, and in a run that goes on else as it was."""
    asked = {name: value for name, value in options.items() if name not in _OF_THIS_CALL}
    asked["rules"] = list(asked["rules"])
    folder = options["out"] if options["resume"] else options["fork_from"]
    if folder is None:
        return asked
    from retainsim.market.kept import recorded  # noqa: PLC0415 # numba

    try:
        before = recorded(folder).get("asked") or {}
    except InputError as error:
        faults += error.faults
        return asked
    given = {
        name: value
        for name, value in asked.items()
        if value is not None
        and click.get_current_context().get_parameter_source(name) is not ParameterSource.DEFAULT
    }
    return asked | before | given


def _refuse_half(asked: dict[str, Any], options: dict[str, Any], faults: list[Fault]) -> None:
    """Options that make sense together only."""
    if asked["preset"] is None and not (options["resume"] or options["fork_from"]):
        rule = "is missing"
        faults.append(Fault("PRESET", "nothing", rule, "See retainsim market presets for the names."))
    if options["out"] is None:
        for name, value in (
            ("rows", asked["rows_every"]),
            ("checkpoint-every", asked["checkpoint_every"]),
            ("resume", options["resume"]),
            ("fork-from", options["fork_from"]),
        ):
            if value:
                faults.append(Fault(name, str(value), "needs a folder", "Add --out DIR."))
    if options["processes"] < 0:
        rule = "must be at least 0"
        faults.append(Fault("processes", str(options["processes"]), rule, "Leave it out for none but this."))
    if asked["money"] is not None and not isfinite(asked["money"]):
        faults.append(Fault("money", str(asked["money"]), "is no amount", "Choose another figure."))


def _tried(make: Any, asked: dict[str, Any], faults: list[Fault]) -> Any:  # noqa: ANN401 # what it makes
    try:
        return make(asked)
    except InputError as error:
        faults += error.faults
    except RetainError as error:
        faults.append(Fault(make.__name__.strip("_"), "what is asked for", "is not there", str(error)))
    return None


def _policy(asked: dict[str, Any]) -> Any:  # noqa: ANN401 # a policy
    from retainsdk import policies  # noqa: PLC0415 # numpy

    return policies.get(asked["policy"])


def _law(asked: dict[str, Any]) -> Any:  # noqa: ANN401 # a law
    from retainsim.market.law import LAW  # noqa: PLC0415 # numba
    from retainsim.market.replacing import check_rule, load_rule  # noqa: PLC0415 # as above

    law = LAW
    for text in asked["rules"]:
        name, function = load_rule(text)
        check_rule(name, function)
        law = law.with_rule(name, function)
    return law


def _market(asked: dict[str, Any]) -> Market | None:
    from retainsim.market import Market, load_preset  # noqa: PLC0415 # numba

    if asked["preset"] is None:
        return None
    preset = load_preset(asked["preset"])
    return Market.draw(
        preset if asked["structure"] is None else preset.in_structure(asked["structure"]),
        customers=asked["customers"],
        seed=asked["seed"],
        parameters=asked["parameters"],
    )


def _workers(processes: int) -> list[ProcessPoolExecutor]:
    """Each of one process, so that it keeps its part; Ctrl-C is this process's business."""
    context, ignored = multiprocessing.get_context("spawn"), (signal.SIGINT, signal.SIG_IGN)
    return [
        ProcessPoolExecutor(1, mp_context=context, initializer=signal.signal, initargs=ignored)
        for _ in range(processes)
    ]


def _say_how_to_go_on(out: Path | None, lived: int, months: int) -> None:
    if out is None:
        click.echo(f"Stopped after month {lived} of {months}; with --out DIR it could go on.", err=True)
        return
    words = shlex.join(["retainsim", "market", "run", "--resume", "--out", str(out)])
    click.echo(f"Stopped after month {lived} of {months}. Go on with: {words}", err=True)


def _deliver(
    market: Market,
    under: Under,
    history: Any,  # noqa: ANN401 # a History, whose module needs numba
    *,
    asked: dict[str, Any],
    options: dict[str, Any],
) -> None:
    from retainsim.exports.runs import run_record, run_table  # noqa: PLC0415 # rich

    if options["as_json"]:
        import orjson  # noqa: PLC0415 # not for help

        record = run_record(
            market,
            under,
            history,
            parameters=asked["parameters"],
            threads=options["threads"],
            out=options["out"],
            book=options["book"],
        )
        click.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    Console().print(run_table(market, history))
    if options["book"] is not None:
        click.echo(how_to_read(options["book"], market, asked["months"]))
        return
    click.echo(
        f"What came out is in {options['out']}"
        if options["out"] is not None
        else "Add --out DIR for the months as a table."
    )
