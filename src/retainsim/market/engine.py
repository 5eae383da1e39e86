"""
Running a market: order and columns. No rule of the world stands here; they are in `law` and `response`.

Competitors act, the policy decides, the law runs, threats are answered, the month is settled.
"""

from __future__ import annotations

import hashlib
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from functools import partial
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError, PolicyError, RetainError
from retainsdk.policy import (
    ACTIONS,
    Actions,
    Budget,
    Executed,
    Move,
    Policy,
    PolicyStream,
    ThreatView,
    execute,
    no_actions,
)
from retainsdk.view import BookView
from retainsim.market import law, response
from retainsim.market.competitors import Standing, next_plan, opening, strategies_of
from retainsim.market.history import FLOWS, MONEY, PROMISES, History
from retainsim.market.kernels import Kernels
from retainsim.market.law import Parameters
from retainsim.market.month import Month, month_start
from retainsim.market.observed import view_of
from retainsim.market.person import OURS, People, Person, rows
from retainsim.market.population import draw_people
from retainsim.market.preset import Preset, Rules
from retainsim.market.purposes import FRIEND_ONE, FRIEND_TWO
from retainsim.market.streams import key_of, uniforms

COHORT_KINDS = ("month-to-month", "one year", "two years")
RESIDUAL_MONTHS = 24


@attrs.frozen(kw_only=True, eq=False)
class Market:
    """
    One world at its beginning; running it does not change it.

    Attributes:
        preset: Where its parameters come from.
        rules: Its parameters.
        seed: Of all its chance.
        starts_at: The instant the first month begins.
        people: Everybody in it, ordered by key.
    """

    preset: Preset
    rules: Rules
    seed: int
    starts_at: datetime
    people: People

    @classmethod
    def draw(
        cls,
        preset: Preset,
        *,
        customers: int,
        seed: int,
        view: BookView | None = None,
        parameters: Literal["drawn", "fixed"] = "drawn",
    ) -> Market:
        """
        A world of the preset's kind.

        Args:
            preset: Of the market.
            customers: Ours at the start; people elsewhere are added by the shares of the firms.
            seed: Equal seeds give equal worlds.
            view: Customers to draw ours from, at the instant the market begins; none takes the preset's marginals.
            parameters: ``drawn`` from the preset's ranges, or ``fixed`` at its values.

        Raises:
            InputError: When there would be no customer, or the view's currency is not the preset's.
            NoCustomersError: When the view holds none.
        """
        faults = []
        if customers < 1:
            faults.append(Fault("customers", str(customers), "must be at least 1", "Ask for more customers."))
        if view is not None and view.currency != preset.currency:
            rule = f"must be {preset.currency}, in which preset {preset.name} states its costs"
            faults.append(
                Fault("view.currency", view.currency, rule, "Use a preset or customers of one currency.")
            )
        if faults:
            raise InputError("market", faults)
        rules = preset.drawn(seed, parameters)
        people = draw_people(preset, rules, customers=customers, seed=seed, view=view)
        starts_at = datetime.combine(preset.starts_on, time(), tzinfo=UTC) if view is None else view.as_of
        return cls(preset=preset, rules=rules, seed=seed, starts_at=starts_at, people=people)


def run(
    market: Market,
    policy: Policy,
    *,
    months: int,
    budget: Budget | None = None,
    threads: int = 1,
    compiled: bool = True,
    consent_gate: bool = True,
    residual_months: int = RESIDUAL_MONTHS,
) -> History:
    """
    What becomes of a market under a policy.

    Args:
        market: At its beginning; left as it is.
        policy: Of firm 0, ours.
        months: Horizon.
        budget: Of every month; none for no limit.
        threads: Over which people are spread; the result does not depend on it.
        compiled: False runs the law as plain Python; the result does not depend on it.
        consent_gate: False shows what ignoring consent would cost.
        residual_months: Length of the continuation that values who is still ours.

    Raises:
        InputError: When a length or the number of threads is impossible, or the policy's actions are.
        PolicyError: When the policy answers with something else.
    """
    _refuse_impossible(months=months, threads=threads, residual_months=residual_months)
    world = World(market, compiled=compiled)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        counted = [
            _one_month(world, pool, number, policy, budget or Budget(), consent_gate=consent_gate)
            for number in range(months)
        ]
        residual = _residual(world, pool, months, residual_months)
    return _history(world, policy, counted, residual, residual_months)


