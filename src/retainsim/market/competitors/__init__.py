"""
Competitors: what the other firms do, once a month, from what each could know at the end of the last one.

A strategy is a frozen class with one method, ``act``; `strategy_of` finds it by name, `in_structure` says who competes,
and `check_competitor` tells the author of another one what is wrong with it. The market itself calls `opening` once
and `next_plan` before every month.

>>> draw = FirmStream(seed=1, firm=1, month=0)
>>> usual = Terms(price=1.0, awareness=0.5, lock_months=0.0, quality=0.0)
>>> lost = Sight(
...     firm=1, month=7, start=usual, terms=usual, prices=(0.9, 1.0), shares=(0.5, 0.2), share_at_start=0.3,
...     past=(), came=0.01, gone=0.03,
... )
>>> strategy_of("poaching").act(lost, draw)
Terms(price=0.765, awareness=0.65, lock_months=36.0, quality=0.0)
"""

from retainsim.market.competitors.check_competitor import check_competitor, competitor_faults
from retainsim.market.competitors.firm import MOST_COMPETITORS, Firm
from retainsim.market.competitors.plan import Plan, Standing, next_plan, opening
from retainsim.market.competitors.plugins import (
    UnknownStrategyError,
    is_strategy,
    names,
    strategies_of,
    strategy_of,
    title,
)
from retainsim.market.competitors.reputation import moved_reputation
from retainsim.market.competitors.strategy import FirmStream, Sight, Strategy, Terms
from retainsim.market.competitors.structures import STRUCTURES, UnknownStructureError, in_structure

__all__ = [
    "MOST_COMPETITORS",
    "STRUCTURES",
    "Firm",
    "FirmStream",
    "Plan",
    "Sight",
    "Standing",
    "Strategy",
    "Terms",
    "UnknownStrategyError",
    "UnknownStructureError",
    "check_competitor",
    "competitor_faults",
    "in_structure",
    "is_strategy",
    "moved_reputation",
    "names",
    "next_plan",
    "opening",
    "strategies_of",
    "strategy_of",
    "title",
]
