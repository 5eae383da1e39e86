"""Satisfied veterans bring new customers, and who came back brings most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Step
from retainsim.market.checks.statistics import rate_ratio, ratio_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds

_HOW = "Newcomers of five years without any policy who came by a friend's word; two friends who both spoke share one. Satisfied is whose answer in a survey would round to 7 of 10 or more. Counted are the years of customers who have a friend that was never with us: who lives alone can bring nobody, and sooner or later all friends of who stays have been here. Referrals a customer-year, compared within each world: "

VETERANS = Fact(
    id="referrals.veterans",
    concepts=("D8", "D1"),
    sentence="A satisfied veteran brings more new customers a year than a satisfied newcomer does.",
    measured=_HOW
    + "satisfied customers of two years or more ÷ satisfied customers in their first year. Returners are left out of both.",
    unit="×",
    band=Band(2.0, None),
    source="veterans bring referrals: practitioners (CONCEPTS D1 D8); Reichheld & Sasser 1990; band set before the figures",
    breaks="Everybody recommends alike, however long he has been here.",
)
RETURNERS = Fact(
    id="referrals.returners",
    concepts=("B1", "D8"),
    sentence="Who has come back recommends us at least as much as any veteran.",
    measured=_HOW
    + "satisfied customers who came back ÷ satisfied customers of two years or more who never left.",
    unit="×",
    band=Band(1.0, None),
    source="a returner recommends more than anyone: practitioners (CONCEPTS B1); band set before the figures",
    breaks="A return is held against us.",
)
GROUPS = ("newcomers", "veterans", "returners", "newcomers, satisfied or not")
_YEAR = 12


class Tellers:
    """Months of satisfied customers, and the newcomers their words brought."""

    def __init__(self) -> None:
        self.months = np.zeros(len(GROUPS))
        self.brought = np.zeros(len(GROUPS))

    def see(self, step: Step) -> None:
        """Count one month."""
        who = step.before
        could = who.ours & who.could_tell_somebody
        told = could & who.satisfied
        back, years = who.came_back, who.tenure
        new = ~back & (years < _YEAR)
        groups = (told & new, told & ~back & (years >= 2 * _YEAR), told & back, could & new)
        brought = step.referrals
        self.months += [group.sum() for group in groups]
        self.brought += [brought[group].sum() for group in groups]


def measure(worlds: Worlds, watchers: Sequence[Tellers]) -> Measured:  # noqa: ARG001 # themes are called alike
    """Both facts, from the common life."""
    brought = np.array([each.brought for each in watchers]).T
    months = np.array([each.months for each in watchers]).T
    new, veteran, back, _ = range(len(GROUPS))
    points: list[Point] = []
    for place, group in enumerate(GROUPS):
        points += Point.of(group, ratio_of(brought[place], months[place]), factor=100.0 * _YEAR)
    return Measured(
        figures={
            VETERANS.id: rate_ratio(brought[veteran], months[veteran], brought[new], months[new]),
            RETURNERS.id: rate_ratio(brought[back], months[back], brought[veteran], months[veteran]),
        },
        picture=Picture(
            kind="points",
            x="who would answer 7 of 10 or more",
            y="newcomers brought, a year by 100 of them",
            caption="New customers who came by the word of a hundred satisfied customers, a year; mean over worlds with its interval.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="referrals",
    title="Referrals",
    facts=(VETERANS, RETURNERS),
    watcher=Tellers,
    lives=0,
    measure=measure,
)
