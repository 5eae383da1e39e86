"""An account stands and falls with whoever speaks for us in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import attrs
import numpy as np

from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Mask, Step
from retainsim.market.checks.statistics import mean_of, of_sums
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds
from retainsim.market.person import Contact

CHAMPION = Fact(
    id="accounts.champion",
    concepts=("E2",),
    sentence="To lose the champion of an account is far worse than to lose one of its users.",
    measured="Accounts of five years without any policy in which we know a champion and a user, month by month: those that lose the champion alone in the month, those that lose a user alone, and those that lose neither. The figure is how many more of those that lost a user have left within twelve months than of those that lost neither, ÷ how many more of those that lost the champion, each against accounts of the same world. The band says the same as “the champion at least three times the user”, and has a value where the loss of a user changes nothing.",
    unit="×",
    band=Band(None, 1 / 3),
    source="know the client's organisation, and who decides in it: practitioners (CONCEPTS E2); band set before the figures",
    breaks="All contacts weigh the same, or an account goes on as if nobody had left it.",
)
LOST = ("champion", "user", "neither")
YEAR = 12


@attrs.frozen(eq=False)
class _Followed:
    groups: tuple[Mask, ...]
    left: Mask


class Losses:
    """Accounts by whom they lost in a month, and who of them left us within a year."""

    def __init__(self) -> None:
        self.count = np.zeros(len(LOST))
        self.left = np.zeros(len(LOST))
        self._followed: deque[_Followed] = deque()

    def see(self, step: Step) -> None:
        """Follow those of earlier months, and sort those of this one."""
        before, after = step.before.committee, step.after.committee
        both = int(Contact.CHAMPION | Contact.USER)
        had = step.before.ours & step.before.is_organisation & (before & both == both)
        lost = before & ~after & both
        groups = tuple(had & (lost == who) for who in (int(Contact.CHAMPION), int(Contact.USER), 0))
        self._followed.append(_Followed(groups=groups, left=np.zeros(len(had), dtype=np.bool_)))
        for group in self._followed:
            group.left[step.left] = True
        if len(self._followed) == YEAR:
            over = self._followed.popleft()
            self.count += [who.sum() for who in over.groups]
            self.left += [over.left[who].sum() for who in over.groups]

    def excess(self, lost: str) -> float:
        """How many more of them left than of those who lost neither would have."""
        place = LOST.index(lost)
        usual = self.left[-1] / max(self.count[-1], 1.0)
        return float(self.left[place] - self.count[place] * usual)

    def of(self, lost: str) -> float:
        """How many accounts there were."""
        return float(self.count[LOST.index(lost)])

    def share(self, lost: str) -> float:
        """Percent who left; not a number where there was nobody."""
        place = LOST.index(lost)
        return float(100.0 * self.left[place] / self.count[place]) if self.count[place] else np.nan


def _user_to_champion(user: float, users: float, champion: float, champions: float) -> float:
    return (user / users) / (champion / champions)


def measure(worlds: Worlds, watchers: Sequence[Losses]) -> Measured:  # noqa: ARG001 # themes are called alike
    """From the common life."""
    told = [each for each in watchers if each.of("champion") and each.of("user")]
    columns = [[value for each in told for value in (each.excess(lost), each.of(lost))] for lost in LOST[:2]]
    user, users = columns[1][::2], columns[1][1::2]
    champion, champions = columns[0][::2], columns[0][1::2]
    points: list[Point] = []
    for lost in LOST:
        points += Point.of(lost, mean_of([each.share(lost) for each in told]))
    harmed = sum(champion) > 0
    return Measured(
        figures={
            CHAMPION.id: of_sums(_user_to_champion, user, users, champion, champions) if harmed else None
        },
        picture=Picture(
            kind="points",
            x="lost in one month",
            y="left within twelve months, %",
            caption="Share of accounts that have left us a year later, by which of their contacts went; mean over worlds with its interval.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="accounts",
    title="Accounts and their people",
    facts=(CHAMPION,),
    watcher=Losses,
    lives=0,
    measure=measure,
)
