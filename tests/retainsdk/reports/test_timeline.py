from __future__ import annotations

from zoneinfo import ZoneInfo

from retainsdk.events import Statement
from retainsdk.quantities import Money
from retainsdk.reports.timeline import timeline_text
from retainsdk.testing import a_book, a_relationship, at
from retainsdk.vocabulary import Channel, Direction, StatementKind


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


def test_a_timeline_says_how_its_earlier_pages_are_turned_to() -> None:
    book = a_book()
    us = a_relationship(book)
    for month in (2, 3):
        book.record_payment(us, amount=Money(9, "EUR"), occurred_at=at(month), actor="gil")

    assert timeline_text(book.timeline(us, limit=1), zone=book.zone).endswith(
        "1 of 2 records\nearlier ones: before 3"
    )
    assert timeline_text(book.timeline(us, as_of=at(1, 2)), zone=book.zone) == "Nothing is recorded."
