"""
Where the data come from: a table of one day, a table with days of entry and leaving, or a book.

All three become the same: a view of the customers on the day of a snapshot, from which worlds are drawn, and a panel
that says who of them left when.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import attrs
import numpy as np

from retainsdk.book import Book
from retainsdk.errors import Fault, InputError, MissingExtraError
from retainsdk.interchange.csv_table import TableRow, shown
from retainsdk.interchange.mapping import PlainColumn, Source
from retainsdk.interchange.rows import understood
from retainsdk.interchange.table import (
    Table,
    TableMapping,
    import_table,
    load_mapping,
    read_mapping,
    read_table,
)
from retainsdk.interchange.telco import telco_mapping, telco_table
from retainsdk.journal import derived_id
from retainsdk.quantities import months_later
from retainsdk.view import BookView
from retainsdk.vocabulary import CaseKind
from retainsim.calibration.panel import STILL_HERE, Panel, panel_of, served

YEAR = 12

READ_AS_A_YEAR = (
    "The source says who left and not when. Its label (in the telco table: “left within the last month”, which as a "
    "monthly rate no firm survives) is read as leaving within {months} months of the snapshot."
)
NO_SURVIVAL = "Survival is not fitted to it: those who had left before the snapshot are not in it (it is left-truncated)."
ONLY_WHOM_IT_HOLDS = (
    "Only whom the source holds is counted: if some who left since {day} are missing, customers seem to stay longer "
    "than they do."
)
_TENURE = "tenure by entry"
_DATES = "dates"
_SAME_DAY = 0.9
"""If so many of those who left did on one day, it is the day of a snapshot and no history."""
_A_FEW = 10
"""Leavers below which that may be chance."""


@attrs.frozen(kw_only=True, eq=False)
class Observed:
    """
    What is calibrated to.

    Attributes:
        name: Of the table or book.
        snapshot: The day on which the panel begins.
        view: Of the customers on that day; worlds are drawn from it.
        panel: Who of them left when.
        reading: How the source was read, and what that takes for granted; one sentence each.
    """

    name: str
    snapshot: date
    view: BookView
    panel: Panel
    reading: tuple[str, ...]

    def __attrs_post_init__(self) -> None:
        left = int((self.panel.left != STILL_HERE).sum())
        if 0 < left < len(self.panel):
            return
        what = (
            f"{len(self.panel):,} customers on {self.snapshot}, {left:,} of whom left"
            if len(self.panel)
            else f"no customer on {self.snapshot}"
        )
        rule = "must hold some who left and some who stayed"
        remedy = "Check the mapping of who left, and the day; leaving cannot be learned from this."
        raise InputError(self.name, [Fault(self.name, what, rule, remedy)])


def observed_table(
    path: Source, *, mapping: Source | None = None, as_of: date | None = None, months: int = YEAR
) -> Observed:
    """
    A table, CSV or Parquet.

    Args:
        path: Of the table.
        mapping: What its columns mean, as `retainsdk import` takes it; besides, a section ``[dates]`` may name columns
            ``entered``, ``left`` and ``complained`` with days like 2026-01-31, and then ``tenure`` and ``ended`` may be
            left out. None takes the table for one with the columns of the telco table.
        as_of: The day whose morning the table describes; the mapping's, when not said.
        months: Horizon: within how many months leaving is looked at.

    Raises:
        InputError: Naming everything that is wrong with the mapping or the table.
        MissingExtraError: For a Parquet file without pyarrow.
    """
    meaning, dates = _loaded(telco_mapping() if mapping is None else mapping)
    # tenure is reckoned from the day of entry, so that column must be there
    needed = meaning if dates is None else attrs.evolve(meaning, tenure=PlainColumn(column=dates.entered))
    table = read_table(path, needed, {".parquet": _parquet_rows})
    day = meaning.as_of if as_of is None else as_of
    faults = [*table.faults, *_missing(table, needed, dates), *_impossible(meaning, dates, day, months)]
    if faults or day is None:
        raise InputError(table.name, faults)
    if dates is not None:
        return _dated(table, meaning, dates, day, months)
    with _imported(table, meaning, day) as book:
        view = book.view(_eve(day, book))
    rows = understood(table, meaning, day).customers
    gone = {derived_id(meaning.source, row.key) for row in rows if row.has_left}
    here = view.relationship[served(view)]
    left = np.where([int(it) in gone for it in here], months, STILL_HERE).astype(np.int16)
    return Observed(
        name=table.name,
        snapshot=day,
        view=view,
        panel=panel_of(view, left, months=months, is_dated=False),
        reading=(READ_AS_A_YEAR.format(months=months), NO_SURVIVAL, *meaning.assumptions),
    )


def observed_telco(*, months: int = YEAR) -> Observed:
    """The bundled telco table."""
    return observed_table(telco_table(), months=months)


def observed_book(book: Book, *, name: str, as_of: datetime | None = None, months: int = YEAR) -> Observed:
    """
    A book: its relationships' own days of entry and leaving, its contracts and complaints.

    The panel begins so many months before *as_of*. If nearly all who left did so on one day, the book was taken over from
    a snapshot: the panel then begins on its eve, and months are not known.

    Args:
        book: Open.
        name: As reports call it.
        as_of: The instant up to which it is read; now, if not said.
        months: Length of the panel.

    Raises:
        InputError: When nobody left, or everybody, or nobody was a customer.
    """
    end = book.now() if as_of is None else as_of
    ledger = book.ledger(as_of=end)
    ends = {
        id_: [spell.ended for spell in account.relationship.spells if spell.ended and spell.ended <= end]
        for id_, account in ledger.accounts.items()
    }
    start = _months_before(end, months, book)
    snapshot = _day_of_a_snapshot([at for its in ends.values() for at in its if at > start], book)
    if snapshot is not None:
        start = _eve(snapshot, book)
    view = book.view(start)
    ids = [int(it) for it in view.relationship[served(view)]]
    limits = [_months_after(start, month, book) for month in range(1, months + 1)]
    first = [min((at for at in ends[id_] if at > start), default=None) for id_ in ids]
    left = np.array([_month_of(at, limits) for at in first], dtype=np.int16)
    if snapshot is not None:
        left = np.where([at is not None for at in first], months, STILL_HERE).astype(np.int16)
    complaints = [
        [case.opened_at for case in ledger.accounts[id_].cases.values() if case.kind is CaseKind.COMPLAINT]
        for id_ in ids
    ]
    complained = np.zeros((len(ids), months), dtype=np.bool_)
    for row, opened in enumerate(complaints):
        for at in opened:
            if start < at and (month := _month_of(at, limits)) != STILL_HERE:
                complained[row, month - 1] = True
    day = start.astimezone(book.zone).date()
    return Observed(
        name=name,
        snapshot=day,
        view=view,
        panel=panel_of(
            view,
            left,
            months=months,
            is_dated=snapshot is None,
            complained=complained if complained.any() and snapshot is None else None,
        ),
        reading=(READ_AS_A_YEAR.format(months=months), NO_SURVIVAL)
        if snapshot is not None
        else (ONLY_WHOM_IT_HOLDS.format(day=day),),
    )


@attrs.frozen(kw_only=True)
class DateColumns:
    """
    Columns with days.

    Attributes:
        entered: First day of service.
        left: First day without; empty of who is still there.
        complained: Of complaints, divided by spaces; empty if there was none. None when the table does not tell.
    """

    entered: str
    left: str
    complained: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Their names."""
        return (self.entered, self.left, *([] if self.complained is None else [self.complained]))


