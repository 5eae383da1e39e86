"""
A book in one SQLite file.

Write-ahead log and full synchronisation: what was acknowledged is on the disk. The tables refuse changes by
themselves, whoever opens the file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from retainsdk.errors import ConflictError, KeyReusedError, StoreError
from retainsdk.ports import Done, Row

APPLICATION_ID = 0x426F6F6B
"""Marks the file as a book: the word in ASCII."""

SCHEMA_VERSION = 1

_SCHEMA = f"""
CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    name TEXT NOT NULL,
    schema INTEGER NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL CHECK (occurred_at <= recorded_at),
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (stream, version)
) STRICT;
CREATE TABLE command (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    result BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
CREATE TRIGGER command_is_never_changed BEFORE UPDATE ON command
    BEGIN SELECT RAISE(ABORT, 'commands are never changed'); END;
CREATE TRIGGER command_is_never_removed BEFORE DELETE ON command
    BEGIN SELECT RAISE(ABORT, 'commands are never removed'); END;
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""

_COLUMNS = "stream, version, name, schema, occurred_at, recorded_at, actor, reason, body"


def is_blank(path: str | os.PathLike[str]) -> bool:
    """Whether nothing is there, or an empty file: what becomes a book only when somebody wants a new one."""
    file = Path(path)
    return not file.exists() or file.stat().st_size == 0


class SqliteStore:
    """
    Events in a file.

    Args:
        path: Of the file; it is made when it does not exist.
        busy_seconds: How long to wait while another process writes.

    Raises:
        StoreError: When the file is not a book, was written by a newer version, or cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str], *, busy_seconds: float = 10.0) -> None:
        self._path = os.fspath(path)
        with self._explained():
            self._db = sqlite3.connect(self._path, timeout=busy_seconds, isolation_level=None)
        try:
            with self._explained():
                self._prepare()
        except StoreError:
            self._db.close()
            raise

    def append(self, rows: Sequence[Row], *, expected: Mapping[str, int], done: Done | None, now: str) -> str:
        """Add rows at the end, all or none; see `retainsdk.ports.EventStore`."""
        with self._explained(), self._transaction():
            for stream, version in expected.items():
                actual = self._version(stream)
                if actual != version:
                    raise ConflictError(stream, version, actual)
            if done is not None and self.done(done.key) is not None:
                raise KeyReusedError(done.key)
            (last,) = self._db.execute(
                "SELECT coalesce((SELECT recorded_at FROM event ORDER BY position DESC LIMIT 1), '')"
            ).fetchone()
            recorded_at = max(now, str(last))
            self._db.executemany(
                f"INSERT INTO event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 # a constant
                (
                    (
                        row.stream,
                        row.version,
                        row.name,
                        row.schema,
                        row.occurred_at,
                        recorded_at,
                        row.actor,
                        row.reason,
                        row.body,
                    )
                    for row in rows
                ),
            )
            if done is not None:
                self._db.execute(
                    "INSERT INTO command (key, fingerprint, result) VALUES (?, ?, ?)",
                    (done.key, done.fingerprint, done.result),
                )
        return recorded_at

    def read(
        self,
        streams: Sequence[str] | None = None,
        *,
        occurred_by: str | None = None,
        recorded_by: str | None = None,
        name: str | None = None,
    ) -> Iterator[tuple[int, Row]]:
        """The events in the order of recording; see `retainsdk.ports.EventStore`."""
        conditions: list[str] = []
        values: list[str] = []
        if streams is not None:
            # '0' follows '/' in ASCII: the half-open range holds what lies below the stream, by the index
            each = "stream = ? OR stream >= ? AND stream < ?"
            conditions.append(f"({' OR '.join([each] * len(streams)) or 'FALSE'})")
            for stream in streams:
                values += [stream, f"{stream}/", f"{stream}0"]
        for condition, value in (
            ("occurred_at <= ?", occurred_by),
            ("recorded_at <= ?", recorded_by),
            ("name = ?", name),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        query = f"SELECT position, {_COLUMNS} FROM event {where} ORDER BY position"  # noqa: S608 # values are bound
        with self._explained():
            for position, *row in self._db.execute(query, values):
                yield position, Row(*row)

    def done(self, key: str) -> Done | None:
        """The command carried out under a key."""
        with self._explained():
            row = self._db.execute("SELECT fingerprint, result FROM command WHERE key = ?", (key,)).fetchone()
        return None if row is None else Done(key=key, fingerprint=row[0], result=row[1])

    def count(self) -> int:
        """How many events there are."""
        with self._explained():
            return int(self._db.execute("SELECT count(*) FROM event").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _version(self, stream: str) -> int:
        row = self._db.execute(
            "SELECT coalesce(max(version), 0) FROM event WHERE stream = ?", (stream,)
        ).fetchone()
        return int(row[0])

    def _prepare(self) -> None:
        (application_id,) = self._db.execute("PRAGMA application_id").fetchone()
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if tables and application_id != APPLICATION_ID:
            raise StoreError(self._path, "is a database, but not a book", "Choose another file.")
        if version > SCHEMA_VERSION:
            raise StoreError(self._path, "was written by a newer version", "Upgrade this package to open it.")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        if not tables:
            self._create()

    def _create(self) -> None:
        with self._transaction():
            (tables,) = self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if not tables:  # nobody was faster
                for statement in _statements(_SCHEMA):
                    self._db.execute(statement)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk may have rolled it back already
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(self._path, f"cannot be used as a book ({error})", _remedy(error)) from error


def _remedy(error: sqlite3.Error) -> str:
    text = str(error)
    if "full" in text:
        return "Free some space on the disk and repeat the command; nothing of it was written."
    if "locked" in text:
        return "Another process is writing; repeat the command."
    if "not a database" in text:
        return "Choose another file."
    return "Check the path, its permissions and the disk."


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
