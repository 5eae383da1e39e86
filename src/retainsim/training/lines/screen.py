"""The words of the screen a call needs, so that no door has text of its own."""

from __future__ import annotations

from collections.abc import Mapping

from retainsdk.errors import UnknownNameError
from retainsim.training.lines.language import Gender, Language
from retainsim.training.lines.phrasebook import THREAT, phrasebook
from retainsim.training.lines.template import Filler, Template, isolated

__all__ = ["UnknownScreenWordError", "screen_text", "screen_words"]


class UnknownScreenWordError(UnknownNameError):
    """A word of the screen was asked for that the phrasebook does not hold."""

    what = "word of the screen"


def screen_words(language: Language) -> tuple[str, ...]:
    """The names of all words of the screen, like ``moves.ask_open``."""
    return tuple(f"{table}.{name}" for table, words in phrasebook(language).screen.items() for name in words)


def screen_text(
    language: Language,
    word: str,
    *,
    you: Gender = Gender.MASCULINE,
    slots: Mapping[str, str] | None = None,
    situation: str = THREAT,
) -> str:
    """
    A word or sentence of the screen.

    Args:
        language: Of the screen.
        word: Table and name, like ``moves.ask_open``, ``reasons.life_event``, ``help.menu``.
        you: Gender of whoever reads it.
        slots: What stands for each slot; it is put into an isolate.
        situation: What brings the two to talk: some words sound otherwise where we call.

    Raises:
        UnknownScreenWordError: When there is no such word.

    >>> screen_text(Language.ENGLISH, "moves.release")
    'Let the customer go, well'
    """
    table, _, name = word.partition(".")
    text = phrasebook(language).on_screen(table, name, situation)
    if text is None:
        raise UnknownScreenWordError(word, screen_words(language))
    fill = {slot: Filler(text=isolated(value)) for slot, value in (slots or {}).items()}
    return Template(text).said(me=you, you=you, fill=fill)
