"""
Figures from worlds: means, ratios and shares with intervals, and the shifted beta geometric.

A world is one observation. People of one world share its firms, its parameters and its luck, so intervals come from
how worlds differ, never from the number of people.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

from retainsim.market.checks.fact import LEVEL, Figure

_FEWEST = 2
"""Worlds from which a spread can be told."""


def mean_of(values: ArrayLike) -> Figure | None:
    """
    The mean over worlds, with Student's interval; none for fewer than two.

    >>> mean_of([1.0, 2.0, 3.0]).value
    2.0
    """
    figures = _finite(values)
    if len(figures) < _FEWEST:
        return None
    value, se = float(figures.mean()), float(figures.std(ddof=1) / math.sqrt(len(figures)))
    reach = _student(len(figures)) * se
    return Figure(value=value, low=value - reach, high=value + reach, se=se, worlds=len(figures))


def total_of(values: ArrayLike) -> Figure | None:
    """The sum over worlds, each of which brings its own evidence."""
    mean = mean_of(values)
    if mean is None:
        return None
    n = mean.worlds
    return Figure(
        value=n * mean.value, low=n * mean.low, high=n * mean.high, se=n * (mean.se or 0.0), worlds=n
    )


def ratio_of(numerators: ArrayLike, denominators: ArrayLike) -> Figure | None:
    """
    The ratio of two sums over worlds; none where it has no size.

    The standard error is that of the linearised ratio. A ratio of positive figures has its interval on the log
    scale, where it is closer to symmetric.

    >>> round(ratio_of([1, 2, 3], [2, 4, 6]).value, 2)
    0.5
    """
    above, below = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    kept = np.isfinite(above) & np.isfinite(below)
    above, below = above[kept], below[kept]
    if len(above) < _FEWEST or below.sum() <= 0:
        return None
    value = float(above.sum() / below.sum())
    n = len(above)
    se = float(math.sqrt(((above - value * below) ** 2).sum() * n / (n - 1)) / below.sum())
    reach = _student(n) * se
    if value > 0 and (above >= 0).all():
        factor = math.exp(min(reach / value, 50.0))
        return Figure(value=value, low=value / factor, high=value * factor, se=se, worlds=n)
    return Figure(value=value, low=value - reach, high=value + reach, se=se, worlds=n)


def rate_ratio(
    events: ArrayLike, exposure: ArrayLike, other_events: ArrayLike, other_exposure: ArrayLike
) -> Figure | None:
    """
    How much higher one group's rate is than another's, compared within each world.

    Mantel and Haenszel's: worlds differ in the level of all rates, and groups differ in their share of each world's
    months, so a ratio of pooled rates would mistake the one for the other.

    >>> round(rate_ratio([2, 20], [100, 100], [1, 10], [100, 100]).value, 6)
    2.0
    """
    a, m = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    b, n = np.asarray(other_events, dtype=np.float64), np.asarray(other_exposure, dtype=np.float64)
    both = m + n
    weights = np.divide(1.0, both, out=np.zeros_like(both), where=both > 0)
    return ratio_of(a * n * weights, b * m * weights)


def of_sums(function: Callable[..., float], *columns: ArrayLike) -> Figure | None:
    """
    Any figure made of sums over worlds, with the jackknife's interval: each world is left out once.

    >>> of_sums(lambda cost, won: cost / won, [10.0, 20.0, 30.0], [1.0, 2.0, 3.0]).value
    10.0
    """
    table = np.array([np.asarray(column, dtype=np.float64) for column in columns])
    worlds = table.shape[1]
    if worlds < _FEWEST:
        return None
    sums = table.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(function(*sums))
        without = np.array([function(*(sums - table[:, world])) for world in range(worlds)])
    if not np.isfinite(value) or not np.isfinite(without).all():
        return None
    se = float(math.sqrt((worlds - 1) / worlds * ((without - without.mean()) ** 2).sum()))
    reach = _student(worlds) * se
    return Figure(value=value, low=value - reach, high=value + reach, se=se, worlds=worlds)


def share_of(yes: int, worlds: int) -> Figure | None:
    """
    A share of worlds, with Clopper and Pearson's interval.

    >>> round(share_of(59, 59).low, 3)
    0.95
    """
    if worlds < 1:
        return None
    tail = (1.0 - LEVEL) / 2
    low = float(stats.beta.ppf(tail, yes, worlds - yes + 1)) if yes else 0.0
    high = float(stats.beta.ppf(1.0 - tail, yes + 1, worlds - yes)) if yes < worlds else 1.0
    return Figure(value=yes / worlds, low=low, high=high, se=None, worlds=worlds)


def _finite(values: ArrayLike) -> NDArray[np.float64]:
    figures = np.asarray(values, dtype=np.float64)
    return figures[np.isfinite(figures)]


def _student(worlds: int) -> float:
    return float(stats.t.ppf((1.0 + LEVEL) / 2, worlds - 1))


# leaving by age


@attrs.frozen(kw_only=True)
class Fit:
    """
    A model of leaving by age, fitted by maximum likelihood.

    Attributes:
        parameters: α and β of a shifted beta geometric, or the one rate.
        log_likelihood: At its best.
        observations: Departures and stays that it speaks of, one a customer a period.
    """

    parameters: tuple[float, ...]
    log_likelihood: float
    observations: int

    @property
    def bic(self) -> float:
        """Schwarz's criterion: lower is better; a parameter must earn its keep."""
        return len(self.parameters) * math.log(self.observations) - 2.0 * self.log_likelihood


