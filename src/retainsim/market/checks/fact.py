"""
What a fact is, what was found of it, and when it holds.

A fact is a sentence of the field with a band that was set before any figure was known. Bands are not moved to
fit; where a market disagrees, the market is wrong, or says why it does not aim at the fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

LEVEL = 0.9
"""Of intervals: with 5 % on each side, one that lies wholly beyond an edge is there by luck once in twenty."""


class Verdict(StrEnum):
    """What a check says of a fact."""

    HOLDS = "holds"
    FAILS = "fails"
    NOT_YET = "not yet"
    NOT_AIMED_AT = "not aimed at"
    REPORTED = "reported"


@attrs.frozen
class Band:
    """
    Where a figure must lie, edges included; none for an open side.

    >>> str(Band(1.5, 3.0)), str(Band(None, 0.7)), str(Band(0.95, None))
    ('1.5 to 3', 'at most 0.7', 'at least 0.95')
    """

    low: float | None
    high: float | None

    def __str__(self) -> str:
        if self.low is None:
            return f"at most {_short(self.high or 0.0)}"
        if self.high is None:
            return f"at least {_short(self.low)}"
        return f"{_short(self.low)} to {_short(self.high)}"


def _short(edge: float) -> str:
    return f"{edge:g}".replace("-", "−")


@attrs.frozen(kw_only=True)
class Fact:
    """
    One thing the field knows, as a figure that can be measured in a market.

    Attributes:
        id: Theme, then what is measured: ``harm.treated``.
        concepts: Rules of the field it stands for, ids of the concepts table.
        sentence: In the field's words.
        measured: How the figure comes about, in the simulated world.
        unit: Of figure and band: ``%``, ``points``, ``×``, or what it is.
        band: None for a figure that is only reported.
        source: Of the band.
        breaks: What a market looks like in which it fails.
    """

    id: str
    concepts: tuple[str, ...]
    sentence: str
    measured: str
    unit: str
    band: Band | None
    source: str
    breaks: str

    @property
    def theme(self) -> str:
        """The facts that are measured together."""
        return self.id.partition(".")[0]


@attrs.frozen(kw_only=True)
class Figure:
    """
    A measured figure, with the world as the unit of inference.

    Attributes:
        value: The figure.
        low: Of its interval.
        high: Of the same.
        se: Standard error; none for a share of worlds, whose interval is exact.
        worlds: That it rests on.
    """

    value: float
    low: float
    high: float
    se: float | None
    worlds: int

    def times(self, factor: float) -> Figure:
        """The same in another unit; *factor* is above 0."""
        se = None if self.se is None else factor * self.se
        return Figure(
            value=factor * self.value,
            low=factor * self.low,
            high=factor * self.high,
            se=se,
            worlds=self.worlds,
        )

    def moved(self, by: float) -> Figure:
        """The same with a known quantity added."""
        return attrs.evolve(self, value=self.value + by, low=self.low + by, high=self.high + by)


@attrs.frozen(kw_only=True)
class Finding:
    """
    What a check found of a fact.

    Attributes:
        fact: Which.
        figure: None when nothing could be measured, or the preset does not aim at it.
        verdict: By `verdict_on`.
        note: Why there is no figure, or why it cannot tell; empty when it can.
        by_structure: The same figure in each structure of the market, where that is what a fact is about.
        by_segment: The same figure in each segment of customers, likewise.
    """

    fact: Fact
    figure: Figure | None
    verdict: Verdict
    note: str = ""
    by_structure: Mapping[str, Figure] = attrs.field(factory=dict)
    by_segment: Mapping[str, Figure] = attrs.field(factory=dict)


def verdict_on(figure: Figure | None, band: Band | None) -> Verdict:
    """
    Whether a figure is in its band, as far as its interval can tell.

    It holds when the whole interval is in the band, fails when the whole interval is outside, and is not yet
    known when the interval reaches over an edge: then more or larger worlds tell.

    >>> verdict_on(Figure(value=0.4, low=0.3, high=0.5, se=0.06, worlds=8), Band(None, 0.7))
    <Verdict.HOLDS: 'holds'>
    >>> verdict_on(Figure(value=0.6, low=0.4, high=0.8, se=0.12, worlds=8), Band(None, 0.7))
    <Verdict.NOT_YET: 'not yet'>
    """
    if band is None:
        return Verdict.REPORTED
    if figure is None:
        return Verdict.NOT_YET
    low = -float("inf") if band.low is None else band.low
    high = float("inf") if band.high is None else band.high
    if figure.high < low or figure.low > high:
        return Verdict.FAILS
    if low <= figure.low and figure.high <= high:
        return Verdict.HOLDS
    return Verdict.NOT_YET
