"""
What can go wrong, as one tree.

Every class is rooted in `RetainError` and is also the built-in it resembles, so ``except ValueError`` still works.
A message says what was wrong, with the value, and what to do next; data for programs stands in attributes.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

import attrs

__all__ = [
    "AmbiguousNameError",
    "CommandError",
    "ConflictError",
    "Fault",
    "HeldOut",
    "InputError",
    "KeyReusedError",
    "MissingExtraError",
    "MoneyError",
    "PolicyError",
    "Rejected",
    "RetainError",
    "StoreError",
    "TermError",
    "ThreadError",
    "TransitionError",
    "UnknownColumnError",
    "UnknownIdError",
    "UnknownNameError",
    "UnknownPolicyError",
    "UnknownReasonError",
    "UnknownReportError",
    "ZoneError",
]


class RetainError(Exception):
    """Anything this package refuses to do, with the reason."""


class MoneyError(RetainError, ValueError):
    """An amount of money that cannot exist, or two that cannot be put together."""


class ZoneError(RetainError, ValueError):
    """A local time in a zone that nobody knows, or in two."""

    def __init__(self, value: str, rule: str, remedy: str) -> None:
        super().__init__(value, rule, remedy)
        self.value, self.rule, self.remedy = value, rule, remedy

    def __str__(self) -> str:
        return f"{self.value!r} {self.rule}. {self.remedy}"


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


class CommandError(RetainError, ValueError):
    """A command that the book refuses as it stands."""

    def __init__(self, what: str, rule: str, remedy: str) -> None:
        super().__init__(what, rule, remedy)
        self.what, self.rule, self.remedy = what, rule, remedy

    def __str__(self) -> str:
        return f"{self.what}: {self.rule}. {self.remedy}"


class Rejected(CommandError):  # noqa: N818 # the word a plug-in says
    """
    A command that a plug-in refuses.

    Args:
        code: For programs, like ``over_budget``.
        why: For people.
    """

    def __init__(self, code: str, why: str) -> None:
        super().__init__(code, why, "Ask whoever set the rule.")
        self.args = (code, why)
        self.code, self.why = code, why


class HeldOut(CommandError):  # noqa: N818 # the word of the field
    """An action of an experiment's purpose on a customer of its control group."""

    def __init__(self, relationship: str, experiment: str, purpose: str) -> None:
        super().__init__(
            f"relationship {relationship}",
            f"is in the control group of the experiment {experiment!r}: no contact for the purpose {purpose!r} is begun",
            "Leave it alone until the experiment ends; what is owed is never withheld.",
        )
        self.args = (relationship, experiment, purpose)
        self.relationship, self.experiment, self.purpose = relationship, experiment, purpose


class UnknownIdError(RetainError, LookupError):
    """Something was asked for by an id or a reference that the book does not hold."""

    def __init__(self, what: str, id_: str) -> None:
        super().__init__(what, id_)
        self.what, self.id = what, id_

    def __str__(self) -> str:
        remedy = (
            "Look up its number." if self.id.isdecimal() else "Look it up under the name it was recorded by."
        )
        return f"The book holds no {self.what} {self.id!r}. {remedy}"


_MOST_NAMED = 10
"""How many of those a name may mean are listed in a message; `AmbiguousNameError.found` has all of them."""


class AmbiguousNameError(UnknownIdError):
    """Somebody was asked for by a name that several have."""

    def __init__(self, what: str, name: str, found: Sequence[str]) -> None:
        super().__init__(what, name)
        self.args = (what, name, found)  # in full, so that it pickles
        self.found = tuple(found)

    def __str__(self) -> str:
        more = len(self.found) - _MOST_NAMED
        named = ", ".join(self.found[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        return f"{self.id!r} may be: {named}. Say more of the name, or the id."


class ConflictError(RetainError, RuntimeError):
    """Somebody else wrote to the same stream since it was read."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        super().__init__(stream, expected, actual)
        self.stream, self.expected, self.actual = stream, expected, actual

    def __str__(self) -> str:
        return (
            f"{self.stream} was read at version {self.expected} and is now at {self.actual}: "
            "somebody else wrote in between. Read it again and repeat the command."
        )


class KeyReusedError(RetainError, ValueError):
    """The key of one command was used for another."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key

    def __str__(self) -> str:
        return (
            f"The key {self.key!r} belongs to a command with other content. Use a new key for a new command."
        )


class StoreError(RetainError, OSError):
    """The file of a book that cannot be read or written."""

    def __init__(self, path: str, why: str, remedy: str) -> None:
        super().__init__(path, why, remedy)
        self.path, self.why, self.remedy = path, why, remedy

    def __str__(self) -> str:
        return f"{self.path}: {self.why}. {self.remedy}"


class ThreadError(RetainError, RuntimeError):
    """A book that was used in another thread than the one it was opened in."""

    def __str__(self) -> str:
        return "This book was opened in another thread. Open one in each thread: that is cheap, and they may share a file."


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


class UnknownReportError(UnknownNameError):
    """A report was asked for by a name nobody registered."""

    what = "report"


class UnknownPolicyError(UnknownNameError):
    """A policy was asked for by a name nobody registered."""

    what = "policy"


class UnknownColumnError(UnknownNameError, AttributeError):  # type: ignore[misc] # `name` is never none here
    """
    A column of the view was asked for that no event can fill, or that does not exist.

    Columns are attributes of a view, so that `hasattr` says no where there is none.
    """

    what = "column of the view"


class UnknownReasonError(UnknownNameError):
    """A detail of a reason to leave was named that the tree of reasons does not hold."""

    what = "detail of a reason to leave"


class PolicyError(RetainError, ValueError):
    """A policy failed, or answered with something that is not a list of actions, or not a move."""


NOTHING = "nothing"
"""As `Fault.value`: nothing stands there at all."""
_LONGEST_SHOWN = 200
"""Characters of a faulty value in a message; `Fault.value` has all of them."""


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
        if self.value == NOTHING:
            return f"{self.place}: {self.rule}. {self.remedy}"
        value = self.value if len(self.value) <= _LONGEST_SHOWN else f"{self.value[:_LONGEST_SHOWN]}…"
        return f"{self.place}: {value!r} {self.rule}. {self.remedy}"


class InputError(RetainError, ValueError):
    """An input with one or more faults; all of them are named."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        super().__init__(source, faults)
        self.source, self.faults = source, tuple(faults)

    def __str__(self) -> str:
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        return f"{self.source}: {count}\n{lines}"
