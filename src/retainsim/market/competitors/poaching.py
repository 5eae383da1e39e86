"""
Poaching with long lock-in: who falls behind buys customers with a low entry price, and binds them for years.

Such a low price can cost its taker dear (CONCEPTS A4): he is bound when others grow cheaper, and when he is
disappointed.
"""

from __future__ import annotations

import attrs
from attrs.validators import and_, ge, gt, le, lt

from retainsim.market.competitors.strategy import LONGEST_LOCK, FirmStream, Sight, Terms


@attrs.frozen(kw_only=True)
class Poaching:
    """
    Undercuts everybody and binds for long while it has fewer customers than it wants; else keeps its usual terms.

    Attributes:
        wants: Share of all people it wants at least; with 0, what it had at the start.
        patience: Part of what it wants that it may lack before it acts; once it acts, it goes on until it has all.
        bleeds: Part of its customers that it may lose in a month, newcomers set against leavers, before it acts.
        cut: Share by which it undercuts the cheapest other price, or its own usual one if that is lower.
        floor: Share of its usual price below which it never goes.
        louder: Times its usual awareness meanwhile, as far as there are people.
        lock_months: For how long it binds meanwhile.
        longest_lock: For how long when it lacks thrice what it has patience for.
    """

    wants: float = attrs.field(default=0.0, validator=and_(ge(0), lt(1)))
    patience: float = attrs.field(default=0.05, validator=and_(gt(0), lt(1)))
    bleeds: float = attrs.field(default=0.02, validator=ge(0))
    cut: float = attrs.field(default=0.15, validator=and_(ge(0), lt(1)))
    floor: float = attrs.field(default=0.7, validator=and_(gt(0), le(1)))
    louder: float = attrs.field(default=1.3, validator=ge(0))
    lock_months: float = attrs.field(default=24.0, validator=and_(ge(0), le(LONGEST_LOCK)))
    longest_lock: float = attrs.field(default=36.0, validator=and_(ge(0), le(LONGEST_LOCK)))

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 - all strategies are called alike
        """Its usual terms, or those it hunts with."""
        usual = sight.start
        wanted = max(self.wants, sight.share_at_start)
        lacks = 1 - sight.share / wanted if wanted > 0 else 0.0
        if not self._hunts(sight, lacks):
            return usual
        rival = usual.price if sight.cheapest_rival is None else sight.cheapest_rival
        price = (1 - self.cut) * min(rival, usual.price)
        lock = self.longest_lock if lacks >= 3 * self.patience else self.lock_months
        return attrs.evolve(
            usual,
            price=max(price, self.floor * usual.price),
            awareness=min(self.louder * usual.awareness, 1.0),
            lock_months=max(lock, usual.lock_months),
        )

    def _hunts(self, sight: Sight, lacks: float) -> bool:
        if sight.gone - sight.came > self.bleeds * sight.share:
            return True
        has_begun = sight.terms.price < sight.start.price
        return lacks > (0 if has_begun else self.patience)
