"""
Small things the rules use: bounds, shapes, and the figures that are kept small.

A share kept in hundredths is read by `hundredths` and stored by `in_hundredths`, a count is raised by `one_more`:
both stop at what a byte holds, so that nothing wraps round (`person.FIELDS` says what is kept how).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from retainsim.market.law.names import Luck
from retainsim.market.streams import drawn, rule


@rule
def clamp(value: float, low: float, high: float) -> float:
    """The value, held between two bounds."""
    return min(max(value, low), high)


@rule
def hundredths(stored: int) -> float:
    """The share that is kept in hundredths."""
    return 0.01 * stored


@rule
def in_hundredths(value: float) -> int:
    """A figure from 0 to 2.55 as it is kept in a byte."""
    return int(clamp(100.0 * value + 0.5, 0.0, 255.0))


@rule
def thousandths(stored: int) -> float:
    """The figure that is kept in thousandths."""
    return 0.001 * stored


@rule
def one_more(count: int) -> int:
    """A count one higher; 255 means that many or more."""
    return min(count + 1, 255)


@rule
def one_recent_more(parts: int) -> int:
    """A recent count one higher; it is kept in 32nds, so that it can fade by half each month."""
    return min(parts + 32, 255)


@rule
def times(marks: int, unit: int) -> int:
    """How often something counted in two bits of the marks was done, three meaning that often or more."""
    return (marks // unit) & 3


@rule
def once_more(marks: int, unit: int) -> int:
    """The marks with one more of it."""
    return marks + unit if times(marks, unit) < 3 else marks


@rule
def rooted(tenure: int) -> float:
    """How far months of tenure have done what they do: half of it in two years, nearly all in ten."""
    return tenure / (tenure + 24.0)


@rule
def saturation(amount: int, fee: int) -> float:
    """What a compensation is worth to him, each further coin less: half its effect is there at a quarter of a month's fee."""
    return amount / (amount + 0.25 * max(fee, 1))


@rule
def centred(luck: Luck, purpose: int) -> float:
    """A number with mean 0 and standard deviation 1, bounded: uniform chance is enough for drift."""
    return 3.4641016151377544 * (drawn(luck, purpose) - 0.5)


@rule
def suitability(need: float, package: float) -> float:
    """How well a package suits a need: 1 when equal, 0 when they differ by the size of a usual package."""
    return max(0.0, 1.0 - abs(1.0 * need - package))


def suitability_of(need: NDArray[np.float64], package: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for many people at once."""
    return np.maximum(0.0, 1.0 - np.abs(need - package))


@rule
def nearest_package(need: float) -> float:
    """The listed package nearest to a need: 0.5, 0.8, 1.1 or 1.4."""
    return 0.5 + 0.3 * clamp(math.floor((need - 0.5) / 0.3 + 0.5), 0.0, 3.0)
