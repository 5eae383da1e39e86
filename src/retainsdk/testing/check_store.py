"""Tell the author of an event store what is wrong with it, before a book is lost in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from retainsdk.errors import ConflictError, Fault, InputError, KeyReusedError
from retainsdk.ports import Done, EventStore, Row

__all__ = ["MakeStore", "check_store", "store_faults"]

MakeStore = Callable[[], EventStore]
"""Makes a new, empty store each time it is called."""

_T1, _T2, _T3 = (f"2026-01-0{day}T00:00:00.000000+00:00" for day in (1, 2, 3))
_WRITTEN = Row("a", 1, "Happened", 1, _T1, _T2, "dana", "למה", b'{"x":1}')


def check_store(make_store: MakeStore) -> None:
    """
    Check a store by everything a book relies on, and tell all that is wrong with it at once.

    Each rule gets a store of its own, which is closed afterwards. What races of threads and the death of a process
    do to it is for its own tests: it depends on what it keeps events in.

    Args:
        make_store: Makes a new, empty store each time.

    Raises:
        InputError: Naming every rule that it breaks, and by what.

    >>> from retainsdk.store.memory import MemoryStore
    >>> check_store(MemoryStore)
    """
    faults = store_faults(make_store)
    if faults:
        raise InputError("store", faults)


def store_faults(make_store: MakeStore) -> list[Fault]:
    """What `check_store` finds, as a list."""
    faults: list[Fault] = []
    for rule, remedy, broken in _RULES:
        store = make_store()
        try:
            faults += [Fault(rule, str(wrong), "is not so", remedy) for wrong in broken(store)]
        except Exception as error:  # noqa: BLE001 # whatever an author's code raises is what he must be told
            faults.append(Fault(rule, f"{type(error).__name__}: {error}", "raises an error", remedy))
        finally:
            store.close()
    return faults


def _row(stream: str = "a", version: int = 1, occurred_at: str = _T1, name: str = "Happened") -> Row:
    return _WRITTEN._replace(stream=stream, version=version, occurred_at=occurred_at, name=name)


def _append(store: EventStore, rows: Sequence[Row], now: str = _T2, done: Done | None = None) -> str:
    expected: dict[str, int] = {}
    for row in rows:
        expected.setdefault(row.stream, row.version - 1)
    return store.append(rows, expected=expected, done=done, now=now)


def _held(store: EventStore, *args: Any, **which: Any) -> list[str]:  # noqa: ANN401 # passed on
    return [f"{row.stream} {row.version}" for _, row in store.read(*args, **which)]


def _expect(what: str, found: object, wanted: object) -> Iterator[str]:
    if found != wanted:
        yield f"{what}: {found!r}, not {wanted!r}"


def _order(store: EventStore) -> Iterator[str]:
    recorded_at = _append(store, [_row("a"), _row("b"), _row("a", 2)])
    yield from _expect("append returned", recorded_at, _T2)
    placed = list(store.read())
    yield from _expect("read", [row for _, row in placed], [_row("a"), _row("b"), _row("a", 2)])
    positions = [position for position, _ in placed]
    yield from _expect("positions", positions, sorted(set(positions)))
    yield from _expect(
        "behind the first", _held(store, after=positions[0] if positions else 0), ["b 1", "a 2"]
    )
    yield from _expect("count", store.count(), 3)


def _all_or_none(store: EventStore) -> Iterator[str]:
    _append(store, [_row("a")])
    for rows in ([_row("b"), _row("a")], [_row("b"), _row("c", 4)]):
        try:
            _append(store, rows)
            yield f"{[row.stream for row in rows]} at versions {[row.version for row in rows]} were taken"
        except ConflictError as conflict:
            stream = rows[1].stream
            found = (conflict.stream, conflict.expected, conflict.actual)
            yield from _expect("conflict", found, (stream, rows[1].version - 1, 1 if stream == "a" else 0))
    yield from _expect("left behind", _held(store), ["a 1"])


def _versions(store: EventStore) -> Iterator[str]:
    luck, reached = Random(1), {"a": 0, "b": 0}  # noqa: S311 # no secret
    for _ in range(40):
        stream, version = luck.choice("ab"), luck.randrange(5)
        try:
            _append(store, [_row(stream, version + 1)])
            taken = True
        except ConflictError:
            taken = False
        if taken != (reached[stream] == version):
            yield f"{stream} at version {reached[stream]}: expected {version} was {'taken' if taken else 'refused'}"
        reached[stream] += taken


def _clock(store: EventStore) -> Iterator[str]:
    _append(store, [_row("a")], now=_T3)
    yield from _expect("append returned", _append(store, [_row("a", 2)], now=_T2), _T3)
    yield from _expect("recorded at", [row.recorded_at for _, row in store.read()], [_T3, _T3])


def _keys(store: EventStore) -> Iterator[str]:
    done = Done(key="k", fingerprint="f", result=b"7")
    _append(store, [_row("a")], done=done)
    try:
        _append(store, [_row("a", 2)], done=done)
        yield "a key was taken twice"
    except KeyReusedError:
        pass
    yield from _expect("left behind", _held(store), ["a 1"])
    yield from _expect("done", store.done("k"), done)
    yield from _expect("of a key nobody used", store.done("other"), None)


def _which(store: EventStore) -> Iterator[str]:
    _append(
        store, [_row("r/1"), _row("r/1/c/1", occurred_at=_T2, name="Signed"), _row("r/10"), _row("r/1-x")]
    )
    _append(store, [_row("r/1", 2)], now=_T3)
    own = ["r/1 1", "r/1/c/1 1", "r/1 2"]
    for which, wanted in (
        ({}, own),
        ({"occurred_by": _T1}, [own[0], own[2]]),
        ({"recorded_by": _T2}, own[:2]),
        ({"name": "Signed"}, [own[1]]),
        ({"holding": b'"x":1'}, own),
        ({"holding": b'"x":2'}, []),
    ):
        yield from _expect(f"read r/1 by {which}", _held(store, ["r/1"], **which), wanted)
    yield from _expect("read no stream", _held(store, []), [])
    yield from _expect("read two", _held(store, ["r/10", "r/1-x"]), ["r/10 1", "r/1-x 1"])


class _Undone(Exception):  # noqa: N818 # what happens to a unit
    pass


def _units(store: EventStore) -> Iterator[str]:
    yield from _expect("settled before", [store.is_settled()], [True])
    try:
        with store.unit():
            _append(store, [_row("a")], done=Done(key="k", fingerprint="f", result=b"1"))
            yield from _expect("settled inside", [store.is_settled()], [False])
            yield from _expect("read inside", _held(store), ["a 1"])
            raise _Undone  # noqa: TRY301 # that is what happens to units
    except _Undone:
        pass
    yield from _expect("left of a unit that failed", (_held(store), store.done("k")), ([], None))
    with store.unit():
        _append(store, [_row("a")])
        try:
            with store.unit():
                _append(store, [_row("b")])
                raise _Undone  # noqa: TRY301 # that is what happens to units
        except _Undone:
            pass
        with store.unit():
            _append(store, [_row("c")])
    yield from _expect("left of a unit with one inside that failed", _held(store), ["a 1", "c 1"])
    yield from _expect("settled after", [store.is_settled()], [True])


def _cursors(store: EventStore) -> Iterator[str]:
    yield from _expect("cursor at first", store.cursor("mail"), 0)
    store.move_cursor("mail", 3)
    store.move_cursor("mail", 5)
    yield from _expect("cursor when moved", (store.cursor("mail"), store.cursor("fax")), (5, 0))


_Broken = Callable[[EventStore], Iterator[str]]
_RULES: tuple[tuple[str, str, _Broken], ...] = (
    (
        "what is appended is read in that order, as it was, at rising positions",
        "Keep rows as they come, their recorded_at set by the store.",
        _order,
    ),
    (
        "of rows that do not fit none is appended, and the conflict names the stream",
        "Compare all expected versions, then write all rows in one transaction.",
        _all_or_none,
    ),
    (
        "a stream takes exactly the version that follows its last",
        "Compare the expected version with the one reached, not with what was read before.",
        _versions,
    ),
    (
        "the instant of recording never goes back",
        "Take the later one of now and the last in the log.",
        _clock,
    ),
    (
        "a key is taken once, and gives its command back",
        "Keep what was done in the same transaction as the rows, under a unique key.",
        _keys,
    ),
    (
        "reading keeps to streams and those below them, to times, names and bytes",
        "A stream brings what begins with its name and a slash, and nothing else.",
        _which,
    ),
    (
        "a unit is there whole or not at all, and one inside it falls alone",
        "Use a transaction, and savepoints within it.",
        _units,
    ),
    ("a cursor stays where it was moved", "Keep it under its name; 0 until it is moved.", _cursors),
)
