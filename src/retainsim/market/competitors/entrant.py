"""The entrant: not there until its month, then loud, cheap and binding, and in the end a firm like the others."""

from __future__ import annotations

import attrs
from attrs.validators import and_, ge, le, lt

from retainsim.market.competitors.strategy import LONGEST_LOCK, FirmStream, Sight, Terms


@attrs.frozen(kw_only=True)
class Entrant:
    """
    Absent until a month, then loud and cheap with a lock-in, then step by step as it means to be for good.

    What stands as its terms at the start is what it means to be for good; begin it with a share of 0.

    Attributes:
        enters: The month, from 0, in which it enters.
        launch: For how many months it is loud and cheap.
        settles: In how many months after the launch it grows usual.
        cut: Share taken off its price at first.
        louder: Times its usual awareness at first, as far as there are people.
        lock_months: For how long it binds at first.
    """

    enters: int = attrs.field(default=12, validator=ge(0))
    launch: int = attrs.field(default=9, validator=ge(0))
    settles: int = attrs.field(default=12, validator=ge(1))
    cut: float = attrs.field(default=0.15, validator=and_(ge(0), lt(1)))
    louder: float = attrs.field(default=1.5, validator=ge(0))
    lock_months: float = attrs.field(default=24.0, validator=and_(ge(0), le(LONGEST_LOCK)))

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 - all strategies are called alike
        """Not there, loud, on the way, or usual."""
        usual, age = sight.start, sight.month - self.enters
        if age < 0:
            return attrs.evolve(usual, awareness=0.0)
        left = min(max(1 - (age - self.launch + 1) / self.settles, 0.0), 1.0)
        loud = min(self.louder * usual.awareness, 1.0)
        lock = max(self.lock_months, usual.lock_months)
        return Terms(
            price=usual.price * (1 - left * self.cut),
            awareness=usual.awareness + left * (loud - usual.awareness),
            lock_months=usual.lock_months + left * (lock - usual.lock_months),
            quality=usual.quality,
        )
