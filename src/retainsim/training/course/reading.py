"""Reading a course from its file, with all that is wrong with it at once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from retainsdk.errors import Fault, InputError
from retainsim.toml_file import Findings, is_path, lines_of, no_toml, shown, text_in
from retainsim.training.course.form import (
    BOOK,
    HEAD,
    LEVELS,
    MOST_PARTS,
    PART,
    PART_NAME,
    TABLES,
    TITLE,
)
from retainsim.training.course.plan import BookPlan, Course, Part, Purpose, scenario_at
from retainsim.training.scenario import examine_scenario

FILE = "course.toml"


@attrs.frozen(kw_only=True)
class ExaminedCourse:
    """
    What was found in a course file.

    Attributes:
        source: The file, as messages name it.
        course: None when something is wrong with it.
        faults: What is wrong.
    """

    source: str
    course: Course | None
    faults: tuple[Fault, ...]


def course_file(place: Path) -> Path:
    """The file of a course that is named by its folder or by the file itself."""
    return place if place.name.endswith(".toml") else place / FILE


def load_course(place: Path) -> Course:
    """
    The course in a folder, or of a file.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    examined = examine_course(place)
    if examined.course is None:
        raise InputError(examined.source, examined.faults)
    return examined.course


def examine_course(place: Path) -> ExaminedCourse:
    """What is to be said of somebody's course; what cannot be found or read has one fault."""
    file = course_file(place)
    try:
        text = text_in(file, remedy="Begin one with: retainsim course new FOLDER")
        return examine_text(text, file=file)
    except InputError as error:
        return ExaminedCourse(source=error.source, course=None, faults=error.faults)


def examine_text(text: str, *, file: Path) -> ExaminedCourse:
    """
    What is to be said of the text of a course file.

    Args:
        text: In TOML.
        file: Where it stands: files of scenarios are looked for beside it.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return ExaminedCourse(source=file.name, course=None, faults=(no_toml(error),))
    found = Findings(lines_of(text))
    found.known((), table.keys(), (*HEAD, *TABLES), "key of a course")
    found.form((), table, HEAD)
    title = _table(table, "title", found)
    found.known(("title",), title.keys(), TITLE, "language of a title")
    found.form(("title",), title, TITLE)
    parts = [_part(name, it, file, found) for name, it in _table(table, "parts", found).items()]
    if "parts" in table and not 1 <= len(parts) <= MOST_PARTS:
        found.fault(("parts",), f"{len(parts)} parts", f"must be 1 to {MOST_PARTS}", "Add a [parts.NAME], or join some.")  # fmt: skip
    factors = _table(table, "treatments", found, required=False)
    found.known(("treatments",), factors.keys(), LEVELS, "factor of a treatment")
    found.form(("treatments",), factors, LEVELS)
    if found.faults:
        return ExaminedCourse(source=file.name, course=None, faults=tuple(found.faults))
    course = Course(
        file=file,
        title={language: words.strip() for language, words in title.items()},
        language=table["language"],
        pass_mark=table["pass_mark"] / 100,
        parts=tuple(part for part in parts if part is not None),
        factors={name: tuple(levels) for name, levels in factors.items()},
    )
    return ExaminedCourse(source=file.name, course=course, faults=())


def _table(
    table: Mapping[str, Any], name: str, found: Findings, *, required: bool = True
) -> Mapping[str, Any]:
    if name in table:
        return found.table((name,), table[name])
    if required:
        found.missing((name,), f"Begin it with [{'parts.NAME' if name == 'parts' else name}].")
    return {}


def _part(name: str, value: object, file: Path, found: Findings) -> Part | None:
    """The part of that name, with what is wrong with it among the findings."""
    path = ("parts", name)
    found.value(path, name, PART_NAME)
    it = found.table(path, value)
    if it.keys() & (BOOK.keys() - PART.keys()):
        return _book(name, it, found)
    found.known(path, it.keys(), PART, "key of a part")
    if not found.form(path, it, PART):
        return None
    is_assessment = it["purpose"] == Purpose.ASSESSMENT
    if is_assessment and it.get("forks"):
        rule = "is not for an assessment, in which nobody goes back"
        found.fault((*path, "forks"), it["forks"], rule, "Leave it out.")
    for place, scenario in enumerate(it["scenarios"]):
        _examine(scenario_at(file, scenario), (*path, f"scenarios[{place}]"), found)
    return Part(
        name=name,
        purpose=Purpose(it["purpose"]),
        scenarios=tuple(it["scenarios"]),
        calls=it["calls"],
        forks=it.get("forks", 0),
    )


def _book(name: str, it: Mapping[str, Any], found: Findings) -> Part | None:
    """A part that is a book of customers."""
    path = ("parts", name)
    for key in PART.keys() & it.keys() - BOOK.keys():
        rule = "is of calls, and this part is a book of customers"
        found.fault(
            (*path, key), shown(it[key]), rule, "Leave it out, or give the calls a part of their own."
        )
    found.known(path, it.keys() - PART.keys() | BOOK.keys() & it.keys(), BOOK, "key of a book")
    if not found.form(path, it, BOOK):
        return None
    plan = {key: it[key] for key in BOOK if key != "purpose"}
    return Part(name=name, purpose=Purpose(it["purpose"]), book=BookPlan(**plan))


def _examine(reference: str, path: tuple[str, ...], found: Findings) -> None:
    faults = examine_scenario(reference).faults
    if not faults:
        return
    if is_path(reference):
        rule = f"is a scenario with {len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
        found.fault(path, reference, rule, f"See them with: retainsim scenario lint {reference}")
    else:
        found.fault(path, reference, faults[0].rule, faults[0].remedy)
