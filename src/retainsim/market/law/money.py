"""Money, and the end of a month for whoever is settled."""

from __future__ import annotations

from retainsim.market.law.names import (
    COHORT,
    CONCESSIONS,
    CONTRACT_DAYS,
    FELT,
    FELT_UNIT,
    MONTH_TO_MONTH,
    PEOPLE,
    REVENUE,
    SERVING,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.person import OURS, Person
from retainsim.market.streams import rule


@rule
def close_books(c: Person, w: MonthRow, p: Parameters, tally: Tally) -> None:
    """The month is over: who is ours is a month older with us and pays, terms renew by themselves, what is recent fades by half."""
    if c.firm == OURS:
        c.tenure = c.tenure + 1
        if c.contract != MONTH_TO_MONTH and c.lock_end_day < w.next_day:
            c.lock_end_day = c.lock_end_day + CONTRACT_DAYS[int(c.contract)]
        pay(c, w, p, tally)
    c.contacts_recent = c.contacts_recent // 2
    c.signals_recent = c.signals_recent // 2
    tally[PEOPLE + c.firm] += 1
    tally[FELT + c.firm] += int(FELT_UNIT * c.satisfaction)
    if c.cohort >= 0:
        tally[COHORT + c.cohort] += 1


@rule
def pay(c: Person, w: MonthRow, p: Parameters, tally: Tally) -> None:
    """The month's money, unless service is paused; then a discount that has run its months ends."""
    if c.paused_until <= w.number:
        charge(c, p, tally)
    if c.discount_until <= w.number + 1:
        c.discount = 0


@rule
def charge(c: Person, p: Parameters, tally: Tally) -> None:
    """Fee less concession, and the cost of serving, which falls with tenure [C5 D1]."""
    c.value_to_date = c.value_to_date + (c.monthly_fee - c.discount)
    tally[REVENUE] += c.monthly_fee
    tally[CONCESSIONS] += c.discount
    new = p.serving_new * 6.0 / (6.0 + c.tenure)
    tally[SERVING] += int(c.monthly_fee * p.serving * (1.0 + new) + p.complaint_cost * c.complaints_open)
