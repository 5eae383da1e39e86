"""
A walk through a book: one command after the other, with anything it takes, as luck has it.

What a book refuses has simply not happened, and must have left nothing behind. A walk is curious: of some commands it
tells those first that were taken least often, and it learns from refusals which step of a lifecycle a command takes.
Much of what it tells it tells late: as of an instant at which something else happened, or right after one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from random import Random

import attrs

from retainsdk.book import Book
from retainsdk.errors import RetainError, TransitionError
from retainsdk.ledger import Ledger
from retainsdk.testing.builders import SetClock
from retainsdk.testing.calls import COMMANDS, Call, a_call, written

__all__ = ["PAUSES", "Walk"]

PAUSES = (
    timedelta(0),
    timedelta(0),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=20),
)
"""What may pass between two commands."""

_LATE = 3
"""One command in so many is told late."""
_REMEMBERED = 20
"""So many instants of what happened last are told late of."""
_AFTER = (timedelta(0), timedelta(0), timedelta(hours=1), timedelta(days=1))
_AT_ONCE = 6
_NEW = 3
"""So many that no book took yet are tried at every step, since the moment they fit may be short."""
_TRIES = 3


@attrs.define(kw_only=True)
class Walk:
    """
    A walk through one book.

    Attributes:
        book: That things are told to.
        clock: Its clock, which the walk moves.
        commands: Names of those that may be told; all there are unless given.
        accepted: How often the book took each command, over all walks that share this counter.
        refused: How often it refused one, in the same way.
        learned: The step of a lifecycle that a command takes, as far as a refusal has told.
        told: All that the book took, in order.
        instants: When each of that happened.
        heard: Is given each call before it is told, to write it down.
    """

    book: Book
    clock: SetClock
    commands: Sequence[str] = attrs.field(factory=lambda: tuple(sorted(COMMANDS)))
    accepted: Counter[str] = attrs.Factory(Counter)
    refused: Counter[str] = attrs.Factory(Counter)
    learned: dict[str, str] = attrs.Factory(dict)
    told: list[Call] = attrs.Factory(list)
    instants: list[datetime] = attrs.Factory(list)
    heard: Callable[[str], object] = lambda _: None
    _before: tuple[int, str] = attrs.field(default=(-1, ""), init=False)

    def step(self, luck: Random) -> Call | None:
        """
        Tell the book something that it takes.

        Returns:
            What it took; none when it took nothing of all that was tried.

        Raises:
            AssertionError: When a command fails with anything but a refusal in words, or leaves traces of one.
        """
        self.clock.time += luck.choice(PAUSES)
        ledger = self.book.ledger()
        new = self.never_taken()
        names = {
            *luck.sample(self.commands, min(_AT_ONCE, len(self.commands))),
            *luck.sample(new, min(_NEW, len(new))),
        }
        for name in sorted(names, key=lambda name: (self.accepted[name], name)):
            for _ in range(_TRIES):
                call = self._call(luck, ledger, name)
                if self.tell(call):
                    return call
        return None

    def tell(self, call: Call) -> bool:
        """
        Tell the book this.

        Returns:
            Whether it took it.

        Raises:
            AssertionError: See `step`.
        """
        name, given = call
        self.heard(written(call))
        if self._before[0] != len(self.book):
            self._before = len(self.book), self.book.digest()
        try:
            getattr(self.book, name)(**given)
        except RetainError as error:
            self.refused[name] += 1
            if isinstance(error, TransitionError):
                self.learned[name] = error.event
            if (len(self.book), self.book.digest()) != self._before:
                msg = f"{written(call)} was refused ({error}), but it left something in the book"
                raise AssertionError(msg) from error
            return False
        except Exception as error:
            msg = f"{written(call)} failed with {type(error).__name__} ({error}): a refusal says in words what is wrong"
            raise AssertionError(msg) from error
        self.accepted[name] += 1
        self.told.append(call)
        self.instants.append(given["occurred_at"] or self.clock.time)
        return True

    def never_taken(self, but: Collection[str] = ()) -> list[str]:
        """Commands that no book took so far, except those named."""
        return [name for name in self.commands if not self.accepted[name] and name not in but]

    def _call(self, luck: Random, ledger: Ledger, name: str) -> Call:
        name, given = a_call(luck, ledger=ledger, now=self.clock.time, name=name, step=self.learned.get(name))
        if self.instants and not luck.randrange(_LATE):
            then = luck.choice(self.instants[-_REMEMBERED:]) + luck.choice(_AFTER)
            given["occurred_at"] = min(then, self.clock.time)
        return name, given
