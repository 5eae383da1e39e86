"""Promotion cycles: cheaper and louder for some months of every year, whatever the others do."""

from __future__ import annotations

import attrs
from attrs.validators import and_, ge, le, lt

from retainsim.market.competitors.strategy import FirmStream, Sight, Terms

_YEAR = 12


@attrs.frozen(kw_only=True)
class Promotion:
    """
    Some months of every year cheaper and louder; in which months differs by world.

    Attributes:
        cut: Share taken off the price of its start.
        months: Of every year, in a row.
        louder: Times its usual awareness, as far as there are people.
    """

    cut: float = attrs.field(default=0.15, validator=and_(ge(0), lt(1)))
    months: int = attrs.field(default=3, validator=and_(ge(0), le(_YEAR)))
    louder: float = attrs.field(default=1.25, validator=ge(0))

    def act(self, sight: Sight, draw: FirmStream) -> Terms:
        """Its usual terms, or those of the promotion."""
        usual = sight.start
        phase = int(_YEAR * draw.ever())
        if (sight.month + phase) % _YEAR >= self.months:
            return usual
        return attrs.evolve(
            usual, price=(1 - self.cut) * usual.price, awareness=min(self.louder * usual.awareness, 1.0)
        )
