"""
Whether a market behaves as the field knows markets to behave: its stylised facts, measured.

>>> from retainsim.market import load_preset
>>> from retainsim.market.checks import Size, check
>>> result = check(load_preset("telecom"), Size(worlds=2, customers=60), only=["promises"], compiled=False)
>>> [finding.fact.id for finding in result.findings]
['promises.broken', 'promises.notice']
"""

from retainsim.market.checks.check import FACTS, SMALL, THEMES, Check, Size, check, chosen_themes
from retainsim.market.checks.fact import Band, Fact, Figure, Finding, Verdict, verdict_on

__all__ = [
    "FACTS",
    "SMALL",
    "THEMES",
    "Band",
    "Check",
    "Fact",
    "Figure",
    "Finding",
    "Size",
    "Verdict",
    "check",
    "chosen_themes",
    "verdict_on",
]
