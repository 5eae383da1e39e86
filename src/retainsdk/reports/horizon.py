"""How far back a report looks."""

from __future__ import annotations

from datetime import date

from retainsdk.errors import CommandError
from retainsdk.quantities import months_later

LONGEST = 1200
"""Months; nobody is a customer for more than a hundred years."""


def months_back(day: date, months: int) -> date:
    """
    The day so many months before another.

    Raises:
        CommandError: When it is no look back, or one beyond anybody's memory.

    >>> months_back(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    if not 1 <= months <= LONGEST:
        raise CommandError(
            f"months {months}", "is no look back", f"Look back 1 month at least, {LONGEST} at most."
        )
    return months_later(day, -months)
