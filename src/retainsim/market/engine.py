"""
Running a market: order and columns. No rule of the world stands here; they are in `law` and `response`.

Competitors act, the policy decides, everybody lives through the month, and those who threaten are answered and
settled one by one.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Literal, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError, PolicyError, RetainError
from retainsdk.policies.none import Nothing
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
from retainsim.market.kernels import BEGIN, DECIDE, NO_DEEDS, SAY, Deeds, Kernel, Moves, borders_of, compiling
from retainsim.market.law import LAW, Law, Parameters
from retainsim.market.month import Month, month_start
from retainsim.market.observed import view_of
from retainsim.market.person import (
    GONE,
    MOST_MONTHS,
    OURS,
    ROW_DTYPE,
    USED_BYTES,
    ContractKind,
    People,
    Person,
    rows,
    whole,
)
from retainsim.market.population import draw_people, refuse_nobody, usual_fee
from retainsim.market.preset import Preset, Rules
from retainsim.market.staff import USUAL, Staffing, next_team, opening_team, overload_of
from retainsim.market.talk import Talks, talk_rows, talks

COHORT_KINDS = ("month-to-month", "one year", "two years")
RESIDUAL_MONTHS = 24
MOST_IN_PLAIN = 20_000
"""More people than this are not begun with in plain Python: waiting for the compiler is shorter."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Market:
    """
    One world at its beginning; running it does not change it.

    Its people are drawn when they are first asked for; a run draws its own, so that a large world stands in
    memory once.

    Attributes:
        preset: Where its parameters come from.
        rules: Its parameters.
        seed: Of all its chance.
        starts_at: The instant the first month begins.
        customers: Ours at the start.
        view: Whom they were drawn from; none for the preset's marginals.
    """

    preset: Preset
    rules: Rules
    seed: int
    starts_at: datetime
    customers: int
    view: BookView | None = None

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
        refuse_nobody(view)
        return cls(
            preset=preset,
            rules=preset.drawn(seed, parameters),
            seed=seed,
            starts_at=datetime.combine(preset.starts_on, time(), tzinfo=UTC) if view is None else view.as_of,
            customers=customers,
            view=view,
        )

    @cached_property
    def list_fee(self) -> float:
        """What a usual package costs a month by the catalogue, minor units: what our customers pay on average as we begin."""
        return usual_fee(self.preset, self.view)

    @cached_property
    def people(self) -> People:
        """Everybody in it, circle by circle; to be looked at only."""
        return self._drawn()

    def peopled(self) -> People:
        """Everybody in it, in memory of the caller's own."""
        known: People | None = vars(self).get("people")
        return self._drawn() if known is None else known.copy()

    def _drawn(self) -> People:
        return draw_people(self.preset, self.rules, customers=self.customers, seed=self.seed, view=self.view)


def run(
    market: Market,
    policy: Policy,
    *,
    months: int,
    budget: Budget | None = None,
    threads: int = 1,
    compiled: bool | Literal["soon"] = True,
    consent_gate: bool = True,
    residual_months: int = RESIDUAL_MONTHS,
    law: Law = LAW,
    staffing: Staffing = USUAL,
) -> History:
    """
    What becomes of a market under a policy.

    Args:
        market: At its beginning; left as it is.
        policy: Of firm 0, ours.
        months: Horizon.
        budget: Of every month; none for no limit.
        threads: Over which people are spread; the result does not depend on it.
        compiled: False runs the law as plain Python; ``"soon"`` begins so and goes on compiled once that is ready,
            so that a small market starts at once where it was never compiled. The result does not depend on it.
        consent_gate: False shows what ignoring consent would cost.
        residual_months: Length of the continuation that values who is still ours.
        law: By which everybody lives; another than the shipped one has rules replaced.
        staffing: What is done about our team, by month.

    Raises:
        InputError: When a length or the number of threads is impossible, or the policy's actions are.
        PolicyError: When the policy answers with something else.
    """
    _refuse_impossible(months=months, threads=threads, residual_months=residual_months)
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(max_workers=threads)) if threads > 1 else None
        world = World(market, compiled=compiled, pool=pool, law=law, staffing=staffing)
        life = Run(world, policy, budget or Budget(), consent_gate=consent_gate)
        for _ in range(months):
            life.month()
        return life.history(residual_months)


