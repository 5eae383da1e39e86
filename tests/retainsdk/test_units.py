"""Several commands in one commit, one thread a book, and logs that name nobody."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import retainsdk
from retainsdk.book import Book
from retainsdk.errors import CommandError, ConflictError, KeyReusedError, StoreError, ThreadError
from retainsdk.testing import SetClock, a_book, a_relationship
from retainsdk.vocabulary import Kind, Promise

MakeBook = Callable[[], Book]


@pytest.fixture(params=["memory", "file", "host"])
def make_book(request: pytest.FixtureRequest, tmp_path: Path) -> MakeBook:
    made = 0

    def make() -> Book:
        nonlocal made
        made += 1
        if request.param == "memory":
            return a_book()
        path = tmp_path / f"{made}.db"
        if request.param == "file":
            book = a_book(path=path)
            request.addfinalizer(book.close)
            return book
        db = sqlite3.connect(path, isolation_level=None)
        request.addfinalizer(db.close)
        return Book.open(connection=db, currency="EUR", clock=SetClock())

    return make


def register(book: Book, name: str, key: str | None = None) -> int:
    return book.register_customer(kind=Kind.PERSON, name=name, actor="dana", key=key)


def names(book: Book) -> list[str]:
    return [customer.name for customer in book.ledger().customers.values()]


def fall(falls: bool) -> None:  # noqa: FBT001 # the plan says it
    if falls:
        raise ZeroDivisionError


def test_commands_in_a_unit_see_what_those_before_them_did(make_book: MakeBook) -> None:
    book = make_book()

    with book.unit():
        noa = a_relationship(book)
        promise = book.promise(noa, kind=Promise.DELIVERY, what="report", due=book._clock().replace(year=2027), actor="dana")  # fmt: skip
        book.keep(noa, promise, actor="dana")

    assert book.account(noa).commitments[promise].state == "kept"


def test_a_unit_that_fails_leaves_nothing_and_frees_its_keys(make_book: MakeBook) -> None:
    book = make_book()
    before = book.digest()

    def fail() -> None:
        with book.unit():
            assert register(book, "Noa", key="1") == register(book, "Noa", key="1")
            with pytest.raises(KeyReusedError):
                register(book, "Gil", key="1")
            book.register_customer(kind=Kind.PERSON, name="Gil", actor="")

    with pytest.raises(CommandError):
        fail()

    assert book.digest() == before
    register(book, "Gil", key="1")
    assert names(book) == ["Gil"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.recursive(
        st.sampled_from("abc"),
        lambda inner: st.tuples(st.booleans(), st.lists(inner, max_size=3)),
        max_leaves=8,
    )
)
def test_units_within_units_fall_alone_or_with_those_around_them(make_book: MakeBook, plan: object) -> None:
    book = make_book()

    def told(step: object) -> list[str]:
        """Carry a step out; the names that must be in the book for it."""
        if isinstance(step, str):
            register(book, step)
            return [step]
        assert isinstance(step, tuple)
        falls, parts = step
        kept: list[str] = []
        with suppress(ZeroDivisionError), book.unit():
            for part in parts:
                kept += told(part)
            fall(falls)
            return kept
        return []

    expected = told(plan)

    assert names(book) == expected


def test_others_see_a_unit_when_it_is_over(tmp_path: Path) -> None:
    mine, theirs = a_book(path=tmp_path / "book.db"), a_book(path=tmp_path / "book.db")

    with mine.unit():
        register(mine, "Noa")
        assert names(theirs) == []

    assert names(theirs) == ["Noa"]
    mine.close()
    theirs.close()


def test_a_unit_that_a_full_disk_has_undone_takes_nothing_more(tmp_path: Path) -> None:
    book = a_book(path=tmp_path / "book.db")
    db = book._store._db  # type: ignore[attr-defined] # of SQLite

    def lose() -> None:
        with book.unit():
            register(book, "Noa")
            db.execute("ROLLBACK")  # what SQLite does when there is no room
            with pytest.raises(StoreError, match="has undone all of this unit"):
                register(book, "Gil")

    with pytest.raises(StoreError, match="repeat it as a whole"):
        lose()

    assert names(book) == []
    register(book, "Gil")
    assert names(book) == ["Gil"]
    book.close()


def test_a_book_is_refused_to_another_thread_in_words(make_book: MakeBook) -> None:
    book, heard = make_book(), list[BaseException]()

    def misuse() -> None:
        for use in (
            lambda: register(book, "Noa"),
            lambda: len(book),
            book.view,
            lambda: list(book.events()),
            book.close,
        ):
            try:
                use()
            except ThreadError as error:
                heard.append(error)

    thread = threading.Thread(target=misuse)
    thread.start()
    thread.join()

    assert [str(error).partition(".")[0] for error in heard] == ["This book was opened in another thread"] * 5
    assert len(book) == 1


def test_two_threads_with_a_book_each_on_one_file_lose_nothing(tmp_path: Path) -> None:
    first = a_book(path=tmp_path / "book.db")
    noa = a_relationship(first)
    done: list[str] = []

    def work(who: str) -> None:
        with Book.open(tmp_path / "book.db", clock=SetClock()) as book:
            for number in range(25):
                while True:  # both write to one stream: whoever was overtaken repeats
                    try:
                        book.raise_signal(
                            noa, department="service", kind=who, evidence=str(number), actor=who
                        )
                        break
                    except ConflictError:
                        continue
                done.append(f"{who} {number}")

    threads = [threading.Thread(target=work, args=(who,)) for who in ("dana", "gil")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    raised = list(first.events(name="SignalRaised"))
    told = [f"{event.body.kind} {event.body.evidence}" for event in raised]  # type: ignore[attr-defined] # a signal
    assert sorted(told) == sorted(done)
    assert len(told) == 50
    for who in ("dana", "gil"):
        assert [it for it in told if it.startswith(who)] == [f"{who} {number}" for number in range(25)]
    assert [event.version for event in raised] == list(range(2, 52))
    first.close()


def test_the_log_tells_what_was_done_and_names_nobody(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="retainsdk")
    book = a_book()

    noa = a_relationship(book, name="נועה כהן", owner="dana")
    book.see_competitor_offer(competitor="Cellex", fee=retainsdk.Money(9, "EUR"), starts_on=book.today(), source="web", actor="dana")  # fmt: skip

    told = [record.getMessage() for record in caplog.records]
    assert told[1] == f"open_relationship: 1 events in relationship/{noa:016x}"
    assert told[2] == "see_competitor_offer: 1 events in competitor"
    assert not any(word in text for text in told for word in ("נועה", "dana", "Cellex"))


def test_a_host_that_does_not_listen_hears_nothing() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "from retainsdk.testing import *; a_relationship(a_book())"],
        env={"PYTHONPATH": str(Path(retainsdk.__file__).parents[1])}, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout == told.stderr == ""
    assert [type(it) for it in logging.getLogger("retainsdk").handlers] == [logging.NullHandler]


def test_the_packages_say_that_they_are_typed() -> None:
    here = Path(retainsdk.__file__).parents[1]

    assert (here / "retainsdk" / "py.typed").is_file()
    assert (here / "retainsim" / "py.typed").is_file()
