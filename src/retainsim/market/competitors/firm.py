"""A firm as a market begins."""

from __future__ import annotations

import attrs

from retainsim.market.competitors.strategy import Strategy, Terms

MOST_COMPETITORS = 5
"""Whom a person has heard of is read from the digits of one number, ten binary digits each, and it has 53."""


@attrs.frozen(kw_only=True)
class Firm:
    """
    A firm at the start.

    Attributes:
        name: As reports call it.
        strategy: How it acts: a name with or without parameters, as `strategy_of` reads it, or the strategy itself;
            ``ours`` for the firm policies act for.
        share: Of all people.
        price: 1 is our list price.
        quality: 0 is usual.
        awareness: Share of people who know its offer in a month.
        lock_months: For how long it binds newcomers.
    """

    name: str
    strategy: str | Strategy
    share: float
    price: float
    quality: float
    awareness: float
    lock_months: int

    @property
    def terms(self) -> Terms:
        """At the start."""
        return Terms(
            price=float(self.price),
            awareness=float(self.awareness),
            lock_months=float(self.lock_months),
            quality=float(self.quality),
        )
