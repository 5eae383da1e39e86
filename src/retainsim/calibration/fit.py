"""
Fitting by simulated moments: the values at which simulated figures come closest to those of the data.

Nothing here knows a market. A model gives figures world by world for a point of the unit cube, each side of which is the
range of one parameter. The same worlds are used at every point (common random numbers), so what changes between two
points is the effect of the parameters and little else.

Source:
    McFadden (1989), A method of simulated moments, Econometrica 57(5); Gouriéroux, Monfort & Renault (1993),
    Indirect inference, J. Applied Econometrics 8.
"""

from __future__ import annotations

from typing import Protocol

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import lsq_linear
from scipy.stats import qmc

Array = NDArray[np.float64]

STEP = 0.12
"""Half the distance over which an effect is measured, as a share of a parameter's range: wide, because few customers
change their minds over a short one."""

_FIRST_RADIUS, _LARGEST_RADIUS, _LEAST_RADIUS = 0.3, 0.5, 0.02
_LEAST_GAIN = 0.02
_MOST_STEPS = 12
EXPLORED = 3
"""Points tried for each parameter before the first step."""
_SAME = 1e-3
"""Combinations of figures that vary less than this share of the usual are one figure counted twice."""


class Model(Protocol):
    """What is fitted."""

    @property
    def worlds(self) -> int:
        """How many there are."""
        ...

    def figures(self, point: Array, world: int) -> Array:
        """The figures of one world, from 0, at a point of the unit cube."""
        ...


@attrs.frozen(kw_only=True, eq=False)
class Fit:
    """
    Where a fit ended.

    Attributes:
        point: In the unit cube.
        figures: There, ``(worlds, figures)``.
        slopes: Effect of each parameter's whole range on each figure, ``(worlds, figures, parameters)``.
        whitening: Makes differences between figures independent, each with variance 1: ``(rank, figures)``.
        distance: Sum of the squares of those differences, without what ties cost.
    """

    point: Array
    figures: Array
    slopes: Array
    whitening: Array
    distance: float


def fit(
    model: Model, target: Array, spread: Array, start: Array, *, begin: Array | None = None, seed: int = 1
) -> Fit:
    """
    Come as close to the target as the cube allows.

    Points spread over the cube are tried in one world each; from the best of them, or from *start*, steps follow that
    are best if effects are straight (Gauss and Newton's), within a radius that widens when they were as good as that and
    shrinks when they were not. Where the figures cannot decide, the point nearest to *start* is taken: a whole range
    away costs as much as one standard deviation.

    Args:
        model: Gives the figures.
        target: The figures of the data.
        spread: Their covariance by chance, data and simulation together.
        start: Where ties are broken towards.
        begin: Where to begin; if not said, at *start* or the best of the points tried.
        seed: Of the points that are tried.
    """
    search = _Search(model, target, whitened(spread), start)
    point = search.best_of(_spread_points(len(start), seed)) if begin is None else begin
    figures = search.everywhere(point)
    radius = _FIRST_RADIUS
    for _ in range(_MOST_STEPS):
        slopes = search.slopes(point, figures, both_sides=False).mean(axis=0)
        cost = search.cost(point, figures)
        gained = 0.0
        while radius >= _LEAST_RADIUS:
            tried = search.step(point, figures, slopes, radius)
            there = search.everywhere(tried)
            gained = cost - search.cost(tried, there)
            if gained > 0.0:
                promised = cost - search.promised(point, figures, slopes, tried)
                radius = min(2.0 * radius, _LARGEST_RADIUS) if gained > 0.7 * promised else radius
                point, figures = tried, there
                break
            radius /= 3.0
        if gained <= _LEAST_GAIN:
            break
        radius = max(radius, 2.0 * _LEAST_RADIUS)
    slopes = search.slopes(point, figures, both_sides=True)
    distance = float(np.square(search.whitening @ (figures.mean(axis=0) - target)).sum())
    return Fit(point=point, figures=figures, slopes=slopes, whitening=search.whitening, distance=distance)


def whitened(spread: Array) -> Array:
    """What makes figures of that covariance independent; combinations that hardly vary are left out."""
    errors = np.sqrt(np.diag(spread))
    variances, directions = np.linalg.eigh(spread / np.outer(errors, errors))
    kept = variances > _SAME
    return np.asarray((directions[:, kept] / np.sqrt(variances[kept])).T / errors)


def _spread_points(dimensions: int, seed: int) -> Array:
    sampler = qmc.LatinHypercube(d=dimensions, seed=seed)
    return np.asarray(sampler.random(EXPLORED * dimensions), dtype=np.float64)


class _Search:
    def __init__(self, model: Model, target: Array, whitening: Array, start: Array) -> None:
        self.model, self.target, self.whitening, self.start = model, target, whitening, start

    def everywhere(self, point: Array) -> Array:
        return np.stack([self.model.figures(point, world) for world in range(self.model.worlds)])

    def differences(self, point: Array, mean: Array) -> Array:
        return np.concatenate([self.whitening @ (mean - self.target), point - self.start])

    def cost(self, point: Array, figures: Array) -> float:
        return float(np.square(self.differences(point, figures.mean(axis=0))).sum())

    def best_of(self, points: Array) -> Array:
        def cost(point: Array) -> float:
            return self.cost(point, self.model.figures(point, 0)[None])

        return min([self.start, *points], key=cost)

    def slopes(self, point: Array, figures: Array, *, both_sides: bool) -> Array:
        """Measured towards the roomier side, or over both as far as the cube goes."""
        slopes = np.empty((*figures.shape, len(point)))
        for place in range(len(point)):
            ahead, behind = point.copy(), point.copy()
            if both_sides:
                ahead[place] = min(point[place] + STEP, 1.0)
                behind[place] = max(point[place] - STEP, 0.0)
            elif point[place] <= 0.5:  # noqa: PLR2004 # the middle of the range
                ahead[place] += STEP
            else:
                behind[place] -= STEP
            difference = self._at(ahead, point, figures) - self._at(behind, point, figures)
            slopes[:, :, place] = difference / (ahead[place] - behind[place])
        return slopes

    def _at(self, wanted: Array, point: Array, figures: Array) -> Array:
        return figures if (wanted == point).all() else self.everywhere(wanted)

    def step(self, point: Array, figures: Array, slopes: Array, radius: float) -> Array:
        design = np.vstack([self.whitening @ slopes, np.eye(len(point))])
        low, high = np.maximum(-radius, -point), np.minimum(radius, 1.0 - point)
        low, high = np.minimum(low, -1e-9), np.maximum(high, 1e-9)  # bounds may not be equal
        solved = lsq_linear(design, -self.differences(point, figures.mean(axis=0)), bounds=(low, high))
        return np.asarray(np.clip(point + solved.x, 0.0, 1.0))

    def promised(self, point: Array, figures: Array, slopes: Array, tried: Array) -> float:
        mean = figures.mean(axis=0) + slopes @ (tried - point)
        return float(np.square(self.differences(tried, mean)).sum())
