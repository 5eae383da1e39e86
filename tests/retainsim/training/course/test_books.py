"""Books of customers in a course: what was decided is kept, assessments stay closed, and effects are told of trainees."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import attrs
import pytest
from small_courses import BOOKS, TWO_PARTS, a_course, enrolled, look_after, take_all

from retainsdk.errors import InputError
from retainsim.training.course import (
    CLASS,
    Books,
    BookSitting,
    BookTakenElsewhereError,
    Course,
    Newcomer,
    NoGradedRoundsError,
    NotOpenError,
    Room,
    Trainee,
)
from retainsim.training.course.book_effects import BookEffects, BookResult, BookTaken, book_results
from retainsim.training.course.book_transcript import book_transcripts
from retainsim.training.course.estimate import LEAST
from retainsim.training.course.rehearsal import rehearse
from retainsim.training.course.report import report
from retainsim.training.course.transcript import NewIds
from retainsim.training.rounds import OutOfTurnError, Phase, Step
from retainsim.training.rounds.gate import why_not
from retainsim.training.rounds.report import BookReport


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with Room(a_course(tmp_path, BOOKS)) as room:
        yield room


def sat_down(room: Room, trainee: Trainee) -> BookSitting:
    """The book that is due to somebody."""
    sitting = Books(room).sitting(trainee)
    assert sitting is not None
    return sitting


def week_planned(sitting: BookSitting, *steps: Step) -> None:
    """One more week, kept."""
    desk = sitting.desk
    sitting.keep(desk.at(desk.play.decide(steps)))


# planned


def test_a_part_is_calls_or_a_book_and_all_that_is_wrong_with_it_is_said_at_once(tmp_path: Path) -> None:
    text = (
        BOOKS.replace("customers = 24", "customers = 9", 1)
        .replace('preset = "telecom"', 'preset = "telekom"', 1)
        .replace("hours = 1", 'scenarios = ["no_need"]\nhour = 1', 1)
    )

    with pytest.raises(InputError) as told:
        a_course(tmp_path, text)

    assert {(fault.place, fault.rule) for fault in told.value.faults} == {
        ("line 12, parts.trial.scenarios", "is of calls, and this part is a book of customers"),
        ("line 13, parts.trial.hour", "is no key of a book"),
        ("line 9, parts.trial.preset", "is no market that ships"),
        ("line 10, parts.trial.customers", "must be a whole number within 24 and 60"),
        ("line 7, parts.trial.hours", "is missing"),
    }


def test_calls_and_books_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    with Room(a_course(tmp_path, TWO_PARTS + BOOKS.partition('קורס של ספרים"\n')[2])) as room:
        (dana,) = enrolled(room, "Dana")

        due = []
        while (next_one := room.due(dana.number)) is not None:
            due.append(next_one[0].name)
            if next_one[0].book is None:
                assert Books(room).sitting(dana) is None
                take_all(room, dana)
            else:
                assert room.sitting(dana) is None
                look_after(sat_down(room, dana))
        class_due = room.due(CLASS)

    assert due == ["first", "trial", "final_book"]
    assert class_due is not None
    assert class_due[0].name == "first"


# what was accepted is kept


def test_a_killed_process_loses_no_decision_that_was_accepted(tmp_path: Path) -> None:
    with Room(a_course(tmp_path, BOOKS)) as room:
        (dana,) = enrolled(room, "Dana")
    code = f"""