def _refuse_impossible(*, months: int, threads: int, residual_months: int) -> None:
    asked = (("months", months, 0), ("threads", threads, 1), ("residual_months", residual_months, 0))
    faults = [
        Fault(name, str(value), f"must be at least {least}", f"Ask for {least} or more.")
        for name, value, least in asked
        if value < least
    ]
    if faults:
        raise InputError("run", faults)


@attrs.frozen(kw_only=True)
class _Counted:
    tally: NDArray[np.int64]
    people: NDArray[np.int64]
    cohort: NDArray[np.int64]
    executed: Executed


class World:
    """The moving part: columns and plans, one month after the other."""

    def __init__(self, market: Market, *, compiled: bool) -> None:
        self.market = market
        self.people = market.people.copy()
        self.kernels = Kernels.compiled(market.rules) if compiled else Kernels.plain(market.rules)
        keys, count = self.people["key"], len(self.people)
        world_key = key_of("friends", market.seed)
        self.friends = [
            (uniforms(keys, world_key, which) * count).astype(np.int32) for which in (FRIEND_ONE, FRIEND_TWO)
        ]
        firms = market.preset.firms
        self.strategies = strategies_of(firms)
        self.firm_before = self.people["firm"].copy()
        self.plan = self.start_plan = opening(firms, self.standing())

    def month(self, number: int) -> Month:
        """What the coming month is for everybody, after the competitors have acted."""
        standing = self.standing()
        self.plan = next_plan(self.market.seed, number, self.strategies, self.start_plan, self.plan, standing)
        self.firm_before = self.people["firm"].copy()
        return Month.of(self.market.seed, self.market.starts_at, number, self.plan)

    def standing(self) -> Standing:
        """How the firms stand, and who came and went since the month began."""
        firm, n_firms = self.people["firm"], len(self.market.preset.firms)
        counts, moved = by_firm(self.people, n_firms), firm != self.firm_before
        usual = self.market.rules.values["usual_satisfaction"]
        felt = np.where(firm == OURS, self.people["satisfaction"] - usual, self.people["mood_elsewhere"])
        # whole numbers, whose sum does not depend on their order
        total = np.bincount(firm, weights=np.rint(felt * 2.0**20), minlength=n_firms + 1) / 2.0**20
        return Standing(
            people=counts,
            came=np.bincount(firm[moved], minlength=n_firms + 1),
            gone=np.bincount(self.firm_before[moved], minlength=n_firms + 1),
            satisfaction=total / np.maximum(counts, 1),
        )

    def view(self, month: Month) -> BookView:
        return view_of(
            self.people,
            as_of=month_start(self.market.starts_at, month.number),
            today=month.first_day,
            n_firms=len(month.plan.price),
            competitor_price=month.plan.competitor_price,
            currency=self.market.preset.currency,
        )

    def live(
        self, pool: ThreadPoolExecutor, month: Month, done: Actions, *, friends_talk: bool = True
    ) -> NDArray[np.int64]:
        """The law for everybody, up to the point where some threaten aloud."""
        count = len(self.people)
        deed, amount, months = np.zeros(count, np.int8), np.zeros(count, np.int64), np.zeros(count, np.int32)
        acted_on = np.searchsorted(self.people["key"], done.relationship)
        deed[acted_on], amount[acted_on], months[acted_on] = done.kind, done.amount, done.months
        told = np.zeros(count)
        if friends_talk:
            self.kernels.over_blocks(pool, self.kernels.tell, self.people, (told,), ())
        plan = month.plan
        firms = (
            np.array(plan.on_offer),
            np.array(plan.quality),
            np.array(plan.awareness),
            np.array(plan.lock_months),
        )
        arrays = (deed, amount, months, *firms, told, *self.friends)
        return self.kernels.over_blocks(pool, self.kernels.live, self.people, arrays, month.numbers)

    def respond(self, month: Month, policy: Policy, tally: NDArray[np.int64]) -> None:
        """Conversations are few and belong to the policy, so they run as plain Python in every engine."""
        people, p = rows(self.people), self.market.rules.plain()
        for who in self.threatening():
            draw = PolicyStream(
                seed=self.market.seed, period=month.number, relationships=self.people["key"][who : who + 1]
            )
            call = response.converse(partial(_move_of, policy, draw), people[who], month)
            response.settle(call, people[who], month, p, tally)

    def threatening(self) -> list[int]:
        """Positions of those who threaten aloud this month."""
        return [int(who) for who in np.flatnonzero(self.people["aloud"] == 1)]

    def settle(self, pool: ThreadPoolExecutor, month: Month) -> NDArray[np.int64]:
        """Who still leans to another firm leaves, who is ours pays."""
        firms = (np.array(month.plan.quality), np.array(month.plan.lock_months))
        return self.kernels.over_blocks(pool, self.kernels.settle, self.people, firms, month.numbers)


