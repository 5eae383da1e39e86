"""A book reads on from where it was read last, and nobody notices but the clock."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from weakref import ref

import pytest

from retainsdk.book import Book
from retainsdk.errors import RetainError
from retainsdk.journal.reading import _MANY_YOUNG, collector_at_rest
from retainsdk.ports import Row
from retainsdk.testing import NOW, SetClock, a_book, a_relationship
from retainsdk.testing.calls import begun
from retainsdk.testing.walk import Walk
from retainsdk.vocabulary import Kind, Promise


def everything_read(book: Book) -> None:
    book.view()
    book.agenda()
    for report in book.reports():
        if report.name != "effect":  # asks which experiment
            book.report(report.name)


@pytest.mark.invariant(1)
@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_between_commands_is_what_a_fold_from_the_beginning_gives(seed: int) -> None:
    clock = SetClock()
    book = begun(a_book(clock=clock))
    walk, luck = Walk(book=book, clock=clock), Random(seed)

    for place in range(60):
        walk.step(luck)
        if place % 15 == 0:
            everything_read(book)

        assert vars(book._whole(clock.time)) == vars(book.ledger())


def test_only_what_is_new_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    book = a_book()
    us = a_relationship(book)
    book.view()
    asked: list[int] = []
    read = book._store.read

    def watched(*streams: Any, after: int = 0, **how: Any) -> Iterator[tuple[int, Row]]:
        asked.append(after)
        return read(*streams, after=after, **how)

    monkeypatch.setattr(book._store, "read", watched)
    before = len(book)

    book.view()
    book.promise(us, kind=Promise.CALLBACK, what="tea", due=NOW + timedelta(days=1), actor="dana")
    asked.clear()
    view = book.view()

    assert asked == [before]
    assert view.promises_open.tolist() == [1]


def test_a_look_back_shows_nothing_of_what_was_remembered_since() -> None:
    clock = SetClock()
    book = a_book(clock=clock)
    a_relationship(book)
    then = clock.time
    clock.time += timedelta(days=3)
    a_relationship(book, name="Gil", since=clock.time)
    book.view()

    assert len(book.view(then)) == 1
    assert len(book.view()) == 2


def test_what_another_process_wrote_is_there_at_once(tmp_path: Path) -> None:
    with a_book(path=tmp_path / "our.db") as ours, a_book(path=tmp_path / "our.db") as theirs:
        ours.view()
        us = a_relationship(theirs)

        assert ours.view().relationship.tolist() == [us]


@pytest.mark.invariant(1)
def test_what_a_unit_undid_was_never_there() -> None:
    book = a_book()
    a_relationship(book)
    book.view()

    seen = []

    def fails() -> None:
        with book.unit():
            gil = a_relationship(book, name="Gil")
            seen.append(len(book.view()))
            book.begin_end(gil, actor="")

    with pytest.raises(RetainError):
        fails()

    assert seen == [2]
    assert len(book.view()) == 1
    assert vars(book._whole(NOW)) == vars(book.ledger())


@pytest.mark.parametrize("undo", ["rollback", "commit"])
def test_what_a_host_has_not_committed_is_seen_and_not_remembered(undo: str) -> None:
    host = sqlite3.connect(":memory:")
    book = Book.open(connection=host, clock=SetClock())
    host.commit()
    book.view()

    book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana")
    a_relationship(book)
    seen = len(book.view())
    getattr(host, undo)()

    assert seen == 1
    assert len(book.view()) == (undo == "commit")
    assert vars(book._whole(NOW)) == vars(book.ledger())
    host.close()


def test_a_book_that_cannot_be_read_to_its_end_is_read_from_its_beginning_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = a_book()
    a_relationship(book)
    book.view()
    a_relationship(book, name="Gil")
    fold: Callable[..., None] = book._empty().__class__.take
    calls: list[object] = []

    def fails_late(*given: object, **how: object) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise MemoryError
        fold(*given, **how)

    with monkeypatch.context() as patched:
        patched.setattr("retainsdk.ledger.Ledger.take", fails_late)
        with pytest.raises(MemoryError):
            book.view()

    assert len(book.view()) == 2
    assert vars(book._whole(NOW)) == vars(book.ledger())


class Knot:
    """What only a search for garbage finds."""

    def __init__(self) -> None:
        self.end = self


@pytest.fixture
def a_collector_on() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.enable()
    gc.collect()
    yield
    gc.unfreeze()
    if not was_on:
        gc.disable()


@pytest.mark.usefixtures("a_collector_on")
def test_what_was_made_in_bulk_is_not_looked_through_at_once_and_its_garbage_is_found_later() -> None:
    with collector_at_rest():
        made = [[] for _ in range(2 * _MANY_YOUNG)]  # type: list[list[int]]
        lost = ref(Knot())

    assert gc.isenabled()
    assert gc.get_count()[0] < len(made) / 10
    assert lost() is not None
    gc.collect()
    assert lost() is None


@pytest.mark.usefixtures("a_collector_on")
def test_what_a_host_froze_stays_frozen() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()

    with collector_at_rest():
        made = [[] for _ in range(2 * _MANY_YOUNG)]  # type: list[list[int]]

    assert made
    assert gc.get_freeze_count() >= 0.9 * frozen > 0
