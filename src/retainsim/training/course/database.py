"""
The file in which a course is kept: one SQLite database beside its plan.

Write-ahead log and full synchronisation, so what was acknowledged is on the disk. Only who calls, what was put in and
when is kept; what a call came to is worked out from that, and kept only once it may be told.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retainsdk.errors import StoreError

APPLICATION_ID = 0x436F7572
"""Marks a file as that of a course: the first letters of the word in ASCII."""
VERSION = 3
_BUSY_SECONDS = 10.0

_OF_CALLS = """
CREATE TABLE trainee (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    code TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    gender TEXT NOT NULL,
    language TEXT NOT NULL,
    treatment TEXT NOT NULL,
    enrolled_at TEXT NOT NULL
) STRICT;
CREATE TABLE opened (part TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE caller (part TEXT, place INTEGER, seed INTEGER NOT NULL, PRIMARY KEY (part, place)) STRICT, WITHOUT ROWID;
CREATE TABLE call (
    number INTEGER PRIMARY KEY,
    trainee INTEGER NOT NULL,
    part TEXT NOT NULL,
    place INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    scenario TEXT NOT NULL,
    digest TEXT NOT NULL,
    seed INTEGER NOT NULL,
    language TEXT NOT NULL,
    gender TEXT NOT NULL,
    name TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    UNIQUE (trainee, part, place)
) STRICT;
CREATE TABLE turn (
    call INTEGER NOT NULL REFERENCES call,
    number INTEGER NOT NULL CHECK (number > 0),
    move TEXT NOT NULL,
    votes TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (call, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE forecast (call INTEGER PRIMARY KEY REFERENCES call, forecast TEXT NOT NULL, at TEXT NOT NULL) STRICT;
CREATE TABLE fork (
    call INTEGER NOT NULL REFERENCES call,
    number INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (call, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE result (call INTEGER PRIMARY KEY REFERENCES call, version TEXT NOT NULL, told TEXT NOT NULL) STRICT;
"""
_OF_BOOKS = """
CREATE TABLE book (
    number INTEGER PRIMARY KEY,
    trainee INTEGER NOT NULL,
    part TEXT NOT NULL,
    purpose TEXT NOT NULL,
    setting TEXT NOT NULL,
    digest TEXT NOT NULL,
    language TEXT NOT NULL,
    gender TEXT NOT NULL,
    name TEXT NOT NULL,
    begun_at TEXT NOT NULL,
    ended_at TEXT,
    UNIQUE (trainee, part)
) STRICT;
CREATE TABLE decision (
    book INTEGER NOT NULL REFERENCES book,
    number INTEGER NOT NULL CHECK (number > 0),
    decision TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (book, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE book_result (book INTEGER PRIMARY KEY REFERENCES book, version TEXT NOT NULL, told TEXT NOT NULL) STRICT;
"""
_OF_GOALS = """
CREATE TABLE goal (call INTEGER PRIMARY KEY REFERENCES call, goal TEXT NOT NULL, at TEXT NOT NULL) STRICT;
"""
_STEPS = (_OF_CALLS, _OF_BOOKS, _OF_GOALS)
"""What each version has added."""


class Database:
    """
    The database of a course.

    Args:
        path: Of its file, which is made when it is not there.

    Raises:
        StoreError: When it cannot be opened, is no course, or was written by a newer version.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        with self._explained():
            self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self._explained():
            return self._db.execute(query, values).fetchall()

    def write(self, query: str, *values: str | int | None) -> int:
        """Write one row; the number under which it is kept."""
        with self._explained():
            return int(self._db.execute(query, values).lastrowid or 0)

    @contextmanager
    def unit(self) -> Iterator[None]:
        """What is written inside stands or falls together, and is on the disk at its end."""
        with self._explained():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._explained():
                self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _prepare(self) -> None:
        with self._explained():
            (version,) = self._one("PRAGMA user_version")
            (tables,) = self._one("SELECT count(*) FROM sqlite_schema")
            (mark,) = self._one("PRAGMA application_id")
        if tables and mark != APPLICATION_ID:
            raise StoreError(self._path, "is a database, but not of a course", "Move it away.")
        if version > VERSION:
            raise StoreError(self._path, "was written by a newer version", "Upgrade this package to open it.")
        with self._explained():
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._db.execute("PRAGMA foreign_keys = ON")
        if version < VERSION:
            with self.unit():
                (made,) = self._one("PRAGMA user_version")  # somebody else may have made it meanwhile
                for statement in "".join(_STEPS[made:]).split(";\n"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {VERSION}")

    def _one(self, query: str) -> Sequence[Any]:
        found: Sequence[Any] = self._db.execute(query).fetchone()
        return found

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            remedy = "Check the path, its permissions and the disk."
            if "locked" in str(error):
                remedy = "Another process is writing; repeat the command."
            raise StoreError(self._path, f"cannot be used ({error})", remedy) from error
