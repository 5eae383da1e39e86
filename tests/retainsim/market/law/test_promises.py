"""Promises that fall due: kept, put off with notice, late without a word, or broken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import NEVER, RULED, Luck, chance_of, counts, exactly, luck, parameters, small, this_month

from retainsdk.policy import ActionKind
from retainsim.market import law

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
OUTCOMES = (law.KEPT, law.WARNED, law.LATE, law.BROKEN)


def settle_promise(person: Any, deed: int = 0) -> list[int]:
    tally = counts()
    law.settle_promise(person, deed, this_month(), chance_of(person), P, tally)
    return tally


def test_a_broken_promise_costs_one_and_a_half_to_three_times_what_a_kept_one_gives(luck: Luck) -> None:
    kept, broken = exactly(promise_due_day=3), exactly(promise_due_day=3)
    luck(promise=0.0)
    settle_promise(kept)
    luck(promise=0.99, warning=0.99)
    settle_promise(broken)

    assert 1.5 <= (0.2 - broken.trust) / (kept.trust - 0.2) <= 3.0
    assert (kept.promises_kept, broken.promises_broken) == (1, 1)
    assert kept.promise_due_day == broken.promise_due_day == NEVER
    assert broken.satisfaction < 0.25 == kept.satisfaction
    assert broken.hurt > 0.0 == kept.hurt


def test_late_with_notice_is_clearly_milder_than_late_without_and_that_than_broken(luck: Luck) -> None:
    warned, late, broken = (exactly(promise_due_day=3, complaints_open=1) for _ in range(3))
    luck(promise=0.99, warning=0.0, new_due=0.5)
    settle_promise(warned)
    luck(promise=0.99, warning=0.99, lateness=0.0)
    settle_promise(late)
    luck(promise=0.99, warning=0.99, lateness=0.99)
    settle_promise(broken)

    lost = [0.2 - person.trust for person in (warned, late, broken)]
    assert 0.0 < 2 * lost[0] < lost[1] <= 0.75 * lost[2]
    assert warned.satisfaction > late.satisfaction > broken.satisfaction
    assert (warned.promises_warned, warned.promises_broken) == (1, 0)
    assert (late.promises_broken, broken.promises_broken) == (1, 1)  # as a book counts them
    assert warned.promise_due_day == 30 + 10
    assert late.promise_due_day == broken.promise_due_day == NEVER
    assert (late.complaints_open, broken.complaints_open) == (0, 1)  # the work was done after all
    assert (warned.satisfaction, warned.hurt) == (0.25, 0.0)


def test_a_promise_somebody_follows_up_is_kept_where_it_would_be_broken(luck: Luck) -> None:
    luck(promise=(P.reliability + P.reliability_cared) / 2, warning=0.99, lateness=0.99)
    left, followed = exactly(promise_due_day=3), exactly(promise_due_day=3)

    settle_promise(left)
    settle_promise(followed, ActionKind.PROGRESS_REPORT)

    assert (left.promises_broken, followed.promises_kept) == (1, 1)


def test_a_promise_kept_closes_the_complaint_behind_it(luck: Luck) -> None:
    luck(promise=0.0)
    person = exactly(promise_due_day=3, complaints_open=1, hurt=0.2)

    settle_promise(person)

    assert person.complaints_open == 0
    assert person.satisfaction == pytest.approx(0.25 + P.recovery * 0.2)


@given(
    key=st.integers(0, 99),
    due=st.sampled_from([NEVER, -3, 0, 29, 30, 45]),
    trust=small,
    deed=st.sampled_from(RULED),
)
def test_a_promise_that_falls_due_ends_in_one_of_four_ways_and_others_wait(
    key: int, due: int, trust: float, deed: ActionKind
) -> None:
    person = exactly(key=key, promise_due_day=due, trust=trust)
    before = vars(person).copy()

    tally = settle_promise(person, deed)

    if due == NEVER or due >= 30:
        assert vars(person) == before
        assert not any(tally)
    else:
        assert sum(tally[outcome] for outcome in OUTCOMES) == 1
        assert person.promise_due_day == NEVER or person.promise_due_day >= 30
        made = (person.promises_kept, person.promises_warned, person.promises_broken)
        kept, warned, late, broken = (tally[outcome] for outcome in OUTCOMES)
        assert made == (kept, warned, late + broken)  # as a book counts them
        assert (person.trust >= trust) if tally[law.KEPT] else (person.trust <= trust)


def test_only_one_promise_is_open_at_a_time() -> None:
    person = exactly(promise_due_day=7)

    law.promise(person, 0, chance_of(person), P)

    assert person.promise_due_day == 7