def _loaded(mapping: Source) -> tuple[TableMapping, DateColumns | None]:
    """The mapping and its section on days, which an import into a book does not know."""
    try:
        table = tomllib.loads(mapping.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return load_mapping(mapping), None  # which says what is wrong
    section = table.pop(_DATES, None)
    if section is None:
        return load_mapping(mapping), None
    dates = _date_columns(section, str(mapping))
    table["tenure"] = {"column": _TENURE}
    table.pop("ended", None)
    return read_mapping(_as_toml(table), str(mapping)), dates


def _date_columns(section: object, name: str) -> DateColumns:
    named = {field.name for field in attrs.fields(DateColumns)}
    given: Mapping[str, Any] = section if isinstance(section, dict) else {}
    faults = [
        Fault(f"{_DATES}.{key}", "nothing", "is needed", 'Name the column, like { column = "entered" }.')
        for key in ("entered", "left")
        if key not in given
    ]
    faults += [
        Fault(f"{_DATES}.{key}", str(value), "is no column of days", f"Use {', '.join(sorted(named))}.")
        for key, value in given.items()
        if key not in named or not (isinstance(value, dict) and isinstance(value.get("column"), str))
    ]
    if faults:
        raise InputError(name, faults)
    return DateColumns(**{key: value["column"] for key, value in given.items()})


def _as_toml(table: Mapping[str, Any]) -> str:
    """The mapping without its section on days, for who reads mappings from text."""
    return "\n".join(f"{_quoted(key)} = {_toml(value)}" for key, value in table.items())


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key)} = {_toml(it)}" for key, it in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(it) for it in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return _quoted(value) if isinstance(value, str) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(it if it >= " " and it != "\x7f" else f"\\u{ord(it):04x}" for it in escaped) + '"'


