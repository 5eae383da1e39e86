from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from retainsdk.customer.profile import Profile
from retainsdk.errors import CommandError, InputError
from retainsdk.events import CustomerRegistered, Happening
from retainsdk.interchange.profiles import export_profiles, import_profiles, profiles_in
from retainsdk.journal import History
from retainsdk.ledger import customer_stream
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship
from retainsdk.vocabulary import Channel, Direction, Kind
from retainsdk.wording import LONGEST_NAME, LONGEST_TEXT

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
UNFIT = ["", " ", "a\x1b[31m", "two\nlines", "x" * (LONGEST_NAME + 1), "\u202eoan", "\u2068Noa\u2069"]


@pytest.mark.parametrize("name", UNFIT)
def test_a_name_nobody_can_read_comes_in_by_no_door(name: str) -> None:
    book = a_book()
    profile = Profile(id=7, kind=Kind.PERSON, name=name, registered_at=AT)
    histories = [
        Happening(
            stream=customer_stream(7), body=CustomerRegistered(kind=Kind.PERSON, name=name), occurred_at=AT
        ),
    ]
    before = len(book)

    for enter in (
        lambda: book.register_customer(kind=Kind.PERSON, name=name, actor="dana"),
        lambda: book.take_on(kind=Kind.PERSON, name=name, actor="dana"),
        lambda: book.take_over_profiles([profile], actor="dana"),
    ):
        with pytest.raises(ValueError, match=r"name|blank"):
            enter()
    examined = book.examine([History(relationship=9, happenings=tuple(histories))])
    assert set(examined.refused) == {9}
    assert len(book) == before


@pytest.mark.parametrize("name", ["נועה לוי", "בע״מ\u200f (3)", "O'Neil & Söhne", "x" * LONGEST_NAME])
def test_names_as_people_have_them_come_in_by_every_door(name: str, tmp_path: Path) -> None:
    book, other = a_book(), a_book()
    book.register_customer(kind=Kind.PERSON, name=name, actor="dana")

    export_profiles(book, tmp_path / "them.csv")

    assert import_profiles(tmp_path / "them.csv", book=other, actor="dana").added == 1


def test_all_names_and_addresses_of_a_file_that_cannot_be_are_told_at_once(tmp_path: Path) -> None:
    book = a_book()
    for number, name in enumerate(("good", "bad", "worse"), start=1):
        who = book.register_customer(kind=Kind.PERSON, name=name, id=number, actor="dana")
        book.add_contact_point(who, channel=Channel.EMAIL, address="noa@example.org", actor="dana")
    export_profiles(book, tmp_path / "them.csv")
    text = (tmp_path / "them.csv").read_text(encoding="utf-8")
    text = text.replace("bad", "b\x07d").replace("worse", "").replace("noa@example.org", "noa", 1)

    with pytest.raises(InputError) as error:
        profiles_in(text, source="them.csv")

    assert [fault.place for fault in error.value.faults] == [
        "line 4, column name",
        "line 6, column name",
        "line 3, column value",
    ]


@pytest.mark.parametrize("address", ["noa", "@example.org", "noa@", " @ "])
def test_an_e_mail_address_without_both_its_parts_is_refused(address: str) -> None:
    book = a_book()
    who = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana")

    with pytest.raises(CommandError, match="no @ between"):
        book.add_contact_point(who, channel=Channel.EMAIL, address=address, actor="dana")


@pytest.mark.parametrize("address", ["054-1234567", "call the neighbour", "12", "*6050"])
def test_a_telephone_number_is_kept_as_it_came(address: str) -> None:
    book = a_book()
    who = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana")

    book.add_contact_point(who, channel=Channel.PHONE, address=address, actor="dana")

    assert book.customer(who).points[1].address == address


def test_a_text_of_ten_megabytes_is_no_note() -> None:
    book = a_book()
    us = a_relationship(book)
    before = len(book)

    with pytest.raises(
        InputError, match=f"text: 'xxx.*has 10,000,000 characters, and {LONGEST_TEXT:,} are the most"
    ):
        book.record_interaction(
            us, channel=Channel.PHONE, direction=Direction.INBOUND, purpose="service", text="x" * 10**7, actor="dana"
        )  # fmt: skip

    assert len(book) == before


def test_what_is_said_of_a_command_has_limits_too() -> None:
    book = a_book()

    with pytest.raises(InputError, match="3 faults"):
        book.register_customer(
            kind=Kind.PERSON, name="Noa", actor="d" * 201, reason="r" * (LONGEST_TEXT + 1), key="k" * 201
        )


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_a_day_beyond_the_calendar_of_people_is_refused(day: date) -> None:
    book = a_book()
    us = a_relationship(book)

    with pytest.raises(InputError, match=r"due_on: .* is out of range"):
        book.bill(us, invoice="I-1", amount=Money(1, book.currency), due_on=day, actor="dana")
