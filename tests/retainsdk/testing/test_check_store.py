"""Our own stores pass what every store must; a store that breaks one rule hears which."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from retainsdk.errors import ConflictError, InputError, KeyReusedError
from retainsdk.ports import Done, Row
from retainsdk.store.memory import MemoryStore
from retainsdk.store.sqlite import SqliteStore
from retainsdk.testing import check_store


def test_our_own_stores_hold_to_every_rule(tmp_path: Path) -> None:
    names = count()

    check_store(MemoryStore)
    check_store(lambda: SqliteStore(tmp_path / f"{next(names)}.db"))


class Reversed(MemoryStore):
    def read(self, *args: Any, **which: Any) -> Iterator[tuple[int, Row]]:
        return iter(list(super().read(*args, **which))[::-1])


class TakesWhatDoesNotFit(MemoryStore):
    def append(self, rows: Sequence[Row], *, expected: Mapping[str, int], done: Done | None, now: str) -> str:
        with suppress(ConflictError):
            return super().append(rows, expected=expected, done=done, now=now)
        return now


class GoesBack(MemoryStore):
    def read(self, *args: Any, **which: Any) -> Iterator[tuple[int, Row]]:
        for place, row in super().read(*args, **which):
            yield (
                place,
                row._replace(recorded_at="2026-01-01T00:00:00.000000+00:00") if row.version > 1 else row,
            )


class ForgetsKeys(MemoryStore):
    def append(self, rows: Sequence[Row], *, expected: Mapping[str, int], done: Done | None, now: str) -> str:
        with suppress(KeyReusedError):
            return super().append(rows, expected=expected, done=done, now=now)
        return now


class ReadsNeighbours(MemoryStore):
    def read(self, streams: Sequence[str] | None = None, **which: Any) -> Iterator[tuple[int, Row]]:
        for place, row in super().read(None, **which):
            if streams is None or any(row.stream.startswith(stream) for stream in streams):
                yield place, row


class UndoesNothing(MemoryStore):
    @contextmanager
    def unit(self) -> Iterator[None]:
        yield


class LosesCursors(MemoryStore):
    def move_cursor(self, name: str, position: int) -> None:
        pass


class Fails(MemoryStore):
    def count(self) -> int:
        msg = "the disk is full"
        raise OSError(msg)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (Reversed, "what is appended is read in that order"),
        (TakesWhatDoesNotFit, "none is appended, and the conflict names the stream"),
        (TakesWhatDoesNotFit, "exactly the version that follows its last"),
        (GoesBack, "the instant of recording never goes back"),
        (ForgetsKeys, "a key was taken twice"),
        (ReadsNeighbours, "keeps to streams and those below them"),
        (UndoesNothing, "a unit is there whole or not at all"),
        (LosesCursors, "a cursor stays where it was moved"),
        (Fails, "OSError: the disk is full"),
    ],
)
def test_a_store_that_breaks_a_rule_hears_which(broken: Callable[[], MemoryStore], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_store(broken)
