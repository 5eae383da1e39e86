"""
Duties: what we owe, as rules that say which commitments should exist.

A duty is owed, so it needs no budget, is never drawn by lot, and no experiment withholds it; what is merely wise is a
policy. Each is a pure function over many relationships, see `retainsdk.duties.wanted.Duty`.
"""

from __future__ import annotations

from retainsdk.duties.cadence import ProgressReports, PromisedContact
from retainsdk.duties.closing import Closing
from retainsdk.duties.notices import Notices
from retainsdk.duties.onboarding import Onboarding, Reviews
from retainsdk.duties.programmes import Benefits, Occasions
from retainsdk.duties.registry import Duties
from retainsdk.duties.service_levels import Levels, ServiceLevels
from retainsdk.duties.wanted import Circumstances, Duty, LookAgain, Wanted
from retainsdk.duties.winback import WinBackContact

__all__ = [
    "Benefits",
    "Circumstances",
    "Closing",
    "Duties",
    "Duty",
    "Levels",
    "LookAgain",
    "Notices",
    "Occasions",
    "Onboarding",
    "ProgressReports",
    "PromisedContact",
    "Reviews",
    "ServiceLevels",
    "Wanted",
    "WinBackContact",
]
