"""What a fit has shown: how far the data decide each value, which they cannot tell apart, and whether the market fits."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
from scipy.stats import chi2

from retainsim.calibration.fit import Array, Fit

CONFIDENCE = 0.95
_SIGMAS = 1.96
_UNDECIDED = 1.0 / (2.0 * _SIGMAS)
"""Standard error, as a share of the range, from which an interval is as wide as the range."""
_NOTHING = 0.25
"""What the data say at least in any direction: a standard deviation of two whole ranges. With less, a trace of chance in
an effect would spread from a parameter that nothing is known of to all others."""
_TAKES_PART = 0.35
"""Share of a direction's length above which a parameter is named as part of it."""
_EDGE = 0.01


@attrs.frozen(kw_only=True, eq=False)
class Estimate:
    """
    What the data say of the parameters, in shares of their ranges.

    Attributes:
        names: Of the parameters.
        point: Estimates.
        errors: Standard errors.
        information: Inverse of their covariance, ``(parameters, parameters)``.
        distance: Between data and model, in squared standard deviations.
        freedom: Figures left over to test the fit with.
    """

    names: tuple[str, ...]
    point: Array
    errors: Array
    information: Array
    distance: float
    freedom: int

    @property
    def is_identified(self) -> tuple[bool, ...]:
        """Whether the interval of each parameter is narrower than its range."""
        return tuple(bool(error < _UNDECIDED) for error in self.errors)

    @property
    def interval(self) -> Array:
        """Of each parameter, ``(parameters, 2)``, at 95 %, within its range."""
        around = self.point[:, None] + _SIGMAS * np.outer(self.errors, (-1.0, 1.0))
        return np.asarray(np.clip(around, 0.0, 1.0))

    @property
    def is_at_edge(self) -> tuple[bool, ...]:
        """Whether the best value of each parameter is the lowest or highest it may be."""
        return tuple(bool(it < _EDGE or it > 1.0 - _EDGE) for it in self.point)

    @property
    def p_value(self) -> float | None:
        """Chance of a distance as large if the market were right; none when no figure is left over to test it with."""
        return float(chi2.sf(self.distance, self.freedom)) if self.freedom > 0 else None


def estimate(names: Sequence[str], fit: Fit, *, repeated: int = 0) -> Estimate:
    """
    What a fit says of its parameters.

    An effect counts as far as one world confirms what another shows: products are taken between different worlds only,
    so that chance, which no other world repeats, is not taken for an effect of the parameter.

    Args:
        names: Of the parameters.
        fit: Where it ended.
        repeated: How many of the figures follow from the others.
    """
    effects = fit.whitening @ fit.slopes
    worlds = len(effects)
    together = effects.sum(axis=0)
    own = np.einsum("wfp,wfq->pq", effects, effects)
    information = (together.T @ together - own) / (worlds * (worlds - 1))
    strengths, directions = np.linalg.eigh(information)
    strengths = np.where(strengths > _by_chance(effects @ directions), strengths, 0.0)
    strengths = np.maximum(strengths, _NOTHING)
    covariance = (directions / strengths) @ directions.T
    # whatever moved the figures while fitting used them up, though chance may have had a part in it
    used = int((np.linalg.svd(effects.mean(axis=0), compute_uv=False) > 1.0).sum())
    return Estimate(
        names=tuple(names),
        point=fit.point,
        errors=np.sqrt(np.diag(covariance)),
        information=(directions * strengths) @ directions.T,
        distance=fit.distance,
        freedom=len(fit.whitening) - repeated - used,
    )


def _by_chance(effects: Array) -> Array:
    """How strong each direction may seem when only chance tells worlds apart: three standard deviations."""
    worlds, figures, _ = effects.shape
    noise = effects.var(axis=0, ddof=1).mean(axis=0)
    return np.asarray(3.0 * noise * np.sqrt(2.0 * figures / (worlds * (worlds - 1))))


def findings(of: Estimate) -> tuple[str, ...]:
    """What a reader must know before he uses the values, one sentence each."""
    lost = [name for name, it in zip(of.names, of.is_identified, strict=True) if not it]
    said = [
        f"{name} cannot be identified by these data: its interval is as wide as its range, so its value is no finding."
        for name in lost
    ]
    said += [_inseparable(names) for names in _mixed(of) if len(names) > 1]
    said += [
        f"{name} ends at the edge of its range: the data ask for a value beyond it. Give it a wider range if one makes sense."
        for name, edge in zip(of.names, of.is_at_edge, strict=True)
        if edge and name not in lost
    ]
    return (*said, _fitting(of))


def _mixed(of: Estimate) -> list[list[str]]:
    """Parameters that lie together in a direction the data say nothing of."""
    strengths, directions = np.linalg.eigh(of.information)
    return [
        [name for name, part in zip(of.names, directions[:, place], strict=True) if abs(part) > _TAKES_PART]
        for place, strength in enumerate(strengths)
        if strength < _UNDECIDED**-2
    ]


def _inseparable(names: Sequence[str]) -> str:
    listed = f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{listed} cannot be told apart: moved together in the right proportion they leave every fitted figure as it is."


def _fitting(of: Estimate) -> str:
    if of.p_value is None:
        return "No more figures than parameters that they decide: how well the market fits cannot be tested."
    figures = f"distance {of.distance:.1f}, {of.freedom} degrees of freedom, p = {of.p_value:.3f}"
    if of.p_value < 1.0 - CONFIDENCE:
        return f"The market does not reproduce the fitted figures within chance ({figures}): look at which of them differ."
    return f"The market reproduces the fitted figures within chance ({figures})."
