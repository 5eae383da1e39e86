"""Votes of a group on its next move, before one screen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from retainsdk.errors import RetainError
from retainsdk.policy import MoveKind
from retainsim.training.after import After
from retainsim.training.course.kept import Votes
from retainsim.training.course.room import Sitting
from retainsim.training.desk import Desk

_VOTES = re.compile(r"(\d+)\s*[=:]\s*(\d+)")
MOST_VOTES = 10_000


class TieError(RetainError, ValueError):
    """Several moves have as many votes, and nobody has decided between them."""

    def __init__(self, moves: tuple[str, ...]) -> None:
        super().__init__(moves)
        self.moves = moves

    def __str__(self) -> str:
        return (
            f'A tie between {", ".join(self.moves)}. Vote again, or say which: "decides": "{self.moves[0]}".'
        )


class NoVotesError(RetainError, ValueError):
    """What was sent as votes is none."""

    def __str__(self) -> str:
        return (
            'Votes are moves by name with how many are for each, like {"votes": {"ask_open": 9, "probe": 4}}.'
        )


def read_votes(text: str, moves: int) -> Mapping[int, int] | None:
    """
    Votes as a trainer types them: the number of each move, and how many are for it; none when it says something else.

    Args:
        text: That was typed.
        moves: How many there are to vote on.

    >>> read_votes("1=5 2=9, 13=1", moves=16)
    {1: 5, 2: 9, 13: 1}
    >>> read_votes("17=5", moves=16) is None
    True
    """
    found = {int(move): int(count) for move, count in _VOTES.findall(text)}
    rest = _VOTES.sub("", text).replace(",", "").strip()
    is_right = all(1 <= move <= moves and count <= MOST_VOTES for move, count in found.items())
    return found if found and not rest and is_right and any(found.values()) else None


def leading(votes: Votes) -> tuple[str, ...]:
    """
    The moves with the most votes: one, or several in a tie.

    >>> leading({"ask_open": 9, "probe": 4, "release": 9})
    ('ask_open', 'release')
    """
    most = max(votes.values())
    return tuple(move for move, count in votes.items() if count == most)


def decided(votes: object, *, by_trainer: str | None) -> tuple[str, Votes]:
    """
    The move that a program's votes decide on, and the votes.

    Args:
        votes: How many are for each move, by name.
        by_trainer: The move the trainer decides for, in a tie.

    Raises:
        NoVotesError: When they are no votes.
        TieError: When there is a tie that the trainer has not decided.
    """
    known = {kind.name.lower() for kind in MoveKind}
    if not isinstance(votes, dict) or not all(
        move in known and type(count) is int and 0 <= count <= MOST_VOTES for move, count in votes.items()
    ):
        raise NoVotesError
    if not any(votes.values()):
        raise NoVotesError
    first = leading(votes)
    if len(first) == 1:
        return first[0], votes
    if by_trainer not in first:
        raise TieError(first)
    return by_trainer, votes


class Ballot:
    """
    Keeps the call of a group, with the votes on each move.

    Args:
        sitting: At which the group is.
    """

    def __init__(self, sitting: Sitting) -> None:
        self.sitting = sitting
        self.votes: Votes = {}

    @property
    def after(self) -> After:
        """What is open when it is over."""
        return self.sitting.after

    def keep(self, desk: Desk) -> None:
        """On the disk, with what was voted last."""
        self.sitting.room.keep(self.sitting.call, desk.record(), votes=self.votes)
        self.votes = {}

    def forked(self, turn: int) -> None:
        """Counted."""
        self.sitting.forked(turn)
