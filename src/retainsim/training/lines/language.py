"""Languages of a call, and who speaks in it."""

from __future__ import annotations

from enum import Enum, StrEnum

import attrs

__all__ = ["Direction", "Gender", "Language", "Speaker"]


class Direction(StrEnum):
    """Which way a language is written, in the words of web pages."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


class Language(StrEnum):
    """A language in which calls are held."""

    HEBREW = "he"
    ENGLISH = "en"

    @property
    def direction(self) -> Direction:
        """Which way it is written."""
        return Direction.RIGHT_TO_LEFT if self is Language.HEBREW else Direction.LEFT_TO_RIGHT


class Gender(Enum):
    """What verbs, adjectives and pronouns follow: of whoever speaks, is spoken to, or is spoken of."""

    FEMININE = "feminine"
    MASCULINE = "masculine"


@attrs.frozen(kw_only=True)
class Speaker:
    """
    Somebody in a call.

    Attributes:
        name: First name, as the other side says it.
        family: Family name; empty where only the first is known.
        gender: Which forms fit.
    """

    name: str
    family: str = ""
    gender: Gender

    @property
    def full_name(self) -> str:
        """As it stands on a customer card."""
        return f"{self.name} {self.family}".strip()
