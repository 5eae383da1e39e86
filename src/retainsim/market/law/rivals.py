"""What people know of the competitors."""

from __future__ import annotations

import math

from retainsim.market import purposes as for_
from retainsim.market.law.names import Luck, MonthRow
from retainsim.market.streams import drawn, rule


@rule
def known_firms(luck: Luck, w: MonthRow) -> int:
    """He knows the offers of those competitors he has heard of this month, one bit for each."""
    u = drawn(luck, for_.AWARENESS)
    known = 0
    for firm in range(1, w.n_firms):
        u = u * 1024.0  # ten binary digits for each firm: chances of their own, from one number
        digits = math.floor(u)
        u = u - digits
        if digits < 1024.0 * w.awareness[firm]:
            known = known | (1 << firm)
    return known
