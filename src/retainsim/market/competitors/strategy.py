"""
What a strategy is: from what a firm can know, the terms it offers to everybody in the coming month.

A strategy is a frozen attrs class whose parameters are its only fields, and a pure function of what it is shown: it
keeps nothing between months, reads no clock, and takes chance from *draw* alone. So a world can be stopped and resumed
at any month, and twin worlds meet the same competitors.
"""

from __future__ import annotations

import math
from numbers import Real
from typing import Protocol, runtime_checkable

import attrs

from retainsdk.errors import Fault
from retainsim.market.purposes import FIRM
from retainsim.market.streams import key_of, moment, uniform

LONGEST_LOCK = 36
"""Months; nobody can be bound for longer."""

BEST_QUALITY = 2.0
"""Quality lies within this and its negative; 0 is usual."""


@attrs.frozen(kw_only=True)
class Terms:
    """
    What a firm offers to newcomers in a month, and the service it gives.

    Attributes:
        price: Above 0; 1 is our list price.
        awareness: Share of people who hear of the offer, in ``[0, 1]``; at 0 the firm is not on the market.
        lock_months: For how long the month's newcomers are bound, 0 to `LONGEST_LOCK`.
        quality: 0 is usual; within `BEST_QUALITY` of it.
    """

    price: float
    awareness: float
    lock_months: float
    quality: float


@attrs.frozen(kw_only=True)
class Sight:
    """
    What a firm can know when it sets the terms of a month: its own books, price lists, and published shares.

    Nothing in it is younger than the end of last month, so whoever answers a rival answers him a month late.

    Attributes:
        firm: Its own number; ours is 0.
        month: Coming, counted from 0.
        start: Its terms at the start of the market.
        terms: Its terms of last month.
        prices: List prices of all firms last month, ours first; none for a firm that was not on the market.
        shares: Of all people, with each firm at the end of last month; who is missing has no service.
        share_at_start: Its own share when the market began.
        past: Shares at the ends of the months before, the last one last: up to twelve, none in the first month.
        came: People who came to it last month, as a share of all people.
        gone: People who left it last month, as a share of all people.
    """

    firm: int
    month: int
    start: Terms
    terms: Terms
    prices: tuple[float | None, ...]
    shares: tuple[float, ...]
    share_at_start: float
    past: tuple[tuple[float, ...], ...]
    came: float
    gone: float

    @property
    def share(self) -> float:
        """Its own, at the end of last month."""
        return self.shares[self.firm]

    @property
    def cheapest_rival(self) -> float | None:
        """Last month's lowest list price of another firm; none for who is alone on the market."""
        others = (price for firm, price in enumerate(self.prices) if firm != self.firm)
        return min((price for price in others if price is not None), default=None)


@attrs.frozen(kw_only=True)
class FirmStream:
    """
    The chance a strategy may use, keyed by world, firm, month and name.

    What one firm draws depends on no other firm, and on no other draw.

    Attributes:
        seed: Of the world.
        firm: Whose chance.
        month: Coming.

    >>> draw = FirmStream(seed=1, firm=2, month=5)
    >>> draw.uniform("mood") == FirmStream(seed=1, firm=2, month=6).uniform("mood")
    False
    >>> draw.ever("habit") == FirmStream(seed=1, firm=2, month=6).ever("habit")
    True
    """

    seed: int
    firm: int
    month: int

    def uniform(self, name: str = "") -> float:
        """One number in ``[0, 1)`` for this month, the same whenever asked under the same *name*."""
        return uniform(key_of("firm", self.firm, "month", name), moment(self.seed, self.month), FIRM)

    def ever(self, name: str = "") -> float:
        """One number in ``[0, 1)`` for the whole life of the world."""
        named = ("ever", name) if name else ()
        return uniform(key_of("firm", self.firm, *named), moment(self.seed, 0), FIRM)


@runtime_checkable
class Strategy(Protocol):
    """How a competitor acts, once a month: a frozen attrs class whose parameters are its only fields."""

    def act(self, sight: Sight, draw: FirmStream) -> Terms:
        """The terms of the coming month, from the *sight* and the *draw* alone."""


def terms_faults(terms: object, place: str) -> list[Fault]:
    """
    What is wrong with terms that a strategy answered, each fault with its remedy.

    >>> [str(fault) for fault in terms_faults(Terms(price=1.0, awareness=0.5, lock_months=48, quality=0.0), "act")]
    ["act, lock_months: '48' must be within 0 and 36. Months; 0 binds nobody."]
    """
    if not isinstance(terms, Terms):
        return [Fault(place, repr(terms), "must be Terms", "Return Terms(price=…, awareness=…, …).")]
    bounds = (
        ("price", 0.0, math.inf, "must be above 0 and finite", "1 is our list price."),
        ("awareness", 0.0, 1.0, "must be within 0 and 1", "It is a share of people."),
        ("lock_months", 0.0, LONGEST_LOCK, f"must be within 0 and {LONGEST_LOCK}", "Months; 0 binds nobody."),
        (
            "quality",
            -BEST_QUALITY,
            BEST_QUALITY,
            f"must be within {-BEST_QUALITY:g} and {BEST_QUALITY:g}",
            "0 is usual.",
        ),
    )
    faults = []
    for name, low, high, rule, remedy in bounds:
        value: object = getattr(terms, name)
        figure = float(value) if isinstance(value, Real) else math.nan
        is_right = math.isfinite(figure) and low <= figure <= high
        if not is_right or (name == "price" and figure == 0):
            faults.append(Fault(f"{place}, {name}", repr(value), rule, remedy))
    return faults
