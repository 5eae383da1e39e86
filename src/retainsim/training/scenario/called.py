"""Whom we call: who of a market stands with us as a situation has it, and what would take him away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.view import BookView, Reason
from retainsdk.vocabulary import Stage
from retainsim.market.engine import World
from retainsim.market.law import LAW, Parameters
from retainsim.market.month import Month
from retainsim.market.person import GONE, OURS, People, Person, figures, rows
from retainsim.market.streams import stream_of
from retainsim.training.scenario.case import Case, card_of
from retainsim.training.scenario.scenario import Scenario, Situation
from retainsim.training.scenario.wanted import Wanted

JUST_LEFT = 31
"""Days: who left so lately is told goodbye, who left before that is won back."""


def to_call(wanted: Wanted, world: World, month: Month, view: BookView) -> Iterator[Case]:
    """
    All whom we could call as a month begins, in the order of luck.

    Args:
        wanted: Whom a scenario asks for.
        world: In which he lives.
        month: That begins.
        view: What we know as it does.
    """
    keys = world.people["key"]
    for at in sorted(
        _standing_so(wanted, world, view).tolist(), key=lambda at: wanted.luck("caller", int(keys[at]))
    ):
        case = _case(wanted.scenario, world, month, card_of(view, int(keys[at])), at)
        if case is not None and wanted.reason in (None, case.truth):
            yield case


def _standing_so(wanted: Wanted, world: World, view: BookView) -> NDArray[np.intp]:
    """Positions of those who stand with us as the situation has it, and are as the scenario has it."""
    scenario, at = wanted.scenario, world.by_key[np.searchsorted(world.keys, view.relationship)]
    people, is_ours = world.people[at], view.stage != Stage.FORMER
    if scenario.situation is Situation.CALM:
        fits = is_ours & (people["firm"] == OURS)
    else:
        lately = view.days_since_end <= JUST_LEFT
        fits = (
            ~is_ours & (people["firm"] != OURS) & (people["true_reason"] >= 0) & view.known("days_since_end")
        )
        fits &= lately if scenario.situation is Situation.GOODBYE else ~lately
    for name, (low, high) in scenario.card.items():
        fits &= view.known(name) & (getattr(view, name) >= low) & (getattr(view, name) <= high)
    for name, (low, high) in scenario.truth.items():
        fits &= (figures(people, name) >= low) & (figures(people, name) <= high)
    return np.asarray(at[fits])


def _case(scenario: Scenario, world: World, month: Month, card: Mapping[str, Any], at: int) -> Case | None:
    """Somebody at a position; none when he has agreed to no such call."""
    is_calm = scenario.situation is Situation.CALM
    if not card.get("consent_service" if is_calm else "consent_win_back", False):
        return None
    circle, place = _circle(world, at) if is_calm else (_alone(world, at), 0)
    if is_calm:
        p = world.market.rules.plain()
        circle["true_reason"][place] = reason_to_go(rows(circle)[place], month, p)
    return Case(
        market=world.market,
        month=month,
        row=circle[place : place + 1].copy(),
        card=card,
        situation=scenario.situation,
        circle=circle,
        place=place,
    )


def _alone(world: World, at: int) -> People:
    """Somebody who is not ours recommends us to nobody."""
    himself = world.people[at : at + 1].copy()
    himself["circle"], himself["member"], himself["referrer"] = 1, 0, -1
    return himself


def _circle(world: World, at: int) -> tuple[People, int]:
    """Somebody with those of his circle whom his word may bring to us, and his place among them."""
    place = int(world.people["member"][at])
    circle = world.people[at - place : at - place + int(world.people["circle"][at])].copy()
    others = np.arange(len(circle)) != place
    circle["firm"][others & (circle["firm"] == OURS)] = GONE  # whoever is ours needs no word
    return circle, place


def reason_to_go(person: Person, month: Month, p: Parameters) -> Reason:
    """
    What would likeliest take a customer away: the law's own reason for the way that speaks loudest beside us.

    Args:
        person: Ours.
        month: In which he would weigh it.
        p: Parameters.
    """
    w = month.row
    known = LAW.known_firms(stream_of(person.key, w.when), w)
    ways = {int(w.n_firms): LAW.going_without(person, w, p)}
    ways |= {firm: LAW.going(person, firm, w, p) for firm in range(1, w.n_firms) if known & (1 << firm)}
    return Reason(LAW.reason_of(person, max(ways, key=ways.__getitem__), w, p))
