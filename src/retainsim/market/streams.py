"""
Keyed chance: every draw is a function of person, month, purpose and nothing else.

So what one person draws cannot depend on another, a draw that is not needed is not made, and two worlds
with the same policy meet the same luck. Whole numbers are masked to 64 bits, which compiled code does by
itself; plain Python and compiled code give the same bits.

Two streams are one only when two people's keys differ exactly as two months' keys do. Keys are hashes or the small ids
of a book, months' keys always hashes, so that is chance: among n streams it happens with about n² / 2⁶⁵, and then to
two months of two people.

Source: the mixing function is the finaliser of splitmix64 (Steele, Lea & Flood 2014, OOPSLA).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

_Function = TypeVar("_Function", bound=Callable[..., object])


def rule(function: _Function) -> _Function:
    """Let compiled code call a plain function; called from Python it stays the plain function it is."""
    return register_jitable(function)  # type: ignore[no-any-return,unused-ignore] # numba ships no types


def key_of(*parts: object) -> int:
    """
    A 64-bit key for a name, the same on every machine.

    The highest bit is set, so that compiled code takes the constant for the unsigned number it is.
    """
    text = "/".join(str(part) for part in parts).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") | 1 << 63


def moment(seed: int, month: int) -> int:
    """The key of one month of one world."""
    return key_of("moment", seed, month)


@rule
def mixed(bits: int) -> int:
    """Spread a key over all 64 bits."""
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFF_FFFF_FFFF_FFFF
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & 0xFFFF_FFFF_FFFF_FFFF
    return bits ^ (bits >> 31)


@rule
def stream_of(person: int, when: int) -> int:
    """The stream of a person at a moment, from which `drawn` gives one number a purpose."""
    return mixed(person ^ when)


@rule
def drawn(stream: int, purpose: int) -> float:
    """One number in ``[0, 1)`` from a stream for a purpose."""
    return float(mixed(stream ^ purpose) >> 11) * 1.1102230246251565e-16


@rule
def uniform(person: int, when: int, purpose: int) -> float:
    """One number in ``[0, 1)`` for a person, a moment and a purpose: both steps at once."""
    return drawn(stream_of(person, when), purpose)


def spread(keys: NDArray[np.uint64], other: int | np.uint64 | NDArray[np.uint64]) -> NDArray[np.uint64]:
    """New keys from keys, one for each."""
    return np.asarray(
        mixed(cast(int, mixed(cast(int, keys)) ^ other))
    )  # arrays pass through the same function


def uniforms(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    """The same as `uniform`, for many people at once."""
    return (spread(people ^ np.uint64(when), purpose) >> np.uint64(11)).astype(np.float64) * 2.0**-53


_POWERS = tuple(2.0**power for power in range(-64, 65))


@rule
def exp(x: float) -> float:
    """
    The exponential function to eight digits, cut off outside ``[-40, 40]``.

    Our own because every mathematics library rounds differently, and worlds must have the same bits everywhere.
    """
    x = min(max(x, -40.0), 40.0)
    power = math.floor(x * 1.4426950408889634 + 0.5)
    r = x - power * 0.6931471805599453
    p = 1.0 + r * (1.0 + r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720 + r / 5040))))))
    return p * _POWERS[int(power) + 64]


@rule
def logistic(x: float) -> float:
    """A probability from log odds."""
    return 1.0 / (1.0 + exp(-x))
