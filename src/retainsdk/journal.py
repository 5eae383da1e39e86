"""
How a book is written and read: commands decide on events, the journal commits them, once a command.

It knows nothing of what a command means. It reads the streams a decision rests on, lets it decide, checks that what was
decided can have happened, and appends with the versions it read.
"""

from __future__ import annotations

import gc
import hashlib
import logging
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Literal, Required, TypedDict

import attrs
import orjson

from retainsdk.account import Account
from retainsdk.codec import canonical, decoded, encoded, id_text
from retainsdk.customer import Customer
from retainsdk.disclosure import shown_body
from retainsdk.errors import (
    CommandError,
    KeyReusedError,
    RetainError,
    StoreError,
    ThreadError,
    UnknownIdError,
)
from retainsdk.events import (
    SCHEMAS,
    AffiliationStarted,
    CustomersMerged,
    Happening,
    Recorded,
    RelationshipOpened,
)
from retainsdk.hooks import Context, Plugins, Purposes
from retainsdk.ledger import Ledger, customer_stream, relationship_stream
from retainsdk.ports import Clock, Done, EventStore, IdSource, Row

_LOG = logging.getLogger(__name__)


class How(TypedDict, total=False):
    """
    What every command takes besides what it is about.

    Attributes:
        actor: Who gives it; required.
        occurred_at: When it happened; now, when not said. Never in the future.
        key: Makes the command safe to repeat: the same key and content give the same result and nothing new.
        reason: Why, for those who ask later.
    """

    actor: Required[str]
    occurred_at: datetime | None
    key: str | None
    reason: str


@attrs.frozen(kw_only=True)
class Entry:
    """
    A relationship that was kept elsewhere, to be taken over.

    Attributes:
        relationship: Its id, derived from its name there.
        happenings: Its history, beginning with the registration of the customer.
    """

    relationship: int
    happenings: tuple[Happening, ...]


@attrs.frozen(kw_only=True)
class Examined:
    """
    What would become of entries.

    Attributes:
        new: Those the book does not hold.
        unchanged: Ids of those it holds already, beginning with just this history.
        refused: Why not, by id: it holds another history, or this one cannot have happened.
    """

    new: tuple[Entry, ...]
    unchanged: tuple[int, ...]
    refused: Mapping[int, CommandError]


Decision = tuple[Any, Sequence[Happening]]

