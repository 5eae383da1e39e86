"""
The loops over people, compiled or plain: the same functions over the same memory.

Compiled they run over blocks of people in threads; plain, they read the memory through `person.rows`.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import numba
import numpy as np
from numpy.typing import NDArray

import retainsdk.policy
import retainsdk.view
import retainsdk.vocabulary
from retainsim.market import law, person, purposes, streams
from retainsim.market.law import Firms, Parameters, Tally
from retainsim.market.person import People, Person, rows
from retainsim.market.preset import Rules

BLOCK = 8192
"""People a thread takes at a time."""

Column: TypeAlias = Any
"""One number a person: an array when compiled, a memoryview in plain Python."""


def _tell(
    people: People | ctypes.Array[Person],
    start: int,
    stop: int,
    told: Column,
    p: Parameters,
    tally: Tally,  # noqa: ARG001 - kernels are called alike
) -> None:
    for who in range(start, stop):
        told[who] = law.recommendation(people[who], p)


def _live(
    people: People | ctypes.Array[Person],
    start: int,
    stop: int,
    deed: Column,
    amount: Column,
    months: Column,
    price: Firms,
    quality: Firms,
    awareness: Firms,
    lock: Firms,
    told: Column,
    friend_one: Column,
    friend_two: Column,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    p: Parameters,
    tally: Tally,
) -> None:
    for who in range(start, stop):
        word = told[friend_one[who]] + told[friend_two[who]]
        law.month_of(
            people[who],
            deed[who],
            amount[who],
            months[who],
            m,
            when,
            first_day,
            n_days,
            price,
            quality,
            awareness,
            lock,
            word,
            p,
            tally,
        )


def _settle(
    people: People | ctypes.Array[Person],
    start: int,
    stop: int,
    quality: Firms,
    lock: Firms,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    p: Parameters,
    tally: Tally,
) -> None:
    for who in range(start, stop):
        law.settle_month(people[who], m, when, first_day, n_days, quality, lock, p, tally)


@attrs.frozen(kw_only=True)
class Kernels:
    """The three loops of a month, and how to call them."""

    tell: Callable[..., None]
    live: Callable[..., None]
    settle: Callable[..., None]
    rules: Any
    are_compiled: bool

    @classmethod
    def compiled(cls, rules: Rules) -> Kernels:
        tell, live, settle = _compiled()
        return cls(tell=tell, live=live, settle=settle, rules=rules.record()[0], are_compiled=True)

    @classmethod
    def plain(cls, rules: Rules) -> Kernels:
        return cls(tell=_tell, live=_live, settle=_settle, rules=rules.plain(), are_compiled=False)

    def over_blocks(
        self,
        pool: ThreadPoolExecutor,
        kernel: Callable[..., None],
        people: People,
        arrays: tuple[Any, ...],
        numbers: tuple[int, ...],
    ) -> NDArray[np.int64]:
        """Run a kernel for everybody, block by block, and add up what it counted."""
        starts = range(0, len(people), BLOCK)
        tallies = np.zeros((max(len(starts), 1), law.TALLIES), dtype=np.int64)
        if self.are_compiled:
            typed = [np.uint64(n) if n > np.iinfo(np.int64).max else n for n in numbers]

            def one(block: int) -> None:
                start = starts[block]
                kernel(
                    people,
                    start,
                    min(start + BLOCK, len(people)),
                    *arrays,
                    *typed,
                    self.rules,
                    tallies[block],
                )

            list(pool.map(one, range(len(starts))))
        else:  # memoryviews load plain numbers, where arrays would load NumPy's own
            kernel(
                rows(people),
                0,
                len(people),
                *(memoryview(a) for a in arrays),
                *numbers,
                self.rules,
                memoryview(tallies[0]),
            )
        return np.asarray(tallies.sum(axis=0))


@cache
def _compiled() -> tuple[Callable[..., None], ...]:
    """
    The kernels, compiled once a process and kept on disk.

    Numba's own cache does not notice a change in the functions a kernel calls, so each version of the law has a
    folder of its own.
    """
    folder = _cache_folder()
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder or "")  # read when a function is decorated, so it can be put back at once
    try:
        compiled = numba.njit(nogil=True, cache=folder is not None)
        return tuple(compiled(kernel) for kernel in (_tell, _live, _settle))
    finally:
        settings.CACHE_DIR = before


def _cache_folder() -> Path | None:
    """Where this version of the law is kept; none where nothing can be written, and then each process compiles."""
    base = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    sources = (law, person, purposes, streams, retainsdk.policy, retainsdk.view, retainsdk.vocabulary)
    text = b"".join(Path(str(module.__file__)).read_bytes() for module in sources)
    version = hashlib.blake2b(
        text + Path(__file__).read_bytes() + numba.__version__.encode(), digest_size=8
    ).hexdigest()
    try:
        folder = Path(base or Path.home() / ".cache") / "retainsim" / "kernels" / version
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # a read-only system, a user without a home
        return None
    return folder if os.access(folder, os.W_OK) else None
