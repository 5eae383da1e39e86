"""
Casting: who is talked to, in a scenario, for a seed.

Nobody is made up. A market of the scenario's kind is lived through until somebody is as the scenario wants him: he
threatens to leave, or he is somebody to call. What would take him away, or took him, his own choice makes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retainsdk.errors import RetainError
from retainsdk.policy import Budget
from retainsdk.view import BookView
from retainsim.market.engine import Market, World
from retainsim.market.month import Month
from retainsim.market.person import OURS, figures
from retainsim.market.preset import load_preset
from retainsim.training.scenario.called import to_call
from retainsim.training.scenario.case import Case, card_of
from retainsim.training.scenario.past import past
from retainsim.training.scenario.scenario import Range, Scenario, Situation
from retainsim.training.scenario.wanted import Wanted

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


def cast(scenario: Scenario, seed: int) -> Case:
    """
    The caller whom a seed picks, or whom we call.

    Args:
        scenario: What kind of customer.
        seed: Equal seeds pick equal customers.

    Raises:
        NobodyCallsError: When no such customer is found.
    """
    wanted = Wanted.drawn(scenario, seed)
    for number in range(WORLDS):
        for case in _met(wanted, number):
            return case
    raise NobodyCallsError(scenario.name, seed, str(wanted))


def _met(wanted: Wanted, number: int) -> Iterator[Case]:
    """Everybody in a world who is as he is wanted, in the order in which he is met, living through it as far as need be."""
    scenario = wanted.scenario
    market = Market.draw(
        load_preset(scenario.preset),
        customers=CUSTOMERS,
        seed=wanted.luck("world", number) >> 1,
        parameters="fixed",
    )
    world, policy = World(market, compiled="soon"), past(scenario.past)
    threat, earliest = scenario.situation is Situation.THREAT, SETTLED
    if not threat:  # somebody to call is there at once, so that without this all calls came in one month
        earliest += wanted.luck("month", number) % (MONTHS - SETTLED)
    for place in range(MONTHS):
        month = world.month(place)
        view = world.view(month) if place >= earliest else None
        if view is not None and not threat:
            yield from to_call(wanted, world, month, view)
        executed = world.decided(month, policy, Budget())
        tally, threatening = world.live(month, world.deeds(executed.done))
        if view is not None and threat:
            yield from _calling(wanted, world, month, view, threatening)
        world.settle(month, threatening, tally, policy)
        world.close(tally, minutes=executed.minutes)


def _calling(
    wanted: Wanted, world: World, month: Month, view: BookView, threatening: Sequence[int]
) -> Iterator[Case]:
    """Those who threaten and mean it, or do not, for the wanted reason, as the scenario has them, in the order of luck."""
    people, scenario = world.people, wanted.scenario
    for at in sorted(threatening, key=lambda at: wanted.luck("caller", int(people["key"][at]))):
        row = people[at : at + 1]
        if bool(row["leaning"][0] == OURS) is not wanted.bluffs:
            continue
        if wanted.reason is not None and row["true_reason"][0] != wanted.reason:
            continue
        if not all(_within(float(figures(row, it)[0]), bounds) for it, bounds in scenario.truth.items()):
            continue
        card = card_of(view, int(row["key"][0]))
        if all(_within(card.get(it), bounds) for it, bounds in scenario.card.items()):
            yield Case(market=world.market, month=month, row=row.copy(), card=card)


def _within(value: float | None, bounds: Range) -> bool:
    return value is not None and bounds[0] <= value <= bounds[1]
