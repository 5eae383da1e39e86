"""
Customers as a CSV table: one row for each of them, each way to reach him, each fact, each consent.

What is exported and imported again is the same; what is imported twice is there once. The table is UTF-8, opens in
any spreadsheet, and holds no cell that one would take for a formula.
"""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

import attrs

from retainsdk.book import Book
from retainsdk.codec import id_text
from retainsdk.commands.profiles import TakenOver
from retainsdk.customer import check_name
from retainsdk.customer.consent import Spoken
from retainsdk.customer.contact_point import ContactPoint, check_address
from retainsdk.customer.fact import KnownFact
from retainsdk.customer.profile import Profile
from retainsdk.errors import NOTHING, CommandError, Fault, InputError
from retainsdk.events import Fact
from retainsdk.interchange.quarantine import harmless
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Kind, Sensitivity
from retainsdk.whole_file import write_whole
from retainsdk.wording import fact_text

COLUMNS: Mapping[str, str] = {
    "customer": "Whose row it is: his id, 16 hexadecimal digits.",
    "entry": "What the row tells: `customer`, `point`, `fact` or `consent`.",
    "name": "His name; the label of a contact point; the name of a fact; the purpose of a consent.",
    "value": "`person`, `household` or `organisation`; an address; a fact; `given` or `withdrawn`.",
    "type": "Of a fact: `text`, `whole`, `number` or `yes_no`.",
    "channel": "Of a contact point or a consent; empty for a consent on all.",
    "at": "When he became known, when it was learned or said: ISO 8601 with its offset.",
    "source": "Who or what says so; the evidence of a consent.",
    "sensitivity": "Of a fact: `ordinary` or `sensitive`.",
    "purposes": "A sensitive fact may be read for, as a JSON list.",
    "verified_at": "When a contact point was last seen to work.",
    "verified_how": "How that was seen.",
    "retired_at": "Since when a contact point works no longer.",
    "why_retired": "Why.",
}
"""The columns, and what stands in them."""

_TYPES: Mapping[str, type] = {"text": str, "yes_no": bool, "whole": int, "number": float}
_YES_NO = {"yes": True, "no": False}
_Word = TypeVar("_Word", bound=IntEnum)
_Made = TypeVar("_Made")


def export_profiles(
    book: Book, path: Path, *, purpose: str | None = None, customers: Iterable[int] | None = None
) -> int:
    """
    Write customers into a CSV file, which is whole or not there.

    Args:
        book: Whose.
        path: Of the file; one that exists is replaced.
        purpose: What the file is for: sensitive facts that allow it are in it, and no others.
        customers: Which; all of them when not said.

    Returns:
        How many were written.

    Raises:
        UnknownIdError: When the book does not hold one of them.
        StoreError: When the file cannot be written there.
    """
    profiles = asked_for(book, customers, purpose)
    write_whole(path, table_of(profiles))
    return len(profiles)


def asked_for(book: Book, customers: Iterable[int] | None, purpose: str | None) -> list[Profile]:
    """
    The profiles of those customers of a book, in the order of their ids; of all of them, when not said.

    Raises:
        UnknownIdError: When the book does not hold one of them.
    """
    ledger = book.ledger()
    asked = ledger.customers.keys() if customers is None else {ledger.customer(it).id for it in customers}
    return [Profile.of(ledger.customers[id_], purpose=purpose) for id_ in sorted(asked)]


