"""Courses as people and programs read them: how far everybody has come. None of it tells what calls came to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from retainsim.exports.blocks import Block
from retainsim.exports.findings import counted, finding
from retainsim.training.course import CLASS, BookPlan, Course, ExaminedCourse, Part, Room, Trainee
from retainsim.training.course.words import course_word
from retainsim.training.lines import Language

SCHEMA_VERSION = 1


def examined_record(examined: ExaminedCourse, *, file: str) -> dict[str, Any]:
    """What was found in a course file, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        "file": file,
        "clean": examined.course is not None,
        "faults": [finding(fault) for fault in examined.faults],
    }


def examined_lines(examined: ExaminedCourse, *, file: str) -> Iterator[str]:
    """What was found in a course file, for people."""
    if examined.course is not None:
        calls = sum(len(part.in_order) for part in examined.course.parts)
        parts = len(examined.course.parts)
        books = sum(part.book is not None for part in examined.course.parts)
        of_books = f", books: {books}" if books else ""
        yield f"{file}: a course, parts: {parts}, calls of each trainee: {calls}{of_books}; nothing to mend"
        return
    yield f"{file}: {counted(examined.faults, 'fault')}"
    yield from (f"  {fault}" for fault in examined.faults)


def started_record(course: Course) -> dict[str, Any]:
    """A course begun, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        "file": str(course.file),
        "title": dict(course.title),
        "language": course.language,
    }


def enrolled_record(trainees: Sequence[Trainee]) -> dict[str, Any]:
    """Who was enrolled, for programs."""
    return {"schema_version": SCHEMA_VERSION, "trainees": [_trainee(it) for it in trainees]}


def enrolled_block(trainees: Sequence[Trainee], language: Language, *, folder: str) -> Block:
    """Who was enrolled, each with the code, and what it is for."""

    def word(name: str) -> str:
        return course_word(language, f"enrol.{name}")

    rows = [(it.label, it.code, it.language.value) for it in trainees]
    return Block(
        rows=((word("trainee"), word("code"), word("language")), *rows),
        lines=(course_word(language, "enrol.give", folder=folder),),
    )


def course_record(room: Room) -> dict[str, Any]:
    """How far a course has come, for programs."""
    opened = room.opened()
    return {
        "schema_version": SCHEMA_VERSION,
        "title": dict(room.course.title),
        "language": room.course.language,
        "pass_mark": room.course.pass_mark,
        "treatments": {name: list(levels) for name, levels in room.course.factors.items()},
        "parts": [
            {
                "name": part.name,
                "purpose": part.purpose.value,
                "scenarios": list(part.scenarios),
                "calls": len(part.in_order),
                "forks": part.forks,
                "book": None if part.book is None else attrs.asdict(part.book),
                "told": part.name in opened if part.is_assessment else True,
            }
            for part in room.course.parts
        ],
        "trainees": [_standing(room, it) for it in room.trainees()],
    }


def _standing(room: Room, it: Trainee) -> dict[str, Any]:
    due = room.due(it.number)
    return {
        **_trainee(it),
        "finished": sum(trainee == it.number for trainee, _, _ in room.finished()),
        "next": None if due is None else {"part": due[0].name, "place": due[1], "scenario": due[2]},
    }


def _trainee(it: Trainee) -> dict[str, Any]:
    return {"label": it.label, "code": it.code, "gender": it.gender.value, "language": it.language.value}


def course_blocks(room: Room) -> list[Block]:
    """How far a course has come, for people."""
    course, language = room.course, Language(room.course.language)

    def word(name: str) -> str:
        return course_word(language, f"show.{name}")

    opened, calls, done = room.opened(), room.calls(), room.finished()
    parts = [
        (
            part.name,
            course_word(language, f"purpose.{part.purpose}"),
            ", ".join(part.scenarios) if part.book is None else _book(part.book, language),
            str(len(part.in_order)) if part.book is None else "",
            word(_truth(part, opened)),
        )
        for part in course.parts
    ]
    people = [(it.label, it.number) for it in room.trainees()]
    if any(call.trainee == CLASS for call in calls):
        people.append((word("group"), CLASS))
    rows = []
    for label, number in people:
        finished = sum(trainee == number for trainee, _, _ in done)
        due = room.due(number)
        rows.append((label, str(finished), word("nothing") if due is None else f"{due[0].name} {due[1]}"))
    return [
        Block(
            heading=course.title[language.value],
            rows=(tuple(map(word, ("part", "purpose", "scenarios", "calls", "truth"))), *parts),
        ),
        Block(rows=(tuple(map(word, ("trainee", "finished", "next"))), *rows))
        if rows
        else Block(lines=(word("nobody"),)),
    ]


def _book(book: BookPlan, language: Language) -> str:
    return course_word(
        language, "show.book", preset=book.preset, customers=str(book.customers), rounds=str(book.rounds)
    )


def _truth(part: Part, opened: set[str]) -> str:
    if not part.is_assessment:
        return "at_once"
    return "told" if part.name in opened else "closed"