import sys
from pathlib import Path
from retainsim.training.course import Books, Room, load_course
room = Room(load_course(Path({str(tmp_path)!r})))
sitting = Books(room).sitting(room.trainee({dana.code!r}))
desk = sitting.desk
for _ in range(2):
    desk = desk.at(desk.play.decide(()))
    sitting.keep(desk)
    print(len(desk.play.decisions), flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        accepted = [int(process.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGKILL)

    with Room(a_course(tmp_path, BOOKS)) as room:
        play = sat_down(room, room.trainee(dana.code)).desk.play

        assert accepted == [1, 2]
        assert (len(play.decisions), play.week) == (2, 3)


def test_what_is_decided_twice_counts_once(room: Room) -> None:
    (dana,) = enrolled(room, "Dana")
    sitting = sat_down(room, dana)
    desk = sitting.desk
    after = desk.at(desk.play.decide((), at=0))
    sitting.keep(after)

    sitting.keep(after)
    sitting.keep(after.at(after.play.decide((), at=0)))

    assert sat_down(room, dana).desk.play.week == 2


def test_what_is_decided_elsewhere_meanwhile_is_not_overwritten(room: Room) -> None:
    (dana,) = enrolled(room, "Dana")
    here, there = (sat_down(room, dana) for _ in range(2))
    late = there.desk
    number = next(it for it in count(1) if not why_not(late.play, it, "check_in"))
    week_planned(here)

    with pytest.raises(BookTakenElsewhereError, match="The book of trial was gone on with from elsewhere"):
        there.keep(late.at(late.play.decide((Step(customer=number, action="check_in"),))))

    assert Books(room).kept()[0].record.decisions == ({"week": []},)


def test_a_course_of_an_older_version_is_opened_with_what_is_in_it(tmp_path: Path) -> None:
    with Room(a_course(tmp_path, BOOKS)) as room:
        (dana,) = enrolled(room, "Dana")
    with sqlite3.connect(tmp_path / "course.db") as db:
        for table in ("goal", "book_result", "decision", "book"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 1")
    db.close()

    with Room(a_course(tmp_path, BOOKS)) as room:
        assert [it.code for it in room.trainees()] == [dana.code]
        week_planned(sat_down(room, dana))


# practice


def test_practice_has_a_book_of_one_s_own_is_told_at_once_and_begun_again(room: Room) -> None:
    dana, yossi = enrolled(room, "Dana", "Yossi")
    sitting, other = sat_down(room, dana), sat_down(room, yossi)
    desk = look_after(sitting)
    before = report(room).books[0].taken[0].result
    assert BookReport(desk=desk).result.total == before.score

    again = desk.at(desk.play.restart())
    sitting.keep(again)
    begun_again = sat_down(room, dana)
    look_after(begun_again, "always_discount")

    after = report(room).books[0].taken[0].result
    assert sitting.desk.play.setting.seed != other.desk.play.setting.seed
    assert begun_again.book.part == "trial"
    assert after.nobody == before.nobody
    assert after.value != before.value
    assert sat_down(room, dana).book.part == "final_book"


def test_practice_is_not_left_for_rounds_that_count(room: Room) -> None:
    (dana,) = enrolled(room, "Dana")
    sitting = sat_down(room, dana)
    desk = sitting.desk

    with pytest.raises(NoGradedRoundsError, match="followed by the next part"):
        sitting.keep(desk.at(desk.play.begin_graded()))

    assert Books(room).kept()[0].record.decisions == ()


# assessment


def test_an_assessment_is_the_same_book_for_all_sealed_until_all_have_finished(room: Room) -> None:
    dana, yossi = enrolled(room, "Dana", "Yossi")
    for trainee in (dana, yossi):
        look_after(sat_down(room, trainee))
    first, second = sat_down(room, dana), sat_down(room, yossi)
    finished = look_after(first)

    assert first.desk.play.setting == second.desk.play.setting
    assert finished.play.phase is Phase.OVER
    (kept,) = (it for it in Books(room).kept() if it.is_assessment and it.is_finished)
    with pytest.raises(OutOfTurnError, match="It is opened once all have finished"):
        BookReport(desk=Books(room).desk(kept)).to_record()
    with pytest.raises(OutOfTurnError):
        finished.play.restart()
    with pytest.raises(NotOpenError):
        Books(room).keep_result(kept, "1", "{}")
    (waiting,) = report(room).waiting
    assert (waiting.part, waiting.finished, waiting.enrolled) == ("final_book", 1, 2)
    assert [it.part for it in report(room).books] == ["trial"]

    look_after(second)

    assert room.opened() == {"final_book"}
    assert [it.part for it in report(room).books] == ["trial", "final_book"]
    assert (
        BookReport(desk=Books(room).desk(kept)).to_record()["score"]
        == report(room).books[1].taken[0].result.score
    )


def test_what_the_trainer_closes_is_open_and_nobody_looks_after_it_any_more(room: Room) -> None:
    dana, yossi = enrolled(room, "Dana", "Yossi")
    for trainee in (dana, yossi):
        look_after(sat_down(room, trainee))
    look_after(sat_down(room, dana))

    room.close("final_book")

    assert Books(room).sitting(yossi) is None
    assert len(report(room).books[1].taken) == 1


# what books came to


def test_who_does_nothing_wins_exactly_nothing(room: Room) -> None:
    enrolled(room, "a", "b", "c", "idle")

    assert rehearse(room) == 8

    idle = next(it for it in report(room).books[1].taken if it.label == "idle")
    assert idle.result.effect == 0


def test_a_class_has_an_interval_from_so_many_trainees_on(room: Room) -> None:
    (dana,) = enrolled(room, "Dana")
    look_after(sat_down(room, dana))
    (book,) = Books(room).kept()
    plain = BookTaken(
        book=book,
        trainee=dana,
        label="",
        result=BookResult(score=0.5, currency="USD", value=0.0, nobody=10.0, script=20.0),
    )

    def of_class(trainees: int) -> BookEffects:
        taken = tuple(
            attrs.evolve(plain, result=attrs.evolve(plain.result, value=30.0 + n % 2))
            for n in range(trainees)
        )
        return BookEffects(part="trial", is_assessment=False, currency="USD", taken=taken)

    few, enough = of_class(LEAST - 1), of_class(LEAST)

    assert (few.effect.is_enough, enough.effect.is_enough) == (False, True)
    assert (enough.effect.mean, enough.beside_script.mean, enough.effect.n) == (20.5, 10.5, LEAST)


def test_what_was_worked_out_is_not_worked_out_again(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    (dana,) = enrolled(room, "Dana")
    look_after(sat_down(room, dana))
    first = book_results(Books(room))
    monkeypatch.setattr("retainsim.training.course.book_effects.result", None)

    assert book_results(Books(room)) == first


def test_a_book_whose_market_has_changed_is_left_out_and_counted(room: Room) -> None:
    (dana,) = enrolled(room, "Dana")
    look_after(sat_down(room, dana))
    room.database.write("UPDATE book SET digest = 'another'")

    made = report(room)

    assert (made.books, made.changed) == ((), 1)


def test_rehearsal_is_refused_where_somebody_has_begun_a_book(room: Room) -> None:
    (dana,) = enrolled(room, "Dana")
    week_planned(sat_down(room, dana))

    with pytest.raises(InputError, match="were taken by people"):
        rehearse(room)


def test_nobody_is_named_in_what_is_given_away_and_no_seed_nor_closed_result(tmp_path: Path) -> None:
    with Room(a_course(tmp_path, BOOKS)) as room:
        dana, _ = room.enrol(
            [
                Newcomer(label="Dana of the night shift", gender="feminine", name="Zerubbabel"),
                Newcomer(label="Yossi", gender="masculine"),
            ]
        )
        look_after(sat_down(room, dana))
        look_after(sat_down(room, dana))
        seeds = {str(it.record.setting.seed) for it in Books(room).kept()}

        text = b"".join(it.to_json() for it in book_transcripts(room, ids=NewIds())).decode()

    told = {it["purpose"]: it for it in map(json.loads, text.splitlines())}
    assert not [it for it in ("Dana", "Zerubbabel", dana.code, "seed", *seeds) if it in text]
    assert told["practice"]["result"]["score"] is not None
    assert told["assessment"]["result"] is None
    assert told["practice"]["trainee"] == told["assessment"]["trainee"]
    assert len(told["practice"]["decisions"]) >= 4


def test_a_course_file_can_take_up_the_book_it_offers(tmp_path: Path) -> None:
    from retainsim.training.course import start_course  # noqa: PLC0415 # only here

    begun = start_course(tmp_path).file.read_text(encoding="utf-8")
    offered = begun.partition("# [parts.book]")[2].partition("\n\n")[0].split("\n")
    text = begun + "\n[parts.book]\n" + "\n".join(line.removeprefix("# ") for line in offered)

    course: Course = a_course(tmp_path, text)

    book = course.parts[-1].book
    assert book is not None
    assert (book.customers, book.rounds, book.hours) == (30, 3, 2)
