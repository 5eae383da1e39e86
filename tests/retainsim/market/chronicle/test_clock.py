"""The time in a simulated book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from retainsim.market.chronicle import SimulatedClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_it_stands_still_until_it_is_moved_and_never_goes_back() -> None:
    clock = SimulatedClock(NOON)

    still = clock()
    clock.move(NOON + timedelta(hours=1))
    clock.move(NOON)

    assert (still, clock()) == (NOON, NOON + timedelta(hours=1))