class Onlooker(Protocol):
    """Somebody who is there while a market runs, and changes nothing in it."""

    def view(self, world: World, month: Month) -> BookView:
        """What our firm knows as a month begins: what its policy decides on."""

    def lived(self, world: World, month: Month, executed: Executed) -> None:
        """Everybody has lived through the month; those who threaten wait for an answer."""

    def over(self, world: World, month: Month, threatening: Sequence[int], calls: Talks) -> None:
        """The month is over: with those at these positions we talked, and the talks ended so."""


class Run:
    """
    A market under a policy, month by month.

    Args:
        world: At its beginning.
        policy: Of our firm.
        budget: Of every month.
        consent_gate: False shows what ignoring consent would cost.
        onlooker: Who is there meanwhile; none for nobody.
    """

    def __init__(
        self,
        world: World,
        policy: Policy,
        budget: Budget,
        *,
        consent_gate: bool = True,
        onlooker: Onlooker | None = None,
    ) -> None:
        self.world, self.policy, self.budget = world, policy, budget
        self.consent_gate, self.onlooker = consent_gate, onlooker
        self._started = world.counted
        self._over: list[_MonthOver] = []
        self._coming: Month | None = None

    @property
    def number(self) -> int:
        """Of the month that comes next, from 0."""
        return len(self._over)

    @property
    def coming(self) -> Month:
        """The month that comes next; the competitors have acted in it."""
        if self._coming is None:
            self._coming = self.world.month(self.number)
        return self._coming

    def month(self) -> None:
        """Let one month more go by."""
        world, onlooker = self.world, self.onlooker
        month, values = self.coming, world.market.rules.values
        self._coming = None
        executed = _decided(
            world, month, self.policy, self.budget, consent_gate=self.consent_gate, onlooker=onlooker
        )
        tally, threatening = world.live(month, world.deeds(executed.done))
        if onlooker is not None:
            onlooker.lived(world, month, executed)
        calls = world.settle(month, threatening, tally, self.policy)
        number = self.number
        world.close(tally, minutes=executed.minutes)
        if onlooker is not None:
            onlooker.over(world, month, threatening, calls)
        people = world.counted.people
        wages = values["staff_minutes"] * world.market.customers * values["minute_cost"]
        tally[law.CONTACTS] += round(world.staffing.cost(number, world.market.rules.plain()) * wages)
        tally[law.CONTACTS] += round(executed.minutes * values["minute_cost"])
        tally[law.ACQUISITION] += round((people.sum() - people[OURS]) * values["campaign_cost"])
        self._over.append(_MonthOver(tally=tally, counted=world.counted, executed=executed))

    def history(self, residual_months: int = RESIDUAL_MONTHS) -> History:
        """What became of it. The residual value is found by living on with the same rows, so nothing comes after."""
        digest = digest_of(self.world.people)
        residual = _residual(self.world, self.number, residual_months)
        return _history(self.world, self.policy, self._started, self._over, digest, residual, residual_months)


def _refuse_impossible(*, months: int, threads: int, residual_months: int) -> None:
    asked = (("months", months, 0), ("threads", threads, 1), ("residual_months", residual_months, 0))
    faults = [
        Fault(name, str(value), f"must be at least {least}", f"Ask for {least} or more.")
        for name, value, least in asked
        if value < least
    ]
    if not faults and months + residual_months > MOST_MONTHS:
        asked_for, rule = f"{months} + {residual_months}", f"must be {MOST_MONTHS} in all at most"
        faults.append(Fault("months", asked_for, rule, "Days are kept in 16 bits: ask for fewer months."))
    if faults:
        raise InputError("run", faults)


@attrs.frozen(kw_only=True)
class Counted:
    """
    How many there are, as a month ends.

    Attributes:
        people: With each firm and, last, with none.
        cohort: Of our customers at the start, those who never left, by contract kind.
        came: People who came to each firm in the month and, last, to none.
        gone: People who left it.
        felt: Sum of their satisfaction, in `law.FELT_UNIT`.
    """

    people: NDArray[np.int64]
    cohort: NDArray[np.int64]
    came: NDArray[np.int64]
    gone: NDArray[np.int64]
    felt: NDArray[np.int64]


