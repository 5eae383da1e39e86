"""The file for rows that could not be taken: whoever corrects them finds the reason beside each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from retainsdk.interchange.csv_table import TableRow, shown
from retainsdk.whole_file import write_whole
from retainsdk.wording import no_formula

REASON_COLUMNS = ("line", "fault", "remedy")


def harmless(cell: str) -> str:
    """
    A cell that no spreadsheet takes for a formula: what looks like one gets an apostrophe before it.

    >>> harmless("=1+1"), harmless("Noa")
    ("'=1+1", 'Noa')
    """
    return no_formula(shown(cell).replace("\0", "\\0"))


def write_quarantine(path: Path, header: Sequence[str], rows: Iterable[TableRow]) -> None:
    """Write the rows with their faults in three columns before them; the file is whole or not there."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([*REASON_COLUMNS, *(harmless(name) for name in header)])
    for row in rows:
        faults = "; ".join(f"{fault.place}: {fault.value!r} {fault.rule}" for fault in row.faults)
        remedies = " ".join(dict.fromkeys(fault.remedy for fault in row.faults))
        writer.writerow([row.line, harmless(faults), harmless(remedies), *map(harmless, row.cells)])
    write_whole(path, file.getvalue())
