"""
What the rows of a customer table say, and the histories that explain it.

What the table says of a customer on one morning becomes the history that explains it: service began so many months
before, and a leaver left that morning. Ids come from the source's own names, so importing twice names the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeVar

import attrs

from retainsdk.errors import Fault
from retainsdk.events import (
    CustomerRegistered,
    EndBegun,
    EndCompleted,
    Fact,
    FactLearned,
    Happening,
    Id,
    PurchaseRecorded,
    RelationshipOpened,
    Signed,
    Terminated,
)
from retainsdk.interchange.csv_table import Table, TableRow, shown
from retainsdk.interchange.mapping import CountColumn, TableMapping, zone_of
from retainsdk.journal import History, derived_id
from retainsdk.ledger import customer_stream, relationship_stream
from retainsdk.quantities import Money, minor_digits, months_later
from retainsdk.relationship import UNASSIGNED
from retainsdk.terms import Terms
from retainsdk.vocabulary import Ending, Stage

LONGEST_TENURE = 1200
"""Months; nobody is a customer for more than a hundred years."""

_DECIMAL = re.compile(r"\d{1,18}(\.\d{1,9})?")
_WHOLE = re.compile(r"\d{1,9}")

Value = TypeVar("Value")


@attrs.frozen(kw_only=True)
class CustomerRow:
    """
    What one row says.

    Attributes:
        row: The row.
        key: The source's name for him.
        tenure: Whole months of service.
        fee: Per month.
        billed: So far; none when the table does not tell.
        billed_is_blank: Whether that cell was empty because nothing was billed yet.
        has_left: Whether he left.
        terms: What is agreed, from the first day of service.
        facts: About him.
    """

    row: TableRow
    key: str
    tenure: int
    fee: Money
    billed: Money | None
    billed_is_blank: bool
    has_left: bool
    terms: Terms
    facts: Mapping[str, Fact]


@attrs.frozen(kw_only=True)
class Understood:
    """
    A table by a mapping.

    Attributes:
        customers: Of the rows without fault.
        bad: The other rows, with what is wrong.
        table_faults: What is wrong with the table as a whole.
    """

    customers: tuple[CustomerRow, ...]
    bad: tuple[TableRow, ...]
    table_faults: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All that is wrong, of the table first, then by line."""
        return (*self.table_faults, *(fault for row in self.bad for fault in row.faults))


def understood(table: Table, mapping: TableMapping, as_of: date) -> Understood:
    """What the rows of a table say on the morning of a day."""
    if table.faults:
        return Understood(customers=(), bad=table.rows, table_faults=table.faults)
    reader = _RowReader(mapping, table.header, as_of)
    read = [(row, None) if row.faults else reader.read(row) for row in table.rows]
    twice = _lines_by_key(table, mapping)
    good: list[CustomerRow] = []
    bad: list[TableRow] = []
    for row, customer in read:
        key = row.cells[reader.place(mapping.key.column)] if len(row.cells) == len(table.header) else None
        lines = twice.get(key, ()) if key else ()
        if len(lines) > 1:
            bad.append(_faulted(row, [_duplicate(row, key or "", lines, mapping)]))
        elif customer is None:
            bad.append(row)
        else:
            good.append(customer)
    return Understood(customers=tuple(good), bad=tuple(bad))


def histories(customers: Iterable[CustomerRow], mapping: TableMapping, as_of: date) -> list[History]:
    """What must have happened for the rows to be true on the morning of a day."""
    zone = zone_of(mapping)

    def morning(day: date) -> datetime:
        return datetime.combine(day, time(), zone).astimezone(UTC)

    eve = as_of - timedelta(days=1)
    entries = []
    for customer in customers:
        id_ = derived_id(mapping.source, customer.key)
        began = morning(customer.terms.starts_on)
        who, us = customer_stream(id_), relationship_stream(id_)
        contract = relationship_stream(id_, "contract", 1)
        opened = RelationshipOpened(
            customer=Id(id_), origin=None, owner=UNASSIGNED, stage=Stage.ACTIVE, reference=customer.key
        )
        told: list[tuple[str, object, datetime]] = [
            (who, CustomerRegistered(kind=mapping.customers, name=customer.key), began),
            *(
                (who, FactLearned(name=name, value=value, source=mapping.source), began)
                for name, value in customer.facts.items()
            ),
            (us, opened, began),
            (contract, Signed(terms=customer.terms), began),
        ]
        if customer.billed is not None:
            what = f"billed before {as_of}, brought forward"
            told.append((us, PurchaseRecorded(what=what, amount=customer.billed, paid=True), morning(eve)))
        if customer.has_left:
            left = morning(as_of)
            told += [
                (us, EndBegun(), left),
                (contract, Terminated(kind=Ending.UNKNOWN), left),
                (us, EndCompleted(steps=None), left),
            ]
        happenings = tuple(Happening(stream=stream, body=body, occurred_at=at) for stream, body, at in told)
        entries.append(History(relationship=id_, happenings=happenings))
    return entries


