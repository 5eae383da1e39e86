"""A book that is told things in any order, beside a plain model that says what may happen to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis.stateful import RuleBasedStateMachine

from retainsdk.errors import RetainError
from retainsdk.terms import Terms
from retainsdk.testing import SetClock, a_book, a_relationship, at

START = at(2)
"""Where the clock of such a book stands at first."""


class OneRelationship(RuleBasedStateMachine):
    """A book with one customer, and a clock that its rules put forward."""

    def __init__(self, terms: Terms | None = None) -> None:
        super().__init__()
        self.clock = SetClock(START)
        self.book = a_book(clock=self.clock)
        self.noa = a_relationship(self.book, terms=terms)

    def goes(self, *, legal: bool, command: Callable[[], object]) -> bool:
        """Whether the model lets a command go; one it does not must be refused, and leave nothing behind."""
        before = len(self.book)
        if legal:
            command()
        else:
            with pytest.raises(RetainError):
                command()
            assert len(self.book) == before
        return legal
