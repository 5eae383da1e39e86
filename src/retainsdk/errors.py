"""
What can go wrong, as one tree.

Every class is rooted in `RetainError` and is also the built-in it resembles, so ``except ValueError`` still works.
A message says what was wrong, with the value, and what to do next; data for programs stands in attributes.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

import attrs


class RetainError(Exception):
    """Anything this package refuses to do, with the reason."""


class MoneyError(RetainError, ValueError):
    """An amount of money that cannot exist, or two that cannot be put together."""


class TermError(RetainError, ValueError):
    """Terms of a contract that contradict each other."""


class TransitionError(RetainError, ValueError):
    """An event that the lifecycle does not allow in the present state."""

    def __init__(self, machine: str, state: str, event: str, allowed: Collection[str]) -> None:
        super().__init__(machine, state, event, allowed)
        self.machine, self.state, self.event, self.allowed = machine, state, event, allowed

    def __str__(self) -> str:
        allowed = ", ".join(sorted(self.allowed)) or "nothing: the state is final"
        return f"A {self.machine} that is {self.state} cannot {self.event}. Possible: {allowed}."


class MissingExtraError(RetainError, ImportError):
    """A part of the package whose dependencies are not installed."""

    def __init__(self, extra: str, module: str) -> None:
        super().__init__(extra, module)
        self.extra, self.module = extra, module

    def __str__(self) -> str:
        return f"This needs {self.module}. Install it with: pip install 'retainsdk[{self.extra}]'"


class UnknownNameError(RetainError, LookupError):
    """Something was asked for by a name nobody registered."""

    what = "thing"

    def __init__(self, name: str, known: Collection[str]) -> None:
        super().__init__(name, known)  # args in full, so that it pickles
        self.name, self.known = name, known

    def __str__(self) -> str:
        close = difflib.get_close_matches(self.name, self.known, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        known = ", ".join(sorted(self.known)) or "none"
        return f"No {self.what} is called {self.name!r}.{hint} Registered: {known}."


class UnknownPolicyError(UnknownNameError):
    """A policy was asked for by a name nobody registered."""

    what = "policy"


class UnknownColumnError(UnknownNameError):
    """A column of the view was asked for that no event can fill, or that does not exist."""

    what = "column of the view"


class PolicyError(RetainError, ValueError):
    """A policy answered with something that is not a list of actions, or not a move."""


@attrs.frozen
class Fault:
    """
    One thing wrong with an input.

    Attributes:
        place: Where it stands: ``line 7, column MonthlyCharges`` or ``contracts[2].ends_on``.
        value: What stands there, as read.
        rule: What should stand there.
        remedy: What the reader of the message can do about it.
    """

    place: str
    value: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.value!r} {self.rule}. {self.remedy}"


class InputError(RetainError, ValueError):
    """An input with one or more faults; all of them are named."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        super().__init__(source, faults)
        self.source, self.faults = source, tuple(faults)

    def __str__(self) -> str:
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        return f"{self.source}: {count}\n{lines}"
