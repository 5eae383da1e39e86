"""
A run kept in a folder, so that it goes on from there to the same end: plain files, of which one says that they are whole.

``checkpoint.json`` says where the market stands, what it went through, and which files hold its people; it is replaced
last. So whoever is stopped while writing finds the checkpoint before.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import numpy as np
import orjson

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import write_whole
from retainsim.market.course import Counted, Course, plan_from
from retainsim.market.engine import Market, MonthOver, Reins, digest_in_words
from retainsim.market.kernels import version_of
from retainsim.market.people_files import unusable
from retainsim.market.running import Everybody, Run, Under

CHECKPOINT, SCHEMA_VERSION = "checkpoint.json", 1


@attrs.frozen(kw_only=True)
class Checkpoint:
    """
    What was kept of a run.

    Attributes:
        folder: Where.
        month: Months it had lived.
        people: Names of the files with its people, in order.
        record: All else, as plain data.
    """

    folder: Path
    month: int
    people: tuple[str, ...]
    record: dict[str, Any]


def keep(run: Run, folder: Path) -> Checkpoint:
    """
    Keep a run as it stands between two months.

    Args:
        run: It goes on as if nothing had been.
        folder: That is there; an older checkpoint in it is replaced.
    """
    files = run.everybody.keep(folder, f"people-{run.number:04d}")
    record = {
        "schema_version": SCHEMA_VERSION,
        "month": run.number,
        "people": files,
        "digest": run.digest(),
        "market": market_record(run.market),
        "law": version_of(run.under.law),
        "course": run.reins.course.to_record(),
        "started": run.started.to_record(),
        "lived": [_lived_record(month) for month in run.lived],
        "plans": [attrs.asdict(plan) for plan in run.plans],
    }
    write_whole(folder / CHECKPOINT, orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
    for old in folder.glob("people-*.arrow"):
        if old.name not in files:
            old.unlink()
    return Checkpoint(folder=folder, month=run.number, people=tuple(files), record=record)


def find(folder: Path) -> Checkpoint | None:
    """
    The checkpoint in a folder; none when nothing was kept there yet.

    Raises:
        InputError: When it cannot be read.
    """
    file = folder / CHECKPOINT
    if not file.exists():
        return None
    try:
        record = orjson.loads(file.read_bytes())
        known = record["schema_version"] == SCHEMA_VERSION
        month, people = int(record["month"]), tuple(str(it) for it in record["people"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise unusable(file, "is no checkpoint of a market") from error
    if not known:
        raise unusable(file, "is of another version of the program")
    return Checkpoint(folder=folder, month=month, people=people, record=record)


def taken_up(kept: Checkpoint, market: Market, under: Under, everybody: Everybody) -> Run:
    """
    The run that was kept, to go on from where it stood.

    Args:
        kept: In a folder.
        market: The same that it began with.
        under: What its people live under from now on.
        everybody: As they were kept.

    Raises:
        InputError: When it was another market, or its people are not those that were kept.
    """
    record = kept.record
    faults = []
    if record["market"] != market_record(market):
        faults.append(Fault("market", str(kept.folder), "was another one", "Ask for the same market."))
    if digest_in_words(everybody.sums()) != record["digest"]:
        faults.append(
            Fault("people", ", ".join(kept.people), "are not those that were kept", "Run the market again.")
        )
    if faults:
        raise InputError("checkpoint", faults)
    return Run(
        market,
        under,
        everybody,
        reins=Reins(market, Course.from_record(record["course"]), under.plan),
        started=Counted.from_record(record["started"]),
        lived=[_lived_from(month) for month in record["lived"]],
        plans=[plan_from(plan) for plan in record["plans"]],
    )


def law_faults(kept: Checkpoint, under: Under) -> list[Fault]:
    """What speaks against living on to the same end: that people would live by another law."""
    if kept.record["law"] == version_of(under.law):
        return []
    rule = "lived by another law than this version of the program, or this --rule, gives"
    return [Fault("law", kept.record["law"], rule, "Use the same version and rules, or fork the run.")]


def market_record(market: Market) -> dict[str, Any]:
    """What makes it the market it is."""
    return {
        "preset": market.preset.name,
        "preset_version": market.preset.version,
        "structure": market.preset.structure,
        "preset_digest": market.preset.digest,
        "customers": market.customers,
        "seed": market.seed,
        "starts_at": market.starts_at.isoformat(),
        "values": dict(sorted(market.rules.values.items())),
    }


def _lived_record(month: MonthOver) -> dict[str, Any]:
    return attrs.asdict(month) | {"tally": month.tally.tolist(), "actions": month.actions.tolist()}


def _lived_from(record: dict[str, Any]) -> MonthOver:
    counts = {name: np.array(record[name], dtype=np.int64) for name in ("tally", "actions")}
    return MonthOver(**record | counts)
