"""
How a book fills the columns of a view: one function a theme, one entry a column; none stands for unknown.

`who`, `agreed` and `heard` hold the themes, `reading` what they are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.book_view import agreed, heard, who
from retainsdk.book_view.reading import Reading
from retainsdk.ledger import Ledger
from retainsdk.view import COLUMNS, BookView, Column, empty_view

__all__ = ["filled_view"]

_THEMES = (*who.THEMES, *agreed.THEMES, *heard.THEMES)


def filled_view(ledger: Ledger, as_of: datetime) -> BookView:
    """
    The view of everybody in a ledger.

    Args:
        ledger: Folded from what had occurred by *as_of*.
        as_of: The instant whose state is shown.
    """
    if not ledger.accounts:
        return empty_view(as_of, ledger.currency)
    readings = Reading.all(ledger, as_of)
    columns: dict[str, NDArray[Any]] = {}
    known: dict[str, NDArray[np.bool_]] = {}
    for theme in _THEMES:
        rows = [theme(reading) for reading in readings]
        names = tuple(rows[0])
        for name, cells in zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True):
            _fill(_COLUMNS[name], cells, columns, known)
    return BookView(as_of=as_of, currency=ledger.currency, columns=columns, known=known)


_COLUMNS: dict[str, Column] = {column.name: column for column in COLUMNS}


def _fill(
    column: Column,
    cells: Sequence[Any],
    columns: dict[str, NDArray[Any]],
    known: dict[str, NDArray[np.bool_]],
) -> None:
    if column.optional and None in cells:
        known[column.name] = np.array([cell is not None for cell in cells], dtype=np.bool_)
        cells = [0 if cell is None else cell for cell in cells]
    columns[column.name] = np.array(cells, dtype=column.dtype)
