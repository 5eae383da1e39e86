"""Price matching: follows the cheapest price on the market, in haste when it loses customers."""

from __future__ import annotations

import attrs
from attrs.validators import and_, ge, gt, le

from retainsim.market.competitors.strategy import FirmStream, Sight, Terms


@attrs.frozen(kw_only=True)
class Matching:
    """
    Goes a part of the way to last month's cheapest other price, down or up; all of it once it loses customers.

    Attributes:
        pace: Part of the way gone in a month.
        alarm: Share of its customers at the start below which it goes all the way at once.
        floor: Share of its price at the start below which it never goes.
    """

    pace: float = attrs.field(default=1 / 3, validator=and_(ge(0), le(1)))
    alarm: float = attrs.field(default=0.9, validator=ge(0))
    floor: float = attrs.field(default=0.85, validator=and_(gt(0), le(1)))

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 - all strategies are called alike
        """A new price; alone on the market it goes back to that of its start."""
        aim = sight.start.price if sight.cheapest_rival is None else sight.cheapest_rival
        pace = 1.0 if sight.share < self.alarm * sight.share_at_start else self.pace
        price = sight.terms.price + pace * (aim - sight.terms.price)
        return attrs.evolve(sight.start, price=max(price, self.floor * sight.start.price))
