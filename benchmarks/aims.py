"""
What the market is to reach, and what it reaches: one line an aim.

CPU seconds count what a process did, whatever else the machine was busy with; seconds on the clock and figures of two
threads mean something on a machine with nothing else to do.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence

import attrs

from benchmarks.against_c import Beside
from benchmarks.engine import BUSY, ENGINE, MESA, WHOLE_MONTHS, Figure, Grown


@attrs.frozen(kw_only=True)
class Aim:
    """
    One aim beside what was measured.

    Attributes:
        what: Is measured.
        figure: Measured.
        aim: In words.
        met: Whether it is reached.
    """

    what: str
    figure: str
    aim: str
    met: bool


def aims(
    figures: Sequence[Figure], beside: Sequence[Beside], sizes: Sequence[Grown], laptop: Grown, start: float
) -> list[Aim]:
    """
    All aims.

    Args:
        figures: Of the engine and its peers.
        beside: Kernels beside C.
        sizes: Whole runs of growing size.
        laptop: Ten million people for five years.
        start: Seconds until a small market that was never compiled has lived its first month.
    """
    speed = {figure.name: figure.per_second for figure in figures}
    mesa = max(speed[name] for name in MESA)
    return [
        at_least("all rules for everybody, months a CPU second", speed[ENGINE] / 1e6, 12, " M"),
        at_least("the same with calls, under a policy that does nothing", speed[WHOLE_MONTHS] / 1e6, 8, " M"),
        *(at_least(f"the same under {name}", speed[f"under {name}"] / 1e6, 4, " M") for name in BUSY),
        at_least("times Mesa's better form", speed[ENGINE] / mesa, 150, "×"),
        *(at_least(f"the {it.name} beside C -O3", 100 * it.c / it.ours, 90, " %") for it in beside),
        at_most(f"{laptop.people:,} people, {laptop.months} months on two threads, on the clock", laptop.seconds, 45, " s"),
        at_most("their memory", laptop.peak_bytes / 1e9, 1.5, " GB"),
        at_most("cost against size: furthest from a straight line", 100 * bent(sizes), 10, " %"),
        at_most("2,000 customers, never compiled: first month after", start, 2, " s"),
    ]  # fmt: skip


def at_least(what: str, figure: float, least: float, unit: str) -> Aim:
    """An aim that is reached from some figure on."""
    return Aim(what=what, figure=f"{figure:.1f}{unit}", aim=f"≥ {least}{unit}", met=figure >= least)


def at_most(what: str, figure: float, most: float, unit: str) -> Aim:
    """An aim that is reached up to some figure."""
    return Aim(what=what, figure=f"{figure:.2f}{unit}", aim=f"≤ {most}{unit}", met=figure <= most)


def line(sizes: Sequence[Grown]) -> tuple[float, float]:
    """The straight line of CPU seconds against people: slope and intercept, by least squares of relative errors."""
    weights = [1 / it.cpu_seconds**2 for it in sizes]
    people, seconds = [it.people for it in sizes], [it.cpu_seconds for it in sizes]
    total = sum(weights)
    x = sum(w * it for w, it in zip(weights, people, strict=True)) / total
    y = sum(w * it for w, it in zip(weights, seconds, strict=True)) / total
    both = sum(w * (a - x) * (b - y) for w, a, b in zip(weights, people, seconds, strict=True))
    slope = both / sum(w * (a - x) ** 2 for w, a in zip(weights, people, strict=True))
    return slope, y - slope * x


def bent(sizes: Sequence[Grown]) -> float:
    """How far the worst of them is from the line, as a share of what the line says."""
    slope, intercept = line(sizes)
    said = [slope * it.people + intercept for it in sizes]
    return max(abs(it.cpu_seconds / expected - 1) for it, expected in zip(sizes, said, strict=True))


def first_month(customers: int = 2_000, repeats: int = 3) -> float:
    """Seconds from the start of a process to the end of a small market's first month, where nothing was ever compiled."""
    taken = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory() as empty:
            child = subprocess.run(
                [sys.executable, "-c", _CHILD, str(customers)],
                env={**os.environ, "NUMBA_CACHE_DIR": empty},
                capture_output=True,
                text=True,
                check=True,
            )
            taken.append(float(child.stdout))
    return statistics.median(taken)


_CHILD = """
import time
from pathlib import Path

ticks = int(Path("/proc/self/stat").read_text().rsplit(")", 1)[1].split()[19])
import os, sys

from retainsdk.policies import get
from retainsdk.policy import Budget
from retainsim.market import Market, load_preset
from retainsim.market.running import Run, Together, Under

market = Market.draw(load_preset("telecom"), customers=int(sys.argv[1]), seed=1)
under = Under(policy=get("early_warning"), budget=Budget(minutes=2_000))
Run(market, under, Together(market, under, compiled="soon")).month()
print(time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK"), flush=True)
os._exit(0)  # nobody waits for the compiler
"""
"""The start of a process is read from Linux, so that the interpreter's own start counts too."""