_STREAMS_AT_ONCE = 200
"""How many streams one query names: databases bound the length of a condition."""


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """
    No search for garbage inside.

    Folding makes hundreds of thousands of objects that all stay: looking for garbage among them takes a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def now() -> datetime:
    """The time by the clock of this computer."""
    return datetime.now(UTC)


def new_id() -> int:
    """A random number of 64 bits."""
    return secrets.randbits(64)


def derived_id(source: str, reference: str) -> int:
    """
    The id of what another system calls by a name: the same whenever it is asked for.

    >>> id_text(derived_id("telco", "7590-VHVEG"))
    '3d35357f9dbaf43a'
    """
    return int.from_bytes(hashlib.blake2b(f"{source}/{reference}".encode(), digest_size=8).digest(), "big")


class Journal:
    """The events of a book, and how they get there."""

    def __init__(
        self,
        store: EventStore,
        *,
        clock: Clock = now,
        ids: IdSource = new_id,
        plugins: Sequence[object] | Literal["installed"] = (),
    ) -> None:
        self._kept_in, self._clock, self._ids = store, clock, ids
        self._plugins = Plugins(plugins)
        self._thread = threading.get_ident()
        self._begun = Ledger()

    @property
    def _store(self) -> EventStore:
        if threading.get_ident() != self._thread:
            raise ThreadError
        return self._kept_in

    @contextmanager
    def unit(self) -> Iterator[None]:
        """
        Join the commands given inside into one commit: all of them, or none when one fails or the block raises.

        They see each other's events, keys count among them, and what they return holds once the block is left. Another
        process that wants to write waits meanwhile. A unit inside another is undone alone when it fails and its
        error is caught outside of it.

        >>> from retainsdk.testing import a_book, a_relationship
        >>> book = a_book()
        >>> try:
        ...     with book.unit():
        ...         noa = a_relationship(book)
        ...         book.begin_end(noa, actor="")
        ... except CommandError as error:
        ...     print(error)
        actor '': names nobody. Say who gives the command.
        >>> len(book)  # that it was begun, and nothing else
        1
        """
        with self._store.unit():
            yield
        self.tell_observers()

    def tell_observers(self) -> None:
        """
        Tell the plug-ins that observe what was written since they were told last.

        Every command does it after its commit. On the connection of a host only he knows when he has committed: there
        he calls this. Each observer has a cursor of its own in the book, which moves when he has taken what he was
        told: so he is told everything once at least, again after a failure or a crash, by whichever process
        writes next. What one observer does wrong is logged and concerns neither the command nor the others.
        """
        for name in self._plugins.names("after_commit"):
            if not self._store.is_settled():
                return
            if self._plugins.is_parked(name):
                continue
            told = self._store.cursor(f"observer/{name}")
            events = list(self._recorded(self._store.read(after=told)))
            if events and self._plugins.told(name, lambda purposes, all_=events: self._shown(all_, purposes)):  # type: ignore[misc] # the default binds the loop's value
                self._store.move_cursor(f"observer/{name}", events[-1].position)

    def _shown(self, events: Sequence[Recorded], purposes: Purposes) -> Sequence[Recorded]:
        return [
            attrs.evolve(it, body=shown_body(it.body, purposes, lambda it=it: self._customer_in(it.stream)))  # type: ignore[misc] # the default binds the loop's value
            for it in events
        ]

    def _customer_in(self, stream: str) -> Customer | None:
        customers = self._read([stream])[0].customers
        return next(iter(customers.values()), None)

    def events(
        self,
        streams: Sequence[str] | None = None,
        *,
        as_of: datetime | None = None,
        known_at: datetime | None = None,
        name: str | None = None,
        holding: bytes | None = None,
    ) -> Iterable[Recorded]:
        """
        What the book holds, in the order of recording.

        Args:
            streams: Only these and those below them.
            as_of: Only what had occurred by then.
            known_at: Only what had been recorded by then.
            name: Only events of that name.
            holding: Only events in whose bodies, as JSON, these bytes stand: a quick sieve for a closer look.
        """
        rows = self._store.read(
            streams,
            occurred_by=None if as_of is None else utc_text(as_of),
            recorded_by=None if known_at is None else utc_text(known_at),
            name=name,
            holding=holding,
        )
        yield from self._recorded(rows)

    def _recorded(self, rows: Iterable[tuple[int, Row]]) -> Iterator[Recorded]:
        for position, row in rows:
            yield Recorded(
                position=position,
                stream=row.stream,
                version=row.version,
                body=_body(row),
                occurred_at=datetime.fromisoformat(row.occurred_at),
                recorded_at=datetime.fromisoformat(row.recorded_at),
                actor=row.actor,
                reason=row.reason,
            )

    def ledger(self, *, as_of: datetime | None = None, known_at: datetime | None = None) -> Ledger:
        """All events folded: what had occurred by *as_of* and was recorded by *known_at*."""
        ledger = self._empty()
        rows = self._store.read(
            None,
            occurred_by=None if as_of is None else utc_text(as_of),
            recorded_by=None if known_at is None else utc_text(known_at),
        )
        with collector_at_rest():
            for _, row in rows:
                _fold(ledger, row)
        return ledger

    def account(self, relationship: int, *, as_of: datetime | None = None) -> Account:
        """
        Everything the book knows of one relationship, of what had occurred by *as_of*.

        Raises:
            UnknownIdError: When the book does not hold it.
        """
        return self.ledger_of(relationship, as_of=as_of).account(relationship)

    def ledger_of(self, relationship: int, *, as_of: datetime | None = None) -> Ledger:
        """
        The ledger of one relationship and its customer alone, of what had occurred by *as_of*.

        Raises:
            UnknownIdError: When the book does not hold it.
        """
        return self._read_account(relationship, None if as_of is None else utc_text(as_of))[0]

    def customer(self, customer: int, *, as_of: datetime | None = None) -> Customer:
        """
        A customer, by his id or by one he had before he was merged, of what had occurred by *as_of*.

        Raises:
            UnknownIdError: When the book does not hold him.
        """
        by = None if as_of is None else utc_text(as_of)
        # one step further, where those he is affiliated with may have been merged and go by another id
        return self._read_around([customer], reach=1, occurred_by=by)[0].customer(customer)

    def timeline_of(
        self, customer: int, *, as_of: datetime | None = None
    ) -> list[tuple[datetime, int, object]]:
        """
        What simply happened between us and a customer, in all his relationships and whichever of his ids they name.

        Returns:
            When, in which relationship, and what; in the order of time.

        Raises:
            UnknownIdError: When the book does not hold him.
        """
        return self._around(customer, as_of).timeline_of(customer)

    def digest(self) -> str:
        """Of all that is recorded, but not when: books that tell the same history have the same digest."""
        digest = hashlib.blake2b(digest_size=16)
        for _, row in self._store.read(None):
            digest.update(repr(tuple(row._replace(recorded_at=""))).encode())
        return digest.hexdigest()

    def examine(
        self, entries: Sequence[Entry], *, after_each: Callable[[], object] | None = None
    ) -> Examined:
        """
        What would become of relationships that were kept elsewhere, if they were adopted.

        Args:
            entries: Those relationships.
            after_each: Called when one of them was looked at, to show how far it is.
        """
        held = self._held(entries)
        recorded_at = self._clock()
        new: list[Entry] = []
        unchanged: list[int] = []
        refused: dict[int, CommandError] = {}
        for entry in entries:
            try:
                if relationship_stream(entry.relationship) in held:
                    _refuse_change(entry, held)
                    unchanged.append(entry.relationship)
                else:
                    self._refuse_impossible(entry, recorded_at)
                    new.append(entry)
            except RetainError as error:
                refused[entry.relationship] = _refusal(entry, error)
            if after_each is not None:
                after_each()
        return Examined(new=tuple(new), unchanged=tuple(unchanged), refused=refused)

    def adopt(self, examined: Examined, *, actor: str, reason: str = "") -> None:
        """
        Take over those of the entries that are new, with their whole histories, in one commit.

        Raises:
            ConflictError: When somebody else adopted one of them since they were examined.
        """
        if examined.new:
            self._append(
                (happening for entry in examined.new for happening in entry.happenings),
                versions={},
                at=self._clock(),
                actor=actor,
                reason=reason,
                done=None,
                command="adopt",
            )
            self.tell_observers()
            _LOG.info("adopted %d relationships", len(examined.new))

    def _commit(
        self,
        command: str,
        asked: object,
        how: How,
        read: Callable[[], tuple[Ledger, dict[str, int]]],
        decide: Callable[[Ledger, datetime], Decision],
    ) -> Any:  # noqa: ANN401 # what the decision returns
        key = how.get("key")
        occurred_at = how.get("occurred_at")
        fingerprint = hashlib.blake2b(
            canonical([command, asked, how["actor"], occurred_at, how.get("reason", "")]), digest_size=16
        ).hexdigest()
        if key is not None and (done := self._store.done(key)) is not None:
            return _repeated(done, fingerprint)
        if not how["actor"].strip():
            raise CommandError(f"actor {how['actor']!r}", "names nobody", "Say who gives the command.")
        recorded_at = self._clock()
        at = _moment(occurred_at, recorded_at)
        ledger, versions = read()
        result, happenings = decide(ledger, at)
        reached = dict(versions)
        for happening in happenings:
            reached[happening.stream] = version = reached.get(happening.stream, 0) + 1
            ledger.take(happening.stream, happening.body, happening.occurred_at, how["actor"], version)
        done = None
        if key is not None:
            done = Done(key=key, fingerprint=fingerprint, result=orjson.dumps(result))
        try:
            self._append(
                happenings,
                versions=versions,
                at=recorded_at,
                actor=how["actor"],
                reason=how.get("reason", ""),
                done=done,
                command=command,
            )
        except KeyReusedError as error:  # somebody carried it out since we looked
            rival = self._store.done(error.key)
            if rival is None:
                raise
            return _repeated(rival, fingerprint)
        self.tell_observers()
        _LOG.debug("%s: %d events in %s", command, len(happenings), _told(happenings))
        return result

    def _append(
        self,
        happenings: Iterable[Happening],
        *,
        versions: dict[str, int],
        at: datetime,
        actor: str,
        reason: str,
        done: Done | None,
        command: str,
    ) -> None:
        expected = dict(versions)
        reached = dict(versions)
        rows, laid = [], []
        for happening in happenings:
            if self._plugins.answers("before_append"):  # nothing else needs them all at once
                laid.append(happening)
            stream = happening.stream
            expected.setdefault(stream, 0)
            reached[stream] = version = reached.get(stream, 0) + 1
            rows.append(
                Row(
                    stream,
                    version,
                    type(happening.body).__name__,
                    SCHEMAS[type(happening.body).__name__],
                    utc_text(happening.occurred_at),
                    "",
                    actor,
                    reason,
                    encoded(happening.body),
                )
            )
        context = Context(command=command, actor=actor, reason=reason)
        if laid:
            self._plugins.veto(context, lambda purposes: self._laid_open(laid, purposes))
        self._store.append(rows, expected=expected, done=done, now=utc_text(at))

    def _laid_open(self, happenings: Sequence[Happening], purposes: Purposes) -> Sequence[Happening]:
        return [
            attrs.evolve(it, body=shown_body(it.body, purposes, lambda it=it: self._customer_in(it.stream)))  # type: ignore[misc] # the default binds the loop's value
            for it in happenings
        ]

    def _empty(self) -> Ledger:
        ledger = Ledger()
        ledger.currency, ledger.zone = self._begun.currency, self._begun.zone
        return ledger

    def _read(
        self, streams: Sequence[str] | None, occurred_by: str | None = None
    ) -> tuple[Ledger, dict[str, int]]:
        ledger, versions = self._empty(), dict.fromkeys(streams or (), 0)
        for _, row in self._store.read(streams, occurred_by=occurred_by):
            _fold(ledger, row)
            versions[row.stream] = row.version
        return ledger, versions

    def _read_account(
        self, relationship: int, occurred_by: str | None = None
    ) -> tuple[Ledger, dict[str, int]]:
        stream = relationship_stream(relationship)
        own = list(self._store.read([stream], occurred_by=occurred_by))
        opened = _body(own[0][1]) if own else None
        if not isinstance(opened, RelationshipOpened):
            raise UnknownIdError("relationship", id_text(relationship))
        ledger, around = self._read_around([opened.customer], reach=1, along=own, occurred_by=occurred_by)
        customer = ledger.customer(opened.customer)
        known = {*map(customer_stream, (customer.id, *customer.merged)), *(row.stream for _, row in own)}
        return ledger, {stream: version for stream, version in around.items() if stream in known}

    def _around(self, customer: int, as_of: datetime | None = None) -> Ledger:
        """The ledger of one customer, all his relationships, and whom he is affiliated with."""
        found = self.customer(customer, as_of=as_of)
        ids = {found.id, *found.merged}
        streams = [
            event.stream
            for event in self.events(as_of=as_of, name=RelationshipOpened.__name__)
            if isinstance(event.body, RelationshipOpened) and event.body.customer in ids
        ]
        by = None if as_of is None else utc_text(as_of)
        return self._read_around([found.id], reach=1, besides=streams, occurred_by=by)[0]

    def _read_around(
        self,
        customers: Sequence[int],
        *,
        reach: int,
        besides: Sequence[str] = (),
        along: Sequence[tuple[int, Row]] = (),
        occurred_by: str | None = None,
    ) -> tuple[Ledger, dict[str, int]]:
        """
        The ledger of customers, of all entries that were merged with them, and of whom they are affiliated with.

        Args:
            customers: By id.
            reach: How many steps from a person to a household or organisation, or back, are followed.
            besides: Other streams to read along.
            along: What was read already and is folded with them, in the order of recording: what a customer could
                be sent depends on what was known of him by then.
            occurred_by: Only what had occurred by then.
        """
        near = dict.fromkeys(customers, reach)
        while True:
            streams = [*map(customer_stream, near), *besides]
            rows = self._rows(streams, occurred_by)
            named: dict[int, int] = dict(near)
            for _, row in rows:
                for other, left in _named(row, near):
                    named[other] = max(left, named.get(other, 0))
            if named == near:  # nearly always at once: few customers are affiliated or were merged
                break
            near = named
        ledger, versions = self._empty(), dict.fromkeys(streams, 0)
        for _, row in sorted([*rows, *along]) if along else rows:
            _fold(ledger, row)
            versions[row.stream] = row.version
        return ledger, versions

    def _rows(self, streams: Sequence[str], occurred_by: str | None) -> list[tuple[int, Row]]:
        found = [
            event
            for place in range(0, len(streams), _STREAMS_AT_ONCE)
            for event in self._store.read(streams[place : place + _STREAMS_AT_ONCE], occurred_by=occurred_by)
        ]
        return sorted(found)

    def _held(self, entries: Sequence[Entry]) -> dict[str, list[_Told]]:
        wanted = {happening.stream for entry in entries for happening in entry.happenings}
        held: dict[str, list[_Told]] = defaultdict(list)
        for _, row in self._store.read():  # once through the log beats a query for every stream
            if row.stream in wanted:
                held[row.stream].append((row.name, row.occurred_at, row.body))
        return held

    def _refuse_impossible(self, entry: Entry, recorded_at: datetime) -> None:
        ledger = self._empty()
        reached: dict[str, int] = {}
        for happening in entry.happenings:
            _moment(happening.occurred_at, recorded_at)
            reached[happening.stream] = version = reached.get(happening.stream, 0) + 1
            ledger.take(happening.stream, happening.body, happening.occurred_at, "", version)


def _told(happenings: Sequence[Happening]) -> str:
    # people stand in the streams of customers and relationships by number, in others by name
    streams = dict.fromkeys(happening.stream for happening in happenings)
    kinds = ((stream, stream.partition("/")[0]) for stream in streams)
    return ", ".join(stream if kind in {"customer", "relationship"} else kind for stream, kind in kinds)


_Told = tuple[str, str, bytes]


def _refusal(entry: Entry, error: RetainError) -> CommandError:
    if isinstance(error, CommandError):
        return error
    what = f"relationship {id_text(entry.relationship)}"
    return CommandError(
        what, f"has a history that cannot have happened: {error}", "Correct it at its source."
    )


def _refuse_change(entry: Entry, held: Mapping[str, list[_Told]]) -> None:
    told: dict[str, list[_Told]] = defaultdict(list)
    for happening in entry.happenings:
        name, at = type(happening.body).__name__, utc_text(happening.occurred_at)
        told[happening.stream].append((name, at, encoded(happening.body)))
    if any(held.get(stream, [])[: len(history)] != history for stream, history in told.items()):
        raise CommandError(
            f"relationship {id_text(entry.relationship)}",
            "is in the book with another history",
            "Record what changed by the book's commands, or import into a new book.",
        )


def utc_text(at: datetime) -> str:
    """An instant in UTC as text of one length, which sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def aware(at: datetime, what: str) -> datetime:
    """
    The instant itself.

    Raises:
        CommandError: When it has no time zone.
    """
    if at.tzinfo is None:
        raise CommandError(f"{what} {at.isoformat()}", "has no time zone", "Pass an aware datetime.")
    return at


