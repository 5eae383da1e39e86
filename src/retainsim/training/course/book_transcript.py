"""Books of a course without names, to be given away: what was decided, and what it came to where that may be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import orjson

from retainsim.training.course.book_effects import BookResult, book_results
from retainsim.training.course.books import Books, KeptBook
from retainsim.training.course.room import Room
from retainsim.training.course.transcript import SCHEMA_VERSION, NewIds


@attrs.frozen(kw_only=True)
class BookTranscript:
    """
    A finished book without names.

    Attributes:
        head: What it is: ids made anew, part, market, rounds, language.
        decisions: In order; customers have numbers, and typed words are left out.
        result: What it came to; none where that may not be told yet.
    """

    head: Mapping[str, Any]
    decisions: tuple[Mapping[str, Any], ...]
    result: BookResult | None

    def to_json(self) -> bytes:
        """One line of JSON."""
        told = {
            "schema_version": SCHEMA_VERSION,
            **self.head,
            "decisions": list(self.decisions),
            "result": None if self.result is None else attrs.asdict(self.result),
        }
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def book_transcripts(room: Room, *, ids: NewIds) -> Iterator[BookTranscript]:
    """
    Every finished book, in no order that tells who looked after it.

    Args:
        room: Of the course.
        ids: Of the export.
    """
    books = Books(room)
    results, _ = book_results(books)
    named = [(ids.new(), book) for book in books.kept() if book.is_finished]
    for made, book in sorted(named, key=lambda it: it[0]):
        yield _transcript(book, results.get(book.number), made, ids.of_trainee(book.trainee))


def _transcript(book: KeptBook, result: BookResult | None, made: str, trainee: str) -> BookTranscript:
    setting = book.record.setting
    return BookTranscript(
        head={
            "id": made,
            "trainee": trainee,
            "part": book.part,
            "purpose": "assessment" if book.is_assessment else "practice",
            "preset": setting.preset,
            "customers": setting.customers,
            "rounds": setting.rounds,
            "hours": setting.hours,
            "digest": book.record.digest,
            "language": book.record.language,
        },
        decisions=tuple(
            {name: value for name, value in it.items() if name != "words"} for it in book.record.decisions
        ),
        result=result,
    )
