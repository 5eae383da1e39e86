from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.events import Fact
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import Channel, Sensitivity

PURPOSES = st.sampled_from(["service", "survey"])


@pytest.mark.invariant(16)
@given(st.sampled_from(["senior", "diet", "language", "birthday"]), PURPOSES, st.booleans())
def test_a_sensitive_fact_shows_in_no_report_and_no_view(name: str, purpose: str, corrected: bool) -> None:  # noqa: FBT001 # drawn
    book, plain = a_book(), a_book()
    values: dict[str, Fact] = {"senior": True, "birthday": "1955-03-07"}
    value = values.get(name, "only-for-some")
    us, other = (a_relationship(it, terms=some_terms()) for it in (book, plain))
    book.learn_fact(
        us - 1, name=name, value=value, source="secret source", sensitivity=Sensitivity.SENSITIVE,
        purposes=[purpose], actor="dana", occurred_at=at(2),
    )  # fmt: skip
    if corrected:
        book.correct_fact(us - 1, name=name, value=value, source="secret source", why="x", actor="dana")

    customer = book.customer(us - 1)

    assert str(book.card(us)) == str(plain.card(other))
    assert book.card(us).as_json() == plain.card(other).as_json()
    assert str(book.agenda()) == str(plain.agenda())
    for column in ("senior", "household_size"):
        assert book.view().known(column).tolist() == plain.view().known(column).tolist()
    assert (customer.facts, customer.language, customer.birthday) == ({}, None, None)
    assert "only-for-some" not in repr(customer)
    assert customer.facts_for(purpose)[name].value == value


def test_who_speaks_which_language_is_a_fact_like_others() -> None:
    book = a_book()
    us = a_relationship(book)

    book.learn_fact(us - 1, name="language", value="he", source="call", actor="dana")

    assert book.customer(us - 1).language == "he"


def test_a_channel_no_address_is_known_for_is_open_and_one_that_was_not_known_yet_was() -> None:
    book = a_book()
    us = a_relationship(book)
    book.add_contact_point(us - 1, channel=Channel.EMAIL, address="n@x.il", actor="dana", occurred_at=at(2))
    book.retire_contact_point(us - 1, 1, why="bounced", actor="dana", occurred_at=at(4))

    noa = book.customer(us - 1)

    assert noa.may_be_contacted("service", Channel.PHONE)
    assert [noa.is_reachable_on(Channel.EMAIL, at(month)) for month in (1, 3, 4)] == [True, True, False]
    assert not noa.may_be_contacted("service", Channel.EMAIL)
