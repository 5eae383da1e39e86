"""
Effects between independent groups of one population: customers divided by chance, some of whom were left alone.

Every interval here is for one look at groups of a size that was fixed beforehand. It needs no numbers library.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, variance

from retainsdk.errors import Fault, InputError
from retainsdk.experiment.effect import Effect, Measure, Method, Verdict, verdict_of
from retainsdk.experiment.proportion import newcombe, normal_quantile
from retainsdk.experiment.ratio import Ratio, Spread, fieller

SHARES_VALID_FROM = 50
"""Customers in each arm from which on the interval of `share_effect` is given: it then holds 93 times in 100 or more."""

MEANS_VALID_FROM = 30
"""Customers in each arm from which on the interval of `mean_effect` is given, when their figures are not skewed."""

MOST_SKEWED = 0.2
"""Skewness of a difference of means up to which it counts as normal; one mean reaches it with Cochran's 25 · skewness²."""


def share_effect(
    measure: Measure,
    arm: tuple[int, int],
    control: tuple[int, int],
    *,
    names: tuple[str, str] = ("arm", "control"),
    level: float = 0.95,
) -> Effect:
    """
    The effect of an arm on a share: how many of it count, less how many of the control, in percentage points.

    Args:
        measure: What counts; its unit is percentage points.
        arm: How many count in the arm, and of how many.
        control: The same in the control.
        names: Of arm and control.
        level: Of confidence, in ``(0, 1)``.

    Raises:
        InputError: When more count than there are, or the level is impossible.

    Source:
        See `retainsdk.experiment.proportion.newcombe`.

    >>> from retainsdk.experiment import Measure, share_effect
    >>> left = Measure(
    ...     name="left", definition="left ÷ all", unit="percentage points", horizon="90 days", higher_is_better=False
    ... )
    >>> print(share_effect(left, (48, 80), (56, 70), names=("called", "left alone")))
    called against left alone, left within 90 days: -20.00 percentage points (95% Newcombe interval -33.39 to -5.24, 80 and 70 customers): better.
    """
    _refuse_faults("share_effect", (arm, control), level)
    sizes = (arm[1], control[1])
    estimate = None
    ends = None
    if min(sizes):
        estimate = 100 * (arm[0] / arm[1] - control[0] / control[1])
    if min(sizes) >= SHARES_VALID_FROM:
        ends = newcombe(*arm, *control, level=level)
    return _effect(
        measure,
        names,
        sizes,
        level,
        method=Method.NEWCOMBE,
        valid_from=SHARES_VALID_FROM,
        estimate=estimate,
        ends=None if ends is None else (100 * ends[0], 100 * ends[1]),
    )


def mean_effect(
    measure: Measure,
    arm: Sequence[float],
    control: Sequence[float],
    *,
    names: tuple[str, str] = ("arm", "control"),
    level: float = 0.95,
) -> Effect:
    """
    The effect of an arm on a mean, from one figure a customer; the arms may vary differently.

    Few customers with large figures make a mean unsure in a way no interval shows, so the more skewed the figures
    are, the more customers it takes before one is given.

    Args:
        measure: What the figures are.
        arm: One figure a customer of the arm, in the measure's unit.
        control: The same of the control.
        names: Of arm and control.
        level: Of confidence, in ``(0, 1)``.

    Raises:
        InputError: When the level is impossible.

    Source:
        Welch (1947), The generalization of Student's problem when several different population variances are
        involved, Biometrika 34(1-2); Cochran (1977), Sampling techniques, 3rd edition, section 2.15, for the size.
    """
    _refuse_faults("mean_effect", (), level)
    sizes = (len(arm), len(control))
    estimate, ends = None, None
    cautions: tuple[str, ...] = ()
    valid_from = MEANS_VALID_FROM
    if min(sizes):
        estimate = fmean(arm) - fmean(control)
        valid_from = max(MEANS_VALID_FROM, _needed(arm, control))
    if estimate is not None and min(sizes) >= valid_from:
        error, freedom = welch(arm, control)
        half = 0.0 if not error else student_quantile(level, freedom) * error
        ends = (estimate - half, estimate + half)
        if not error:
            cautions = ("The figures do not vary within either arm, so the interval is a point.",)
    return _effect(
        measure,
        names,
        sizes,
        level,
        method=Method.WELCH,
        valid_from=valid_from,
        estimate=estimate,
        ends=ends,
        cautions=cautions,
    )


