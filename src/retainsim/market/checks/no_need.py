"""What people say when they leave: that they have no need for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from retainsdk.view import Reason
from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import SAYS_NO_NEED, TRUE_LACK_OF_NEED, Step
from retainsim.market.checks.statistics import ratio_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds

OTHER_REASON = Fact(
    id="no_need.other_reason",
    concepts=("B7", "B8", "B3"),
    sentence="Most of those who say they have no need for the service leave for another reason.",
    measured="Leavers of five years without any policy whose stated reason is “no need”: the share whose true reason, read off their choice, is neither that the need ended nor an event in their life.",
    unit="%",
    band=Band(60.0, 90.0),
    source="true lack of need is rare and the label overused: practitioners (CONCEPTS B7 B8); band set before the figures",
    breaks="People say what moves them, or nobody ever loses his need.",
)


class Leavers:
    """True reasons of those who said they had no need."""

    def __init__(self) -> None:
        self.true = Counter[int]()

    def see(self, step: Step) -> None:
        """Count this month's leavers."""
        said_so = step.left & (step.after.stated_reason == SAYS_NO_NEED)
        self.true.update(step.after.true_reason[said_so].tolist())

    @property
    def in_all(self) -> int:
        """Who said so."""
        return self.true.total()

    @property
    def with_another_reason(self) -> int:
        """Who said so and had another reason."""
        return self.in_all - sum(self.true[reason] for reason in TRUE_LACK_OF_NEED)


def measure(worlds: Worlds, watchers: Sequence[Leavers]) -> Measured:  # noqa: ARG001 # themes are called alike
    """From the common life."""
    said = np.array([each.in_all for each in watchers])
    share = ratio_of([each.with_another_reason for each in watchers], said)
    points: list[Point] = []
    for reason in Reason:
        counts = [each.true[int(reason)] for each in watchers]
        if sum(counts):
            points += Point.of(reason.name.lower().replace("_", " "), ratio_of(counts, said), factor=100.0)
    return Measured(
        figures={OTHER_REASON.id: None if share is None else share.times(100.0)},
        picture=Picture(
            kind="points",
            x="true reason",
            y="% of those who say “no need”",
            caption="Why those leave who say that they have no need for the service; mean over worlds with its interval. Only a simulated world knows the true reason.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="no_need",
    title="“No need”",
    facts=(OTHER_REASON,),
    watcher=Leavers,
    lives=0,
    measure=measure,
)
