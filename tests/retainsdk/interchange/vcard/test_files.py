from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from told_books import books, told, values

from retainsdk.book import Book
from retainsdk.customer import Customer
from retainsdk.errors import InputError
from retainsdk.interchange.vcard import CardReport, export_vcards, import_vcards
from retainsdk.testing import a_book, at
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Kind, Sensitivity

SAMPLES = Path(__file__).parent / "samples"
DAYS = st.sampled_from(["1990-02-28", "--02-29", "1604-02-29"])
LINES = [
    "X-A:1",
    "X-A:2",
    "item1.X-A;TYPE=x:a\\nb",
    "X-A:",
    "END:VCARD",
    "two\nlines",
    "FN:x",
    "X-RETAINSDK-FACT:1",
]
facts = st.one_of(
    st.tuples(st.sampled_from("ab"), values),
    st.tuples(st.sampled_from(["birthday", "anniversary"]), DAYS),
    st.tuples(st.sampled_from(["note", "note 2", "organisation", "categories", "birthday 2"]), values),
    st.tuples(st.sampled_from(["vcard X-A", "vcard X-A 2", "vcard END", "vcard FN", "vcard X-RETAINSDK-FACT"]), st.sampled_from(LINES)),
    st.tuples(st.sampled_from(["vcard UID"]), st.sampled_from(["UID:1", "UID:", "1"])),
    st.tuples(st.sampled_from(["vcard N"]), st.sampled_from(["N:Levi;Noa", "N:;"])),
)  # fmt: skip


def taken(content: bytes, book: Book, *, good: bool = False, name: str = "cards.vcf") -> CardReport:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        return import_vcards(path, book=book, actor="gil", take_good_cards=good)


def written(book: Book, purpose: str | None = "survey") -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cards.vcf")
        export_vcards(book, path, purpose=purpose)
        return path.read_bytes()


def only(book: Book) -> Customer:
    (customer,) = book.ledger().customers.values()
    return customer


def a_card(*lines: str, version: str = "3.0") -> bytes:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""]).encode()


@pytest.mark.invariant(50)
@given(books(facts))
def test_cards_that_are_exported_and_imported_are_the_same_and_imported_twice_are_there_once(
    book: Book,
) -> None:
    cards = written(book)
    other = a_book()

    first = taken(cards, other)
    digest = other.digest()
    second = taken(cards, other)

    assert told(other) == told(book)
    for id_, customer in book.ledger().customers.items():
        mine = other.customer(id_)
        assert mine.facts_for("survey") == customer.facts_for("survey")
        for purpose in CONSENT_PURPOSES:
            for channel in Channel:
                assert mine.consents.allows(purpose, channel) == customer.consents.allows(purpose, channel)
    assert other.digest() == digest
    assert (first.added, second.unchanged) == (len(told(book)), len(told(book)))


@pytest.mark.invariant(50)
@given(books(facts))
def test_a_book_that_takes_back_its_own_cards_stays_as_it_was(book: Book) -> None:
    digest = book.digest()

    taken(written(book), book)

    assert book.digest() == digest


@pytest.mark.invariant(16)
@given(books(facts), st.sampled_from([None, "service", "survey"]))
def test_sensitive_facts_stand_in_cards_only_for_a_purpose_that_allows_them(
    book: Book, purpose: str | None
) -> None:
    cards = written(book, purpose)
    other = a_book()

    taken(cards, other)

    secret = [
        fact
        for profile in told(other, "survey")
        for _, fact in profile.facts
        if fact.sensitivity is Sensitivity.SENSITIVE
    ]
    assert all(purpose is not None and purpose in fact.purposes for fact in secret)


