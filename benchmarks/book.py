"""
The book beside what one would write by hand: folding, appending, a card, a view.

Folding and views are measured in CPU time, appending in time on the clock, because it waits for the disk.
"""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import orjson

from retainsdk.book import Book
from retainsdk.codec import encoded, id_text
from retainsdk.events import (
    SCHEMAS,
    CustomerRegistered,
    FactLearned,
    Id,
    InteractionRecorded,
    PurchaseRecorded,
    RelationshipOpened,
    SignalRaised,
    Signed,
    UsageRecorded,
)
from retainsdk.journal import collector_at_rest, fold_rows, utc_text
from retainsdk.ledger import Ledger, customer_stream, relationship_stream
from retainsdk.ports import Row
from retainsdk.quantities import Money, months_later
from retainsdk.store.sqlite import SqliteStore
from retainsdk.terms import Terms
from retainsdk.vocabulary import Channel, Direction, Kind, Origin, Stage, TermKind

BEGAN = datetime(2020, 1, 1, 9, tzinfo=UTC)
RAW = """
CREATE TABLE entry (
    position INTEGER PRIMARY KEY, stream TEXT NOT NULL, version INTEGER NOT NULL, name TEXT NOT NULL,
    schema INTEGER NOT NULL, occurred_at TEXT NOT NULL, recorded_at TEXT NOT NULL, actor TEXT NOT NULL,
    reason TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (stream, version)
) STRICT;
CREATE INDEX entry_by_name ON entry (name);
"""


@attrs.frozen(kw_only=True)
class Figure:
    """
    One row of a table.

    Attributes:
        name: What was done, and how.
        seconds: It took, the best of several times.
        count: How many things it was done to.
    """

    name: str
    seconds: float
    count: int

    @property
    def per_second(self) -> float:
        """How many a second."""
        return self.count / self.seconds


def rows(n_relationships: int, n_events: int) -> Iterator[Row]:
    """
    The histories of customers: registered, opened, two facts, a contract, and then week by week what happens.

    Args:
        n_relationships: How many.
        n_events: Of each, 5 at least.
    """
    for number in range(1, n_relationships + 1):
        customer, relationship = customer_stream(number), relationship_stream(number)
        versions: dict[str, int] = {}
        for stream, body, at in _life(number, customer, relationship, n_events):
            versions[stream] = version = versions.get(stream, 0) + 1
            name, when = type(body).__name__, utc_text(at)
            yield Row(stream, version, name, SCHEMAS[name], when, when, "dana", "", encoded(body))


