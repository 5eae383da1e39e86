from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.duties.occasion import Occasion, occasions
from retainsdk.testing import NOW, a_book, at
from retainsdk.vocabulary import Kind, Role, Sensitivity

YEAR = (date(2026, 1, 1), date(2027, 1, 1))


def found(book: Book, first: date = YEAR[0], end: date = YEAR[1]) -> list[Occasion]:
    return occasions(book.ledger(), first, end, at=NOW)


def somebody(book: Book, name: str = "Noa", kind: Kind = Kind.PERSON, **facts: str) -> int:
    new = book.register_customer(kind=kind, name=name, actor="dana", occurred_at=at(1))
    for fact, value in facts.items():
        book.learn_fact(new, name=fact, value=value, source="she", actor="dana", occurred_at=at(1))
    return new


def ours(book: Book, customer: int) -> int:
    return book.open_relationship(customer, actor="dana", occurred_at=at(1))


homes = st.lists(st.tuples(st.booleans(), st.integers(0, 2)), max_size=4)


@pytest.mark.invariant(12)
@given(homes, st.integers(0, 2), st.sampled_from(["--02-29", "1990-02-28", "2025-12-31"]), st.booleans())
def test_a_birthday_is_one_occasion_a_year_and_person_however_many_know_of_it(
    homes: list[tuple[bool, int]],
    own: int,
    birthday: str,
    told_twice: bool,  # noqa: FBT001 # drawn
) -> None:
    book = a_book()
    noa = somebody(book, birthday=birthday)
    known = [ours(book, noa) for _ in range(own)]
    for primary, relationships in homes:
        home = somebody(book, "Levi", Kind.HOUSEHOLD)
        book.start_affiliation(noa, home, role=Role.MEMBER, primary=primary, actor="dana", occurred_at=at(2))
        known += [ours(book, home) for _ in range(relationships)]
    if told_twice:
        book.learn_fact(noa, name="birthday", value=birthday, source="her mother", actor="dana")

    days = found(book, date(2026, 1, 1), date(2029, 1, 1))

    years = [it.on.year for it in days]
    assert years == ([2026, 2027, 2028] if known else [])
    assert all(sorted(it.relationships) == sorted(known) for it in days)
    if birthday == "--02-29" and known:
        assert [it.on.day for it in days] == [28, 28, 29]


@pytest.mark.invariant(12)
def test_two_entries_that_were_one_person_have_one_birthday() -> None:
    book = a_book()
    one, other = somebody(book, birthday="--02-29"), somebody(book, "N.", birthday="1992-02-29")
    first, second = ours(book, one), ours(book, other)

    book.merge_customers(into=one, merged=other, evidence="passport", actor="dana")

    assert [(it.customer, it.on, it.relationships) for it in found(book)] == [
        (one, date(2026, 2, 28), (first, second))
    ]


def test_an_occasion_is_marked_in_his_own_relationship_first_then_through_whom_he_is_chiefly_reached() -> (
    None
):
    book = a_book()
    noa = somebody(book, birthday="1990-02-28")
    work, home = somebody(book, "Orgad", Kind.ORGANISATION), somebody(book, "Levi", Kind.HOUSEHOLD)
    at_work, at_home = ours(book, work), ours(book, home)
    book.start_affiliation(noa, work, role=Role.USES, power=9, actor="dana", occurred_at=at(2))
    book.start_affiliation(noa, home, role=Role.MEMBER, primary=True, actor="dana", occurred_at=at(2))
    assert found(book)[0].relationships == (at_home, at_work)

    own = ours(book, noa)

    birthday = found(book)[0]
    assert birthday.relationships == (own, at_home, at_work)
    assert (birthday.name, birthday.fact, birthday.years) == ("Noa", "birthday", 36)
    assert birthday.basis == f"birthday of {noa:016x}"


def test_an_anniversary_is_a_households_too() -> None:
    book = a_book()
    home = somebody(book, "Levi", Kind.HOUSEHOLD, anniversary="2016-06-20")
    us = ours(book, home)

    assert [(it.fact, it.on, it.years, it.relationships) for it in found(book)] == [
        ("anniversary", date(2026, 6, 20), 10, (us,))
    ]


@pytest.mark.invariant(16)
@pytest.mark.parametrize(("purpose", "is_marked"), [("personal", True), ("service", False)])
def test_a_sensitive_birthday_is_marked_only_when_it_may_be(purpose: str, is_marked: bool) -> None:  # noqa: FBT001 # a case
    book = a_book()
    noa = somebody(book)
    ours(book, noa)
    book.learn_fact(
        noa, name="birthday", value="--02-28", source="file", sensitivity=Sensitivity.SENSITIVE,
        purposes=[purpose], actor="dana",
    )  # fmt: skip

    assert bool(found(book)) == is_marked
    assert book.customer(noa).birthday is None


def test_who_has_left_a_household_is_not_greeted_through_it() -> None:
    book = a_book()
    noa, home = somebody(book, birthday="--02-28"), somebody(book, "Levi", Kind.HOUSEHOLD)
    ours(book, home)
    joined = book.start_affiliation(noa, home, role=Role.MEMBER, actor="dana", occurred_at=at(2))
    assert len(found(book)) == 1

    book.end_affiliation(noa, joined, why="moved out", actor="dana")

    assert found(book) == []