@pytest.mark.invariant(50)
@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.vcf")), ids=lambda path: path.stem)
def test_cards_of_address_books_are_taken_once_however_often_and_come_back_equal(sample: Path) -> None:
    book, other = a_book(), a_book()

    first = taken(sample.read_bytes(), book)
    digest = book.digest()
    again = taken(sample.read_bytes(), book)
    taken(written(book), other)

    assert first.is_clean
    assert first.added == again.unchanged > 0
    assert book.digest() == digest
    assert told(other) == told(book)
    assert taken(sample.read_bytes(), other).changed == 0


def test_what_an_iphone_exports_is_understood() -> None:
    book = a_book()

    report = taken((SAMPLES / "iphone.vcf").read_bytes(), book)

    noa, garage = sorted(book.ledger().customers.values(), key=lambda it: it.kind)
    assert (noa.name, garage.name, garage.kind) == ("ד״ר נועה לוי", "מוסך שלום", Kind.ORGANISATION)
    assert [(it.channel, it.address, it.label) for it in noa.points.values()] == [
        (Channel.EMAIL, "noa@example.org", "מזכירה"),
        (Channel.EMAIL, "noa.levi@negev.example", "work"),
        (Channel.PHONE, "+972 54-123-4567", "cell, preferred"),
        (Channel.LETTER, "שדרות רגר 12, קומה 3, באר שבע, 8410501, ישראל", "work, preferred"),
        (Channel.MESSAGE, "972541234567", "WhatsApp, home, preferred"),
    ]
    known = {name: fact.value for name, fact in noa.facts.items()}
    assert known["birthday"] == "--02-29"
    assert known["anniversary"] == "2009-08-08"
    assert known["note"] == "מעדיפה הודעות\nלא בשבת"
    assert known["vcard TEL"] == "item2.TEL:*9876"  # a fax: nobody is called there
    assert known["vcard X-ABLABEL"] == "item2.X-ABLABEL:_$!<HomeFAX>!$_"
    assert known["vcard X-ABLABEL 2"] == "item5.X-ABLABEL:_$!<Spouse>!$_"
    assert all(fact.source == "vcard" for fact in noa.facts.values())
    assert [notice.partition(":")[0] for notice in report.notices] == ["card 1, line 24, PHOTO"]


def test_what_android_and_outlook_export_in_version_2_is_understood() -> None:
    book = a_book()

    for name in ("android", "outlook"):
        taken((SAMPLES / f"{name}.vcf").read_bytes(), book)

    dana, omer = (it for it in book.ledger().customers.values() if it.name in {"דנה כהן", "עומר לוי"})
    assert dana.facts["note"].value == "שורה ראשונה\nשורה שנייה"
    assert dana.facts["vcard N"].value == "N:כהן;דנה;;;"
    assert omer.facts["title"].value == "Buyer"
    assert str(omer.day_to_mark("anniversary")) == "2001-09-10"
    assert omer.registered_at.isoformat() == "2026-01-02T09:00:00+00:00"  # as the card was revised


def test_what_version_4_says_is_understood_and_lists_of_cards_are_no_customers() -> None:
    book = a_book()

    report = taken((SAMPLES / "nextcloud.vcf").read_bytes(), book)

    tal = only(book)
    assert (str(tal.birthday), tal.language) == ("--02-29", "he")
    assert [it.address for it in tal.points.values()] == [
        "+972-52-000-1111",
        "tal@example.org",
        "5 Herzl St, Haifa, Israel",
    ]
    assert "'group'" in report.notices[1]


