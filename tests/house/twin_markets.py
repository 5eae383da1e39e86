"""Twin markets: the same people and the same luck, with and without something, to see that it matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np
from lives import Scripted

from retainsdk.policy import ActionKind, act
from retainsim.market import History, Market, load_preset, run

NOTHING = Scripted(name="nothing")


def doing(kind: ActionKind, whom: Callable[[Any], Any], *, amount: int = 0, months: int = 0) -> Scripted:
    """A policy that does one thing for those whom the view shows to be meant."""
    return Scripted(
        decides=lambda view, *_: act(
            view, whom(view), kind, amount=amount, months=months, reason="See what it does"
        ),
        name="doing",
    )


def a_market(
    seed: int,
    changes: Mapping[str, float] = MappingProxyType({}),
    *,
    customers: int = 200,
    preset: str = "telecom",
) -> Market:
    """A small world, its parameters at their values but for the *changes*."""
    market = Market.draw(load_preset(preset), customers=customers, seed=seed, parameters="fixed")
    unknown = changes.keys() - market.rules.values.keys()
    assert not unknown, unknown
    return attrs.evolve(market, rules=attrs.evolve(market.rules, values={**market.rules.values, **changes}))


def differences(
    measured: Callable[[History], float],
    one: Callable[[int], tuple[Market, Scripted]],
    other: Callable[[int], tuple[Market, Scripted]],
    *,
    months: int = 12,
    seeds: int = 8,
) -> tuple[float, float]:
    """
    What is measured in one world less what is measured in its twin.

    Returns:
        The mean over seeds, and its standard error.
    """
    found = []
    for seed in range(seeds):
        with_it, without = (
            measured(run(market, policy, months=months, residual_months=0))
            for market, policy in (one(seed), other(seed))
        )
        found.append(with_it - without)
    return float(np.mean(found)), float(np.std(found, ddof=1) / np.sqrt(seeds))


__all__ = ["NOTHING", "a_market", "differences", "doing"]
