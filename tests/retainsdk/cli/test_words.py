from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.cli.words import (
    Amount,
    Anything,
    Count,
    Day,
    Days,
    Due,
    Figure,
    Instant,
    Month,
    Morning,
    Number,
    OneOf,
    Purpose,
    Refused,
    Span,
    Word,
)
from retainsdk.quantities import LocalTime, Money
from retainsdk.vocabulary import Channel, DisputeStep, Reason

HERE = "Asia/Jerusalem"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book.in_memory(currency="ILS", zone=HERE)


@pytest.mark.parametrize(
    ("word", "text", "value"),
    [
        (OneOf(words=Channel), "In-Person", Channel.IN_PERSON),
        (OneOf(words=Channel), "in_person", Channel.IN_PERSON),
        (Purpose(), "win-back", "win_back"),
        (Number(), "12", 12),
        (Count(), "0", 0),
        (Figure(), "7.5", 7.5),
        (Day(), "2025-03-01", date(2025, 3, 1)),
        (Month(), "2025-03", date(2025, 3, 1)),
        (Span(), "1h30m", timedelta(minutes=90)),
        (Span(), "8H", timedelta(hours=8)),
        (Days(), "90", timedelta(days=90)),
        (Amount(), "12.5", Money("12.50", "ILS")),
        (Amount(), "1,234.50 ils", Money("1234.50", "ILS")),
        (Amount(), "1,234,567", Money(1234567, "ILS")),
        (Amount(), "-5", Money(-5, "ILS")),
        (Anything(), "yes", True),
        (Anything(), "12", 12),
        (Anything(), "0.5", 0.5),
        (Anything(), "054", "054"),
        (Anything(), "כן", "כן"),
        (Instant(), "2025-03-01T10:00", datetime(2025, 3, 1, 10, tzinfo=ZoneInfo(HERE))),
        (Instant(), "2025-03-01 10:00+00:00", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        (Due(), "2025-03-28T02:30", LocalTime(datetime(2025, 3, 28, 2, 30), HERE)),  # noqa: DTZ001 # a wall clock
        (Due(), "2025-03-01T10:00Z", datetime(2025, 3, 1, 10, tzinfo=UTC)),
        (Morning(), "2025-03-01", datetime(2025, 2, 28, 22, tzinfo=UTC)),
        (Morning(), "2025-03-01T10:00", datetime(2025, 3, 1, 8, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_word_stands_for_what_the_book_takes(book: Book, word: Word, text: str, value: Any) -> None:
    assert word.read(text, book) == value
    assert type(word.read(text, book)) is type(value)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        (OneOf(words=Reason), "because"), (Purpose(), "fun"), (Number(), "0"), (Number(), "1.5"), (Number(), "9" * 19),
        (Count(), "-1"), (Figure(), "nan"), (Figure(), "Infinity"), (Figure(), "x"), (Day(), "2025-02-30"),
        (Day(), "today"), (Month(), "2025-13"), (Span(), ""), (Span(), "8"), (Span(), "h"), (Amount(), "NaN"),
        (Amount(), "1 XXX"), (Amount(), "ten"), (Instant(), "2025-03-01"), (Instant(), "soon"), (Due(), "10:00"),
        (Morning(), "0001-01-01"), (Morning(), "soon"),
    ],
)  # fmt: skip
def test_what_stands_for_nothing_is_refused_with_a_rule_and_a_remedy(
    book: Book, word: Word, text: str
) -> None:
    with pytest.raises(Refused) as refused:
        word.read(text, book)

    assert refused.value.rule
    assert refused.value.remedy.endswith(".")


@given(st.one_of(st.text(max_size=8), st.integers().map(str), st.floats().map(str), st.booleans().map(str)))
def test_a_fact_that_would_not_be_written_the_same_stays_a_text(text: str) -> None:
    value = Anything().read(text, None)

    assert value == text or isinstance(value, bool) or float(text) == value
    assert (
        isinstance(value, str)
        or text.lower() in {"yes", "no"}
        or text == str(int(float(text)))
        or "." in text
    )


@pytest.mark.parametrize(
    "text", ["29,85", "1.250,50", "1,25", "12,3456", ",500", "1,,250", "1_000", "1e3", "₪30", "."]
)
def test_an_amount_that_is_written_otherwise_is_refused_and_never_taken_for_another(
    book: Book, text: str
) -> None:
    with pytest.raises(Refused, match=r"12\.50"):
        Amount().read(text, book)


def test_a_day_that_the_calendar_does_not_have_is_not_told_to_lack_a_time() -> None:
    with pytest.raises(Refused, match="must be a time"):
        Instant().read("2026-13-45", None)
    with pytest.raises(Refused, match="without a time"):
        Instant().read("20260301", None)


def test_every_word_of_an_enumeration_can_be_typed_as_help_spells_it() -> None:
    word = OneOf(words=DisputeStep)

    spelled = word.hint().removeprefix("One of: ").removesuffix(".").split(", ")

    assert [word.read(text, None) for text in spelled] == list(DisputeStep)
