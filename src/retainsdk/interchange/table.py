"""
Importing a customer table into a book, with a report that both people and programs read.

>>> from retainsdk import Book
>>> from retainsdk.interchange.telco import import_telco
>>> book = Book.in_memory(currency="USD")
>>> report = import_telco(book)
>>> report.customers, report.ended, str(report.fees), str(report.fees_ended)
(7043, 1869, '456,116.60 USD', '139,130.85 USD')
>>> import_telco(book).unchanged
7043
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any, Literal

import attrs

from retainsdk.book import Book
from retainsdk.errors import Fault, InputError
from retainsdk.interchange.csv_table import Readers, Table, read_table
from retainsdk.interchange.mapping import Source, TableMapping, load_mapping, read_mapping, zone_of
from retainsdk.interchange.quarantine import write_quarantine
from retainsdk.interchange.rows import Understood, histories, understood
from retainsdk.journal import Examined, derived_id, now
from retainsdk.quantities import Money, total
from retainsdk.store.sqlite import is_blank

__all__ = [
    "ImportReport",
    "Readers",
    "Table",
    "TableMapping",
    "import_file",
    "import_table",
    "load_mapping",
    "quarantine_path",
    "read_mapping",
    "read_table",
]

SCHEMA_VERSION = 1

Progress = Callable[[int], AbstractContextManager[Callable[[], object] | None]]
"""Shows how far an import is: of so many customers, one more each time what it gives is called."""


def _unshown(_: int) -> AbstractContextManager[None]:
    return nullcontext()


EARLIEST = date(1900, 1, 1)
"""No table is older."""


@attrs.frozen(kw_only=True)
class ImportReport:
    """
    What an import found and did.

    Attributes:
        table: Name of the file.
        source: Name of the source, by the mapping.
        as_of: The day whose morning the table describes.
        rows: In the table, the header not counted.
        customers: In the rows that can be taken.
        ended: Those of them that left.
        fees: Monthly fees of all of them.
        fees_ended: Monthly fees of those that left.
        blank_billed: Rows whose total billed is blank, because nothing was billed yet; taken as zero.
        added: Relationships that are new in the book.
        unchanged: Relationships that the book held already, as the table has them.
        faults: All that is wrong with the table.
        quarantined: Rows left out.
        quarantine: Where those rows lie with their faults; none when there is no such file.
        dry_run: Whether it only tried.
        taken: Whether the book holds the good rows now.
        assumptions: What the mapping takes for granted.
        ignored: Columns of the table that the mapping does not read.
        billed_column: Where the total billed stands; empty when the table does not tell.
    """

    table: str
    source: str
    as_of: date
    rows: int
    customers: int
    ended: int
    fees: Money
    fees_ended: Money
    blank_billed: int
    added: int
    unchanged: int
    faults: tuple[Fault, ...]
    quarantined: int
    quarantine: str | None
    dry_run: bool
    taken: bool
    assumptions: tuple[str, ...]
    ignored: tuple[str, ...]
    billed_column: str

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong with the table."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            **attrs.asdict(self, filter=lambda _, value: not isinstance(value, Money)),
            "currency": self.fees.currency,
            "fees": f"{self.fees.amount:f}",
            "fees_ended": f"{self.fees_ended.amount:f}",
        }

    def __str__(self) -> str:
        lines = [f"{self.table} on the morning of {self.as_of}: {self.customers:,} customers"]
        entries = [
            ("relationships ended", f"{self.ended:,}"),
            ("monthly fees, all", str(self.fees)),
            ("monthly fees, ended", str(self.fees_ended)),
        ]
        if self.blank_billed:
            why = "nothing billed yet at tenure 0, taken as zero"
            entries.append((f"blank {self.billed_column}", f"{self.blank_billed:,}: {why}"))
        entries += [("new in the book", f"{self.added:,}"), ("there already", f"{self.unchanged:,}")]
        lines += [f"  {label:<20} {text}" for label, text in entries]
        if self.assumptions:
            lines += ["assumed by the mapping:", *(f"  - {text}" for text in self.assumptions)]
        if self.ignored:
            lines.append(f"columns not read: {', '.join(self.ignored)}")
        if self.faults:
            count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults):,} faults"
            lines += [f"{count}:", *(f"  {fault}" for fault in self.faults)]
        lines.append(self._outcome())
        return "\n".join(lines)

    def _outcome(self) -> str:
        if self.dry_run:
            return "Tried only: the book is as it was."
        if not self.taken:
            others = (
                " --take-good-rows takes the others." if self.customers and self.quarantine is None else ""
            )
            apart = "" if self.quarantine is None else f" The rows lie in {self.quarantine}"
            return f"Nothing was taken: the book is as it was.{others}{apart}"
        if self.quarantine is not None:
            rows = "1 row lies" if self.quarantined == 1 else f"{self.quarantined:,} rows lie"
            return f"Good rows were taken; {rows} in {self.quarantine}"
        return "Taken."


def import_table(
    book: Book,
    table: Table,
    mapping: TableMapping,
    *,
    as_of: date | None = None,
    dry_run: bool = False,
    take_good_rows: bool = False,
    quarantine: Path | None = None,
    actor: str = "import",
) -> ImportReport:
    """
    Take the customers of a table over into a book, in one commit.

    A table with faults changes nothing, unless its good rows shall be taken. Customers the book holds already are
    left as they are.

    Args:
        book: Into which.
        table: From `read_table`.
        mapping: What its columns mean.
        as_of: The day whose morning the table describes; the mapping's, when not said.
        dry_run: Only say what would happen.
        take_good_rows: Take the rows without fault even if others have some.
        quarantine: Where to write the rows that are left out then.
        actor: Who imports.

    Raises:
        InputError: When there is no such day, or the book's currency or zone is not the mapping's.
    """
    day = as_of_or_refusal(mapping, as_of, book.today())
    return _imported(
        book,
        table,
        mapping,
        understood(table, mapping, day),
        day,
        dry_run=dry_run,
        take_good_rows=take_good_rows,
        quarantine=quarantine,
        actor=actor,
    )


def _imported(
    book: Book,
    table: Table,
    mapping: TableMapping,
    read: Understood,
    day: date,
    *,
    dry_run: bool,
    take_good_rows: bool,
    quarantine: Path | None,
    actor: str,
    progress: Progress = _unshown,
) -> ImportReport:
    _refuse_other_book(book, mapping)
    with progress(len(read.customers)) as after_each:
        examined = book.examine(histories(read.customers, mapping, day), after_each=after_each)
    read = _without_refused(read, examined, mapping)
    taken = not dry_run and (not read.faults or (take_good_rows and bool(read.customers)))
    kept_apart = quarantine if take_good_rows and not dry_run and read.bad else None
    if kept_apart is not None:  # first, so that no row is ever neither here nor there
        write_quarantine(kept_apart, table.header, read.bad)
    if taken:
        book.adopt(examined, actor=actor, reason=f"import of {table.name} as of {day}")
    fees = [customer.fee for customer in read.customers]
    fees_ended = [customer.fee for customer in read.customers if customer.has_left]
    return ImportReport(
        table=table.name,
        source=mapping.source,
        as_of=day,
        rows=len(table.rows),
        customers=len(read.customers),
        ended=len(fees_ended),
        fees=total(fees, mapping.currency),
        fees_ended=total(fees_ended, mapping.currency),
        blank_billed=sum(customer.billed_is_blank for customer in read.customers),
        added=len(examined.new),
        unchanged=len(examined.unchanged),
        faults=read.faults,
        quarantined=len(read.bad) if kept_apart is not None else 0,
        quarantine=None if kept_apart is None else str(kept_apart),
        dry_run=dry_run,
        taken=taken,
        assumptions=mapping.assumptions,
        ignored=tuple(column for column in table.header if column not in mapping.columns()),
        billed_column="" if mapping.billed is None else mapping.billed.column,
    )


def import_file(
    path: Source,
    *,
    mapping: Source,
    book: Path,
    as_of: date | None = None,
    dry_run: bool = False,
    take_good_rows: bool = False,
    actor: str = "import",
    progress: Progress = _unshown,
    plugins: Sequence[object] | Literal["installed"] = (),
) -> ImportReport:
    """
    The same from files: a table, a mapping, and a book that is made when the import succeeds.

    Rows left out go to `quarantine_path` beside the book. *progress* is told how many customers there are, and called
    for each of them when it was looked at. *plugins* take part in the book, and may read other files than CSV.

    Raises:
        InputError: For a mapping that cannot be used.
        RetainError: For a book that cannot be.
    """
    meaning = load_mapping(mapping)
    table = read_table(path, meaning, Readers.of(plugins))
    day = as_of_or_refusal(meaning, as_of, now().astimezone(zone_of(meaning)).date())
    read = understood(table, meaning, day)
    will_take = not dry_run and (not read.faults or (take_good_rows and bool(read.customers)))
    if not is_blank(book):
        opened = Book.open(book, plugins=plugins)
    elif will_take:
        opened = Book.open(book, currency=meaning.currency, zone=meaning.zone, plugins=plugins)
    else:  # no file that would have to be taken away again
        opened = Book.in_memory(currency=meaning.currency, zone=meaning.zone, plugins=plugins)
    with opened:
        return _imported(
            opened,
            table,
            meaning,
            read,
            day,
            dry_run=dry_run,
            take_good_rows=take_good_rows,
            quarantine=quarantine_path(book, meaning),
            actor=actor,
            progress=progress,
        )


def quarantine_path(book: Path, mapping: TableMapping) -> Path:
    """Where rows of a source that a book did not take lie."""
    return book.with_name(f"{book.name}.{mapping.source}.quarantine.csv")


def as_of_or_refusal(mapping: TableMapping, as_of: date | None, today: date) -> date:
    """
    The day whose morning a table describes.

    Raises:
        InputError: When neither caller nor mapping say, or it is in the future or before 1900.
    """
    day = mapping.as_of if as_of is None else as_of
    if day is None:
        fault = Fault("as_of", "nothing", "is needed", "Give the day whose morning the table describes.")
    elif not EARLIEST <= day <= today:
        fault = Fault("as_of", str(day), f"must be {EARLIEST} to {today}", "Give the day of the table.")
    else:
        return day
    raise InputError(mapping.source, [fault])


def _refuse_other_book(book: Book, mapping: TableMapping) -> None:
    faults = [
        Fault(what, theirs, f"is not the book's, {ours}", "Import into another book.")
        for what, theirs, ours in (
            ("currency", mapping.currency, book.currency),
            ("zone", mapping.zone, book.zone.key),
        )
        if theirs != ours
    ]
    if faults:
        raise InputError(mapping.source, faults)


def _without_refused(read: Understood, examined: Examined, mapping: TableMapping) -> Understood:
    good, bad = [], list(read.bad)
    for customer in read.customers:
        error = examined.refused.get(derived_id(mapping.source, customer.key))
        if error is None:
            good.append(customer)
            continue
        place = f"line {customer.row.line}, column {mapping.key.column}"
        fault = Fault(place, customer.key, error.rule, error.remedy)
        bad.append(attrs.evolve(customer.row, faults=(*customer.row.faults, fault)))
    bad.sort(key=lambda row: row.line)
    return Understood(customers=tuple(good), bad=tuple(bad), table_faults=read.table_faults)
