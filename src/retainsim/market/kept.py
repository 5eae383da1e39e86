"""
A run whose findings go into a folder, and which can be stopped at any moment and gone on with.

Always there are the months (`aggregates`) and ``run.json``, which says what was run and what came out; on request
everybody's rows (`census`) and checkpoints. Every file is whole or not there.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

import attrs
import numpy as np
import orjson
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import write_whole
from retainsim.market.aggregates import Columns, observed_months, true_months
from retainsim.market.checkpoint import (
    Checkpoint,
    find,
    keep,
    law_faults,
    market_record,
    taken_up,
)
from retainsim.market.engine import Market
from retainsim.market.history import FLOWS, MONEY, PROMISES, History
from retainsim.market.people_files import read_people
from retainsim.market.running import RESIDUAL_MONTHS, Everybody, Run, Together, Under, refuse_impossible
from retainsim.market.shards import Shards

RUN = "run.json"
Form = Literal["parquet", "arrow", "csv", "json"]
FORMS: tuple[Form, ...] = ("parquet", "arrow", "csv", "json")

OnMonth = Callable[[int, int], None]
"""Called between two months with how many were lived, and how many are to be."""


@attrs.frozen(kw_only=True)
class Keeping:
    """
    What is kept of a run, and how often.

    Attributes:
        folder: Where; made when it is not there.
        rows_every: Months after which everybody's rows are written; 0 for never.
        checkpoint_every: Months after which a checkpoint is; 0 for never but when the run is interrupted.
        form: Of the tables of months.
        asked: What else ``run.json`` says of how the run was asked for.
    """

    folder: Path
    rows_every: int = 0
    checkpoint_every: int = 0
    form: Form = "parquet"
    asked: Mapping[str, Any] = attrs.field(factory=dict)


def run_market(
    market: Market,
    under: Under,
    keeping: Keeping | None,
    *,
    months: int,
    threads: int = 1,
    workers: Executor | Sequence[Executor] = (),
    parts: int | None = None,
    compiled: bool | Literal["soon"] = True,
    residual_months: int = RESIDUAL_MONTHS,
    resume: bool = False,
    fork_from: Path | None = None,
    on_month: OnMonth | None = None,
) -> History:
    """
    Run a market and keep in a folder what comes out.

    Whether, and how often, anything is kept changes nothing in the market.

    Args:
        market: At its beginning; left as it is.
        under: What its people live under.
        keeping: What is kept; none for nothing.
        months: Horizon, from the beginning of the market.
        threads: Over which people are spread; the result does not depend on it.
        workers: Executors over which parts of the market are spread, as `shards.Shards` takes them; none for this
            process alone. The result does not depend on them; what is kept they write into the same folder.
        parts: In how many; a checkpoint says in how many it goes on.
        compiled: As in `running.run`; workers do not begin in plain Python.
        residual_months: Length of the continuation that values who is still ours.
        resume: Go on from the checkpoint in the folder; from the beginning when there is none yet.
        fork_from: The folder of another run of the same market, whose checkpoint this one goes on from.
        on_month: Told of every month. When it raises KeyboardInterrupt, the run is kept before it ends.

    Raises:
        InputError: When something asked for is impossible, does not fit the checkpoint, or a folder holds another run.
        PolicyError: When the policy answers with something else than actions.
    """
    refuse_impossible(months=months, threads=threads, residual_months=residual_months)
    start, forked = None, fork_from
    if keeping is not None:
        _refuse_impossible(keeping, resume=resume, fork_from=fork_from)
        forked = forked_from(keeping.folder) if resume else fork_from
        start = _start(market, under, keeping, months=months, resume=resume, fork_from=fork_from)
        keeping.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        everybody: Everybody
        if workers:
            begun = None if start is None else (start.folder, start.people)
            everybody = Shards(
                market,
                under,
                workers,
                parts=parts,
                compiled=compiled is not False,
                begun=begun,
                begun_at=0 if start is None else start.month,
            )
        else:
            pool = stack.enter_context(ThreadPoolExecutor(max_workers=threads)) if threads > 1 else None
            people = None if start is None else read_people(start.folder, start.people)
            everybody = Together(market, under, compiled=compiled, pool=pool, people=people)
        run = Run(market, under, everybody) if start is None else taken_up(start, market, under, everybody)
        if keeping is not None and fork_from is not None:  # from now on it stands by itself
            keep(run, keeping.folder)
        return run_on(
            run, keeping, months=months, residual_months=residual_months, forked=forked, on_month=on_month
        )


def run_on(
    run: Run,
    keeping: Keeping | None,
    *,
    months: int,
    residual_months: int = RESIDUAL_MONTHS,
    forked: Path | None = None,
    on_month: OnMonth | None = None,
) -> History:
    """
    Go on with a run to its horizon, keeping in a folder what comes out; `run_market` says how.

    Args:
        run: At its beginning, or taken up.
        keeping: What is kept, in a folder that is there; none for nothing.
        months: Horizon, from the beginning of the market.
        residual_months: Length of the continuation that values who is still ours.
        forked: Where the run was forked from.
        on_month: Told of every month.
    """
    record: dict[str, Any] = {}
    if keeping is not None:
        record = run_record(run, months=months)
        record |= {"forked_from": None if forked is None else str(forked), "asked": dict(keeping.asked)}
        _write_record(keeping, record | {"result": None})
    _told(on_month, run, keeping, months)
    while run.number < months:
        run.month()
        if keeping is not None:
            _look(run, keeping, is_last=run.number == months)
        _told(on_month, run, keeping, months)
    if keeping is not None:
        _write_months(run, keeping)
    history = run.history(residual_months)
    if keeping is not None:
        _write_record(keeping, record | {"result": result_record(history)})
    return history


def _look(run: Run, keeping: Keeping, *, is_last: bool) -> None:
    def is_due(every: int) -> bool:
        return every > 0 and (run.number % every == 0 or is_last)

    if is_due(keeping.rows_every):
        run.everybody.show(keeping.folder, f"rows-{run.number:04d}")
    if is_due(keeping.checkpoint_every):
        _keep(run, keeping)


def run_record(run: Run, *, months: int) -> dict[str, Any]:
    """What was run, as plain data: what makes it the market it is, and what its people lived under."""
    return {
        "schema_version": 1,
        **market_record(run.market),
        "months": months,
        **_setting(run.under),
        "people": int(run.started.people.sum()),
        "firms": [firm.name for firm in run.market.preset.firms],
        "currency": run.market.preset.currency,
    }


def result_record(history: History) -> dict[str, Any]:
    """What came out, as plain data; money in minor units."""
    return {
        "digest": history.digest,
        "customers_at_end": int(history.people[-1, 0]),
        "flows": dict(zip(FLOWS, history.flows.sum(axis=0).tolist(), strict=True)),
        "money": dict(zip(MONEY, history.money.sum(axis=0).tolist(), strict=True)),
        "promises": dict(zip(PROMISES, history.promises.sum(axis=0).tolist(), strict=True)),
        "actions": int(history.actions.sum()),
        "refused": history.refused,
        "cut": history.cut,
        "minutes": history.minutes,
        "cash": history.cash,
        "residual": history.residual,
        "residual_months": history.residual_months,
        "profit": history.profit,
    }


def write_months(columns: Columns, path: Path) -> None:
    """Write a table in the form that the name of the file ends with."""
    table, file = pa.table({name: _plain(values) for name, values in columns.items()}), io.BytesIO()
    form = path.suffix.removeprefix(".")
    if form == "parquet":
        pq.write_table(table, file)
    elif form == "arrow":
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    elif form == "csv":
        pyarrow.csv.write_csv(table, file)
    else:
        file.write(orjson.dumps(table.to_pylist(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    write_whole(path, file.getvalue())


def _plain(values: Any) -> Any:  # noqa: ANN401 # an array or a list
    return np.ascontiguousarray(values) if isinstance(values, np.ndarray) else values


def recorded(folder: Path) -> dict[str, Any]:
    """
    What ``run.json`` says of the run in a folder.

    Raises:
        InputError: When there is none, or it cannot be read.
    """
    try:
        record: dict[str, Any] = orjson.loads((folder / RUN).read_bytes())
    except (OSError, ValueError) as error:
        remedy = "Give the folder that a run was kept in."
        raise InputError("run", [Fault("folder", str(folder), "holds no run", remedy)]) from error
    return record


def forked_from(folder: Path) -> Path | None:
    """The folder of the run that the one in a folder was forked from."""
    forked = recorded(folder).get("forked_from")
    return None if forked is None else Path(forked)


def _refuse_impossible(keeping: Keeping, *, resume: bool, fork_from: Path | None) -> None:
    faults = [
        Fault(name, str(value), "must be at least 0", "Ask for a number of months, or 0 for never.")
        for name, value in (
            ("rows_every", keeping.rows_every),
            ("checkpoint_every", keeping.checkpoint_every),
        )
        if value < 0
    ]
    if keeping.form not in FORMS:
        faults.append(
            Fault("form", keeping.form, "is no form of tables here", f"Choose one of {', '.join(FORMS)}.")
        )
    if resume and fork_from is not None:
        rule = "cannot stand beside resume"
        faults.append(Fault("fork_from", str(fork_from), rule, "Fork into a new folder, then resume that."))
    if not resume and (keeping.folder / RUN).exists():
        remedy = "Resume it, or choose another folder."
        faults.append(Fault("folder", str(keeping.folder), "holds a run already", remedy))
    if faults:
        raise InputError("run", faults)


def _start(
    market: Market, under: Under, keeping: Keeping, *, months: int, resume: bool, fork_from: Path | None
) -> Checkpoint | None:
    """The checkpoint to go on from, once it is sure that it fits."""
    folder = fork_from or keeping.folder
    if not (resume or fork_from):
        return None
    was, kept = recorded(folder), find(folder)
    faults = _differences(market_record(market), was, "Ask for the same.")
    if resume:
        faults += _differences(_setting(under), was, "Ask for the same, or fork the run.")
    if kept is not None:
        faults += law_faults(kept, under) if resume else []
        if kept.month > months:
            rule = f"is less than the {kept.month} months that the checkpoint has lived"
            faults.append(Fault("months", str(months), rule, "Ask for more months."))
    elif fork_from:
        remedy = "Run it with a checkpoint every so many months."
        faults.append(Fault("folder", str(folder), "holds no checkpoint", remedy))
    if faults:
        raise InputError("run", faults)
    return kept


def _setting(under: Under) -> dict[str, Any]:
    """What a resumed run must share with the one before; a fork may differ in it."""
    return {
        "policy": under.policy.name,
        "budget": attrs.asdict(under.budget),
        "consent_gate": under.consent_gate,
        "rules": dict(under.law.digests),
        "staffing": under.plan.to_record(),
    }


def _differences(now: dict[str, Any], was: dict[str, Any], remedy: str) -> list[Fault]:
    return [
        Fault(name, str(now[name]), f"was {was.get(name)} in the run that was kept", remedy)
        for name in now
        if was.get(name) != now[name]
    ]


def _told(on_month: OnMonth | None, run: Run, keeping: Keeping | None, months: int) -> None:
    if on_month is None:
        return
    try:
        on_month(run.number, months)
    except KeyboardInterrupt:
        if keeping is not None:
            _keep(run, keeping)
        raise


def _keep(run: Run, keeping: Keeping) -> None:
    kept = find(keeping.folder)
    if kept is None or kept.month != run.number:
        keep(run, keeping.folder)
    _write_months(run, keeping)


def _write_months(run: Run, keeping: Keeping) -> None:
    write_months(observed_months(run), keeping.folder / f"months.{keeping.form}")
    write_months(true_months(run), keeping.folder / f"months.truth.{keeping.form}")


def _write_record(keeping: Keeping, record: dict[str, Any]) -> None:
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    write_whole(keeping.folder / RUN, orjson.dumps(record, option=options))
