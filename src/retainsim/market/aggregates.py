"""
What a market went through as tables of one row a month: what our firm could know, and apart from it the truth.

Money is in minor units. Firms have their numbers, ours 0; the number after the last means no service.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import ACTIONS
from retainsdk.view import Reason
from retainsim.market import law
from retainsim.market.course import Counted
from retainsim.market.history import FLOWS, MONEY, PROMISES
from retainsim.market.month import month_start
from retainsim.market.person import OURS
from retainsim.market.running import COHORT_KINDS, FLOW_TALLIES, Run

Columns = dict[str, Any]
"""A column is an array or a list, one entry a month."""

_NEVER_SEEN = ("saved", "bluffed")
"""Of those who threatened and stayed, only the world knows who meant it."""
_UNSEEN = ("left", "left_silently")
"""Moves of customers without a contract that only the world sees: they just stop coming."""


def observed_months(run: Run) -> Columns:
    """What our firm can know of every month: its own books, price lists, published shares, and what people say."""
    tallies, columns = _tallies(run), _months(run)
    people = tallies[:, law.PEOPLE : law.PEOPLE + _n_firms(run) + 1]
    columns["customers"] = people[:, OURS]
    for place, kind in enumerate(COHORT_KINDS):
        columns[f"cohort_{_word(kind)}"] = tallies[:, law.COHORT + place]
    for place, name in zip(FLOW_TALLIES, FLOWS, strict=True):
        if _is_seen(name, run):
            columns[name] = tallies[:, place]
    columns["stayed_after_threat"] = tallies[:, law.SAVED] + tallies[:, law.BLUFFED]
    for place, name in enumerate(MONEY):
        columns[name] = tallies[:, law.REVENUE + place]
    for place, name in enumerate(PROMISES):
        columns[f"promises_{_word(name)}"] = tallies[:, law.KEPT + place]
    columns |= _said_and_done(run, tallies)
    everybody = people.sum(axis=1)
    for firm in range(_n_firms(run) + 1):
        columns[f"share_{firm}"] = people[:, firm] / everybody
    for firm in range(_n_firms(run)):
        offered = [plan.on_offer[firm] for plan in run.plans]
        columns[f"price_{firm}"] = [None if np.isinf(price) else price for price in offered]
    return columns


def _said_and_done(run: Run, tallies: NDArray[np.int64]) -> Columns:
    """Reasons that leavers gave, and what the policy did."""
    said = _reasons(tallies).sum(axis=1)
    columns: Columns = {f"said_{_word(reason.name)}": said[:, reason] for reason in Reason}
    for kind, action in enumerate(ACTIONS[1:], start=1):
        columns[f"action_{_word(action.kind.name)}"] = [month.actions[kind] for month in run.lived]
    return columns | {
        "actions_refused": [month.refused for month in run.lived],
        "actions_cut": [month.cut for month in run.lived],
        "minutes": [month.minutes for month in run.lived],
    }


def true_months(run: Run) -> Columns:
    """What only the world knows of every month; every column says so in its name."""
    tallies, columns = _tallies(run), _months(run)
    counted = [Counted.in_tally(tally, _n_firms(run)) for tally in tallies]
    for firm in range(_n_firms(run) + 1):
        columns[f"true_people_{firm}"] = [it.people[firm] for it in counted]
        columns[f"true_came_{firm}"] = [it.came[firm] for it in counted]
        columns[f"true_gone_{firm}"] = [it.gone[firm] for it in counted]
        columns[f"true_satisfaction_{firm}"] = [
            it.felt[firm] / law.FELT_UNIT / it.people[firm] if it.people[firm] else None for it in counted
        ]
    for name in ("quality", "awareness", "reputation"):
        for firm in range(_n_firms(run)):
            columns[f"true_{name}_{firm}"] = [getattr(plan, name)[firm] for plan in run.plans]
    for place, name in zip(FLOW_TALLIES, FLOWS, strict=True):
        if not _is_seen(name, run):
            columns[f"true_{name}"] = tallies[:, place]
    reasons = _reasons(tallies)
    for true in Reason:
        for said in Reason:
            if reasons[:, true, said].any():
                columns[f"true_{_word(true.name)}_said_{_word(said.name)}"] = reasons[:, true, said]
    return columns


def _months(run: Run) -> Columns:
    return {
        "month": list(range(1, run.number + 1)),
        "first_day": [month_start(run.market.starts_at, number).date() for number in range(run.number)],
    }


def _tallies(run: Run) -> NDArray[np.int64]:
    rows = [month.tally for month in run.lived]
    return np.array(rows, dtype=np.int64).reshape(len(rows), law.TALLIES)


def _reasons(tallies: NDArray[np.int64]) -> NDArray[np.int64]:
    return tallies[:, law.REASONS : law.PEOPLE].reshape(len(tallies), law.N_REASONS, law.N_REASONS)


def _n_firms(run: Run) -> int:
    return len(run.market.preset.firms)


def _is_seen(flow: str, run: Run) -> bool:
    return flow not in _NEVER_SEEN and (run.market.preset.contractual or flow not in _UNSEEN)


def _word(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")
