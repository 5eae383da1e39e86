"""
A month of a market: order and columns. No rule of the world stands here; they are in `law` and `response`.

Competitors act, the policy decides, everybody lives through the month, and those who threaten are answered and
settled one by one. `running` goes on from month to month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from functools import cached_property
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError
from retainsdk.policies.none import Nothing
from retainsdk.policy import (
    ACTIONS,
    Actions,
    Budget,
    Executed,
    Policy,
    execute,
    no_actions,
)
from retainsdk.view import BookView
from retainsim.market import law
from retainsim.market.asking import Moves, decisions, refuse_unruled
from retainsim.market.competitors import Plan, strategies_of
from retainsim.market.course import COUNTED_AT_ONCE, Counted, Course
from retainsim.market.kernels import BEGIN, DECIDE, NO_DEEDS, SAY, Deeds, Kernel, Said, borders_of, compiling
from retainsim.market.law import LAW, Law, Parameters
from retainsim.market.lazy_view import LazyView
from retainsim.market.month import Month, month_start
from retainsim.market.observed import view_of
from retainsim.market.person import (
    GONE,
    OURS,
    ROW_BYTES,
    USED_BYTES,
    People,
    Person,
    rows,
)
from retainsim.market.population import draw_people, refuse_nobody, usual_fee
from retainsim.market.preset import Preset, Rules
from retainsim.market.response import Turn
from retainsim.market.staff import USUAL, Staffing
from retainsim.market.streams import key_of, spread
from retainsim.market.talk import Talks, talk_rows, talks
from retainsim.market.visits import Quarter

SHOWN_AT_ONCE = 16_384
"""Customers a policy that decides for each by himself is shown at a time."""
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

    def peopled(self, villages: range | None = None) -> People:
        """Everybody in it, or in some of its villages, in memory of the caller's own."""
        known: People | None = vars(self).get("people")
        return self._drawn(villages) if known is None or villages is not None else known.copy()

    def _drawn(self, villages: range | None = None) -> People:
        return draw_people(
            self.preset,
            self.rules,
            customers=self.customers,
            seed=self.seed,
            view=self.view,
            villages=villages,
        )


@attrs.frozen(kw_only=True)
class MonthOver:
    """
    What a month brought.

    Attributes:
        tally: What was counted, at the places that `law` names.
        actions: Done, by kind, codes of `retainsdk.policy.ActionKind`.
        refused: Actions refused for want of consent.
        cut: Actions cut by the budget or because the customer got another.
        minutes: Of representatives spent on actions.
    """

    tally: NDArray[np.int64]
    actions: NDArray[np.int64]
    refused: int
    cut: int
    minutes: int

    def __add__(self, other: MonthOver) -> MonthOver:
        """Of both parts of a market together."""
        return MonthOver(
            tally=self.tally + other.tally,
            actions=self.actions + other.actions,
            refused=self.refused + other.refused,
            cut=self.cut + other.cut,
            minutes=self.minutes + other.minutes,
        )


