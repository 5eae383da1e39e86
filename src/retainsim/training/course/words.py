"""The words round a course, in every language: what trainees and trainers read besides the calls themselves."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from retainsdk.errors import UnknownNameError
from retainsim.training.lines import Gender, Language
from retainsim.training.lines.template import Filler, Template, isolated


class UnknownCourseWordError(UnknownNameError):
    """A word was asked for that there is not."""

    what = "word of a course"


def course_words(language: Language) -> Mapping[str, str]:
    """All of a language, under names like ``run.next``."""
    return {
        f"{table}.{name}": text for table, said in _words()[language].items() for name, text in said.items()
    }


def course_word(language: Language, word: str, *, you: Gender = Gender.MASCULINE, **slots: str) -> str:
    """
    A word or sentence.

    Args:
        language: Of it.
        word: Table and name, like ``report.score``.
        you: Gender of whoever reads it.
        slots: What stands for each slot; it is put into an isolate.

    Raises:
        UnknownCourseWordError: When there is no such word.

    >>> course_word(Language.ENGLISH, "purpose.practice")
    'practice'
    """
    words = course_words(language)
    if word not in words:
        raise UnknownCourseWordError(word, list(words))
    fill = {slot: Filler(text=isolated(value)) for slot, value in slots.items()}
    return Template(words[word]).said(me=you, you=you, fill=fill)


@cache
def _words() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    file = resources.files("retainsim.training.course") / "words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
