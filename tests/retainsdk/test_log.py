"""What holds of the log of a book whatever is told to it: the invariants of the log, and that of all lifecycles."""

from __future__ import annotations

import ast
import copy
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lifecycles import machines

import retainsdk
from retainsdk.book import Book
from retainsdk.codec import decoded
from retainsdk.errors import CommandError, ConflictError, KeyReusedError, RetainError
from retainsdk.events import REGISTRY, RecordCorrected
from retainsdk.journal import fold_row
from retainsdk.ledger import Ledger
from retainsdk.lifecycle import Living, Machine
from retainsdk.ports import EventStore, Row
from retainsdk.store.memory import MemoryStore
from retainsdk.store.sqlite import SqliteStore
from retainsdk.testing import NOW, SetClock, a_book, a_relationship
from retainsdk.testing.calls import COMMANDS, Call, begun
from retainsdk.testing.strategies import histories, told
from retainsdk.testing.walk import Walk
from retainsdk.vocabulary import Kind

SOURCE = Path(retainsdk.__file__).parent
MODULES = [
    module.name
    for module in pkgutil.walk_packages(retainsdk.__path__, "retainsdk.")
    if "testing" not in module.name
]
EVERYTHING = sorted(COMMANDS)
RECORDS = sorted(
    {"record_interaction", "record_purchase", "record_payment", "bill", "raise_signal", "clear_signal"}
    | {"move_order", "give_feedback", "answer_feedback", "answer_survey", "correct_record", "undo"}
)
quickly = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])

MakeBook = Callable[[], Book]


@pytest.fixture(params=["memory", "sqlite"])
def make_book(request: pytest.FixtureRequest, tmp_path: Path) -> MakeBook:
    made = 0

    def make() -> Book:
        nonlocal made
        made += 1
        book = a_book(path=None if request.param == "memory" else tmp_path / f"{made}.db")
        request.addfinalizer(book.close)
        return book

    return make


def folded(book: Book, rows: Iterator[Row] | list[Row], ledger: Ledger | None = None) -> dict[str, Any]:
    ledger = book._empty() if ledger is None else ledger
    for row in rows:
        fold_row(ledger, row)
    return vars(ledger)


# Invariant 1


@pytest.mark.invariant(1)
@quickly
@given(history=histories(), share=st.floats(0, 1))
def test_a_log_folded_twice_or_in_two_parts_gives_the_same_state(
    make_book: MakeBook, history: list[Call], share: float
) -> None:
    book = begun(make_book())
    told(book, history)
    rows = [row for _, row in book._store.read()]
    first_part = int(share * len(rows))

    whole = folded(book, rows)
    snapshot = book._empty()
    folded(book, rows[:first_part], snapshot)
    rest = folded(book, rows[first_part:], copy.deepcopy(snapshot))

    assert whole == folded(book, rows) == rest == vars(book.ledger())


@pytest.mark.invariant(1)
def test_folding_reads_no_clock() -> None:
    book = begun(a_book())
    before = vars(book.ledger())

    def refuse() -> Any:
        raise AssertionError

    book._clock = refuse

    assert vars(book.ledger()) == before
    assert book.ledger_of(2).accounts == {2: before["accounts"][2]}


@pytest.mark.invariant(1)
def test_the_clock_of_the_computer_is_read_in_one_place_alone() -> None:
    readers = {
        f"{path.relative_to(SOURCE).as_posix()}: {ast.unparse(node)}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"now", "utcnow", "today", "time", "monotonic"}
        and ast.unparse(node.func.value) in {"datetime", "date", "time", "datetime.datetime", "datetime.date"}
    }

    assert readers == {"journal/instants.py: datetime.now(UTC)"}


# Invariant 2


