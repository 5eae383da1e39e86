from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from retainsdk.events import Statement
from retainsdk.quantities import Money
from retainsdk.reports.timeline import said, timeline_text
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.testing.strategies import happened
from retainsdk.vocabulary import Channel, Direction, Promise, Sensitivity, StatementKind


def test_a_timeline_tells_who_did_what_and_strikes_out_what_was_corrected() -> None:
    book = a_book(zone="Asia/Jerusalem")
    us = a_relationship(book)
    book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="win_back", minutes=7, text="נדבר מחר\x1b[31m",
        stated=[Statement(kind=StatementKind.PRICE, subject="M", value="20")], occurred_at=at(2), actor="dana",
    )  # fmt: skip
    book.record_purchase(
        us, what="tea", amount=Money(5, "EUR"), quantity=2, paid=False, occurred_at=at(3), actor="gil"
    )
    book.record_payment(us, amount=Money(9, "EUR"), occurred_at=at(4), actor="gil")
    wrong = book.timeline(us, limit=1).entries[0].version
    book.correct_record(us, wrong, why="paid by another", actor="dana")

    text = timeline_text(book.timeline(us), zone=ZoneInfo("Asia/Jerusalem"))

    assert text.splitlines() == [
        f"2026-04-01 12:00  {wrong:>5}  ~~gil: payment received, amount 9.00 EUR~~ corrected: paid by another",
        "2026-03-01 11:00      3  gil: bought tea ×2, 5.00 EUR, on account",
        "2026-02-01 11:00      2  dana: phone to the customer, for win-back, 7 min, price of M: 20: נדבר מחר\\x1b[31m",
        "",
        "3 of 3 records, 1 corrected",
    ]


def test_a_step_is_told_in_words_with_ids_as_they_are_typed_and_times_of_the_wall_clock() -> None:
    book = a_book(zone="Asia/Jerusalem")
    us = a_relationship(book)
    book.sign(
        us,
        terms=some_terms(starts_on=date(2026, 2, 1), lock_in_months=6, scope=("מכונה", "repairs")),
        occurred_at=at(1, 2),
        actor="dana",
    )
    book.promise(us, kind=Promise.REPORT, what="a report", due=at(2), occurred_at=at(1, 3), actor="dana")

    promised, signed, opened = (step.what for step in book.steps(us, limit=3))

    assert opened.startswith("relationship opened, customer 0000000000000001, ")
    assert signed.startswith("signed, terms starts on 2026-02-01; kind ")
    assert "; scope מכונה; repairs" in signed
    assert "due 2026-02-01 11:00" in promised


@given(happened())
def test_nothing_that_happened_is_told_in_words_of_the_program(body: object) -> None:
    told = said(body, ZoneInfo("Asia/Jerusalem"))

    assert not re.search(r"[A-Z]\w+\(\w+=|datetime\.date\(|<[A-Z]\w+\.[A-Z_]+: \d", told)


def test_a_timeline_says_how_its_earlier_pages_are_turned_to() -> None:
    book = a_book()
    us = a_relationship(book)
    for month in (2, 3):
        book.record_payment(us, amount=Money(9, "EUR"), occurred_at=at(month), actor="gil")

    assert timeline_text(book.timeline(us, limit=1), zone=book.zone).endswith(
        "1 of 2 records\nearlier ones: before 3"
    )
    assert timeline_text(book.timeline(us, as_of=at(1, 2)), zone=book.zone) == "Nothing is recorded."


def test_what_became_known_of_the_customer_stands_among_the_records_once_over_all_pages() -> None:
    book = a_book()
    us = a_relationship(book)
    who = us - 1
    for month in (2, 3, 4):
        book.record_payment(us, amount=Money(month, "EUR"), occurred_at=at(month), actor="gil")
    book.learn_fact(who, name="city", value="חיפה", source="she said", occurred_at=at(2, 2), actor="dana")
    book.give_consent(
        who, purpose="marketing", channel=Channel.EMAIL, evidence="form", occurred_at=at(3, 2), actor="dana"
    )
    point = book.add_contact_point(
        who, channel=Channel.PHONE, address="054-1", label="work", occurred_at=at(4, 2), actor="dana"
    )
    book.retire_contact_point(who, point, why="dead", occurred_at=at(5), actor="dana")
    news = book.customer_news(us)

    pages, before = [], None
    while True:
        page = book.timeline(us, before=before, limit=1)
        pages.append(timeline_text(page, zone=ZoneInfo("UTC"), news=news))
        before = page.earlier
        if before is None:
            break

    told = [
        line[25:]
        for text in pages
        for line in text.splitlines()
        if line[25:].startswith(("fact", "cons", "addr"))
    ]
    assert told == [
        "address: address 1, phone 054-1 works no longer: dead",
        "address: address 1, phone 054-1 (work)",
        "consent: agrees to contacts for marketing by email (form)",
        "fact: city is חיפה (she said)",
    ]


@pytest.mark.invariant(16)
def test_a_timeline_tells_a_sensitive_fact_for_a_purpose_that_allows_it_and_for_no_other() -> None:
    book = a_book()
    us = a_relationship(book)
    book.learn_fact(
        us - 1, name="illness", value="influenza", source="his wife", sensitivity=Sensitivity.SENSITIVE,
        purposes=("service",), actor="dana",
    )  # fmt: skip

    def text(purpose: str | None) -> str:
        return timeline_text(
            book.timeline(us), zone=ZoneInfo("UTC"), news=book.customer_news(us, purpose=purpose)
        )

    assert "illness is influenza" in text("service")
    for other in (None, "marketing"):
        assert "illness" not in text(other)
        assert "influenza" not in text(other)
