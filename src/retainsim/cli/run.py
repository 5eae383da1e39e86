"""Running a market on the command line: as large and as long as it may be, stopped and gone on with."""

from __future__ import annotations

import multiprocessing
import shlex
import signal
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click
from click.core import ParameterSource

from retainsdk.errors import NOTHING, Fault, InputError
from retainsim.cli import options
from retainsim.cli.book import book_option, how_to_read, lived_in_a_book, refuse_with_book
from retainsim.cli.door import debug
from retainsim.cli.long_runs import interruptible, prepare, progress

if TYPE_CHECKING:
    from retainsim.market import History, Market
    from retainsim.market.running import Under

_OF_THIS_CALL = ("out", "book", "resume", "fork_from", "threads", "processes", "as_json", "quiet")
"""Options that are no matter of the run itself, and are not kept."""
_MOST_CUSTOMERS = 10**10
"""More than there are people; the memory of the machines ends earlier."""


@click.command()
@click.argument("preset", required=False)
@options.customers("Ours at the start; the people of other firms, and of none, come on top.")
@options.months("Horizon, from the beginning.")
@options.seed
@click.option("--policy", default="none", show_default=True, help="A shipped one, or path/to/file.py:Name.")
@options.circumstances
@click.option(
    "--residual-months",
    type=int,
    default=24,
    show_default=True,
    help="For how long those who are ours at the end are followed, to say what they are worth.",
)
@options.threads("The result does not depend on it.")
@click.option(
    "--processes",
    type=int,
    default=0,
    help="Divide the people among so many processes, in each of which they live on one thread; the result is the same.",
)
@options.out("Write there what comes out, month by month.")
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
    type=options.folder,
    metavar="DIR",
    help="Begin at the checkpoint of another run; what is not given is as it was there.",
)
@book_option
@options.as_json
@options.quiet
@debug
def run(**given: Any) -> None:  # noqa: ANN401 # the options above
    """
    Run one market under one policy.

    Equal presets, options and seeds give equal digests, on any number of threads, interrupted or not.
    """
    faults: list[Fault] = []
    asked = _asked(given, faults)
    _refuse_half(asked, given, faults)
    refuse_with_book(given, asked, faults)
    market = _market(asked, faults)
    _refuse_figures(asked, given, faults)
    if not given["resume"]:
        prepare(given["out"], faults)
    under = _under(asked, faults)
    if market is None or under is None or faults:
        raise InputError("market run", faults)
    with ExitStack() as stack:
        workers = [stack.enter_context(it) for it in _workers(given["processes"])]
        history = _lived(market, under, asked=asked, given=given, workers=workers)
        twin = _with_consent(market, under, asked=asked, given=given, workers=workers)
    _deliver(market, under, history, twin, asked=asked, given=given)


def _lived(
    market: Market, under: Under, *, asked: dict[str, Any], given: dict[str, Any], workers: Sequence[Executor]
) -> History:
    from retainsim.market.kept import Keeping, run_market  # noqa: PLC0415 # numba

    keeping = None
    if given["out"] is not None:
        keeping = Keeping(
            folder=given["out"],
            rows_every=asked["rows_every"],
            checkpoint_every=asked["checkpoint_every"],
            form=asked["form"],
            asked=asked,
        )
    lived = 0
    with progress(quiet=given["quiet"], of="months") as show, interruptible() as stop_if_interrupted:

        def on_month(done: int, total: int) -> None:
            nonlocal lived
            lived = done
            show(done, total)
            stop_if_interrupted()

        if given["book"] is not None:
            return lived_in_a_book(market, under, given["book"], asked=asked, on_month=on_month)
        try:
            return run_market(
                market,
                under,
                keeping,
                months=asked["months"],
                threads=given["threads"],
                workers=workers,
                compiled="soon",
                residual_months=asked["residual_months"],
                resume=given["resume"],
                fork_from=given["fork_from"],
                on_month=on_month,
            )
        except KeyboardInterrupt:
            _say_how_to_go_on(given["out"], lived, asked["months"])
            raise


def _with_consent(
    market: Market, under: Under, *, asked: dict[str, Any], given: dict[str, Any], workers: Sequence[Executor]
) -> History | None:
    """The same market under the same policy, kept from acting without consent: what ignoring it cost is the difference."""
    if under.consent_gate or given["fork_from"] is not None:  # a fork began elsewhere
        return None
    from retainsim.market.kept import forked_from, run_market  # noqa: PLC0415 # numba

    if given["resume"] and forked_from(given["out"]) is not None:
        return None
    with (
        progress(quiet=given["quiet"], of="months with consent") as show,
        interruptible() as stop_if_interrupted,
    ):

        def on_month(done: int, total: int) -> None:
            show(done, total)
            stop_if_interrupted()

        return run_market(
            market,
            attrs.evolve(under, consent_gate=True),
            None,
            months=asked["months"],
            threads=given["threads"],
            workers=workers,
            compiled="soon",
            residual_months=asked["residual_months"],
            on_month=on_month,
        )


