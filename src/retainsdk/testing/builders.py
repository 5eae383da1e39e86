"""A book with a clock that stands, a customer in it, terms he could sign."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import attrs

from retainsdk.book import Book
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.store.sqlite import SqliteStore
from retainsdk.terms import Terms
from retainsdk.vocabulary import Kind, Origin, Stage, TermKind

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
"""Where the clock of a built book stands."""


def at(month: int, day: int = 1, hour: int = 9) -> datetime:
    """An instant of 2026, UTC."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


LONG_AGO = at(1)
"""When built relationships begin."""


@attrs.define
class SetClock:
    """A clock that moves only when set."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time


def a_book(*, path: Path | None = None, clock: SetClock | None = None, zone: str = "UTC") -> Book:
    """A book in euros: in memory, or in a file. Its ids count from 1."""
    ids = count(1)
    return Book(
        MemoryStore() if path is None else SqliteStore(path),
        currency="EUR",
        zone=zone,
        clock=clock or SetClock(),
        ids=lambda: next(ids),
    )


def some_terms(**changes: Any) -> Terms:  # noqa: ANN401 # whatever Terms take
    """Open-ended terms from 1 January 2026 at 20 euros."""
    terms = Terms(starts_on=date(2026, 1, 1), kind=TermKind.OPEN_ENDED, fee=Money(20, "EUR"))
    return attrs.evolve(terms, **changes)


def a_relationship(
    book: Book,
    *,
    name: str = "Noa",
    owner: str = "dana",
    since: datetime = LONG_AGO,
    stage: Stage = Stage.ACTIVE,
    origin: Origin | None = None,
    terms: Terms | None = None,
    reference: str = "",
) -> int:
    """A customer in the book, with a contract when terms are given. Returns the id of the relationship."""
    customer = book.register_customer(kind=Kind.PERSON, name=name, occurred_at=since, actor=owner)
    relationship = book.open_relationship(
        customer, owner=owner, stage=stage, origin=origin, reference=reference, occurred_at=since, actor=owner
    )
    if terms is not None:
        book.sign(relationship, terms=terms, occurred_at=since, actor=owner)
    return relationship
