"""When two wordings say the same: one rule for topics, options and news."""

from __future__ import annotations

import unicodedata


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