def constant_hazard(at_risk: Sequence[int], left: Sequence[int]) -> Fit:
    """
    One rate of leaving at every age.

    Args:
        at_risk: Customers at the beginning of each period of age, from the first.
        left: How many of them left in it.
    """
    n, d = np.asarray(at_risk, dtype=np.float64), np.asarray(left, dtype=np.float64)
    rate = d.sum() / n.sum()
    return Fit(parameters=(float(rate),), log_likelihood=_loglik(rate, n, d), observations=int(n.sum()))


def shifted_beta_geometric(at_risk: Sequence[int], left: Sequence[int]) -> Fit:
    """
    Everybody has a rate of his own, constant for life, and rates are spread as a beta distribution.

    So those who stay are ever more the faithful, and the hazard falls with age: α ÷ (α + β + age − 1). Customers still
    here at the end count as stays, so censoring needs no extra term.

    Args:
        at_risk: As in `constant_hazard`.
        left: The same.

    Source:
        Fader & Hardie 2007, How to project customer retention, J. Interactive Marketing 21(1).

    >>> stay = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> fit = shifted_beta_geometric(stay[:-1], [now - then for now, then in zip(stay, stay[1:])])
    >>> [round(parameter, 3) for parameter in fit.parameters]
    [0.704, 1.182]
    """
    n, d = np.asarray(at_risk, dtype=np.float64), np.asarray(left, dtype=np.float64)
    age = np.arange(len(n))

    def cost(logs: NDArray[np.float64]) -> float:
        alpha, beta = np.exp(np.clip(logs, -20.0, 20.0))
        return -_loglik(alpha / (alpha + beta + age), n, d)

    # from the mean rate, with little and with much spread: the likelihood is flat where there is no spread
    rate = min(max(d.sum() / n.sum(), 1e-6), 1 - 1e-6)
    found = min(
        (
            optimize.minimize(
                cost,
                np.log([rate * strength, (1 - rate) * strength]),
                method="Nelder-Mead",
                options={"xatol": 1e-7, "fatol": 1e-9, "maxiter": 4000},
            )
            for strength in (2.0, 200.0)
        ),
        key=lambda result: float(result.fun),
    )
    alpha, beta = np.exp(np.clip(found.x, -20.0, 20.0))
    return Fit(
        parameters=(float(alpha), float(beta)), log_likelihood=-float(found.fun), observations=int(n.sum())
    )


def _loglik(hazard: NDArray[np.float64] | float, n: NDArray[np.float64], d: NDArray[np.float64]) -> float:
    safe = np.clip(hazard, 1e-12, 1 - 1e-12)
    return float((d * np.log(safe) + (n - d) * np.log1p(-safe)).sum())
