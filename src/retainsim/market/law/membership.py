"""What binds regulars: products that suit, the programme with its ranks and extras, benefits, and being let in first."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import clamp, once_more, one_more, saturation, times
from retainsim.market.law.names import (
    CONCESSIONS,
    EARLY_ACCESS,
    EVERY_MARK,
    THIS_YEAR,
    Luck,
    Parameters,
    Tally,
)
from retainsim.market.person import Person
from retainsim.market.streams import drawn, rule, uniform

VETERAN = 24
"""Months of tenure from which a customer counts as a veteran."""


@rule
def belonging(c: Person, p: Parameters) -> float:
    """What a customer would lose by going, against a usual one: products that suit, his rank, the extras of veterans, a benefit [A6 D5 D7]."""
    fitting = min(int(c.products), products_that_suit(c))
    bound = p.product_binds * (fitting - p.usual_products) + p.tier_binds * (c.tier - p.usual_tier)
    if c.tenure >= VETERAN:
        bound = bound + p.tenure_benefit_binds
    if c.benefit > 0:
        bound = bound + p.benefit_binds
    return bound


@rule
def products_that_suit(c: Person) -> int:
    """How many of our products would suit him, 1 to 6: a trait of his."""
    return 1 + int(6.0 * uniform(c.key, for_.POPULATION, for_.PRODUCTS))


@rule
def tier_of(paid: float, p: Parameters) -> int:
    """The rank of who has paid so many monthly fees: each asks for twice what the one before does [A6 C5]."""
    rank = 0
    for least in range(3):
        if paid >= p.tier_months * (1 << least):
            rank = rank + 1
    return rank


@rule
def anniversary(c: Person, p: Parameters) -> None:
    """Another year with us: what is counted by the year begins anew, and his rank is found again."""
    c.marks = c.marks & (EVERY_MARK - THIS_YEAR)
    c.tier = tier_of(c.value_to_date / max(c.monthly_fee, 1), p)


@rule
def extras(c: Person, p: Parameters) -> int:
    """What the programme gives him this month, in money: by rank, and to veterans [A6 D7]."""
    share = p.tier_cost * c.tier
    if c.tenure >= VETERAN:
        share = share + p.tenure_benefit
    return int(share * c.monthly_fee)


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