def by_firm(people: People, n_firms: int) -> NDArray[np.int64]:
    """How many people each firm has and, last, how many have none."""
    return np.bincount(people["firm"], minlength=n_firms + 1).astype(np.int64)


def cohort_of(people: People) -> NDArray[np.int64]:
    """Of our customers at the start, how many never left, by contract kind."""
    cohort = people["cohort"]
    return np.bincount(cohort[cohort >= 0], minlength=len(COHORT_KINDS)).astype(np.int64)


def digest_of(people: People) -> str:
    """One short text for every column of everybody, but not for the gaps between columns, which nobody keeps."""
    digest = hashlib.blake2b(digest_size=16)
    for name in people.dtype.names or ():
        digest.update(people[name].tobytes())
    return digest.hexdigest()


def _one_month(
    world: World,
    pool: ThreadPoolExecutor,
    number: int,
    policy: Policy,
    budget: Budget,
    *,
    consent_gate: bool,
) -> _Counted:
    month, values = world.month(number), world.market.rules.values
    view = world.view(month)
    draw = PolicyStream(seed=world.market.seed, period=number, relationships=view.relationship)
    try:
        actions: object = policy.decide(view, budget, draw)
    except RetainError:
        raise
    except Exception as error:
        raise PolicyError(_failed(policy, "decide", error)) from error
    if not isinstance(actions, Actions):
        msg = (
            f"{policy.name}.decide must return Actions, not {type(actions).__name__}. Build them with act()."
        )
        raise PolicyError(msg)
    executed = execute(actions, view, budget, consent_gate=consent_gate)
    _refuse_unruled(policy, actions)
    tally = world.live(pool, month, executed.done)
    world.respond(month, policy, tally)
    tally += world.settle(pool, month)
    people = by_firm(world.people, len(month.plan.price))
    tally[law.CONTACTS] += round(executed.minutes * values["minute_cost"])
    tally[law.ACQUISITION] += round((people.sum() - people[OURS]) * values["campaign_cost"])
    return _Counted(tally=tally, people=people, cohort=cohort_of(world.people), executed=executed)


def _refuse_unruled(policy: Policy, actions: Actions) -> None:
    """What the market has no rule for would quietly count as a contact like any other."""
    faults = [
        Fault(
            f"{policy.name}.decide",
            ACTIONS[kind].kind.name,
            "is an action the market has no rule for",
            "Leave it out here; a book knows it.",
        )
        for kind in np.unique(actions.kind)
        if not ACTIONS[kind].rule
    ]
    if faults:
        raise InputError("actions", faults)


