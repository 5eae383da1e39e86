"""
What an experiment found: a figure with its interval, unit, horizon and definition, and a verdict in words.

An effect comes out of an experiment with a control group; nothing else in the package makes one.
"""

from __future__ import annotations

from enum import StrEnum

import attrs


class Verdict(StrEnum):
    """What may be said of an effect, and no more."""

    BETTER = "better"
    WORSE = "worse"
    TOO_CLOSE = "too close to matter"
    NOT_DECIDED = "not decided"
    IDENTICAL = "identical, 0 exactly"
    NOT_YET = "not yet"
    UNDEFINED = "cannot be computed"


class Method(StrEnum):
    """How the interval was made."""

    SEQUENCE = "confidence sequence"
    """Valid however often one looks while worlds are added; the default."""
    FIXED = "t interval"
    """Valid for one look at a number of worlds fixed beforehand."""
    NEWCOMBE = "Newcombe interval"
    """For the shares of two independent groups; valid for one look."""
    WELCH = "Welch interval"
    """For the means of two independent groups; valid for one look."""


@attrs.frozen(kw_only=True)
class Measure:
    """
    What is measured.

    Attributes:
        name: As it stands in tables: ``profit per customer``.
        definition: How it is computed, in one sentence.
        unit: Of estimate, interval and margin.
        horizon: How long outcomes are followed: ``24 months``.
        higher_is_better: False for what one wants less of.
        margin: δ, in the unit: differences within ± this do not matter. 0 when every difference matters.
    """

    name: str
    definition: str
    unit: str
    horizon: str
    higher_is_better: bool = True
    margin: float = 0.0


@attrs.frozen(kw_only=True)
class Effect:
    """
    The difference that one arm made against its control.

    Attributes:
        measure: What is measured, in which unit, within which horizon.
        arm: Name of the arm.
        control: Name of the control it is compared with.
        sizes: Units of inference in the arm and in the control.
        estimate: Mean difference, arm less control; none when there is none to compute.
        low: Lower end of the interval; none when no interval can be given.
        high: Upper end of the interval.
        level: Confidence level, such as ``0.95``.
        method: How the interval was made.
        valid_from: Number of units in each arm from which on the interval holds.
        rho: Correlation of arm and control over the pairs; none where one of them does not vary, and without pairs.
        variance_factor: ``1/(1 − ρ)``: how many times more unpaired worlds the same precision would have
            cost; none where ρ is unknown or 1.
        sign_share: Share of the pairs whose difference has the sign of the estimate; none without one.
        verdict: What may be said.
        cautions: What a reader must know before he uses the figure, one sentence each.
    """

    measure: Measure
    arm: str
    control: str
    sizes: tuple[int, int]
    estimate: float | None
    low: float | None
    high: float | None
    level: float
    method: Method
    valid_from: int
    rho: float | None
    variance_factor: float | None
    sign_share: float | None
    verdict: Verdict
    cautions: tuple[str, ...] = ()

    @property
    def is_paired(self) -> bool:
        """Whether arm and control are the same worlds, not different customers of one population."""
        return self.method in (Method.SEQUENCE, Method.FIXED)

    def __str__(self) -> str:
        """The effect as one sentence, with everything a number needs."""
        versus = f"{self.arm} against {self.control}, {self.measure.name} within {self.measure.horizon}"
        many, each = f"{self.sizes[0]} worlds", "worlds"
        if not self.is_paired:
            many, each = f"{self.sizes[0]} and {self.sizes[1]} customers", "customers in each arm"
        if self.verdict is Verdict.IDENTICAL:
            return f"{versus}: {self.verdict}, {'in each of' if self.is_paired else 'among'} {many}."
        if self.estimate is None:
            return f"{versus}: {self.verdict}. {' '.join(self.cautions)}".rstrip()
        figure = f"{self.estimate:+,.2f} {self.measure.unit}"
        if self.low is None or self.high is None:
            needed = f"an interval can be given from {self.valid_from} {each} on, there are {many}"
            return f"{versus}: {figure}, {self.verdict} ({needed})."
        interval = f"{100 * self.level:.4g}% {self.method} {self.low:+,.2f} to {self.high:+,.2f}"
        return f"{versus}: {figure} ({interval}, {many}): {self.verdict}."


def verdict_of(low: float, high: float, measure: Measure) -> Verdict:
    """What an interval of a measure says."""
    if -measure.margin <= low and high <= measure.margin:
        return Verdict.TOO_CLOSE
    if low <= 0 <= high:
        return Verdict.NOT_DECIDED
    return Verdict.BETTER if (low > 0) == measure.higher_is_better else Verdict.WORSE
