"""
What chance decides in a course, drawn from the machine's own source of secrets.

Nobody can work out who calls in an assessment, another trainee's code, or who gets which treatment. A course is
repeated from what it keeps, not from a seed.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TypeVar

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""None that is taken for another when it is read out."""
_LENGTH = 6
_SEED_BITS = 63
_Kind = TypeVar("_Kind")


def below(limit: int) -> int:
    """A whole number from 0, less than the limit."""
    return secrets.randbelow(limit)


def seed() -> int:
    """Of a call."""
    return below(1 << _SEED_BITS)


def code() -> str:
    """By which a trainee is known to the course."""
    return "".join(_LETTERS[below(len(_LETTERS))] for _ in range(_LENGTH))


def one_of(among: Sequence[_Kind]) -> _Kind:
    """Any of them."""
    return among[below(len(among))]
