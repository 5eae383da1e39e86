"""Transcripts that can be given away: without names, and without the truth of what is still closed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_courses import a_course, take, take_all

from retainsdk.policy import Move, MoveKind
from retainsim.training.course import Newcomer, Room
from retainsim.training.course.transcript import COLUMNS, transcripts, transcripts_csv

LABEL, NAME, TYPED = "Dana of the night shift", "Zerubbabel", "Tell me, it is Zerubbabel again, what is it?"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One trainee has finished, with a typed move in each call; another has not begun."""
    with Room(a_course(tmp_path_factory.mktemp("course"))) as room:
        dana, _ = room.enrol(
            [
                Newcomer(label=LABEL, gender="feminine", name=NAME),
                Newcomer(label="Yossi", gender="masculine"),
            ]
        )
        while (sitting := room.sitting(dana)) is not None:
            desk = sitting.desk
            said = desk.session.say(Move(kind=MoveKind.ASK_OPEN), words=TYPED, source="text-auto")
            sitting.keep(desk.at(said))
            again = room.sitting(dana)
            assert again is not None
            take(again)
        yield room


def exported(room: Room) -> list[dict[str, Any]]:
    return [json.loads(it.to_json()) for it in transcripts(room)]


def test_no_name_no_label_no_code_and_no_typed_word_is_given_away(room: Room) -> None:
    told = list(transcripts(room))
    code = room.trainees()[0].code

    text = b"".join(it.to_json() for it in told).decode() + transcripts_csv(told)

    assert not [secret for secret in (LABEL, NAME, TYPED, "Zerubbabel", code) if secret in text]
    assert '"source":"text-auto"' in text


def test_the_lines_are_those_of_the_call(room: Room) -> None:
    practice, final = sorted(exported(room), key=lambda it: str(it["purpose"]), reverse=True)

    assert next(it["move"] for it in practice["moves"]) == "ask_open"
    assert [it["role"] for it in practice["lines"]][:3] == ["representative", "customer", "representative"]
    assert practice["trainee"] == final["trainee"]


def test_ids_are_made_anew_each_time(room: Room) -> None:
    first, second = exported(room), exported(room)

    assert not {it["id"] for it in first} & {it["id"] for it in second}
    assert not {it["trainee"] for it in first} & {it["trainee"] for it in second}


def test_what_a_closed_assessment_came_to_is_left_out(room: Room) -> None:
    told = {it["purpose"]: it["result"] for it in exported(room)}

    assert told["assessment"] is None
    assert told["practice"]["truth"]


def test_the_table_has_a_row_a_call_and_opens_in_a_spreadsheet(room: Room) -> None:
    told = list(transcripts(room))

    text = transcripts_csv(told)

    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert tuple(rows[0]) == COLUMNS
    closed = next(row for row in rows if row["purpose"] == "assessment")
    assert closed["told"] == "0"
    assert {closed[name] for name in ("truth", "stays", "score", "value", "best", "beyond")} == {""}


def test_a_class_is_told_with_its_votes(tmp_path: Path) -> None:
    with Room(a_course(tmp_path)) as room:
        sitting = room.sitting(None)
        assert sitting is not None
        said = sitting.desk.at(sitting.desk.session.say(Move(kind=MoveKind.ASK_OPEN)))
        room.keep(sitting.call, said.record(), votes={"ask_open": 7, "probe": 2})
        take_all(room, None)

        (told,) = exported(room)

    assert told["trainee"] == "class"
    assert next(it["votes"] for it in told["moves"]) == {"ask_open": 7, "probe": 2}
    assert {it["votes"] for it in told["moves"][1:]} == {None}
