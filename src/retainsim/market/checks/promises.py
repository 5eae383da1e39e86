"""A kept promise earns trust, a broken one costs about twice as much, and notice softens the blow."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Mask, Step
from retainsim.market.checks.statistics import mean_of, ratio_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds

_SOURCE = "keep promises, or give notice before they fall due: practitioners (CONCEPTS A5 C4); losses weigh about twice what gains do (Tversky & Kahneman 1992); band set before the figures"
_HOW = "Customers of five years without any policy, month by month: how trust moved over a month in which one promise was kept, broken or put off, less how it moved with customers of the same temperament where nothing fell due, since promises are made to those who speak up. Months with a threat are left out. "

BROKEN = Fact(
    id="promises.broken",
    concepts=("A5", "C4"),
    sentence="A broken promise costs more trust than a kept one earns.",
    measured=_HOW + "The figure is the loss by a broken promise ÷ the gain by a kept one.",
    unit="×",
    band=Band(1.5, 3.0),
    source=_SOURCE,
    breaks="Kept and broken promises weigh the same.",
)
NOTICE = Fact(
    id="promises.notice",
    concepts=("C4",),
    sentence="Late with notice is clearly milder than late without.",
    measured=_HOW
    + "The figure is the loss by a promise put off with notice ÷ the loss by one that was not kept and nobody told him.",
    unit="×",
    band=Band(None, 1.0),
    source=_SOURCE,
    breaks="It makes no difference whether the customer hears of it in time.",
)
EVENTS = ("kept", "late with notice", "broken")
TEMPERAMENTS = 10
"""Classes from silent to loud."""


class Trust:
    """How trust moved, by what became of a promise in the month."""

    def __init__(self) -> None:
        self.moved = np.zeros((len(EVENTS) + 1, TEMPERAMENTS))
        self.count = np.zeros((len(EVENTS) + 1, TEMPERAMENTS))

    def see(self, step: Step) -> None:
        """Add up one month."""
        calm = step.before.ours & step.after.ours & (step.after.threats == step.before.threats)
        changes = [
            after - before for before, after in zip(step.before.promises, step.after.promises, strict=True)
        ]
        total = np.sum(changes, axis=0)
        moved = step.after.trust - step.before.trust
        cases: list[Mask] = [calm & (change == 1) & (total == 1) for change in changes]
        for place, who in enumerate([*cases, calm & (total == 0)]):
            temperament = step.before.temperament(TEMPERAMENTS)[who]
            self.moved[place] += np.bincount(temperament, weights=moved[who], minlength=TEMPERAMENTS)
            self.count[place] += np.bincount(temperament, minlength=TEMPERAMENTS)

    def effect(self, event: str) -> float:
        """What that event moved trust by; not a number where it never happened."""
        place = EVENTS.index(event)
        usual = self.moved[-1] / np.maximum(self.count[-1], 1)
        known = self.count[-1] > 0
        happened = float(self.count[place][known].sum())
        if not happened:
            return np.nan
        return float((self.moved[place] - self.count[place] * usual)[known].sum() / happened)


def measure(worlds: Worlds, watchers: Sequence[Trust]) -> Measured:  # noqa: ARG001 # themes are called alike
    """Both facts, from the common life."""
    effects = {event: np.array([each.effect(event) for each in watchers]) for event in EVENTS}
    points: list[Point] = []
    for event in EVENTS:
        points += Point.of(event, mean_of(effects[event]))
    return Measured(
        figures={
            BROKEN.id: ratio_of(-effects["broken"], effects["kept"]),
            NOTICE.id: ratio_of(-effects["late with notice"], -effects["broken"]),
        },
        picture=Picture(
            kind="points",
            x="what became of the promise",
            y="trust gained or lost",
            caption="How a customer's trust (from −1 to 1) moves in the month in which a promise falls due, against months in which none does; mean over worlds with its interval.",
            points=tuple(points),
        ),
    )


THEME = Theme(
    id="promises",
    title="Promises",
    facts=(BROKEN, NOTICE),
    watcher=Trust,
    lives=0,
    measure=measure,
)