def _missing(table: Table, read: TableMapping, dates: DateColumns | None) -> list[Fault]:
    """Columns with days that are not there, and that reading the table did not miss."""
    if dates is None or not table.header:
        return []
    return [
        Fault(f"line 1, column {column}", "nothing", "is missing", "Export it, or correct the mapping.")
        for column in dates.columns
        if column not in table.header and column not in read.columns()
    ]


def _impossible(
    meaning: TableMapping, dates: DateColumns | None, day: date | None, months: int
) -> list[Fault]:
    faults = []
    if day is None:
        remedy = "Give it, or write as_of into the mapping."
        faults.append(Fault("as-of", "nothing", "must be the day whose morning the table describes", remedy))
    if meaning.ended is None and dates is None:
        remedy = "Name the column in ended, or columns with days in [dates]."
        faults.append(Fault("mapping", "nothing", "must say who left", remedy))
    if months < 1:
        faults.append(Fault("months", str(months), "must be at least 1", "Usual is 12."))
    return faults


def _imported(table: Table, meaning: TableMapping, day: date) -> Book:
    book = Book.in_memory(currency=meaning.currency, zone=meaning.zone)
    report = import_table(book, table, meaning, as_of=day)
    if report.faults:
        raise InputError(table.name, report.faults)
    return book


def _eve(day: date, book: Book) -> datetime:
    """The beginning of the day before: on the morning of the day itself leavers are gone."""
    return datetime.combine(day - timedelta(days=1), time(), book.zone).astimezone(UTC)


def _parquet_rows(path: Source) -> Iterable[Sequence[str]]:
    try:
        from pyarrow import ArrowException, parquet  # noqa: PLC0415 # only for such a file
    except ModuleNotFoundError as error:
        raise MissingExtraError("formats", "pyarrow") from error
    try:
        with path.open("rb") as file:
            table = parquet.read_table(file)
    except (OSError, ArrowException) as error:
        raise InputError(
            path.name, [Fault(path.name, "", f"cannot be read ({error})", "Check the file.")]
        ) from error
    yield table.column_names
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield ["" if cell is None else _cell(cell) for cell in row]


def _cell(value: object) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


@attrs.frozen(kw_only=True)
class _Days:
    """The days one row tells."""

    entered: date
    left: date | None
    complained: tuple[date, ...]


