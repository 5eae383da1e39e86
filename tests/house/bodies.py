"""Hypothesis strategies for the bodies of events: any value that their fields can hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
from hypothesis import strategies as st

from retainsdk.events import Id
from retainsdk.quantities import LocalTime, Money
from retainsdk.terms import Terms
from retainsdk.testing import some_terms

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
moneys = st.builds(Money.from_minor, st.integers(0, 10**9), st.sampled_from(["EUR", "JPY", "KWD"]))
BY_TYPE: dict[object, st.SearchStrategy[Any]] = {
    Money: moneys,
    Terms: st.builds(some_terms, fee=moneys, starts_on=days, products=st.integers(0, 9)),
    datetime: st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 # Hypothesis adds the zone
    date: days,
    LocalTime: st.builds(
        LocalTime,
        st.datetimes(*map(datetime.fromisoformat, ("2020-01-01", "2030-01-01"))),
        st.just("Asia/Jerusalem"),
    ),
    Id: st.integers(0, 2**64 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(0, 2**53),
    str: st.text(max_size=9),
    bool: st.booleans(),
    type(None): st.none(),
}


def values(kind: Any) -> st.SearchStrategy[Any]:  # a type, a union or a generic
    if kind in BY_TYPE:
        return BY_TYPE[kind]
    parts = get_args(kind)
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*(values(part) for part in parts))
    if get_origin(kind) is dict:
        return st.dictionaries(values(parts[0]), values(parts[1]), max_size=2)
    if get_origin(kind) is tuple:
        return st.lists(values(parts[0]), max_size=2).map(tuple)
    return bodies(kind) if attrs.has(kind) else st.from_type(kind)  # a part of a body, or an enumeration


def bodies(kind: type) -> st.SearchStrategy[Any]:
    """Bodies of a kind."""
    attrs.resolve_types(kind)
    return st.builds(kind, **{field.name: values(field.type) for field in attrs.fields(kind)})
