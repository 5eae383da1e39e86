from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retainsdk.codec import UPCASTERS, canonical, decoded, encoded, missing_upcasters
from retainsdk.events import REGISTRY, SCHEMAS, EndCompleted, Terminated
from retainsdk.quantities import Money
from retainsdk.testing import some_terms
from retainsdk.testing.strategies import bodies
from retainsdk.vocabulary import ClosingStep, Ending


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
