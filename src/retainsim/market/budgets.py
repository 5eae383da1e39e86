"""
A budget over parts of a market that do not see each other: where it ends, found without gathering their actions.

The gate lets actions through by falling priority, those of one priority by the customer's id, until minutes or money
are spent. So what is done is everything down to one place in that order. Each part says what each of its priorities
would cost; then only the priority at which the budget runs out is looked at closely. It is exact: the same actions
are done as if all stood in one list.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import Actions, Budget, Executed, costs_of, together


@attrs.frozen(kw_only=True, eq=False)
class Costs:
    """
    What actions would cost, one entry a priority or a customer.

    Attributes:
        of: Priorities, or ids of customers.
        minutes: Of representatives.
        money: Minor units.
    """

    of: NDArray[np.int64] | NDArray[np.uint64]
    minutes: NDArray[np.int64]
    money: NDArray[np.int64]


@attrs.frozen(kw_only=True)
class Cut:
    """
    Where a budget ends.

    Attributes:
        priority: Everything above it is done.
        last: Of those at that priority, the last customer for whom something is done; none for nobody.
    """

    priority: int
    last: int | None


def levels_of(wanted: Actions) -> Costs:
    """What each priority would cost, one action a customer."""
    minutes, money = costs_of(wanted)
    priorities, place = np.unique(wanted.priority, return_inverse=True)
    sums = [np.zeros(len(priorities), dtype=np.int64) for _ in range(2)]
    for total, cost in zip(sums, (minutes, money), strict=True):
        np.add.at(total, place, cost)
    return Costs(of=priorities.astype(np.int64), minutes=sums[0], money=sums[1])


def level_that_ends(parts: Sequence[Costs], budget: Budget) -> tuple[int, Budget] | None:
    """The priority at which the budget runs out, and what is left for it; none when all can be done."""
    priorities = np.unique(np.concatenate([part.of for part in parts]))[::-1]
    sums = {"minutes": np.zeros(len(priorities), np.int64), "money": np.zeros(len(priorities), np.int64)}
    for part in parts:
        place = len(priorities) - 1 - np.searchsorted(priorities[::-1], part.of)
        for name, total in sums.items():
            total[place] += getattr(part, name)
    fits = _fits(sums["minutes"], sums["money"], budget)
    if fits.all():
        return None
    at = int(np.argmin(fits))
    left = {
        name: None if getattr(budget, name) is None else getattr(budget, name) - int(total[:at].sum())
        for name, total in sums.items()
    }
    return int(priorities[at]), Budget(**left)


def tied_at(wanted: Actions, priority: int, left: Budget) -> Costs:
    """The customers of a priority in order, up to the first for whom the rest would not do even alone."""
    tied = wanted.take(np.flatnonzero(wanted.priority == priority))
    tied = tied.take(np.argsort(tied.relationship, kind="stable"))
    minutes, money = costs_of(tied)
    fits = _fits(minutes, money, left)
    until = slice(None if fits.all() else int(np.argmin(fits)) + 1)
    return Costs(of=tied.relationship[until], minutes=minutes[until], money=money[until])


def cut_at(priority: int, parts: Sequence[Costs], left: Budget) -> Cut:
    """The last customer of a priority for whom something is done."""
    keys, minutes, money = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("of", "minutes", "money")
    )
    order = np.argsort(keys, kind="stable")
    fits = _fits(minutes[order], money[order], left)
    n_done = len(fits) if fits.all() else int(np.argmin(fits))
    return Cut(priority=priority, last=int(keys[order[n_done - 1]]) if n_done else None)


def within(executed: Executed, cut: Cut | None) -> Executed:
    """What is done up to the place where the budget ends."""
    if cut is None:
        return executed
    done = executed.done
    fits = done.priority > cut.priority
    if cut.last is not None:
        fits |= (done.priority == cut.priority) & (done.relationship <= np.uint64(cut.last))
    kept = done.take(np.flatnonzero(fits))
    return attrs.evolve(
        executed,
        done=kept,
        cut=together([executed.cut, done.take(np.flatnonzero(~fits))]),
        minutes=int(costs_of(kept)[0].sum()),
    )


def _fits(minutes: NDArray[np.int64], money: NDArray[np.int64], budget: Budget) -> NDArray[np.bool_]:
    fits = np.ones(len(minutes), dtype=np.bool_)
    if budget.minutes is not None:
        fits &= np.cumsum(minutes) <= budget.minutes
    if budget.money is not None:
        fits &= np.cumsum(money) <= budget.money
    return fits
