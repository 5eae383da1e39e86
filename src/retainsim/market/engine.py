"""
Running a market: loops, columns and order. No rule of the world stands here; they are in `law` and `response`.

The same kernels run compiled, over blocks of people in threads, or as plain Python over the same memory.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

import attrs
import numba
import numpy as np
from numpy.typing import NDArray

import retainsdk.policy
import retainsdk.view
from retainsdk.errors import Fault, InputError, PolicyError
from retainsdk.policy import ACTIONS, Actions, Budget, Executed, Move, Policy, PolicyStream, execute
from retainsdk.view import BookView
from retainsim.market import competitors, law, person, purposes, response, streams
from retainsim.market.competitors import Plan, next_plan
from retainsim.market.history import FLOWS, MONEY, PROMISES, History
from retainsim.market.law import Firms, Parameters, Tally
from retainsim.market.observed import view_of
from retainsim.market.person import OURS, People, Person, rows
from retainsim.market.population import draw_people
from retainsim.market.preset import Preset, Rules
from retainsim.market.purposes import FRIEND_ONE, FRIEND_TWO
from retainsim.market.streams import key_of, moment, uniforms

COHORT_KINDS = ("month-to-month", "one year", "two years")
RESIDUAL_MONTHS = 24
BLOCK = 8192
"""People a thread takes at a time."""


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
            InputError: When there would be no customer.
            NoCustomersError: When the view holds none.
        """
        if customers < 1:
            raise InputError(
                "market",
                [Fault("customers", str(customers), "must be at least 1", "Ask for more customers.")],
            )
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
        InputError: When the policy's actions are impossible.
        PolicyError: When the policy answers with something else.
    """
    world = _World(market, policy, compiled=compiled)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        months_run = [
            world.month(pool, m, budget or Budget(), consent_gate=consent_gate) for m in range(months)
        ]
        residual = _residual(world, pool, months, residual_months)
    return world.history(months_run, residual, residual_months)


@attrs.frozen(kw_only=True)
class _Month:
    tally: NDArray[np.int64]
    people: NDArray[np.int64]
    cohort: NDArray[np.int64]
    executed: Executed


class _World:
    """The moving part: columns and what was counted, one month after the other."""

    def __init__(self, market: Market, policy: Policy, *, compiled: bool) -> None:
        self.market, self.policy = market, policy
        self.people = market.people.copy()
        self.kernels = _Kernels.compiled(market.rules) if compiled else _Kernels.plain(market.rules)
        keys, count = self.people["key"], len(self.people)
        world_key = key_of("friends", market.seed)
        self.friends = [
            (uniforms(keys, world_key, which) * count).astype(np.int32) for which in (FRIEND_ONE, FRIEND_TWO)
        ]
        self.firms = market.preset.firms
        self.start_people, self.start_cohort = self._people_by_firm(), self._cohort()
        self.plan = self.start_plan = Plan(
            price=tuple(firm.price for firm in self.firms),
            quality=tuple(firm.quality for firm in self.firms),
            awareness=tuple(firm.awareness for firm in self.firms),
            lock_months=tuple(float(firm.lock_months) for firm in self.firms),
            shares=tuple(self.start_people / count),
        )

    def month(self, pool: ThreadPoolExecutor, m: int, budget: Budget, *, consent_gate: bool) -> _Month:
        when = moment(self.market.seed, m)
        first_day, n_days = _days(self.market.starts_at, m)
        self.plan = next_plan(
            self.market.seed, m, tuple(f.strategy for f in self.firms), self.start_plan, self.plan
        )
        view = self._view(m, first_day, n_days)
        executed = self._decisions(view, m, budget, consent_gate=consent_gate)
        tally = self._live(pool, executed.done, m, when, first_day, n_days, responding=self.policy)
        tally[law.CONTACTS] += round(executed.minutes * self.market.rules.values["minute_cost"])
        people = self._people_by_firm()
        tally[law.ACQUISITION] += round(
            (people.sum() - people[OURS]) * self.market.rules.values["campaign_cost"]
        )
        self.plan = attrs.evolve(self.plan, shares=tuple(people / people.sum()))
        return _Month(tally=tally, people=people, cohort=self._cohort(), executed=executed)

    def _view(self, m: int, first_day: int, n_days: int) -> BookView:
        return view_of(
            self.people,
            as_of=_month_start(self.market.starts_at, m),
            today=first_day,
            month_days=n_days,
            n_firms=len(self.firms),
            competitor_price=min(self.plan.price[1:]),
            currency=self.market.preset.currency,
        )

    def _decisions(self, view: BookView, m: int, budget: Budget, *, consent_gate: bool) -> Executed:
        draw = PolicyStream(seed=self.market.seed, period=m, relationships=view.relationship)
        actions: object = self.policy.decide(view, budget, draw)
        if not isinstance(actions, Actions):
            msg = f"{self.policy.name}.decide must return Actions, not {type(actions).__name__}. Build them with act()."
            raise PolicyError(msg)
        return execute(actions, view, budget, consent_gate=consent_gate)

    def _live(
        self,
        pool: ThreadPoolExecutor,
        done: Actions,
        m: int,
        when: int,
        first_day: int,
        n_days: int,
        *,
        responding: Policy | None,
    ) -> NDArray[np.int64]:
        """One month for everybody: the law, the conversations, who leaves and who pays."""
        count = len(self.people)
        deed, amount, months = np.zeros(count, np.int8), np.zeros(count, np.int64), np.zeros(count, np.int32)
        acted_on = np.searchsorted(self.people["key"], done.relationship)
        deed[acted_on], amount[acted_on], months[acted_on] = done.kind, done.amount, done.months
        told = np.zeros(count)
        self.kernels.over_blocks(pool, self.kernels.tell, self.people, (told,), ())
        firms = tuple(np.array(figures) for figures in attrs.astuple(self.plan)[:4])
        arrays = (deed, amount, months, *firms, told, *self.friends)
        tally = self.kernels.over_blocks(
            pool, self.kernels.live, self.people, arrays, (m, when, first_day, n_days)
        )
        if responding is not None:
            self._respond(responding, m, when, first_day, tally)
        tally += self.kernels.over_blocks(
            pool, self.kernels.settle, self.people, (firms[1], firms[3]), (m, when, first_day, n_days)
        )
        return tally

    def _respond(self, policy: Policy, m: int, when: int, first_day: int, tally: NDArray[np.int64]) -> None:
        """Conversations are few and belong to the policy, so they run as plain Python in every engine."""
        people, p = rows(self.people), self.market.rules.plain()
        for who in np.flatnonzero(self.people["aloud"] == 1).tolist():
            customer = people[who]
            draw = PolicyStream(
                seed=self.market.seed, period=m, relationships=self.people["key"][who : who + 1]
            )
            call = response.begin(customer)
            while call.end is None:
                move: object = policy.respond(response.seen(call, customer, price=self.plan.price), draw)
                if not isinstance(move, Move):
                    msg = f"{policy.name}.respond must return a Move, not {type(move).__name__}."
                    raise PolicyError(msg)
                call = response.after(call, move, customer, price=self.plan.price, when=when)
            response.settle(
                call, customer, month=m, first_day=first_day, plan=self.plan, when=when, p=p, tally=tally
            )

    def _people_by_firm(self) -> NDArray[np.int64]:
        return np.bincount(self.people["firm"], minlength=len(self.market.preset.firms) + 1).astype(np.int64)

    def _cohort(self) -> NDArray[np.int64]:
        cohort = self.people["cohort"]
        return np.bincount(cohort[cohort >= 0], minlength=len(COHORT_KINDS)).astype(np.int64)

    def history(self, months_run: list[_Month], residual: int, residual_months: int) -> History:
        tallies = np.array([month.tally for month in months_run]).reshape(len(months_run), law.TALLIES)
        reasons = tallies[:, law.REASONS :].sum(axis=0).reshape(law.N_REASONS, law.N_REASONS)
        flows = tallies[:, law.LEFT : law.LEFT + len(FLOWS)]
        done = [month.executed.done.kind for month in months_run]
        return History(
            policy=self.policy.name,
            seed=self.market.seed,
            months=len(months_run),
            currency=self.market.preset.currency,
            firms=tuple(firm.name for firm in self.firms),
            people=np.vstack([self.start_people, *(month.people for month in months_run)]),
            cohort=np.vstack([self.start_cohort, *(month.cohort for month in months_run)]),
            cohort_kinds=COHORT_KINDS,
            flows=flows,
            money=tallies[:, law.REVENUE : law.REVENUE + len(MONEY)],
            residual=residual,
            residual_months=residual_months,
            reasons=reasons,
            promises=tallies[:, law.KEPT : law.KEPT + len(PROMISES)],
            actions=np.bincount(np.concatenate(done) if done else [], minlength=len(ACTIONS)).astype(
                np.int64
            ),
            refused=sum(len(month.executed.refused) for month in months_run),
            cut=sum(len(month.executed.cut) for month in months_run),
            minutes=sum(month.executed.minutes for month in months_run),
            digest=hashlib.blake2b(self.people.tobytes(), digest_size=16).hexdigest(),
        )


def _residual(world: _World, pool: ThreadPoolExecutor, from_month: int, n_months: int) -> int:
    """
    What those who are ours at the end still bring: the same law under no policy, discounted month by month.

    They live on without new customers, friends' words or conversations, the same continuation for every policy.
    """
    later = attrs.evolve(world.market, people=world.people[world.people["firm"] == OURS])
    continued = _World(later, world.policy, compiled=True)
    continued.kernels, continued.plan = world.kernels, world.plan
    discount = 1.0 / (1.0 + world.market.rules.values["discounting"])
    none = retainsdk.policy.no_actions()
    worth, factor = 0.0, 1.0
    for m in range(from_month, from_month + n_months if len(later.people) else from_month):
        first_day, n_days = _days(later.starts_at, m)
        tally = continued._live(pool, none, m, moment(later.seed, m), first_day, n_days, responding=None)  # noqa: SLF001 - its own class
        factor *= discount
        worth += factor * float(tally[law.REVENUE] - tally[law.CONCESSIONS] - tally[law.SERVING])
    return round(worth)


def _month_start(starts_at: datetime, m: int) -> datetime:
    months = starts_at.month - 1 + m
    year, month = starts_at.year + months // 12, months % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return starts_at.replace(year=year, month=month, day=min(starts_at.day, last))


def _days(starts_at: datetime, m: int) -> tuple[int, int]:
    """First day of a month, counted from the start of the market, and its length."""
    first, following = ((_month_start(starts_at, month) - starts_at).days for month in (m, m + 1))
    return first, following - first


# kernels: the loops that compiled and plain code share

Column: TypeAlias = Any
"""One number a person: an array when compiled, a memoryview in plain Python."""


def _tell(
    people: People | ctypes.Array[Person], start: int, stop: int, told: Column, p: Parameters, tally: Tally
) -> None:
    for who in range(start, stop):
        told[who] = law.recommendation(people[who], p)


def _live(
    people: People | ctypes.Array[Person],
    start: int,
    stop: int,
    deed: Column,
    amount: Column,
    months: Column,
    price: Firms,
    quality: Firms,
    awareness: Firms,
    lock: Firms,
    told: Column,
    friend_one: Column,
    friend_two: Column,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    p: Parameters,
    tally: Tally,
) -> None:
    for who in range(start, stop):
        word = told[friend_one[who]] + told[friend_two[who]]
        law.month_of(
            people[who],
            deed[who],
            amount[who],
            months[who],
            m,
            when,
            first_day,
            n_days,
            price,
            quality,
            awareness,
            lock,
            word,
            p,
            tally,
        )


def _settle(
    people: People | ctypes.Array[Person],
    start: int,
    stop: int,
    quality: Firms,
    lock: Firms,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    p: Parameters,
    tally: Tally,
) -> None:
    for who in range(start, stop):
        law.settle_month(people[who], m, when, first_day, n_days, quality, lock, p, tally)


@attrs.frozen(kw_only=True)
class _Kernels:
    """The three loops of a month, and how to call them."""

    tell: Callable[..., None]
    live: Callable[..., None]
    settle: Callable[..., None]
    rules: Any
    are_compiled: bool

    @classmethod
    def compiled(cls, rules: Rules) -> _Kernels:
        tell, live, settle = _compiled()
        return cls(tell=tell, live=live, settle=settle, rules=rules.record()[0], are_compiled=True)

    @classmethod
    def plain(cls, rules: Rules) -> _Kernels:
        return cls(tell=_tell, live=_live, settle=_settle, rules=rules.plain(), are_compiled=False)

    def over_blocks(
        self,
        pool: ThreadPoolExecutor,
        kernel: Callable[..., None],
        people: People,
        arrays: tuple[Any, ...],
        numbers: tuple[int, ...],
    ) -> NDArray[np.int64]:
        """Run a kernel for everybody, block by block, and add up what it counted."""
        starts = range(0, len(people), BLOCK)
        tallies = np.zeros((max(len(starts), 1), law.TALLIES), dtype=np.int64)
        if self.are_compiled:
            typed = [np.uint64(n) if n > np.iinfo(np.int64).max else n for n in numbers]

            def one(block: int) -> None:
                start = starts[block]
                kernel(
                    people,
                    start,
                    min(start + BLOCK, len(people)),
                    *arrays,
                    *typed,
                    self.rules,
                    tallies[block],
                )

            list(pool.map(one, range(len(starts))))
        else:  # memoryviews load plain numbers, where arrays would load NumPy's own
            kernel(
                rows(people),
                0,
                len(people),
                *(memoryview(a) for a in arrays),
                *numbers,
                self.rules,
                memoryview(tallies[0]),
            )
        return np.asarray(tallies.sum(axis=0))


@cache
def _compiled() -> tuple[Callable[..., None], ...]:
    """
    The kernels, compiled once a process and kept on disk.

    Numba's own cache does not notice a change in the functions a kernel calls, so each version of the law has a
    folder of its own.
    """
    sources = (law, person, purposes, streams, competitors, retainsdk.policy, retainsdk.view)
    text = (
        b"".join(Path(str(module.__file__)).read_bytes() for module in (*sources,))
        + Path(__file__).read_bytes()
    )
    folder = _cache_folder() / hashlib.blake2b(text + numba.__version__.encode(), digest_size=8).hexdigest()
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)  # read when a function is decorated, so it can be put back at once
    try:
        return tuple(numba.njit(nogil=True, cache=True)(kernel) for kernel in (_tell, _live, _settle))
    finally:
        settings.CACHE_DIR = before


def _cache_folder() -> Path:
    base = (
        os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    )
    return Path(base) / "retainsim" / "kernels"
