"""Reading a table, CSV or what a plug-in reads, with the line of every row, and all that is wrong with it as a file."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Literal

import attrs

from retainsdk.errors import CommandError, Fault, InputError
from retainsdk.hooks import Plugins, blamed
from retainsdk.interchange.mapping import Source, TableMapping

_GZIP = b"\x1f\x8b"


@attrs.frozen(kw_only=True)
class TableRow:
    """
    One row as it stands in the file.

    Attributes:
        line: On which it begins; the header is line 1.
        cells: Its texts. Bytes that are no characters stand in them as lone surrogates.
        faults: What is wrong with it as a row.
    """

    line: int
    cells: tuple[str, ...]
    faults: tuple[Fault, ...] = ()


@attrs.frozen(kw_only=True)
class Table:
    """
    A customer table, read but not understood yet.

    Attributes:
        name: Of the file.
        header: Names of its columns.
        rows: In order.
        faults: What is wrong with the table as a whole; then no row can be understood.
    """

    name: str
    header: tuple[str, ...] = ()
    rows: tuple[TableRow, ...] = ()
    faults: tuple[Fault, ...] = ()


Read = Callable[[Source], Iterable[Sequence[str]]]
"""What makes rows of texts of a file, the names of the columns first; cells that are blank are empty texts."""


@attrs.frozen
class Readers:
    """
    Where a plug-in hands in forms of files that customer tables are read from.

    What the columns mean stays with the mapping, and rows are checked as those of a CSV file are.

    Attributes:
        by_ending: What reads a file, by how its name ends.
        plugin: Its name.
    """

    by_ending: dict[str, Read]
    plugin: str

    @staticmethod
    def of(plugins: Sequence[object] | Literal["installed"]) -> Mapping[str, Read]:
        """All readers that plug-ins offer, as `retainsdk.book.Book` takes them."""
        readers: dict[str, Read] = {}
        Plugins(plugins).each("register_importer", lambda name, _: {"registry": Readers(readers, name)})
        return readers

    def add_reader(self, ending: str, read: Read) -> None:
        """
        Add a form of files.

        Args:
            ending: How their names end, like ``.jsonl``. Files of other endings are CSV.
            read: Gives the rows of such a file, the names of the columns first; what it raises is told as a fault of
                the file.

        Raises:
            CommandError: When that is no ending, or another reader has it.
        """
        if not ending.startswith(".") or ending in self.by_ending:
            raise CommandError(
                f"reader of {ending!r}", "must have an ending of its own, like '.jsonl'", "Choose another."
            )

        def rows(path: Source) -> list[Sequence[str]]:
            with blamed(self.plugin, "register_importer", f"Check {path.name}, and what reads it."):
                found = [tuple(row) for row in read(path)]
                if not all(isinstance(cell, str) for row in found for cell in row):
                    raise TypeError("a cell that is no text")  # told as what the reader raised
                return [*found]

        self.by_ending[ending] = rows


def read_table(path: Source, mapping: TableMapping, readers: Mapping[str, Read] | None = None) -> Table:
    """
    The rows of a CSV file, plain or gzip-compressed, or of what one of the readers reads.

    It never fails: what is wrong with the file is in the table's faults.

    Args:
        path: Of the file.
        mapping: What its columns mean.
        readers: By how names end; see `Readers.of`.
    """
    name = path.name
    reader = (readers or {}).get(PurePath(name).suffix)
    if reader is not None:
        try:
            return _laid_out(name, enumerate(reader(path), start=1), mapping)
        except InputError as error:
            return Table(name=name, faults=tuple(error.faults))
    try:
        content = path.read_bytes()
        if content.startswith(_GZIP):
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        return Table(name=name, faults=(Fault(name, "", f"cannot be read ({error})", "Check the file."),))
    try:
        text = content.decode(mapping.encoding, errors="surrogateescape")
    except UnicodeError as error:
        rule = f"is not {mapping.encoding}: {error}"
        return Table(name=name, faults=(Fault(name, "", rule, "Name its encoding in the mapping."),))
    return _parsed(name, text, mapping)


def shown(cell: str) -> str:
    """A cell as people can read it, bytes that are no characters as escapes."""
    return cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _parsed(name: str, text: str, mapping: TableMapping) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True)
    header: tuple[str, ...] = ()
    rows: list[TableRow] = []
    line = 1
    try:
        for cells in reader:
            if not header:
                header = tuple(cells)
            elif cells:  # an empty line is no row
                rows.append(_row(line, tuple(cells), header, mapping))
            line = reader.line_num + 1
    except csv.Error as error:
        rows.append(TableRow(line=line, cells=(), faults=(_unreadable(line, error),)))
    return Table(name=name, header=header, rows=tuple(rows), faults=tuple(_header_faults(header, mapping)))


def _laid_out(name: str, numbered: Iterable[tuple[int, Sequence[str]]], mapping: TableMapping) -> Table:
    header: tuple[str, ...] = ()
    rows = []
    for line, cells in numbered:
        if not header:
            header = tuple(cells)
        else:
            rows.append(_row(line, tuple(cells), header, mapping))
    return Table(name=name, header=header, rows=tuple(rows), faults=tuple(_header_faults(header, mapping)))


def _unreadable(line: int, error: csv.Error) -> Fault:
    return Fault(
        f"line {line}",
        "",
        f"and what follows cannot be read ({error})",
        "Close the quotes, or shorten the cell.",
    )


def _row(line: int, cells: tuple[str, ...], header: Sequence[str], mapping: TableMapping) -> TableRow:
    faults = []
    if len(cells) != len(header):
        faults.append(
            Fault(
                f"line {line}",
                f"{len(cells)} cells",
                f"must have {len(header)} cells, as the header has",
                "Quote cells that hold the delimiter; complete rows that were cut off.",
            )
        )
    for place, cell in enumerate(cells):
        if cell.isascii() and "\0" not in cell:
            continue
        column = header[place] if place < len(header) else str(place + 1)
        where = f"line {line}, column {column}"
        if "\0" in cell:
            faults.append(Fault(where, shown(cell), "holds a NUL byte", "Export the table again."))
        if any("\ud800" <= character <= "\udfff" for character in cell):
            faults.append(
                Fault(
                    where,
                    shown(cell),
                    f"is not {mapping.encoding}",
                    "Export the table in that encoding, or name the right one in the mapping.",
                )
            )
    return TableRow(line=line, cells=cells, faults=tuple(faults))


def _header_faults(header: Sequence[str], mapping: TableMapping) -> list[Fault]:
    if not header:
        return [Fault("line 1", "", "is no header: the table is empty", "Check the file.")]
    faults = []
    needed = mapping.columns()
    if header[0].startswith("\ufeff"):
        rest = header[0].removeprefix("\ufeff").strip('"')
        faults.append(
            Fault(
                f"line 1, column {rest}",
                "byte order mark",
                f"does not belong into {mapping.encoding}",
                'Write encoding = "utf-8-sig" into the mapping, or save the table without it.',
            )
        )
        header = [rest, *header[1:]]
    other = next((mark for mark in ";\t|," if mark in header[0]), None)
    if len(header) == 1 and len(needed) > 1 and other is not None:
        rule = f"is one column by the delimiter {mapping.delimiter!r}, but looks divided by {other!r}"
        remedy = f'Write delimiter = "{other}" into the mapping.'.replace("\t", "\\t")
        return [*faults, Fault("line 1", shown(header[0]), rule, remedy)]
    faults += [
        Fault(f"line 1, column {column}", "nothing", "is missing", "Export it, or correct the mapping.")
        for column in needed
        if column not in header
    ]
    faults += [
        Fault(f"line 1, column {shown(column)}", f"{times} times", "must stand once", "Rename the others.")
        for column, times in Counter(header).items()
        if times > 1 and column in needed
    ]
    return faults
