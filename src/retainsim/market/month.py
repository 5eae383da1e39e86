"""What one month is for everybody: its chance, its days, and the terms of all firms."""

from __future__ import annotations

from datetime import datetime

import attrs

from retainsdk.quantities import months_later
from retainsim.market.competitors import Plan
from retainsim.market.streams import moment


@attrs.frozen(kw_only=True)
class Month:
    """
    One step of a market.

    Attributes:
        number: From 0.
        when: Key of its chance.
        first_day: Counted from the start of the market.
        n_days: Its length.
        plan: Terms of all firms.
    """

    number: int
    when: int
    first_day: int
    n_days: int
    plan: Plan

    @classmethod
    def of(cls, seed: int, starts_at: datetime, number: int, plan: Plan) -> Month:
        """The month of that number in a world that starts at an instant."""
        first, following = (
            (month_start(starts_at, month) - starts_at).days for month in (number, number + 1)
        )
        return cls(
            number=number, when=moment(seed, number), first_day=first, n_days=following - first, plan=plan
        )

    @property
    def numbers(self) -> tuple[int, int, int, int]:
        """As the law takes them."""
        return self.number, self.when, self.first_day, self.n_days


def month_start(starts_at: datetime, number: int) -> datetime:
    """The instant a month begins: months are counted from the start, so none drifts."""
    day = months_later(starts_at.date(), number)
    return datetime.combine(day, starts_at.timetz())
