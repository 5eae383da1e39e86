from __future__ import annotations

from datetime import UTC, date, datetime
from types import UnionType
from typing import Any, Union, get_args, get_origin

import attrs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retainsdk.codec import UPCASTERS, canonical, decoded, encoded, missing_upcasters
from retainsdk.events import REGISTRY, SCHEMAS, EndCompleted, Id, Terminated
from retainsdk.quantities import LocalTime, Money
from retainsdk.terms import Terms
from retainsdk.testing import some_terms
from retainsdk.vocabulary import ClosingStep, Ending

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
    attrs.resolve_types(kind)
    return st.builds(kind, **{field.name: values(field.type) for field in attrs.fields(kind)})


@settings(deadline=None)  # the first draw of a kind is slow
@given(st.data())
def test_every_event_reads_back_as_it_was_written(data: st.DataObject) -> None:
    name, kind = data.draw(st.sampled_from(sorted(REGISTRY.items(), key=str)))

    body = data.draw(bodies(kind))

    assert decoded(name, SCHEMAS[name], encoded(body)) == body


def test_ids_are_written_in_hexadecimal_and_codes_as_words() -> None:
    opened = REGISTRY["RelationshipOpened"]

    text = (
        b'{"customer":"00000000000000ff","origin":"referral","owner":"dana","reference":"","stage":"active"}'
    )

    assert encoded(decoded("RelationshipOpened", 1, text)) == text
    assert isinstance(decoded("RelationshipOpened", 1, text), opened)


@pytest.mark.parametrize(("name", "schema"), [("CustomerEaten", 1), ("CustomerRegistered", 9)])
def test_an_event_nobody_knows_yet_is_not_guessed(name: str, schema: int) -> None:
    with pytest.raises(LookupError):
        decoded(name, schema, b"{}")


def test_a_body_of_an_older_schema_reads_as_one_of_the_newest() -> None:
    assert decoded("Terminated", 1, b'{"early":true}') == Terminated(kind=Ending.UNKNOWN)
    assert decoded("Terminated", 1, b'{"early":false}') == Terminated(kind=Ending.NOTICE)
    assert decoded("EndCompleted", 1, b'{"steps":["thanked"]}') == EndCompleted(
        steps=(ClosingStep.THANKED,), although="recorded without a reason"
    )
    all_then = b'{"steps":["promises settled","exit reason recorded","satisfaction asked","thanked"]}'
    for nobody_knows in (all_then, b'{"steps":null}'):
        assert decoded("EndCompleted", 1, nobody_knows) == EndCompleted(steps=None)


def test_a_schema_that_nothing_reads_any_longer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_upcasters() == []
    monkeypatch.delitem(UPCASTERS, ("Terminated", 1))

    assert missing_upcasters() == [("Terminated", 1)]


def test_equal_values_have_one_canonical_form() -> None:
    assert canonical({"b": Money(1, "EUR"), "a": 2}) == canonical({"a": 2, "b": Money("1.00", "EUR")})
    assert orjson.loads(canonical(some_terms()))["fee"] == "20.00 EUR"
