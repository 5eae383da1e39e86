"""What is stored is what its schema says, and what is released stays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from golden import Golden
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from retainsdk.book import Book
from retainsdk.codec import encoded
from retainsdk.events import REGISTRY
from retainsdk.interchange.telco import import_telco
from retainsdk.schema import event_schemas
from retainsdk.testing.strategies import bodies

ROOT = Path(__file__).parents[2]
RELEASED = json.loads((ROOT / "tests" / "fixtures" / "released-events.json").read_text(encoding="utf-8"))
"""As `event_schemas` gave it at the last release; renewed with the next, and never in between."""
NOW = event_schemas()


def checker(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": NOW["$defs"]})


CHECKERS = {name: checker(name) for name in REGISTRY}


def test_the_file_of_schemas_shows_the_events(golden: Golden) -> None:
    golden(
        ROOT / "docs" / "reference" / "events.schema.json",
        json.dumps(NOW, indent=2, ensure_ascii=False) + "\n",
    )


def test_the_schemas_are_schemas_and_cover_every_event() -> None:
    Draft202012Validator.check_schema(NOW)

    assert {part["properties"]["name"]["const"] for part in NOW["oneOf"]} == set(REGISTRY)


@given(st.data())
def test_every_body_that_can_be_written_satisfies_its_schema(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(REGISTRY)))
    body = data.draw(bodies(REGISTRY[name]))

    written = orjson.loads(encoded(body))

    CHECKERS[name].validate(written)
    assert not CHECKERS[name].is_valid({**written, "surprise": 1})
    for field in NOW["$defs"][name]["required"]:
        assert not CHECKERS[name].is_valid({key: value for key, value in written.items() if key != field})


def test_every_event_of_a_whole_book_satisfies_its_schema() -> None:
    book = Book.in_memory(currency="USD")
    import_telco(book)

    for _, row in book._store.read():
        CHECKERS[row.name].validate(orjson.loads(row.body))


def test_a_whole_row_is_described_with_its_name_and_schema() -> None:
    whole = Draft202012Validator(NOW)

    assert whole.is_valid({"name": "Offered", "schema": 1, "body": {}})
    for wrong in (
        {"name": "Offered", "schema": 9, "body": {}},
        {"name": "Offered", "schema": 1, "body": {"valid_until": "tomorrow"}},
        {"name": "Ofered", "schema": 1, "body": {}},
        {"name": "Offered", "schema": 1},
    ):
        assert not whole.is_valid(wrong)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Compensated", {"commitment": None, "what": "voucher", "cost": "5 euros"}),
        ("LateNoticeGiven", {"commitment": 1, "due": "2026-01-01T09:00:00"}),
        ("RelationshipOpened", {"customer": 7, "origin": None, "owner": "dana", "stage": "active"}),
        ("RelationshipOpened", {"customer": "00000000000000ff", "origin": None, "owner": "dana", "stage": 2}),
    ],
    ids=["money without a currency", "an instant without a zone", "an id as a number", "a code as a number"],
)
def test_what_the_book_would_not_write_is_no_body(name: str, body: dict[str, object]) -> None:
    assert not CHECKERS[name].is_valid(body)


_TYPES = ("type", "$ref", "anyOf", "items", "additionalProperties")


def changes(released: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What makes a released body mean something else, or not readable any longer, without a new schema of it."""
    schemas = {
        part["properties"]["name"]["const"]: part["properties"]["schema"]["const"]
        for part in released["oneOf"]
    }
    renewed = {
        part["properties"]["name"]["const"]: part["properties"]["schema"]["const"] for part in now["oneOf"]
    }
    found = []
    for name, was in released["$defs"].items():
        is_ = now["$defs"].get(name)
        if is_ is None:
            found.append(f"{name} is gone")
        elif renewed.get(name) != schemas.get(name):
            continue  # a body of a new schema, with an upcaster from the old one
        elif "enum" in was:
            if is_["enum"][: len(was["enum"])] != was["enum"]:
                found.append(f"{name}: words were changed")
        elif "properties" in was:
            found += [
                f"{name}.{field} was changed"
                for field, kind in was["properties"].items()
                if kind
                != {
                    key: said
                    for key, said in is_["properties"].get(field, {}).items()
                    if key in {*kind, *_TYPES}
                }
            ]
            if set(is_["required"]) - set(was["required"]):
                found.append(f"{name}: a field without a default is new")
        elif {**was, "description": ""} != {**is_, "description": ""}:
            found.append(f"{name} is written otherwise")
    return found


def test_no_field_default_or_word_that_was_released_changes_without_a_new_schema() -> None:
    assert changes(RELEASED, NOW) == []


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda defs: defs.pop("Saved"), "Saved is gone"),
        (lambda defs: defs["Promise"]["enum"].insert(0, "early"), "Promise: words were changed"),
        (lambda defs: defs["Saved"]["properties"].pop("how"), "Saved.how was changed"),
        (lambda defs: defs["Terms"]["properties"]["notice_days"].update(default=60), "Terms.notice_days was changed"),
        (lambda defs: defs["Saved"]["required"].append("who"), "Saved: a field without a default is new"),
        (lambda defs: defs["Money"].update(pattern=".*"), "Money is written otherwise"),
    ],
)  # fmt: skip
def test_a_change_to_what_was_released_is_found(spoil: Any, found: str) -> None:
    spoilt = json.loads(json.dumps(NOW))
    spoil(spoilt["$defs"])

    assert found in changes(RELEASED, spoilt)


def test_a_word_or_a_field_with_a_default_may_be_added() -> None:
    grown = json.loads(json.dumps(NOW))
    grown["$defs"]["Promise"]["enum"].append("visit")
    grown["$defs"]["Saved"]["properties"]["who"] = {"type": "string", "default": ""}

    assert changes(RELEASED, grown) == []
