"""What the books of a course came to, as people and programs read it: part by part, beside the control twin and the script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from retainsim.exports.blocks import Block
from retainsim.exports.course_figures import Figures, rounded
from retainsim.training.course.book_effects import BookEffects, BookTaken
from retainsim.training.course.report import Report
from retainsim.training.course.words import course_word


def book_blocks(figures: Figures, report: Report) -> Iterator[Block]:
    """Of each part with a book: the class with its intervals, then every trainee."""
    for it in report.books:
        effect, script = (
            course_word(figures.language, f"report.{name}", currency=it.currency)
            for name in ("book_effect", "book_beside_script")
        )
        yield Block(
            heading=course_word(figures.language, "report.book", part=it.part),
            rows=(
                figures.of_class(figures.word("figure")),
                (figures.word("score"), *figures.points(it.score, signed=False)),
                (effect, *figures.money(it.effect, it.currency)),
                (script, *figures.money(it.beside_script, it.currency)),
            ),
            lines=(figures.word("book_note"),),
        )
        passed = (figures.word("pass"),) if it.is_assessment else ()
        names = ("person", "score", "book_effect_short", "book_script_short")
        yield Block(
            rows=(
                (*map(figures.word, names), *passed),
                *(_person(figures, it, taken, report.course.pass_mark) for taken in it.taken),
            )
        )


def _person(figures: Figures, of: BookEffects, taken: BookTaken, pass_mark: float) -> tuple[str, ...]:
    result = taken.result
    row = (
        taken.label,
        rounded(result.score),
        figures.amount(result.effect, of.currency),
        figures.amount(result.beside_script, of.currency),
    )
    if not of.is_assessment:
        return row
    word = "passed" if result.score >= pass_mark else "failed"
    return (*row, course_word(figures.language, f"report.{word}", you=taken.trainee.gender))


def book_record(it: BookEffects) -> dict[str, Any]:
    """The books of a part, for programs."""
    return {
        "part": it.part,
        "purpose": _purpose(is_assessment=it.is_assessment),
        "currency": it.currency,
        "score": attrs.asdict(it.score),
        "effect": attrs.asdict(it.effect),
        "beside_script": attrs.asdict(it.beside_script),
        "trainees": [
            {
                "label": taken.label,
                "score": taken.result.score,
                "value": taken.result.value,
                "effect": taken.result.effect,
                "beside_script": taken.result.beside_script,
            }
            for taken in it.taken
        ],
    }


def book_cells(it: BookTaken) -> dict[str, Any]:
    """A book in the table of calls, which calls its scenario a book; worths are of one customer."""
    return {
        "trainee": it.label,
        "part": it.book.part,
        "place": it.book.place,
        "purpose": _purpose(is_assessment=it.book.is_assessment),
        "scenario": "book",
        "score": it.result.score,
        "currency": it.result.currency,
        "value": it.result.value,
        "nobody": it.result.nobody,
        "script_value": it.result.script,
    }


def _purpose(*, is_assessment: bool) -> str:
    return "assessment" if is_assessment else "practice"
