"""Thirty bots look after a book for five rounds in less than a minute on two cores."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from benchmarks.rounds import WORKERS, measure
from certificates import Certificate

MOST = 60.0
"""Seconds."""


@pytest.mark.certified("thirty-bots", ["src/retainsim/training/rounds", "src/retainsim/market"])
def test_thirty_bots_play_five_rounds_in_a_minute(
    certificate: Certificate, size: Callable[[int, int], int]
) -> None:
    """By CPU time, shared by two cores: time on the clock counts whatever else the machine does."""
    bots = size(4, 30)

    found = measure(bots)

    certificate.record(
        {
            "bots": found.bots,
            "seconds on the clock, two at a time": round(found.seconds, 1),
            "CPU seconds": round(found.cpu_seconds, 1),
        }
    )
    assert found.cpu_seconds / WORKERS * 30 / bots < MOST
