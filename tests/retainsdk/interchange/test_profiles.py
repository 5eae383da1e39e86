from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_books import books, told

from retainsdk.book import Book
from retainsdk.errors import InputError
from retainsdk.interchange.profiles import COLUMNS, export_profiles, import_profiles, profiles_in, table_of
from retainsdk.testing import a_book, at
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Kind, Sensitivity


@pytest.mark.invariant(50)
@given(books())
def test_what_is_exported_and_imported_is_the_same_and_imported_twice_is_there_once(book: Book) -> None:
    table = table_of(told(book))
    other = a_book()

    first = other.take_over_profiles(profiles_in(table, source="x"), actor="gil")
    events = len(other)
    second = other.take_over_profiles(profiles_in(table, source="x"), actor="gil")

    assert told(other) == told(book)
    for id_, customer in book.ledger().customers.items():
        mine = other.customer(id_)
        assert mine.facts_for("survey") == customer.facts_for("survey")
        assert [mine.points[n] for n in sorted(mine.points)] == [
            customer.points[n] for n in sorted(customer.points)
        ]
        for purpose in CONSENT_PURPOSES:
            for channel in Channel:
                assert mine.consents.allows(purpose, channel) == customer.consents.allows(purpose, channel)
    assert len(other) == events
    assert (first.added, second.unchanged) == (len(told(book)), len(told(book)))


@pytest.mark.invariant(50)
@given(books())
def test_a_book_that_takes_back_its_own_table_stays_as_it_was(book: Book) -> None:
    digest = book.digest()

    book.take_over_profiles(profiles_in(table_of(told(book)), source="x"), actor="gil")

    assert book.digest() == digest


@pytest.mark.invariant(16)
@given(books(), st.sampled_from([None, "service", "survey"]))
def test_sensitive_facts_leave_the_book_only_for_a_purpose_that_allows_them(
    book: Book, purpose: str | None
) -> None:
    profiles = profiles_in(table_of(told(book, purpose)), source="x")

    secret = [
        fact for profile in profiles for _, fact in profile.facts if fact.sensitivity is Sensitivity.SENSITIVE
    ]
    assert all(purpose is not None and purpose in fact.purposes for fact in secret)
    if purpose != "survey":
        assert '"survey"' not in table_of(told(book, purpose)).replace('""', '"')


def test_an_old_table_brings_back_nothing_that_was_put_right_since() -> None:
    book = a_book()
    noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", occurred_at=at(1))
    book.learn_fact(noa, name="diet", value="vegan", source="x", actor="dana", occurred_at=at(2))
    book.give_consent(noa, purpose="marketing", evidence="form", actor="dana", occurred_at=at(2))
    book.add_contact_point(noa, channel=Channel.EMAIL, address="n@x.il", actor="dana", occurred_at=at(2))
    old = table_of(told(book))
    book.retract_fact(noa, name="diet", why="misheard", actor="dana")
    book.withdraw_consent(noa, purpose="marketing", evidence="call", actor="dana")
    book.retire_contact_point(noa, 1, why="bounced", actor="dana")
    digest = book.digest()

    taken = book.take_over_profiles(profiles_in(old, source="x"), actor="gil")

    assert taken.unchanged == 1
    assert book.digest() == digest


def test_a_customer_who_was_merged_here_takes_what_a_table_tells_of_his_old_id() -> None:
    book, other = a_book(), a_book()
    for it in (book, other):
        for id_ in (1, 2):
            it.register_customer(kind=Kind.PERSON, name="Noa", id=id_, actor="dana", occurred_at=at(1))
            it.add_contact_point(
                id_, channel=Channel.PHONE, address=f"{id_}", actor="dana", occurred_at=at(1, id_)
            )
    book.merge_customers(into=1, merged=2, evidence="passport", actor="dana", occurred_at=at(3))
    other.learn_fact(2, name="diet", value="vegan", source="x", actor="dana", occurred_at=at(2))
    other.verify_contact_point(2, 1, how_seen="answered", actor="dana", occurred_at=at(2))
    table = table_of(told(other))

    taken = book.take_over_profiles(profiles_in(table, source="x"), actor="gil")
    again = book.take_over_profiles(profiles_in(table, source="x"), actor="gil")

    noa = book.customer(2)
    assert (taken.unchanged, taken.changed, again.unchanged) == (1, 1, 2)
    assert (noa.id, noa.facts["diet"].value) == (1, "vegan")
    assert [(it.address, it.verified_how) for it in noa.points.values()] == [("1", ""), ("2", "answered")]


