"""A book that heard commands alone passes; one that was written to past them hears what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import attrs
import pytest

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.errors import InputError
from retainsdk.ledger import Ledger
from retainsdk.ports import Row
from retainsdk.quantities import Money
from retainsdk.store.memory import MemoryStore
from retainsdk.testing import SetClock, check_book
from retainsdk.testing.calls import begun
from retainsdk.vocabulary import Potential

LATE = "2030-01-01T00:00:00.000000+00:00"
Change = Callable[[list[Row]], list[Row]]


class Altered(MemoryStore):
    """Tells another story than it was told."""

    change: Change = staticmethod(lambda rows: rows)

    def read(self, *args: Any, **which: Any) -> Iterator[tuple[int, Row]]:
        placed = list(super().read(*args, **which))
        if not any(args):
            return iter(list(enumerate(self.change([row for _, row in placed]), start=1)))
        return iter(placed)


def a_book_of(change: Change) -> Book:
    store = Altered()
    book = begun(Book(store, currency="EUR", clock=SetClock(), ids=iter(range(1, 99)).__next__))
    store.change = change
    return book


def test_a_good_one_passes() -> None:
    check_book(a_book_of(lambda rows: rows))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: [rows[0]._replace(version=7), *rows[1:]], "must be 1: versions of a stream are 1 to n"),
        (lambda rows: [rows[0]._replace(recorded_at=LATE), *rows[1:]], "must not go back along the log"),
        (
            lambda rows: [rows[0]._replace(occurred_at=LATE), *rows[1:]],
            "must not occur after it was recorded",
        ),
        (lambda rows: [rows[0]._replace(name="Begin"), *rows[1:]], "cannot be read"),
        (lambda rows: [rows[0]._replace(body=b'{"currency":"EUR"}'), *rows[1:]], "KeyError|cannot be"),
        (
            lambda rows: [rows[0]._replace(body=b'{"currency":"EUR","zone":"UTC","x":1}'), *rows[1:]],
            "must be as its JSON Schema says",
        ),
        (
            lambda rows: [row for row in rows if not row.stream.startswith("customer")],
            "cannot have happened after what stands before it",
        ),
        (
            lambda rows: [row for row in rows if row.name != "EndBegun"],
            "must be the same read alone and with the whole book",
        ),
    ],
)
def test_a_log_that_tells_what_cannot_be_hears_so(change: Change, words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_book(a_book_of(change))


Spoil = Callable[[Account], None]


class Spoiled(Book):
    """Folds rightly, and then spoils what came out."""

    spoil: Spoil = staticmethod(lambda _: None)

    def ledger(self, **when: datetime | None) -> Ledger:
        ledger = super().ledger(**when)
        type(self).spoil(ledger.accounts[2])
        return ledger

    def ledger_of(self, relationship: int, *, as_of: datetime | None = None) -> Ledger:
        ledger = super().ledger_of(relationship, as_of=as_of)
        if relationship == 2:
            type(self).spoil(ledger.accounts[2])
        return ledger


def changed(account: Account, part: str, place: int, /, **changes: Any) -> None:
    parts = getattr(account, part)
    parts[place] = attrs.evolve(parts[place], **changes)


def owned(account: Account, **changes: Any) -> None:
    ownership = attrs.evolve(account.relationship.ownership, **changes)
    account.relationship = attrs.evolve(account.relationship, ownership=ownership)


def owned_later(account: Account) -> None:
    first = account.relationship.ownership.owners[0]
    owned(account, owners=(attrs.evolve(first, since=first.since + timedelta(days=1)),))


def owned_by_nobody(account: Account) -> None:
    owned(account, owners=(attrs.evolve(account.relationship.ownership.owners[0], owner=" "),))


def two_contracts(account: Account) -> None:
    account.contracts[2] = attrs.evolve(account.contracts[1], number=2)


def backwards(account: Account) -> None:
    first = account.contracts[1].versions[0]
    before = attrs.evolve(first, starts_on=first.starts_on - timedelta(days=3), fee=Money(1, "EUR"))
    changed(account, "contracts", 1, versions=(first, before))


def of_a_stranger(account: Account) -> None:
    account.relationship = attrs.evolve(account.relationship, customer=77)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (owned_later, "must have an owner from its first instant on"),
        (owned_by_nobody, "must be owned by somebody with a name"),
        (two_contracts, "must not run at the same time"),
        (backwards, "must start in their order"),
        (lambda account: changed(account, "cases", 1, number=3), "must be numbered 1 to n"),
        (lambda account: changed(account, "cases", 1, state="lost"), "must be a state of a case"),
        (lambda account: changed(account, "cases", 1, repeats=9), r"repeats 9.*must name a case"),
        (lambda account: changed(account, "commitments", 1, case=9), r"case 9.*must name a case"),
        (of_a_stranger, "must be registered"),
    ],
)
def test_a_state_that_cannot_be_hears_so(spoil: Spoil, words: str) -> None:
    class Now(Spoiled):
        pass

    book = begun(Now(MemoryStore(), currency="EUR", clock=SetClock(), ids=iter(range(1, 99)).__next__))
    Now.spoil = staticmethod(spoil)

    with pytest.raises(InputError, match=words):
        check_book(book)


def test_pages_that_cannot_be_built_and_reading_that_writes_are_named() -> None:
    class Unreadable(Book):
        def card(self, relationship: int, as_of: datetime | None = None) -> Any:  # noqa: ARG002 # the book's
            self.classify(relationship, potential=Potential.A, why="looked at", actor="dana")
            raise ZeroDivisionError

    book = begun(Unreadable(MemoryStore(), currency="EUR", clock=SetClock(), ids=iter(range(1, 99)).__next__))

    with pytest.raises(InputError) as refused:
        check_book(book)

    assert "card of 0000000000000002: 'ZeroDivisionError" in str(refused.value)
    assert "must be the same after it was read" in str(refused.value)
