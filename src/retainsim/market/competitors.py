"""
What the other firms do: once a month each looks at last month's prices and shares, and sets its plan.

A strategy is a plain function of what a firm could know. Ours keeps its list price; what it does for its
customers is the policy's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from retainsim.market.purposes import FIRM
from retainsim.market.streams import key_of, moment, uniform


@attrs.frozen(kw_only=True)
class Plan:
    """
    One month's terms of all firms, ours first.

    Attributes:
        price: 1 is our list price.
        quality: 0 is usual.
        awareness: Share of people who know the offer.
        lock_months: For how long newcomers are bound.
        shares: Of people with each firm and, last, without service, when the plan was made.
    """

    price: tuple[float, ...]
    quality: tuple[float, ...]
    awareness: tuple[float, ...]
    lock_months: tuple[float, ...]
    shares: tuple[float, ...]


Strategy = Callable[[int, int, int, Plan, Plan], tuple[float, float]]
"""From seed, month, firm, the plan at the start and last month's plan with today's shares: price and awareness."""


def static(seed: int, month: int, firm: int, start: Plan, last: Plan) -> tuple[float, float]:  # noqa: ARG001 - all strategies are called alike
    """Keeps its terms."""
    return start.price[firm], start.awareness[firm]


def promotion(seed: int, month: int, firm: int, start: Plan, last: Plan) -> tuple[float, float]:  # noqa: ARG001 - as above
    """A quarter of the year 15 % cheaper and louder; in which months differs by world."""
    phase = int(12 * uniform(key_of("firm", firm), moment(seed, 0), FIRM))
    if (month + phase) % 12 < 3:  # noqa: PLR2004 - a quarter
        return 0.85 * start.price[firm], min(1.25 * start.awareness[firm], 1.0)
    return start.price[firm], start.awareness[firm]


def matching(seed: int, month: int, firm: int, start: Plan, last: Plan) -> tuple[float, float]:  # noqa: ARG001 - as above
    """Moves a third of the way to last month's cheapest other price, all the way once it has lost a tenth of its share; at most 15 % down."""
    haste = 1.0 if last.shares[firm] < 0.9 * start.shares[firm] else 1 / 3
    cheapest = min(price for other, price in enumerate(last.price) if other != firm)
    price = last.price[firm] + haste * (cheapest - last.price[firm])
    return max(price, 0.85 * start.price[firm]), start.awareness[firm]


STRATEGIES: Mapping[str, Strategy] = {"static": static, "promotion": promotion, "matching": matching}


def next_plan(seed: int, month: int, strategies: tuple[str, ...], start: Plan, last: Plan) -> Plan:
    """
    The terms of the coming month.

    Args:
        seed: Of the world.
        month: Coming, from 0.
        strategies: Of all firms, ours first.
        start: Terms at the start.
        last: Terms of last month, with the shares at its end.
    """
    terms = [(start.price[0], start.awareness[0])]
    terms += [
        STRATEGIES[name](seed, month, firm, start, last) for firm, name in enumerate(strategies) if firm > 0
    ]
    return attrs.evolve(
        last, price=tuple(price for price, _ in terms), awareness=tuple(known for _, known in terms)
    )
