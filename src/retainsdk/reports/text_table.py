"""A table for a terminal: columns aligned by the width in which a terminal shows them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_GAP = "  "


def on_one_line(text: str) -> str:
    r"""
    A text of somebody else, whose control characters are not for a terminal.

    >>> on_one_line("N\n\x1b[31mo")
    'N\\n\\x1b[31mo'
    """
    return "".join(mark if mark.isprintable() else repr(mark)[1:-1] for mark in text)


def width(text: str) -> int:
    r"""
    How many cells of a terminal a text takes: none for a mark above or below a letter, two for a wide sign.

    >>> width("\N{HEBREW LETTER SHIN}\N{HEBREW POINT QAMATS}\N{HEBREW LETTER LAMED}"), width("名")
    (2, 2)
    """
    return sum(_cells(mark) for mark in text)


def _cells(mark: str) -> int:
    if unicodedata.category(mark) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(mark) in {"W", "F"} else 1


def text_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] | None,
    *,
    left: Sequence[bool],
) -> list[str]:
    """
    The lines of a table: headings, a rule, the rows, and the total below another rule.

    Args:
        headings: Of the columns.
        rows: Cells as they are shown.
        total: The last row; none for none.
        left: For each column whether it is aligned to the left.
    """
    shown = [
        [on_one_line(cell) for cell in row] for row in (headings, *rows, *([] if total is None else [total]))
    ]
    widths = [max(map(width, cells)) for cells in zip(*shown, strict=True)]
    lines = [_line(row, widths, left) for row in shown]
    rule = _GAP.join("-" * wide for wide in widths)
    lines.insert(1, rule)
    if total is not None:
        lines.insert(-1, rule)
    return lines


def _line(cells: Sequence[str], widths: Sequence[int], left: Sequence[bool]) -> str:
    padded = [
        cell + " " * (wide - width(cell)) if is_left else " " * (wide - width(cell)) + cell
        for cell, wide, is_left in zip(cells, widths, left, strict=True)
    ]
    return _GAP.join(padded).rstrip()
