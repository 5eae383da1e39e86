"""A call as the course keeps it, and what stands in the way of going on with one."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from retainsdk.errors import RetainError
from retainsim.training.record import Record

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
