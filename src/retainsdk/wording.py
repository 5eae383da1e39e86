"""Wording: when two texts say the same, what a spreadsheet would take for a formula, and our own names in words."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, tzinfo
from enum import IntEnum

LONGEST_NAME = 200
"""Characters of a name at most."""
LONGEST_TEXT = 20_000
"""Characters of any other text at most: some ten pages. What is longer is a document, which a record refers to."""
STEERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""
What embeds, overrides and isolates directions of writing: it changes how all the text around it is drawn.

The marks of direction that Hebrew and Arabic texts carry are none of these: they change nothing but their neighbours.
"""


def plain(text: str) -> str:
    r"""
    What is left of a text when writing habits are taken away; equal results mean the same.

    Upper case, spaces, forms of one letter, and the invisible marks of direction that Hebrew text carries do not count.

    >>> plain("  Late   DELIVERY ") == plain("late delivery")
    True
    >>> plain("\N{RIGHT-TO-LEFT MARK}late delivery") == plain("late delivery")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(it for it in folded if unicodedata.category(it) != "Cf").split())


def no_formula(text: str) -> str:
    """
    A text that no spreadsheet takes for a formula: what looks like one gets an apostrophe before it.

    >>> no_formula("=1+1"), no_formula("Noa")
    ("'=1+1", 'Noa')
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def in_words(word: IntEnum | str) -> str:
    """
    A word of a vocabulary, or a name of the code, as people write it.

    >>> in_words("NO_NEED_STATED"), in_words("LateNoticeGiven")
    ('no need stated', 'late notice given')
    """
    name = word if isinstance(word, str) else word.name
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower().replace("_", " ")


def by_the_clock(text: str, zone: tzinfo) -> str:
    """
    A text whose instants are told as a wall clock shows them.

    >>> from datetime import UTC
    >>> by_the_clock("opened 2026-03-01T09:00:00+00:00", UTC)
    'opened 2026-03-01 09:00'
    """
    return _INSTANT.sub(lambda found: _shown_there(found[0], zone), text)


def _shown_there(instant: str, zone: tzinfo) -> str:
    try:
        return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):  # what somebody typed only looks like one
        return instant


_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?[+-]\d\d:\d\d")


def fact_text(value: object) -> str:
    """
    What is known of somebody, as people write it.

    >>> fact_text(True), fact_text(12)
    ('yes', '12')
    """
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def counted(count: int, thing: str) -> str:
    """
    So many things, in words that agree.

    >>> counted(1, "month"), counted(12, "month")
    ('1 month', '12 months')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
