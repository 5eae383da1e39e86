"""
Figures from worlds: means, ratios and shares with intervals, and the shifted beta geometric.

A world is one observation. People of one world share its firms, its parameters and its luck, so intervals come from
how worlds differ, never from the number of people.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

from retainsim.market.checks.fact import LEVEL, Figure

_FEWEST = 2
"""Worlds from which a spread can be told."""
_NONE_SEEN = -math.log((1.0 - LEVEL) / 2)
"""Events that may be expected where none was seen, about 3."""


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
    scale, where it is closer to symmetric; of counts none of which happened, the interval says how many may be expected
    all the same.

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
    if not above.any():
        high = float(_NONE_SEEN / below.sum())
        return Figure(value=0.0, low=0.0, high=high, se=high / _NONE_SEEN, worlds=n)
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
    months, so a ratio of pooled rates would mistake the one for the other. Events are counts: where none was seen, the
    interval says how many may be expected all the same.

    >>> round(rate_ratio([2, 20], [100, 100], [1, 10], [100, 100]).value, 6)
    2.0
    """
    a, m = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    b, n = np.asarray(other_events, dtype=np.float64), np.asarray(other_exposure, dtype=np.float64)
    both = m + n
    weights = np.divide(1.0, both, out=np.zeros_like(both), where=both > 0)
    found = ratio_of(a * n * weights, b * m * weights)
    if found is None:
        return None
    if not a.sum():  # it says only how many there would have been at the other group's rate
        expected = float(np.divide(b * m, n, out=np.zeros_like(b), where=n > 0).sum())
        high = _NONE_SEEN / expected
        return Figure(value=0.0, low=0.0, high=high, se=high / _NONE_SEEN, worlds=found.worlds)
    # few worlds may agree by luck more closely than so few events can
    least = found.value * math.sqrt(1.0 / a.sum() + 1.0 / b.sum())
    se = max(found.se or 0.0, least)
    factor = math.exp(min(_student(found.worlds) * se / found.value, 50.0))
    return Figure(
        value=found.value, low=found.value / factor, high=found.value * factor, se=se, worlds=found.worlds
    )


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

Ages: TypeAlias = Sequence[tuple[Sequence[int], Sequence[int]]]
"""One entry a world: customers at the beginning of each period of age, from the first, and how many of them left in it."""


@attrs.frozen(kw_only=True)
class Fit:
    """
    A model of leaving by age, fitted to all worlds by maximum likelihood.

    Attributes:
        rates: Of leaving in the first period, one a world.
        strength: α + β of a shifted beta geometric, common to all worlds; none for a constant hazard.
        log_likelihoods: At the best, one a world.
        observations: Departures and stays that it speaks of, one a customer a period.
    """

    rates: tuple[float, ...]
    strength: float | None
    log_likelihoods: tuple[float, ...]
    observations: int

    @property
    def bic(self) -> float:
        """Schwarz's criterion: lower is better; a parameter must earn its keep."""
        parameters = len(self.rates) + (self.strength is not None)
        return parameters * math.log(self.observations) - 2.0 * sum(self.log_likelihoods)


def constant_hazard(worlds: Ages) -> Fit:
    """One rate of leaving at every age; worlds differ in it."""
    tables = _tables(worlds)
    rates = tuple(float(d.sum() / n.sum()) for n, d in tables)
    return Fit(
        rates=rates,
        strength=None,
        log_likelihoods=tuple(_loglik(rate, n, d) for rate, (n, d) in zip(rates, tables, strict=True)),
        observations=int(sum(n.sum() for n, _ in tables)),
    )


def shifted_beta_geometric(worlds: Ages) -> Fit:
    """
    Everybody has a rate of his own, constant for life, and rates are spread as a beta distribution.

    So those who stay are ever more the faithful, and the hazard falls with age: α ÷ (α + β + age − 1). Worlds differ in
    the mean rate and share one α + β, so that the model has one parameter more than a constant hazard, however many
    worlds there are. Customers still here at the end count as stays, so censoring needs no extra term.

    Source:
        Fader & Hardie 2007, How to project customer retention, J. Interactive Marketing 21(1).

    >>> stay = [1000, 631, 468, 382, 326, 289, 262, 241]
    >>> fit = shifted_beta_geometric([(stay[:-1], [now - then for now, then in zip(stay, stay[1:])])])
    >>> alpha = fit.rates[0] * fit.strength
    >>> round(alpha, 3), round(fit.strength - alpha, 3)
    (0.704, 1.182)
    """
    tables = _tables(worlds)

    def best(log_strength: float) -> list[tuple[float, float]]:
        return [_best_rate(math.exp(log_strength), n, d) for n, d in tables]

    found = optimize.minimize_scalar(
        lambda log_strength: -sum(log_likelihood for _, log_likelihood in best(log_strength)),
        bounds=_LOG_STRENGTHS,
        method="bounded",
        options={"xatol": 1e-6},
    )
    fits = best(float(found.x))
    return Fit(
        rates=tuple(rate for rate, _ in fits),
        strength=math.exp(float(found.x)),
        log_likelihoods=tuple(log_likelihood for _, log_likelihood in fits),
        observations=int(sum(n.sum() for n, _ in tables)),
    )


_LOG_STRENGTHS = (-5.0, 12.0)
"""From everybody all or nothing to everybody alike."""
_Column: TypeAlias = NDArray[np.float64]


def _tables(worlds: Ages) -> list[tuple[_Column, _Column]]:
    return [(np.asarray(n, dtype=np.float64), np.asarray(d, dtype=np.float64)) for n, d in worlds]


def _best_rate(strength: float, n: _Column, d: _Column) -> tuple[float, float]:
    falls = strength / (strength + np.arange(len(n), dtype=np.float64))
    found = optimize.minimize_scalar(
        lambda logit: -_loglik(falls / (1.0 + math.exp(-logit)), n, d),
        bounds=(-15.0, 15.0),
        method="bounded",
        options={"xatol": 1e-7},
    )
    return 1.0 / (1.0 + math.exp(-float(found.x))), -float(found.fun)


def _loglik(hazard: _Column | float, n: _Column, d: _Column) -> float:
    safe = np.clip(hazard, 1e-12, 1 - 1e-12)
    return float((d * np.log(safe) + (n - d) * np.log1p(-safe)).sum())
