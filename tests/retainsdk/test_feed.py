"""A feed takes over what happens elsewhere, part after part, and refuses what cannot have happened."""

from __future__ import annotations

from datetime import datetime

import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError, ConflictError, RetainError
from retainsdk.events import CommitmentKept, Happening, SignalRaised
from retainsdk.ledger import relationship_stream
from retainsdk.testing import a_book, a_relationship


def a_signal(relationship: int, at: datetime) -> Happening:
    body = SignalRaised(department="service", kind="incident", evidence="a log")
    return Happening(stream=relationship_stream(relationship), body=body, occurred_at=at)


def held() -> tuple[Book, int]:
    book = a_book()
    return book, a_relationship(book)


def test_what_happens_elsewhere_is_taken_over_part_after_part() -> None:
    book, noa = held()
    feed = book.feed()

    for _ in range(2):
        feed.take([a_signal(noa, book.now())], actor="elsewhere")

    assert len(book.account(noa).timeline.signals) == 2


def test_of_a_part_that_cannot_have_happened_nothing_is_taken() -> None:
    book, noa = held()
    never_made = Happening(
        stream=relationship_stream(noa), body=CommitmentKept(commitment=9), occurred_at=book.now()
    )

    with pytest.raises(RetainError, match="no promise '9'"):
        book.feed().take([a_signal(noa, book.now()), never_made], actor="elsewhere")

    assert len(book.account(noa).timeline.signals) == 0


def test_what_lies_in_the_future_is_refused() -> None:
    book, noa = held()

    with pytest.raises(CommandError, match="in the future"):
        book.feed().take([a_signal(noa, book.now().replace(year=2999))], actor="elsewhere")


def test_a_feed_does_not_write_over_what_others_wrote_meanwhile() -> None:
    book, noa = held()
    feed = book.feed()
    book.feed().take([a_signal(noa, book.now())], actor="somebody else")

    with pytest.raises(ConflictError):
        feed.take([a_signal(noa, book.now())], actor="elsewhere")