class Part:
    """
    The people of a market, or of some of its villages, and what a month does with them.

    Attributes:
        market: They live in.
        people: Circle by circle; they change month by month.
        kernel: The loops they live by.
    """

    def __init__(
        self,
        market: Market,
        *,
        compiled: bool | Literal["soon"] = True,
        pool: ThreadPoolExecutor | None = None,
        law: Law = LAW,
        people: People | None = None,
    ) -> None:
        self.market, self.law, self.pool = market, law, pool
        self.people = market.peopled() if people is None else people
        self.borders = borders_of(self.people)
        self._moves: Moves | None = None
        soon = compiled == "soon" and len(self.people) <= MOST_IN_PLAIN
        self.kernel = (Kernel.compiled if compiled and not soon else Kernel.plain)(market.rules, law)
        self._coming = compiling(law, tuple(sorted(market.rules.values))) if soon else None

    def counted(self) -> Counted:
        """How many there are, before the first month."""
        return Counted.at_start(self.people, len(self.market.preset.firms))

    def catch_up(self) -> None:
        """Go on compiled, if that was to be and is ready."""
        if self._coming is not None and self._coming.done():
            self._coming.result()
            self.kernel, self._coming = Kernel.compiled(self.market.rules, self.law), None

    @cached_property
    def by_key(self) -> NDArray[np.intp]:
        """Positions in the order of keys, in which a view shows people. Nobody ever moves, so it is made once."""
        return np.argsort(self.people["key"], kind="stable")

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """Keys in that order."""
        return np.asarray(self.people["key"][self.by_key])

    def view(self, month: Month) -> BookView:
        """What our firm knows as the month begins."""
        return self._view_of(month, self._shown())

    def views(self, month: Month) -> Iterator[BookView]:
        """The same, so many people at a time that what a policy works out of them stays in a processor's cache."""
        shown = self._shown()
        for first in range(0, max(len(shown), 1), SHOWN_AT_ONCE):
            yield self._view_of(month, shown[first : first + SHOWN_AT_ONCE])

    def _shown(self) -> NDArray[np.intp]:
        return self.by_key[(self.people["begun"] > 0)[self.by_key]]

    def _view_of(self, month: Month, shown: NDArray[np.intp]) -> LazyView:
        preset, rules = self.market.preset, self.market.rules
        return view_of(
            self.people,
            shown,
            as_of=month_start(self.market.starts_at, month.number),
            today=month.first_day,
            competitor_price=month.plan.competitor_price,
            currency=preset.currency,
            list_fee=self.market.list_fee,
            lock_in_error=rules.values["lock_in_error"],
            share_made=None if preset.contractual else self.law.usual_share_made(rules.plain()),
            quarter=Quarter.before(self.market.seed, self.market.starts_at, month.number),
        )

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
        said = Said.nothing(len(who))
        if policy is not None:
            self.kernel.step(self.people, who, open_talks, BEGIN, said, month, tally)
            turns: list[Turn] = []
            while (open_talks["end"] < 0).any():
                self._answer(policy, month, who, open_talks, turns, said)
                self.kernel.step(self.people, who, open_talks, SAY, said, month, tally)
        self.kernel.step(self.people, who, open_talks, DECIDE, said, month, tally)
        return open_talks

    def _answer(
        self,
        policy: Policy,
        month: Month,
        who: NDArray[np.int64],
        open_talks: Talks,
        turns: list[Turn],
        said: Said,
    ) -> None:
        """The policy's next move in each call that goes on; all of those have had as many moves."""
        asked = self._moves_of(policy)
        going_on = np.flatnonzero(open_talks["end"] < 0)
        if (move := asked.to_all(int(open_talks["turn"][going_on[0]]))) is not None:
            said.say(going_on, (move,))
            return
        if not turns:  # they read the memory in which the talks go on, so they serve for the whole call
            people, w = rows(self.people), month.row
            turns += [
                Turn(k, people[at], w) for k, at in zip(talk_rows(open_talks), who.tolist(), strict=True)
            ]
        moves = asked.to_each([turns[place] for place in going_on.tolist()], month.number)
        said.say(going_on, moves)

    def _moves_of(self, policy: Policy) -> Moves:
        """The policy's moves, which are remembered from month to month."""
        if self._moves is None or self._moves.policy is not policy:
            self._moves = Moves(policy, self.market.seed)
        return self._moves

    def lived(self, month: Month, policy: Policy, budget: Budget, *, consent_gate: bool = True) -> MonthOver:
        """A whole month under a policy; what only the whole market can say is not in it yet."""
        return self.live_out(month, policy, self.decided(month, policy, budget, consent_gate=consent_gate))

    def live_out(self, month: Month, policy: Policy, executed: Executed) -> MonthOver:
        """A whole month in which that is done."""
        self.catch_up()
        tally, threatening = self.live(month, self.deeds(executed.done))
        self.lived_through(month, executed)
        calls = self.settle(month, threatening, tally, policy)
        self.settled(month, threatening, calls)
        return MonthOver(
            tally=tally,
            actions=np.bincount(executed.done.kind, minlength=len(ACTIONS)).astype(np.int64),
            refused=len(executed.refused),
            cut=len(executed.cut),
            minutes=executed.minutes,
        )

    def lived_through(self, month: Month, executed: Executed) -> None:
        """Nothing; whoever looks on is told that only those who threaten still wait for an answer."""

    def settled(self, month: Month, threatening: Sequence[int], calls: Talks) -> None:
        """Nothing; whoever looks on is told that the month is over, and how the talks ended."""

    def decided(
        self,
        month: Month,
        policy: Policy,
        budget: Budget,
        *,
        consent_gate: bool = True,
        limit: Budget | None = None,
    ) -> Executed:
        """What becomes of the policy's actions for them, within a limit that may be another than it is told."""
        if type(policy).decide is Nothing.decide:  # it looks at nothing, so nothing is shown to it
            return Executed(done=no_actions(), refused=no_actions(), cut=no_actions(), minutes=0)
        # who is decided for by himself need not be shown together with all
        views = self.views(month) if policy.scope == "customer" else [self.view(month)]
        actions, view = decisions(policy, views, budget, seed=self.market.seed, month=month.number)
        executed = execute(actions, view, limit or budget, consent_gate=consent_gate)
        refuse_unruled(policy, actions)
        return executed

    def continued(self, from_month: int, n_months: int, plan: Plan) -> NDArray[np.int64]:
        """
        How those who are ours would live on: the same law under no policy, ``(n_months, TALLIES)``.

        They live on without new customers, others' words or conversations, the same continuation for every policy.
        It is done with the same rows, so the market is over.
        """
        for first in range(0, len(self.people), COUNTED_AT_ONCE):
            firm = self.people["firm"][first : first + COUNTED_AT_ONCE]
            firm[firm != OURS] = GONE
        tallies = np.zeros((n_months, law.TALLIES), dtype=np.int64)
        for place in range(n_months):
            month = Month.of(self.market.seed, self.market.starts_at, from_month + place, plan, talks=False)
            tallies[place], threatening = self.live(month)
            self.settle(month, threatening, tallies[place], None)
        return tallies


