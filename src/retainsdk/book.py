"""
The book: customers, contracts, promises and all that happened, in one file.

>>> from datetime import UTC, datetime
>>> from retainsdk.vocabulary import Kind, Promise, Stage
>>> book = Book.in_memory(currency="EUR", clock=lambda: datetime(2026, 1, 2, 9, tzinfo=UTC))
>>> noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana")
>>> us = book.open_relationship(noa, owner="dana", stage=Stage.ACTIVE, id=7, actor="dana")
>>> book.promise(us, kind=Promise.CALLBACK, what="the bill", due=datetime(2026, 1, 5, 12, tzinfo=UTC), actor="dana")
1
>>> print(book.agenda())
dana
  2026-01-05
    12:00 callback 1 to Noa [0000000000000007]: the bill
      why: promised by dana on 2026-01-02
      if missed: calling back keeps it even when the work is unfinished; missed, it counts as broken, and the customer is owed an explanation and a compensation
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self
from zoneinfo import ZoneInfo

from retainsdk.assessment import Assessments
from retainsdk.commands import Commands
from retainsdk.errors import CommandError, ConflictError, MissingExtraError, MoneyError
from retainsdk.events import BookBegun, Happening
from retainsdk.journal import bound_text, collector_at_rest, new_id, now
from retainsdk.ledger import BOOK_STREAM, FIRM_STREAMS, Ledger
from retainsdk.lookup import Lookups
from retainsdk.ports import Clock, EventStore, IdSource
from retainsdk.quantities import CURRENCIES
from retainsdk.reports.agenda import Agenda, agenda
from retainsdk.reports.card import Card, card
from retainsdk.reports.chart import Chart, chart
from retainsdk.reports.registry import Forms, Named, ReportDesk, Reports
from retainsdk.reports.report import Form, Report
from retainsdk.reports.retrospect import Retrospect
from retainsdk.store.memory import MemoryStore
from retainsdk.store.sqlite import SqliteStore
from retainsdk.worktime import WorkCalendar, zone_named

if TYPE_CHECKING:
    from retainsdk.view import BookView


class Book(Commands, Assessments, Lookups):
    """
    A book of customers.

    Make one with `Book.open` or `Book.in_memory`. A book belongs to the thread that made it: another thread opens one of its own.
    Other threads and processes may use the same file. What
    can be told to it stands in `retainsdk.commands`; what it tells is here.

    Args:
        store: Where its events are kept.
        currency: Of all its money, ISO 4217; for a new book US dollars unless given.
        zone: In which it tells days, IANA name; for a new book UTC unless given.
        clock: Tells the time.
        ids: Gives new ids.
        calendar: In which it counts working time; round the clock in its zone unless given.
        plugins: Other people's code that takes part, see `retainsdk.hooks`; ``"installed"`` for all that installed
            packages offer.

    Raises:
        CommandError: When the book was begun with another currency or zone, or there is no such one.
    """

    def __init__(
        self,
        store: EventStore,
        *,
        currency: str | None = None,
        zone: str | None = None,
        clock: Clock = now,
        ids: IdSource = new_id,
        calendar: WorkCalendar | None = None,
        plugins: Sequence[object] | Literal["installed"] = (),
    ) -> None:
        super().__init__(store, clock=clock, ids=ids, plugins=plugins)
        for detail, reason in self._plugins.registry.reasons.items():
            self.reasons = self.reasons.grown(detail, under=reason)
        self._begin(currency, zone)
        self._calendar = calendar or WorkCalendar(zone=self.zone)

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str] | None = None,
        *,
        connection: sqlite3.Connection | None = None,
        read_only: bool = False,
        currency: str | None = None,
        zone: str | None = None,
        clock: Clock = now,
        ids: IdSource = new_id,
        calendar: WorkCalendar | None = None,
        plugins: Sequence[object] | Literal["installed"] = (),
    ) -> Self:
        """
        The book in a file, or among the tables of a host; a new one when there is none.

        On the connection of a host each command takes part in the transaction that is open, and leaves nothing in it when it
        fails; the book never commits, rolls back or closes what is the host's. Where no transaction is open, a
        command does as an ``INSERT`` would: on a connection that commits each statement it is one commit, on
        others it opens the transaction that the host will commit.

        Args:
            path: Of the file.
            connection: Of the host, instead of a path; its tables and the book's, which all begin with
                ``retain_``, stand side by side.
            read_only: Whether to open a file for reading only, wherever it lies; writing is refused.
            currency: See `Book`.
            zone: See `Book`.
            clock: See `Book`.
            ids: See `Book`.
            calendar: See `Book`.
            plugins: See `Book`.

        Raises:
            CommandError: When there is neither path nor connection, or both, or a connection is to be read only.
            StoreError: When there is no book and none can be made, or a newer version wrote it.
        """
        _checked(BookBegun(currency=currency or "USD", zone=zone or "UTC"))  # before a file is made
        if connection is not None and path is None and not read_only:
            store = SqliteStore(connection)
        elif path is not None and connection is None:
            store = SqliteStore(path, read_only=read_only)
        else:
            raise CommandError(
                "what to open",
                "is one path, to read only or not, or one connection",
                "Pass a path, or connection=….",
            )
        try:
            return cls(
                store, currency=currency, zone=zone, clock=clock, ids=ids, calendar=calendar, plugins=plugins
            )
        except BaseException:
            store.close()
            raise

    @classmethod
    def in_memory(
        cls,
        *,
        currency: str | None = None,
        zone: str | None = None,
        clock: Clock = now,
        ids: IdSource = new_id,
        calendar: WorkCalendar | None = None,
        plugins: Sequence[object] | Literal["installed"] = (),
    ) -> Self:
        """A new book that is gone with the process."""
        return cls(
            MemoryStore(),
            currency=currency,
            zone=zone,
            clock=clock,
            ids=ids,
            calendar=calendar,
            plugins=plugins,
        )

    @property
    def currency(self) -> str:
        """ISO 4217 code of all money in it."""
        return self._begun.currency

    @property
    def zone(self) -> ZoneInfo:
        """In which it tells days."""
        return self._begun.zone

    @property
    def calendar(self) -> WorkCalendar:
        """In which it counts working time."""
        return self._calendar

    @property
    def clock(self) -> Clock:
        """By which it tells the time."""
        return self._clock

    def now(self) -> datetime:
        """The time by the book's clock."""
        return self._clock()

    def today(self) -> date:
        """The day by its clock and zone."""
        return self._clock().astimezone(self.zone).date()

    def __len__(self) -> int:
        """How many events it holds."""
        return self._store.count()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; the connection of a host stays open."""
        self._store.close()

    def view(self, as_of: datetime | None = None, known_at: datetime | None = None) -> BookView:
        """
        One row a relationship: what policies read.

        Args:
            as_of: The instant whose state is shown; now, when not said. Nothing that occurred later shows.
            known_at: Nothing recorded later shows either; all that is recorded by now, when not said. For a
                back-test of a book kept as things happened, give the same instant twice.

        Raises:
            MissingExtraError: When numpy is not installed.
        """
        instant = self._instant(as_of)
        with collector_at_rest():
            ledger = (
                self._whole(instant) if known_at is None else self.ledger(as_of=instant, known_at=known_at)
            )
            return self._view_of(ledger, instant)

    def _view_of(self, ledger: Ledger, at: datetime) -> BookView:
        try:
            from retainsdk.book_view import filled_view  # noqa: PLC0415 # numpy only when a view is asked for
        except ImportError as error:
            raise MissingExtraError("policy", "numpy") from error
        return filled_view(ledger, at, self._opinions(ledger, at))

    def agenda(
        self, as_of: datetime | None = None, *, owner: str | None = None, until: date | None = None
    ) -> Agenda:
        """What is owed: of one owner or all, due on that day or before or whenever."""
        instant = self._instant(as_of)
        return agenda(self._whole(instant), as_of=instant, owner=owner, until=until, calendar=self._calendar)

    def card(self, relationship: int, as_of: datetime | None = None) -> Card:
        """
        One customer on one page.

        Raises:
            UnknownIdError: When the book does not hold him.
        """
        instant = self._instant(as_of)
        firm = self._read(FIRM_STREAMS, bound_text(as_of))[0]
        ledger = self.ledger_of(relationship, as_of=as_of)
        opinion = self._opinions_of_one(ledger, instant).of(relationship)
        return card(ledger, relationship, as_of=instant, firm=firm, opinion=opinion)

    def chart(self, party: int, as_of: datetime | None = None) -> Chart:
        """
        Who is who in a household or an organisation, who reports to whom, and who is missing.

        Raises:
            UnknownIdError: When the book does not hold it.
        """
        instant = self._instant(as_of)
        return chart(self._around(party, as_of), party, as_of=instant)

    def report(
        self,
        name: str,
        as_of: datetime | None = None,
        *,
        by: str | Sequence[str] | None = None,
        **options: object,
    ) -> Report:
        """
        A report over the whole book.

        Args:
            name: One of `reports`.
            as_of: The instant whose state is shown; now, when not said.
            by: Attributes by which its rows are told apart; those it is usually read by, when not said.
            options: What it can be asked besides.

        Raises:
            UnknownReportError: When there is none of that name.
            CommandError: When it has no such option or attribute.
        """
        instant = self._instant(as_of)
        with collector_at_rest():
            known = Retrospect.of(self.ledger, instant, self.calendar, whole=self._whole(instant))
            return self._reports.drawn(name, known, {"by": by, **options})

    def reports(self) -> tuple[Named, ...]:
        """All reports, those of plug-ins too, each with what it answers and its options."""
        return self._reports.all()

    def report_forms(self) -> Mapping[str, Form]:
        """
        The forms a report can be written in, those of plug-ins too, by how the name of the file ends.

        >>> from retainsdk.testing import a_book
        >>> sorted(a_book().report_forms())
        ['.arrow', '.csv', '.html', '.json']
        """
        forms = Forms.own()
        self._plugins.each("register_exporter", lambda name, _: {"registry": Forms(forms, name)})
        return forms

    @cached_property
    def _reports(self) -> Reports:
        reports = Reports()
        self._plugins.each(
            "register_report", lambda name, purposes: {"registry": ReportDesk(reports, name, purposes)}
        )
        return reports

    def _begin(self, currency: str | None, zone: str | None) -> None:
        begun = self._read([BOOK_STREAM])[0]
        if not begun.currency:
            body = _checked(BookBegun(currency=currency or "USD", zone=zone or "UTC"))
            happening = Happening(stream=BOOK_STREAM, body=body, occurred_at=self._clock())
            with suppress(ConflictError):  # another process began it at this moment
                self._append(
                    [happening],
                    versions={},
                    at=happening.occurred_at,
                    actor="retainsdk",
                    reason="the book was begun",
                    done=None,
                    command="begin",
                )
            begun = self._read([BOOK_STREAM])[0]
        for what, asked, is_ in (("currency", currency, begun.currency), ("zone", zone, begun.zone.key)):
            if asked is not None and asked != is_:
                raise CommandError(f"{what} {asked!r}", f"is not this book's, {is_!r}", "Open it without.")
        self._begun = begun


def _checked(body: BookBegun) -> BookBegun:
    if body.currency not in CURRENCIES:
        msg = f"{body.currency!r} is not a currency of ISO 4217. Write its code, like 'EUR'."
        raise MoneyError(msg)
    zone_named(body.zone)
    return body
