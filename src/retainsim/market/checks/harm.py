"""A well-meant call about a better plan makes customers think, and some of them leave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

import attrs
import numpy as np

from retainsdk.policies.none import Nothing
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    PolicyStream,
    ThreatView,
    act,
    default_response,
)
from retainsdk.view import BookView, Stage
from retainsim.market.checks.fact import Band, Fact
from retainsim.market.checks.snapshot import Mask, Step
from retainsim.market.checks.statistics import mean_of, share_of
from retainsim.market.checks.theme import Measured, Picture, Point, Theme, Worlds
from retainsim.market.checks.watch import live_watched
from retainsim.market.engine import Market

_STUDY = "Ascarza, Iyengar & Schleicher 2016, The perils of proactive churn prevention using plan recommendations: field experiment with about 65,000 customers"
_HOW = "After a year without any policy, the customers the study would have called (whose use says that another plan would suit them better, bound or not) are called once with the offer of a better plan in one world and left alone in its twin; "

CONTROL = Fact(
    id="harm.control",
    concepts=("A3",),
    sentence="Of the customers whom a better plan would suit, about 6 in 100 leave within three months anyhow.",
    measured=_HOW + "the figure is the share of those left alone who have left three months later.",
    unit="%",
    band=Band(4.9, 7.9),
    source=_STUDY,
    breaks="Customers who are free to go hardly ever go, or go in droves.",
)
TREATED = Fact(
    id="harm.treated",
    concepts=("A3", "A1"),
    sentence="Called about that better plan, about 10 in 100 leave within the same three months.",
    measured=_HOW + "the figure is the share of those called who have left three months later.",
    unit="%",
    band=Band(8.0, 12.0),
    source=_STUDY,
    breaks="A sales call wakes nobody, or does nothing but good.",
)
SIGN = Fact(
    id="harm.sign",
    concepts=("A3", "A1"),
    sentence="That the call does harm is no accident of one market.",
    measured=_HOW
    + "the figure is the share of worlds in which more of those called have left, of all in which the call made a difference.",
    unit="% of worlds",
    band=Band(95.0, 100.0),
    source=_STUDY,
    breaks="In some of the markets we believe possible the call helps.",
)

CALLED_IN = 12
"""Month of the call: the state in which a market is drawn has faded by then."""
MONTHS = 3


def better_suited(view: BookView) -> Mask:
    """Customers whose use says that another plan would suit them better: the study chose by use, not by contract."""
    known = view.known("alternative_suitability") & view.known("suitability")
    better = view.alternative_suitability > view.suitability
    return np.asarray((view.stage == Stage.ACTIVE) & known & better)


@attrs.frozen
class BetterPlanCall:
    """A call to everybody whom another plan would suit better, with the offer of that plan."""

    name: ClassVar[str] = "better plan call"
    scope: ClassVar[str] = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # as the protocol has it
        """The call."""
        return act(
            view, better_suited(view), ActionKind.OFFER_PACKAGE, reason="Another plan would suit him better"
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # as above
        """The script every firm has."""
        return default_response(case)


class Quarter:
    """Who was called, and who left within three months of it."""

    def __init__(self) -> None:
        self.called: list[Mask] = []
        self.left: list[Mask] = []

    def see(self, step: Step) -> None:
        """Look at the three months."""
        if step.number >= CALLED_IN:
            self.called.append(step.before.ours & (step.after.offers_made > step.before.offers_made))
            self.left.append(step.left)

    def share_left(self, whom: Mask) -> float:
        """Of those, percent."""
        return 100.0 * float(np.any(self.left, axis=0)[whom].mean()) if whom.any() else np.nan


def trial(market: Market, *, compiled: bool) -> tuple[float, float, int]:
    """
    The experiment in one world and its twin.

    Returns:
        Percent who left of those left alone, percent of those called, and their number. Who is called in the one
        world is who is looked at in both.
    """
    alone, called = Quarter(), Quarter()
    for policy, watcher in ((Nothing(), alone), (BetterPlanCall(), called)):
        live_watched(
            market,
            policy,
            months=CALLED_IN + MONTHS,
            watchers=[watcher],
            acts_in=[CALLED_IN],
            compiled=compiled,
        )
    whom = called.called[0]
    return alone.share_left(whom), called.share_left(whom), int(whom.sum())


def measure(worlds: Worlds, watchers: Sequence[Any]) -> Measured:  # noqa: ARG001 # themes are called alike
    """All three facts, from one pair of twins a world."""
    lives = worlds.each(partial(trial, compiled=worlds.compiled))
    control, treated, customers = np.array([life for life in lives if life[2]]).reshape(-1, 3).T
    sign = share_of(int((treated > control).sum()), int((treated != control).sum()))
    return Measured(
        figures={
            CONTROL.id: mean_of(control),
            TREATED.id: mean_of(treated),
            SIGN.id: None if sign is None else sign.times(100.0),
        },
        picture=Picture(
            kind="points",
            x="three months after the call",
            y="have left, %",
            caption=f"Share of customers who have left three months after a better-plan call, beside the same customers left alone; mean over worlds with its interval. Measured on {customers.mean() if len(customers) else 0:.0f} customers a world whom another plan would suit better.",
            points=(
                *Point.of("left alone", mean_of(control)),
                *Point.of("called", mean_of(treated)),
            ),
        ),
    )


THEME = Theme(
    id="harm",
    title="A call about a better plan can do harm",
    facts=(CONTROL, TREATED, SIGN),
    watcher=None,
    lives=1,
    measure=measure,
)