def test_what_somebody_changed_in_an_exported_card_is_taken_and_nothing_is_taken_back() -> None:
    book = a_book()
    noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", occurred_at=at(1))
    book.add_contact_point(noa, channel=Channel.PHONE, address="054-1", actor="dana", occurred_at=at(1))
    book.learn_fact(noa, name="note", value="old", source="x", actor="dana", occurred_at=at(1))
    book.learn_fact(noa, name="title", value="CFO", source="x", actor="dana", occurred_at=at(1))
    cards = written(book)
    changed = cards.replace(b"\nTEL:054-1", b"\nTEL:054 1\r\nTEL:054-2").replace(
        b"NOTE:old", b"NOTE:new\r\nTITLE:CEO"
    )

    reports = [taken(changed, book) for _ in range(2)]

    assert [(it.changed, it.unchanged) for it in reports] == [(1, 0), (0, 1)]
    known = book.customer(noa)
    assert [it.address for it in known.points.values()] == ["054-1", "054-2"]
    assert {name: fact.value for name, fact in known.facts.items()} == {
        "note": "new",
        "title": "CFO",
        "title 2": "CEO",
    }


def test_a_card_that_lost_our_lines_is_known_by_its_uid_and_brings_back_nothing_put_right_since() -> None:
    book = a_book()
    taken(a_card("FN:Noa", "UID:u1", "TEL:1", "NOTE:misheard"), book)
    noa = only(book)
    book.correct_fact(noa.id, name="note", value="right", source="x", why="x", actor="dana")
    book.retire_contact_point(noa.id, 1, why="dead", actor="dana")
    cards = b"\r\n".join(
        line for line in written(book).split(b"\r\n") if not line.startswith((b"X-RET", b" "))
    )

    digest = book.digest()
    reports = [taken(it, book) for it in (cards, a_card("FN:Noa", "UID:u1", "TEL:1", "NOTE:misheard"))]

    assert [it.unchanged for it in reports] == [1, 1]
    assert book.digest() == digest


def test_a_card_without_uid_is_about_whoever_is_called_so_and_reached_there() -> None:
    book = a_book()
    taken(a_card("FN:Noa", "TEL:054-1"), book)

    same = taken(a_card("FN: noa ", "TEL:0541", "EMAIL:n@x.il"), book)
    other = taken(a_card("FN:Noa", "TEL:054-9"), book)

    assert (same.changed, other.added) == (1, 1)
    assert [len(it.points) for it in book.ledger().customers.values()] in ([2, 1], [1, 2])


def test_two_with_their_own_uid_stay_two_though_they_share_name_and_number() -> None:
    book = a_book()
    cards = a_card("FN:Noa", "UID:1", "TEL:1") + a_card("FN:Noa", "UID:2", "TEL:1")

    first, second = taken(cards, book), taken(cards, book)

    assert (first.added, second.unchanged) == (2, 2)


def test_a_card_that_may_be_about_several_is_refused_with_their_ids() -> None:
    book = a_book()
    taken(a_card("FN:Noa", "UID:1", "TEL:1") + a_card("FN:Noa", "UID:2", "TEL:1"), book)

    report = taken(a_card("FN:Noa", "TEL:1"), book)

    assert [fault.place for fault in report.faults] == ["card 1, line 1, FN"]
    assert all(f"{id_:016x}" in report.faults[0].rule for id_ in book.ledger().customers)


def test_another_name_in_an_address_book_is_kept_beside_ours() -> None:
    book = a_book()
    taken(a_card("FN:Noa", "UID:1"), book)

    taken(a_card("FN:Noa Levi", "UID:1"), book)

    assert (only(book).name, only(book).facts["vcard FN"].value) == ("Noa", "FN:Noa Levi")


