"""
A mean over trainees with its interval, and a difference between two groups of them.

The unit of inference is the trainee, not the call: calls of one trainee are alike. Intervals are Student's and Welch's, and
given only from so many trainees on that they hold the truth as often as they say.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev, variance

import attrs
from scipy.stats import t as student

LEVEL = 0.95
LEAST = 8
"""Trainees, in each group that is compared, from which on an interval is given."""


@attrs.frozen(kw_only=True)
class Estimate:
    """
    A figure about trainees.

    Attributes:
        mean: None where nobody has one.
        low: Lower end of the interval at `LEVEL`; none for too few trainees.
        high: Upper end of it.
        n: Trainees behind it; of two groups, of the smaller one.
    """

    mean: float | None
    low: float | None = None
    high: float | None = None
    n: int

    @property
    def is_enough(self) -> bool:
        """Whether there are trainees enough for an interval."""
        return self.low is not None

    @property
    def sign(self) -> int | None:
        """1 where the interval lies above zero, −1 where below, 0 where it holds zero; none without an interval."""
        if self.low is None or self.high is None:
            return None
        return (self.low > 0) - (self.high < 0)


def mean_of(figures: Sequence[float]) -> Estimate:
    """
    The mean over trainees.

    Args:
        figures: One a trainee.

    >>> mean_of([0.0] * 12)
    Estimate(mean=0.0, low=0.0, high=0.0, n=12)
    >>> mean_of([1.0, 2.0]).is_enough
    False
    """
    n = len(figures)
    if not n:
        return Estimate(mean=None, n=0)
    mean = fmean(figures)
    if n < LEAST:
        return Estimate(mean=mean, n=n)
    half = _factor(n - 1) * stdev(figures) / math.sqrt(n)
    return Estimate(mean=mean, low=mean - half, high=mean + half, n=n)


def difference_of(figures: Sequence[float], others: Sequence[float]) -> Estimate:
    """
    How far one group lies above another.

    Args:
        figures: Of the first group, one a trainee.
        others: Of the other.

    Source:
        Welch (1947), The generalization of Student's problem when several different population variances are
        involved, Biometrika 34(1-2).
    """
    n = min(len(figures), len(others))
    if not n:
        return Estimate(mean=None, n=0)
    mean = fmean(figures) - fmean(others)
    if n < LEAST:
        return Estimate(mean=mean, n=n)
    parts = [(variance(those) / len(those), len(those) - 1) for those in (figures, others)]
    square = sum(part for part, _ in parts)
    if not square:
        return Estimate(mean=mean, low=mean, high=mean, n=n)
    freedom = square**2 / sum(part**2 / each for part, each in parts)
    half = _factor(freedom) * math.sqrt(square)
    return Estimate(mean=mean, low=mean - half, high=mean + half, n=n)


def _factor(freedom: float) -> float:
    return float(student.ppf((1 + LEVEL) / 2, freedom))
