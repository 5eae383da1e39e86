"""Reports over the whole book: one command each, and where they are written to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from retainsdk.cli.command import Look, plugins_named
from retainsdk.cli.words import Amount, Count, Figure, Morning, Place, Purpose, Schema, Word, arg, opt

if TYPE_CHECKING:
    from datetime import datetime

    from retainsdk.book import Book
    from retainsdk.reports.registry import Named
    from retainsdk.reports.report import Report

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}


@attrs.frozen
class _Saved:
    """A report that went to a file."""

    report: Report
    path: str

    def as_json(self) -> dict[str, Any]:
        return self.report.as_json()

    def __str__(self) -> str:
        return f"{self.report.title}: written to {self.path}."


@attrs.frozen
class _All:
    """What reports there are."""

    named: tuple[Named, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "schema_version": 1,
            "reports": [
                {
                    "name": it.name,
                    "title": it.about.title,
                    "question": it.about.question,
                    "options": list(it.options),
                }
                for it in self.named
            ],
        }

    def __str__(self) -> str:
        width = max(len(it.name) for it in self.named)
        return "\n".join(
            f"{it.name:<{width}}  {it.about.question}\n{'':<{width}}  --{', --'.join(it.options)}"
            for it in self.named
        )


def _all() -> _All:
    from retainsdk.book import Book  # noqa: PLC0415 # help must be quick

    return _All(Book.in_memory(plugins=plugins_named()).reports())


def _drawn(
    book: Book,
    name: str,
    as_of: datetime | None = None,
    out: str | None = None,
    **options: Any,  # noqa: ANN401 # what was typed
) -> Report | _Saved:
    report = book.report(name, as_of, **options)
    if out is None:
        return report
    report.save(Path(out), book.report_forms())
    return _Saved(report, out)


def _schema() -> Schema:
    column = {
        "type": "object",
        "properties": {"name": _TEXT, "unit": _TEXT, "meaning": _TEXT},
        "required": ["name", "unit", "meaning"],
    }
    return {
        **dict.fromkeys(("name", "title", "question", "as_of", "currency"), _TEXT),
        "columns": {"type": "array", "items": column},
        "rows": {"type": "array", "items": {"type": "object"}},
        "total": {"type": ["object", "null"]},
        "notes": _TEXTS,
        "definitions": {"type": "object", "additionalProperties": _TEXT},
    }


def _list_schema() -> Schema:
    names = ("name", "title", "question")
    named = {
        "type": "object",
        "properties": {**dict.fromkeys(names, _TEXT), "options": _TEXTS},
        "required": [*names, "options"],
        "additionalProperties": False,
    }
    return {"reports": {"type": "array", "items": named}}


ROWS = (
    Look(
        words="report list",
        does="List the reports, with the question each answers and what can be asked of it.",
        call=_all,
        gives=_list_schema,
        example="retainsdk report list",
        needs_book=False,
    ),
    Look(
        words="report show",
        does="Draw up a report over the whole book, as text, or as a file for spreadsheets and readers.",
        call=_drawn,
        takes=(
            arg("name", Word(metavar="REPORT"), "Which; see retainsdk report list."),
            opt(
                "by",
                Word(metavar="ATTRIBUTE"),
                "Tell its rows apart by this, like owner or fact:segment.",
                many=True,
            ),
            opt(
                "measure",
                Word(metavar="MEASURE"),
                "For a cross-section: what is added up; for an effect: left, income or cost.",
                many=True,
            ),
            opt(
                "experiment", Word(metavar="NAME"), "For an effect: of which experiment. [default: the last]"
            ),
            opt(
                "days",
                Count(),
                "For an effect: its horizon, in days from the beginning. [default: as long as the experiment]",
            ),
            opt("months", Count(), "How far back it looks, where it does."),
            opt("hour", Amount(), "What an hour of our time costs, where time is counted."),
            opt("below", Figure(), "For mis-selling: suitability below which a sale is flagged."),
            opt("purpose", Purpose(), "For which sensitive facts may be looked at."),
            opt(
                "out",
                Place(),
                "Write it to a file, which ends in .csv, .json, .html, .arrow or as a plug-in says.",
            ),
            opt(
                "as_of",
                Morning(),
                "Look back from the morning of that day, or that time, in the book's zone. [default: now]",
            ),
        ),
        gives=_schema,
        example="retainsdk report show frequent-complaints --by owner",
    ),
)
