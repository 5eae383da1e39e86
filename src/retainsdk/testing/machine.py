"""A state machine over a whole book: any commands in any order, and the rules of the domain after each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from retainsdk.book import Book
from retainsdk.errors import InputError
from retainsdk.testing.builders import SetClock, a_book
from retainsdk.testing.calls import COMMANDS, begun
from retainsdk.testing.check_book import book_faults
from retainsdk.testing.walk import Walk

__all__ = ["BookMachine"]


class BookMachine(RuleBasedStateMachine):
    """
    Commands of all aggregates, interleaved; after each, `retainsdk.testing.check_book` must find nothing.

    Make it yours in a subclass: give it another book by `make_book`, leave commands out by `commands`, and add
    rules and invariants of your own, as with any state machine of Hypothesis. When it fails, what the book was told
    is printed as lines of Python.

    Attributes:
        commands: Names of the commands that are told; all there are.
        accepted: How often each was taken, over all examples of this class.
        refused: How often each was refused.

    >>> class OnlyPromises(BookMachine):
    ...     commands = ("promise", "keep", "release", "tick")
    """

    commands: ClassVar[Sequence[str]] = tuple(COMMANDS)
    accepted: ClassVar[Counter[str]] = Counter()
    refused: ClassVar[Counter[str]] = Counter()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.accepted, cls.refused = Counter(), Counter()

    def __init__(self) -> None:
        super().__init__()
        self.clock = SetClock()
        self.book = begun(self.make_book(self.clock))
        self.walk = Walk(
            book=self.book,
            clock=self.clock,
            commands=sorted(self.commands),
            accepted=self.accepted,
            refused=self.refused,
            heard=note,
        )
        self._checked = 0

    def make_book(self, clock: SetClock) -> Book:
        """The book to try, new; in memory and in euros unless a subclass makes another. It is to run by *clock*."""
        return a_book(clock=clock)

    @rule(seed=st.integers(0, 2**32))
    def told(self, seed: int) -> None:
        """Something is told to the book; the seed says what."""
        self.walk.step(Random(seed))  # noqa: S311 # no secret

    @rule(days=st.sampled_from([1, 14, 100]))
    def time_passes(self, days: int) -> None:
        """Nothing happens for so many days."""
        self.clock.time += timedelta(days=days)

    @invariant()
    def every_rule_holds(self) -> None:
        """Nothing is wrong with the book; see `retainsdk.testing.check_book`."""
        faults = book_faults(self.book, after=self._checked)
        if faults:
            raise InputError("book", faults)
        self._checked = len(self.book)

    def teardown(self) -> None:
        """Let go of the book."""
        self.book.close()
