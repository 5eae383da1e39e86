"""
The tables of a book in SQLite, and the steps that lead from each form they have had to the next.

A file of its own counts its form in ``user_version``. In somebody else's database that number belongs to the host, so
there a table says it; all names begin with ``retain_`` and get in nobody's way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

APPLICATION_ID = 0x426F6F6B
"""Marks a file as a book: the word in ASCII."""

SCHEMA_VERSION = 2
"""The form in which tables are made now."""

_GUARDS = """
CREATE TRIGGER retain_event_is_never_changed BEFORE UPDATE ON retain_event
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER retain_event_is_never_removed BEFORE DELETE ON retain_event
    BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
CREATE TRIGGER retain_command_is_never_changed BEFORE UPDATE ON retain_command
    BEGIN SELECT RAISE(ABORT, 'commands are never changed'); END;
CREATE TRIGGER retain_command_is_never_removed BEFORE DELETE ON retain_command
    BEGIN SELECT RAISE(ABORT, 'commands are never removed'); END;
CREATE INDEX retain_event_by_name ON retain_event (name);
CREATE TABLE retain_cursor (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""

_TABLES = f"""
CREATE TABLE retain_event (
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
CREATE TABLE retain_command (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    result BLOB NOT NULL
) STRICT, WITHOUT ROWID;
{_GUARDS}
"""

_MARK_OF_A_FILE = f"PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {SCHEMA_VERSION};\n"
_MARK_OF_A_GUEST = f"""
CREATE TABLE retain_schema (version INTEGER NOT NULL DEFAULT {SCHEMA_VERSION}) STRICT;
INSERT INTO retain_schema DEFAULT VALUES;
"""

_STEPS: Mapping[int, str] = {
    1: f"""
DROP TRIGGER event_is_never_changed;
DROP TRIGGER event_is_never_removed;
DROP TRIGGER command_is_never_changed;
DROP TRIGGER command_is_never_removed;
ALTER TABLE event RENAME TO retain_event;
ALTER TABLE command RENAME TO retain_command;
{_GUARDS}
""",
}
"""What makes of each form the next."""

_SEEN_AS: Mapping[int, str] = {
    1: """
CREATE TEMP VIEW retain_event AS SELECT * FROM main.event;
CREATE TEMP VIEW retain_command AS SELECT * FROM main.command;
""",
}
"""How an older form that must not be written to is read as the present one."""


def is_own_file(db: sqlite3.Connection) -> bool:
    """Whether the database is a book and nothing else."""
    return _number(db, "PRAGMA application_id") == APPLICATION_ID


def is_blank(db: sqlite3.Connection) -> bool:
    """Whether the database holds nothing at all."""
    return _number(db, "SELECT count(*) FROM sqlite_schema") == 0


def form(db: sqlite3.Connection) -> int:
    """The form of the book's tables; 0 when there are none."""
    if is_own_file(db):
        return _number(db, "PRAGMA user_version")
    if _number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'retain_schema'"):
        return _number(db, "SELECT version FROM retain_schema")
    return 0


def renew(db: sqlite3.Connection, *, own_file: bool) -> None:
    """
    Make the tables, or bring those there are to the present form, within the transaction that is open.

    Args:
        db: Where.
        own_file: Whether tables that are new make the database a book, and nothing else.
    """
    found = form(db)
    if found:
        for older in range(found, SCHEMA_VERSION):
            _run(db, _STEPS[older])
        said = "PRAGMA user_version =" if is_own_file(db) else "UPDATE retain_schema SET version ="
        _run(db, f"{said} {SCHEMA_VERSION};")
    else:
        _run(db, _TABLES + (_MARK_OF_A_FILE if own_file else _MARK_OF_A_GUEST))


def see_as_present(db: sqlite3.Connection) -> None:
    """Let a connection that may not write read an older form as if it were the present one."""
    _run(db, _SEEN_AS.get(form(db), ""))


def _number(db: sqlite3.Connection, query: str) -> int:
    cursor = db.cursor()
    cursor.row_factory = None  # the host may have set another
    return int(cursor.execute(query).fetchone()[0])


def _run(db: sqlite3.Connection, script: str) -> None:
    # executescript would commit the host's transaction first
    statement = ""
    for line in script.splitlines():
        statement += f"{line}\n"
        if sqlite3.complete_statement(statement):
            db.execute(statement)
            statement = ""
