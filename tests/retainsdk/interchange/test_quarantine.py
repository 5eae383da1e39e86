from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.interchange.csv_table import TableRow
from retainsdk.interchange.quarantine import harmless, write_quarantine


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "\uff1d1"])
def test_what_looks_like_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@given(st.text(max_size=6))
def test_no_cell_begins_a_formula_and_none_loses_its_text(cell: str) -> None:
    text = harmless(cell)

    assert text.lstrip(" ")[:1] not in set("=+-@\t\r\n")
    assert text.removeprefix("'").endswith(cell.replace("\0", "\\0").removeprefix("'"))


def test_a_quarantine_reads_back_as_csv_whatever_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    cells = ("a,b", 'say "hi"', "two\nlines", "nul\0", "bad\udce9")

    write_quarantine(path, ["x"], [TableRow(line=2, cells=cells)])

    with path.open(encoding="utf-8", newline="") as file:
        _, row = csv.reader(file)
    assert row == ["2", "", "", "a,b", 'say "hi"', "two\nlines", "nul\\0", "bad\\xe9"]
    assert [it.name for it in tmp_path.iterdir()] == ["q.csv"]
