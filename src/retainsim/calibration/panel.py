"""
A panel: who were customers on one day, and who of them left when. Data and simulated worlds give the same.

A world is watched through the view alone, as a firm would watch its customers; so nothing here knows how the market
keeps its people.
"""

from __future__ import annotations

from typing import ClassVar

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import Actions, Budget, Move, PolicyStream, ThreatView, default_response, no_actions
from retainsdk.view import BookView, Stage
from retainsim.market import Market, run

STILL_HERE = 0
"""In `Panel.left`: not gone when the panel ends."""

_SERVED = (Stage.ONBOARDING, Stage.ACTIVE, Stage.ENDING)
_YEAR = 12


@attrs.frozen(kw_only=True, eq=False)
class Panel:
    """
    Customers on one day, one element each, in the order of their ids.

    Attributes:
        relationship: Ids.
        contract: 0 without a term, 1 a term of a year at most, 2 a longer one.
        tenure: Months with us on that day.
        fee: Per month, minor units.
        left: The month in which each left, from 1; `STILL_HERE` who did not.
        complained: Who complained in which month, ``(n, months)``; none when the source does not tell.
        months: Length of the panel.
        is_dated: Whether months are known. If not, `left` says the last month of whoever left at any time.
    """

    relationship: NDArray[np.uint64]
    contract: NDArray[np.int8]
    tenure: NDArray[np.int32]
    fee: NDArray[np.int64]
    left: NDArray[np.int16]
    complained: NDArray[np.bool_] | None
    months: int
    is_dated: bool

    def __len__(self) -> int:
        return len(self.relationship)


def served(view: BookView) -> NDArray[np.bool_]:
    """Who is a customer, though he may be about to leave."""
    return np.isin(view.stage, _SERVED)


def panel_of(
    view: BookView,
    left: NDArray[np.int16],
    *,
    months: int,
    is_dated: bool,
    complained: NDArray[np.bool_] | None = None,
) -> Panel:
    """The panel of the customers of a view; *left* and *complained* have an element for each of them."""
    here = served(view)
    term = view.term_months[here]
    return Panel(
        relationship=view.relationship[here],
        contract=np.where(term == 0, 0, np.where(term <= _YEAR, 1, 2)).astype(np.int8),
        tenure=view.tenure_months[here].astype(np.int32),
        fee=view.monthly_fee[here].astype(np.int64),
        left=left,
        complained=complained,
        months=months,
        is_dated=is_dated,
    )


def watched(market: Market, *, months: int, threads: int = 1) -> Panel:
    """What becomes of our customers in a world in which nothing is done for them."""
    return watched_from_the_start(market, months=months, threads=threads)[1]


def watched_from_the_start(market: Market, *, months: int, threads: int = 1) -> tuple[BookView, Panel]:
    """
    The same, with what the firm sees at its beginning.

    Who left is read off the views at the beginning of the months after, so somebody who leaves and is back before the
    next one begins has not left.
    """
    watcher = _Watcher()
    # the view after the last month is shown at the beginning of one more
    run(market, watcher, months=months + 1, threads=threads, residual_months=0)
    first = watcher.first
    assert first is not None  # noqa: S101 # a run asks its policy every month
    here = served(first)
    ids = first.relationship[here]
    left = np.full(len(ids), STILL_HERE, dtype=np.int16)
    complained = np.zeros((len(ids), months), dtype=np.bool_)
    complaints = first.complaints[here]
    for month, seen in enumerate(watcher.later, start=1):
        rows = np.searchsorted(seen.relationship, ids)
        left[(left == STILL_HERE) & ~seen.served[rows]] = month
        complained[:, month - 1] = seen.complaints[rows] > complaints
        complaints = seen.complaints[rows]
    return first, panel_of(first, left, months=months, is_dated=True, complained=complained)


@attrs.frozen(kw_only=True, eq=False)
class _Seen:
    """What is kept of a month: a whole view of each would fill the memory."""

    relationship: NDArray[np.uint64]
    served: NDArray[np.bool_]
    complaints: NDArray[np.int32]


class _Watcher:
    """The policy that does nothing, and remembers what it was shown."""

    name: ClassVar[str] = "none"
    scope: ClassVar[str] = "customer"

    def __init__(self) -> None:
        self.first: BookView | None = None
        self.later: list[_Seen] = []

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        if self.first is None:
            self.first = view
        else:
            seen = _Seen(relationship=view.relationship, served=served(view), complaints=view.complaints)
            self.later.append(seen)
        return no_actions()

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol's
        return default_response(case)
