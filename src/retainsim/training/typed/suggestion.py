"""
What a suggester says of a typed text: which moves it holds, how sure that is, and what else it may be.

A suggestion decides nothing. Whoever shows it shows its labels, and what was meant is what a person agreed to.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Literal, Protocol

import attrs

from retainsdk.action import MoveKind
from retainsdk.errors import RetainError
from retainsim.training.typed.slots import Slots, slots_for

__all__ = ["SURE", "Guess", "Language", "Part", "Source", "Suggester", "Suggestion", "UnmatchedMovesError"]

SURE = 0.5
"""The confidence from which a move is proposed alone; below it a person chooses from three."""

Language = Literal["en", "he"]
"""The languages that typed text is understood in."""


class Source(StrEnum):
    """Where a move came from, as kept with every turn."""

    MENU = "menu"
    TEXT_AUTO = "text-auto"
    TEXT_CONFIRMED = "text-confirmed"


class UnmatchedMovesError(RetainError, ValueError):
    """Moves were confirmed that are not one for each part."""

    def __init__(self, moves: int, parts: int) -> None:
        super().__init__(moves, parts)
        self.moves, self.parts = moves, parts

    def __str__(self) -> str:
        return (
            f"The text has {self.parts} parts, but {self.moves} moves were confirmed. Give one for each part."
        )


@attrs.frozen
class Guess:
    """A move and how sure it is, 0 to 1: of all guesses made with .8, eight in ten should be right."""

    move: MoveKind
    confidence: float


@attrs.frozen(kw_only=True)
class Part:
    """
    A stretch of the text that makes one move.

    Attributes:
        text: As typed.
        guesses: The three likeliest moves, likeliest first; what is left to 1 lies with the others and with no
            move at all.
        slots: What the words say of amount, duration and time, as far as the first guess has room for it.
    """

    text: str
    guesses: tuple[Guess, Guess, Guess]
    slots: Slots

    @property
    def move(self) -> MoveKind:
        """The likeliest."""
        return self.guesses[0].move

    @property
    def confidence(self) -> float:
        """How sure the likeliest is."""
        return self.guesses[0].confidence

    @property
    def unsure(self) -> bool:
        """Whether a person must choose."""
        return self.confidence < SURE


@attrs.frozen(kw_only=True)
class Suggestion:
    """
    The moves of a typed text, in order.

    Attributes:
        text: As typed.
        language: It was read in.
        parts: What it holds; none when nothing was typed.
        source: `Source.TEXT_AUTO` until a person agreed.
    """

    text: str
    language: Language
    parts: tuple[Part, ...]
    source: Source = Source.TEXT_AUTO

    @property
    def unsure(self) -> bool:
        """Whether there is no move in it, or one that a person must choose."""
        return not self.parts or any(part.unsure for part in self.parts)

    @property
    def moves(self) -> tuple[MoveKind, ...]:
        """The likeliest of each part."""
        return tuple(part.move for part in self.parts)

    def confirmed(self, moves: Sequence[MoveKind]) -> Suggestion:
        """
        The same text with what a person says it means.

        A part whose move he changed is read anew for its slots. The confidence of what a person said is 1.

        Raises:
            UnmatchedMovesError: When there is not one move for each part.

        >>> part = Part(
        ...     text="Two months on hold.",
        ...     guesses=(
        ...         Guess(MoveKind.REFUSE, 0.4), Guess(MoveKind.OFFER_PAUSE, 0.3), Guess(MoveKind.CLOSE, 0.1)
        ...     ),
        ...     slots=Slots(),
        ... )
        >>> suggestion = Suggestion(text=part.text, language="en", parts=(part,))
        >>> agreed = suggestion.confirmed([MoveKind.OFFER_PAUSE])
        >>> str(agreed.source), agreed.unsure, agreed.parts[0].slots.period
        ('text-confirmed', False, Period(count=2, unit='month'))
        """
        if len(moves) != len(self.parts):
            raise UnmatchedMovesError(len(moves), len(self.parts))
        parts = tuple(_meant(part, move, self.language) for part, move in zip(self.parts, moves, strict=True))
        return attrs.evolve(self, parts=parts, source=Source.TEXT_CONFIRMED)


class Suggester(Protocol):
    """Whatever reads a typed text."""

    def among(self, moves: Collection[MoveKind]) -> Suggester:
        """
        The same, of some moves only.

        Args:
            moves: Those that can be made.
        """

    def suggest(self, text: str) -> Suggestion:
        """
        The moves a text makes.

        Args:
            text: What a seller would say; anything at all may stand in it.
        """


def _meant(part: Part, move: MoveKind, language: Language) -> Part:
    second, third = [guess.move for guess in part.guesses if guess.move is not move][:2]
    guesses = (Guess(move, 1.0), Guess(second, 0.0), Guess(third, 0.0))
    slots = part.slots if move is part.move else slots_for(move, part.text, language)
    return attrs.evolve(part, guesses=guesses, slots=slots)
