"""Rounds of a book of customers: how long bots take for them, two at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import attrs

from retainsim.training.rounds import SELLERS, Play, played

BOTS = 30
ROUNDS = 5
WORKERS = 2


@attrs.frozen(kw_only=True)
class Played:
    """
    What it took.

    Attributes:
        bots: That played.
        seconds: On the clock, two at a time.
        cpu_seconds: Of all of them together.
    """

    bots: int
    seconds: float
    cpu_seconds: float


def measure(bots: int = BOTS) -> Played:
    """
    Bots of every school in turn, each with a book of its own, as it comes out of the box.

    Args:
        bots: How many.
    """
    names = list(SELLERS)
    plays = [(names[place % len(names)], place + 1) for place in range(bots)]
    started = time.perf_counter()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        took = list(pool.map(_cpu_seconds, plays))
    return Played(bots=bots, seconds=time.perf_counter() - started, cpu_seconds=sum(took))


def _cpu_seconds(play: tuple[str, int]) -> float:
    name, seed = play
    started = time.process_time()
    played(Play.begin(seed=seed, rounds=ROUNDS), SELLERS[name]())
    return time.process_time() - started


def rows(found: Played) -> Sequence[tuple[str, str]]:
    """What was measured, and how much."""
    return [
        (f"{found.bots} bots, {ROUNDS} rounds each, {WORKERS} at a time", f"{found.seconds:.1f} s"),
        ("CPU time of all of them", f"{found.cpu_seconds:.1f} s"),
    ]
