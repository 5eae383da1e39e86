"""
How a book fills the columns of a view: one function a theme, one entry a column; none stands for unknown.

`who`, `agreed` and `heard` hold the themes, `reading` what they are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.book_view import agreed, heard, who
from retainsdk.book_view.reading import Cells, Reading
from retainsdk.ledger import Ledger
from retainsdk.opinion import Opinions
from retainsdk.view import BY_NAME, BookView, Column, empty_view

__all__ = ["filled_view"]

_THEMES = (*who.THEMES, *agreed.THEMES, *heard.THEMES)


def filled_view(ledger: Ledger, as_of: datetime, opinions: Opinions) -> BookView:
    """
    The view of everybody in a ledger.

    Args:
        ledger: Folded from what had occurred by *as_of*.
        as_of: The instant whose state is shown.
        opinions: What plug-ins say of everybody.
    """
    if not ledger.accounts:
        return empty_view(as_of, ledger.currency)
    readings = Reading.all(ledger, as_of, opinions)
    columns: dict[str, NDArray[Any]] = {}
    known: dict[str, NDArray[np.bool_]] = {}
    for theme in _THEMES:
        rows = [theme(reading) for reading in readings]
        # of many themes nothing is recorded of anybody, and then they say one and the same of all
        told = rows[:1] if all(row is rows[0] for row in rows) else rows
        for name in rows[0]:
            _fill(BY_NAME[name], told, len(rows) // len(told), columns, known)
    return BookView(as_of=as_of, currency=ledger.currency, columns=columns, known=known)


def _fill(
    column: Column,
    rows: Sequence[Cells],
    repeated: int,
    columns: dict[str, NDArray[Any]],
    known: dict[str, NDArray[np.bool_]],
) -> None:
    cells = [row[column.name] for row in rows]
    if column.optional:
        is_known = np.array([cell is not None for cell in cells], dtype=np.bool_)
        known[column.name] = np.repeat(is_known, repeated)
        if None in cells:
            cells = [0 if cell is None else cell for cell in cells]
    columns[column.name] = np.repeat(_held(cells, np.dtype(column.dtype)), repeated)


def _held(cells: Sequence[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Figures as a column holds them; of one beyond what it can hold, the most it can: nothing makes a book unreadable."""
    try:
        with np.errstate(over="raise"):
            return np.array(cells, dtype=dtype)
    except (OverflowError, FloatingPointError):
        least, most = _range(dtype)
        return np.array([min(max(cell, least), most) for cell in cells], dtype=dtype)


def _range(dtype: np.dtype[Any]) -> tuple[Any, Any]:
    if dtype.kind == "f":
        return float(np.finfo(dtype).min), float(np.finfo(dtype).max)
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
