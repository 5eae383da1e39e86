"""What regulars get: benefits given for a while, and what is shown to them first."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import clamp, once_more, one_more, saturation, times
from retainsim.market.law.names import CONCESSIONS, EARLY_ACCESS, Luck, Parameters, Tally
from retainsim.market.person import Person
from retainsim.market.streams import drawn, rule

VETERAN = 24
"""Months of tenure from which a customer counts as a veteran."""


@rule
def give(c: Person, amount: int, tally: Tally) -> None:
    """Money given once, for a gift, a benefit or in compensation."""
    c.concession_cost = min(c.concession_cost + amount, 2_000_000_000)
    tally[CONCESSIONS] += amount


@rule
def consider_benefit(c: Person, amount: int, luck: Luck, p: Parameters, tally: Tally) -> None:
    """
    A benefit for some months is one more thing he would lose by going [A6].

    It lasts the longer the more it is worth, in decreasing steps; unlike money off it leaves the price thought right
    where it is and teaches no threats.
    """
    c.offers_made = one_more(c.offers_made)
    if drawn(luck, for_.ACCEPTANCE) < 0.95:
        c.offers_accepted = one_more(c.offers_accepted)
        c.benefit = max(c.benefit, int(p.benefit_months * saturation(amount, c.monthly_fee) + 0.5))
        give(c, amount, tally)


@rule
def let_in_first(c: Person, p: Parameters) -> None:
    """Who is a regular or a veteran is pleased to be first, half as much each further time in a year; others think nothing of it [A6 D7]."""
    c.offers_made = one_more(c.offers_made)
    if c.tier > 0 or c.tenure >= VETERAN:
        c.offers_accepted = one_more(c.offers_accepted)
        pleased = p.early_access / (1 << times(c.marks, EARLY_ACCESS))
        c.satisfaction = clamp(c.satisfaction + pleased * (1.0 - c.satisfaction), -1.0, 1.0)
        c.marks = once_more(c.marks, EARLY_ACCESS)
