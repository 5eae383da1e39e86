"""What every store must do, whatever it keeps events in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retainsdk.errors import ConflictError, KeyReusedError
from retainsdk.ports import Done, EventStore, Row
from retainsdk.store.memory import MemoryStore
from retainsdk.store.sqlite import SqliteStore

T1, T2, T3 = (f"2026-01-0{day}T00:00:00.000000+00:00" for day in (1, 2, 3))

MakeStore = Callable[[], EventStore]


@pytest.fixture(params=["memory", "sqlite"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    made = 0

    def make() -> EventStore:
        nonlocal made
        made += 1
        store: EventStore = (
            MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / f"{made}.db")
        )
        request.addfinalizer(store.close)
        return store

    return make


def row(stream: str = "a", version: int = 1, occurred_at: str = T1, name: str = "Happened") -> Row:
    return Row(stream, version, name, 1, occurred_at, "", "dana", "why", b'{"x":1}')


def test_what_is_appended_is_read_in_order_with_positions(make_store: MakeStore) -> None:
    store = make_store()

    recorded_at = store.append(
        [row("a"), row("b"), row("a", 2)], expected={"a": 0, "b": 0}, done=None, now=T1
    )

    assert recorded_at == T1
    assert [(place, it.stream, it.version) for place, it in store.read()] == [
        (1, "a", 1),
        (2, "b", 1),
        (3, "a", 2),
    ]
    assert next(store.read())[1] == row()._replace(recorded_at=T1)
    assert store.count() == 3


def test_of_two_writers_with_the_same_expected_version_exactly_one_succeeds(make_store: MakeStore) -> None:
    store = make_store()
    store.append([row("a")], expected={"a": 0}, done=None, now=T1)

    with pytest.raises(ConflictError) as refused:
        store.append([row("b"), row("a")], expected={"b": 0, "a": 0}, done=None, now=T1)

    assert (refused.value.stream, refused.value.expected, refused.value.actual) == ("a", 0, 1)
    assert store.count() == 1


def test_a_version_that_was_never_reached_is_a_conflict_too(make_store: MakeStore) -> None:
    with pytest.raises(ConflictError):
        make_store().append([row("a", 4)], expected={"a": 3}, done=None, now=T1)


def test_the_instant_of_recording_never_goes_back(make_store: MakeStore) -> None:
    store = make_store()
    store.append([row("a")], expected={"a": 0}, done=None, now=T2)

    assert store.append([row("a", 2)], expected={"a": 1}, done=None, now=T1) == T2


def test_a_key_is_taken_once_and_gives_its_command_back(make_store: MakeStore) -> None:
    store = make_store()
    done = Done(key="k", fingerprint="f", result=b"7")
    store.append([row("a")], expected={"a": 0}, done=done, now=T1)

    with pytest.raises(KeyReusedError):
        store.append([row("a", 2)], expected={"a": 1}, done=done, now=T1)

    assert store.done("k") == done
    assert store.done("other") is None
    assert store.count() == 1


def test_reading_keeps_to_streams_time_and_name(make_store: MakeStore) -> None:
    store = make_store()
    first = [row("r/1"), row("r/1/c/1", occurred_at=T2, name="Signed"), row("r/10"), row("r/1-x"), row("r/2")]
    store.append(first, expected={}, done=None, now=T2)
    store.append([row("r/1", 2)], expected={"r/1": 1}, done=None, now=T3)

    def streams(**which: Any) -> list[str]:
        return [it.stream for _, it in store.read(["r/1"], **which)]

    assert streams() == ["r/1", "r/1/c/1", "r/1"]
    assert streams(occurred_by=T1) == ["r/1", "r/1"]
    assert streams(recorded_by=T2) == ["r/1", "r/1/c/1"]
    assert streams(name="Signed") == ["r/1/c/1"]
    assert len(list(store.read(holding=b'"x":1'))) == 6
    assert list(store.read(holding=b'"x":2')) == []
    assert len(list(store.read(["r/1", "r/2"]))) == 4
    assert list(store.read([])) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=12))
def test_versions_of_a_stream_are_one_to_n_whatever_is_tried(
    make_store: MakeStore, tries: list[tuple[str, int]]
) -> None:
    store, reached = make_store(), {"a": 0, "b": 0}

    for stream, expected in tries:
        fits = reached[stream] == expected
        with nullcontext() if fits else pytest.raises(ConflictError):
            store.append([row(stream, expected + 1)], expected={stream: expected}, done=None, now=T1)
        reached[stream] += fits

    for stream, versions in reached.items():
        assert [it.version for _, it in store.read([stream])] == list(range(1, versions + 1))


def test_of_threads_that_race_for_one_version_exactly_one_wins(tmp_path: Path) -> None:
    SqliteStore(tmp_path / "book.db").close()
    barrier, results = threading.Barrier(4), list[str]()

    def race() -> None:
        store = SqliteStore(tmp_path / "book.db")
        barrier.wait()
        try:
            store.append([row("a")], expected={"a": 0}, done=None, now=T1)
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
