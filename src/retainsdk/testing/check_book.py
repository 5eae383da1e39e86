"""
Tell what is wrong with a book: whether what it holds can be, and whether everything that reads it agrees.

A book that only ever heard commands holds to all of this; one that was written to past them, or by a broken store,
may not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from typing import Any

import attrs
import orjson

from retainsdk.account import Account
from retainsdk.book import Book
from retainsdk.codec import decoded, id_text
from retainsdk.contract import Contract
from retainsdk.errors import Fault, InputError, MissingExtraError, RetainError
from retainsdk.ledger import Ledger
from retainsdk.lifecycle import Living
from retainsdk.ports import Row
from retainsdk.schema import event_schemas
from retainsdk.terms import Terms
from retainsdk.vocabulary import Kind

__all__ = ["book_faults", "check_book"]

_PAST_COMMANDS = "Write into a book by its commands alone, through a store that passes check_store."
_DAY = timedelta(days=1)


def check_book(book: Book) -> None:
    """
    Check a book, and tell all that is wrong with it at once.

    Its log is read row by row and compared with the JSON Schemas; it is folded as a whole, twice, and customer by
    customer; lifecycles, owners, terms and numbers are looked at; view, agenda and every card are built.

    Args:
        book: To check. It is only read.

    Raises:
        InputError: Naming every fault.
        MissingExtraError: When jsonschema is not installed.

    >>> from retainsdk.testing import a_book, a_relationship, some_terms
    >>> book = a_book()
    >>> noa = a_relationship(book, terms=some_terms())
    >>> check_book(book)
    """
    faults = book_faults(book)
    if faults:
        raise InputError("book", faults)


def book_faults(book: Book, *, after: int = 0) -> list[Fault]:
    """
    What `check_book` finds, as a list.

    Args:
        book: To check.
        after: Bodies up to this position were compared with their schemas already.
    """
    placed = list(book._store.read())  # noqa: SLF001 # rows, as no book that can be read shows them
    rows = [row for _, row in placed]
    faults = [*_log_faults(placed), *_body_faults(placed, after)]
    if faults:
        return faults  # who cannot read it cannot judge what it means
    ledger, found = _folded(book, rows)
    if ledger is None:
        return found
    for account in ledger.accounts.values():
        place = f"relationship {id_text(account.relationship.id)}"
        found += [
            *_owner_faults(place, account),
            *_contract_faults(place, account),
            *_number_faults(place, account),
            *_reference_faults(place, account, ledger),
        ]
    found += _lifecycle_faults(ledger)
    return [*found, *_reading_faults(book, ledger)]


# the log


def _log_faults(placed: Sequence[tuple[int, Row]]) -> Iterator[Fault]:
    reached: dict[str, int] = {}
    position, recorded_at = 0, ""
    for at, row in placed:
        place = f"event {at}, {row.name}"
        if at <= position:
            yield Fault(place, f"after {position}", "must stand behind the one before it", _PAST_COMMANDS)
        if row.version != reached.get(row.stream, 0) + 1:
            rule = f"must be {reached.get(row.stream, 0) + 1}: versions of a stream are 1 to n"
            yield Fault(place, f"version {row.version} of {row.stream}", rule, _PAST_COMMANDS)
        if row.recorded_at < recorded_at:
            rule = "must not go back along the log"
            yield Fault(place, f"recorded at {row.recorded_at} after {recorded_at}", rule, _PAST_COMMANDS)
        if row.occurred_at > row.recorded_at:
            rule = "must not occur after it was recorded"
            yield Fault(place, f"{row.occurred_at} > {row.recorded_at}", rule, _PAST_COMMANDS)
        position, recorded_at = at, max(recorded_at, row.recorded_at)
        reached[row.stream] = row.version


def _body_faults(placed: Sequence[tuple[int, Row]], after: int) -> Iterator[Fault]:
    for at, row in placed:
        if at <= after:
            continue
        place = f"event {at}, {row.name}"
        try:
            decoded(row.name, row.schema, row.body)
        except Exception as error:  # noqa: BLE001 # whatever stands there
            yield Fault(place, f"{type(error).__name__}: {error}", "cannot be read", _PAST_COMMANDS)
            continue
        wrong = next(_schema(row.name).iter_errors(orjson.loads(row.body)), None)
        if wrong is not None:
            yield Fault(place, wrong.message, "must be as its JSON Schema says", _PAST_COMMANDS)


@cache
def _schema(name: str) -> Any:  # noqa: ANN401 # jsonschema ships no types
    try:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 # for tests only
    except ImportError as error:
        raise MissingExtraError("testing", "jsonschema") from error
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": event_schemas()["$defs"]})


# the fold


def _folded(book: Book, rows: Sequence[Row]) -> tuple[Ledger | None, list[Fault]]:
    try:
        ledger, again = book.ledger(), book.ledger()
    except RetainError as error:
        rule = "cannot have happened after what stands before it"
        return None, [Fault(f"log of {len(rows)} events", str(error), rule, _PAST_COMMANDS)]
    faults = []
    remedy = "Let folding depend on the events alone: on no clock, no luck, and nothing kept between."
    if vars(ledger) != vars(again):
        faults.append(Fault("ledger", "folded twice", "must be the same both times", remedy))
    for id_, account in ledger.accounts.items():
        alone = book.account(id_)
        if alone != account:
            value = ", ".join(_differing(alone, account))
            rule = "must be the same read alone and with the whole book"
            faults.append(Fault(f"relationship {id_text(id_)}", value, rule, remedy))
    for id_, customer in ledger.customers.items():
        if book.customer(id_) != customer:
            rule = "must be the same read alone and with the whole book"
            faults.append(Fault(f"customer {id_text(id_)}", customer.name, rule, remedy))
    return ledger, faults


def _differing(one: Account, other: Account) -> list[str]:
    return [it.name for it in attrs.fields(Account) if getattr(one, it.name) != getattr(other, it.name)]


# what cannot be


def _lifecycle_faults(ledger: Ledger) -> Iterator[Fault]:
    for place, it in _living(vars(ledger), ""):
        if it.state not in it.machine.table:
            yield Fault(place, it.state, f"must be a state of a {it.machine.name}", _PAST_COMMANDS)


def _living(value: Any, place: str) -> Iterator[tuple[str, Living]]:  # noqa: ANN401 # whatever a ledger holds
    if isinstance(value, Living):
        yield place, value
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _living(part, f"{place}/{key}")
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _living(getattr(value, field.name), f"{place}.{field.name}")


def _owner_faults(place: str, account: Account) -> Iterator[Fault]:
    owners = account.relationship.ownership.owners
    remedy = "Hand over by assign_owner."
    if not owners or owners[0].since > account.relationship.opened_at:
        yield Fault(place, str(len(owners)), "must have an owner from its first instant on", remedy)
    since = [it.since for it in owners]
    if since != sorted(since):
        yield Fault(place, str(since), "must have one owner at a time, in the order of time", remedy)
    for it in owners:
        if not it.owner.strip():
            yield Fault(place, repr(it.owner), "must be owned by somebody with a name", remedy)
        at = it.since
        ours = [c.contributor for c in account.relationship.ownership.contributions if c.runs(at)]
        if it.owner in ours:
            yield Fault(place, it.owner, f"must not contribute from {at} on, as owner", remedy)


def _contract_faults(place: str, account: Account) -> Iterator[Fault]:
    running = [it.number for it in account.contracts.values() if it.is_running]
    if len(running) > 1:
        rule = "must not run at the same time"
        yield Fault(place, f"contracts {running}", rule, "End one, or let the other supersede it.")
    for contract in account.contracts.values():
        where = f"{place}, contract {contract.number}"
        starts = [terms.starts_on for terms in contract.versions]
        if starts != sorted(starts):
            rule = "must start in their order"
            yield Fault(where, f"versions from {starts}", rule, "Amend from a later day.")
        for day in _days_around(contract):
            found, meant = contract.terms_in_force(day), _in_force(contract, day)
            if found != meant:
                rule = f"must be the terms in force on {day}, the last that started"
                yield Fault(where, f"{found}", rule, "See Contract.terms_in_force.")


def _days_around(contract: Contract) -> Iterator[date]:
    edges = {terms.starts_on for terms in contract.versions} | {contract.ends_on}
    for edge in edges - {None}:
        if edge is not None:
            yield from (edge - _DAY, edge, edge + _DAY)


def _in_force(contract: Contract, day: date) -> Terms | None:
    over = contract.ends_on is not None and day >= contract.ends_on
    if contract.signature is None or over:
        return None
    return next((it for it in reversed(contract.versions) if it.starts_on <= day), None)


def _number_faults(place: str, account: Account) -> Iterator[Fault]:
    for what in ("contracts", "commitments", "cases", "offers", "proposals"):
        parts = getattr(account, what)
        if [it.number for it in parts.values()] != list(range(1, len(parts) + 1)) or list(parts) != sorted(
            parts
        ):
            yield Fault(f"{place}, {what}", str(list(parts)), "must be numbered 1 to n", _PAST_COMMANDS)


def _reference_faults(place: str, account: Account, ledger: Ledger) -> Iterator[Fault]:
    if account.relationship.customer not in ledger.customers:
        value = id_text(account.relationship.customer)
        yield Fault(place, f"customer {value}", "must be registered", "Register him first.")
    for promise in account.commitments.values():
        if promise.case is not None and promise.case not in account.cases:
            rule = "must name a case of its relationship"
            yield Fault(f"{place}, promise {promise.number}", f"case {promise.case}", rule, _PAST_COMMANDS)
    for case in account.cases.values():
        for what, number in (("repeats", case.repeats), ("merged_into", case.merged_into)):
            if number is not None and number not in account.cases:
                rule = "must name a case of its relationship"
                yield Fault(f"{place}, case {case.number}", f"{what} {number}", rule, _PAST_COMMANDS)


# what reads it


def _reading_faults(book: Book, ledger: Ledger) -> list[Fault]:
    before, faults = book.digest(), list[Fault]()
    remedy = "Whatever a book can hold must be shown: report it with the book."
    try:
        view = book.view()
        shown = [int(it) for it in view.relationship]
        wanted = sorted(ledger.accounts)
        if shown != wanted:
            rule = f"must show every relationship once, in the order of ids: {wanted}"
            faults.append(Fault("view", str(shown), rule, remedy))
    except Exception as error:  # noqa: BLE001 # whatever it raises is what must be told
        faults.append(Fault("view", f"{type(error).__name__}: {error}", "cannot be built", remedy))
    parties = [id_ for id_, it in ledger.customers.items() if it.kind is not Kind.PERSON]
    pages: list[tuple[str, Callable[[], object]]] = [
        ("agenda", book.agenda),
        *((f"card of {id_text(id_)}", partial(book.card, id_)) for id_ in ledger.accounts),
        *((f"chart of {id_text(id_)}", partial(book.chart, id_)) for id_ in parties),
    ]
    for place, page in pages:
        try:
            str(page())
        except Exception as error:  # noqa: BLE001 # as above
            faults.append(Fault(place, f"{type(error).__name__}: {error}", "cannot be built", remedy))
    if book.digest() != before:
        rule = "must be the same after it was read"
        faults.append(Fault("digest", book.digest(), rule, "Reading writes nothing."))
    return faults