def test_all_that_is_wrong_with_cards_is_said_at_once_with_card_line_and_property() -> None:
    book = a_book()
    cards = b"".join(
        [
            b"hello\r\n",
            a_card("FN:Noa"),
            a_card("FN:Dan", "BDAY:1990-02-30", "ANNIVERSARY:20010229"),
            a_card("N:;;;;"),
            a_card("FN:Gil", "broken", "NOTE;CHARSET=klingon:x"),
            a_card("FN:Old", version="5.0"),
            a_card("FN:Tal", "UID:7"),
            a_card("FN:Tal B", "UID:7"),
            a_card("FN:Ours", 'X-RETAINSDK-CONSENT:{"given":true}'),
            b"BEGIN:VCARD\r\nFN:Endless\r\n",
            a_card("FN:Roi"),
            b"BEGIN:VCARD\r\nFN:Cut",
        ]
    )

    report = taken(cards, book)

    assert [fault.place for fault in report.faults] == [
        "line 1",
        "card 2, line 9, BDAY",
        "card 2, line 10, ANNIVERSARY",
        "card 3, line 12, FN",
        "card 4, line 19",
        "card 4, line 20",
        "card 5, line 23, VERSION",
        "card 6, line 26, UID",
        "card 7, line 31, UID",
        "card 8, line 39, X-RETAINSDK-CONSENT",
        "card 8, line 39, X-RETAINSDK-CONSENT",
        "card 9, line 41, BEGIN",
        "card 11, line 47, BEGIN",
    ]
    assert not report.taken
    assert book.ledger().customers == {}


def test_good_cards_go_in_and_bad_ones_are_set_aside_with_the_reasons_until_they_are_corrected(
    tmp_path: Path,
) -> None:
    book, aside = a_book(), tmp_path / "aside.vcf"
    path = tmp_path / "cards.vcf"
    path.write_bytes(a_card("FN:Noa") + a_card("FN:דן", "BDAY:1990-02-30", "NOTE:" + "נ" * 80))

    tried = import_vcards(path, book=book, actor="gil", take_good_cards=True, dry_run=True, quarantine=aside)
    report = import_vcards(path, book=book, actor="gil", take_good_cards=True, quarantine=aside)
    corrected = taken(aside.read_bytes().replace(b"BDAY:1990-02-30", b"BDAY:1990-03-02"), book)

    assert (tried.added, tried.taken, tried.quarantine) == (1, False, None)
    assert (report.added, report.quarantined, report.quarantine) == (1, 1, str(aside))
    assert b"X-RETAINSDK-FAULT:card 2\\, line 8\\, BDAY: '1990-02-30' is no day of the " in aside.read_bytes()
    assert (corrected.added, corrected.is_clean) == (1, True)
    assert {it.name for it in book.ledger().customers.values()} == {"Noa", "דן"}
    assert "set aside in" in str(report)


