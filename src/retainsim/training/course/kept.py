"""A call as the course keeps it, and what stands in the way of going on with one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import attrs
import orjson

from retainsdk.errors import RetainError
from retainsim.training.course.database import Database
from retainsim.training.course.plan import Purpose, scenario_at
from retainsim.training.record import Record, read_record

CLASS = 0
"""In the place of a trainee's number: the group as a whole, before one screen."""
Votes = Mapping[str, int]
"""How many were for each move, by its name."""


class TakenElsewhereError(RetainError, RuntimeError):
    """A call was gone on with from elsewhere, so what is put in here comes too late."""

    def __init__(self, part: str, place: int) -> None:
        super().__init__(part, place)
        self.part, self.place = part, place

    def __str__(self) -> str:
        return (
            f"Call {self.place} of {self.part} was gone on with from elsewhere. Begin the same command again: it goes on "
            "from what is kept."
        )


class BookTakenElsewhereError(TakenElsewhereError):
    """A book was gone on with from elsewhere, so what is decided here comes too late."""

    def __init__(self, part: str) -> None:
        super().__init__(part, 1)

    def __str__(self) -> str:
        return (
            f"The book of {self.part} was gone on with from elsewhere. Begin the same command again: it goes on from what "
            "is kept."
        )


class NoGradedRoundsError(RetainError, ValueError):
    """The rounds that count are asked for in a book that is all practice."""

    def __str__(self) -> str:
        return "In a course practice is followed by the next part: end the input, and begin the same command again."


class NoForksLeftError(RetainError, ValueError):
    """A trainee goes back to a move more often than the course allows."""

    def __str__(self) -> str:
        return "The course allows no more going back to a move. Take the next call."


class NotOpenError(RetainError, ValueError):
    """The truth of an assessment is asked for while others still take it."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part

    def __str__(self) -> str:
        return (
            f"The truth of {self.part} stays closed until all have finished it, or the trainer closes it with: "
            f"retainsim course close FOLDER {self.part}"
        )


@attrs.frozen(kw_only=True)
class Call:
    """
    A call as it is kept.

    Attributes:
        number: Of the call in the course.
        trainee: Who takes it; `CLASS` for the group.
        part: Of the course.
        place: In the part, from 1.
        is_assessment: Whether it was begun as one.
        record: All that was put in. It holds the seed, so no trainee is shown it.
        votes: Of each move that a group voted on.
        forks: How often the trainee went back to a move.
    """

    number: int
    trainee: int
    part: str
    place: int
    is_assessment: bool
    record: Record
    votes: tuple[Votes, ...]
    forks: int

    @property
    def is_finished(self) -> bool:
        """Whether the forecast was given."""
        return self.record.forecast is not None


def kept_calls(database: Database, file: Path) -> list[Call]:
    """
    All calls of a course, in the order in which they were begun.

    Args:
        database: Of the course.
        file: Of its plan: files of scenarios are looked for beside it.
    """
    moves: dict[int, list[tuple[str, Votes]]] = {}
    for call, move, votes in database.rows("SELECT call, move, votes FROM turn ORDER BY call, number"):
        moves.setdefault(call, []).append((move, json.loads(votes)))
    forecasts: dict[int, str] = dict(database.rows("SELECT call, forecast FROM forecast"))
    forks: dict[int, int] = dict(database.rows("SELECT call, count(*) FROM fork GROUP BY call"))
    rows = database.rows(
        "SELECT number, trainee, part, place, purpose, scenario, digest, seed, language, gender, name "
        "FROM call ORDER BY number"
    )
    return [
        Call(
            number=number,
            trainee=trainee,
            part=part,
            place=place,
            is_assessment=purpose == Purpose.ASSESSMENT,
            record=read_record(
                orjson.dumps(
                    {
                        "scenario": scenario_at(file, scenario),
                        "digest": digest,
                        "seed": seed,
                        "moves": [json.loads(move) for move, _ in moves.get(number, [])],
                        "forecast": json.loads(forecasts.get(number, "null")),
                        "language": language,
                        "gender": gender,
                        "name": name,
                    }
                ),
                source=f"call {place} of {part}",
            ),
            votes=tuple(votes for _, votes in moves.get(number, [])),
            forks=forks.get(number, 0),
        )
        for number, trainee, part, place, purpose, scenario, digest, seed, language, gender, name in rows
    ]
