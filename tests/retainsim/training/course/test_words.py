"""The words round a course, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from golden import ROOT

from retainsim.training.course.plan import FACTORS
from retainsim.training.course.words import UnknownCourseWordError, course_word, course_words
from retainsim.training.lines import Gender, Language
from retainsim.training.lines.lint import lint_lines
from retainsim.training.lines.template import Template

SLOTS = (
    "part", "place", "most", "folder", "code", "file", "moves", "count", "number", "currency", "factor", "level", "other",
    "first", "second", "points", "of_mean", "share", "least", "finished", "enrolled", "example", "level",
    "customers", "rounds", "preset",
)  # fmt: skip


def test_both_languages_have_the_same_words_with_the_same_slots() -> None:
    english, hebrew = (
        {name: set(Template(text).slots) for name, text in course_words(it).items()}
        for it in (Language.ENGLISH, Language.HEBREW)
    )

    assert english == hebrew


@pytest.mark.parametrize("language", Language)
def test_they_are_written_as_lines_are(language: Language) -> None:
    stopped = {name: text.rstrip(".?") + "." for name, text in course_words(language).items()}

    assert lint_lines(stopped, language, SLOTS) == ()


def test_hebrew_speaks_to_her_as_to_her() -> None:
    passed = [course_word(Language.HEBREW, "report.passed", you=gender) for gender in Gender]

    assert passed == ["עברה", "עבר"]


def test_every_level_has_its_words() -> None:
    for factor, levels in FACTORS.items():
        assert course_word(Language.HEBREW, f"factor.{factor}")
        assert all(course_word(Language.HEBREW, f"level.{level}") for level in levels)


def test_a_word_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCourseWordError, match=re.escape("Did you mean 'report.score'")):
        course_word(Language.ENGLISH, "report.scor")


def test_no_word_is_left_over() -> None:
    places = [
        *(ROOT / "src" / "retainsim" / "training" / "course").glob("*.py"),
        *(ROOT / "src" / "retainsim" / "exports").glob("course*.py"),
        *(Path(ROOT) / "src" / "retainsim" / "cli").glob("c*.py"),
    ]
    code = "\n".join(place.read_text(encoding="utf-8") for place in places)
    built = ("level.", "factor.", "purpose.")  # from names of the code

    unused = [
        name
        for name in course_words(Language.ENGLISH)
        if not name.startswith(built)
        and not any(f"{quote}{it}{quote}" in code for it in (name, name.partition(".")[2]) for quote in "'\"")
    ]

    assert unused == []