@attrs.frozen(kw_only=True)
class _MonthOver:
    tally: NDArray[np.int64]
    counted: Counted
    executed: Executed


class World:
    """The moving part: people and plans, one month after the other."""

    def __init__(
        self,
        market: Market,
        *,
        compiled: bool | Literal["soon"],
        pool: ThreadPoolExecutor | None = None,
        law: Law = LAW,
        staffing: Staffing = USUAL,
    ) -> None:
        self.market, self.law, self.pool = market, law, pool
        self.people = market.peopled()
        self.borders = borders_of(self.people)
        soon = compiled == "soon" and len(self.people) <= MOST_IN_PLAIN
        self.kernel = (Kernel.compiled if compiled and not soon else Kernel.plain)(market.rules, law)
        self.coming = compiling(law, tuple(sorted(market.rules.values))) if soon else None
        firms = market.preset.firms
        self.strategies = strategies_of(firms)
        self.counted = _counted_at_start(self.people, len(firms))
        self.word = 0.0
        self.demand = 0.0
        self.staffing = staffing
        self.team = opening_team(market.seed, market.rules.plain())
        self.plan = self.start_plan = opening(firms, self.standing())

    def month(self, number: int) -> Month:
        """What the coming month is for everybody, after the competitors have acted."""
        if self.coming is not None and self.coming.done():
            self.coming.result()
            self.kernel, self.coming = Kernel.compiled(self.market.rules, self.law), None
        standing = self.standing()
        self.plan = next_plan(self.market.seed, number, self.strategies, self.start_plan, self.plan, standing)
        p = self.market.rules.plain()
        if number > 0:
            self.team = next_team(
                self.market.seed, number, self.team, overload=self._overload(number, p), p=p
            )
        taught = self.staffing.taught(number, p)
        team = attrs.evolve(self.team, skill=tuple(skill + taught for skill in self.team.skill))
        return Month.of(self.market.seed, self.market.starts_at, number, self.plan, word=self.word, team=team)

    def _overload(self, number: int, p: Parameters) -> float:
        capacity = p.staff_minutes * self.market.customers * self.staffing.size(number, p)
        return overload_of(self.demand, capacity)

    @cached_property
    def by_key(self) -> NDArray[np.intp]:
        """Positions in the order of keys, in which a view shows people. Nobody ever moves, so it is made once."""
        return np.argsort(self.people["key"], kind="stable")

    def standing(self) -> Standing:
        """How the firms stand, and who came and went in the last month."""
        counted = self.counted
        usual = np.zeros(len(counted.people))
        usual[OURS] = self.market.rules.values["usual_satisfaction"]
        return Standing(
            people=counted.people,
            came=counted.came,
            gone=counted.gone,
            satisfaction=np.where(
                counted.people > 0, counted.felt / law.FELT_UNIT / np.maximum(counted.people, 1) - usual, 0.0
            ),
        )

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """Keys in that order."""
        return np.asarray(self.people["key"][self.by_key])

    def view(self, month: Month) -> BookView:
        """What our firm knows as the month begins."""
        shown = self.by_key[self.people["begun"][self.by_key] > 0]
        return view_of(
            whole(self.people)[shown].view(ROW_DTYPE),
            as_of=month_start(self.market.starts_at, month.number),
            today=month.first_day,
            competitor_price=month.plan.competitor_price,
            currency=self.market.preset.currency,
            list_fee=self.market.list_fee,
            referrers=self.referrers(shown),
            lock_in_error=self.market.rules.values["lock_in_error"],
            share_made=None
            if self.market.preset.contractual
            else self.law.usual_share_made(self.market.rules.plain()),
        )

    def referrers(self, who: NDArray[np.intp]) -> NDArray[np.uint64]:
        """The keys of those who brought people at some positions; of whoever nobody brought, his own."""
        teller, member = self.people["referrer"][who], self.people["member"][who]
        return np.asarray(self.people["key"][who + np.where(teller >= 0, teller - member, 0)])

    def deeds(self, done: Actions) -> Deeds:
        """What is done, at the positions of those it is done for."""
        if not len(done.relationship):
            return NO_DEEDS
        return Deeds.of(done, self.by_key[np.searchsorted(self.keys, done.relationship)])

    def live(self, month: Month, deeds: Deeds = NO_DEEDS) -> tuple[NDArray[np.int64], list[int]]:
        """The law for everybody: what was counted, and the positions of those who threaten and wait for an answer."""
        return self.kernel.over(self.people, self.borders, month, deeds, self.pool)

    def settle(
        self, month: Month, threatening: list[int], tally: NDArray[np.int64], policy: Policy | None
    ) -> Talks:
        """
        Answer those who threaten, move by move with all of them, and end their month.

        Args:
            month: The present one.
            threatening: Their positions.
            tally: Counts to add to.
            policy: Whose moves they hear; without one nobody talks to them.

        Returns:
            How the talks ended.
        """
        who, open_talks = np.array(threatening, dtype=np.int64), talks(len(threatening))
        if not threatening:
            return open_talks
        moves = Moves.none(len(who))
        if policy is not None:
            self.kernel.step(self.people, who, open_talks, BEGIN, moves, month, tally)
            while (open_talks["end"] < 0).any():
                self._answer(policy, month, who, open_talks, moves)
                self.kernel.step(self.people, who, open_talks, SAY, moves, month, tally)
        self.kernel.step(self.people, who, open_talks, DECIDE, moves, month, tally)
        return open_talks

    def _answer(
        self, policy: Policy, month: Month, who: NDArray[np.int64], open_talks: Talks, moves: Moves
    ) -> None:
        """The policy's next move in each call that goes on. The script every firm has looks at nothing but the turn."""
        people, calls = rows(self.people), talk_rows(open_talks)
        going_on = np.flatnonzero(open_talks["end"] < 0)
        scripted = type(policy).respond is Nothing.respond
        for place in going_on[:1] if scripted else going_on:
            person = people[who[place]]
            draw = PolicyStream(
                seed=self.market.seed,
                period=month.number,
                relationships=np.array([person.key], dtype=np.uint64),
            )
            move = _move_of(policy, draw, response.seen(response.call_of(calls[place]), person, month))
            at = going_on if scripted else place
            moves.kind[at], moves.amount[at], moves.months[at] = move.kind, move.amount, move.months

    def close(self, tally: NDArray[np.int64], *, minutes: int = 0) -> None:
        """The month is over: what was counted, and the minutes spent on actions, are what the next one begins with."""
        n_firms = len(self.plan.price)
        firms = {
            name: tally[place : place + n_firms + 1].copy()
            for name, place in (
                ("people", law.PEOPLE),
                ("came", law.CAME),
                ("gone", law.GONE),
                ("felt", law.FELT),
            )
        }
        cohort = tally[law.COHORT : law.COHORT + len(ContractKind)].copy()
        self.counted = Counted(**firms, cohort=cohort)
        p, promises = self.market.rules.plain(), int(tally[law.KEPT : law.BROKEN + 1].sum())
        self.demand = (
            p.routine_minutes * int(self.counted.people[OURS])
            + p.complaint_minutes * int(tally[law.OPEN])
            + p.promise_minutes * promises
            + p.policy_share * minutes
        )
        self.word = float(tally[law.WORD]) / law.WORD_UNIT / max(int(self.counted.people[OURS]), 1)


