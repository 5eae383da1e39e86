"""A year lived after a call, by the market's own kernel: the month of the call, and eleven more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.market.competitors import Plan
from retainsim.market.engine import Part
from retainsim.market.month import Month
from retainsim.market.person import OURS, ROW_DTYPE, People
from retainsim.training.scenario import Case

MONTHS = 12
"""A year from the month of the call, that month included."""


@attrs.frozen(kw_only=True, eq=False)
class Year:
    """
    What a year brought.

    Attributes:
        tally: What was counted, at the places that `law` names.
        ours: Whether each customer was ours at the end of each month, ``(months, customers)``.
    """

    tally: NDArray[np.int64]
    ours: NDArray[np.bool_]


def lived_year(
    case: Case,
    people: NDArray[np.void],
    who: NDArray[np.intp],
    enter: Callable[[Part], NDArray[np.int64]],
    *,
    compiled: bool | Literal["soon"] = "soon",
) -> Year:
    """
    A year in which whoever threatens later is answered by nobody.

    Args:
        case: Whose market and month it is.
        people: Who live; left as they are.
        who: Positions of the customer in them.
        enter: Lives the month of the call, and counts.
        compiled: As `Part` takes it.
    """
    market, first = case.market, case.month
    part = Part(market, people=people.copy().view(ROW_DTYPE), compiled=compiled)
    part.catch_up()
    tally = enter(part)
    ours = [_ours(part.people, who)]
    for number in range(first.number + 1, first.number + MONTHS):
        month = _month(market.seed, market.starts_at, number, first.plan)
        of_month, threatening = part.live(month)
        part.settle(month, threatening, of_month, None)
        tally += of_month
        ours.append(_ours(part.people, who))
    return Year(tally=tally, ours=np.stack(ours))


@lru_cache(maxsize=1_000)
def _month(seed: int, starts_at: datetime, number: int, plan: Plan) -> Month:
    """A month of a year; many years of one customer have the same."""
    return Month.of(seed, starts_at, number, plan)


def _ours(people: People, who: NDArray[np.intp]) -> NDArray[np.bool_]:
    return np.asarray(people["firm"][who] == OURS)
