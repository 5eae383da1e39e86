"""What one month is for everybody: its chance, its days, the terms of all firms, and what is said of us."""

from __future__ import annotations

import ctypes
import math
from datetime import datetime
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.quantities import months_later
from retainsim.market.competitors import Plan
from retainsim.market.staff import DESKS, USUAL_TEAM, Team
from retainsim.market.streams import exp, moment

MOST_FIRMS = 8
"""Room in a month's row; how many firms a preset may name is `preset`'s business."""

_int, _real, _firms = ctypes.c_int64, ctypes.c_double, ctypes.c_double * MOST_FIRMS
_desks = ctypes.c_double * DESKS

FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("when", ctypes.c_uint64, "key of the month's chance"),
    ("number", _int, "month of the market, from 0"),
    ("first_day", _int, "day of the market on which the month begins"),
    ("n_days", _int, "its length"),
    ("next_day", _int, "day on which the next month begins"),
    ("n_firms", _int, "firms, ours first; as a firm's number it means no service"),
    ("of_year", _int, "month of the year, from 1"),
    ("talks", _int, "1 when people talk of us to each other"),
    ("word", _real, "what our customers said of us last month, on average"),
    (
        "overload",
        _real,
        "minutes asked of our staff beyond those there are, as a share of these; 0 when they suffice",
    ),
    ("staff_left", _int, "one bit for each of our representatives who left last month"),
    ("staff_skill", _desks, "of each of our representatives, 0 is usual"),
    ("cheapest", _real, "price of the cheapest competitor, infinite where nobody competes"),
    ("price", _firms, "of each firm, 1 is our list price; infinite when it is not on the market"),
    ("quality", _firms, "of each firm, 0 is usual"),
    ("failures", _firms, "of each firm's service, as a share of those at usual quality"),
    ("awareness", _firms, "share of people who know each firm's offer"),
    ("reputation", _firms, "of each firm, -1 to 1, 0 is usual"),
    ("lock_months", _firms, "for how long each firm binds newcomers"),
)
"""What a rule reads as ``w.price[firm]``. What is the same for everybody is worked out here, once a month."""


class MonthRow(ctypes.Structure):
    """A month as plain Python reads it; compiled code reads the same memory as a record."""

    _fields_ = [(name, ctype) for name, ctype, _ in FIELDS]


MONTH_DTYPE = np.dtype(MonthRow)


@attrs.frozen(kw_only=True, slots=False)
class Month:
    """
    One step of a market.

    Attributes:
        number: From 0.
        when: Key of its chance.
        first_day: Counted from the start of the market.
        n_days: Its length.
        plan: Terms of all firms.
        word: What our customers said of us last month, on average.
        talks: Whether people talk of us to each other.
        of_year: Month of the year, from 1.
        team: Our staff.
    """

    number: int
    when: int
    first_day: int
    n_days: int
    plan: Plan
    word: float = 0.0
    talks: bool = True
    of_year: int = 1
    team: Team = USUAL_TEAM

    @classmethod
    def of(
        cls,
        seed: int,
        starts_at: datetime,
        number: int,
        plan: Plan,
        *,
        word: float = 0.0,
        talks: bool = True,
        team: Team = USUAL_TEAM,
    ) -> Month:
        """The month of that number in a world that starts at an instant."""
        first, following = (
            (month_start(starts_at, month) - starts_at).days for month in (number, number + 1)
        )
        return cls(
            number=number,
            when=moment(seed, number),
            first_day=first,
            n_days=following - first,
            plan=plan,
            word=word,
            talks=talks,
            team=team,
            of_year=month_start(starts_at, number).month,
        )

    @cached_property
    def row(self) -> MonthRow:
        """As the rules read it in plain Python."""
        plan, row = self.plan, MonthRow()
        row.overload, row.staff_left = self.team.overload, self.team.left
        row.staff_skill[:] = self.team.skill
        row.when, row.number, row.word, row.talks = self.when, self.number, self.word, self.talks
        row.of_year = self.of_year
        row.first_day, row.n_days, row.next_day = self.first_day, self.n_days, self.first_day + self.n_days
        row.n_firms, row.cheapest = len(plan.price), min(plan.on_offer[1:], default=math.inf)
        for firm in range(len(plan.price)):
            row.price[firm], row.quality[firm] = plan.on_offer[firm], plan.quality[firm]
            row.awareness[firm], row.lock_months[firm] = plan.awareness[firm], plan.lock_months[firm]
            row.reputation[firm] = plan.reputation[firm]
            row.failures[firm] = exp(-plan.quality[firm])
        return row

    @property
    def record(self) -> NDArray[np.void]:
        """The same memory for compiled code: an array of one record."""
        return np.frombuffer(self.row, dtype=MONTH_DTYPE)  # type: ignore[call-overload,no-any-return,unused-ignore] # a buffer, which 3.11 cannot say


def month_start(starts_at: datetime, number: int) -> datetime:
    """The instant a month begins: months are counted from the start, so none drifts."""
    day = months_later(starts_at.date(), number)
    return datetime.combine(day, starts_at.timetz())