def _asked(given: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """What is to be run: as given, and in a run that goes on else as it was."""
    asked = {name: value for name, value in given.items() if name not in _OF_THIS_CALL}
    asked |= {name: list(asked[name]) for name in ("rules", "hires", "coaches")}
    folder = given["out"] if given["resume"] else given["fork_from"]
    if folder is None:
        return asked
    from retainsim.market.kept import recorded  # noqa: PLC0415 # numba

    try:
        before = recorded(folder).get("asked") or {}
    except InputError as error:
        faults += error.faults
        return asked
    now = {
        name: value
        for name, value in asked.items()
        if value is not None
        and click.get_current_context().get_parameter_source(name) is not ParameterSource.DEFAULT
    }
    return asked | before | now


def _refuse_half(asked: dict[str, Any], given: dict[str, Any], faults: list[Fault]) -> None:
    """Options that make sense together only."""
    if asked["preset"] is None and not (given["resume"] or given["fork_from"]):
        rule = "is missing"
        faults.append(Fault("PRESET", NOTHING, rule, "See retainsim market presets for the names."))
    if given["out"] is None:
        for name, value in (
            ("rows", asked["rows_every"]),
            ("checkpoint-every", asked["checkpoint_every"]),
            ("resume", given["resume"]),
            ("fork-from", given["fork_from"]),
        ):
            if value:
                faults.append(Fault(name, str(value), "needs a folder", "Add --out DIR."))


def _refuse_figures(asked: dict[str, Any], given: dict[str, Any], faults: list[Fault]) -> None:
    from retainsim.market.limits import out_of_range  # noqa: PLC0415 # numba
    from retainsim.market.person import MOST_MONTHS  # noqa: PLC0415 # as above
    from retainsim.market.running import refuse_impossible  # noqa: PLC0415 # as above

    months, residual = asked["months"], asked["residual_months"]
    if given["out"] is None:  # else the run may be made longer
        faults += [
            Fault(name, text, f"is after the last of {months} months", "Take an earlier month.")
            for name, texts in (("hire", asked["hires"]), ("coach", asked["coaches"]))
            for text in texts
            if text.partition("=")[0].isdecimal() and int(text.partition("=")[0]) > months >= 0
        ]
    options.tried(lambda: refuse_impossible(months=months, residual_months=residual), faults)
    faults += out_of_range(
        ("rows", asked["rows_every"], 0, MOST_MONTHS),
        ("checkpoint-every", asked["checkpoint_every"], 0, MOST_MONTHS),
    )
    options.refuse_too_many(faults, threads=given["threads"])
    options.refuse_too_many(faults, least=0, processes=given["processes"])


def _under(asked: dict[str, Any], faults: list[Fault]) -> Under | None:
    from retainsim.market.running import Under  # noqa: PLC0415 # numba

    policy = options.policy_of(asked["policy"], faults)
    staffing = options.staffing_of(asked["hires"], asked["coaches"], faults)
    budget = options.budget_of(asked["minutes"], asked["money"], faults)
    law = options.law_of(asked["rules"], faults)
    consent_gate = not asked["ignore_consent"]
    if policy is None:
        return None
    return Under(policy=policy, budget=budget, consent_gate=consent_gate, law=law, staffing=staffing)


def _market(asked: dict[str, Any], faults: list[Fault]) -> Market | None:
    from retainsim.market import Market  # noqa: PLC0415 # numba
    from retainsim.market.limits import LARGEST_SEED, out_of_range  # noqa: PLC0415 # as above

    wrong = out_of_range(
        ("customers", asked["customers"], 1, _MOST_CUSTOMERS), ("seed", asked["seed"], 0, LARGEST_SEED)
    )
    faults += wrong
    if asked["preset"] is None:
        return None
    preset = options.preset_of(asked["preset"], faults, structure=asked["structure"])
    if preset is None or wrong:
        return None
    return Market.draw(
        preset, customers=asked["customers"], seed=asked["seed"], parameters=asked["parameters"]
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
    history: History,
    twin: History | None,
    *,
    asked: dict[str, Any],
    given: dict[str, Any],
) -> None:
    from retainsim.exports.runs import run_record, run_table  # noqa: PLC0415 # rich

    if given["as_json"]:
        import orjson  # noqa: PLC0415 # not for help

        record = run_record(
            market,
            under,
            history,
            twin,
            parameters=asked["parameters"],
            threads=given["threads"],
            out=given["out"],
            book=given["book"],
        )
        click.echo(orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 # not for JSON

    Console().print(run_table(market, under, history, twin))
    if given["book"] is not None:
        click.echo(how_to_read(given["book"], market, asked["months"]))
        return
    click.echo(
        f"What came out is in {given['out']}"
        if given["out"] is not None
        else "Add --out DIR for the months as a table."
    )