def import_profiles(path: Path, *, book: Book, actor: str, reason: str = "") -> TakenOver:
    """
    Take customers over from a CSV file.

    Args:
        path: Of the file.
        book: That takes them.
        actor: Who says so.
        reason: Why, for those who ask later.

    Raises:
        InputError: When the file cannot be read, or a row cannot be true. All faults are named, nothing is taken.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = (
            "holds no text in UTF-8"
            if isinstance(error, UnicodeDecodeError)
            else f"cannot be read ({error.strerror})"
        )
        fault = Fault(path.name, NOTHING, why, "Name a table that was exported, or export it again.")
        raise InputError(str(path), [fault]) from error
    return book.take_over_profiles(profiles_in(text, source=str(path)), actor=actor, reason=reason)


def table_of(profiles: Iterable[Profile]) -> str:
    """Profiles as the text of a table."""
    text = io.StringIO()
    writer = csv.DictWriter(
        text, COLUMNS, restval=""
    )  # rows end in CR LF, so that either in a cell is quoted
    writer.writeheader()
    for profile in profiles:
        for row in _rows(profile):
            guarded = {column: _guarded(cell) for column, cell in row.items()}
            writer.writerow({"customer": id_text(profile.id), **guarded})
    return text.getvalue()


def profiles_in(text: str, *, source: str) -> list[Profile]:
    """
    The profiles in the text of a table.

    Args:
        text: As `table_of` writes it; columns may stand in any order.
        source: Of the text, for messages.

    Raises:
        InputError: When it is none; all faults are named.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, restval=None)
    faults: list[Fault] = []
    rows: list[_Row] = []
    try:
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        faults += [
            Fault(f"line 1, column {column}", "nothing", "is missing", "Export the table again.")
            for column in missing
        ]
        line = 2
        for cells in reader if not missing else ():
            if None in cells or None in cells.values():
                rule = f"must have {len(reader.fieldnames or ())} cells, as the header has"
                faults.append(Fault(f"line {line}", "the row", rule, "Quote cells that hold a comma."))
            else:
                unguarded = {column: _unguarded(cells[column]) for column in COLUMNS}
                row = _Row(line=line, cells=unguarded, faults=faults)
                row.customer = row.read("customer", _id, "must be 16 hexadecimal digits")
                rows.append(row)
            line = reader.line_num + 1
    except csv.Error as error:
        where = f"line {reader.line_num}"
        faults.append(Fault(where, "", f"and what follows cannot be read ({error})", "Close the quotes."))
    profiles = _assembled(rows, faults)
    if faults:
        raise InputError(source, faults)
    return profiles


@attrs.define(kw_only=True)
class _Row:
    """One row, which notes all that is wrong with it instead of failing at the first."""

    line: int
    cells: Mapping[str, str]
    faults: list[Fault]
    customer: int | None = None

    def fault(self, column: str, rule: str, remedy: str) -> None:
        place = f"line {self.line}, column {column}"
        self.faults.append(Fault(place, self.cells[column], rule, remedy))

    def read(self, column: str, read: Callable[[str], _Made], rule: str) -> _Made | None:
        try:
            return read(self.cells[column])
        except (ValueError, KeyError, TypeError):
            self.fault(column, rule, f"{COLUMNS[column]}")
            return None

    def fits(self, column: str, check: Callable[[str], None]) -> bool:
        try:
            check(self.cells[column])
        except CommandError as error:
            self.fault(column, error.rule, error.remedy)
            return False
        return True

    def word(self, column: str, words: type[_Word]) -> _Word | None:
        known = {it.name.lower(): it for it in words}
        return self.read(column, known.__getitem__, f"must be one of: {', '.join(known)}")

    def instant(self, column: str) -> datetime | None:
        return self.read(
            column, _instant, "must be an instant with its offset, like 2026-01-02T09:00:00+00:00"
        )


def _rows(profile: Profile) -> Iterable[dict[str, str]]:
    yield {
        "entry": "customer",
        "name": profile.name,
        "value": profile.kind.name.lower(),
        "at": profile.registered_at.isoformat(),
    }
    for point in profile.points:
        yield {
            "entry": "point",
            "name": point.label,
            "value": point.address,
            "channel": point.channel.name.lower(),
            "at": point.added_at.isoformat(),
            "verified_at": "" if point.verified_at is None else point.verified_at.isoformat(),
            "verified_how": point.verified_how,
            "retired_at": "" if point.retired_at is None else point.retired_at.isoformat(),
            "why_retired": point.why_retired,
        }
    for name, fact in profile.facts:
        type_ = next(word for word, type_ in _TYPES.items() if type(fact.value) is type_)
        yield {
            "entry": "fact",
            "name": name,
            "value": fact_text(fact.value),
            "type": type_,
            "at": fact.at.isoformat(),
            "source": fact.source,
            "sensitivity": fact.sensitivity.name.lower(),
            "purposes": json.dumps(fact.purposes, ensure_ascii=False) if fact.purposes else "",
        }
    for word in profile.consents:
        yield {
            "entry": "consent",
            "name": word.purpose,
            "value": "given" if word.given else "withdrawn",
            "channel": "" if word.channel is None else word.channel.name.lower(),
            "at": word.at.isoformat(),
            "source": word.evidence,
        }


