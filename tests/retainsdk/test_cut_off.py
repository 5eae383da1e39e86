"""A book cut off at any instant is the book that would stand there, had it heard nothing of what came after."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from time import perf_counter
from typing import TypeVar

import pytest
from certificates import Certificate, Size

from retainsdk.book import Book
from retainsdk.journal import fold_row
from retainsdk.ledger import Ledger
from retainsdk.ports import Row
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.testing import NOW, SetClock, a_book
from retainsdk.testing.calls import begun
from retainsdk.testing.walk import Walk
from retainsdk.view import COLUMNS, BookView
from retainsdk.vocabulary import Kind

STEPS = 80
CUTS = 2
"""Instants of each book at which everything that reads it is asked."""
HOUR = Money(40, "EUR")


def lived(seed: int) -> tuple[Book, Walk]:
    """A book that heard any commands in any order, many of them late."""
    clock = SetClock()
    walk = Walk(book=begun(a_book(clock=clock)), clock=clock)
    luck = Random(seed)
    for _ in range(STEPS):
        walk.step(luck)
    return walk.book, walk


def rows_of(book: Book) -> list[Row]:
    return [row for _, row in book._store.read()]


def occurred(row: Row) -> datetime:
    return datetime.fromisoformat(row.occurred_at)


def recorded(row: Row) -> datetime:
    return datetime.fromisoformat(row.recorded_at)


def folded(book: Book, rows: Sequence[Row]) -> dict[str, object]:
    ledger = book._empty()
    for row in rows:
        fold_row(ledger, row)
    return vars(ledger)


def a_book_of(rows: Sequence[Row]) -> Book:
    """A book that holds these events and nothing else."""
    store = MemoryStore()
    for row in rows:
        store.append([row], expected={}, done=None, now=row.recorded_at)
    return Book(store, clock=SetClock(datetime(2100, 1, 1, tzinfo=UTC)))


def shown(view: BookView) -> list[bytes]:
    return [getattr(view, column.name).tobytes() + view.known(column.name).tobytes() for column in COLUMNS]


Read = Callable[[Book], object]
What = TypeVar("What")


def about(what: What, ask: Callable[[Book, What], object]) -> Read:
    return lambda book: ask(book, what)


def readers(book: Book, ledger: Ledger, then: datetime) -> Iterator[tuple[str, Read]]:
    """Everything that can be asked of a book as of an instant."""
    yield "the view", lambda it: shown(it.view(then))
    yield "the agenda", lambda it: str(it.agenda(then))
    for report in book.reports():
        yield f"the report {report.name}", about(report.name, lambda it, name: str(it.report(name, then)))
    for id_ in ledger.accounts:
        asked: dict[str, Callable[[Book, int], object]] = {
            "card": lambda it, us: str(it.card(us, then)),
            "timeline": lambda it, us: it.timeline(us, as_of=then),
            "contradictions": lambda it, us: it.contradictions(us, as_of=then),
            "receivables": lambda it, us: it.receivables(us, as_of=then),
            "touchpoints": lambda it, us: it.touchpoints(us, as_of=then),
            "recommended": lambda it, us: it.recommended(us, as_of=then),
            "widening": lambda it, us: it.widening(us, as_of=then),
            "missold": lambda it, us: it.missold(us, as_of=then),
            "customer value": lambda it, us: it.customer_value(us, as_of=then),
            "health": lambda it, us: it.health(us, as_of=then),
            "concessions": lambda it, us: it.concessions(us, as_of=then),
            "cost to serve": lambda it, us: it.cost_to_serve(us, hour=HOUR, as_of=then),
            "money by stage": lambda it, us: it.money_by_stage(us, hour=HOUR, as_of=then),
        }
        for what, ask in asked.items():
            yield f"{what} of {id_}", about(id_, ask)
    for id_, customer in ledger.customers.items():
        yield f"the history of {id_}", about(id_, lambda it, who: it.timeline_of(who, as_of=then))
        if customer.kind is not Kind.PERSON:
            yield f"the chart of {id_}", about(id_, lambda it, who: str(it.chart(who, then)))


@pytest.mark.invariant(1)
@pytest.mark.certified("books-cut-off", ["src/retainsdk"])
def test_a_book_cut_off_at_any_instant_holds_what_had_occurred_and_was_known_and_nothing_else(
    size: Size, certificate: Certificate
) -> None:
    books, cuts, answers = size(3, 150), 0, 0
    started = perf_counter()

    for seed in range(books):
        book, walk = lived(seed)
        rows, luck = rows_of(book), Random(seed)
        instants = sorted({*map(occurred, rows), *map(recorded, rows)})
        for then in instants:
            known_at = luck.choice(instants)
            by_then = [row for row in rows if occurred(row) <= then]
            told_by_then = [row for row in by_then if recorded(row) <= known_at]

            ledger = book.ledger(as_of=then)

            assert vars(ledger) == folded(book, by_then), (then, walk.told)
            assert vars(book.ledger(as_of=then, known_at=known_at)) == folded(book, told_by_then)
            for id_, account in ledger.accounts.items():
                assert book.account(id_, as_of=then) == account, (then, walk.told)
            for id_, customer in ledger.customers.items():
                assert book.customer(id_, as_of=then) == customer, (then, walk.told)
            cuts += 1
        for then in luck.sample(instants, CUTS):
            begin, *others = rows
            cut_off = a_book_of([begin, *(row for row in others if occurred(row) <= then)])
            for what, read in readers(book, cut_off.ledger(), then):
                assert read(book) == read(cut_off), (what, then, walk.told)
                answers += 1
            known_at = luck.choice(instants)
            told = [row for row in others if occurred(row) <= then and recorded(row) <= known_at]
            assert shown(book.view(then, known_at=known_at)) == shown(a_book_of([begin, *told]).view(then))

    assert answers > cuts
    certificate.record(
        {
            "books": books,
            "instants at which a book was cut off": cuts,
            "answers compared with those of a book that holds no more": answers,
            "wall time in seconds": round(perf_counter() - started, 1),
        },
        seeds=range(books),
    )


@pytest.mark.invariant(1)
def test_what_happened_an_instant_later_is_not_seen_and_what_happened_then_is() -> None:
    book, _ = lived(0)
    rows = rows_of(book)
    last = max(rows, key=occurred)

    whole, before = (book.ledger(as_of=occurred(last) - it) for it in (timedelta(0), timedelta.resolution))

    assert vars(whole) == vars(book.ledger())
    assert (
        vars(before) == folded(book, [row for row in rows if occurred(row) < occurred(last)]) != vars(whole)
    )
    assert occurred(last) >= NOW
