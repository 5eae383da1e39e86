"""
Moments: the figures by which data and a simulated world are compared, each with its definition.

Every one is a count of those who left, divided by those who could have: customers for a share, months of customers for
a rate. Written so, one formula gives the value of each and how far chance in the customers moves all of them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.calibration.panel import STILL_HERE, Panel

Figures = NDArray[np.float64]

LEAST = 30
"""Customers, or months of customers, below which a figure says too little to be compared."""


class Group(StrEnum):
    """What customers are told apart by."""

    CONTRACT = "contract"
    TENURE = "tenure"
    HAZARD = "hazard"
    COMPLAINT = "complaint"
    PRICE = "price"


DEFINITIONS = {
    Group.CONTRACT: "Share of the customers on the day of the snapshot who leave within the horizon, by contract on that day.",
    Group.TENURE: "Share of the customers on the day of the snapshot who leave within the horizon, by whole months of tenure on that day.",
    Group.HAZARD: "Customers who leave in a month ÷ customers at its beginning, over all months of the horizon, by whole months of tenure then.",
    Group.COMPLAINT: "Customers who leave in a month ÷ customers at its beginning, over all months from the third on: those who complained in one of the two months before, and all others.",
    Group.PRICE: "Share of the customers on the day of the snapshot who leave within the horizon, by thirds of the monthly fee on that day; the limits are those of the data.",
}
"""The same for data and simulated worlds."""

CONTRACTS = ("month-to-month", "one year", "two years")
TENURE_FROM = (0, 13, 25, 49, 73)
HAZARD_FROM = (0, 7, 13, 25, 49)
_MEMORY = 2
"""Months for which a complaint counts as recent."""


@attrs.frozen(kw_only=True)
class Moment:
    """
    One figure.

    Attributes:
        group: What it tells apart.
        label: Of whom it is.
        low: The first of the values it covers: a kind of contract, months of tenure, a fee; 1 who complained.
        high: The first beyond them.
    """

    group: Group
    label: str
    low: float
    high: float

    @property
    def is_rate(self) -> bool:
        """Whether it is a rate a month, and not a share of customers."""
        return self.group in {Group.HAZARD, Group.COMPLAINT}


def counts(panel: Panel, moment: Moment) -> tuple[Figures, Figures]:
    """Of each customer: how often he left, and how often he could have, as the moment counts."""
    if moment.is_rate:
        inside, leaves = _by_month(panel, moment)
        return (inside & leaves).sum(axis=1, dtype=np.float64), inside.sum(axis=1, dtype=np.float64)
    value = _value(panel, moment.group)
    inside = (moment.low <= value) & (value < moment.high)
    return (inside & (panel.left != STILL_HERE)).astype(np.float64), inside.astype(np.float64)


def _value(panel: Panel, group: Group) -> NDArray[np.int8] | NDArray[np.int32] | NDArray[np.int64]:
    if group is Group.CONTRACT:
        return panel.contract
    return panel.tenure if group is Group.TENURE else panel.fee


def _by_month(panel: Panel, moment: Moment) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    months = np.arange(1, panel.months + 1)
    left = panel.left[:, None]
    at_risk, leaves = (left == STILL_HERE) | (months <= left), left == months
    if moment.group is Group.HAZARD:
        tenure = panel.tenure[:, None] + months - 1
        return at_risk & (moment.low <= tenure) & (tenure < moment.high), leaves
    assert panel.complained is not None  # noqa: S101 # `moments_of` asks before
    recently = np.zeros_like(panel.complained)
    for ago in range(1, _MEMORY + 1):
        recently[:, ago:] |= panel.complained[:, :-ago]
    known = months > _MEMORY  # what came before the panel is not known
    return at_risk & known & (recently == bool(moment.low)), leaves


def figures(panel: Panel, moments: Sequence[Moment]) -> Figures:
    """The values of moments; one that nobody belongs to is not a number."""
    sums = np.array([[part.sum() for part in counts(panel, moment)] for moment in moments])
    with np.errstate(invalid="ignore"):
        return np.asarray(sums[:, 0] / sums[:, 1])


def covariance(panel: Panel, moments: Sequence[Moment], *, expected: Figures | None = None) -> Figures:
    """
    How chance in the customers moves the values together: the sampling covariance.

    Each customer's influence on a ratio is what he adds to its numerator beyond what is usual for his part of the
    denominator (the delta method). Where nobody left, or everybody, half a leaver more and half one less stand in.

    Args:
        panel: Of the data.
        moments: Whose values.
        expected: Values by which to reckon how much each varies, instead of those of the panel: a figure that came out
            low by chance would otherwise seem to vary little, and count too much (Pearson's reason against Neyman's).
    """
    influence = np.zeros((len(panel), len(moments)))
    least, scale = np.zeros(len(moments)), np.ones(len(moments))
    for place, moment in enumerate(moments):
        leaves, could = counts(panel, moment)
        n, exposure = leaves.sum(), could.sum()
        influence[:, place] = (leaves - n / exposure * could) / exposure
        share = (n + 0.5) / (exposure + 1.0) if n in {0.0, exposure} else n / exposure
        if n in {0.0, exposure}:
            least[place] = share * (1.0 - share) / exposure
        if expected is not None:
            likely = min(max(float(expected[place]), 0.5 / exposure), 1.0 - 0.5 / exposure)
            scale[place] = np.sqrt(likely * (1.0 - likely) / (share * (1.0 - share)))
    together: Figures = influence.T @ influence
    return (together + np.diag(least)) * np.outer(scale, scale)


def moments_of(panel: Panel) -> tuple[tuple[Moment, ...], tuple[str, ...]]:
    """All moments that a panel can give, and one sentence for each that it cannot."""
    moments = [
        Moment(group=Group.CONTRACT, label=label, low=kind, high=kind + 1)
        for kind, label in enumerate(CONTRACTS)
    ]
    moments += _bands(Group.TENURE, TENURE_FROM)
    missing = []
    if panel.is_dated:
        moments += _bands(Group.HAZARD, HAZARD_FROM)
    else:
        missing.append(
            "Survival cannot be compared: the source does not say when customers left, and does not hold those who had "
            "left before its snapshot."
        )
    if panel.is_dated and panel.complained is not None and panel.months > _MEMORY:
        moments += [
            Moment(group=Group.COMPLAINT, label="complained lately", low=1, high=2),
            Moment(group=Group.COMPLAINT, label="did not", low=0, high=1),
        ]
    else:
        missing.append(
            "The effect of a complaint cannot be compared: the source does not say who complained when."
        )
    moments += _thirds(panel)
    enough = [moment for moment in moments if counts(panel, moment)[1].sum() >= LEAST]
    missing += [
        f"{moment.group}, {moment.label}: fewer than {LEAST} customers or months of customers, so not compared."
        for moment in moments
        if moment not in enough and counts(panel, moment)[1].sum() > 0
    ]
    return tuple(enough), tuple(missing)


def _bands(group: Group, starts: Sequence[int]) -> list[Moment]:
    ends = [*starts[1:], np.inf]
    return [
        Moment(
            group=group,
            label=f"{low} months and more" if high == np.inf else f"{low}–{high - 1:.0f} months",
            low=low,
            high=high,
        )
        for low, high in zip(starts, ends, strict=True)
    ]


def _thirds(panel: Panel) -> list[Moment]:
    low, high = (float(edge) for edge in np.quantile(panel.fee, (1 / 3, 2 / 3)))
    if not 0 < low < high < panel.fee.max():
        return []
    edges, labels = (0.0, low, high, np.inf), ("lowest third", "middle third", "highest third")
    return [
        Moment(group=Group.PRICE, label=label, low=edges[place], high=edges[place + 1])
        for place, label in enumerate(labels)
    ]


def usual_groups(moments: Sequence[Moment]) -> tuple[Group, ...]:
    """
    What is fitted when nobody chooses: where months are known, rates by tenure instead of shares.

    Fees are compared and not fitted: the market has no rule by which a high fee alone makes anybody leave.
    """
    there = {moment.group for moment in moments}
    wanted = (Group.CONTRACT, Group.HAZARD if Group.HAZARD in there else Group.TENURE, Group.COMPLAINT)
    return tuple(group for group in wanted if group in there)


def repeated(moments: Sequence[Moment]) -> int:
    """How many of the figures follow from the others: each further way to divide the same customers adds one."""
    divided = {Group.CONTRACT, Group.TENURE, Group.PRICE} & {moment.group for moment in moments}
    return max(len(divided) - 1, 0)
