"""What a book needs from outside, as protocols: a store for its events, a clock, a source of ids, one of holidays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import NamedTuple, Protocol

import attrs

from retainsdk.worktime import SpecialDay

Clock = Callable[[], datetime]
"""Tells the time now, time-zone aware."""

IdSource = Callable[[], int]
"""Gives a new 64-bit number each time, that nobody else has."""


class Row(NamedTuple):
    """
    An event as a store keeps it: its body is text the store does not read.

    Attributes:
        stream: Of the aggregate it happened to.
        version: In its stream, from 1.
        name: Of the event.
        schema: Of its body.
        occurred_at: In UTC, ISO 8601 with microseconds, so that text sorts as time.
        recorded_at: The same; never decreasing along the log.
        actor: Who recorded it.
        reason: Why.
        body: JSON.
    """

    stream: str
    version: int
    name: str
    schema: int
    occurred_at: str
    recorded_at: str
    actor: str
    reason: str
    body: bytes


@attrs.frozen(kw_only=True)
class Done:
    """
    A command that was carried out, remembered under its key.

    Attributes:
        key: Chosen by the caller.
        fingerprint: Digest of what was asked.
        result: The answer it got, JSON.
    """

    key: str
    fingerprint: str
    result: bytes


class EventStore(Protocol):
    """
    An append-only log with an optimistic lock on every stream.

    Whatever `append` has returned from survives the death of the process; what it has not returned from is
    there in full or not at all.
    """

    def append(self, rows: Sequence[Row], *, expected: Mapping[str, int], done: Done | None, now: str) -> str:
        """
        Add rows at the end, all or none.

        Args:
            rows: In order, with the versions they are to have. Their ``recorded_at`` is not looked at.
            expected: The version at which each of their streams was read, 0 for a new one.
            done: The command they come from, remembered with them.
            now: The instant of recording; an earlier one than the last in the log counts as that one.

        Returns:
            The instant they were recorded at.

        Raises:
            ConflictError: When a stream has another version by now.
            KeyReusedError: When the key of the command is taken.
            StoreError: When they cannot be written.
        """
        ...

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
        """
        The events, each with its position, in the order of recording.

        Args:
            streams: Only these and what lies below them: ``a`` brings ``a`` and ``a/b``. None for all.
            occurred_by: Only what had occurred by then.
            recorded_by: Only what had been recorded by then.
            name: Only events of that name.
            holding: Only events in whose body these bytes stand somewhere.
            after: Only events behind this position.
        """
        ...

    def unit(self) -> AbstractContextManager[None]:
        """
        Join what is appended inside into one commit, all or nothing; it can be read inside at once.

        A unit within a unit is undone alone when it fails, and stands or falls with the outer one when it does not.

        Raises:
            StoreError: When nothing can be written, or the database has undone the unit in its midst.
        """
        ...

    def done(self, key: str) -> Done | None:
        """The command carried out under a key."""
        ...

    def cursor(self, name: str) -> int:
        """The position up to which somebody has been told; 0 while he has been told nothing."""
        ...

    def move_cursor(self, name: str, position: int) -> None:
        """Remember the position up to which somebody has been told."""
        ...

    def is_settled(self) -> bool:
        """Whether all that was appended is committed, so that no unit and no host can undo it."""
        ...

    def count(self) -> int:
        """How many events there are."""
        ...

    def close(self) -> None:
        """Let go of the file, when it is the store's own."""
        ...


class WorkCalendarSource(Protocol):
    """Says which days are unlike their weekday, so that a calendar need not list them for all years."""

    def special_days(self, year: int) -> Mapping[date, SpecialDay]:
        """Those of a year. The answer must not change while a calendar uses it."""
        ...
