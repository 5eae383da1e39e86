"""A store that is gone with the process: for examples and tests, held to the same rules as the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from retainsdk.errors import ConflictError, KeyReusedError
from retainsdk.ports import Done, Row


class MemoryStore:
    """Events in a list."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._versions: Counter[str] = Counter()
        self._done: dict[str, Done] = {}
        self._cursors: dict[str, int] = {}
        self._depth = 0

    def append(self, rows: Sequence[Row], *, expected: Mapping[str, int], done: Done | None, now: str) -> str:
        """Add rows at the end, all or none; see `retainsdk.ports.EventStore`."""
        for stream, version in expected.items():
            if self._versions[stream] != version:
                raise ConflictError(stream, version, self._versions[stream])
        if done is not None and done.key in self._done:
            raise KeyReusedError(done.key)
        recorded_at = max(now, self._rows[-1].recorded_at) if self._rows else now
        self._rows += [row._replace(recorded_at=recorded_at) for row in rows]
        self._versions.update(row.stream for row in rows)
        if done is not None:
            self._done[done.key] = done
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
        below = None if streams is None else tuple(f"{stream}/" for stream in streams)
        for place, row in enumerate(self._rows[after:], start=after):
            if (
                (below is None or f"{row.stream}/".startswith(below))
                and (occurred_by is None or row.occurred_at <= occurred_by)
                and (recorded_by is None or row.recorded_at <= recorded_by)
                and (name is None or row.name == name)
                and (holding is None or holding in row.body)
            ):
                yield place + 1, row

    def done(self, key: str) -> Done | None:
        """The command carried out under a key."""
        return self._done.get(key)

    def cursor(self, name: str) -> int:
        """Up to where somebody has been told; see `retainsdk.ports.EventStore`."""
        return self._cursors.get(name, 0)

    def move_cursor(self, name: str, position: int) -> None:
        """Remember it; see `retainsdk.ports.EventStore`."""
        self._cursors[name] = position

    def is_settled(self) -> bool:
        """Whether no unit can undo what was appended."""
        return not self._depth

    def count(self) -> int:
        """How many events there are."""
        return len(self._rows)

    @contextmanager
    def unit(self) -> Iterator[None]:
        """What is appended inside stands or falls together; see `retainsdk.ports.EventStore`."""
        events, commands = len(self._rows), len(self._done)
        self._depth += 1
        try:
            yield
        except BaseException:
            self._versions.subtract(row.stream for row in self._rows[events:])
            del self._rows[events:]
            for key in list(self._done)[commands:]:
                del self._done[key]
            raise
        finally:
            self._depth -= 1

    def close(self) -> None:
        """Nothing to let go of."""