def test_a_card_that_cannot_have_happened_is_refused_and_the_others_go_in() -> None:
    book, late = a_book(), a_book()
    late.register_customer(kind=Kind.PERSON, name="Noa", id=1, actor="dana", occurred_at=at(2))
    cards = written(late).replace(b'"2026-02', b'"2099-02') + a_card("FN:Dan")

    refused, report = taken(cards, book), taken(cards, book, good=True)

    assert [fault.rule for fault in refused.faults] == ["lies in the future"]
    assert (refused.taken, report.taken, report.added) == (False, True, 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
def test_ends_of_lines_and_marks_of_order_make_no_difference(end: str, charset: str) -> None:
    book = a_book()

    report = taken(a_card("FN:נועה", "TEL:1").decode().replace("\r\n", end).encode(charset), book)

    assert report.is_clean
    assert only(book).name == "נועה"


def test_a_card_inside_a_card_is_left_out_and_said_so() -> None:
    book = a_book()

    report = taken(
        a_card("FN:Noa", "AGENT:", a_card("FN:Dan").decode().strip(), "TEL:1", version="2.1"), book
    )

    assert (report.added, report.notices) == (
        1,
        ("card 1, line 4, AGENT: holds a card inside the card and was left out",),
    )
    assert len(only(book).points) == 1


def test_what_is_too_long_is_left_out_or_refused() -> None:
    book = a_book()

    report = taken(a_card("FN:Noa", "X-BIG:" + "a" * 60_000) + a_card("FN:" + "a" * 60_000) + a_card("FN:Dan", *["NOTE:a"] * 1_001), book, good=True)  # fmt: skip

    assert report.added == 1
    assert [fault.rule for fault in report.faults] == [
        "has 60,000 characters, and 200 are the most",
        "is more than 1,000, the most of one card",
    ]
    assert report.notices == ("card 1, line 4, X-BIG: has 60,000 characters and was left out",)


def test_marks_that_turn_the_writing_are_left_off_and_what_is_no_address_is_kept_as_it_stands() -> None:
    book = a_book()

    taken(a_card("FN:\u202bנועה\u202c", "TEL:\u202a054-1\u202c", "EMAIL:none"), book)

    noa = only(book)
    assert (noa.name, [it.address for it in noa.points.values()]) == ("נועה", ["054-1"])
    assert noa.facts["vcard EMAIL"].value == "EMAIL:none"


def test_a_file_without_cards_and_one_that_is_absent_are_refused(tmp_path: Path) -> None:
    report = taken(b"", a_book())

    assert [fault.rule for fault in report.faults] == ["holds no card"]
    with pytest.raises(InputError, match="cannot be read"):
        import_vcards(tmp_path / "absent.vcf", book=a_book(), actor="dana")


PIECES = [
    b"BEGIN:VCARD", b"END:VCARD", b"VERSION:2.1", b"VERSION:4.0", b"FN:Noa", b"FN:Dan", b"UID:1", b"UID:retainsdk:0000000000000001",
    b"TEL:1", b"item1.TEL;FAX:1", b"item1.X-ABLabel:x", b"EMAIL:\xff", b"N;ENCODING=QUOTED-PRINTABLE:=D7=", b"=90", b" fold", b"AGENT:",
    b"BDAY:19900230", b"BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29", b"BDAY:--02", b"REV:99991231T235959-2359", b"REV:20260101", b"KIND:group", b"KIND:org",
    b"ORG:Noa;", b"ADR:;;a\\;b;c", b"PHOTO;ENCODING=b:AAAA", b":", b"X-A;=:b", b"X-A:\\", b"\x00", b"",
    b'X-RETAINSDK-CUSTOMER:{"id":"0000000000000001"\\,"kind":"person"\\,"name":"Noa"\\,"registered_at":"2026-01-01T00:00:00Z"}',
    b'X-RETAINSDK-CUSTOMER:{"id":"10000000000000000"\\,"kind":"person"\\,"name":"Noa"\\,"registered_at":"2026-01-01T00:00:00Z"}',
    b'X-RETAINSDK-FACT:{"at":"0001-01-01T00:00:00+14:00"\\,"name":"a"\\,"source":""\\,"value":1}',
    b'X-RETAINSDK-FACT:{"at":"2026-01-01T00:00:00Z"\\,"name":"birthday"\\,"source":""\\,"value":"x"}',
    b'X-RETAINSDK-POINT:{"channel":"phone"\\,"number":0\\,"address":" "\\,"label":""\\,"added_at":"2026-01-01T00:00:00Z"}',
]  # fmt: skip
files = st.lists(st.sampled_from(PIECES), max_size=12).map(b"\r\n".join)
cards_of_pieces = st.lists(st.sampled_from(PIECES[2:]), max_size=6).map(
    lambda lines: b"\n".join([b"BEGIN:VCARD", *lines, b"END:VCARD", b""])
)


@pytest.mark.invariant(50)
@example(PIECES[0] + b"\n" + PIECES[-4] + b"\nEND:VCARD")
@given(st.binary() | files | st.lists(cards_of_pieces, max_size=3).map(b"".join))
def test_any_octets_are_cards_that_are_taken_once_or_are_refused_in_our_words(content: bytes) -> None:
    book, other = a_book(), a_book()

    report = taken(content, book, good=True)
    digest = book.digest()
    again = taken(content, book, good=True)
    back = taken(written(book), other)

    assert report.taken or report.faults
    assert (again.added, again.changed, book.digest()) == (0, 0, digest)
    assert back.is_clean or not told(book)
    assert told(other) == told(book)
