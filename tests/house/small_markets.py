"""Small markets to run: policies that do anything, nothing or one thing, and worlds under other parameters."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from lives import Scripted

from retainsdk.policy import (
    ACTIONS,
    ActionKind,
    Actions,
    Budget,
    Move,
    MoveKind,
    PolicyStream,
    ThreatView,
    act,
)
from retainsdk.view import BookView, Stage
from retainsim.market import Market, engine, load_preset
from retainsim.market.history import FLOWS

PRESET = load_preset("telecom")
LEFT, RETURNED, JOINED, THREATENED, SAVED, SILENT, BLUFFED = range(len(FLOWS))
"""Columns of `History.flows`."""
RULED = [action.kind for action in ACTIONS if action.rule]


def a_market(seed: int = 1, customers: int = 120, **changes: Any) -> Market:
    return Market.draw(PRESET, customers=customers, seed=seed, **changes)


def with_rules(market: Market, **changes: float) -> Market:
    """The same people under other parameters."""
    return attrs.evolve(market, rules=attrs.evolve(market.rules, values={**market.rules.values, **changes}))


def people_after(market: Market, policy: Scripted, *, months: int, compiled: bool = True) -> Any:
    world = engine.World(market, compiled=compiled)
    for number in range(months):
        engine._one_month(world, number, policy, Budget(), consent_gate=True)
    return world.people


def anything(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
    """Every kind of action for somebody, with every slot it has."""
    kinds = 1 + (draw.uniform("kind") * (len(RULED) - 1)).astype(np.int8)
    priced = np.isin(kinds, (ActionKind.OFFER_PRICE, ActionKind.WIN_BACK))
    gifts = np.isin(kinds, (ActionKind.GREETING, ActionKind.COMPENSATION, ActionKind.OFFER_BENEFIT))
    everybody = act(view, np.ones(len(view), dtype=np.bool_), ActionKind.CHECK_IN, reason="Try it out")
    return attrs.evolve(
        everybody,
        kind=kinds,
        amount=np.where(priced | gifts, view.monthly_fee // 5, 0),
        months=np.where(priced | (kinds == ActionKind.OFFER_PAUSE), 4, 0).astype(np.int32),
        priority=(draw.uniform("priority") * 9).astype(np.int32),
    )


def haggle(case: ThreatView, draw: PolicyStream) -> Move:
    """Any move but the last, and then a decision."""
    kinds = [kind for kind in MoveKind if kind is not MoveKind.CLOSE]
    if case.turn == 5:
        return Move(kind=MoveKind.CLOSE)
    return Move(kind=kinds[int(len(kinds) * draw.uniform(f"turn {case.turn}")[0])], amount=900, months=3)


NOTHING = Scripted(name="nothing")
ANYTHING = Scripted(decides=anything, responds=haggle, name="anything")
CARE = Scripted(
    decides=lambda view, *_: act(
        view, view.stage == Stage.ACTIVE, ActionKind.CHECK_IN, reason="Keep in touch"
    ),
    name="care",
)
POLICIES = (NOTHING, ANYTHING, CARE)