def _moment(occurred_at: datetime | None, recorded_at: datetime) -> datetime:
    if occurred_at is None:
        return recorded_at
    if aware(occurred_at, "occurred_at") > recorded_at:
        raise CommandError(
            f"occurred_at {occurred_at.isoformat()}",
            f"lies in the future (it is {recorded_at.isoformat()})",
            "Record what has happened; what shall happen is a promise or a date in terms.",
        )
    return occurred_at


def _fold(ledger: Ledger, row: Row) -> None:
    ledger.take(row.stream, _body(row), datetime.fromisoformat(row.occurred_at), row.actor, row.version)


def _named(row: Row, near: Mapping[int, int]) -> Iterable[tuple[int, int]]:
    """Whom an event in a customer's stream names besides, and how far from them it is to be read on."""
    if row.name == CustomersMerged.__name__:
        body = _body(row)
        if isinstance(body, CustomersMerged):
            left = near[_customer_id(row.stream)]
            yield from ((body.into, left), (body.merged, left))
    elif row.name == AffiliationStarted.__name__:
        body = _body(row)
        left = near[_customer_id(row.stream)] - 1
        if isinstance(body, AffiliationStarted) and left >= 0:
            yield from ((body.person, left), (body.party, left))


def _customer_id(stream: str) -> int:
    return int(stream.partition("/")[2], 16)


def _body(row: Row) -> object:
    try:
        return decoded(row.name, row.schema, row.body)
    except LookupError as error:
        raise StoreError(
            row.stream,
            f"holds an event this version does not know: {row.name} v{row.schema}",
            "Upgrade this package to read the book.",
        ) from error


def _repeated(done: Done, fingerprint: str) -> object:
    if done.fingerprint != fingerprint:
        raise KeyReusedError(done.key)
    return orjson.loads(done.result)
