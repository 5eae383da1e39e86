"""What a file must survive."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from retainsdk.errors import ConflictError, StoreError
from retainsdk.ports import Row
from retainsdk.store.sqlite import SqliteStore

NOW = "2026-01-01T00:00:00.000000+00:00"


def rows(first: int, count: int) -> list[Row]:
    return [Row("a", first + i, "Happened", 1, NOW, "", "dana", "", b"{}" + b" " * 500) for i in range(count)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    it = SqliteStore(tmp_path / "book.db")
    yield it
    it.close()


@pytest.mark.invariant(5)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE retain_event SET actor = 'me'",
        "DELETE FROM retain_event",
        "UPDATE retain_command SET result = ''",
        "DELETE FROM retain_command",
        "INSERT INTO retain_event SELECT 9, stream, version, name, schema, occurred_at, recorded_at, actor, reason, body FROM retain_event",
    ],
)
def test_the_file_itself_refuses_to_change_what_happened(tmp_path: Path, statement: str) -> None:
    store = SqliteStore(tmp_path / "book.db")
    store.append(rows(1, 1), expected={"a": 0}, done=None, now=NOW)
    store.close()
    with sqlite3.connect(tmp_path / "book.db") as other:
        other.execute("INSERT INTO retain_command VALUES ('k', 'f', x'00')")

        with pytest.raises(sqlite3.IntegrityError):
            other.execute(statement)
    other.close()


def test_what_occurs_after_it_was_recorded_is_refused_by_the_file(store: SqliteStore) -> None:
    future = rows(1, 1)[0]._replace(occurred_at="2027-01-01T00:00:00.000000+00:00")

    with pytest.raises(StoreError, match="CHECK"):
        store.append([future], expected={"a": 0}, done=None, now=NOW)


def test_of_threads_that_race_for_one_version_exactly_one_wins(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "book.db").close()
    barrier, results = threading.Barrier(4), list[str]()

    def race() -> None:
        store = SqliteStore(tmp_path / "book.db")
        barrier.wait()
        try:
            store.append(rows(1, 1), expected={"a": 0}, done=None, now=NOW)
            results.append("won")
        except ConflictError:
            results.append("lost")
        finally:
            store.close()

    threads = [threading.Thread(target=race) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == ["lost", "lost", "lost", "won"]


def test_the_file_is_synchronised_at_every_commit(store: SqliteStore) -> None:
    assert store._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert store._db.execute("PRAGMA synchronous").fetchone() == (2,)


WRITER = """
import sys
from retainsdk.store.sqlite import SqliteStore
from retainsdk.ports import Row
store = SqliteStore(sys.argv[1])
now = "2026-01-01T00:00:00.000000+00:00"
version = store.count()
while True:
    rows = [Row("a", version + i, "Happened", 1, now, "", "dana", "", b"{}" + b" " * 500) for i in range(1, 6)]
    store.append(rows, expected={"a": version}, done=None, now=now)
    version += 5
    print(version, flush=True)
"""


def test_nothing_acknowledged_is_lost_and_nothing_half_done_stays_when_the_process_is_killed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.db"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    acknowledged = 0
    for round_ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, env=environment
        ) as writer:
            assert writer.stdout is not None
            for _ in range(3 + 7 * round_):
                acknowledged = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            heard = writer.stdout.read().split()
            acknowledged = int(heard[-1]) if heard else acknowledged

        store = SqliteStore(path)
        kept = [row.version for _, row in store.read()]
        sound = store._db.execute("PRAGMA integrity_check").fetchone()
        store.close()

        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) % 5 == 0
        assert acknowledged <= len(kept) <= acknowledged + 5
        assert sound == ("ok",)


def test_a_full_disk_leaves_the_book_as_it_was(store: SqliteStore) -> None:
    store.append(rows(1, 10), expected={"a": 0}, done=None, now=NOW)
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages + 2}")

    with pytest.raises(StoreError, match="Free some space"):
        store.append(rows(11, 100), expected={"a": 10}, done=None, now=NOW)

    assert store.count() == 10
    assert store._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store._db.execute("PRAGMA max_page_count = 100000")
    store.append(rows(11, 100), expected={"a": 10}, done=None, now=NOW)
    assert store.count() == 110


def test_a_file_that_is_no_book_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("Dear customer, " * 100)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE thing (x)")
    other.close()

    with pytest.raises(StoreError, match="a file of another kind"):
        SqliteStore(text)
    with pytest.raises(StoreError, match="not a book"):
        SqliteStore(tmp_path / "other.db")
    assert text.read_text() == "Dear customer, " * 100


def test_a_book_of_a_newer_version_is_not_touched(store: SqliteStore, tmp_path: Path) -> None:
    store._db.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreError, match="Upgrade"):
        SqliteStore(tmp_path / "book.db")


def test_a_place_where_no_file_can_be_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="which does not exist"):
        SqliteStore(tmp_path / "nowhere" / "book.db")


def test_a_writer_that_holds_the_file_too_long_is_reported(tmp_path: Path) -> None:
    first, second = SqliteStore(tmp_path / "book.db"), SqliteStore(tmp_path / "book.db", busy_seconds=0.01)
    first._db.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError, match="Another process is writing"):
        second.append(rows(1, 1), expected={"a": 0}, done=None, now=NOW)
    first.close()
    second.close()


def test_a_batch_that_fails_in_its_middle_leaves_nothing(store: SqliteStore) -> None:
    with pytest.raises(StoreError, match="UNIQUE"):
        store.append([*rows(1, 3), *rows(3, 1)], expected={"a": 0}, done=None, now=NOW)

    assert store.count() == 0
    store.append(rows(1, 3), expected={"a": 0}, done=None, now=NOW)
    assert store.count() == 3
