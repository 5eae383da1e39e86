"""The quality leader: better service, built up slowly and paid for by a higher price."""

from __future__ import annotations

import attrs
from attrs.validators import and_, ge, gt

from retainsim.market.competitors.strategy import BEST_QUALITY, FirmStream, Sight, Terms


@attrs.frozen(kw_only=True)
class QualityLeader:
    """
    Grows better month by month and dearer with it, as long as it can afford to: not while customers run away.

    Attributes:
        gain: Quality it means to add to that of its start.
        months: In which it would add all of it, if nothing held it up.
        premium: Share added to its price when all of the quality is there.
        alarm: Share of its customers at the start below which it invests nothing, and asks for half the premium.
    """

    gain: float = attrs.field(default=0.4, validator=gt(0))
    months: int = attrs.field(default=36, validator=ge(1))
    premium: float = attrs.field(default=0.15, validator=ge(0))
    alarm: float = attrs.field(default=0.85, validator=and_(ge(0)))

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 - all strategies are called alike
        """A little better than last month, and priced for it."""
        usual = sight.start
        best = min(usual.quality + self.gain, BEST_QUALITY)
        short = sight.share < self.alarm * sight.share_at_start
        step = 0.0 if short else self.gain / self.months
        quality = min(sight.terms.quality + step, best)
        built = max(quality - usual.quality, 0.0) / self.gain
        premium = self.premium * built * (0.5 if short else 1.0)
        return attrs.evolve(usual, quality=quality, price=usual.price * (1 + premium))
