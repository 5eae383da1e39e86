"""
Living a market while somebody watches: the one place that steps the engine for a check.

Watchers see each month as it was before and after, and touch nothing; so any number of them can share one life of a
world, and a watched world is the world that would have been.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Protocol

import attrs

from retainsdk.policies.none import Nothing
from retainsdk.policy import Actions, Budget, Policy, PolicyStream, execute, no_actions
from retainsim.market.checks.snapshot import Snapshot, Step
from retainsim.market.engine import Market, World
from retainsim.market.law.contacts import contact
from retainsim.market.law.names import TALLIES
from retainsim.market.month import Month
from retainsim.market.person import OURS, rows
from retainsim.market.streams import stream_of

Shock = Callable[[Month], Month]
"""What an experiment changes about a month, for everybody."""


class Watcher(Protocol):
    """Somebody who keeps what a fact needs of each month."""

    def see(self, step: Step) -> None:
        """Look at one month."""
        ...


def live_watched(
    market: Market,
    policy: Policy,
    *,
    months: int,
    watchers: Sequence[Watcher],
    acts_in: Container[int] | None = None,
    repeated: bool = False,
    shock: Shock | None = None,
    compiled: bool = True,
) -> None:
    """
    Live a world from its beginning and show every month to the watchers.

    Args:
        market: Left as it is.
        policy: Of firm 0, ours.
        months: Horizon.
        watchers: Shown each month in turn.
        acts_in: Months in which the policy decides; in the others it leaves everybody in peace. None for all.
        repeated: Whether every action is done twice in its month, which the gate does not let a policy do.
        shock: An experiment on the terms of all firms; none leaves them as they come.
        compiled: False runs the law as plain Python.
    """
    world = World(market, compiled=compiled)
    n_firms = len(market.preset.firms)
    before = Snapshot(world.people.copy(), n_firms)
    for number in range(months):
        month = world.month(number)
        if shock is not None:
            month = shock(month)
            world.reins.course = attrs.evolve(
                world.reins.course, plan=month.plan
            )  # what happened is what people will tell of the firm
        acts = acts_in is None or number in acts_in
        done = _actions(world, month, policy) if acts else no_actions()
        if repeated:
            _do_beforehand(world, month, done)
        tally, threatening = world.live(month, world.deeds(done))
        world.settle(month, threatening, tally, policy)
        world.close(tally)
        after = Snapshot(world.people.copy(), n_firms)
        step = Step(number, month.first_day, before, after)
        for watcher in watchers:
            watcher.see(step)
        before = after


def _actions(world: World, month: Month, policy: Policy) -> Actions:
    if isinstance(policy, Nothing):  # it would only look
        return no_actions()
    view = world.view(month)
    draw = PolicyStream(seed=world.market.seed, period=month.number, relationships=view.relationship)
    return execute(policy.decide(view, Budget(), draw), view, Budget()).done


def _do_beforehand(world: World, month: Month, done: Actions) -> None:
    """Actions on rows that have not lived the month yet, by the law's own rule."""
    people, p = rows(world.people), world.market.rules.plain()
    tally = [0] * TALLIES
    deeds = world.deeds(done)
    for who, kind, amount, months in zip(deeds.position, deeds.kind, deeds.amount, deeds.months, strict=True):
        c = people[who]
        if c.firm == OURS:
            luck = stream_of(c.key, month.row.when)
            contact(c, int(kind), int(amount), int(months), month.row, luck, p, tally)


def worse_quality(firm: int, *, by: float, first: int, months: int) -> Shock:
    """A bad time for one firm: its quality is lower by so much, from a month on, for so many months."""

    def shocked(month: Month) -> Month:
        if not first <= month.number < first + months:
            return month
        quality = list(month.plan.quality)
        quality[firm] -= by
        return attrs.evolve(month, plan=attrs.evolve(month.plan, quality=tuple(quality)))

    return shocked
