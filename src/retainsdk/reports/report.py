"""
A report: a table with what each column means, in the forms people and programs read.

Money stays exact in all of them but the picture. Rows, totals and texts are values: nothing here looks at a book.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import orjson

from retainsdk.errors import CommandError, MissingExtraError
from retainsdk.quantities import Money
from retainsdk.reports.page import html_page
from retainsdk.reports.text_table import text_table
from retainsdk.whole_file import write_whole
from retainsdk.wording import no_formula

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 1

Cell = str | int | float | bool | Money | date | datetime | None


class Unit(StrEnum):
    """What the cells of a column are."""

    CLASS = "class"
    """A text by which rows are told apart; none is the class of those of whom it is not known."""
    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    """From 0 to 1."""
    NUMBER = "number"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    DAY = "day"
    INSTANT = "instant"
    YES_NO = "yes or no"


_WORDS = {Unit.CLASS, Unit.TEXT, Unit.DAY, Unit.INSTANT, Unit.YES_NO}


@attrs.frozen(kw_only=True)
class About:
    """
    What a report is, whatever book it is of.

    Attributes:
        name: By which it is asked for.
        title: As people call it.
        question: What it answers.
    """

    name: str
    title: str
    question: str


@attrs.frozen(kw_only=True)
class Column:
    """
    One column.

    Attributes:
        name: Its heading, unique in the report.
        unit: Of its cells; none of them is what is not known or does not apply.
        meaning: What stands in it, in a sentence.
    """

    name: str
    unit: Unit
    meaning: str

    @property
    def is_text(self) -> bool:
        """Whether its cells are read, not reckoned with."""
        return self.unit in _WORDS


@attrs.frozen(kw_only=True)
class Picture:
    """
    Which columns a picture of the report shows, as bars.

    Attributes:
        label: The column that names the bars.
        value: The column that says how long they are.
        low: The column with the lower end of an interval; empty for none.
        high: The column with the upper end.
        colour: The column that tells bars of one name apart; empty for none.
        in_order: Whether the rows' order has a meaning; else the longest bar comes first.
    """

    label: str
    value: str
    low: str = ""
    high: str = ""
    colour: str = ""
    in_order: bool = False


@attrs.frozen(kw_only=True)
class Report:
    """
    A table drawn up from a book.

    Attributes:
        name: By which it is asked for.
        title: As people call it.
        question: What it answers.
        as_of: The instant whose state it shows.
        currency: Of all its money.
        columns: What stands in the cells, in their order.
        rows: The cells.
        total: One row more, over everything; none where it means nothing.
        notes: What to know before using it; warnings above all.
        definitions: Words used, each with what it means.
        picture: What to draw of it; none where a table says it best.
    """

    name: str
    title: str
    question: str
    as_of: datetime
    currency: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    notes: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    picture: Picture | None = None

    def column(self, name: str) -> list[Cell]:
        """
        The cells of one column, without the total.

        Raises:
            KeyError: When there is no such column.
        """
        place = self._place(name)
        return [row[place] for row in self.rows]

    def total_of(self, name: str) -> Cell:
        """
        The total of one column.

        Raises:
            KeyError: When there is no such column, or no total.
        """
        if self.total is None:
            raise KeyError(name)
        return self.total[self._place(name)]

    def records(self) -> list[dict[str, Cell]]:
        """The rows by the names of the columns."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def as_json(self) -> dict[str, Any]:
        """
        For programs: the documented form of ``--json``.

        Money is a decimal text, days and instants are ISO 8601, what is not known is null. A row is an object by the
        names of the columns.
        """
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "as_of": self.as_of.isoformat(),
            "currency": self.currency,
            "columns": [
                {"name": it.name, "unit": it.unit.value, "meaning": it.meaning} for it in self.columns
            ],
            "rows": [self._as_object(row) for row in self.rows],
            "total": None if self.total is None else self._as_object(self.total),
            "notes": list(self.notes),
            "definitions": dict(self.definitions),
        }

    def as_csv(self) -> str:
        """
        For spreadsheets: a heading and the rows, without the total, which a spreadsheet would count twice.

        A text that a spreadsheet would take for a formula begins with an apostrophe.
        """
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(no_formula(column.name) for column in self.columns)
        writer.writerows([_in_csv(cell) for cell in row] for row in self.rows)
        return out.getvalue()

    def as_arrow(self) -> pa.Table:
        """
        The rows as an Arrow table; texts, units and notes stand in its metadata.

        Money is a decimal with as many digits as its most precise cell.

        Raises:
            MissingExtraError: When pyarrow is not installed.
        """
        try:
            import pyarrow as pa  # noqa: PLC0415 # only when asked for
        except ImportError as error:
            raise MissingExtraError("formats", "pyarrow") from error
        fields, arrays = [], []
        for place, column in enumerate(self.columns):
            cells = [_plain(row[place]) for row in self.rows]
            kind = _arrow_type(pa, column.unit, cells)
            arrays.append(pa.array(cells, type=kind))
            fields.append(
                pa.field(column.name, kind, metadata={"unit": column.unit.value, "meaning": column.meaning})
            )
        told = {"name": self.name, "title": self.title, "as_of": self.as_of.isoformat()}
        notes = {"currency": self.currency, "notes": "\n".join(self.notes)}
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=told | notes))

    def as_html(self) -> str:
        """
        One page that opens without a network: the table, what it means, and a picture.

        The picture needs the extra ``plots``; without it the page says so and has the rest.
        """
        return html_page(
            title=self.title,
            question=self.question,
            as_of=self._when(),
            headings=[(self._heading(it), it.meaning, it.is_text) for it in self.columns],
            rows=[self._shown(row) for row in self.rows],
            total=self._shown_total(),
            notes=self.notes,
            definitions=self.definitions,
            picture=self._drawing(),
        )

    def save(self, path: Path, forms: Mapping[str, Form] | None = None) -> None:
        """
        Write it to a file, whole or not at all, in the form its name ends in: csv, json, html or arrow.

        Args:
            path: Of the file.
            forms: What it can be written in, by how names end: `Book.report_forms`, where plug-ins add some.

        Raises:
            CommandError: When the name ends in another way.
            MissingExtraError: When the form needs what is not installed.
            StoreError: When the file cannot be written.
        """
        known = FORMS if forms is None else forms
        form = known.get(path.suffix)
        if form is None:
            raise CommandError(
                f"file {path.name!r}", "says no form that reports have", f"End it in {', '.join(known)}."
            )
        write_whole(path, form(self))

    def __str__(self) -> str:
        total = self._shown_total()
        lines = [f"{self.title}, {self._when()}", ""]
        lines += text_table(
            [self._heading(column) for column in self.columns],
            [self._shown(row) for row in self.rows],
            total,
            left=[column.is_text for column in self.columns],
        )
        if not self.rows:
            lines.append("nothing to report")
        if self.notes:
            lines += ["", *self.notes]
        return "\n".join(lines)

    def _when(self) -> str:
        return f"as of {self.as_of:%Y-%m-%d %H:%M %Z}".rstrip()

    def _place(self, name: str) -> int:
        for place, column in enumerate(self.columns):
            if column.name == name:
                return place
        raise KeyError(name)

    def _heading(self, column: Column) -> str:
        said = {Unit.MONEY: self.currency, Unit.SHARE: "%"}
        units = {Unit.MINUTES: "min", Unit.HOURS: "h", Unit.DAYS: "days"}
        unit = {**said, **units}.get(column.unit)
        return f"{column.name}, {unit}" if unit else column.name

    def _as_object(self, row: Sequence[Cell]) -> dict[str, Any]:
        return {column.name: _in_json(cell) for column, cell in zip(self.columns, row, strict=True)}

    def _shown(self, row: Sequence[Cell]) -> list[str]:
        return [_in_words(cell, column.unit) for column, cell in zip(self.columns, row, strict=True)]

    def _shown_total(self) -> list[str] | None:
        if self.total is None:
            return None
        shown = [
            "" if cell is None and column.is_text else _in_words(cell, column.unit)
            for column, cell in zip(self.columns, self.total, strict=True)
        ]
        return ["total" if not shown[0] and self.columns[0].is_text else shown[0], *shown[1:]]

    def _drawing(self) -> dict[str, Any] | str:
        """The picture, or a sentence in its place where there is nothing to draw."""
        if self.picture is None:
            return ""
        if all(cell is None for cell in self.column(self.picture.value)):
            return f"Nothing to draw: of no row “{self.picture.value}” is known." if self.rows else ""
        return self._spec(self.picture)

    def _spec(self, picture: Picture) -> dict[str, Any]:
        by_name = {column.name: column for column in self.columns}
        names = [it for it in (picture.label, picture.value, picture.low, picture.high, picture.colour) if it]
        values = [
            {
                f"c{place}": _drawn(row[self._place(name)], by_name[name].unit)
                for place, name in enumerate(names)
            }
            for row in self.rows
        ]
        field = {name: f"c{place}" for place, name in enumerate(names)}
        y = {"field": field[picture.label], "type": "nominal", "title": None, "axis": {"labelLimit": 220}}
        y["sort"] = None if picture.in_order else "-x"
        percent = by_name[picture.value].unit is Unit.SHARE
        axis = {"format": "%"} if percent else {}
        x = {"field": field[picture.value], "type": "quantitative", "axis": axis}
        x["title"] = picture.value if percent else self._heading(by_name[picture.value])
        bars: dict[str, Any] = {"mark": "bar", "encoding": {"y": y, "x": x}}
        if picture.colour:
            bars["encoding"] |= {
                "color": {"field": field[picture.colour], "type": "nominal", "title": picture.colour},
                "yOffset": {"field": field[picture.colour]},
            }
        layers = [bars]
        if picture.low:
            rule = {
                "y": y,
                "x": {"field": field[picture.low], "type": "quantitative", "title": x["title"]},
                "x2": {"field": field[picture.high]},
            }
            if picture.colour:
                rule["yOffset"] = {"field": field[picture.colour]}
            layers.append({"mark": "rule", "encoding": rule})
        return {
            "data": {"values": values},
            "layer": layers,
            "width": "container",
            "height": {"step": 28 if not picture.colour else 14},
            "description": f"Bars: {picture.value} by {picture.label}.",
        }