@pytest.mark.invariant(2)
@quickly
@given(history=histories())
def test_the_versions_of_every_stream_are_one_to_n(make_book: MakeBook, history: list[Call]) -> None:
    book = begun(make_book())
    told(book, history)

    reached: dict[str, int] = {}
    for position, (place, row) in enumerate(book._store.read(), start=1):
        assert place == position
        assert row.version == reached.get(row.stream, 0) + 1
        reached[row.stream] = row.version


@pytest.mark.invariant(2)
@pytest.mark.parametrize("kind", ["memory", "sqlite"])
@quickly
@given(steps=st.lists(st.tuples(st.integers(0, 1), st.sampled_from("ab"), st.booleans()), max_size=20))
def test_of_two_writers_who_read_the_same_version_exactly_one_succeeds(
    tmp_path_factory: pytest.TempPathFactory, kind: str, steps: list[tuple[int, str, bool]]
) -> None:
    path = tmp_path_factory.mktemp("race") / "book.db"
    memory = MemoryStore()
    writers: list[EventStore] = (
        [memory, memory] if kind == "memory" else [SqliteStore(path), SqliteStore(path)]
    )
    reached, read = {"a": 0, "b": 0}, [{"a": 0, "b": 0}, {"a": 0, "b": 0}]

    for who, stream, reads_first in steps:
        if reads_first:
            read[who][stream] = len(list(writers[who].read([stream])))
        version = read[who][stream]
        row = Row(stream, version + 1, "X", 1, NOW.isoformat(), "", "dana", "", b"{}")
        if version == reached[stream]:
            writers[who].append([row], expected={stream: version}, done=None, now=NOW.isoformat())
            reached[stream] = read[who][stream] = version + 1
        else:
            with pytest.raises(ConflictError) as refused:
                writers[who].append([row], expected={stream: version}, done=None, now=NOW.isoformat())
            assert (refused.value.expected, refused.value.actual) == (version, reached[stream])

    held = [(row.stream, row.version) for _, row in writers[0].read()]
    for store in writers:
        store.close()
    assert sorted(held) == [(stream, version) for stream in "ab" for version in range(1, reached[stream] + 1)]


# Invariant 3


@pytest.mark.invariant(3)
@quickly
@given(history=histories(size=40))
def test_a_command_repeated_under_its_key_changes_nothing_and_another_one_is_refused(
    make_book: MakeBook, history: list[Call]
) -> None:
    book = begun(make_book())
    keyed = [(name, {**given, "key": str(number)}) for number, (name, given) in enumerate(history)]
    answers = told(book, keyed)
    digest = book.digest()

    for (name, told_with), answer in answers:
        assert getattr(book, name)(**told_with) == answer
        with pytest.raises(KeyReusedError):
            getattr(book, name)(**{**told_with, "reason": "another"})
        with pytest.raises(KeyReusedError):
            book.register_customer(kind=Kind.PERSON, name="Gil", actor="dana", key=told_with["key"])

    assert book.digest() == digest


# Invariant 4


@pytest.mark.invariant(4)
@quickly
@given(steps=st.lists(st.tuples(st.integers(-2, 2), st.none() | st.integers(-3, 3)), max_size=12))
def test_instants_of_recording_never_go_back_and_nothing_occurs_after_it_was_recorded(
    make_book: MakeBook, steps: list[tuple[int, int | None]]
) -> None:
    book = make_book()
    clock = book._clock
    assert isinstance(clock, SetClock)

    for passed, since in steps:
        clock.time += timedelta(days=passed)  # somebody may set a clock back
        occurred_at = None if since is None else clock.time + timedelta(days=since)
        try:
            book.register_customer(kind=Kind.PERSON, name="Noa", occurred_at=occurred_at, actor="dana")
        except CommandError:
            assert occurred_at is not None
            assert occurred_at > clock.time

    events = list(book.events())
    assert [event.recorded_at for event in events] == sorted(event.recorded_at for event in events)
    assert all(event.occurred_at <= event.recorded_at for event in events)
    assert len(events) == 1 + sum(since is None or since <= 0 for _, since in steps)


# Invariant 5


