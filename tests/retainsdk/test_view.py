from __future__ import annotations

import copy
import gc
import pickle
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, tzinfo
from enum import IntEnum
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from worlds import AS_OF, OPTIONAL, columns_of, view_of, views

from retainsdk.errors import InputError, UnknownColumnError
from retainsdk.testing import a_book
from retainsdk.view import BY_NAME, COLUMNS, CONSENT_PURPOSES, BookView, Column, empty_view


def faults_of(
    *,
    columns: dict[str, NDArray[Any]],
    known: dict[str, NDArray[Any]] | None = None,
    as_of: datetime = AS_OF,
) -> set[str]:
    with pytest.raises(InputError) as refusal:
        BookView(as_of=as_of, currency="USD", columns=columns, known=known)
    return {fault.place for fault in refusal.value.faults}


def same(one: BookView, other: BookView) -> bool:
    return (one.as_of, one.currency) == (other.as_of, other.currency) and all(
        np.array_equal(getattr(one, column.name), getattr(other, column.name))
        and np.array_equal(one.known(column.name), other.known(column.name))
        for column in COLUMNS
    )


# the table


def test_every_column_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(COLUMNS)


def test_no_column_is_named_like_something_else_a_view_has() -> None:
    assert not set(BY_NAME) & set(dir(BookView))


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_column_says_all_there_is_to_say(column: Column) -> None:
    assert column.dtype in {"u8", "i8", "i4", "i1", "f4", "?"}
    assert column.unit
    assert column.meaning.endswith(".")
    assert all(re.fullmatch(r"[A-E]\d+", concept) for concept in column.concepts)
    assert all(re.fullmatch(r"([A-Z][a-z]+)+", event) for event in column.sources)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.name)
def test_a_code_that_is_filled_has_its_enumeration_and_nothing_else_has_one(column: Column) -> None:
    assert (column.unit == "code") == (column.codes is not None)
    assert column.codes is None or issubclass(column.codes, IntEnum)


@pytest.mark.parametrize("purpose", CONSENT_PURPOSES)
def test_consent_to_each_purpose_is_a_column_that_is_always_known(purpose: str) -> None:
    column = BY_NAME[f"consent_{purpose}"]

    assert column.dtype == "?"
    assert not column.optional


# what a view refuses


def test_every_fault_of_a_view_is_reported_at_once() -> None:
    columns = columns_of([2, 1])
    del columns["kind"]
    columns["threats"] = columns["threats"].astype(np.float64)
    columns["offers_made"] = np.zeros(3, dtype=np.int32)
    columns["shoe_size"] = np.zeros(2)
    known = {
        "usage": np.ones(1, dtype=np.bool_),
        "usage_trend": np.ones(2, dtype=np.int8),
        "monthly_fee": np.ones(2, dtype=np.bool_),
    }

    found = faults_of(as_of=AS_OF.replace(tzinfo=None), columns=columns, known=known)

    assert found == {
        "as_of", "relationship", "kind", "threats", "offers_made", "shoe_size", "usage", "usage_trend", "monthly_fee"
    }  # fmt: skip


@pytest.mark.parametrize("name", [column.name for column in COLUMNS])
def test_a_view_without_one_of_its_columns_is_refused_by_its_name(name: str) -> None:
    columns = columns_of([1, 2])
    del columns[name]

    assert name in faults_of(columns=columns)


@pytest.mark.parametrize("ids", [[2, 1], [1, 1], [0, 2, 1]])
def test_rows_out_of_order_or_repeated_are_refused(ids: list[int]) -> None:
    assert faults_of(columns=columns_of(ids)) == {"relationship"}


def test_ids_that_are_no_row_of_numbers_are_refused() -> None:
    columns = {name: values.reshape(2, 2) for name, values in columns_of([1, 2, 3, 4]).items()}

    assert "relationship" in faults_of(columns=columns)


def test_a_mask_over_no_column_is_refused() -> None:
    assert faults_of(columns=columns_of([1]), known={"shoe_size": np.ones(1, dtype=np.bool_)}) == {
        "shoe_size"
    }


# what a view keeps


@given(view=views(min_size=1), name=st.sampled_from([column.name for column in COLUMNS]))
def test_nothing_in_a_view_can_be_changed(view: BookView, name: str) -> None:
    with pytest.raises(ValueError, match="read-only"):
        getattr(view, name)[0] = 1
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(view, name, np.zeros(len(view)))
    with pytest.raises(ValueError, match="read-only"):
        view.known(name)[0] = False


def test_an_array_given_away_for_good_is_not_copied() -> None:
    columns = columns_of([1, 2])
    columns["monthly_fee"].flags.writeable = False

    view = BookView(as_of=AS_OF, currency="USD", columns=columns)

    assert view.monthly_fee is columns["monthly_fee"]


def test_a_slice_of_the_market_does_not_lead_back_to_it() -> None:
    market = np.zeros((50, 2), dtype=np.int64)
    market.flags.writeable = False

    view = view_of([1, 2], monthly_fee=market[7])

    assert view.monthly_fee.base is None


