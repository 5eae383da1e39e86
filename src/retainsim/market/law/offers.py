"""Offers: packages, money off and pauses, and what taking them teaches."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import (
    clamp,
    hundredths,
    in_hundredths,
    nearest_package,
    one_more,
    suitability,
)
from retainsim.market.law.membership import products_that_suit
from retainsim.market.law.names import NEED_PAUSED, Luck, MonthRow, Parameters
from retainsim.market.person import NO_TREND, Person
from retainsim.market.streams import drawn, logistic, rule

LAST_MONTH = 32_000
"""A discount or a pause runs to this month at the furthest."""
MOST_USED = 127
"""In hundredths of the package: what is used beyond that is not measured."""


@rule
def stir(c: Person, chance: float) -> None:
    """What we do may make him think it over, this month and, less, in the next."""
    c.woken = max(c.woken, int(10_000.0 * chance + 0.5))  # kept in ten thousandths


@rule
def stirred(c: Person) -> float:
    """The added chance that he thinks it over."""
    return 0.0001 * c.woken


@rule
def consider_package(c: Person, luck: Luck, p: Parameters) -> None:
    """
    The package that suits what we saw of his use; where he has it, a further product that suits [D5], or else the next larger: a push [A3].

    The assertive object to what does not suit; the polite take it and regret it.
    """
    package, assertive = hundredths(c.package), hundredths(c.assertive)
    proposed = nearest_package(hundredths(c.usage) * package)
    if abs(proposed - package) < 0.01:
        if c.products < products_that_suit(c):
            consider_product(c, luck, p)
            return
        proposed = package + 0.3
    gain = suitability(c.need, proposed) - suitability(c.need, package)
    stir(c, p.wake_sales)
    c.offers_made = one_more(c.offers_made)
    if drawn(luck, for_.ACCEPTANCE) < logistic(
        p.package_appeal + p.package_gain * gain - p.objection * assertive
    ):
        c.offers_accepted = one_more(c.offers_accepted)
        repackage(c, proposed)
        if gain < 0.0:
            c.regret = in_hundredths(min(hundredths(c.regret) - p.regret * gain, 1.0))
            c.trust = clamp(c.trust + p.regret * 0.5 * gain, -1.0, 1.0)
        else:
            c.trust = clamp(c.trust + p.suited_trust * gain, -1.0, 1.0)
    elif gain < 0.0:
        c.satisfaction = clamp(c.satisfaction - p.push_harm * assertive, -1.0, 1.0)


@rule
def consider_product(c: Person, luck: Luck, p: Parameters) -> None:
    """One more product that suits: taken like a package that suits better, it adds to the fee and binds [D5]."""
    stir(c, p.wake_sales)
    c.offers_made = one_more(c.offers_made)
    appeal = p.package_appeal + p.package_gain * p.widening - p.objection * hundredths(c.assertive)
    if drawn(luck, for_.ACCEPTANCE) < logistic(appeal):
        c.offers_accepted = one_more(c.offers_accepted)
        c.products = c.products + 1
        c.monthly_fee = int(c.monthly_fee * (1.0 + p.product_fee))
        c.trust = clamp(c.trust + p.suited_trust * p.widening, -1.0, 1.0)


@rule
def repackage(c: Person, package: float) -> None:
    """Another package; the fee follows its size, but less than in proportion, and the same use is another share of it."""
    if in_hundredths(package) == c.package:
        return
    c.monthly_fee = int(c.monthly_fee * (0.4 + 0.6 * package / hundredths(c.package)))
    c.usage = min(in_hundredths(hundredths(c.usage) * hundredths(c.package) / package), MOST_USED)
    c.usage_trend = NO_TREND
    c.package = in_hundredths(package)
    c.discount = min(c.discount, c.monthly_fee)


@rule
def consider_discount(c: Person, amount: int, months: int, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """Money off is taken by nearly everybody; it lowers the price thought right and teaches to ask again [A7]."""
    c.offers_made = one_more(c.offers_made)
    if drawn(luck, for_.ACCEPTANCE) < 0.95:
        grant(c, amount, months, w, p)


@rule
def grant(c: Person, amount: int, months: int, w: MonthRow, p: Parameters) -> None:
    """A discount in force, what it will cost us as promised, and what it teaches."""
    c.offers_accepted = one_more(c.offers_accepted)
    c.discount = min(max(c.discount, amount), c.monthly_fee)
    c.discount_until = min(max(c.discount_until, w.number + months), LAST_MONTH)
    c.concession_cost = min(c.concession_cost + amount * months, 2_000_000_000)
    c.habit = clamp(c.habit + p.habit_gain * (1.0 - c.habit), 0.0, 1.0)


@rule
def consider_pause(c: Person, months: int, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """A pause is for a need that is away for a while."""
    c.offers_made = one_more(c.offers_made)
    wanted = p.pause_wanted if c.need_state == NEED_PAUSED else 0.05
    if drawn(luck, for_.ACCEPTANCE) < wanted:
        c.offers_accepted = one_more(c.offers_accepted)
        c.paused_until = min(w.number + months, LAST_MONTH)


@rule
def is_paused(c: Person, w: MonthRow, p: Parameters) -> bool:
    """Whether his service is paused this month; without a contract there is none to pause."""
    return p.contractual != 0.0 and c.paused_until > w.number


@rule
def share_paid(c: Person) -> float:
    """What he pays, as a share of his fee."""
    return 1.0 if c.discount == 0 else 1.0 - c.discount / max(c.monthly_fee, 1)
