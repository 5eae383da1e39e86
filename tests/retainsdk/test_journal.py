from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError, ConflictError, KeyReusedError, UnknownIdError
from retainsdk.testing import NOW, SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import CaseKind, Kind, OfferKind, Role


def test_a_command_repeated_under_its_key_gives_the_same_result_and_nothing_new() -> None:
    book = a_book()

    first = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", key="1")
    events = len(book)
    second = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", key="1")

    assert first == second
    assert len(book) == events


def test_a_key_used_for_another_command_is_refused() -> None:
    book = a_book()
    book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", key="1")
    events = len(book)

    with pytest.raises(KeyReusedError):
        book.register_customer(kind=Kind.PERSON, name="Gil", actor="dana", key="1")
    assert len(book) == events


def test_a_command_is_one_commit_or_none() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms())
    offer = book.make_offer(noa, kind=OfferKind.PACKAGE, offering="m", actor="dana")
    events = len(book)

    late = some_terms(starts_on=some_terms().starts_on - timedelta(days=1))
    with pytest.raises(ValueError, match="choose a later start"):
        book.accept_offer(noa, offer, terms=late, actor="dana")

    assert len(book) == events
    assert book.account(noa).offers[offer].accepted is None


def test_nothing_occurs_in_the_future_or_in_no_zone() -> None:
    book = a_book()
    noa = a_relationship(book)

    for instant, why in (
        (NOW + timedelta(microseconds=1), "lies in the future"),
        (datetime(2026, 1, 2), "no time zone"),  # noqa: DTZ001 # that is the test
    ):
        with pytest.raises(CommandError, match=why):
            book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", occurred_at=instant, actor="dana")


def test_nobody_looks_back_by_the_zone_of_his_computer() -> None:
    book = a_book()
    us = a_relationship(book)
    customer = book.account(us).relationship.customer
    then = datetime(2026, 6, 1)  # noqa: DTZ001 # that is the test

    looks: list[Callable[[], object]] = [
        lambda: book.ledger(as_of=then),
        lambda: book.ledger(known_at=then),
        lambda: book.view(known_at=then),
        lambda: list(book.events(as_of=then)),
        lambda: book.account(us, as_of=then),
        lambda: book.customer(customer, as_of=then),
        lambda: book.timeline_of(customer, as_of=then),
    ]

    for look in looks:
        with pytest.raises(CommandError, match="has no time zone"):
            look()


def test_nothing_occurs_to_a_relationship_before_it_began() -> None:
    book = a_book()
    noa = a_relationship(book, since=at(2))

    with pytest.raises(CommandError, match="before the relationship began"):
        book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", occurred_at=at(1), actor="dana")


def test_occurred_recorded_actor_and_reason_stand_with_every_event() -> None:
    book = a_book()
    noa = a_relationship(book)
    book.open_case(
        noa, kind=CaseKind.COMPLAINT, topic="bill", occurred_at=at(5), reason="letter of 1 May", actor="gil"
    )

    last = list(book.events())[-1]

    assert (last.occurred_at, last.recorded_at, last.actor, last.reason) == (
        at(5),
        NOW,
        "gil",
        "letter of 1 May",
    )
    assert (last.stream, last.version) == (f"relationship/{noa:016x}/case/1", 1)


def test_a_writer_that_was_overtaken_hears_of_it(tmp_path: Path) -> None:
    mine, theirs = a_book(path=tmp_path / "book.db"), a_book(path=tmp_path / "book.db")
    noa = a_relationship(mine)
    read = mine._read_account

    def overtaken(relationship: int, occurred_by: str | None = None) -> object:
        state = read(relationship, occurred_by)
        theirs.raise_signal(noa, department="service", kind="calls", evidence="3", actor="gil")
        return state

    mine._read_account = overtaken  # type: ignore[method-assign,assignment] # where the other one writes
    with pytest.raises(ConflictError) as refused:
        mine.raise_signal(noa, department="finance", kind="arrears", evidence="2", actor="dana")
    assert (refused.value.expected, refused.value.actual) == (1, 2)
    assert pickle.loads(pickle.dumps(refused.value)).actual == 2
    mine.close()
    theirs.close()


def test_what_the_book_does_not_hold_is_named() -> None:
    book = a_book()
    noa = a_relationship(book)

    for command in (
        lambda: book.begin_end(99, actor="dana"),
        lambda: book.keep(noa, 3, actor="dana"),
        lambda: book.resolve_case(noa, 3, how_done="paid", actor="dana"),
        lambda: book.accept_offer(noa, 3, actor="dana"),
        lambda: book.rescind_notice(noa, actor="dana"),
        lambda: book.learn_fact(99, name="senior", value=True, source="call", actor="dana"),
        lambda: book.open_relationship(99, actor="dana"),
    ):
        with pytest.raises(UnknownIdError):
            command()


def test_a_relationship_is_found_by_its_reference_or_its_id_and_by_nothing_like_them() -> None:
    book = a_book()
    noa = a_relationship(book, name="gil", reference="נועה-1")
    a_relationship(book, owner="נועה-1", reference="gil")
    twins = [a_relationship(book, reference="twin") for _ in range(2)]

    assert book.find("נועה-1") == book.find(f"{noa:016x}") == noa
    for unknown in ("נועה", "dana", "", "twin", f"{99:016x}"):
        with pytest.raises(UnknownIdError):
            book.find(unknown)
    assert book.find(f"{twins[1]:016x}") == twins[1]


def test_a_book_reopened_is_the_same(tmp_path: Path) -> None:
    book = a_book(path=tmp_path / "book.db", zone="Asia/Jerusalem")
    noa = a_relationship(book, terms=some_terms())
    digest, page = book.digest(), str(book.card(noa, NOW))
    book.close()

    with Book.open(tmp_path / "book.db", clock=SetClock()) as again:
        assert (again.currency, again.zone.key) == ("EUR", "Asia/Jerusalem")
        assert again.digest() == digest
        assert str(again.card(noa, NOW)) == page
    with pytest.raises(CommandError, match="is not this book's"):
        Book.open(tmp_path / "book.db", currency="USD")


def test_books_that_tell_another_history_have_another_digest() -> None:
    one, other = a_book(), a_book()
    a_relationship(one)
    a_relationship(other, name="Gil")

    assert one.digest() != other.digest()


def test_a_customer_read_alone_names_his_people_by_the_ids_they_go_by_after_a_merge() -> None:
    book = a_book()
    noa, twin = (book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana") for _ in range(2))
    levi = book.register_customer(kind=Kind.HOUSEHOLD, name="Levi", actor="dana")
    book.start_affiliation(noa, levi, role=Role.MEMBER, actor="dana")

    book.merge_customers(into=twin, merged=noa, evidence="same number", actor="dana")

    assert {it.person for it in book.customer(levi).affiliations.values()} == {twin}
    assert book.customer(levi) == book.ledger().customer(levi)