_CHUNK = 1 << 18


def _chunks(people: People) -> Iterator[People]:
    """So many people at a time, so that what is made of them stays small."""
    for start in range(0, len(people), _CHUNK):
        yield people[start : start + _CHUNK]


def _counted_at_start(people: People, n_firms: int) -> Counted:
    firms, felt, moved = (np.zeros(n_firms + 1, dtype=np.int64) for _ in range(3))
    cohort = np.zeros(len(ContractKind), dtype=np.int64)
    for some in _chunks(people):
        firms += np.bincount(some["firm"], minlength=n_firms + 1)
        whole = np.trunc(law.FELT_UNIT * some["satisfaction"].astype(np.float64))
        felt += np.bincount(some["firm"], weights=whole, minlength=n_firms + 1).astype(np.int64)
        cohort += np.bincount(some["cohort"][some["cohort"] >= 0], minlength=len(ContractKind))
    return Counted(people=firms, cohort=cohort, came=moved, gone=moved, felt=felt)


def digest_of(people: People) -> str:
    """One short text for all that is kept of everybody, but not for the gap at the end of a row, which nobody keeps."""
    digest = hashlib.blake2b(digest_size=16)
    for some in _chunks(people):
        lines = np.ascontiguousarray(some).view(np.uint8).reshape(len(some), -1)
        digest.update(lines[:, :USED_BYTES].tobytes())
    return digest.hexdigest()