def test_who_built_a_view_cannot_change_it_afterwards() -> None:
    columns, known = columns_of([1, 2]), {"usage": np.ones(2, dtype=np.bool_)}
    view = BookView(as_of=AS_OF, currency="USD", columns=columns, known=known)

    columns["monthly_fee"][0] = 99
    known["usage"][0] = False

    assert view.monthly_fee[0] == 0
    assert view.known("usage")[0]


@given(view=views())
def test_a_view_survives_pickling_and_copying(view: BookView) -> None:
    assert same(pickle.loads(pickle.dumps(view)), view)
    assert same(copy.deepcopy(view), view)
    assert same(copy.copy(view), view)


@given(view=views(min_size=1))
def test_a_view_restored_from_a_pickle_is_read_only_too(view: BookView) -> None:
    restored = pickle.loads(pickle.dumps(view))

    with pytest.raises(ValueError, match="read-only"):
        restored.monthly_fee[0] = 1


@given(view=views())
def test_nothing_can_be_reached_from_a_view_but_figures_dates_and_text(view: BookView) -> None:
    reached = list(_reached(view))

    assert {type(thing) for thing in reached} <= {BookView, np.ndarray, datetime, str, dict}
    assert all(
        thing.base is None and thing.dtype.kind in "uifb"
        for thing in reached
        if isinstance(thing, np.ndarray)
    )


def test_the_walk_would_find_a_market_hidden_in_a_view() -> None:
    view, market = view_of([1]), ThreadPoolExecutor()
    view._columns["secret"] = np.array([market], dtype=object)  # type: ignore[index] # what no builder may do

    assert market in _reached(view)


def _reached(root: object) -> Iterator[object]:
    """Whatever can be reached but what all programs share: classes, time zones."""
    waiting, seen = [root], set[int]()
    while waiting:
        thing = waiting.pop()
        if id(thing) in seen or isinstance(thing, (type, tzinfo)):
            continue
        seen.add(id(thing))
        yield thing
        waiting += gc.get_referents(thing)
        if isinstance(thing, np.ndarray):  # the collector does not look into arrays
            waiting += thing.tolist() if thing.dtype == object else []
            waiting += [] if thing.base is None else [thing.base]


# asking a view


def test_an_optional_column_without_a_mask_is_known_everywhere() -> None:
    assert view_of([1, 2]).known("usage").tolist() == [True, True]


def test_a_column_that_does_not_exist_is_answered_with_the_closest_one() -> None:
    with pytest.raises(UnknownColumnError, match="Did you mean 'monthly_fee'"):
        _ = view_of([1]).montly_fee


def test_whether_a_column_that_does_not_exist_is_known_cannot_be_asked() -> None:
    with pytest.raises(UnknownColumnError):
        view_of([1]).known("nonsense")


def test_private_names_are_no_columns() -> None:
    with pytest.raises(AttributeError):
        _ = view_of([1])._market


@given(view=views(), chosen=st.lists(st.booleans(), min_size=6, max_size=6))
def test_taking_rows_keeps_every_cell_of_them(view: BookView, chosen: list[bool]) -> None:
    mask = np.asarray(chosen[: len(view)], dtype=np.bool_)

    taken = view.take(mask)

    assert len(taken) == mask.sum()
    for column in COLUMNS:
        assert np.array_equal(getattr(taken, column.name), getattr(view, column.name)[mask])
        assert np.array_equal(taken.known(column.name), view.known(column.name)[mask])
    assert same(taken, view.take(np.flatnonzero(mask)))


def test_taking_rows_out_of_order_is_refused() -> None:
    with pytest.raises(InputError, match="ascend"):
        view_of([1, 2]).take(np.array([1, 0]))


@given(view=views(), names=st.sets(st.sampled_from(OPTIONAL), max_size=4))
def test_a_view_without_some_columns_shows_nothing_of_them_and_all_of_the_rest(
    view: BookView, names: set[str]
) -> None:
    poorer = view.without(names)

    for column in COLUMNS:
        if column.name in names:
            assert not poorer.known(column.name).any()
            assert not getattr(poorer, column.name).any()
        else:
            assert np.array_equal(getattr(poorer, column.name), getattr(view, column.name))
            assert np.array_equal(poorer.known(column.name), view.known(column.name))


def test_only_optional_columns_can_be_left_unknown() -> None:
    with pytest.raises(InputError, match="belongs to no optional column"):
        view_of([1]).without(["monthly_fee"])


def test_leaving_out_a_column_that_is_not_there_is_answered_by_name() -> None:
    with pytest.raises(UnknownColumnError, match="usge"):
        view_of([1]).without(["usge"])


def test_the_view_of_nobody_has_no_rows() -> None:
    assert len(empty_view(AS_OF, "USD")) == 0


def test_whether_a_view_has_a_column_can_be_asked() -> None:
    view = a_book().view()

    assert hasattr(view, "monthly_fee")
    assert not hasattr(view, "monthly_fees")
