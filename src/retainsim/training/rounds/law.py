"""
The law of a trainee's book: the market's own, in which his word on a promise stands in the place of chance.

Where the law asks chance whether a promise is kept, put off with notice or broken, the trainee's deed is the answer. A
promise made and due within one month he could not know of; there the office is as reliable as the law says. Besides,
what the law counts for all is kept for each. Both are rules replaced in the way anybody can replace them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from functools import cache
from types import SimpleNamespace
from typing import Any

import attrs

from retainsim.market.law import LAW, Law
from retainsim.market.law.names import (
    CONCESSIONS,
    CONTACTS,
    REVENUE,
    SERVING,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.person import Person
from retainsim.training.rounds.account import Accounts

_SURELY = 10.0
"""A reliability that no lack of skill brings below one."""


class Word(Enum):
    """What is done about a promise that falls due."""

    KEPT = "kept"
    NOTICE = "notice"
    NEGLECTED = "neglected"


_NEVER = {"reliability": -_SURELY, "reliability_cared": -_SURELY}
_CHANCES = {
    Word.KEPT: {"reliability": _SURELY, "reliability_cared": _SURELY},
    Word.NOTICE: {**_NEVER, "warning": 1.0, "warning_cared": 1.0},
    Word.NEGLECTED: {**_NEVER, "warning": 0.0, "warning_cared": 0.0},
}
"""The parameters under which the law's rule comes to that; whether what is neglected is done late is still chance."""


@attrs.define(eq=False)
class Ledger:
    """
    What the law of a book reads and writes besides the people.

    Attributes:
        words: What is done this month about promises, by key of the customer.
        accounts: Whose money it was.
    """

    words: dict[int, Word] = attrs.field(factory=dict)
    accounts: Accounts = attrs.field(factory=Accounts)

    @contextmanager
    def open(self) -> Iterator[None]:
        """While this lasts the law of a book goes by this ledger."""
        token = _OPEN.set(self)
        try:
            yield
        finally:
            _OPEN.reset(token)


_OPEN: ContextVar[Ledger] = ContextVar("ledger")


@cache
def law_of_books() -> Law:
    """The law, made once: whose month is lived says the ledger that is open."""
    of_words = LAW.with_rule("settle_promise", _settle_promise)

    def month_of(c: Person, *rest: Any) -> None:  # noqa: ANN401 # as the law has them
        _counted(of_words.month_of, c, rest[-3], (c, *rest[:-1]), rest[-1])

    def settle_month(c: Person, w: MonthRow, p: Parameters, tally: Tally) -> None:
        _counted(of_words.settle_month, c, w, (c, w, p), tally)

    def decide_again(k: Any, c: Person, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> bool:  # noqa: ANN401 # a talk
        return bool(_counted(of_words.decide_again, c, w, (k, c, w, luck, p), tally))

    counting = of_words.with_rule("month_of", month_of).with_rule("settle_month", settle_month)
    return counting.with_rule("decide_again", decide_again)


def _settle_promise(c: Person, deed: int, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    word = _OPEN.get().words.get(c.key)
    told = p if word is None else SimpleNamespace(**{**vars(p), **_CHANCES[word]})
    LAW.settle_promise(c, deed, w, luck, told, tally)


def _counted(rule: Callable[..., Any], c: Person, w: MonthRow, given: Sequence[Any], tally: Tally) -> Any:  # noqa: ANN401 # what the rule gives
    before = _cash(tally)
    answer = rule(*given, tally)
    _OPEN.get().accounts.add(c.key, w.number, _cash(tally) - before)
    return answer


def _cash(tally: Tally) -> int:
    return int(tally[REVENUE] - tally[CONCESSIONS] - tally[SERVING] - tally[CONTACTS])
