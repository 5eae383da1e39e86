"""One person has the main duty at every instant, and those who contribute are others."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.errors import CommandError, RetainError
from retainsdk.events import OwnerAssigned, RelationshipOpened
from retainsdk.relationship import UNASSIGNED, Relationship
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.vocabulary import Kind

PEOPLE = ("dana", "omer", "נועה")
people, days = st.sampled_from(PEOPLE), st.integers(1, 8)


def end(book: Book, us: int, how: dict[str, Any]) -> None:
    book.begin_end(us, **how)
    book.complete_end(us, although="x", **how)


TOLD: dict[str, Callable[[Book, int, str, dict[str, Any]], object]] = {
    "assign": lambda book, us, who, how: book.assign_owner(us, owner=who, **how),
    "add": lambda book, us, who, how: book.add_contributor(us, contributor=who, part="offers", **how),
    "remove": lambda book, us, who, how: book.remove_contributor(us, contributor=who, **how),
    "end": lambda book, us, _, how: end(book, us, how),
    "return": lambda book, us, _, how: book.record_return(us, **how),
}
histories = st.lists(st.tuples(st.sampled_from(sorted(TOLD)), people, days), max_size=20)
OPENED = at(6, 2)
INSTANTS = [at(6, 1) + timedelta(hours=12 * half) for half in range(-2, 18)]


def told(history: list[tuple[str, str, int]]) -> tuple[Book, int]:
    book = a_book()
    us = a_relationship(book, owner="dana", since=OPENED)  # and of the day before something is told too
    for what, who, day in history:
        with suppress(RetainError):
            TOLD[what](book, us, who, {"actor": "boss", "occurred_at": at(6, day)})
    return book, us


def kept(book: Book, us: int) -> Relationship:
    return book.account(us).relationship


def owner_by_the_log(book: Book, instant: datetime) -> str:
    named = [
        (event.occurred_at, event.position, event.body.owner)
        for event in book.events()
        if isinstance(event.body, RelationshipOpened | OwnerAssigned) and event.occurred_at <= instant
    ]
    return max(named)[2]


@pytest.mark.invariant(7)
@given(histories)
def test_from_opening_to_end_there_is_exactly_one_owner_at_every_instant(
    history: list[tuple[str, str, int]],
) -> None:
    book, us = told(history)

    relationship = kept(book, us)
    for instant in INSTANTS:
        is_with_us = any(
            spell.began <= instant and (spell.ended is None or instant < spell.ended)
            for spell in relationship.spells
        )
        expected = owner_by_the_log(book, instant) if is_with_us else None
        assert relationship.owner_at(instant) == expected
        if is_with_us:
            assert kept_as_of(book, us, instant).owner == expected


def kept_as_of(book: Book, us: int, instant: datetime) -> Relationship:
    return book.account(us, as_of=instant).relationship


@pytest.mark.invariant(8)
@given(histories)
def test_an_owner_never_contributes_and_nobody_contributes_twice_at_once_nor_when_all_is_over(
    history: list[tuple[str, str, int]],
) -> None:
    book, us = told(history)

    relationship = kept(book, us)
    contributions = relationship.ownership.contributions
    for instant in INSTANTS:
        running = [it.contributor for it in contributions if it.runs(instant)]
        assert len(running) == len(set(running))
        if running:
            assert relationship.owner_at(instant) not in {*running, None}
    assert all(it.since >= OPENED for it in contributions)
    for one, other in combinations(contributions, 2):
        if one.contributor == other.contributor:
            first, second = sorted((one, other), key=lambda it: (it.since, it.until or at(12)))
            assert first.until is not None
            assert first.until <= second.since


@pytest.mark.invariant(9)
@given(st.permutations(PEOPLE), days)
def test_of_two_owners_for_one_instant_the_second_is_refused_with_both_sources(
    names: list[str], day: int
) -> None:
    first, second, other = names
    book = a_book()
    us = a_relationship(book, owner=other, since=at(5))
    book.assign_owner(us, owner=first, source="the crm", occurred_at=at(6, day), actor="boss")
    digest = book.digest()

    with pytest.raises(CommandError) as refused:
        book.assign_owner(us, owner=second, source="a letter", occurred_at=at(6, day), actor="boss")

    assert book.digest() == digest
    for said in (first, "the crm", second, "a letter"):
        assert said in str(refused.value)


def test_what_nobody_owns_is_the_pools_until_somebody_is_named_even_from_the_beginning() -> None:
    book = a_book()
    customer = book.register_customer(kind=Kind.PERSON, name="Noa", occurred_at=at(6), actor="boss")
    us = book.open_relationship(customer, occurred_at=at(6), actor="boss")
    assert kept(book, us).owner == UNASSIGNED

    book.assign_owner(us, owner="dana", occurred_at=at(6), actor="boss")

    assert kept(book, us).owner_at(at(6)) == "dana"


def test_to_assign_who_is_the_owner_already_confirms_him() -> None:
    book = a_book()
    us = a_relationship(book, owner="dana")
    book.assign_owner(us, owner="dana", occurred_at=at(3), actor="boss")

    assert (kept(book, us).owner, kept(book, us).owner_since) == ("dana", at(1))
    with pytest.raises(CommandError, match="contradicts 'dana'"):
        book.assign_owner(us, owner="omer", occurred_at=at(2), actor="boss")


def test_a_contributor_who_becomes_the_owner_contributes_no_longer() -> None:
    book = a_book()
    us = a_relationship(book, owner="dana")
    book.add_contributor(us, contributor="omer", part="the technical side", occurred_at=at(2), actor="boss")

    book.assign_owner(us, owner="omer", occurred_at=at(3), actor="boss")

    (contribution,) = kept(book, us).ownership.contributions
    assert (contribution.since, contribution.until) == (at(2), at(3))
    assert kept(book, us).contributors == ()


@pytest.mark.parametrize("name", ["", "  ", UNASSIGNED])
def test_nobody_cannot_contribute(name: str) -> None:
    book = a_book()
    us = a_relationship(book)

    with pytest.raises(CommandError, match="names nobody"):
        book.add_contributor(us, contributor=name, part="offers", actor="boss")


def test_whoever_is_assigned_from_an_instant_before_he_contributed_is_refused() -> None:
    book = a_book()
    us = a_relationship(book, owner="dana")
    book.add_contributor(us, contributor="omer", part="offers", occurred_at=at(4), actor="boss")

    with pytest.raises(CommandError, match="never also a contributor"):
        book.assign_owner(us, owner="omer", occurred_at=at(3), actor="boss")