class _RowReader:
    """Reads one row after the other, gathering what is wrong with each."""

    def __init__(self, mapping: TableMapping, header: tuple[str, ...], as_of: date) -> None:
        self._mapping = mapping
        self._eve = as_of - timedelta(days=1)
        self._places = {column: place for place, column in enumerate(header)}
        self._row = TableRow(line=0, cells=())
        self._faults: list[Fault] = []

    def place(self, column: str) -> int:
        return self._places[column]

    def read(self, row: TableRow) -> tuple[TableRow, CustomerRow | None]:
        self._row, self._faults = row, []
        mapping = self._mapping
        key = self._key()
        tenure = self._tenure()
        fee = self._money(mapping.fee.column)
        billed, is_blank = self._billed(tenure)
        ended = mapping.ended
        has_left = self._word(ended.column, ended.values) if ended is not None else False
        rule = self._word(mapping.terms.column, mapping.terms.values)
        products = self._count(mapping.products)
        facts = self._facts()
        if self._faults or key is None or tenure is None or fee is None or rule is None:
            return _faulted(row, self._faults), None
        terms = Terms(
            starts_on=months_later(self._eve, -tenure),
            kind=rule.kind,
            months=rule.months,
            lock_in_months=rule.lock_in_months,
            notice_days=rule.notice_days,
            fee=fee,
            products=products,
        )
        return row, CustomerRow(
            row=row,
            key=key,
            tenure=tenure,
            fee=fee,
            billed=billed,
            billed_is_blank=is_blank,
            has_left=bool(has_left),
            terms=terms,
            facts=facts,
        )

    def _cell(self, column: str) -> str:
        return self._row.cells[self._places[column]]

    def _wrong(self, column: str, rule: str, remedy: str) -> None:
        place = f"line {self._row.line}, column {column}"
        self._faults.append(Fault(place, shown(self._cell(column)), rule, remedy))

    def _key(self) -> str | None:
        column = self._mapping.key.column
        key = self._cell(column)
        if key.strip():
            return key
        self._wrong(column, "must name the row", "Give every customer an id.")
        return None

    def _tenure(self) -> int | None:
        column = self._mapping.tenure.column
        cell = self._cell(column).strip()
        if _WHOLE.fullmatch(cell) and int(cell) <= LONGEST_TENURE:
            return int(cell)
        self._wrong(column, f"must be a whole number of months, 0 to {LONGEST_TENURE}", "Correct the cell.")
        return None

    def _money(self, column: str) -> Money | None:
        cell = self._cell(column).strip()
        if _DECIMAL.fullmatch(cell):
            money = Money(Decimal(cell), self._mapping.currency)
            if money.rounded() == money:
                return money
        digits = minor_digits(self._mapping.currency)
        self._wrong(
            column,
            f"must be an amount like 1234.5, not negative, {digits} digits after the point at most",
            "Write it without currency sign and thousands separator.",
        )
        return None

    def _billed(self, tenure: int | None) -> tuple[Money | None, bool]:
        billed = self._mapping.billed
        if billed is None:
            return None, False
        if self._cell(billed.column).strip() or not billed.blank_is_nothing_yet:
            return self._money(billed.column), False
        if tenure is None:  # that is the fault
            return None, True
        if tenure > 0:
            self._wrong(billed.column, "is blank where tenure is not 0", "State what was billed so far.")
        return Money(0, self._mapping.currency), True

    def _word(self, column: str, values: Mapping[str, Value]) -> Value | None:
        cell = self._cell(column).strip()
        if cell in values:
            return values[cell]
        self._wrong(column, f"must be one of: {', '.join(values)}", "Correct it, or add it to the mapping.")
        return None

    def _count(self, columns: Iterable[CountColumn]) -> int:
        return sum(self._word(it.column, it.values) or 0 for it in columns)

    def _facts(self) -> dict[str, Fact]:
        facts: dict[str, Fact] = {}
        for rule in self._mapping.facts:
            value: Fact | None
            if rule.column is None:
                value = rule.base + self._count(rule.add)
            elif rule.values is None:
                value = self._cell(rule.column).strip() or None  # an empty cell is no fact
            else:
                value = self._word(rule.column, rule.values)
            if value is not None:
                facts[rule.name] = value
        return facts


def _lines_by_key(table: Table, mapping: TableMapping) -> dict[str, list[int]]:
    place = table.header.index(mapping.key.column)
    lines: dict[str, list[int]] = defaultdict(list)
    for row in table.rows:
        if len(row.cells) == len(table.header):
            lines[row.cells[place]].append(row.line)
    return lines


def _duplicate(row: TableRow, key: str, lines: Iterable[int], mapping: TableMapping) -> Fault:
    others = ", ".join(str(line) for line in lines if line != row.line)
    return Fault(
        f"line {row.line}, column {mapping.key.column}",
        shown(key),
        f"stands on line {others} too, and only one can be true",
        "Keep the right one.",
    )


def _faulted(row: TableRow, faults: Iterable[Fault]) -> TableRow:
    return attrs.evolve(row, faults=(*row.faults, *faults))
