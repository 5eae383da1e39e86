"""Whole lines that run from right to left, for terminals that reorder and for those that do not."""

from __future__ import annotations

from retainsdk.cli.bidi import POP, chosen_way

_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
_RIGHT_TO_LEFT = "\u2067"
"""Opens an isolate that runs from right to left."""


def left_to_right(text: str) -> str:
    """A line of the terminal's own direction: it needs no marks."""
    return text.translate(_ISOLATES)


def right_to_left(text: str) -> str:
    """
    A line of the other direction, as the environment variable ``RETAIN_BIDI`` says the terminal wants it.

    Raises:
        InputError: When the variable says something else than ``isolates``, ``visual`` or ``plain``.
        MissingExtraError: When reordering needs a package that is not installed.
    """
    way = chosen_way()
    if way == "plain" or not text:
        return text
    if way == "isolates":
        return f"{_RIGHT_TO_LEFT}{text}{POP}"
    from bidi import get_display  # noqa: PLC0415 # an extra

    return str(get_display(text, base_dir="R")).translate(_ISOLATES)
