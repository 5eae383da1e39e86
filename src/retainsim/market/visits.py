"""Visits where nobody is bound: on which days they fell, how many lie in ninety days, and when somebody counts as lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.market import purposes as for_
from retainsim.market.law.buying import DAYS_A_MONTH, LAPSED_AFTER
from retainsim.market.month import month_start
from retainsim.market.person import People, figures
from retainsim.market.streams import moment, uniforms

WINDOW = 90
"""Days back over which a shop counts purchases, today among them."""
_A_MONTH = 31  # the lowest five bits of `visits`, and as many for each month before
_MOST_CUT = 4

Number = TypeVar("Number", float, NDArray[Any])


def offset(place: Number, count: Number, lot: Number, n_days: int) -> Number:
    """
    How far into a month of so many days one of its purchases falls, in days and a fraction.

    The month is divided evenly among them. The last falls on the day that the law keeps.

    Args:
        place: Which of them, from 1.
        count: How many there are.
        lot: The month's number for `VISIT_DAY`.
        n_days: Of the month.
    """
    into: Number = n_days * (place - 1.0 + lot) / count
    return into


def usual_gap(often: Number, share_made: float) -> Number:
    """
    How long somebody usually stays away, in days: what he tells a shop of himself.

    Args:
        often: How many visits a month are usual with him.
        share_made: The share of wanted visits that end in a purchase.
    """
    gap: Number = DAYS_A_MONTH / (often * share_made)
    return gap


def last_day(visit_day: NDArray[Any], often: NDArray[Any], share_made: float) -> NDArray[np.int64]:
    """
    The last day on which somebody still counts as a customer: three of his usual gaps after he bought.

    Args:
        visit_day: When each bought last.
        often: How many visits a month are usual with each.
        share_made: The share of wanted visits that end in a purchase.
    """
    three_gaps = LAPSED_AFTER * usual_gap(np.maximum(often, 0.05), share_made)
    return np.asarray(visit_day + np.floor(three_gaps), dtype=np.int64)


def last_days(people: People, share_made: float) -> NDArray[np.int64]:
    """The same of people of a market."""
    return last_day(people["visit_day"].astype(np.int64), figures(people, "rate"), share_made)


@attrs.frozen
class Quarter:
    """
    The three months before a month begins, as far as they are longer than ninety days.

    Attributes:
        when: Key of the chance of the first of them.
        n_days: Its length.
        cut: How many of its days lie too far back to be counted.
    """

    when: int
    n_days: int
    cut: int

    @classmethod
    def before(cls, seed: int, starts_at: datetime, number: int) -> Quarter | None:
        """That of a month; none when it began before the market did, of which only the counts are known."""
        if number < 3:  # noqa: PLR2004 - months
            return None
        first, second, now = (month_start(starts_at, number - ago) for ago in (3, 2, 0))
        cut = max((now - first).days - WINDOW + 1, 0)
        return cls(moment(seed, number - 3), (second - first).days, cut)

    def too_early(self, people: People) -> NDArray[np.int64]:
        """How many of each one's purchases in the first of the three months fell on those days."""
        count = (people["visits"].astype(np.int64) >> 10) & _A_MONTH
        lot = uniforms(people["key"], self.when, for_.VISIT_DAY)
        early = np.zeros(len(people), dtype=np.int64)
        for place in range(1, _MOST_CUT + 1):
            at = offset(np.full(len(people), float(place)), np.maximum(count, 1.0), lot, self.n_days)
            early += (place <= count) & (at < self.cut)
        return early


def lately(people: People, quarter: Quarter | None) -> NDArray[np.int64]:
    """How often each bought in the last ninety days."""
    kept = people["visits"].astype(np.int64)
    three_months: NDArray[np.int64] = (kept & _A_MONTH) + (kept >> 5 & _A_MONTH) + (kept >> 10 & _A_MONTH)
    return three_months if quarter is None else three_months - quarter.too_early(people)
