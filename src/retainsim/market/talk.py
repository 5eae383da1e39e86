"""
Where a conversation stands, in the layout the rules read: a record when compiled, a C structure in plain Python.

`response.Call` is the same for people; this is what the transition works on.
"""

from __future__ import annotations

import ctypes
from enum import IntEnum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

_real, _int = ctypes.c_double, ctypes.c_int64

FIELDS: tuple[tuple[str, Any, float], ...] = (
    ("mood", _real, 0.0),
    ("trust", _real, 0.0),
    ("patience", _real, 0.0),
    ("bonus", _real, 0.0),
    ("turn", _int, 0),
    ("asked", _int, -1),
    ("questions", _int, 0),
    ("revealed", _int, -1),
    ("confirmed", _int, 0),
    ("explained", _int, 0),
    ("compared", _int, 0),
    ("offer", _int, -1),
    ("offer_amount", _int, 0),
    ("offer_months", _int, 0),
    ("offer_plan", _int, -1),
    ("apologies", _int, 0),
    ("promised", _int, 0),
    ("promised_days", _int, -1),
    ("false_claims", _int, 0),
    ("end", _int, -1),
)
"""Name, type, and what it is as a conversation begins. What they mean stands with `response.Call`; -1 is none."""


class End(IntEnum):
    """How a conversation ends."""

    CLOSED = 0
    RELEASED = 1
    ESCALATED = 2
    HUNG_UP = 3
    OUT_OF_TIME = 4


class TalkRow(ctypes.Structure):
    """The C structure of one conversation."""

    _fields_ = [(name, ctype) for name, ctype, _ in FIELDS]


TALK_DTYPE = np.dtype(TalkRow)
Talk: TypeAlias = Any
"""A row of it."""
Talks = NDArray[np.void]


def talks(count: int) -> Talks:
    """So many conversations about to begin."""
    new = np.zeros(count, dtype=TALK_DTYPE)
    for name, _, value in FIELDS:
        new[name] = value
    return new


def talk_rows(some: Talks) -> ctypes.Array[Talk]:
    """The same memory, row by row, for plain Python."""
    return (TalkRow * len(some)).from_buffer(some)  # type: ignore[arg-type,unused-ignore] # a buffer, which 3.11 cannot say
