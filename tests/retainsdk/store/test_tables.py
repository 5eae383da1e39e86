"""The forms that the tables of a book have had, and reading where nothing can be written."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from retainsdk.book import Book
from retainsdk.errors import StoreError
from retainsdk.store.tables import SCHEMA_VERSION
from retainsdk.testing import SetClock, a_book, a_relationship

OLD = Path(__file__).parents[2] / "fixtures" / "book-v1.db"
"""A book of the first form: written by the program as it was then, never to be made again."""

DIGEST = "6b6166a8dc914ca272cd84ab00162068"
NOA = 2


def form_of(path: Path) -> tuple[list[tuple[str, str, str]], tuple[int, int]]:
    db = sqlite3.connect(path)
    made = db.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY name").fetchall()
    marks = [db.execute(f"PRAGMA {mark}").fetchone()[0] for mark in ("application_id", "user_version")]
    db.close()
    plain = [(kind, name, " ".join(sql.replace('"', "").split())) for kind, name, sql in made]
    return plain, (marks[0], marks[1])


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD, tmp_path / "old.db"))


def test_a_book_of_the_first_form_opens_and_tells_the_same(old: Path) -> None:
    with Book.open(old, clock=SetClock()) as book:
        assert book.digest() == DIGEST
        assert book.find("7590-VHVEG") == NOA
        assert str(book.card(NOA)).startswith("נועה")
        done = book._store.done("call")

        assert done is not None  # it remembers the keys of commands, too
        assert done.result == b"1"


def test_a_book_brought_to_the_present_form_is_made_as_a_new_one(old: Path, tmp_path: Path) -> None:
    Book.open(old).close()
    Book.open(tmp_path / "new.db").close()

    assert form_of(old) == form_of(tmp_path / "new.db")
    assert form_of(old)[1][1] == SCHEMA_VERSION


def test_a_book_that_cannot_be_brought_to_the_present_form_stays_as_it_was(old: Path) -> None:
    db = sqlite3.connect(old)
    db.execute("CREATE TABLE retain_command (x)")  # in the way of the last step
    db.close()
    before = form_of(old)

    with pytest.raises(StoreError):
        Book.open(old)

    assert form_of(old) == before


def test_a_book_of_the_first_form_can_be_read_where_nothing_can_be_written(old: Path) -> None:
    before = form_of(old)

    with Book.open(old, read_only=True) as book:
        assert book.digest() == DIGEST
        assert book.find("7590-VHVEG") == NOA

    assert form_of(old) == before


def test_a_host_keeps_a_book_through_changes_of_form(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "host.db")
    noa = a_relationship(Book.open(connection=db, clock=SetClock()), reference="noa")
    db.commit()
    assert Book.open(connection=db).find("noa") == noa
    db.execute("UPDATE retain_schema SET version = 99")

    with pytest.raises(StoreError, match="Upgrade"):
        Book.open(connection=db)
    db.close()


def test_a_book_opened_to_read_refuses_to_be_written(tmp_path: Path) -> None:
    with a_book(path=tmp_path / "book.db") as book:
        noa = a_relationship(book)

    with Book.open(tmp_path / "book.db", read_only=True, clock=SetClock()) as book:
        assert str(book.card(noa)).startswith("Noa")
        with pytest.raises(StoreError, match="without read_only"):
            book.begin_end(noa, actor="dana")
        with pytest.raises(StoreError, match="without read_only"), book.unit():
            pass


def test_one_who_only_reads_sees_what_others_write(tmp_path: Path) -> None:
    writer = a_book(path=tmp_path / "book.db")
    reader = Book.open(tmp_path / "book.db", read_only=True)

    a_relationship(writer)

    assert len(reader) == len(writer) == 3
    reader.close()
    writer.close()


def test_an_archive_beside_which_no_lock_can_be_put_is_read(tmp_path: Path) -> None:
    with a_book(path=tmp_path / "book.db") as book:
        digest = book.digest()
    (tmp_path / "book.db-wal").mkdir()  # as where the medium cannot be written

    with Book.open(tmp_path / "book.db", read_only=True) as book:
        assert book.digest() == digest


@pytest.mark.parametrize("name", ["nowhere.db", "empty.db", "a name with ? and #.db"])
def test_what_is_no_book_cannot_be_opened_to_read(tmp_path: Path, name: str) -> None:
    if name == "empty.db":
        (tmp_path / name).touch()

    with pytest.raises(StoreError, match=r"but not a book|does not exist"):
        Book.open(tmp_path / name, read_only=True)
    assert (tmp_path / name).exists() is (name == "empty.db")


def test_a_book_under_any_name_can_be_opened_to_read(tmp_path: Path) -> None:
    path = tmp_path / "ספר % ? #1.db"
    a_book(path=path).close()

    with Book.open(path, read_only=True) as book:
        assert len(book) == 1
