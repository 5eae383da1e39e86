from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.quantities import Money
from retainsdk.record.contradiction import Change, Held, Stated, belied, contradictions
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


@pytest.mark.parametrize(
    ("value", "belies"),
    [
        ("20 EUR", False),
        ("20", False),
        ("20.00 eur a month", False),
        ("25 EUR", True),
        ("20 USD", True),
        ("20 EUR for 3 months", False),
        ("about €25", False),
        ("a good price", False),
    ],
)
def test_a_price_is_held_against_the_book_only_when_it_names_one_amount(value: str, *, belies: bool) -> None:
    held = Held(
        kind=StatementKind.PRICE, subjects=("m", "Router"), value=Money(20, "EUR"), since=at(2), until=None, where="contract 1",
    )  # fmt: skip

    found = belied([said(value)], [held])

    assert bool(found) is belies


@pytest.mark.parametrize(
    ("day", "changed", "belies"),
    [(1, (), False), (3, (), True), (3, (3,), False), (3, (4,), True), (5, (), False)],
)
def test_the_book_speaks_for_the_time_for_which_it_holds_something(
    day: int, changed: tuple[int, ...], *, belies: bool
) -> None:
    held = Held(
        kind=StatementKind.DATE, subjects=("router",), value=date(2026, 4, 1), since=at(3, 2), until=at(3, 5), where="promise 1",
    )  # fmt: skip
    changes = [Change(at=at(3, it), kinds=[StatementKind.DATE]) for it in changed]

    found = belied([said("2026-04-08", day=day, kind=StatementKind.DATE)], [held], changes)

    assert bool(found) is belies
