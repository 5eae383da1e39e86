"""
Effects from pairs: the same world once under the arm and once under its control.

The pair is the unit of inference, so that luck common to both cancels out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from retainsdk.errors import Fault, InputError, MissingExtraError
from retainsdk.experiment.effect import Effect, Measure, Method, Verdict, verdict_of
from retainsdk.experiment.ratio import Ratio, Spread, fieller

SEQUENCE_VALID_FROM = 8
"""Pairs from which on a confidence sequence is shown; see `sequence_factor`."""

SKEWED = 1.0
"""Skewness of the differences above which a confidence sequence needs `SKEWED_VALID_FROM` pairs."""

SKEWED_VALID_FROM = 20

LOW_FACTOR = 1.2
"""Variance factor below which pairing hardly helps: then something must differ between the twins by itself."""

_OF_PAIRS = (Method.SEQUENCE, Method.FIXED)
_PRIOR_VARIANCE = 4.0
_ROUNDING = 1e-12


def paired_effect(
    measure: Measure,
    arm: ArrayLike,
    control: ArrayLike,
    *,
    names: tuple[str, str] = ("arm", "control"),
    method: Method = Method.SEQUENCE,
    level: float = 0.95,
) -> Effect:
    """
    The effect of an arm on *measure*, from one figure a world and arm.

    Whatever the figures are, the answer is an effect: too few, constant or undefined ones are answered by
    its verdict and its cautions.

    Args:
        measure: What the figures are.
        arm: One figure a world, in the measure's unit.
        control: The same worlds under the control.
        names: Of arm and control.
        method: Of the interval.
        level: Of confidence, in ``(0, 1)``.

    Raises:
        InputError: When arm and control do not hold the same worlds, or the level or the method is impossible.

    >>> from retainsdk.experiment import Measure, Method, paired_effect
    >>> sleep = Measure(name="sleep", definition="hours slept more", unit="h", horizon="one night")
    >>> first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    >>> second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    >>> print(paired_effect(sleep, second, first, names=("second", "first"), method=Method.FIXED))
    second against first, sleep within one night: +1.58 h (95% t interval +0.70 to +2.46, 10 worlds): better.
    """
    treated, untreated = _figures(arm), _figures(control)
    _refuse_faults(treated, untreated, level, method)
    valid_from = SEQUENCE_VALID_FROM if method is Method.SEQUENCE else 2
    n = len(treated)

    def effect(verdict: Verdict, *cautions: str, **figures: float | None) -> Effect:
        absent = dict.fromkeys(("estimate", "low", "high", "rho", "variance_factor", "sign_share"))
        return Effect(
            measure=measure,
            arm=names[0],
            control=names[1],
            sizes=(n, n),
            level=level,
            method=method,
            valid_from=valid_from,
            verdict=verdict,
            cautions=cautions,
            **(absent | figures),
        )

    if n == 0:
        return effect(Verdict.NOT_YET, "There is no world yet.")
    finite = np.isfinite(treated) & np.isfinite(untreated)
    if not finite.all():
        places = ", ".join(str(place + 1) for place in np.flatnonzero(~finite)[:10])
        return effect(Verdict.UNDEFINED, f"{int((~finite).sum())} of {n} worlds gave no number: {places}.")
    difference = treated - untreated
    rho = correlation(treated, untreated)
    factor = None if rho is None or rho >= 1 - _ROUNDING else 1 / (1 - rho)
    estimate = float(difference.mean())
    shown: dict[str, float | None] = {
        "estimate": estimate,
        "rho": rho,
        "variance_factor": factor,
        "sign_share": float((np.sign(difference) == np.sign(estimate)).mean()),
    }
    if not difference.any():
        return effect(Verdict.IDENTICAL, **(shown | {"estimate": 0.0, "low": 0.0, "high": 0.0}))
    cautions = _cautions(difference, factor, method)
    if n < valid_from:
        return effect(Verdict.NOT_YET, *cautions, **shown)
    spread = float(difference.std(ddof=1))
    if np.ptp(difference) <= _ROUNDING * max(1.0, float(np.abs(treated).max())):
        spread = 0.0
        cautions = (*cautions, "The difference is the same in every world, so the interval is a point.")
    critical = sequence_factor(n, level) if method is Method.SEQUENCE else _student_factor(n, level)
    low, high = estimate - critical * spread, estimate + critical * spread
    verdict = verdict_of(low, high, measure)
    if verdict in (Verdict.BETTER, Verdict.WORSE) and min(abs(low), abs(high)) < measure.margin:
        cautions = (
            *cautions,
            f"The interval reaches within ±{measure.margin:,.2f}: it may be too little to matter.",
        )
    return effect(verdict, *cautions, **(shown | {"low": low, "high": high}))


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
    (s_top, s_cross), (_, s_bottom) = np.cov(top, bottom)
    means = Spread(
        top=mean_top,
        bottom=mean_bottom,
        top_variance=float(s_top),
        bottom_variance=float(s_bottom),
        covariance=float(s_cross),
    )
    # the factor is in standard deviations of one pair, so the variances are those of one pair too
    ends = fieller(means, critical=sequence_factor(n, level))
    if ends is None:
        return ratio("not decided: it may keep nobody", estimate=estimate)
    if mean_bottom < 0:
        return ratio("it loses customers")
    return ratio("decided", estimate=estimate, low=ends[0], high=ends[1])


def sequence_factor(n: int, level: float = 0.95) -> float:
    """
    Half the width of a confidence sequence for a mean, in standard deviations (``ddof=1``) of *n* figures.

    The set ``mean ± factor · sd``, for all n together, misses the true mean *at any look* with a
    probability of at most ``1 − level``: exactly so for independent normal figures of unknown variance, from
    the first n whose factor is finite. It inverts the Bayes factor of the t statistic under a normal prior of
    variance g = 4 on mean ÷ sd (with the right Haar prior on the sd), a non-negative martingale to which Ville's
    inequality applies. With k = 1 + n g and R = (k/α²)^(1/n) the factor is ``sqrt((n−1)/n · (R−1)/(1−R/k))``,
    infinite while R ≥ k.

    For other shapes it holds from a number of figures on, found by simulation and kept by a test: from 8
    for symmetric ones (uniform, Student's t with 3 degrees of freedom) and for skewness up to 1, from 20 for
    skewness up to 2 (exponential).

    Source:
        Wang & Ramdas (2025), Anytime-valid t-tests and confidence sequences for Gaussian means with unknown
        variance, Sequential Analysis 44(1); Lai (1976), Annals of Statistics 4(2).

    >>> from retainsdk.experiment.paired import sequence_factor
    >>> [round(sequence_factor(n), 3) for n in (3, 8, 20, 100)]
    [inf, 1.486, 0.813, 0.356]
    """
    if n < 2:  # noqa: PLR2004 # a standard deviation needs two
        return math.inf
    scale = 1 + n * _PRIOR_VARIANCE
    bound = (scale / (1 - level) ** 2) ** (1 / n)
    return math.sqrt((n - 1) / n * (bound - 1) / (1 - bound / scale)) if bound < scale else math.inf


def correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    """Pearson's ρ in ``[−1, 1]``; none where one of the two does not vary or there are fewer than two."""
    if len(first) < 2 or not np.ptp(first) or not np.ptp(second):  # noqa: PLR2004 # as above
        return None
    a, b = first - first.mean(), second - second.mean()
    scale = math.sqrt(float(a @ a) * float(b @ b))
    return max(-1.0, min(1.0, float(a @ b) / scale)) if scale else None


def _student_factor(n: int, level: float) -> float:
    try:
        from scipy import special  # noqa: PLC0415 # heavy, and only this interval needs it
    except ImportError:
        raise MissingExtraError("value", "scipy") from None
    return float(special.stdtrit(n - 1, (1 + level) / 2)) / math.sqrt(n)


def _cautions(difference: NDArray[np.float64], factor: float | None, method: Method) -> tuple[str, ...]:
    cautions = []
    if factor is not None and factor < LOW_FACTOR:
        cautions.append(
            f"The pairs are hardly correlated (variance factor {factor:.2f}): twins save next to nothing here."
        )
    skewness = _skewness(difference)
    if method is Method.SEQUENCE and abs(skewness) > SKEWED and len(difference) < SKEWED_VALID_FROM:
        cautions.append(
            f"The differences are skewed ({abs(skewness):.1f}): the interval is only safe "
            f"from {SKEWED_VALID_FROM} worlds on."
        )
    return tuple(cautions)


def _skewness(figures: NDArray[np.float64]) -> float:
    centred = figures - figures.mean()
    spread = math.sqrt(float((centred**2).mean()))
    return float((centred**3).mean()) / spread**3 if spread**3 else 0.0


def _figures(values: ArrayLike) -> NDArray[np.float64]:
    return np.atleast_1d(np.asarray(values, dtype=np.float64))


def _refuse_faults(
    arm: NDArray[np.float64], control: NDArray[np.float64], level: float, method: Method
) -> None:
    faults: Sequence[Fault] = [
        fault
        for wrong, fault in (
            (
                arm.ndim != 1 or arm.shape != control.shape,
                Fault(
                    "arm and control",
                    f"{arm.shape} and {control.shape}",
                    "must hold one figure for each of the same worlds",
                    "Run the control on the seeds of the arm.",
                ),
            ),
            (
                not 0 < level < 1,
                Fault("level", str(level), "must lie between 0 and 1", "Write 0.95 for 95 percent."),
            ),
            (
                method not in _OF_PAIRS,
                Fault(
                    "method", str(method), "is for independent groups", f"Use one of: {', '.join(_OF_PAIRS)}."
                ),
            ),
        )
        if wrong
    ]
    if faults:
        raise InputError("paired_effect", faults)