def _decided(
    world: World,
    month: Month,
    policy: Policy,
    budget: Budget,
    *,
    consent_gate: bool,
    onlooker: Onlooker | None,
) -> Executed:
    if onlooker is None and type(policy).decide is Nothing.decide:
        # it looks at nothing, so nothing is shown to it
        return Executed(done=no_actions(), refused=no_actions(), cut=no_actions(), minutes=0)
    view = world.view(month) if onlooker is None else onlooker.view(world, month)
    draw = PolicyStream(seed=world.market.seed, period=month.number, relationships=view.relationship)
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
    return executed


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


def _residual(world: World, from_month: int, n_months: int) -> int:
    """
    What those who are ours at the end still bring: the same law under no policy, discounted month by month.

    They live on without new customers, others' words or conversations, the same continuation for every policy. The
    run is over, so it is done with the same rows.
    """
    for some in _chunks(world.people):
        some["firm"][some["firm"] != OURS] = GONE
    discount = 1.0 / (1.0 + world.market.rules.values["discounting"])
    worth, factor = 0.0, 1.0
    for number in range(from_month, from_month + n_months if world.counted.people[OURS] else from_month):
        month = Month.of(world.market.seed, world.market.starts_at, number, world.plan, talks=False)
        tally, threatening = world.live(month)
        world.settle(month, threatening, tally, None)
        factor *= discount
        worth += factor * float(tally[law.REVENUE] - tally[law.CONCESSIONS] - tally[law.SERVING])
    return round(worth)


def _history(
    world: World,
    policy: Policy,
    started: Counted,
    months: list[_MonthOver],
    digest: str,
    residual: int,
    residual_months: int,
) -> History:
    market, counted = world.market, [started, *(month.counted for month in months)]
    tallies = np.array([month.tally for month in months], dtype=np.int64).reshape(len(months), law.TALLIES)
    done = np.concatenate([no_actions().kind, *(month.executed.done.kind for month in months)])
    reasons = tallies[:, law.REASONS : law.PEOPLE].sum(axis=0)
    return History(
        policy=policy.name,
        seed=market.seed,
        months=len(months),
        currency=market.preset.currency,
        firms=tuple(firm.name for firm in market.preset.firms),
        people=np.vstack([it.people for it in counted]),
        cohort=np.vstack([it.cohort for it in counted]),
        cohort_kinds=COHORT_KINDS,
        flows=tallies[:, law.LEFT : law.LEFT + len(FLOWS)],
        money=tallies[:, law.REVENUE : law.REVENUE + len(MONEY)],
        residual=residual,
        residual_months=residual_months,
        reasons=reasons.reshape(law.N_REASONS, law.N_REASONS),
        promises=tallies[:, law.KEPT : law.KEPT + len(PROMISES)],
        actions=np.bincount(done, minlength=len(ACTIONS)).astype(np.int64),
        refused=sum(len(month.executed.refused) for month in months),
        cut=sum(len(month.executed.cut) for month in months),
        minutes=sum(month.executed.minutes for month in months),
        digest=digest,
        rules=world.law.digests,
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
    for number in range(within):
        month = world.month(number)
        tally, threatening = world.live(month)
        if threatening:
            person = rows(world.people)[threatening[0]]
            return Threat(person=person, month=month, parameters=market.rules.plain())
        world.close(tally)
    return None
