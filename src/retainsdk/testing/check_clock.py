"""Tell whether a clock, or a source of ids, is one a book can rely on."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from retainsdk.errors import Fault, InputError
from retainsdk.ports import Clock, IdSource

__all__ = ["check_clock", "check_ids"]

_READ = 50
_BITS = 64


def check_clock(clock: Clock) -> None:
    """
    Check a clock by reading it a few times.

    Raises:
        InputError: When it fails, tells no time with a zone, or goes back.

    >>> from retainsdk.journal import now
    >>> check_clock(now)
    """
    times, faults = _asked(clock, "clock")
    if not faults:
        naive = [it for it in times if getattr(it, "tzinfo", None) is None]
        if naive:
            rule, remedy = "must be an instant with a time zone", "Return datetime.now(UTC)."
            faults.append(Fault("clock", repr(naive[0]), rule, remedy))
        elif times != sorted(times):
            back = next(later for one, later in pairwise(times) if later < one)
            rule, remedy = "must not go back", "Remember the last time told, and never tell an earlier one."
            faults.append(Fault("clock", repr(back), rule, remedy))
    if faults:
        raise InputError("clock", faults)


def check_ids(ids: IdSource) -> None:
    """
    Check a source of ids by taking a few.

    Raises:
        InputError: When it fails, gives what is no number of 64 bits, or gives one twice.

    >>> from retainsdk.journal import new_id
    >>> check_ids(new_id)
    """
    given, faults = _asked(ids, "ids")
    wrong = [it for it in given if type(it) is not int or not 0 <= it < 2**_BITS]
    if wrong:
        rule, remedy = f"must be a whole number of {_BITS} bits", "Return one from 0 to 2**64 - 1."
        faults.append(Fault("ids", repr(wrong[0]), rule, remedy))
    elif len(set(given)) < len(given):
        twice = next(it for it in given if given.count(it) > 1)
        rule, remedy = "must not be given twice", "Draw it from secrets.randbits(64)."
        faults.append(Fault("ids", repr(twice), rule, remedy))
    if faults:
        raise InputError("ids", faults)


def _asked(source: Callable[[], object], what: str) -> tuple[list[Any], list[Fault]]:
    try:
        return [source() for _ in range(_READ)], []
    except Exception as error:  # noqa: BLE001 # whatever it raises is what its author must be told
        remedy = "It takes no arguments and always answers."
        return [], [Fault(what, f"{type(error).__name__}: {error}", "raises an error", remedy)]
