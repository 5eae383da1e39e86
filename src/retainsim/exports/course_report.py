"""The report of a course, as people and programs read it: blocks in its language, JSON, and a table of its calls."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from retainsdk.experiment import Ratio
from retainsdk.wording import no_formula
from retainsim.exports.blocks import Block
from retainsim.exports.course_books import book_blocks, book_cells, book_record
from retainsim.exports.course_figures import Figures, from_left, rounded
from retainsim.training.course.estimate import LEAST, LEVEL
from retainsim.training.course.report import Habits, Person, Report
from retainsim.training.course.words import course_word
from retainsim.training.lines import Language, screen_text
from retainsim.training.lines.amounts import percent
from retainsim.training.score import Dimension

SCHEMA_VERSION = 1


@attrs.frozen(kw_only=True)
class Told(Figures):
    """
    A report in the words of a language.

    Attributes:
        report: What is told.
    """

    report: Report

    def blocks(self) -> list[Block]:
        """All of it."""
        it = self.report
        title = f"{self.word('title')}: {it.course.title[self.language.value]}"
        if not it.told and it.group is None and not it.books:
            return [Block(heading=title, lines=(self.word("nothing"), *self._left_out()))]
        blocks = [Block(heading=title, lines=tuple(self._left_out()))]
        if it.told:
            blocks += [self._class(), self._people(), self._habits(), self._dimensions(), self._lines()]
        if it.group is not None:
            row = self._person(it.group, self.word("group"))
            blocks.append(Block(heading=self.word("group"), rows=(self._headings(), row)))
        blocks += book_blocks(self, it)
        blocks += self._compared()
        if it.told:
            blocks.append(self._reliability())
        return blocks

    def _left_out(self) -> Iterator[str]:
        for it in self.report.waiting:
            yield course_word(
                self.language,
                "report.waiting",
                part=it.part,
                finished=str(it.finished),
                enrolled=str(it.enrolled),
            )
        if self.report.changed:
            yield course_word(self.language, "report.changed", count=str(self.report.changed))

    # the class

    def _class(self) -> Block:
        it = self.report
        rows = [
            (self.word("score"), *self.points(it.score, signed=False)),
            (self.word("growth"), *self.points(it.growth)),
        ]
        for currency in it.currencies:
            for name, estimate in (
                ("effect", it.effect(currency)),
                ("beside_script", it.beside_script(currency)),
            ):
                label = course_word(self.language, f"report.{name}", currency=currency)
                rows.append((label, *self.money(estimate, currency)))
            label = course_word(self.language, "report.reach", currency=currency)
            rows.append((label, *self._reach(it.reach(currency))))
        notes = [self.word("effect_note"), self.word("growth_note")]
        notes.append(
            course_word(self.language, "report.unit", least=str(LEAST), level=percent(LEVEL, self.language))
        )
        return Block(
            heading=self.word("class"), rows=(self.of_class(self.word("figure")), *rows), lines=tuple(notes)
        )

    def _dimensions(self) -> Block:
        rows = [
            (self._dimension(dimension), *self.points(self.report.dimension(dimension), signed=False))
            for dimension in Dimension
            if self.report.dimension(dimension).n
        ]
        return Block(heading=self.word("dimensions"), rows=(self.of_class(self.word("figure")), *rows))

    def _lines(self) -> Block:
        rows = [
            (screen_text(self.language, f"rubric.{line}"), *self.points(estimate, signed=False))
            for line, estimate in self.report.lines.items()
        ]
        return Block(heading=self.word("lines"), rows=(self.of_class(self.word("line")), *rows))

    def _habits(self) -> Block:
        habits = self.report.habits
        assert habits is not None  # noqa: S101 # somebody's calls are told of
        over = self.report.no_need
        rows = [
            (self.word("no_need"), percent(habits.no_need_said, self.language)),
            (self.word("no_need_true"), percent(habits.no_need_true, self.language)),
            (self.word("no_need_over"), "; ".join(filter(None, self.points(over)[:3]))),
            *(
                (
                    course_word(self.language, "report.beyond", currency=currency),
                    self.amount(amount, currency),
                )
                for currency, amount in habits.beyond.items()
            ),
            (self.word("needless"), _share(habits.needless, self.language)),
            (self.word("promises"), f"{habits.promises:.1f}"),
        ]
        return Block(
            heading=self.word("habits"), rows=((self.word("figure"), self.word("class_mean")), *rows)
        )

    def _reliability(self) -> Block:
        it = self.report.reliability
        if it is None:
            return Block()
        spread = course_word(
            self.language, "report.spread", points=rounded(it.spread), of_mean=rounded(it.of_mean)
        )
        told = course_word(self.language, "report.share_not", least=str(LEAST))
        if it.share is not None:
            told = course_word(self.language, "report.share", share=percent(it.share, self.language))
        return Block(heading=self.word("reliability"), lines=(spread, told))

    def _compared(self) -> Iterator[Block]:
        for it in self.report.comparisons:
            rows = [
                (self.word("score"), *self.points(it.score)),
                (self.word("growth"), *self.points(it.growth)),
            ]
            factor = course_word(self.language, f"factor.{it.factor}")
            level, other = (course_word(self.language, f"level.{name}") for name in (it.level, it.other))
            sizes = course_word(
                self.language, "report.sizes", first=str(it.sizes[0]), second=str(it.sizes[1])
            )
            against = course_word(self.language, "report.against", level=level, other=other)
            yield Block(
                heading=course_word(self.language, "report.compared", factor=factor),
                rows=(self.of_class(against), *rows),
                lines=(sizes,),
            )

    # trainees

    def _headings(self) -> tuple[str, ...]:
        names = ("person", "calls", "score", "growth", "effect_short", "said_short", "beyond_short")
        return (*map(self.word, names), *self._assessments())

    def _assessments(self) -> list[str]:
        passed = {name for it in self.report.people for name in it.passed}
        return [part.name for part in self.report.course.parts if part.name in passed]

    def _people(self) -> Block:
        rows = [self._person(it, it.label) for it in self.report.people]
        return Block(heading=self.word("people"), rows=(self._headings(), *rows))

    def _person(self, it: Person, label: str) -> tuple[str, ...]:
        habits = it.habits
        none = ("",) * len(self._assessments())
        if habits is None:
            return (label, str(it.finished), "", "", "", "", "", *none)
        passed = (
            ""
            if name not in it.passed or it.trainee is None
            else course_word(
                self.language, f"report.{'passed' if it.passed[name] else 'failed'}", you=it.trainee.gender
            )
            for name in self._assessments()
        )
        return (
            label,
            str(it.finished),
            rounded(it.score),
            rounded(it.growth, signed=True),
            " ".join(self.amount(amount, currency) for currency, amount in it.effects.items()),
            from_left(f"{habits.no_need_said:.0%} / {habits.no_need_true:.0%}"),
            " ".join(self.amount(amount, currency) for currency, amount in habits.beyond.items()),
            *passed,
        )

    def _dimension(self, dimension: Dimension) -> str:
        return screen_text(self.language, f"dimensions.{dimension}")

    def _reach(self, it: Ratio) -> tuple[str, ...]:
        if it.estimate is None or it.low is None or it.high is None:
            return "", "", self.word("reach_none"), str(it.n)
        ends = from_left(f"{it.low:.0%} … {it.high:.0%}")
        return percent(it.estimate, self.language), ends, self.word("sure"), str(it.n)


def _share(share: float | None, language: Language) -> str:
    return "" if share is None else percent(share, language)


def report_record(report: Report) -> dict[str, Any]:
    """All of it, for programs."""
    group = report.group
    return {
        "schema_version": SCHEMA_VERSION,
        "title": dict(report.course.title),
        "language": report.course.language,
        "pass_mark": report.course.pass_mark,
        "level": LEVEL,
        "least": LEAST,
        "waiting": [attrs.asdict(it) for it in report.waiting],
        "changed": report.changed,
        "class": {
            "score": attrs.asdict(report.score),
            "growth": attrs.asdict(report.growth),
            "dimensions": {it.value: attrs.asdict(report.dimension(it)) for it in Dimension},
            "dimensions_growth": {it.value: attrs.asdict(report.growth_in(it)) for it in Dimension},
            "lines": {line: attrs.asdict(it) for line, it in report.lines.items()},
            "effect": {it: attrs.asdict(report.effect(it)) for it in report.currencies},
            "beside_script": {it: attrs.asdict(report.beside_script(it)) for it in report.currencies},
            "reach": {it: _ratio(report.reach(it)) for it in report.currencies},
            "no_need_over": attrs.asdict(report.no_need),
            "habits": _habits(report.habits),
            "reliability": None if report.reliability is None else attrs.asdict(report.reliability),
        },
        "trainees": [_person(it) for it in report.people],
        "together": None if group is None else _person(group),
        "books": [book_record(it) for it in report.books],
        "comparisons": [attrs.asdict(it) for it in report.comparisons],
    }


def _ratio(it: Ratio) -> dict[str, Any]:
    return {"mean": it.estimate, "low": it.low, "high": it.high, "n": it.n}


def _habits(it: Habits | None) -> dict[str, Any] | None:
    return None if it is None else attrs.asdict(it)


def _person(it: Person) -> dict[str, Any]:
    return {
        "label": it.label,
        "finished": it.finished,
        "told": len(it.taken),
        "score": it.score,
        "growth": it.growth,
        "dimensions": {one.value: it.dimension(one) for one in Dimension},
        "dimensions_growth": {one.value: it.growth_in(one) for one in Dimension},
        "effect": dict(it.effects),
        "beside_script": dict(it.beside_script),
        "passed": dict(it.passed),
        "habits": _habits(it.habits),
    }


COLUMNS = (
    "trainee", "part", "place", "purpose", "scenario", "score", *map(str, Dimension), "script", "truth", "guessed",
    "stays", "currency", "value", "nobody", "script_value", "best", "beyond", "promises_made", "forks",
)  # fmt: skip
"""Of the table of calls."""


def report_csv(report: Report) -> str:
    """One row a call or book that may be told of, with the treatments the report is asked to compare, for a spreadsheet."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([*COLUMNS, *report.factors])
    for person in [*report.people, *([] if report.group is None else [report.group])]:
        treatment: Mapping[str, str] = {} if person.trainee is None else person.trainee.treatment
        for it in person.taken:
            one = it.result
            cells = {
                **attrs.asdict(one),
                **{dimension.value: one.dimensions.get(dimension.value, "") for dimension in Dimension},
                "promises_made": one.promises,
                "trainee": person.label or "class",
                "part": it.call.part,
                "place": it.call.place,
                "purpose": "assessment" if it.call.is_assessment else "practice",
                "stays": int(one.stays),
                "forks": it.call.forks,
            }
            row = [*(cells[name] for name in COLUMNS), *(treatment.get(name, "") for name in report.factors)]
            table.writerow([no_formula(cell) if isinstance(cell, str) else cell for cell in row])
    for effects in report.books:
        for taken in effects.taken:
            cells = book_cells(taken)
            treatment = taken.trainee.treatment
            row = [
                *(cells.get(name, "") for name in COLUMNS),
                *(treatment.get(name, "") for name in report.factors),
            ]
            table.writerow([no_formula(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + written.getvalue()