def independent_ratio(
    measure: Measure,
    arm: Sequence[tuple[float, float]],
    control: Sequence[tuple[float, float]],
    *,
    level: float = 0.95,
) -> Ratio:
    """
    What an arm adds of one thing for each of another that it adds: the ratio of two differences of means.

    Args:
        measure: What the ratio is.
        arm: Of each customer the two figures, such as what he cost and whether he was kept (1 or 0).
        control: The same of the control.
        level: Of confidence.

    Source:
        See `retainsdk.experiment.ratio.fieller`.

    >>> from retainsdk.experiment import Measure, independent_ratio
    >>> cost = Measure(name="cost", definition="cost ÷ kept", unit="EUR", horizon="90 days")
    >>> called, alone = [(6.0, 1), (4.0, 1), (5.0, 0)] * 30, [(0.0, 1), (0.0, 0), (0.0, 0)] * 30
    >>> print(independent_ratio(cost, called, alone))
    15.00 EUR (10.58 to 25.68)
    """
    _refuse_faults("independent_ratio", (), level)
    smaller = min(len(arm), len(control))

    def ratio(words: str, estimate: float | None = None, ends: tuple[float, float] | None = None) -> Ratio:
        low, high = ends or (None, None)
        return Ratio(
            measure=measure, estimate=estimate, low=low, high=high, level=level, n=smaller, words=words
        )

    if smaller < SHARES_VALID_FROM:
        return ratio(f"not yet: from {SHARES_VALID_FROM} customers in each arm on")
    means = _spread(arm, control)
    ends = fieller(means, critical=normal_quantile(level))
    if ends is None:
        return ratio("not decided: it may keep nobody who would have left")
    if means.bottom < 0:
        return ratio("it loses customers")
    estimate = means.top / means.bottom
    # the interval supposes that the one figure less so many times the other counts as normal
    needed = _needed(*([top - estimate * bottom for top, bottom in those] for those in (arm, control)))
    if smaller < needed:
        return ratio(f"not yet: from {needed} customers in each arm on", estimate)
    return ratio("decided", estimate, ends)


def welch(arm: Sequence[float], control: Sequence[float]) -> tuple[float, float]:
    """
    The standard error of a difference of means, and its degrees of freedom (Welch–Satterthwaite); two figures each at least.

    >>> first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    >>> second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    >>> error, freedom = welch(first, second)
    >>> round((fmean(first) - fmean(second)) / error, 4), round(freedom, 3)
    (-1.8608, 17.776)
    """
    parts = [(variance(those) / len(those), len(those) - 1) for those in (arm, control)]
    square = sum(part for part, _ in parts)
    if not square:
        return 0.0, math.inf
    return math.sqrt(square), square**2 / sum(part**2 / freedom for part, freedom in parts)


def student_quantile(level: float, freedom: float) -> float:
    """
    How many standard errors to either side hold the mean so often, by Student's t, from 10 degrees of freedom on.

    An expansion in one over the degrees of freedom; its error is below 0.001 there for levels up to 0.999, and falls fast.

    Source:
        Abramowitz & Stegun (1964), Handbook of mathematical functions, 26.7.5.

    >>> round(student_quantile(0.95, 30), 4), round(student_quantile(0.95, math.inf), 4)
    (2.0423, 1.96)
    """
    z = normal_quantile(level)
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return sum(term / freedom**power for power, term in enumerate(terms))


def _needed(arm: Sequence[float], control: Sequence[float]) -> int:
    """How many customers each arm needs, were both larger in proportion, for the difference to count as normal."""
    square = cube = 0.0
    for those, sign in ((arm, 1), (control, -1)):
        middle, n = fmean(those), len(those)
        square += fmean((figure - middle) ** 2 for figure in those) / n
        cube += sign * fmean((figure - middle) ** 3 for figure in those) / n**2
    if not square:
        return 0
    skewness = cube / math.sqrt(square) ** 3
    return math.ceil(min(len(arm), len(control)) * (skewness / MOST_SKEWED) ** 2)


def _spread(arm: Sequence[tuple[float, float]], control: Sequence[tuple[float, float]]) -> Spread:
    found = [0.0] * 5
    for those, sign in ((arm, 1), (control, -1)):
        n = len(those)
        top, bottom = fmean(it[0] for it in those), fmean(it[1] for it in those)
        scale = n * (n - 1)
        added = (
            sign * top,
            sign * bottom,
            sum((it[0] - top) ** 2 for it in those) / scale,
            sum((it[1] - bottom) ** 2 for it in those) / scale,
            sum((it[0] - top) * (it[1] - bottom) for it in those) / scale,
        )
        found = [before + more for before, more in zip(found, added, strict=True)]
    return Spread(
        top=found[0], bottom=found[1], top_variance=found[2], bottom_variance=found[3], covariance=found[4]
    )


def _effect(
    measure: Measure,
    names: tuple[str, str],
    sizes: tuple[int, int],
    level: float,
    *,
    method: Method,
    valid_from: int,
    estimate: float | None,
    ends: tuple[float, float] | None,
    cautions: tuple[str, ...] = (),
) -> Effect:
    if estimate is None:
        verdict = Verdict.NOT_YET
        cautions = (f"There is nobody to compare: {sizes[0]} and {sizes[1]} customers.",)
    elif ends is None:
        verdict = Verdict.NOT_YET
    elif not any(ends):
        verdict = Verdict.IDENTICAL
    else:
        verdict = verdict_of(*ends, measure)
    low, high = ends or (None, None)
    return Effect(
        measure=measure,
        arm=names[0],
        control=names[1],
        sizes=sizes,
        estimate=estimate,
        low=low,
        high=high,
        level=level,
        method=method,
        valid_from=valid_from,
        rho=None,
        variance_factor=None,
        sign_share=None,
        verdict=verdict,
        cautions=cautions,
    )


def _refuse_faults(what: str, groups: Sequence[tuple[int, int]], level: float) -> None:
    faults = [
        Fault("group", f"{part} of {whole}", "counts more than there are, or fewer than none", "Count again.")
        for part, whole in groups
        if not 0 <= part <= whole
    ]
    if not 0 < level < 1:
        faults.append(Fault("level", str(level), "must lie between 0 and 1", "Write 0.95 for 95 percent."))
    if faults:
        raise InputError(what, faults)
