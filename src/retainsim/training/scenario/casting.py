"""
Casting: who calls, in a scenario, for a seed.

Nobody is made up. A market of the scenario's kind is lived through until somebody threatens to leave who is as the
scenario wants him; his reason is what his own choice made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

import attrs
import numpy as np

from retainsdk.errors import RetainError
from retainsdk.policy import Budget
from retainsdk.view import BY_NAME, BookView, Reason
from retainsim.market.engine import Market, World
from retainsim.market.month import Month
from retainsim.market.person import OURS, People, figures
from retainsim.market.preset import load_preset
from retainsim.market.streams import key_of
from retainsim.training.scenario.past import past
from retainsim.training.scenario.scenario import Range, Scenario

CUSTOMERS = 400
"""Ours in each market that is looked through: small enough to be lived in plain Python at once."""
SETTLED = 3
"""Months until what a market was drawn with has come to rest."""
MONTHS = 18
"""That each is lived through."""
WORLDS = 40
"""That are looked through before we say that nobody is like that."""


class NobodyCallsError(RetainError, LookupError):
    """In the markets looked through nobody is as the scenario wants its caller."""

    def __init__(self, scenario: str, seed: int, wanted: str) -> None:
        super().__init__(scenario, seed, wanted)
        self.scenario, self.seed, self.wanted = scenario, seed, wanted

    def __str__(self) -> str:
        return (
            f"Scenario {self.scenario}: in {WORLDS} markets of {CUSTOMERS} customers nobody {self.wanted} and is as [card] and "
            f"[truth] say (seed {self.seed}). Widen their ranges, or take the reason out of [reasons]."
        )


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """
    Somebody who calls, and the world he calls from.

    Attributes:
        market: He lives in.
        month: In which he calls.
        row: Himself, the truth: one row of the market; to be copied, not changed.
        card: What we know of him as the month begins: the known columns of the view, by name.
    """

    market: Market
    month: Month
    row: People
    card: Mapping[str, Any]

    @property
    def truth(self) -> Reason:
        """Why he wants to leave."""
        return Reason(int(self.row["true_reason"][0]))


def cast(scenario: Scenario, seed: int) -> Case:
    """
    The caller whom a seed picks.

    Args:
        scenario: What kind of caller.
        seed: Equal seeds pick equal callers.

    Raises:
        NobodyCallsError: When no such caller is found.
    """
    luck = partial(key_of, "casting", scenario.digest, seed)
    wanted = _reason(scenario.reasons, luck("reason"))
    policy = past(scenario.past)
    for number in range(WORLDS):
        market = Market.draw(
            load_preset(scenario.preset),
            customers=CUSTOMERS,
            seed=luck("world", number) >> 1,
            parameters="fixed",
        )
        world = World(market, compiled="soon")
        for place in range(MONTHS):
            month = world.month(place)
            view = world.view(month) if place >= SETTLED else None
            executed = world.decided(month, policy, Budget())
            tally, threatening = world.live(month, world.deeds(executed.done))
            if view is not None:
                callers = _callers(scenario, wanted, world, threatening)
                for at in sorted(callers, key=lambda at: luck("caller", int(world.people["key"][at]))):
                    card = _card(view, int(world.people["key"][at]))
                    if all(_within(card.get(name), bounds) for name, bounds in scenario.card.items()):
                        return Case(
                            market=market, month=month, row=world.people[at : at + 1].copy(), card=card
                        )
            world.settle(month, threatening, tally, policy)
            world.close(tally, minutes=executed.minutes)
    raise NobodyCallsError(
        scenario.name,
        seed,
        "threatens to leave" if wanted is None else f"threatens to leave for {wanted.name.lower()}",
    )


def _reason(weights: Mapping[Reason, float], key: int) -> Reason | None:
    """One of the reasons, by weight; none when any will do."""
    if not weights:
        return None
    reasons = sorted(weights)
    marks = list(accumulate(weights[reason] for reason in reasons))
    mark = marks[-1] * (key & (1 << 53) - 1) / (1 << 53)
    return next(reason for reason, upto in zip(reasons, marks, strict=True) if mark < upto)


def _callers(
    scenario: Scenario, wanted: Reason | None, world: World, threatening: Sequence[int]
) -> Iterator[int]:
    """Positions of those who mean it, for the wanted reason, and are as the scenario has it in truth."""
    for at in threatening:
        row = world.people[at : at + 1]
        if row["leaning"][0] <= OURS:  # he only says so
            continue
        if wanted is not None and row["true_reason"][0] != wanted:
            continue
        if all(_within(float(figures(row, name)[0]), bounds) for name, bounds in scenario.truth.items()):
            yield at


def _card(view: BookView, key: int) -> Mapping[str, Any]:
    """What is known of one customer, in plain Python values."""
    row = int(np.searchsorted(view.relationship, np.uint64(key)))
    return {name: getattr(view, name)[row].item() for name in BY_NAME if view.known(name)[row]}


def _within(value: float | None, bounds: Range) -> bool:
    return value is not None and bounds[0] <= value <= bounds[1]