class World(Part):
    """A whole market and where it stands."""

    def __init__(
        self,
        market: Market,
        *,
        compiled: bool | Literal["soon"] = True,
        pool: ThreadPoolExecutor | None = None,
        law: Law = LAW,
        staffing: Staffing = USUAL,
    ) -> None:
        super().__init__(market, compiled=compiled, pool=pool, law=law)
        self.reins = Reins.begun(market, self.counted(), staffing)

    def month(self, number: int) -> Month:
        """What the coming month is for everybody, after the competitors have acted."""
        self.catch_up()
        return self.reins.month(number)

    def close(self, tally: NDArray[np.int64], *, minutes: int = 0) -> None:
        """The month is over: what was counted, and the minutes spent on actions, are what the next one begins with."""
        self.reins.close(tally, minutes=minutes)


class Reins:
    """Who moves a market from month to month: knows where it stands, has the competitors act, and sees nobody."""

    def __init__(self, market: Market, course: Course, staffing: Staffing = USUAL) -> None:
        self.market, self.course, self.staffing = market, course, staffing
        self._strategies, self._p = strategies_of(market.preset.firms), market.rules.plain()

    @classmethod
    def begun(cls, market: Market, counted: Counted, staffing: Staffing = USUAL) -> Reins:
        """At the beginning of a market in which so many are there."""
        course = Course.begun(market.seed, market.preset.firms, counted, p=market.rules.plain())
        return cls(market, course, staffing)

    def month(self, number: int) -> Month:
        """What the coming month is for everybody, after the competitors have acted."""
        market, p = self.market, self._p
        capacity = p.staff_minutes * market.customers * self.staffing.size(number, p)
        self.course = self.course.planned(market.seed, number, self._strategies, capacity=capacity, p=p)
        course, taught = self.course, self.staffing.taught(number, p)
        team = attrs.evolve(course.team, skill=tuple(skill + taught for skill in course.team.skill))
        return Month.of(market.seed, market.starts_at, number, course.plan, word=course.word, team=team)

    def close(self, tally: NDArray[np.int64], *, minutes: int = 0) -> None:
        """The month is over: what was counted, and the minutes spent on actions, are what the next one begins with."""
        self.course = self.course.after(tally, minutes=minutes, p=self._p)

    def charged(self, number: int, over: MonthOver) -> MonthOver:
        """A month with what only the whole market can say: the cost of staff beyond the usual, contacts and campaigns."""
        p, tally, people = self._p, over.tally.copy(), self.course.counted.people
        wages = p.staff_minutes * self.market.customers * p.minute_cost
        tally[law.CONTACTS] += round(self.staffing.cost(number, p) * wages)
        tally[law.CONTACTS] += round(over.minutes * p.minute_cost)
        tally[law.ACQUISITION] += round(int(people.sum() - people[OURS]) * p.campaign_cost)
        return attrs.evolve(over, tally=tally)


def digest_of(people: People) -> str:
    """One short text for all that is kept of everybody."""
    return digest_in_words(sum_of_rows(people))


def sum_of_rows(people: People) -> tuple[int, int]:
    """
    Two sums over everybody from which the digest is made; sums of parts add up to those of the whole.

    Each row is mixed into one number, its key among what is mixed, so that it does not matter who stands where or
    which part of a market is on which machine. The gap at the end of a row, which nobody keeps, is left out.
    """
    first, second = 0, 0
    for start in range(0, len(people), _DIGESTED_AT_ONCE):
        some = people[start : start + _DIGESTED_AT_ONCE]
        lines = np.zeros((len(some), ROW_BYTES), dtype=np.uint8)
        lines[:, :USED_BYTES] = (
            np.ascontiguousarray(some).view(np.uint8).reshape(len(some), -1)[:, :USED_BYTES]
        )
        mixed = np.full(len(some), _DIGEST, dtype=np.uint64)
        for word in lines.view(np.uint64).T:
            mixed = spread(mixed, word)
        first = first + int(mixed.sum(dtype=np.uint64)) & _WORD
        second = second + int(spread(mixed, _DIGEST).sum(dtype=np.uint64)) & _WORD
    return first, second


def digest_in_words(sums: tuple[int, int]) -> str:
    """The digest of a market from the sums over its rows."""
    return "".join(f"{part:016x}" for part in sums)


_DIGEST, _WORD = np.uint64(key_of("digest")), 0xFFFF_FFFF_FFFF_FFFF
_DIGESTED_AT_ONCE = 1 << 14
"""So few that they stay in a processor's cache."""


def _one_month(world: World, number: int, policy: Policy, budget: Budget, *, consent_gate: bool) -> MonthOver:
    over = world.lived(world.month(number), policy, budget, consent_gate=consent_gate)
    world.close(over.tally, minutes=over.minutes)
    return world.reins.charged(number, over)


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
