"""
A book in one SQLite file, or among the tables of a host.

In a file of its own: write-ahead log and full synchronisation, so what was acknowledged is on the disk. On the connection of
a host: its settings, its transaction, its durability. The tables refuse changes by themselves, whoever opens the file.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from retainsdk.errors import ConflictError, KeyReusedError, StoreError
from retainsdk.ports import Done, Row
from retainsdk.store import tables

_COLUMNS = "stream, version, name, schema, occurred_at, recorded_at, actor, reason, body"
_row = partial(tuple.__new__, Row)  # as Row._make, which counts the columns of each anew
_INSERT = f"INSERT INTO retain_event ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 # a constant


def is_blank(path: str | os.PathLike[str]) -> bool:
    """Whether nothing is there, or an empty file: what becomes a book only when somebody wants a new one."""
    file = Path(path)
    refuse_place(file)
    return not file.exists() or file.stat().st_size == 0


def refuse_place(path: Path) -> None:
    """
    Nothing, when a book can lie there.

    Raises:
        StoreError: When it is a folder, lies in none, or we may not look there.
    """
    try:
        if path.is_dir():
            raise StoreError(
                str(path), "is a folder, and a book is a file", f"Name a file in it: {path / 'crm.db'}."
            )
        if not path.parent.is_dir():
            why = "is a file" if path.parent.exists() else "does not exist"
            raise StoreError(
                str(path),
                f"cannot lie in {path.parent}, which {why}",
                "Make that folder first, or name another.",
            )
        path.exists()
    except PermissionError as error:
        raise StoreError(str(path), "lies where you may not look", _RIGHTS) from error


_RIGHTS = "Ask whoever owns it for the right to read and write, or choose another place."


class SqliteStore:
    """
    Events in a file, or among the tables of a host.

    A command does to the transactions of a host what an ``INSERT`` of the host would do there: in one that is open it takes
    part, under a savepoint, so that a command that fails leaves nothing; where the connection opens transactions by
    itself it opens one, for the host to commit; where the connection commits each statement it is one commit.

    Args:
        where: The file, which is made when it does not exist, or the connection of a host.
        busy_seconds: How long to wait for a file while another process writes.
        read_only: Whether to read only: the file must be a book, and may lie where nothing can be written.

    Raises:
        StoreError: When the file is not a book, was written by a newer version, or cannot be opened; when a
            connection does not read text as text.
    """

    def __init__(
        self,
        where: str | os.PathLike[str] | sqlite3.Connection,
        *,
        busy_seconds: float = 10.0,
        read_only: bool = False,
    ) -> None:
        self._is_guest, self._read_only, self._depth = isinstance(where, sqlite3.Connection), read_only, 0
        self._place = "the database" if isinstance(where, sqlite3.Connection) else os.fspath(where)
        with self._explained():
            self._db = _connected(where, busy_seconds=busy_seconds, read_only=read_only)
        try:
            self._prepare()
        except BaseException:
            self.close()
            raise

    def append(self, rows: Sequence[Row], *, expected: Mapping[str, int], done: Done | None, now: str) -> str:
        """Add rows at the end, all or none; see `retainsdk.ports.EventStore`."""
        with self.unit(), self._explained():
            for stream, version in expected.items():
                actual = self._version(stream)
                if actual != version:
                    raise ConflictError(stream, version, actual)
            if done is not None and self.done(done.key) is not None:
                raise KeyReusedError(done.key)
            (last,) = self._execute(
                "SELECT coalesce((SELECT recorded_at FROM retain_event ORDER BY position DESC LIMIT 1), '')"
            ).fetchone()
            recorded_at = max(now, str(last))
            self._db.executemany(_INSERT, [(*row[:5], recorded_at, *row[6:]) for row in rows])
            if done is not None:
                self._execute(
                    "INSERT INTO retain_command (key, fingerprint, result) VALUES (?, ?, ?)",
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
        holding: bytes | None = None,
        after: int = 0,
    ) -> Iterator[tuple[int, Row]]:
        """The events in the order of recording; see `retainsdk.ports.EventStore`."""
        conditions: list[str] = []
        values: list[str | bytes | int] = []
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
            ("instr(body, ?) > 0", holding),
            ("position > ?", after or None),
        ):
            if value is not None:
                conditions.append(condition)
                values.append(value)
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        query = f"SELECT {_COLUMNS}, position FROM retain_event {where} ORDER BY position"  # noqa: S608 # values are bound
        with self._explained():
            for values_of in self._execute(query, values):
                yield values_of[9], _row(values_of[:9])

    def done(self, key: str) -> Done | None:
        """The command carried out under a key."""
        with self._explained():
            row = self._execute(
                "SELECT fingerprint, result FROM retain_command WHERE key = ?", (key,)
            ).fetchone()
        return None if row is None else Done(key=key, fingerprint=row[0], result=row[1])

    def cursor(self, name: str) -> int:
        """Up to where somebody has been told; see `retainsdk.ports.EventStore`."""
        with self._explained():
            row = self._execute("SELECT position FROM retain_cursor WHERE name = ?", (name,)).fetchone()
        return 0 if row is None else int(row[0])

    def move_cursor(self, name: str, position: int) -> None:
        """Remember it; see `retainsdk.ports.EventStore`."""
        with self.unit(), self._explained():
            self._execute(
                "INSERT OR REPLACE INTO retain_cursor (name, position) VALUES (?, ?)", (name, position)
            )

    def is_settled(self) -> bool:
        """Whether no unit and no host can undo what was appended."""
        return not self._db.in_transaction

    def count(self) -> int:
        """How many events there are."""
        with self._explained():
            return int(self._execute("SELECT count(*) FROM retain_event").fetchone()[0])

    @contextmanager
    def unit(self) -> Iterator[None]:
        """What is appended inside stands or falls together; see `retainsdk.ports.EventStore`."""
        if self._read_only:
            raise StoreError(
                self._place, "is open for reading only", "Open it without read_only to write to it."
            )
        with self._explained():
            end, undo = self._entered()
        self._depth += 1
        try:
            yield
            self._refuse_lost()
            with self._explained():
                self._execute(end)
        except BaseException:
            if self._db.in_transaction:  # a full disk may have rolled it back already
                with self._explained():
                    for statement in undo:
                        self._execute(statement)
            raise
        finally:
            self._depth -= 1

    def close(self) -> None:
        """Let go of the file; the connection of a host stays open."""
        if not self._is_guest:
            self._db.close()

    def _entered(self) -> tuple[str, tuple[str, ...]]:
        """Begin a unit: the statement that ends it well, and those that undo it."""
        if self._depth:
            self._refuse_lost()
        if not self._db.in_transaction:
            self._execute("BEGIN IMMEDIATE")
            if not self._is_guest or _commits_each_statement(self._db):
                return "COMMIT", ("ROLLBACK",)
            return "", ("ROLLBACK",)  # the host commits what its connection would have begun by itself
        name = f"retain_{self._depth}"
        self._execute(f"SAVEPOINT {name}")
        return f"RELEASE {name}", (f"ROLLBACK TO {name}", f"RELEASE {name}")

    def _refuse_lost(self) -> None:
        # a full disk undoes a transaction as a whole: what would follow in it must not be committed alone
        if not self._db.in_transaction:
            raise StoreError(
                self._place, "has undone all of this unit", "Leave it, and repeat it as a whole."
            )

    def _version(self, stream: str) -> int:
        row = self._execute(
            "SELECT coalesce(max(version), 0) FROM retain_event WHERE stream = ?", (stream,)
        ).fetchone()
        return int(row[0])

    def _execute(self, query: str, values: Sequence[str | bytes | int] = ()) -> sqlite3.Cursor:
        cursor = self._db.cursor()
        cursor.row_factory = None  # a host may have set another for itself
        return cursor.execute(query, values)

    def _explained(self) -> AbstractContextManager[None]:
        return _explained(self._place)

    def _prepare(self) -> None:
        with self._explained():
            form = tables.form(self._db)
            if form > tables.SCHEMA_VERSION:
                raise StoreError(
                    self._place, "was written by a newer version", "Upgrade this package to open it."
                )
            if not form and not self._is_guest and (self._read_only or not tables.is_blank(self._db)):
                raise StoreError(self._place, "is a database, but not a book", "Choose another file.")
            if self._read_only:
                tables.see_as_present(self._db)
                return
            if not self._is_guest:
                if not form or tables.is_own_file(self._db):
                    self._execute("PRAGMA journal_mode = WAL")
                self._execute("PRAGMA synchronous = FULL")
        if form < tables.SCHEMA_VERSION:
            with self.unit(), self._explained():
                tables.renew(self._db, own_file=not self._is_guest)


def _connected(
    where: str | os.PathLike[str] | sqlite3.Connection, *, busy_seconds: float, read_only: bool
) -> sqlite3.Connection:
    if isinstance(where, sqlite3.Connection):
        if where.text_factory is not str:
            raise StoreError("The connection", "does not read text as str", "Leave its text_factory alone.")
        return where
    refuse_place(Path(where))
    if not read_only:
        return sqlite3.connect(where, timeout=busy_seconds, isolation_level=None)
    if not Path(where).exists():
        raise StoreError(os.fspath(where), "does not exist", "Name the file of a book.")
    uri = f"file:{quote(os.fspath(where))}"
    db = sqlite3.connect(f"{uri}?mode=ro", uri=True, timeout=busy_seconds, isolation_level=None)
    try:
        db.execute("SELECT count(*) FROM sqlite_schema")
    except sqlite3.OperationalError:
        db.close()
        if not Path(where).is_file() or Path(f"{os.fspath(where)}-wal").is_file():
            raise
        # an archive: SQLite cannot put its locks beside the file, so nobody writes to it either
        return sqlite3.connect(f"{uri}?immutable=1", uri=True, isolation_level=None)
    return db


def _commits_each_statement(db: sqlite3.Connection) -> bool:
    legacy = -1  # sqlite3.LEGACY_TRANSACTION_CONTROL, from Python 3.12 on
    autocommit = getattr(db, "autocommit", legacy)
    return db.isolation_level is None if autocommit == legacy else bool(autocommit)


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        why, remedy = _told(str(error))
        raise StoreError(place, why, remedy) from error


def _told(text: str) -> tuple[str, str]:
    """What is wrong, and what to do, in place of what SQLite says of it."""
    if "not a database" in text:
        return "is a file of another kind, not a book", "Name the file of a book, or a new one."
    if "unable to open" in text:
        return "may not be opened by you, or not written to its folder", _RIGHTS
    if "readonly" in text or "read-only" in text:
        return "may not be written by you", _RIGHTS
    return f"cannot be used as a book ({text})", _remedy(text)


def _remedy(text: str) -> str:
    if "full" in text:
        return "Free some space on the disk and repeat the command; nothing of it was written."
    if "locked" in text:
        return "Another process is writing; repeat the command, in a transaction of a host the whole transaction."
    if "no such table: retain_" in text:
        return "The transaction in which it was opened was rolled back; open it again."
    return "Check the path, its permissions and the disk."
