"""The state machine of a book finds what a book does wrong, and says what was told to it."""

from __future__ import annotations

from typing import Any, Unpack

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from retainsdk.book import Book
from retainsdk.errors import CommandError
from retainsdk.journal import How
from retainsdk.store.memory import MemoryStore
from retainsdk.testing import SetClock
from retainsdk.testing.machine import BookMachine

few = settings(max_examples=20, stateful_step_count=10, deadline=None, derandomize=True, database=None)


def test_a_machine_tells_only_the_commands_it_is_given_and_counts_them() -> None:
    class Promises(BookMachine):
        commands = ("promise", "keep", "release", "tick")

    run_state_machine_as_test(Promises, settings=few)

    assert {"promise", "keep", "tick"} <= Promises.accepted.keys() <= set(Promises.commands)
    assert Promises.refused.total() > 0
    assert not BookMachine.accepted.keys() - set(BookMachine.commands)


class LeavesTraces(Book):
    """Refuses surveys after it has recorded them."""

    def refuse_survey(self, relationship: int, *, instrument: str, **how: Unpack[How]) -> int:
        super().refuse_survey(relationship, instrument=instrument, **how)
        raise CommandError("a survey", "was refused", "Ask later.")  # its parts


class Fails(Book):
    """Knows no words for what is wrong."""

    def refuse_survey(self, relationship: int, *, instrument: str, **how: Unpack[How]) -> int:  # noqa: ARG002 # the book's
        raise ZeroDivisionError


class Misreads(Book):
    """Shows no cards."""

    def card(self, relationship: int, as_of: Any = None) -> Any:  # noqa: ARG002 # the book's
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (LeavesTraces, "book.refuse_survey.*was refused .*but it left something"),
        (Fails, "book.refuse_survey.*failed with ZeroDivisionError"),
        (Misreads, "card of .*ZeroDivisionError"),
    ],
)
def test_a_machine_finds_what_a_book_does_wrong(broken: type[Book], words: str) -> None:
    class Surveys(BookMachine):
        commands = ("ask_survey", "refuse_survey", "answer_survey")

        def make_book(self, clock: SetClock) -> Book:
            return broken(MemoryStore(), currency="EUR", clock=clock, ids=iter(range(1, 999)).__next__)

    with pytest.raises((AssertionError, ValueError), match=words):
        run_state_machine_as_test(Surveys, settings=few)