def _plain(cell: Cell) -> Any:  # noqa: ANN401 # whatever a cell is
    return cell.amount if isinstance(cell, Money) else cell


def _in_json(cell: Cell) -> Any:  # noqa: ANN401 # the same
    if isinstance(cell, Money):
        return f"{cell.amount:f}"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return no_formula(cell) if isinstance(cell, str) else str(_in_json(cell))


def _in_words(cell: Cell, unit: Unit) -> str:
    if cell is None:
        return "(unknown)" if unit is Unit.CLASS else "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Money):
        return f"{cell.amount:,f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float):
        return f"{cell * 100:.1f}" if unit is Unit.SHARE else f"{cell:,.1f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _drawn(cell: Cell, unit: Unit) -> Any:  # noqa: ANN401 # as Vega-Lite takes it
    if isinstance(cell, Money):
        return float(cell.amount)  # a bar's length; the table has the exact amount
    return _in_words(cell, unit) if unit in _WORDS else cell


def _arrow_type(pa: Any, unit: Unit, cells: Sequence[Any]) -> Any:  # noqa: ANN401 # pyarrow, loaded late
    if unit is Unit.MONEY:
        digits = [-int(cell.as_tuple().exponent) for cell in cells if isinstance(cell, Decimal)]
        return pa.decimal128(38, max([2, *digits]))
    types = {
        Unit.COUNT: pa.int64(),
        Unit.DAY: pa.date32(),
        Unit.INSTANT: pa.timestamp("us", tz="UTC"),
        Unit.YES_NO: pa.bool_(),
        Unit.CLASS: pa.string(),
        Unit.TEXT: pa.string(),
    }
    return types.get(unit, pa.float64())


def _arrow_file(report: Report) -> bytes:
    table = report.as_arrow()
    import pyarrow as pa  # noqa: PLC0415 # it is there, or the table would not be

    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


Form = Callable[[Report], bytes]
"""What makes a file of a report."""

FORMS: Mapping[str, Form] = {
    ".csv": lambda report: report.as_csv().encode(),
    ".json": lambda report: orjson.dumps(report.as_json(), option=orjson.OPT_INDENT_2),
    ".html": lambda report: report.as_html().encode(),
    ".arrow": _arrow_file,
}
"""By how the name of a file ends."""
