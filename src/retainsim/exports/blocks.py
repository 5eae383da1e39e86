"""What is told in blocks, whatever shows it: a heading, a table and some lines, in one language."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Block:
    """
    One thing that is told.

    Attributes:
        heading: Above it; empty where there is none.
        rows: Of a table, that of its headings first; empty where there is none.
        lines: Below the table.
    """

    heading: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    lines: tuple[str, ...] = ()