def _failed(policy: Policy, method: str, error: Exception) -> str:
    """The last place in the policy's own calls tells its author where to look."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}"
    return (
        f"{policy.name}.{method} failed with {what} ({last.filename}, line {last.lineno}). Correct it there."
    )


def _move_of(policy: Policy, draw: PolicyStream, case: ThreatView) -> Move:
    try:
        move: object = policy.respond(case, draw)
    except RetainError:
        raise
    except Exception as error:
        raise PolicyError(_failed(policy, "respond", error)) from error
    if not isinstance(move, Move):
        msg = f"{policy.name}.respond must return a Move, not {type(move).__name__}."
        raise PolicyError(msg)
    return move


def _residual(world: World, pool: ThreadPoolExecutor, from_month: int, n_months: int) -> int:
    """
    What those who are ours at the end still bring: the same law under no policy, discounted month by month.

    They live on without new customers, friends' words or conversations, the same continuation for every policy.
    """
    ours = world.people[world.people["firm"] == OURS]
    if not len(ours):
        return 0
    later = World(attrs.evolve(world.market, people=ours), compiled=world.kernels.are_compiled)
    discount = 1.0 / (1.0 + world.market.rules.values["discounting"])
    worth, factor = 0.0, 1.0
    for number in range(from_month, from_month + n_months):
        month = Month.of(world.market.seed, world.market.starts_at, number, world.plan)
        tally = later.live(pool, month, no_actions(), friends_talk=False) + later.settle(pool, month)
        factor *= discount
        worth += factor * float(tally[law.REVENUE] - tally[law.CONCESSIONS] - tally[law.SERVING])
    return round(worth)


def _history(
    world: World, policy: Policy, counted: list[_Counted], residual: int, residual_months: int
) -> History:
    market = world.market
    tallies = np.array([month.tally for month in counted], dtype=np.int64).reshape(len(counted), law.TALLIES)
    done = np.concatenate([no_actions().kind, *(month.executed.done.kind for month in counted)])
    return History(
        policy=policy.name,
        seed=market.seed,
        months=len(counted),
        currency=market.preset.currency,
        firms=tuple(firm.name for firm in market.preset.firms),
        people=np.vstack(
            [by_firm(market.people, len(market.preset.firms)), *(month.people for month in counted)]
        ),
        cohort=np.vstack([cohort_of(market.people), *(month.cohort for month in counted)]),
        cohort_kinds=COHORT_KINDS,
        flows=tallies[:, law.LEFT : law.LEFT + len(FLOWS)],
        money=tallies[:, law.REVENUE : law.REVENUE + len(MONEY)],
        residual=residual,
        residual_months=residual_months,
        reasons=tallies[:, law.REASONS :].sum(axis=0).reshape(law.N_REASONS, law.N_REASONS),
        promises=tallies[:, law.KEPT : law.KEPT + len(PROMISES)],
        actions=np.bincount(done, minlength=len(ACTIONS)).astype(np.int64),
        refused=sum(len(month.executed.refused) for month in counted),
        cut=sum(len(month.executed.cut) for month in counted),
        minutes=sum(month.executed.minutes for month in counted),
        digest=digest_of(world.people),
    )


@attrs.frozen(kw_only=True)
class Threat:
    """
    A customer who says he will leave, and the month in which he says it.

    Attributes:
        person: His row: the truth.
        month: For the transition function.
        parameters: Of his world.
    """

    person: Person
    month: Month
    parameters: Parameters


def first_threat(market: Market, *, within: int = 24) -> Threat | None:
    """
    The first of our customers who threatens to leave when nothing is done; none if nobody does.

    Args:
        market: Left as it is.
        within: Months to wait for him.
    """
    world = World(market, compiled=False)
    with ThreadPoolExecutor(max_workers=1) as pool:
        for number in range(within):
            month = world.month(number)
            world.live(pool, month, no_actions())
            if world.threatening():
                return Threat(
                    person=rows(world.people)[world.threatening()[0]],
                    month=month,
                    parameters=market.rules.plain(),
                )
            world.settle(pool, month)
    return None
