"""How a book is read: which streams a question needs, and what their events add up to."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import attrs

from retainsdk.account import Account
from retainsdk.codec import decoded, id_text
from retainsdk.customer import Customer
from retainsdk.errors import (
    StoreError,
    ThreadError,
    UnknownIdError,
)
from retainsdk.events import (
    AffiliationStarted,
    CustomersMerged,
    Recorded,
    RelationshipOpened,
)
from retainsdk.journal.instants import bound_text, utc_text
from retainsdk.ledger import Ledger, customer_stream, id_in, relationship_stream
from retainsdk.ports import EventStore, Row


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """
    No search for garbage inside, nor right afterwards among what was made inside.

    Folding makes hundreds of thousands of objects that all stay: looking for garbage among them takes a third of the
    time. So many are counted among the old at once, as if they had been looked through; a search through all still finds
    what is garbage among them. What a host has frozen (`gc.freeze`) stays frozen.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if gc.get_count()[0] > _MANY_YOUNG and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()  # into the oldest generation, whichever they came from
            gc.enable()


_MANY_YOUNG = 50_000
"""Objects that are worth not looking through: a usual search for garbage looks at a few hundred."""

_STREAMS_AT_ONCE = 200
"""How many streams one query names: databases bound the length of a condition."""


@attrs.define
class _SoFar:
    """The whole book, folded up to a position; the latest instant at which anything in it occurred, as text."""

    ledger: Ledger
    position: int = 0
    latest: str = ""


class Reading:
    """The events of a book, and what they add up to."""

    def __init__(self, store: EventStore) -> None:
        self._kept_in = store
        self._thread = threading.get_ident()
        self._begun = Ledger()
        self._so_far: _SoFar | None = None

    @property
    def _store(self) -> EventStore:
        if threading.get_ident() != self._thread:
            raise ThreadError
        return self._kept_in

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
            occurred_by=bound_text(as_of),
            recorded_by=bound_text(known_at),
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
            occurred_by=bound_text(as_of),
            recorded_by=bound_text(known_at),
        )
        fold_rows(ledger, (row for _, row in rows))
        return ledger

    def _whole(self, as_of: datetime) -> Ledger:
        """
        What `ledger` gives, to be read and given to nobody: the book remembers it, and reads on from there the next time.

        What a host or a unit may still undo is not remembered, and looks back do not touch what is.
        """
        if not self._store.is_settled():
            return self.ledger(as_of=as_of)
        so_far, self._so_far = self._so_far or _SoFar(self._empty()), None  # not kept if anything below fails
        with collector_at_rest():
            ledger, latest = so_far.ledger, so_far.latest
            for position, row in self._store.read(after=so_far.position):
                fold_row(ledger, row)
                so_far.position, latest = position, max(latest, row.occurred_at)
        so_far.latest = latest
        self._so_far = so_far
        return so_far.ledger if so_far.latest <= utc_text(as_of) else self.ledger(as_of=as_of)

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
        return self._read_account(relationship, bound_text(as_of))[0]

    def customer(self, customer: int, *, as_of: datetime | None = None) -> Customer:
        """
        A customer, by his id or by one he had before he was merged, of what had occurred by *as_of*.

        Raises:
            UnknownIdError: When the book does not hold him.
        """
        # one step further, where those he is affiliated with may have been merged and go by another id
        return self._read_around([customer], reach=1, occurred_by=bound_text(as_of))[0].customer(customer)

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

    def _empty(self) -> Ledger:
        ledger = Ledger()
        ledger.currency, ledger.zone = self._begun.currency, self._begun.zone
        return ledger

    def _read(
        self, streams: Sequence[str] | None, occurred_by: str | None = None
    ) -> tuple[Ledger, dict[str, int]]:
        ledger, versions = self._empty(), dict.fromkeys(streams or (), 0)
        for _, row in self._store.read(streams, occurred_by=occurred_by):
            fold_row(ledger, row)
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
        return self._read_around([found.id], reach=1, besides=streams, occurred_by=bound_text(as_of))[0]

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
            fold_row(ledger, row)
            versions[row.stream] = row.version
        return ledger, versions

    def _rows(self, streams: Sequence[str], occurred_by: str | None) -> list[tuple[int, Row]]:
        found = [
            event
            for place in range(0, len(streams), _STREAMS_AT_ONCE)
            for event in self._store.read(streams[place : place + _STREAMS_AT_ONCE], occurred_by=occurred_by)
        ]
        return sorted(found)

    def _customer_in(self, stream: str) -> Customer | None:
        if not stream.startswith("customer/"):
            return None
        id_ = id_in(stream)
        # what was said of him may stand in a stream merged into his
        around = self._read_around([id_], reach=0)[0]
        return around.customers.get(around.resolved(id_))


def fold_row(ledger: Ledger, row: Row) -> None:
    """Fold one event more, as it is kept."""
    ledger.take(row.stream, _body(row), datetime.fromisoformat(row.occurred_at), row.actor, row.version)


def fold_rows(ledger: Ledger, rows: Iterable[Row]) -> None:
    """Fold many events more, as they are kept."""
    with collector_at_rest():
        for row in rows:
            fold_row(ledger, row)


def _named(row: Row, near: Mapping[int, int]) -> Iterable[tuple[int, int]]:
    """Whom an event in a customer's stream names besides, and how far from them it is to be read on."""
    if row.name == CustomersMerged.__name__:
        body = _body(row)
        if isinstance(body, CustomersMerged):
            left = near[id_in(row.stream)]
            yield from ((body.into, left), (body.merged, left))
    elif row.name == AffiliationStarted.__name__:
        body = _body(row)
        left = near[id_in(row.stream)] - 1
        if isinstance(body, AffiliationStarted) and left >= 0:
            yield from ((body.person, left), (body.party, left))


def _body(row: Row) -> object:
    try:
        return decoded(row.name, row.schema, row.body)
    except LookupError as error:
        raise StoreError(
            row.stream,
            f"holds an event this version does not know: {row.name} v{row.schema}",
            "Upgrade this package to read the book.",
        ) from error
