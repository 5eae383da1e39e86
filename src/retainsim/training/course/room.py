"""
The room: a course as it runs, with all that was done in it kept on the disk.

What a trainee puts in is kept before he hears an answer; put in twice, it counts once. A call is played again from what
is kept, so it goes on where it was left, whatever stopped it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Self

import attrs
import orjson

from retainsdk.errors import Fault, InputError, UnknownNameError
from retainsim.market.streams import key_of
from retainsim.training.after import After
from retainsim.training.course import chance
from retainsim.training.course.database import Database
from retainsim.training.course.goals import OwnGoals
from retainsim.training.course.kept import (
    CLASS,
    Call,
    NoForksLeftError,
    NotOpenError,
    TakenElsewhereError,
    Votes,
    kept_calls,
)
from retainsim.training.course.plan import Course, Part, Purpose, scenario_at
from retainsim.training.course.roll import (
    Newcomer,
    Trainee,
    UnknownTraineeError,
    drawn_treatment,
    faults_of,
)
from retainsim.training.desk import Desk
from retainsim.training.lines import Gender, Language, somebody
from retainsim.training.record import Record
from retainsim.training.scenario import load_scenario


class Room:
    """
    A course as it runs.

    Args:
        course: As it is planned. What happens is kept beside its file.

    Attributes:
        database: In which it is kept.

    Raises:
        StoreError: When that cannot be opened.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.database = Database(course.file.with_suffix(".db"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    # who takes part

    def enrol(self, newcomers: Sequence[Newcomer]) -> list[Trainee]:
        """
        Let people take part, all of them or nobody.

        Raises:
            InputError: Naming everything that is wrong with them.
        """
        with self.database.unit():
            there = self.trainees()
            if faults := faults_of(newcomers, taken=[it.label for it in there]):
                source = "enrolment"
                raise InputError(source, faults)
            given, codes = [it.treatment for it in there], {it.code for it in there}
            for it in newcomers:
                code = next(code for code in iter(chance.code, "") if code not in codes)
                treatment = drawn_treatment(self.course.treatments, given)
                codes.add(code)
                given.append(treatment)
                self.database.write(
                    "INSERT INTO trainee (code, label, name, gender, language, treatment, enrolled_at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    *(code, it.label, it.name, it.gender, it.language or self.course.language),
                    *(json.dumps(treatment), now()),
                )
        return self.trainees()[len(there) :]

    def trainees(self) -> list[Trainee]:
        """All who are enrolled, in that order."""
        rows = self.database.rows(
            "SELECT number, code, label, name, gender, language, treatment FROM trainee ORDER BY number"
        )
        return [
            Trainee(
                number=number,
                code=code,
                label=label,
                name=name,
                gender=Gender(gender),
                language=Language(language),
                treatment=json.loads(treatment),
            )
            for number, code, label, name, gender, language, treatment in rows
        ]

    def trainee(self, code: str) -> Trainee:
        """
        Who has that code.

        Raises:
            UnknownTraineeError: When nobody has. It names no codes, which are everybody's own.
        """
        for it in self.trainees():
            if it.code == code.strip().upper():
                return it
        raise UnknownTraineeError(code, [])

    # which call is next

    def due(self, trainee: int) -> tuple[Part, int, str] | None:
        """
        What is next for a trainee: its part, its place there and its scenario, none for a book; none when he has finished.

        The class takes calls for practice, and nothing else.
        """
        finished, opened = self.finished(), self.opened()
        for part, place, scenario in self.course.places():
            if part.is_assessment and part.name in opened:
                continue
            if trainee == CLASS and (part.is_assessment or part.book is not None):
                continue
            if (trainee, part.name, place) not in finished:
                return part, place, scenario
        return None

    def finished(self) -> set[tuple[int, str, int]]:
        """All that is finished: whose, of which part, and its place there."""
        return {
            (trainee, part, place)
            for trainee, part, place in self.database.rows(
                "SELECT trainee, part, place FROM call WHERE number IN (SELECT call FROM forecast) "
                "UNION SELECT trainee, part, 1 FROM book WHERE ended_at IS NOT NULL"
            )
        }

    def sitting(self, trainee: Trainee | None) -> Sitting | None:
        """
        The next call of a trainee or of the group, begun or gone on with; none when no call is due.

        Raises:
            ChangedScenarioError: When its scenario has changed since it was begun.
        """
        number = CLASS if trainee is None else trainee.number
        due = self.due(number)
        if due is None or due[0].book is not None:
            return None
        part, place, scenario = due
        call = self._kept(number, part, place) or self._begun(trainee, part, place, scenario)
        return Sitting(
            room=self, call=call, part=part, treatment={} if trainee is None else trainee.treatment
        )

    def sitting_at(self, call: Call, trainee: Trainee | None) -> Sitting:
        """A call of the course that may be told of, to hear it again."""
        if not self.is_open(call):
            raise NotOpenError(call.part)
        part = self.course.part(call.part)
        if part is None:  # the plan no longer has it: then only what was kept is told
            part = Part(name=call.part, purpose=Purpose.PRACTICE, scenarios=(), calls=0)
        return Sitting(
            room=self, call=call, part=part, treatment={} if trainee is None else trainee.treatment
        )

    def _kept(self, trainee: int, part: Part, place: int) -> Call | None:
        return next(
            (it for it in self.calls() if (it.trainee, it.part, it.place) == (trainee, part.name, place)),
            None,
        )

    def _begun(self, trainee: Trainee | None, part: Part, place: int, scenario: str) -> Call:
        loaded = load_scenario(scenario_at(self.course.file, scenario))
        with self.database.unit():
            seed = self.shared_seed(part, place) if part.is_assessment else chance.seed()
            language = Language(self.course.language) if trainee is None else trainee.language
            gender = Gender.MASCULINE if trainee is None else trainee.gender
            name = "" if trainee is None else trainee.name
            self.database.write(
                "INSERT OR IGNORE INTO call (trainee, part, place, purpose, scenario, digest, seed, language, gender, name, begun_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                *(CLASS if trainee is None else trainee.number, part.name, place, part.purpose),
                *(scenario, loaded.digest, seed, language.value, gender.value),
                *(name or somebody(language, key_of("seller", seed), gender).name, now()),
            )
        call = self._kept(CLASS if trainee is None else trainee.number, part, place)
        assert call is not None  # noqa: S101 # it was written above
        return call

    def shared_seed(self, part: Part, place: int) -> int:
        """Of the caller, or of the book, that everybody meets there."""
        self.database.write(
            "INSERT OR IGNORE INTO caller (part, place, seed) VALUES (?, ?, ?)",
            part.name,
            place,
            chance.seed(),
        )
        rows = self.database.rows("SELECT seed FROM caller WHERE part = ? AND place = ?", part.name, place)
        return int(rows[0][0])

    # what was put in

    def calls(self) -> list[Call]:
        """All calls, in the order in which they were begun."""
        return kept_calls(self.database, self.course.file)

    def keep(self, call: Call, record: Record, *, votes: Votes | None = None) -> None:
        """
        Keep what was put in until now; what was put in twice is kept once.

        Args:
            call: Which.
            record: All that was put in.
            votes: Of the group on the last move.

        Raises:
            TakenElsewhereError: When something else was put in meanwhile.
        """
        moves = [orjson.dumps(attrs.asdict(it)).decode() for it in record.moves]
        with self.database.unit():
            kept = [
                move
                for (move,) in self.database.rows(
                    "SELECT move FROM turn WHERE call = ? ORDER BY number", call.number
                )
            ]
            if any(one != other for one, other in zip(kept, moves, strict=False)):
                raise TakenElsewhereError(call.part, call.place)
            for number, move in enumerate(moves[len(kept) :], start=len(kept) + 1):
                told = json.dumps(votes or {} if number == len(moves) else {})
                self.database.write(
                    "INSERT INTO turn (call, number, move, votes, at) VALUES (?, ?, ?, ?, ?)",
                    *(call.number, number, move, told, now()),
                )
            if record.forecast is not None:
                self._keep_forecast(call, orjson.dumps(attrs.asdict(record.forecast)).decode())

    def _keep_forecast(self, call: Call, forecast: str) -> None:
        kept = self.database.rows("SELECT forecast FROM forecast WHERE call = ?", call.number)
        if kept and kept[0][0] != forecast:
            raise TakenElsewhereError(call.part, call.place)
        if not kept:
            self.database.write(
                "INSERT INTO forecast (call, forecast, at) VALUES (?, ?, ?)", call.number, forecast, now()
            )
            self.open_what_all_have_finished()

    def fork(self, call: Call, turn: int, *, most: int | None) -> None:
        """
        Count that the trainee goes back to where so many moves were made.

        Raises:
            NoForksLeftError: When he has as often as he may.
        """
        with self.database.unit():
            ((count,),) = self.database.rows("SELECT count(*) FROM fork WHERE call = ?", call.number)
            if most is not None and count >= most:
                raise NoForksLeftError
            self.database.write(
                "INSERT INTO fork (call, number, turn, at) VALUES (?, ?, ?, ?)",
                call.number,
                count + 1,
                turn,
                now(),
            )

    # what may be told

    def opened(self) -> set[str]:
        """Names of the assessments whose truth may be told."""
        return {part for (part,) in self.database.rows("SELECT part FROM opened")}

    def is_open(self, call: Call) -> bool:
        """Whether the truth of a call may be told."""
        return call.is_finished and (not call.is_assessment or call.part in self.opened())

    def close(self, name: str) -> None:
        """
        End an assessment for all, finished or not: its truth may be told, and nobody takes it any more.

        Raises:
            InputError: When the course has no such assessment.
        """
        parts = [part.name for part in self.course.parts if part.is_assessment]
        if name not in parts:
            known = f"Those are: {', '.join(parts)}." if parts else "The course has none."
            source = "close"
            raise InputError(source, [Fault("part", name, "is no assessment of the course", known)])
        self._open(name)

    def _open(self, part: str) -> None:
        self.database.write("INSERT OR IGNORE INTO opened (part, at) VALUES (?, ?)", part, now())

    def open_what_all_have_finished(self) -> None:
        """Assessments that everybody enrolled has finished."""
        finished = self.finished()
        for part in self.course.parts:
            if part.is_assessment and all(
                (it.number, part.name, place) in finished for it in self.trainees() for place in part.places
            ):
                self._open(part.name)

    def desk(self, call: Call) -> Desk:
        """
        The desk of a call as it was left; sealed as long as its truth may not be told.

        Raises:
            ChangedScenarioError: When its scenario has changed since it was begun.
        """
        desk = Desk.kept(call.record)
        if call.is_assessment and call.part not in self.opened():
            return desk.at(attrs.evolve(desk.session, sealed=True))
        return desk

    def can_be_played(self, call: Call) -> bool:
        """Whether its scenario still is what it was begun with."""
        try:
            return load_scenario(call.record.scenario).digest == call.record.digest
        except (InputError, UnknownNameError):
            return False

    # what calls came to, once that may be told

    def results(self, version: str) -> dict[int, str]:
        """What was worked out for calls, by their number, under that version."""
        return dict(self.database.rows("SELECT call, told FROM result WHERE version = ?", version))

    def keep_result(self, call: Call, version: str, told: str) -> None:
        """
        Keep what a call came to.

        Raises:
            NotOpenError: When that may not be told yet.
        """
        if not self.is_open(call):
            raise NotOpenError(call.part)
        self.database.write(
            "INSERT OR REPLACE INTO result (call, version, told) VALUES (?, ?, ?)", call.number, version, told
        )


@attrs.frozen(kw_only=True)
class Sitting:
    """
    Somebody at a call of the course: keeps it while it is taken.

    Attributes:
        room: In which it is taken.
        call: As it was when he sat down.
        part: Of the course.
        treatment: Of the trainee.
    """

    room: Room
    call: Call
    part: Part
    treatment: Mapping[str, str]

    @property
    def desk(self) -> Desk:
        """The call as it was left."""
        return self.room.desk(self.call)

    @property
    def goals(self) -> OwnGoals:
        """What the trainee sets himself from call to call."""
        return OwnGoals(self.room.database, self.call)

    @property
    def after(self) -> After:
        """What is open when it is over."""
        if self.call.is_assessment:
            return After()
        forked = next(it.forks for it in self.room.calls() if it.number == self.call.number)
        return self.part.after(self.treatment, forked=forked)

    def keep(self, desk: Desk) -> None:
        """On the disk."""
        self.room.keep(self.call, desk.record())

    def forked(self, turn: int) -> None:
        """
        Counted.

        Raises:
            NoForksLeftError: When he has gone back as often as he may.
        """
        most = None if self.call.is_assessment else self.part.after(self.treatment).forks
        self.room.fork(self.call, turn, most=most)


def now() -> str:
    """As times are kept."""
    return datetime.now(UTC).isoformat(timespec="seconds")