def _assembled(rows: Sequence[_Row], faults: list[Fault]) -> list[Profile]:
    heads = _heads(rows)
    complete = not faults
    points: dict[int, list[ContactPoint]] = defaultdict(list)
    facts: dict[int, list[tuple[str, KnownFact]]] = defaultdict(list)
    consents: dict[int, list[Spoken]] = defaultdict(list)
    for row in rows:
        entry, id_ = row.cells["entry"], row.customer
        if entry not in {"customer", "point", "fact", "consent"}:
            row.fault("entry", "is not known", COLUMNS["entry"])
        elif id_ is not None and id_ not in heads and complete:
            row.fault("customer", "has no row that says who it is", "Add the row whose entry is customer.")
        elif id_ is not None:
            if entry == "point" and (point := _point(row)) is not None:
                points[id_].append(attrs.evolve(point, number=len(points[id_]) + 1))
            elif entry == "fact" and (fact := _fact(row)) is not None:
                facts[id_].append(fact)
            elif entry == "consent" and (word := _consent(row)) is not None:
                consents[id_].append(word)
    return [
        attrs.evolve(head, points=tuple(points[id_]), facts=tuple(facts[id_]), consents=tuple(consents[id_]))
        for id_, head in heads.items()
    ]


def _heads(rows: Sequence[_Row]) -> dict[int, Profile]:
    heads: dict[int, Profile] = {}
    for row in rows:
        if row.cells["entry"] == "customer":
            id_, kind, at = row.customer, row.word("value", Kind), row.instant("at")
            if id_ in heads:
                row.fault("customer", "has a row already", "Leave one of them out.")
            elif row.fits("name", check_name) and id_ is not None and kind is not None and at is not None:
                heads[id_] = Profile(id=id_, kind=kind, name=row.cells["name"], registered_at=at)
    return heads


def _point(row: _Row) -> ContactPoint | None:
    channel, at = row.word("channel", Channel), row.instant("at")
    verified = row.instant("verified_at") if row.cells["verified_at"] else None
    retired = row.instant("retired_at") if row.cells["retired_at"] else None
    if channel is None or not row.fits("value", partial(check_address, channel)) or at is None:
        return None
    return ContactPoint(
        number=0,
        channel=channel,
        address=row.cells["value"],
        label=row.cells["name"],
        added_at=at,
        verified_at=verified,
        verified_how=row.cells["verified_how"],
        retired_at=retired,
        why_retired=row.cells["why_retired"],
    )


def _fact(row: _Row) -> tuple[str, KnownFact] | None:
    type_ = row.read("type", _TYPES.__getitem__, f"must be one of: {', '.join(_TYPES)}")
    at, sensitivity = row.instant("at"), row.word("sensitivity", Sensitivity)
    purposes = row.read("purposes", _purposes, "must be empty or a JSON list of texts")
    if type_ is None or at is None or sensitivity is None or purposes is None:
        return None
    value = row.read("value", lambda text: _fact_value(text, type_), f"is not {row.cells['type']}")
    if value is None:
        return None
    fact = KnownFact(
        value=value, source=row.cells["source"], at=at, sensitivity=sensitivity, purposes=purposes
    )
    return row.cells["name"], fact


def _consent(row: _Row) -> Spoken | None:
    purpose = row.read("name", _purpose, f"must be one of: {', '.join(CONSENT_PURPOSES)}")
    given = row.read("value", {"given": True, "withdrawn": False}.__getitem__, "must be given or withdrawn")
    at = row.instant("at")
    channel = row.word("channel", Channel) if row.cells["channel"] else None
    if purpose is None or given is None or at is None or (row.cells["channel"] and channel is None):
        return None
    return Spoken(purpose=purpose, channel=channel, given=given, at=at, evidence=row.cells["source"])


_ID_DIGITS = 16
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def _id(text: str) -> int:
    if len(text) != _ID_DIGITS or not text.isalnum():
        raise ValueError(text)
    return int(text, 16)


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or not _EARLIEST <= at <= _LATEST:  # in UTC, as instants are kept, it has a date too
        raise ValueError(text)
    return at


def _purpose(text: str) -> str:
    return CONSENT_PURPOSES[CONSENT_PURPOSES.index(text)]


def _purposes(text: str) -> tuple[str, ...]:
    purposes = json.loads(text) if text else []
    if not isinstance(purposes, list) or not all(isinstance(purpose, str) for purpose in purposes):
        raise ValueError(text)
    return tuple(purposes)


def _fact_value(text: str, type_: type) -> Fact:
    if type_ is bool:
        return _YES_NO[text]
    value: Fact = type_(text)
    return value


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, from which `_unguarded` makes the cell again."""
    return f"'{cell}" if cell.startswith("'") or harmless(cell) != cell else cell


def _unguarded(cell: str) -> str:
    return cell.removeprefix("'")
