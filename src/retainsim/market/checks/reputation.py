"""What a firm does to its customers this year, others hear next year."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from retainsdk.policies.none import Nothing
from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Mask, Step, Whole
from retainsim.market.checks.statistics import mean_of, ratio_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds
from retainsim.market.checks.watch import live_watched, worse_quality
from retainsim.market.engine import Market
from retainsim.market.person import OURS

_SOURCE = "what customers say in the open market: practitioners (CONCEPTS E8); band set before the figures"
_HOW = "Twin worlds without any policy; in one of them the firm's quality is lower by half a unit for the whole second year, then as before. Its newcomers are people who come to it in the third year and were never there before; their share is taken of the newcomers of all firms. The figure is that share ÷ its twin's. "

OURS_FALLS = Fact(
    id="reputation.ours",
    concepts=("E8", "D8"),
    sentence="After a bad year of ours fewer newcomers choose us, though all is well again.",
    measured=_HOW + "The firm is ours.",
    unit="×",
    band=Band(None, 1.0),
    source=_SOURCE,
    breaks="Nobody talks, or everybody forgets at once.",
)
THEIRS_FALLS = Fact(
    id="reputation.theirs",
    concepts=("E8",),
    sentence="After a bad year of a competitor fewer newcomers choose him.",
    measured=_HOW + "The firm is the largest competitor.",
    unit="×",
    band=Band(None, 1.0),
    source=_SOURCE,
    breaks="Only our own reputation is kept.",
)
BAD_YEAR = 12
MONTHS = 36
BY = 0.5


class Arrivals:
    """Newcomers of each firm, by month: people who were never there before."""

    def __init__(self) -> None:
        self.by_month: list[Whole] = []
        self._known: Mask | None = None

    def see(self, step: Step) -> None:
        """Count one month."""
        n_firms = step.after.n_firms
        people, firm = np.arange(len(step.after)), step.after.firm
        if self._known is None:
            self._known = np.zeros((len(step.after), n_firms + 1), dtype=np.bool_)
            self._known[people, step.before.firm] = True
            self._known[step.before.former, OURS] = True
        new = ~self._known[people, firm] & (firm < n_firms)
        self.by_month.append(np.bincount(firm[new], minlength=n_firms))
        self._known[people, firm] = True

    def share(self, firm: int, year: int) -> float:
        """Of the newcomers of all firms in that year, from 0; not a number where nobody moved."""
        counts = np.sum(self.by_month[12 * year : 12 * year + 12], axis=0)
        return float(counts[firm] / counts.sum()) if counts.sum() else np.nan


def triplets(market: Market, *, compiled: bool) -> dict[str, Arrivals]:
    """One world as it is, after our bad year, and after the largest competitor's."""
    lives = {}
    firms = firms_of(market)
    for name in ("as it is", *firms):
        firm, watcher = firms.get(name), Arrivals()
        shock = None if firm is None else worse_quality(firm, by=BY, first=BAD_YEAR, months=12)
        live_watched(market, Nothing(), months=MONTHS, watchers=[watcher], shock=shock, compiled=compiled)
        lives[name] = watcher
    return lives


def firms_of(market: Market) -> dict[str, int]:
    """Ours and, where anybody competes, the largest competitor."""
    shares = [firm.share for firm in market.preset.firms]
    rivals = range(1, len(shares))
    return {"ours": OURS} | ({"theirs": max(rivals, key=shares.__getitem__)} if rivals else {})


def measure(worlds: Worlds, watchers: Sequence[Any]) -> Measured:  # noqa: ARG001 # themes are called alike
    """Both facts, from three twins a world."""
    lives = worlds.each(partial(triplets, compiled=worlds.compiled))
    firms = firms_of(worlds.market(0))
    figures, points = {}, []
    for name, fact in zip(firms, (OURS_FALLS, THEIRS_FALLS), strict=False):
        for year in range(MONTHS // 12):
            shocked = [life[name].share(firms[name], year) for life in lives]
            usual = [life["as it is"].share(firms[name], year) for life in lives]
            figures[fact.id] = ratio_of(shocked, usual)  # the last year is the year after
            relative = mean_of(100.0 * (np.array(shocked) / np.array(usual) - 1.0))
            series = "our bad year" if name == "ours" else "the largest competitor's bad year"
            points += Point.of(f"year {year + 1}", relative, series=series)
    return Measured(
        figures=figures,
        picture=Picture(
            kind="points",
            x="the bad year is year 2",
            y="share of newcomers, % against the twin",
            caption="How a firm's share of all newcomers differs from its twin's without the bad year; mean over worlds with its interval.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="reputation",
    title="Reputation",
    facts=(OURS_FALLS, THEIRS_FALLS),
    watcher=None,
    lives=1,
    measure=measure,
)
