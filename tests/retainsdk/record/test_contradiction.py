from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.record.contradiction import Change, Stated, contradictions
from retainsdk.testing import at
from retainsdk.vocabulary import StatementKind


def said(value: str, *, day: int = 1, **changes: Any) -> Stated:
    stated = Stated(
        at=at(3, day), by="dana", record=day, kind=StatementKind.PRICE, subject="router", value=value
    )
    return attrs.evolve(stated, **changes)


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        (StatementKind.PRICE, "20 EUR", "eur 20.00", True),
        (StatementKind.PRICE, "20 EUR", "20 USD", False),
        (StatementKind.PRICE, "20 EUR", "21 EUR", False),
        (StatementKind.DATE, "2026-06-01T10:00+03:00", "2026-06-01T07:00+00:00", True),
        (StatementKind.DATE, "2026-06-01", "20260601", True),
        (StatementKind.DATE, "Sunday", "  sunday ", True),
        (StatementKind.DATE, "2026-06-01", "2026-06-02", False),
        (StatementKind.SCOPE, "with  installation", "With installation", True),
        (StatementKind.SCOPE, "כולל התקנה", "ללא התקנה", False),
    ],
)
def test_values_are_the_same_when_they_mean_the_same(
    kind: StatementKind, one: str, other: str, *, same: bool
) -> None:
    found = contradictions([said(one, kind=kind), said(other, day=2, by="gil", kind=kind)])

    assert (found == []) is same


def test_a_contradiction_names_both_sources() -> None:
    found = contradictions([said("20 EUR"), said("25 EUR", day=4, by="gil")])

    assert [str(it) for it in found] == [
        (
            "price of router: '20 EUR' by dana on 2026-03-01 09:00 (record 1), "
            "but '25 EUR' by gil on 2026-03-04 09:00 (record 4)"
        )
    ]


@pytest.mark.parametrize(
    ("change", "excused"),
    [
        (Change(at=at(3, 2), kinds=[StatementKind.PRICE]), True),
        (Change(at=at(3, 4), kinds=[StatementKind.PRICE], subject="Router"), True),
        (Change(at=at(3, 1), kinds=[StatementKind.PRICE]), False),
        (Change(at=at(3, 5), kinds=[StatementKind.PRICE]), False),
        (Change(at=at(3, 2), kinds=[StatementKind.DATE]), False),
        (Change(at=at(3, 2), kinds=[StatementKind.PRICE], subject="cable"), False),
    ],
)
def test_only_a_change_of_that_thing_in_between_lets_another_value_be_true(
    change: Change, *, excused: bool
) -> None:
    found = contradictions([said("20 EUR"), said("25 EUR", day=4)], [change])

    assert (found == []) is excused


statements = st.lists(
    st.builds(
        said,
        st.sampled_from(["1 EUR", "2 EUR"]),
        day=st.integers(1, 4),
        subject=st.sampled_from(["router", "Router ", "cable"]),
    ),
    max_size=6,
)


@given(statements, st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter_and_silence_means_that_all_agree(
    stated: list[Stated], chance: Any
) -> None:
    stated = [attrs.evolve(it, record=n) for n, it in enumerate(stated)]
    shuffled = list(stated)
    chance.shuffle(shuffled)

    found = contradictions(stated)

    assert found == contradictions(shuffled)
    values = {(it.subject.casefold().strip(), it.value) for it in stated}
    subjects = {subject for subject, _ in values}
    assert (found == []) == (len(values) == len(subjects))