def _dated(table: Table, meaning: TableMapping, dates: DateColumns, end: date, months: int) -> Observed:
    """As it stood months before its end: who was a customer then, and what the rest of the table says of him."""
    snapshot = months_later(end, -months)
    rows, days, faults = [], {}, []
    key = table.header.index(meaning.key.column)
    for row in table.rows:
        told, wrong = _days_of(row, table.header, dates, end)
        faults += wrong
        if told is None:
            rows.append(_with_tenure(row, "0"))  # so that its other faults are found too
        elif told.entered < snapshot and (told.left is None or told.left >= snapshot):
            tenure = _whole_months(told.entered, snapshot)
            rows.append(_with_tenure(row, str(tenure)))
            days[derived_id(meaning.source, row.cells[key])] = told
    then = attrs.evolve(table, header=(*table.header, _TENURE), rows=tuple(rows))
    faults += understood(then, meaning, snapshot).faults
    if faults:
        raise InputError(table.name, sorted(faults, key=_line))
    with _imported(then, meaning, snapshot) as book:
        view = book.view(_eve(snapshot, book))
    of = [days[int(it)] for it in view.relationship[served(view)]]
    limits = [months_later(snapshot, month) for month in range(1, months + 1)]
    complained = None
    if dates.complained is not None:
        complained = np.zeros((len(of), months), dtype=np.bool_)
        for place, told in enumerate(of):
            for day in told.complained:
                if day >= snapshot and (month := _month_of(day, limits)) != STILL_HERE:
                    complained[place, month - 1] = True
    elsewhen = len(table.rows) - len(rows)
    return Observed(
        name=table.name,
        snapshot=snapshot,
        view=view,
        panel=panel_of(
            view,
            np.array([_month_of(told.left, limits) for told in of], dtype=np.int16),
            months=months,
            is_dated=True,
            complained=complained,
        ),
        reading=(
            f"The table knows everything up to {end}; the {len(of):,} customers of {snapshot} are followed from then on."
            + (f" {elsewhen:,} others came later or had left before." if elsewhen else ""),
            ONLY_WHOM_IT_HOLDS.format(day=snapshot),
            *meaning.assumptions,
        ),
    )


def _days_of(
    row: TableRow, header: Sequence[str], dates: DateColumns, end: date
) -> tuple[_Days | None, list[Fault]]:
    if len(row.cells) != len(header):
        return None, []  # which is a fault of its own
    faults: list[Fault] = []

    def read(column: str, cell: str) -> date | None:
        try:
            told = date.fromisoformat(cell)
        except ValueError:
            told = None
        if told is None or told > end:
            rule = f"must be a day like 2026-01-31, not after {end}"
            remedy = "Correct the cell, or give a later day to --as-of."
            faults.append(Fault(f"line {row.line}, column {column}", shown(cell), rule, remedy))
        return told

    def cell(column: str) -> str:
        return row.cells[header.index(column)].strip()

    entered = read(dates.entered, cell(dates.entered))
    left = read(dates.left, cell(dates.left)) if cell(dates.left) else None
    complaints = [] if dates.complained is None else cell(dates.complained).split()
    complained = [read(dates.complained or "", it) for it in complaints]
    if entered is not None and left is not None and left < entered:
        place = f"line {row.line}, column {dates.left}"
        faults.append(
            Fault(place, str(left), f"must not be before {entered}, the day of entry", "Swap them?")
        )
    if faults or entered is None:
        return None, faults
    return _Days(entered=entered, left=left, complained=tuple(it for it in complained if it)), []


def _with_tenure(row: TableRow, tenure: str) -> TableRow:
    return attrs.evolve(row, cells=(*row.cells, tenure))


def _line(fault: Fault) -> int:
    number = fault.place.removeprefix("line ").split(",")[0]
    return int(number) if number.isdecimal() else 0


def _whole_months(start: date, end: date) -> int:
    months = YEAR * (end.year - start.year) + end.month - start.month
    return months if months_later(start, months) <= end else months - 1


def _month_of(when: Any, limits: Sequence[Any]) -> int:  # noqa: ANN401 # a day or an instant, as the limits are
    """In which month something happened, from 1; `STILL_HERE` when it did not, or later."""
    return next(
        (month for month, limit in enumerate(limits, start=1) if when is not None and when < limit),
        STILL_HERE,
    )


def _months_before(end: datetime, months: int, book: Book) -> datetime:
    return _months_after(end, -months, book)


def _months_after(start: datetime, months: int, book: Book) -> datetime:
    local = start.astimezone(book.zone)
    return datetime.combine(months_later(local.date(), months), local.timetz()).astimezone(UTC)


def _day_of_a_snapshot(ends: Sequence[datetime], book: Book) -> date | None:
    """The day on which nearly all left."""
    days = Counter(at.astimezone(book.zone).date() for at in ends)
    if not days:
        return None
    day, count = days.most_common(1)[0]
    return day if count >= max(_SAME_DAY * len(ends), _A_FEW) else None
