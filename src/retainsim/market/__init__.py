"""
The market: people, firms, and the rules of one month.

Read `law.month_of` first, then `response` (the conversation) and `competitors`; `running.run` goes from month to month.

>>> from retainsdk.policy import Budget
>>> load_preset("telecom").firms[0].name
'Ours'
"""

from retainsim.market.engine import Market, Threat, first_threat
from retainsim.market.history import History
from retainsim.market.preset import (
    Preset,
    load_preset,
    preset_names,
    start_preset,
)
from retainsim.market.running import run

__all__ = [
    "History",
    "Market",
    "Preset",
    "Threat",
    "first_threat",
    "load_preset",
    "preset_names",
    "run",
    "start_preset",
]
