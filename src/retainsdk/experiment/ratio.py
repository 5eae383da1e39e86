"""The ratio of two effects: what one more customer kept has cost."""

from __future__ import annotations

import math

import attrs

from retainsdk.experiment.effect import Measure


@attrs.frozen(kw_only=True)
class Ratio:
    """
    A ratio of mean differences, with an interval where the denominator allows one.

    Attributes:
        measure: What is measured, in which unit, within which horizon.
        estimate: Ratio of the means; none when the denominator is not above zero.
        low: Lower end of the interval; none when there is none.
        high: Upper end of the interval.
        level: Of confidence.
        n: Units of inference, of the smaller arm.
        words: What may be said.
    """

    measure: Measure
    estimate: float | None
    low: float | None
    high: float | None
    level: float
    n: int
    words: str

    def __str__(self) -> str:
        """The ratio with its interval, or the words in its place."""
        if self.estimate is None or self.low is None or self.high is None:
            return self.words
        return f"{self.estimate:,.2f} {self.measure.unit} ({self.low:,.2f} to {self.high:,.2f})"


@attrs.frozen(kw_only=True)
class Spread:
    """
    Two means that belong together, and how sure they are.

    Attributes:
        top: Mean of what is divided.
        bottom: Mean of what it is divided by.
        top_variance: Of the first mean.
        bottom_variance: Of the other.
        covariance: Of the two means.
    """

    top: float
    bottom: float
    top_variance: float
    bottom_variance: float
    covariance: float


def fieller(it: Spread, *, critical: float) -> tuple[float, float] | None:
    """
    An interval for top ÷ bottom; none when the bottom is not clearly away from zero, for then there is no bounded one.

    It holds the ratios r of which ``top − r · bottom`` is at most *critical* standard errors away from zero.

    Args:
        it: The two means.
        critical: How many standard errors the interval of a mean goes to either side.

    Source:
        Fieller (1954), Some problems in interval estimation, J. R. Statist. Soc. B 16(2).

    >>> low, high = fieller(Spread(top=6, bottom=2, top_variance=1, bottom_variance=0, covariance=0), critical=2)
    >>> low, high
    (2.0, 4.0)
    """
    square = critical**2
    leading = it.bottom**2 - square * it.bottom_variance
    if leading <= 0:
        return None
    middle = it.top * it.bottom - square * it.covariance
    root = math.sqrt(max(0.0, middle**2 - leading * (it.top**2 - square * it.top_variance)))
    return (middle - root) / leading, (middle + root) / leading