def _life(
    number: int, customer: str, relationship: str, n_events: int
) -> Iterator[tuple[str, object, datetime]]:
    terms = Terms(
        starts_on=BEGAN.date(), kind=TermKind.AUTO_RENEWING, months=12, fee=Money.from_minor(2_000 + number % 997, "EUR")
    )  # fmt: skip
    yield customer, CustomerRegistered(kind=Kind.PERSON, name=f"Customer {number}"), BEGAN
    yield customer, FactLearned(name="senior", value=bool(number % 2), source="form"), BEGAN
    yield customer, FactLearned(name="household_size", value=number % 5 + 1, source="form"), BEGAN
    opened = RelationshipOpened(
        customer=Id(number),
        origin=Origin.CAMPAIGN,
        owner="dana",
        stage=Stage.ACTIVE,
        reference=id_text(number),
    )
    yield relationship, opened, BEGAN
    yield f"{relationship}/contract/1", Signed(terms=terms, by_us="dana", by_customer="he"), BEGAN
    for place in range(n_events - 5):
        at = BEGAN + timedelta(days=7 * (place // 4) + 40, minutes=place)
        month = months_later(at.date().replace(day=1), -1)
        fourth: tuple[object, ...] = (
            UsageRecorded(month=month, used=float((number + place) % 40)),
            PurchaseRecorded(what="fees", amount=Money.from_minor(2_000 + (number * place) % 9_973, "EUR"), paid=True),
            InteractionRecorded(
                channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", human=True, two_way=True, text="",
            ),
            SignalRaised(department="service", kind="calls", evidence=f"{place} calls"),
        )  # fmt: skip
        yield relationship, fourth[place % 4], at


def folding(n_relationships: int = 10_000, n_events: int = 100) -> list[Figure]:
    """A million events folded into accounts, and the same rows read into plain dictionaries."""
    told = list(rows(n_relationships, n_events))

    def plain() -> None:
        state: dict[str, dict[str, object]] = {}
        with collector_at_rest():  # as whoever folds so much would, and the book does
            for row in told:
                held = state.setdefault(row.stream, {})
                held.setdefault(row.name, []).append(orjson.loads(row.body))  # type: ignore[attr-defined] # a list
                held["at"] = datetime.fromisoformat(row.occurred_at)

    def ours() -> None:
        fold_rows(Ledger(), told)

    return [
        Figure(name="dictionaries and orjson, nothing checked", seconds=_cpu(plain), count=len(told)),
        Figure(name="accounts, every rule checked", seconds=_cpu(ours), count=len(told)),
    ]


def appending(n_commits: int = 2_000) -> list[Figure]:
    """One event a commit, on the disk before the next."""
    told = list(rows(n_commits // 10, 10))[:n_commits]
    with TemporaryDirectory() as folder:

        def raw() -> None:
            db = sqlite3.connect(_fresh(folder), isolation_level=None)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.executescript(RAW)
            for row in told:
                db.execute("BEGIN IMMEDIATE")
                db.execute("INSERT INTO entry VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
                db.execute("COMMIT")
            db.close()

        def store() -> None:
            ours = SqliteStore(_fresh(folder))
            for row in told:
                ours.append([row], expected={row.stream: row.version - 1}, done=None, now=row.recorded_at)
            ours.close()

        def commands() -> None:
            with Book.open(_fresh(folder), currency="EUR") as book:
                for number in range(n_commits):
                    book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana", key=str(number))

        return [
            Figure(name="sqlite3 by hand", seconds=_clock(raw), count=n_commits),
            Figure(name="the store, versions checked", seconds=_clock(store), count=n_commits),
            Figure(name="a command with a key", seconds=_clock(commands), count=n_commits),
        ]


def reading(n_relationships: int = 10_000, n_entries: int = 1_000) -> list[Figure]:
    """From the file to the answer: the view of all, one card of many entries, and opening the book."""
    with TemporaryDirectory() as folder:
        path = _fresh(folder)
        _filled(path, list(rows(n_relationships, 10)))
        full = _fresh(folder)
        _filled(full, list(rows(1, n_entries)))

        def opened() -> None:
            Book.open(path).close()

        def first() -> None:
            with Book.open(path) as another:
                another.view()

        with Book.open(path) as book, Book.open(full) as one:
            return [
                Figure(name=f"view of {n_relationships:,} relationships, the first", seconds=_cpu(first), count=n_relationships),
                Figure(name=f"view of {n_relationships:,} relationships, again", seconds=_cpu(book.view), count=n_relationships),
                Figure(name=f"card of {n_entries:,} entries", seconds=_cpu(lambda: one.card(1)), count=n_entries),
                Figure(name=f"find one of {n_relationships:,}", seconds=_cpu(lambda: book.find(id_text(7))), count=1),
                Figure(name="open the book", seconds=_clock(opened), count=1),
            ]  # fmt: skip


def _filled(path: Path, told: list[Row]) -> None:
    Book.open(path, currency="EUR").close()
    store = SqliteStore(path)
    store.append(told, expected={}, done=None, now=utc_text(datetime.now(UTC)))
    store.close()


def _fresh(folder: str) -> Path:
    return Path(folder) / f"{time.perf_counter_ns()}.db"


def _cpu(action: Callable[[], object], times: int = 3) -> float:
    return _best(action, time.process_time, times)


def _clock(action: Callable[[], object], times: int = 3) -> float:
    return _best(action, time.perf_counter, times)


def _best(action: Callable[[], object], clock: Callable[[], float], times: int) -> float:
    took = []
    for _ in range(times):
        gc.collect()
        started = clock()
        action()
        took.append(clock() - started)
    return min(took)
