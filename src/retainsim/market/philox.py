"""
Philox4x32-10: a second, slower source of keyed chance, to see that no conclusion hangs on the first.

`stream_of`, `drawn`, `uniform` and `uniforms` mean what they mean in `streams`, with other numbers;
``reloaded.market_with(philox)`` is a whole market that draws from them.

Source: Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3 (SC11); constants and known
answers are those of its library Random123.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from numpy.typing import NDArray

from retainsim.market.streams import rule

Words = tuple[int, int, int, int]

_WORD = 0xFFFF_FFFF
_PERSONS, _PURPOSES = 0x7065_7273, 0x7075_7270
"""Keys of the two steps, so that no stream is a number drawn: "pers" and "purp" in ASCII."""


@rule
def philox(counter: Words, key: tuple[int, int]) -> Words:
    """
    Four random words of 32 bits for a counter of four and a key of two.

    Compiled, products wrap into negative numbers; shifted and masked they give the same words as whole ones.

    >>> " ".join(f"{word:08x}" for word in philox((0, 0, 0, 0), (0, 0)))
    '6627e8d5 e169c58d bc57ac4c 9b00dbd8'
    """
    a, b, c, d = counter
    k, q = key
    for _ in range(10):
        first, second = a * 0xD251_1F53, c * 0xCD9E_8D57
        a, b, c, d = (
            ((second >> 32) & _WORD) ^ b ^ k,
            second & _WORD,
            ((first >> 32) & _WORD) ^ d ^ q,
            first & _WORD,
        )
        k, q = (k + 0x9E37_79B9) & _WORD, (q + 0xBB67_AE85) & _WORD
    return a, b, c, d


@rule
def stream_of(person: int, when: int) -> int:
    """The stream of a person at a moment: 63 bits, so that compiled and plain they are the same number."""
    words = (person & _WORD, (person >> 32) & _WORD, when & _WORD, (when >> 32) & _WORD)
    low, high, _, _ = philox(words, (_PERSONS, 0))
    return ((high >> 1) << 32) | low


@rule
def drawn(stream: int, purpose: int) -> float:
    """One number in ``[0, 1)`` from a stream for a purpose."""
    words = (stream & _WORD, (stream >> 32) & _WORD, purpose & _WORD, (purpose >> 32) & _WORD)
    high, low, _, _ = philox(words, (_PURPOSES, 0))
    return (high * 2097152.0 + (low >> 11)) * 1.1102230246251565e-16


@rule
def uniform(person: int, when: int, purpose: int) -> float:
    """One number in ``[0, 1)`` for a person, a moment and a purpose: both steps at once."""
    return drawn(stream_of(person, when), purpose)


def uniforms(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    """The same as `uniform`, for many people at once."""
    return cast(NDArray[np.float64], uniform(cast(int, people), when, purpose))  # arrays pass through it
