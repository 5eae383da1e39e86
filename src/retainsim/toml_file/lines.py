"""Where keys stand in the text of a TOML file: what is wrong is told with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str, ...]
"""Keys from the top of the file, like ``("parameters", "service", "incident_rate")``."""

_HEADER = re.compile(r"\s*\[\[?([^\[\]#]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=(.*)""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_QUOTES = ('"""', "'''")


def lines_of(text: str) -> Mapping[Path, int]:
    r"""
    The line of each table and of each key that begins a line, counted from 1.

    >>> lines_of('a = 1\n[b.c]  # about c\n"d e" = {f = 2}\n')
    {('a',): 1, ('b', 'c'): 2, ('b', 'c', 'd e'): 3}
    """
    found: dict[Path, int] = {}
    table: Path = ()
    quote = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if quote:
            quote = "" if quote in line else quote
            continue
        if header := _HEADER.match(line):
            table = _parts(header[1])
            found.setdefault(table, number)
        elif key := _KEY.match(line):
            found.setdefault((*table, *_parts(key[1])), number)
            quote = next((it for it in _QUOTES if key[2].count(it) % 2), "")
    return found


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
