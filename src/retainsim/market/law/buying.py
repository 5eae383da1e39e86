"""
Buying without a contract: visits, baskets, coupons, and a gap that grows when somebody stops.

Nobody gives notice in a shop. Whether he would come again at today's terms is the truth (`person.firm`); that he has
not come for three times his usual gap is all that can be seen (`has_lapsed`).
"""

from __future__ import annotations

import math

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import centred, clamp, one_more, rooted
from retainsim.market.law.membership import anniversary, extras, give
from retainsim.market.law.money import take
from retainsim.market.law.names import (
    NEED_THERE,
    OFFER_PRICE,
    RETURN,
    WIN_BACK,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.person import OURS, Person
from retainsim.market.streams import drawn, exp, rule

MOST_VISITS = 31
"""A month; as many as five bits hold."""
THREE_MONTHS = 0x7FFF
LAPSED_AFTER = 3.0
"""Usual gaps without a visit."""
DAYS_A_MONTH = 30.4
LAST_MONTH = 32_000


@rule
def visits_a_month(c: Person) -> float:
    """How often he usually wants to come."""
    return 0.05 * c.rate


@rule
def share_made(familiar: float, p: Parameters) -> float:
    """
    The share of visits that end in a purchase: at each of six steps some give up [C10].

    Args:
        familiar: From 0 to 1. Who knows the shop need not search, ask, be told by others, nor fill in a form.
        p: Parameters.
    """
    new = 1.0 - familiar
    found = (1.0 - new * p.friction_search) * (1.0 - new * p.friction_explanation)
    sure = (1.0 - new * p.friction_proof) * (1.0 - new * p.friction_form)
    return found * sure * (1.0 - p.friction_payment) * (1.0 - p.friction_queue)


@rule
def usual_share_made(p: Parameters) -> float:
    """The same of somebody who has been coming for two years: by it his usual gap is reckoned."""
    return share_made(0.5, p)


@rule
def season(w: MonthRow, p: Parameters) -> float:
    """What the month of the year makes of visits: highest in the peak, lowest half a year later, as usual over the year."""
    apart = abs(w.of_year - p.season_peak)
    apart = min(apart, 12.0 - apart)
    return 1.0 + p.season_swing * (1.0 - apart / 3.0)


@rule
def poisson(u: float, mean: float) -> int:
    """
    How many visits this month brings when so many are to be expected: now more, now fewer (a Poisson count).

    Each number of visits holds a stretch of the line from 0 to 1 as long as its chance; *u* is a point on that line.
    """
    chance = exp(-mean)
    below, count = chance, 0
    while u >= below and count < MOST_VISITS:
        count += 1
        chance = chance * mean / count
        below = below + chance
    return count


@rule
def visits_expected(c: Person, w: MonthRow, p: Parameters) -> float:
    """Purchases to expect this month: his own rate, more when need, mood, season or a coupon bring him [C5 C10]."""
    if c.need_state != NEED_THERE:
        return 0.0
    mood = max(1.0 + p.visits_mood * (c.satisfaction - p.usual_satisfaction), 0.0)
    drawn_by = 1.0 + p.coupon_draws * c.discount / max(c.monthly_fee, 1)
    wanted = visits_a_month(c) * c.need * mood * drawn_by * season(w, p)
    return wanted * share_made(rooted(c.tenure), p)


@rule
def visit(c: Person, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> int:
    """The month's purchases, and what they bring; who was missed and comes again has come back, as far as can be seen."""
    let_a_month_pass(c)
    count = poisson(drawn(luck, for_.VISITS), visits_expected(c, w, p))
    if count > 0 and has_lapsed(c, w.first_day, p):
        c.origin = RETURN
    buy(c, count, w, luck, p, tally)
    return count


@rule
def buy(c: Person, count: int, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """So many baskets: each about as large as usual with him. A coupon is taken off once a month, and teaches to wait for the next [A7]."""
    if count == 0:
        return
    c.visits = c.visits | count
    c.visit_day = w.first_day + int(w.n_days * (count - 1.0 + drawn(luck, for_.VISIT_DAY)) / count)
    usual = c.monthly_fee / max(visits_a_month(c), 0.05)
    spread = p.basket_spread * centred(luck, for_.BASKET) / math.sqrt(count)
    spent = int(usual * count * max(1.0 + spread, 0.1))
    off = min(int(c.discount), spent)
    if off > 0:
        c.offers_accepted = one_more(c.offers_accepted)
        c.habit = clamp(c.habit + p.habit_gain * (1.0 - c.habit), 0.0, 1.0)
    take(c, spent, off, p, tally)
    give(c, extras(c, p), tally)


@rule
def let_a_month_pass(c: Person) -> None:
    """The counts of purchases move one month back; the oldest is forgotten."""
    c.visits = (c.visits << 5) & THREE_MONTHS


@rule
def chance_of_failure(count: int, w: MonthRow, p: Parameters) -> float:
    """The chance that at least one of so many visits goes wrong, and is remembered as a failure."""
    return 1.0 - exp(-p.visit_failure * w.failures[OURS] * count)


@rule
def has_lapsed(c: Person, day: int, p: Parameters) -> bool:
    """Whether on that day he has not bought for three times his own usual gap: all that a shop can see of a leaver."""
    return (day - c.visit_day) * visits_a_month(c) * usual_share_made(p) > LAPSED_AFTER * DAYS_A_MONTH


@rule
def offer_in_shop(c: Person, deed: int, amount: int, months: int, w: MonthRow) -> None:
    """Money off comes as a coupon, open until its month whoever has it; it is taken when he next buys. Other offers are only heard."""
    if deed in (OFFER_PRICE, WIN_BACK):
        if amount == 0:
            return
        c.discount = min(max(c.discount, amount), c.monthly_fee)
        c.discount_until = min(max(c.discount_until, w.number + months), LAST_MONTH)
    c.offers_made = one_more(c.offers_made)


@rule
def close_custom(c: Person, w: MonthRow, p: Parameters) -> None:
    """The month is over: who has not lapsed is a month longer a customer, as far as can be seen, and coupons run out."""
    if c.begun == 0:
        return
    if not has_lapsed(c, w.next_day, p):
        c.tenure = c.tenure + 1
        if c.tenure % 12 == 0:
            anniversary(c, p)
    if c.benefit > 0:
        c.benefit = c.benefit - 1
    if c.discount_until <= w.number + 1:
        c.discount = 0
