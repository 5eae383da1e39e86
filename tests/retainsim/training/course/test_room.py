"""A course as it runs: what was accepted is kept, assessments stay closed, and chance is fair."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_courses import TREATED, TWO_PARTS, a_course, enrolled, take, take_all

from retainsdk.errors import InputError, StoreError
from retainsdk.policy import Move, MoveKind
from retainsim.training.course import (
    CLASS,
    Newcomer,
    NoForksLeftError,
    NotOpenError,
    Room,
    TakenElsewhereError,
    UnknownTraineeError,
)
from retainsim.training.course.roll import drawn_treatment
from retainsim.training.scenario import start_scenario
from retainsim.training.session import NotNowError, Phase

ASK, PROBE, CLOSE = (Move(kind=kind) for kind in (MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.CLOSE))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Room(a_course(tmp_path)) as room:
        yield room


def begun(room: Room, label: str = "Dana") -> tuple[int, str]:
    """Somebody enrolled with one move made; the number of the call, and the code."""
    (trainee,) = enrolled(room, label)
    sitting = room.sitting(trainee)
    assert sitting is not None
    sitting.keep(sitting.desk.at(sitting.desk.session.say(ASK)))
    return sitting.call.number, trainee.code


# what was accepted is kept


def test_a_killed_process_loses_no_move_that_was_accepted(tmp_path: Path) -> None:
    with Room(a_course(tmp_path)) as room:
        (trainee,) = enrolled(room, "Dana")
    code = f"""
import sys
from pathlib import Path
from retainsdk.policy import Move, MoveKind
from retainsim.training.course import Room, load_course
room = Room(load_course(Path({str(tmp_path)!r})))
sitting = room.sitting(room.trainee({trainee.code!r}))
desk = sitting.desk
for kind in (MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.EMPATHISE):
    desk = desk.at(desk.session.say(Move(kind=kind)))
    sitting.keep(desk)
    print(len(desk.session.moves), flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        accepted = [int(process.stdout.readline()) for _ in range(3)]
        process.send_signal(signal.SIGKILL)

    with Room(a_course(tmp_path)) as room:
        sitting = room.sitting(room.trainee(trainee.code))

        assert accepted == [1, 2, 3]
        assert sitting is not None
        assert [move.kind for move in sitting.desk.session.moves] == [
            MoveKind.ASK_OPEN,
            MoveKind.PROBE,
            MoveKind.EMPATHISE,
        ]


def test_what_is_put_in_twice_counts_once(room: Room) -> None:
    (trainee,) = enrolled(room, "Dana")
    sitting = room.sitting(trainee)
    assert sitting is not None
    desk = take(sitting)

    for _ in range(2):
        sitting.keep(desk)

    (call,) = room.calls()
    assert call.record == desk.record()


def test_a_call_goes_on_where_it_was_left_as_if_nothing_had_happened(tmp_path: Path) -> None:
    with Room(a_course(tmp_path)) as room:
        _, code = begun(room)
    with Room(a_course(tmp_path)) as room:
        sitting = room.sitting(room.trainee(code))
        assert sitting is not None

        desk = take(sitting)

        assert desk.session.moves[0] == ASK
        assert room.calls()[0].is_finished


def test_what_is_put_in_elsewhere_meanwhile_is_not_overwritten(room: Room) -> None:
    _, code = begun(room)
    here, there = (room.sitting(room.trainee(code)) for _ in range(2))
    assert here is not None
    assert there is not None
    here.keep(here.desk.at(here.desk.session.say(PROBE)))

    with pytest.raises(TakenElsewhereError, match="was gone on with from elsewhere"):
        there.keep(there.desk.at(attrs.evolve(there.desk.session.say(PROBE), moves=(ASK, CLOSE))))

    assert [move.move for move in room.calls()[0].record.moves] == ["ask_open", "probe"]


def test_a_second_forecast_is_refused(room: Room) -> None:
    (trainee,) = enrolled(room, "Dana")
    sitting = room.sitting(trainee)
    assert sitting is not None
    desk = take(sitting)
    record = desk.record()
    assert record.forecast is not None

    with pytest.raises(TakenElsewhereError):
        room.keep(sitting.call, attrs.evolve(record, forecast=attrs.evolve(record.forecast, stays=0.123)))


def test_the_file_writes_ahead_and_waits_for_the_disk(tmp_path: Path) -> None:
    with Room(a_course(tmp_path)) as room:
        (mode,) = room.database._one("PRAGMA journal_mode")
        (synchronous,) = room.database._one("PRAGMA synchronous")

    assert (mode, synchronous) == ("wal", 2)


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    course = a_course(tmp_path)
    with sqlite3.connect(tmp_path / "course.db") as db:
        db.execute("CREATE TABLE customers (name TEXT)")

    with pytest.raises(StoreError, match="not of a course"):
        Room(course)


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    course = a_course(tmp_path)
    Room(course).__exit__()
    with sqlite3.connect(tmp_path / "course.db") as db:
        db.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreError, match="newer version"):
        Room(course)


# who takes part


def test_everybody_has_a_code_of_his_own_by_which_he_is_found(room: Room) -> None:
    trainees = enrolled(room, *(f"trainee {n}" for n in range(40)))

    assert len({it.code for it in trainees}) == 40
    assert room.trainee(f" {trainees[7].code.lower()} ") == trainees[7]
    with pytest.raises(UnknownTraineeError) as unknown:
        room.trainee("NOBODY")
    assert not [it for it in trainees if it.code in str(unknown.value)]


