"""What may stand under a key."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import attrs

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""What such a file may be called."""
LONGEST_WORDS = 2_000
"""Letters."""


@attrs.frozen
class Form:
    """
    What may stand under a key.

    Attributes:
        is_right: Whether a value may.
        rule: In words, after the value.
        remedy: What to write.
        required: Whether something must.
    """

    is_right: Callable[[Any], bool]
    rule: str
    remedy: str
    required: bool = True


def is_number(value: object) -> bool:
    """Whether it is a number, and no truth, which Python takes for one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def within(low: float, high: float) -> Callable[[Any], bool]:
    """Whether a value is a number between two others, both included."""
    return lambda value: is_number(value) and low <= value <= high


def is_words(value: object) -> bool:
    """Whether it is a text somebody can read."""
    return (
        isinstance(value, str)
        and bool(value.strip())
        and len(value) <= LONGEST_WORDS
        and all(it.isprintable() or it in "\n\u200e\u200f" for it in value)
    )


def is_line(value: object) -> bool:
    """Whether it is such a text, on one line."""
    return is_words(value) and "\n" not in str(value)
