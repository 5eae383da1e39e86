"""A market's life as a file: a book that is whole or not there, and a refusal of markets too big for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import written_whole
from retainsim.market.chronicle.chronicle import Chronicle
from retainsim.market.chronicle.clock import new_book
from retainsim.market.engine import Market
from retainsim.market.history import History
from retainsim.market.running import RESIDUAL_MONTHS, Under, refuse_impossible

RATE = 800
"""Customer-months written in a second of one processor core under a policy that looks at the view; measured."""
EVENTS = 5
"""In a customer-month, on average, each of some 280 bytes; measured."""
MOST = 200_000
"""Customer-months in one file: a million events, and some 1.3 GB of memory while it is written."""


def write_book(
    market: Market,
    under: Under,
    path: Path,
    *,
    months: int,
    residual_months: int = RESIDUAL_MONTHS,
    on_month: Callable[[int, int], None] | None = None,
) -> History:
    """
    Let a small market write its life into a new file.

    Whatever ends the writing before its time, an error or whoever waits for it, leaves no file behind.

    Args:
        market: At its beginning; left as it is.
        under: What people live under; the policy decides on the book's view.
        path: Of the book; nothing may stand there.
        months: Horizon.
        residual_months: Length of the continuation that values who is still ours.
        on_month: Called with months done and months in all.

    Returns:
        The same as `retainsim.market.run` of the market.

    Raises:
        InputError: When something stands there, or the market is too big; all reasons are named.
        StoreError: When it cannot be written there.
    """
    refuse_impossible(months=months, residual_months=residual_months)
    faults = faults_of_book(path, customers=market.customers, months=months)
    if faults:
        raise InputError("book", faults)
    with written_whole(path) as part, closing(new_book(market, part)) as book:
        chronicle = Chronicle(
            market,
            under.policy,
            book,
            budget=under.budget,
            consent_gate=under.consent_gate,
            law=under.law,
            staffing=under.staffing,
        )
        for number in range(months):
            chronicle.month()
            if on_month is not None:
                on_month(number + 1, months)
        return chronicle.history(residual_months)


def faults_of_book(path: Path, *, customers: int, months: int) -> list[Fault]:
    """All that speaks against writing so many customers over so many months into a file."""
    return [*_faults_of_place(path), *_faults_of_size(customers, months)]


def _faults_of_place(path: Path) -> Iterator[Fault]:
    if path.exists():
        yield Fault("book", str(path), "exists already", "Choose another name, or remove it first.")
    elif not path.parent.is_dir():
        yield Fault("book", str(path), "stands in no folder", f"Make the folder {path.parent} first.")


def _faults_of_size(customers: int, months: int) -> Iterator[Fault]:
    asked = customers * months
    if asked <= MOST:
        return
    size = f"{customers:,} customers over {months} months"
    rule = (
        f"is too much for one book: some {asked * EVENTS:,} events and, at about {RATE:,} customer-months a second, "
        f"{_in_words(asked / RATE)} of work; at most {MOST:,} customer-months are written"
    )
    remedy = f"Ask for {MOST // months:,} customers or fewer, or leave the book out: --out writes tables of any size."
    yield Fault("book", size, rule, remedy)


def _in_words(seconds: float) -> str:
    """
    A time, roughly.

    >>> _in_words(200), _in_words(9_000), _in_words(300_000)
    ('3 minutes', '2.5 hours', '83.3 hours')
    """
    return f"{seconds / 60:.0f} minutes" if seconds < 3_600 else f"{seconds / 3_600:.1f} hours"  # noqa: PLR2004 # an hour
