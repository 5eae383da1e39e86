"""
Text from right to left inside lines from left to right.

A terminal that reorders by itself shows a Hebrew name rightly only when it is told where the name begins and ends: else the
numbers and brackets beside it are drawn into it. Unicode has isolates for that, which take no room.

>>> print(isolated("to דנה (1): hello", ["דנה (1)"]).replace(FIRST_STRONG, "<").replace(POP, ">"))
to <דנה (1)>: hello
>>> isolated("to Dana (1): hello", ["Dana (1)"])
'to Dana (1): hello'
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.util import find_spec

from retainsdk.errors import Fault, InputError, MissingExtraError
from retainsdk.wording import STEERING

FIRST_STRONG, POP = "\u2068", "\u2069"
"""Open and close an isolate whose direction is that of its first letter."""

_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff"
# a run: from the first letter of that direction to the last, over whatever has no direction of its own
_RUN = f"[{_RTL}](?:[^A-Za-z\\[\\]\n]*[{_RTL}])?"
_RUN_OF_A_CELL = f"[{_RTL}](?:(?:(?!  )[^A-Za-z\\[\\]\n])*[{_RTL}])?"
"""The same up to the gap of a column."""
_TURNING = dict.fromkeys(map(ord, STEERING))
"""Not to be shown: a note that holds them would turn the rest of the page."""
_VISUAL = "visual"
_WAYS = {"isolates", _VISUAL, "plain"}


def is_rtl(text: str) -> bool:
    """Whether a text holds a letter that is written from right to left."""
    return any(unicodedata.bidirectional(letter) in {"R", "AL"} for letter in text)


def isolated(text: str, values: Collection[str] = (), *, in_columns: bool = True) -> str:
    """
    The same with every value that runs from right to left in an isolate, and every such run outside of the values.

    Args:
        text: Lines that run from left to right.
        values: Names and notes that stand in it, whole or on several lines.
        in_columns: Whether two spaces may be the gap between columns, which stay where they are.
    """
    if not is_rtl(text):
        return text
    pieces = {line.strip() for value in values if is_rtl(value) for line in value.splitlines()}
    known = sorted((it for it in pieces if is_rtl(it)), key=len, reverse=True)
    pattern = re.compile("|".join([*map(re.escape, known), _RUN_OF_A_CELL if in_columns else _RUN]))
    return pattern.sub(lambda found: f"{FIRST_STRONG}{found[0]}{POP}", text)


def chosen_way() -> str:
    """
    What the environment variable ``RETAIN_BIDI`` says: ``isolates`` unless said, ``visual`` or ``plain``.

    Raises:
        InputError: When the variable says something else.
        MissingExtraError: When reordering needs a package that is not installed.
    """
    way = os.environ.get("RETAIN_BIDI", "").strip().lower() or "isolates"
    if way not in _WAYS:
        rule = f"must be one of: {', '.join(sorted(_WAYS))}"
        raise InputError("environment", [Fault("RETAIN_BIDI", way, rule, "Set it to one, or leave it out.")])
    if way == _VISUAL and find_spec("bidi") is None:
        raise MissingExtraError("formats", "python-bidi")
    return way


def for_terminal(text: str, values: Iterable[str] = (), *, in_columns: bool = True) -> str:
    """
    The same as the terminal wants it: by the environment variable ``RETAIN_BIDI``.

    ``isolates``, unless said: for terminals that reorder. ``visual``: reordered here, for those that do not.
    ``plain``: as it is. Text and values are those of `isolated`.

    Raises:
        InputError: When the variable says something else.
        MissingExtraError: When reordering needs a package that is not installed.
    """
    way = chosen_way()
    text, values = text.translate(_TURNING), [value.translate(_TURNING) for value in values]
    if way == "plain" or not is_rtl(text):
        return text
    text = isolated(text, list(values), in_columns=in_columns)
    return _reordered(text) if way == _VISUAL else text


def texts_in(value: object) -> Iterator[str]:
    """All texts in what is printed as JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part)


def _reordered(text: str) -> str:
    from bidi import get_display  # noqa: PLC0415 # an extra

    lines = (str(get_display(line, base_dir="L")) for line in text.split("\n"))
    return "\n".join(lines).replace(FIRST_STRONG, "").replace(POP, "")
