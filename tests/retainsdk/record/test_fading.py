"""What fades with the months: contacts and signs long past weigh less."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from retainsdk.quantities import months_later
from retainsdk.record import faded

TODAY = date(2026, 4, 15)
memories = st.sampled_from([0.0, 0.5, 0.75, 1.0])
days = st.integers(-2, 40).map(lambda ago: months_later(TODAY, -ago))


def month_by_month(days: list[date], memory: float) -> float:
    """As the law has it: every month takes its part of what is there, in whole 32nds, and adds what is new."""
    parts = 0
    for ago in range(40, -1, -1):
        parts = int(parts * memory) + 32 * days.count(months_later(TODAY, -ago))
    return parts / 32


@given(st.lists(days, max_size=6), memories)
def test_what_fades_is_what_a_month_by_month_account_leaves(told: list[date], memory: float) -> None:
    assert faded(told, TODAY, memory) == month_by_month(told, memory)


def test_what_is_long_past_is_forgotten_and_what_lies_ahead_does_not_count_yet() -> None:
    assert faded([date(1990, 1, 1), date(2026, 5, 1)], TODAY, memory=0.75) == 0
