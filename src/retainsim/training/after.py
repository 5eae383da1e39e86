"""What is open to a trainee once a call is over."""

from __future__ import annotations

from typing import Protocol

import attrs

from retainsim.training.desk import Desk

LONGEST_GOAL = 300
"""Characters of what a trainee sets himself."""
MODELS = ("expert", "weak")
"""The calls of others with the same customer that may be heard."""


@attrs.frozen(kw_only=True)
class After:
    """
    What is open once a call is over.

    Attributes:
        ways: Whether more is told than the decision, the truth and the score line by line: what other ways to talk come to.
        models: Whose calls may be heard, of `MODELS`.
        forks: How often he may go back to a move; none as often as he likes.
    """

    ways: bool = True
    models: tuple[str, ...] = MODELS
    forks: int | None = None


class Keeper(Protocol):
    """Whoever keeps a call while it is taken, and says what is open after it."""

    @property
    def after(self) -> After:
        """What is open now."""

    def keep(self, desk: Desk) -> None:
        """Keep all that was put in until now; when this returns, it is kept."""

    def forked(self, turn: int) -> None:
        """
        The trainee goes back to where so many moves were made; nothing that follows is kept.

        Raises:
            RetainError: When he may not, any more.
        """


class Goals(Protocol):
    """Whoever keeps what a trainee sets himself from call to call."""

    @property
    def goal(self) -> str:
        """What the trainee set himself for this call; empty when nothing."""

    def aim(self, desk: Desk, goal: str) -> str:
        """
        Take what the trainee sets himself for the next call.

        Args:
            desk: Of the call that is over.
            goal: In his own words.

        Returns:
            What he is told of it.
        """