def test_taking_over_under_a_key_twice_gives_the_same_answer() -> None:
    book = a_book()
    profiles = profiles_in(a_table(NOA), source="x")

    answers = [book.take_over_profiles(profiles, actor="dana", key="1") for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0].added == 1


def test_a_file_is_written_for_some_read_again_and_opens_in_spreadsheets_without_formulas(
    tmp_path: Path,
) -> None:
    book, other = a_book(path=tmp_path / "a.db"), a_book(path=tmp_path / "b.db")
    noa = book.register_customer(kind=Kind.PERSON, name="=cmd()", actor="dana", occurred_at=at(1))
    book.register_customer(kind=Kind.PERSON, name="Gil", actor="dana", occurred_at=at(1))

    written = export_profiles(book, tmp_path / "profiles.csv", customers=[noa])
    taken = import_profiles(tmp_path / "profiles.csv", book=other, actor="dana")

    assert (written, taken.added) == (1, 1)
    assert other.customer(noa).name == "=cmd()"
    with (tmp_path / "profiles.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert "'=cmd()" in cells
    assert list(tmp_path.glob("*.part")) == []
    book.close()
    other.close()


def a_table(*rows: str) -> str:
    head = "customer,entry,name,value,type,channel,at,source,sensitivity,purposes,verified_at,verified_how,retired_at,why_retired"
    assert head == ",".join(COLUMNS)
    return "\n".join([head, *rows])


NOA = "0000000000000001,customer,Noa,person,,,2026-01-01T09:00:00+00:00,,,,,,,"


def test_all_that_is_wrong_with_a_table_is_said_at_once_with_its_place() -> None:
    table = a_table(
        NOA,
        NOA,
        "1,customer,Noa,robot,,,2026-01-01,,,,,,,",
        "0000000000000001,point,home,n@x.il,,pigeon,2026-01-01T09:00:00+00:00,,,,,,,",
        "0000000000000001,fact,age,old,whole,,2026-01-01T09:00:00+00:00,x,ordinary,,,,,",
        "0000000000000001,consent,fun,maybe,,,2026-01-01T09:00:00+00:00,x,,,,,,",
        "0000000000000001,opinion,,,,,,,,,,,,",
        "too short",
    )

    with pytest.raises(InputError) as found:
        profiles_in(table, source="noa.csv")

    assert [(fault.place, fault.value) for fault in found.value.faults] == [
        ("line 4, column customer", "1"),
        ("line 9", "the row"),
        ("line 3, column customer", "0000000000000001"),
        ("line 4, column value", "robot"),
        ("line 4, column at", "2026-01-01"),
        ("line 5, column channel", "pigeon"),
        ("line 6, column value", "old"),
        ("line 7, column name", "fun"),
        ("line 7, column value", "maybe"),
        ("line 8, column entry", "opinion"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1, column customer"),
        ("customer,entry\n", "line 1, column name.*is missing"),
        (a_table(NOA + '"x'), "cannot be read"),
        (a_table(NOA.replace("2026-01-01T09:00:00+00:00", "0001-01-01T00:00:00+14:00")), "must be an instant"),
        (a_table("0000000000000002,fact,age,1,whole,,2026-01-01T09:00:00+00:00,x,ordinary,,,,,"), "has no row that says who it is"),
    ],
)  # fmt: skip
def test_a_table_that_is_none_is_refused(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        profiles_in(text, source="noa.csv")


def test_what_cannot_have_happened_is_named_with_its_profile_and_nothing_is_taken() -> None:
    book = a_book()
    late = NOA.replace("2026", "2027").replace("0001,", "0002,")
    early = "0000000000000001,fact,age,30,whole,,2025-01-01T09:00:00+00:00,x,ordinary,,,,,"

    with pytest.raises(InputError) as found:
        book.take_over_profiles(profiles_in(a_table(NOA, early, late), source="x"), actor="dana")

    assert [fault.place for fault in found.value.faults] == [
        "profiles[0] (0000000000000001)",
        "profiles[1] (0000000000000002)",
    ]
    assert book.ledger().customers == {}


def test_a_file_that_is_no_text_or_absent_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\xff\xfe")

    for path in (broken, tmp_path / "absent.csv"):
        with pytest.raises(InputError, match=r"holds no text in UTF-8|cannot be read"):
            import_profiles(path, book=a_book(), actor="dana")
