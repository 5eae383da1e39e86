"""
How a book is written and read: commands decide on events, the journal commits them, once a command.

It knows nothing of what a command means. It reads the streams a decision rests on, lets it decide, checks that what was
decided can have happened, and appends with the versions it read.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Literal, Required, TypedDict, TypeVar

import attrs
import orjson

from retainsdk.codec import canonical, encoded
from retainsdk.disclosure import shown_body
from retainsdk.errors import (
    CommandError,
    KeyReusedError,
    RetainError,
)
from retainsdk.events import (
    SCHEMAS,
    Happening,
    Recorded,
)
from retainsdk.hooks import Context, Plugins, Purposes
from retainsdk.journal.adopting import (
    Examined,
    History,
    histories_held,
    refusal,
    refuse_change,
    refuse_impossible,
)
from retainsdk.journal.ids import new_id
from retainsdk.journal.instants import aware, moment_of, now, utc_text
from retainsdk.journal.limits import refuse_long, refuse_unfit
from retainsdk.journal.reading import Reading
from retainsdk.ledger import Ledger, relationship_stream
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


Decision = tuple[Any, Sequence[Happening]]

_Event = TypeVar("_Event", Recorded, Happening)


class Journal(Reading):
    """The events of a book, and how they get there."""

    def __init__(
        self,
        store: EventStore,
        *,
        clock: Clock = now,
        ids: IdSource = new_id,
        plugins: Sequence[object] | Literal["installed"] = (),
    ) -> None:
        super().__init__(store)
        self._clock, self._ids = clock, ids
        self._plugins = Plugins(plugins)
        self._is_telling = False

    def _instant(self, as_of: datetime | None) -> datetime:
        """The instant whose state is asked for; now, when not said."""
        return self._clock() if as_of is None else aware(as_of, "as_of")

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

    def tell_observers(self, *, committed: bool = False) -> None:
        """
        Tell the plug-ins that observe what was written since they were told last.

        Every command does it after its commit. On the connection of a host only he knows when he has committed: there
        he calls this. Each observer has a cursor of its own in the book, which moves when he has taken what he was
        told: so he is told everything once at least, again after a failure or a crash, by whichever process
        writes next. What one observer does wrong is logged and concerns neither the command nor the others. Of what
        he writes into this book himself, while he is told, he hears with the next command.

        Args:
            committed: Whether the host says that all is committed. On a connection that is always in a transaction
                (``autocommit=False``) nothing else tells, and nobody is told before he says it.
        """
        if self._is_telling:  # a command of an observer, whose cursor has not moved yet
            return
        if not (committed or self._store.is_settled()):
            return
        self._is_telling = True
        try:
            self._tell_each()
        finally:
            self._is_telling = False

    def _tell_each(self) -> None:
        names = [name for name in self._plugins.names("after_commit") if not self._plugins.is_parked(name)]
        # looked up before anybody is told: on the connection of a host what follows may be undone
        news = {
            name: list(self._recorded(self._store.read(after=self._store.cursor(f"observer/{name}"))))
            for name in names
        }
        for name, events in news.items():
            if events and self._plugins.told(name, lambda purposes, all_=events: self._shown(all_, purposes)):  # type: ignore[misc] # the default binds the loop's value
                self._store.move_cursor(f"observer/{name}", events[-1].position)

    def _shown(self, events: Sequence[_Event], purposes: Purposes) -> Sequence[_Event]:
        return [
            attrs.evolve(it, body=shown_body(it.body, purposes, partial(self._customer_in, it.stream)))
            for it in events
        ]

    def examine(
        self, histories: Sequence[History], *, after_each: Callable[[], object] | None = None
    ) -> Examined:
        """
        What would become of relationships that were kept elsewhere, if they were adopted.

        Args:
            histories: Of those relationships.
            after_each: Called when one of them was looked at, to show how far it is.
        """
        held = histories_held(self._store.read(), histories)
        recorded_at = self._clock()
        new: list[History] = []
        unchanged: list[int] = []
        refused: dict[int, CommandError] = {}
        for history in histories:
            try:
                if relationship_stream(history.relationship) in held:
                    refuse_change(history, held)
                    unchanged.append(history.relationship)
                else:
                    refuse_impossible(history, self._empty(), recorded_at)
                    new.append(history)
            except RetainError as error:
                refused[history.relationship] = refusal(history, error)
            if after_each is not None:
                after_each()
        return Examined(new=tuple(new), unchanged=tuple(unchanged), refused=refused)

    def adopt(self, examined: Examined, *, actor: str, reason: str = "") -> None:
        """
        Take over the histories that are new, in one commit.

        Raises:
            ConflictError: When somebody else adopted one of them since they were examined.
        """
        if examined.new:
            self._append(
                (happening for history in examined.new for happening in history.happenings),
                versions={},
                at=self._clock(),
                actor=actor,
                reason=reason,
                done=None,
                command="adopt",
            )
            self.tell_observers()
            _LOG.info("adopted %d relationships", len(examined.new))

    def feed(self) -> Feed:
        """For whoever keeps the book in step with a history kept elsewhere: see `Feed`."""
        return Feed(self)

    def _commit(
        self,
        command: str,
        asked: object,
        how: How,
        read: Callable[[], tuple[Ledger, dict[str, int]]],
        decide: Callable[[Ledger, datetime], Decision],
    ) -> Any:  # noqa: ANN401 # what the decision returns
        if unknown := how.keys() - How.__annotations__:
            raise TypeError(f"a command takes no argument {min(unknown)!r}")
        if "actor" not in how:
            raise TypeError("a command needs the argument 'actor'")
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
        at = moment_of(occurred_at, recorded_at)
        ledger, versions = read()
        refuse_long(how["actor"], how.get("reason", ""), key)
        result, happenings = decide(ledger, at)
        refuse_unfit(happenings)
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
            self._plugins.veto(context, lambda purposes: self._shown(laid, purposes))
        self._store.append(rows, expected=expected, done=done, now=utc_text(at))


def _told(happenings: Sequence[Happening]) -> str:
    # people stand in the streams of customers and relationships by number, in others by name
    streams = dict.fromkeys(happening.stream for happening in happenings)
    kinds = ((stream, stream.partition("/")[0]) for stream in streams)
    return ", ".join(stream if kind in {"customer", "relationship"} else kind for stream, kind in kinds)


def _repeated(done: Done, fingerprint: str) -> object:
    if done.fingerprint != fingerprint:
        raise KeyReusedError(done.key)
    return orjson.loads(done.result)


class Feed:
    """
    A way to take over what happens elsewhere, part after part, to relationships new and old.

    It remembers what it has taken, so that each part is checked against all before it without reading the book again.
    Whoever else writes into the same streams meanwhile makes the next part fail.

    Args:
        journal: Of the book.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._ledger, self._versions = journal._read(None)  # noqa: SLF001 # its other half

    def take(self, happenings: Sequence[Happening], *, actor: str, reason: str = "") -> None:
        """
        Take over what happened, in one commit.

        Args:
            happenings: In the order in which they are to be recorded.
            actor: Who says so.
            reason: Why, for those who ask later.

        Raises:
            RetainError: When one of them cannot have happened; then none is recorded, and the feed is of no use any more.
            ConflictError: When somebody else wrote meanwhile.
        """
        journal = self._journal
        at = journal._clock()  # noqa: SLF001
        refuse_unfit(happenings)
        before: dict[str, int] = {}
        for happening in happenings:
            moment_of(happening.occurred_at, at)
            stream = happening.stream
            before.setdefault(stream, self._versions.get(stream, 0))
            self._versions[stream] = version = self._versions.get(stream, 0) + 1
            self._ledger.take(stream, happening.body, happening.occurred_at, actor, version)
        journal._append(  # noqa: SLF001
            happenings, versions=before, at=at, actor=actor, reason=reason, done=None, command="feed"
        )
        journal.tell_observers()
