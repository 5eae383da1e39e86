"""The ratio of two effects of the same pairs: what one more customer kept has cost."""

from __future__ import annotations

import math

import attrs
import numpy as np
from numpy.typing import ArrayLike

from retainsdk.errors import Fault, InputError
from retainsdk.experiment.effect import Measure
from retainsdk.experiment.paired import SEQUENCE_VALID_FROM, sequence_factor


@attrs.frozen(kw_only=True)
class Ratio:
    """
    A ratio of mean differences, with an interval where the denominator allows one.

    Attributes:
        measure: What is measured, in which unit, within which horizon.
        estimate: Ratio of the means; none when the denominator is not above zero.
        low: Lower end of the interval; none when there is none.
        high: Upper end of the interval.
        level: Of confidence, at any look.
        n: Pairs of worlds.
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


def paired_ratio(
    measure: Measure, numerator: ArrayLike, denominator: ArrayLike, *, level: float = 0.95
) -> Ratio:
    """
    Mean of *numerator* ÷ mean of *denominator*, both differences arm less control, one a world.

    The interval holds every ratio r for which the confidence sequence of ``numerator − r · denominator``
    contains 0 (Fieller's argument), so it is as valid at any look as `paired_effect`. It is bounded only when the
    denominator is itself clearly above zero; otherwise `Ratio.words` says so.

    Args:
        measure: What the ratio is.
        numerator: Such as additional cost, one figure a world.
        denominator: Such as additional customers kept.
        level: Of confidence.

    Raises:
        InputError: When the two do not hold the same worlds.

    Source:
        Fieller (1954), Some problems in interval estimation, J. R. Statist. Soc. B 16(2).

    >>> from retainsdk.experiment import Measure, paired_ratio
    >>> cost = Measure(name="cost", definition="cost ÷ kept", unit="USD", horizon="1 month")
    >>> print(paired_ratio(cost, [20.0] * 9, [2, 2, 2, 2, 2, 2, 2, 2, 2]))
    10.00 USD (10.00 to 10.00)
    >>> print(paired_ratio(cost, [20.0] * 9, [-2, -1] * 4 + [-2]))
    it loses customers
    """
    top = np.atleast_1d(np.asarray(numerator, dtype=np.float64))
    bottom = np.atleast_1d(np.asarray(denominator, dtype=np.float64))
    if top.shape != bottom.shape:
        fault = Fault(
            "numerator and denominator",
            f"{top.shape} and {bottom.shape}",
            "must hold one figure for each of the same worlds",
            "Take both from the same pairs.",
        )
        raise InputError("paired_ratio", [fault])
    n = len(top)

    def ratio(
        words: str, *, estimate: float | None = None, low: float | None = None, high: float | None = None
    ) -> Ratio:
        return Ratio(measure=measure, estimate=estimate, low=low, high=high, level=level, n=n, words=words)

    if not (np.isfinite(top).all() and np.isfinite(bottom).all()):
        return ratio("cannot be computed: a world gave no number")
    if not bottom.any():
        return ratio("keeps nobody who would have left" if n else "not yet: there is no world")
    mean_top, mean_bottom = float(top.mean()), float(bottom.mean())
    estimate = mean_top / mean_bottom if mean_bottom > 0 else None
    if n < SEQUENCE_VALID_FROM:
        return ratio(f"not yet: from {SEQUENCE_VALID_FROM} worlds on", estimate=estimate)
    q2 = sequence_factor(n, level) ** 2
    (s_top, s_cross), (_, s_bottom) = np.cov(top, bottom)
    # the ratios r with (mean_top − r mean_bottom)² ≤ q² var(top − r bottom): a quadratic in r
    leading = mean_bottom**2 - q2 * s_bottom
    if leading <= 0:
        return ratio("not decided: it may keep nobody", estimate=estimate)
    if mean_bottom < 0:
        return ratio("it loses customers")
    middle = mean_top * mean_bottom - q2 * s_cross
    root = math.sqrt(max(0.0, middle**2 - leading * (mean_top**2 - q2 * s_top)))
    low, high = (middle - root) / leading, (middle + root) / leading
    return ratio("decided", estimate=estimate, low=low, high=high)
