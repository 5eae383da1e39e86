"""The time in a simulated book: it stands still until the market moves it."""

from __future__ import annotations

import os
from datetime import datetime, time
from zoneinfo import ZoneInfo

from retainsdk.book import Book
from retainsdk.errors import Fault, InputError
from retainsim.market.engine import Market
from retainsim.market.month import month_start


class SimulatedClock:
    """
    A clock that a market sets.

    Args:
        at: The time it begins with.
    """

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        """The time."""
        return self._at

    def move(self, to: datetime) -> None:
        """Let it be later; it never goes back."""
        self._at = max(self._at, to)


def new_book(market: Market, path: str | os.PathLike[str] | None = None) -> Book:
    """
    An empty book for the life of a market: in its currency and zone, with a clock that begins when it does.

    Args:
        market: At its beginning.
        path: Of a new file; none keeps the book in memory.
    """
    zone = market.starts_at.tzinfo
    name = zone.key if isinstance(zone, ZoneInfo) else "UTC"
    clock = SimulatedClock(market.starts_at)
    if path is None:
        return Book.in_memory(currency=market.preset.currency, zone=name, clock=clock)
    return Book.open(path, currency=market.preset.currency, zone=name, clock=clock)


def clock_of(book: Book, market: Market) -> SimulatedClock:
    """
    The clock of a book that a market may write into.

    Raises:
        InputError: When the book is not empty, or has another clock, currency or reckoning of days; all is named.
    """
    clock, faults = book.clock, []
    if not isinstance(clock, SimulatedClock):
        rule = "must be a SimulatedClock: what a market tells happens in its own time"
        faults.append(Fault("book.clock", type(clock).__name__, rule, "Make the book with new_book(market)."))
    if book.currency != market.preset.currency:
        rule = f"must be {market.preset.currency}, the market's"
        faults.append(Fault("book.currency", book.currency, rule, "Make the book with new_book(market)."))
    if len(book) > 1:
        rule = "must be empty: a market tells its life from the beginning"
        faults.append(Fault("book", f"{len(book)} events", rule, "Make a new book."))
    for number in (0, 6):  # in winter and in summer
        start = month_start(market.starts_at, number).astimezone(book.zone)
        if start.day != 1 or start.time() != time():
            rule = "must be midnight on the first of a month in the book's zone: use and contacts are counted by calendar month"
            faults.append(
                Fault(
                    "market.starts_at", start.isoformat(), rule, "Draw the market from a view of such a day."
                )
            )
            break
    if faults:
        raise InputError("chronicle", faults)
    assert isinstance(clock, SimulatedClock)  # noqa: S101 # said above
    return clock
