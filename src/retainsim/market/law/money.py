"""Money: what is paid, what is let off, and what serving costs."""

from __future__ import annotations

from retainsim.market.law.membership import extras
from retainsim.market.law.names import (
    CONCESSIONS,
    REVENUE,
    SERVING,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.person import Person
from retainsim.market.streams import rule


@rule
def pay(c: Person, w: MonthRow, p: Parameters, tally: Tally) -> None:
    """The month's money, unless service is paused; then a discount that has run its months ends."""
    if c.paused_until <= w.number:
        charge(c, p, tally)
    if c.discount_until <= w.number + 1:
        c.discount = 0


@rule
def charge(c: Person, p: Parameters, tally: Tally) -> None:
    """The fee of a month, and what the programme gives."""
    take(c, c.monthly_fee, c.discount, p, tally)
    tally[CONCESSIONS] += extras(c, p)


@rule
def take(c: Person, price: int, off: int, p: Parameters, tally: Tally) -> None:
    """Money for what was bought, less a concession, and the cost of serving, which falls with tenure [C5 D1]."""
    c.value_to_date = c.value_to_date + (price - off)
    if p.contractual == 0.0:  # under a contract it was counted when it was promised
        c.concession_cost = min(c.concession_cost + off, 2_000_000_000)
    tally[REVENUE] += price
    tally[CONCESSIONS] += off
    new = p.serving_new * 6.0 / (6.0 + c.tenure)
    tally[SERVING] += int(price * p.serving * (1.0 + new) + p.complaint_cost * c.complaints_open)
