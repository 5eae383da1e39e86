"""A book among the tables of a host, on its connection: the host's transactions stay the host's."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.errors import CommandError, KeyReusedError, StoreError
from retainsdk.events import Recorded, RelationshipOpened
from retainsdk.hooks import hookimpl
from retainsdk.ports import Row
from retainsdk.store.sqlite import SqliteStore
from retainsdk.testing import NOW, SetClock, a_book, a_relationship
from retainsdk.vocabulary import Kind

Connect = Callable[[], sqlite3.Connection]

STYLES: dict[str, dict[str, Any]] = {
    "opens transactions by itself": {},
    "commits each statement": {"isolation_level": None},
}
if sys.version_info >= (3, 12):
    STYLES |= {"is always in one": {"autocommit": False}, "commits each, new style": {"autocommit": True}}


@pytest.fixture(params=STYLES)
def connect(request: pytest.FixtureRequest, tmp_path: Path) -> Connect:
    """Connections to the database of a host, which begin transactions in each of the ways Python knows."""

    def connected() -> sqlite3.Connection:
        db: sqlite3.Connection = sqlite3.connect(tmp_path / "host.db", timeout=0.05, **STYLES[request.param])
        request.addfinalizer(db.close)
        return db

    a_host(tmp_path / "host.db").close()
    return connected


def a_host(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path)
    db.executescript(
        "CREATE TABLE event (title TEXT); CREATE TABLE command (title TEXT); PRAGMA user_version = 41"
    )
    on(db)
    commit(db)
    return db


def on(db: sqlite3.Connection) -> Book:
    return Book.open(connection=db, currency="EUR", clock=SetClock())


def begun(db: sqlite3.Connection) -> sqlite3.Connection:
    if not db.in_transaction:
        db.execute("BEGIN")
    return db


def commit(db: sqlite3.Connection) -> None:
    db.commit()  # does nothing on connections that commit each statement, in their new style
    if getattr(db, "autocommit", False) is True and db.in_transaction:
        db.execute("COMMIT")


def rollback(db: sqlite3.Connection) -> None:
    db.rollback()
    if getattr(db, "autocommit", False) is True and db.in_transaction:
        db.execute("ROLLBACK")


def held(connect: Connect) -> tuple[list[str], list[str]]:
    """What everybody can see: the host's rows, and the owners of the book's relationships."""
    db = connect()
    titles = [title for (title,) in db.execute("SELECT title FROM event")]
    opened = [event.body for event in on(db).events(name="RelationshipOpened")]
    db.close()
    return titles, [body.owner for body in opened if isinstance(body, RelationshipOpened)]


def test_what_a_host_commits_is_there_with_its_own_rows(connect: Connect) -> None:
    db = begun(connect())
    db.execute("INSERT INTO event VALUES ('party')")
    a_relationship(on(db), owner="dana")
    assert held(connect) == ([], [])

    commit(db)

    assert held(connect) == (["party"], ["dana"])


@pytest.mark.parametrize("end", [commit, rollback])
def test_every_observer_is_told_what_a_host_has_committed_and_nothing_before(
    connect: Connect, end: Callable[[sqlite3.Connection], None]
) -> None:
    db = begun(connect())
    heard: dict[str, list[int]] = {"first": [], "second": [], "third": []}
    book = Book.open(connection=db, plugins=[_Listener(them) for them in heard.values()])
    commit(db)
    book.tell_observers(committed=True)
    commit(db)
    for them in heard.values():
        them.clear()
    begun(db)

    a_relationship(book)
    book.tell_observers()
    before = [*map(len, heard.values())]
    end(db)
    book.tell_observers(committed=True)
    commit(db)

    assert before == [0, 0, 0]
    assert [*map(len, heard.values())] == ([2, 2, 2] if end is commit else [0, 0, 0])


class _Listener:
    def __init__(self, heard: list[int]) -> None:
        self._heard = heard

    @hookimpl
    def after_commit(self, events: Sequence[Recorded]) -> None:
        self._heard += [event.position for event in events]


def test_what_a_host_rolls_back_is_gone_with_its_own_rows_and_the_book_goes_on(connect: Connect) -> None:
    db = begun(connect())
    book = on(db)
    db.execute("INSERT INTO event VALUES ('party')")
    a_relationship(book, owner="dana")

    rollback(db)
    a_relationship(book, owner="gil")
    commit(db)

    assert held(connect) == ([], ["gil"])


def test_a_command_that_fails_leaves_nothing_in_the_transaction_of_a_host_and_the_rest_of_it_stands(
    connect: Connect,
) -> None:
    db = begun(connect())
    book = on(db)
    a_relationship(book, owner="dana")
    row = Row("a", 1, "EndBegun", 1, NOW.isoformat(), "", "dana", "", b"{}")

    with pytest.raises(StoreError, match="UNIQUE"):
        book._store.append([row, row], expected={"a": 0}, done=None, now=NOW.isoformat())
    with pytest.raises(CommandError):
        book.register_customer(kind=Kind.PERSON, name="Noa", actor="")
    db.execute("INSERT INTO event VALUES ('party')")
    events = len(book)
    commit(db)

    assert held(connect) == (["party"], ["dana"])
    assert len(on(connect())) == events


def test_outside_of_a_transaction_a_command_does_as_an_insert_of_the_host_would(connect: Connect) -> None:
    one, other = connect(), connect()
    other.execute("INSERT INTO event VALUES ('party')")
    committed = not other.in_transaction
    rollback(other)

    a_relationship(on(one), owner="dana")

    assert one.in_transaction is not committed
    assert held(connect)[1] == (["dana"] if committed else [])
    commit(one)
    assert held(connect)[1] == ["dana"]


def test_a_unit_takes_the_rows_of_the_host_with_it(connect: Connect) -> None:
    db = connect()
    book = on(db)

    def fail() -> None:
        with book.unit():
            a_relationship(book, owner="dana")
            db.execute("INSERT INTO event VALUES ('wedding')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with book.unit():
        a_relationship(book, owner="gil")
        db.execute("INSERT INTO event VALUES ('party')")
    commit(db)

    assert held(connect) == (["party"], ["gil"])


def test_the_host_keeps_its_tables_its_numbers_and_its_connection(connect: Connect) -> None:
    db = connect()

    on(db).close()

    assert db.execute("SELECT count(*) FROM event").fetchone() == (0,)
    assert db.execute("PRAGMA user_version").fetchone() == (41,)
    assert db.execute("PRAGMA application_id").fetchone() == (0,)
    assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    ours = db.execute("SELECT name FROM sqlite_schema WHERE name LIKE '%retain%'").fetchall()
    assert all(name.startswith(("retain_", "sqlite_autoindex_retain_")) for (name,) in ours)


def test_how_a_host_reads_its_rows_is_its_own_affair(connect: Connect) -> None:
    db = connect()
    db.row_factory = lambda cursor, row: {
        column[0]: cell for column, cell in zip(cursor.description, row, strict=True)
    }
    book = on(db)

    noa = a_relationship(book)

    assert str(book.card(noa)).startswith("Noa")
    assert db.execute("SELECT 1 AS one").fetchone() == {"one": 1}


def test_a_connection_that_reads_no_text_is_refused(connect: Connect) -> None:
    db = connect()
    db.text_factory = bytes

    with pytest.raises(StoreError, match="text_factory"):
        on(db)


def test_the_book_of_a_host_can_be_opened_as_a_file_too(tmp_path: Path) -> None:
    db = a_host(tmp_path / "host.db")
    noa = a_relationship(on(db), reference="noa")
    commit(db)

    with Book.open(tmp_path / "host.db") as book:
        assert book.find("noa") == noa
    assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    db.close()


def test_a_book_that_was_made_in_a_transaction_goes_with_it_and_says_so(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "host.db")
    book = on(db)
    rollback(db)

    with pytest.raises(StoreError, match="open it again"):
        a_relationship(book)
    on(db)
    db.close()


def test_a_host_that_reads_before_it_writes_hears_that_somebody_was_faster(tmp_path: Path) -> None:
    host = a_host(tmp_path / "host.db")
    host.execute("PRAGMA journal_mode = WAL")
    host.close()
    one, other = (sqlite3.connect(tmp_path / "host.db", timeout=0.05) for _ in range(2))
    book = on(one)
    one.execute("BEGIN")
    events = len(book)
    a_relationship(on(other))
    commit(other)

    with pytest.raises(StoreError, match="the whole transaction"):
        a_relationship(book)
    rollback(one)

    a_relationship(book)
    assert len(book) == events + 4
    one.close()
    other.close()


def test_a_book_is_opened_from_one_path_or_from_one_connection(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "host.db")

    for wrong in ({}, {"path": tmp_path / "x.db", "connection": db}, {"connection": db, "read_only": True}):
        with pytest.raises(CommandError, match="one path"):
            Book.open(**wrong)  # type: ignore[arg-type] # that is the test
    db.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["command", "failing command", "begin", "commit", "roll back"]), max_size=9))
def test_whatever_a_host_does_the_book_holds_what_was_committed(connect: Connect, steps: list[str]) -> None:
    db = connect()
    db.execute("DROP TRIGGER IF EXISTS retain_event_is_never_removed")
    db.execute("DELETE FROM retain_event WHERE stream <> 'book'")
    commit(db)
    store, owners, pending = SqliteStore(db), 0, 0
    commits_each = not begun_by_itself(db)
    for step in steps:
        rows = [Row("a", owners + pending + 1, "X", 1, NOW.isoformat(), "", "dana", "", b"{}")]
        if step == "command":
            alone = commits_each and not db.in_transaction
            store.append(rows, expected={"a": owners + pending}, done=None, now=NOW.isoformat())
            owners, pending = (owners + 1, pending) if alone else (owners, pending + 1)
        elif step == "failing command":
            with pytest.raises(StoreError):
                store.append(rows * 2, expected={"a": owners + pending}, done=None, now=NOW.isoformat())
        elif step == "begin":
            begun(db)
        elif step == "commit":
            commit(db)
            owners, pending = owners + pending, 0
        else:
            rollback(db)
            pending = 0
    rollback(db)

    assert len(list(store.read(["a"]))) == owners
    db.close()


def begun_by_itself(db: sqlite3.Connection) -> bool:
    db.execute("INSERT INTO event VALUES ('trial')")
    began = db.in_transaction
    rollback(db)
    return began


def test_keys_hold_within_the_transaction_of_a_host(connect: Connect) -> None:
    db = begun(connect())
    book = on(db)
    first = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", key="1")

    assert book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", key="1") == first
    with pytest.raises(KeyReusedError):
        book.register_customer(kind=Kind.PERSON, name="Gil", actor="dana", key="1")
    rollback(db)
    assert book.register_customer(kind=Kind.PERSON, name="Gil", actor="dana", key="1") != first


def test_a_book_file_opened_by_a_connection_is_the_same_book(tmp_path: Path) -> None:
    book = a_book(path=tmp_path / "book.db")
    noa = a_relationship(book, reference="noa")
    book.close()
    db = sqlite3.connect(tmp_path / "book.db")

    assert on(db).find("noa") == noa
    db.close()