@pytest.mark.invariant(5)
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_told_to_a_book_its_log_only_grows_and_corrections_name_what_they_correct(
    tmp_path: Path, seed: int
) -> None:
    clock, luck = SetClock(), Random(seed)
    book = begun(a_book(clock=clock, path=tmp_path / "book.db" if seed % 2 else None))
    walk = Walk(book=book, clock=clock, commands=EVERYTHING if seed < 2 else RECORDS)
    log = list(book._store.read())

    for _ in range(60):
        call = walk.step(luck)
        before, log = log, list(book._store.read())
        assert log[: len(before)] == before
        new = [row for _, row in log[len(before) :]]
        corrections = [
            decoded(row.name, row.schema, row.body) for row in new if row.name == "RecordCorrected"
        ]
        if call is None or call[0] not in {"correct_record", "undo"}:
            assert corrections == []
            continue
        (correction,), (added,) = corrections, new
        assert isinstance(correction, RecordCorrected)
        (wrong,) = (
            row for _, row in before if (row.stream, row.version) == (added.stream, correction.version)
        )
        assert wrong.occurred_at == added.occurred_at
        assert correction.version == call[1].get("record", correction.version)
        us = book.account(int(added.stream.partition("/")[2], 16))
        assert us.timeline.corrections[correction.version] == correction
        assert correction.version not in {entry.version for entry in us.timeline.counted()}

    assert seed < 2 or walk.accepted["correct_record"] + walk.accepted["undo"] > 2
    book.close()


# Invariant 6


@pytest.mark.invariant(6)
@pytest.mark.parametrize("machine", machines(), ids=lambda machine: machine.name)
@given(luck=st.randoms(use_true_random=False))
def test_a_lifecycle_takes_the_steps_of_its_table_and_no_other(machine: Machine, luck: Any) -> None:
    events = sorted({event for row in machine.table.values() for event in row})
    state = machine.start
    for _ in range(20):
        event = luck.choice([*events, "dance"])
        if event in machine.table[state]:
            state = machine.step(state, event)
            assert state in machine.table
        else:
            with pytest.raises(RetainError, match="Possible"):
                machine.step(state, event)
        assert (state in machine.final) == (not machine.table[state])


@pytest.mark.invariant(6)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_whatever_is_told_to_a_book_nothing_in_it_takes_a_step_that_its_table_does_not_hold(
    history: list[Call],
) -> None:
    book = begun(a_book())
    told(book, history)
    ledger, before = book._empty(), dict[str, Living]()

    for _, row in book._store.read():
        fold_row(ledger, row)
        after = dict(living(vars(ledger), ""))
        for place, it in after.items():
            old = before.get(place)
            if old is not None and old.state != it.state:
                assert it.state in old.machine.table[old.state].values(), (
                    row.name,
                    place,
                    old.state,
                    it.state,
                )
                assert it.since >= old.since
        before = after


def living(value: Any, place: str) -> Iterator[tuple[str, Living]]:
    """Everything in a ledger that has a lifecycle, with where it stands."""
    if isinstance(value, Living):
        yield place, value
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from living(part, f"{place}/{key}")
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from living(getattr(value, field.name), f"{place}.{field.name}")


@quickly
@given(history=histories())
def test_records_found_by_their_kind_are_those_a_look_at_each_finds(history: list[Call]) -> None:
    book = begun(a_book())
    told(book, history)

    for account in book.ledger().accounts.values():
        timeline = account.timeline
        for kind in REGISTRY.values():
            clear = [(entry.at, entry.body) for entry in timeline.counted() if isinstance(entry.body, kind)]
            assert list(timeline.of(kind)) == clear


def test_a_log_reads_back_alike_from_memory_and_from_a_file(tmp_path: Path) -> None:
    books = [begun(a_book()), begun(a_book(path=tmp_path / "book.db"))]

    assert books[0].digest() == books[1].digest()
    books[1].close()
    assert a_relationship(books[0])