def test_all_or_nobody_is_enrolled_and_all_that_is_wrong_is_said(room: Room) -> None:
    enrolled(room, "Dana")

    with pytest.raises(InputError) as told:
        room.enrol(
            [
                Newcomer(label="Dana", gender="feminine"),
                Newcomer(label="Yossi", gender="male"),
                Newcomer(label=" ", gender="masculine", language="fr"),
            ]
        )

    assert [fault.place for fault in told.value.faults] == [
        "trainee 1, label",
        "trainee 2, gender",
        "trainee 3, label",
        "trainee 3, language",
    ]
    assert [it.label for it in room.trainees()] == ["Dana"]


@given(count=st.integers(1, 30))
def test_groups_made_by_lot_never_differ_by_more_than_one(count: int) -> None:
    among = [{"debrief": "full"}, {"debrief": "lines"}, {"debrief": "full", "models": "none"}]

    given_: list[dict[str, str]] = []
    for _ in range(count):
        given_.append(dict(drawn_treatment(among, given_)))

    sizes = Counter(json.dumps(it) for it in given_)
    counts = [sizes[json.dumps(it)] for it in among]
    assert max(counts) - min(counts) <= 1


def test_the_lot_is_not_the_order_of_enrolment() -> None:
    """The first of two is either, each half of the time; that all of sixty are the same has a chance of 2⁻⁵⁹."""
    first = {json.dumps(drawn_treatment([{"a": "1"}, {"a": "2"}], [])) for _ in range(60)}

    assert len(first) == 2


def test_a_treatment_changes_what_is_open_after_a_call(tmp_path: Path) -> None:
    with Room(a_course(tmp_path, TREATED)) as room:
        trainees = enrolled(room, "a", "b", "c", "d")
        sittings = [(it, room.sitting(it)) for it in trainees]

        shown = {
            (it.treatment["debrief"], it.treatment["models"]): (sitting.after.ways, sitting.after.models)
            for it, sitting in sittings
            if sitting is not None
        }

    assert shown == {
        ("full", "both"): (True, ("expert", "weak")),
        ("full", "none"): (True, ()),
        ("lines", "both"): (False, ("expert", "weak")),
        ("lines", "none"): (False, ()),
    }


# practice and assessment


def test_callers_of_an_assessment_are_the_same_for_all_and_those_of_practice_are_not(room: Room) -> None:
    for trainee in enrolled(room, "Dana", "Yossi"):
        take_all(room, trainee)

    seeds = {part: {it.record.seed for it in room.calls() if it.part == part} for part in ("first", "final")}
    assert {part: len(it) for part, it in seeds.items()} == {"first": 2, "final": 1}
    assert not seeds["first"] & seeds["final"]


def test_an_assessment_is_sealed_until_all_have_finished_and_open_then(room: Room) -> None:
    first, second = enrolled(room, "Dana", "Yossi")
    take_all(room, first)
    (call,) = (it for it in room.calls() if it.part == "final")

    session = room.desk(call).session
    assert session.phase is Phase.SEALED
    assert not room.is_open(call)
    for closed in (lambda: session.stays, lambda: session.fork(0), lambda: room.desk(call).debriefed):
        with pytest.raises(NotNowError, match="It is opened once all have finished"):
            closed()
    with pytest.raises(NotOpenError):
        room.keep_result(call, "1", "{}")
    with pytest.raises(NotOpenError):
        room.sitting_at(call, first)

    take_all(room, second)

    assert room.opened() == {"final"}
    assert room.desk(call).session.phase is Phase.OVER


def test_practice_is_open_at_once(room: Room) -> None:
    (trainee,) = enrolled(room, "Dana")
    sitting = room.sitting(trainee)
    assert sitting is not None

    desk = take(sitting)

    assert desk.session.phase is Phase.OVER
    assert room.is_open(room.calls()[0])


def test_what_the_trainer_closes_is_open_and_nobody_takes_it_any_more(room: Room) -> None:
    first, second = enrolled(room, "Dana", "Yossi")
    take_all(room, first)
    assert room.due(second.number) is not None

    room.close("final")
    take_all(room, second)

    assert {(it.trainee, it.part) for it in room.calls()} == {(1, "first"), (1, "final"), (2, "first")}
    assert room.due(second.number) is None
    with pytest.raises(InputError, match="is no assessment of the course"):
        room.close("first")


def test_the_class_takes_practice_and_never_an_assessment(room: Room) -> None:
    enrolled(room, "Dana")
    take_all(room, None)

    assert {(it.trainee, it.part) for it in room.calls()} == {(CLASS, "first")}
    assert room.sitting(None) is None


def test_going_back_is_counted_over_all_sittings_and_refused_beyond_what_is_allowed(room: Room) -> None:
    (trainee,) = enrolled(room, "Dana")
    sitting = room.sitting(trainee)
    assert sitting is not None
    take(sitting)
    assert sitting.after.forks == 1

    sitting.forked(0)

    again = room.sitting_at(room.calls()[0], trainee)
    assert (again.after.forks, room.calls()[0].forks) == (0, 1)
    with pytest.raises(NoForksLeftError):
        again.forked(0)


def test_a_call_whose_scenario_has_changed_is_not_played_as_if_it_had_not(tmp_path: Path) -> None:
    own = tmp_path / "my_call.toml"
    tmp_path.mkdir(exist_ok=True)

    start_scenario(own)
    text = TWO_PARTS.replace('["no_need"]', '["my_call.toml"]', 1)
    with Room(a_course(tmp_path, text)) as room:
        begun(room)
        own.write_text(
            own.read_text(encoding="utf-8").replace("discount = 0.25", "discount = 0.2"), encoding="utf-8"
        )

        assert not room.can_be_played(room.calls()[0])
