"""The roll: who takes part, and who gets which treatment."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import attrs

from retainsdk.errors import NOTHING, Fault, InputError, UnknownNameError
from retainsim.toml_file import is_line, text_in
from retainsim.training.course.chance import one_of
from retainsim.training.course.plan import Treatment
from retainsim.training.lines import Gender, Language

LONGEST = 60
"""Letters of a label or a name."""
COLUMNS = ("label", "gender", "language", "name")


class UnknownTraineeError(UnknownNameError):
    """A trainee was asked for by a code that nobody has."""

    what = "trainee"


@attrs.frozen(kw_only=True)
class Newcomer:
    """
    Somebody to be enrolled.

    Attributes:
        label: By which the trainer knows him.
        gender: Hebrew speaks to him by it.
        language: Of his calls; empty takes that of the course.
        name: By which customers hear him; empty gives him one.
    """

    label: str
    gender: str
    language: str = ""
    name: str = ""


@attrs.frozen(kw_only=True)
class Trainee:
    """
    Somebody enrolled.

    Attributes:
        number: In the order of enrolment.
        code: His own, by which he takes his calls.
        label: By which the trainer knows him.
        name: By which customers hear him; empty where it is made up.
        gender: Hebrew speaks to him by it.
        language: Of his calls.
        treatment: His by lot.
    """

    number: int
    code: str
    label: str
    name: str
    gender: Gender
    language: Language
    treatment: Treatment


def drawn_treatment(among: Sequence[Treatment], given: Sequence[Treatment]) -> Treatment:
    """
    The treatment of the next trainee: any of those that fewest have, so that groups never differ by more than one.

    Args:
        among: All there are.
        given: Of those enrolled until now.
    """
    counts = Counter(_key(it) for it in given)
    fewest = min(counts[_key(it)] for it in among)
    return one_of([it for it in among if counts[_key(it)] == fewest])


def _key(treatment: Treatment) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(treatment.items()))


def read_newcomers(path: Path) -> list[Newcomer]:
    """
    Trainees from a table with a row of headings: label, gender, and language and name where they are wanted.

    Raises:
        InputError: When it cannot be read, or lacks a column.
    """
    text = text_in(path, remedy=f"Write a table with the columns {', '.join(COLUMNS)}.")
    rows = csv.DictReader(io.StringIO(text))
    headings = [heading.strip() for heading in rows.fieldnames or ()]
    faults = [
        Fault(f"column {heading}", NOTHING, "is missing", f"The columns are {', '.join(COLUMNS)}.")
        for heading in COLUMNS[:2]
        if heading not in headings
    ] + [
        Fault("heading", heading, "is no column of trainees", f"The columns are {', '.join(COLUMNS)}.")
        for heading in headings
        if heading not in COLUMNS
    ]
    if faults:
        raise InputError(path.name, faults)
    rows.fieldnames = headings
    return [
        Newcomer(**{name: (row.get(name) or "").strip() for name in COLUMNS})
        for row in rows
        if any((it or "").strip() for it in row.values() if isinstance(it, str | None))
    ]


def faults_of(newcomers: Sequence[Newcomer], *, taken: Sequence[str]) -> list[Fault]:
    """All that is wrong with those to be enrolled, beside the labels that are taken."""
    faults, labels = [], [*taken]
    for place, it in enumerate(newcomers, start=1):
        at = f"trainee {place}, " if len(newcomers) > 1 else ""
        for name, value, may_be_empty in (("label", it.label, False), ("name", it.name, True)):
            if not (is_line(value) or (may_be_empty and not value)) or len(value) > LONGEST:
                rule = f"must be a text on one line of {LONGEST} letters at most"
                faults.append(Fault(f"{at}{name}", value or NOTHING, rule, "Choose another."))
        if it.label in labels:
            faults.append(Fault(f"{at}label", it.label, "is there already", "Each has a label of his own."))
        labels.append(it.label)
        for name, value, known in (
            ("gender", it.gender, [gender.value for gender in Gender]),
            ("language", it.language or Language.ENGLISH.value, [language.value for language in Language]),
        ):
            if value not in known:
                rule = f"must be one of {', '.join(sorted(known))}"
                faults.append(Fault(f"{at}{name}", value or NOTHING, rule, "Calls are spoken by it."))
    return faults
