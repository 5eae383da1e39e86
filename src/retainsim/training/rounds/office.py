"""
An office: a market that lives month by month with what somebody does for our customers.

Everything goes the market's own way: what is done is a policy's actions, what is said in calls a policy's moves, and
both pass the gate that every policy passes. Told to a book, the same months are written there.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import ClassVar, NamedTuple

import attrs
import numpy as np

from retainsdk.action import ACTIONS
from retainsdk.book import Book
from retainsdk.policies.none import Nothing
from retainsdk.policies.reading import is_customer
from retainsdk.policy import Actions, Budget, Channel, Move, MoveKind, PolicyStream, ThreatView, act, together
from retainsdk.view import BookView
from retainsim.market.chronicle.chronicle import Told
from retainsim.market.competitors import Plan
from retainsim.market.engine import Market, Part, Reins
from retainsim.market.month import Month
from retainsim.market.person import NEVER, People
from retainsim.training.rounds.law import Ledger, Word, law_of_books
from retainsim.training.rounds.setting import WARM_UP, WEEKS
from retainsim.training.rounds.step import KEEPS, Step
from retainsim.training.rounds.team import Service, Team

CLOSED = (Move(kind=MoveKind.CLOSE),)
"""All that somebody hears whose call nobody takes."""
RESIDUAL_MONTHS = 24
"""For which those who are ours at the end live on, the same for every way to run the office."""


class Due(NamedTuple):
    """A promise that falls due this month: whose, and in which week, from 0."""

    customer: int
    week: int


@attrs.frozen(kw_only=True)
class Done:
    """
    What is done in a month.

    Attributes:
        steps: By week.
        answers: The moves in each call, by number of the caller; who is not there finds nobody to talk to.
        team: What is done about the service team before all that; none leaves it as it is.
    """

    steps: tuple[tuple[Step, ...], ...] = ()
    answers: Mapping[int, tuple[Move, ...]] = attrs.field(factory=dict)
    team: Team | None = None


@attrs.frozen(eq=False)
class _Decided:
    """Somebody's decisions of a month as a policy."""

    actions: Actions
    answers: Mapping[int, tuple[Move, ...]]

    name: ClassVar[str] = "trainee"
    scope: ClassVar[str] = "market"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        """What was decided."""
        return self.actions

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol's
        """The next of the moves that were made."""
        moves = self.answers.get(case.relationship, CLOSED)
        return moves[case.turn] if case.turn < len(moves) else CLOSED[0]


class Office:
    """
    A market on its way through rounds.

    Args:
        market: At its beginning; left as it is.
        book: An empty one to tell everything to; none tells nobody.

    Attributes:
        part: Its people.
        ledger: Whose money it was.
        roster: Keys of all who are or were our customers, in the order in which we met them: number 1 first.
        coming: The month that comes.
        last_plan: The terms of all firms in the month before it.
        view: What is known as it begins.
        at_start: How many numbers there were before the first round.
    """

    def __init__(self, market: Market, book: Book | None = None) -> None:
        law = law_of_books()
        self.market, self.ledger = market, Ledger()
        self.part = (
            Part(market, compiled=False, law=law)
            if book is None
            else Told(market, book, compiled=False, law=law)
        )
        self._reins = Reins.begun(market, self.part.counted())
        self.roster: list[int] = []
        self.number = 0
        for _ in range(WARM_UP):
            self._lived(self._reins.month(self.number), Nothing())
        self._turn()
        self.at_start = len(self.roster)

    def forked(self) -> Office:
        """The same, to go its own way; what was told to a book is not told twice."""
        other = copy(self)
        people = self.part.people.copy()
        other.part = Part(self.market, compiled=False, law=law_of_books(), people=people)
        other._reins = Reins(self.market, self._reins.course, self._reins.staffing)  # noqa: SLF001 # one's own
        other.ledger, other.roster = Ledger(accounts=self.ledger.accounts.copy()), list(self.roster)
        return other

    def _turn(self) -> None:
        """The next month begins."""
        self._before = self._reins.course
        self.last_plan: Plan = self._before.plan
        self.coming: Month = self._reins.month(self.number)
        self.view: BookView = self.part.view(self.coming)
        known = set(self.roster)
        self.roster += [key for key in self.view.relationship.tolist() if key not in known]
        places = {key: row for row, key in enumerate(self.view.relationship.tolist())}
        self._rows = [places[key] for key in self.roster]
        self._ours: list[bool] | None = None

    @property
    def service(self) -> Service:
        """The service team, and what was done about it so far."""
        return Service(self.market, self._reins.staffing)

    @property
    def overload(self) -> float:
        """What was asked of the service team last month beyond what it can do now, as a share of that."""
        return self.coming.team.overload

    def staff(self, team: Team) -> None:
        """Something is done about the service team before the month begins; said again, it is done once."""
        staffing = team.added_to(self._reins.staffing, self.number)
        self._reins = Reins(self.market, self._before, staffing)
        self.coming = self._reins.month(self.number)

    def row(self, customer: int) -> int:
        """His place in the view."""
        return self._rows[customer - 1]

    def is_ours(self, customer: int) -> bool:
        """Whether he is a customer, as far as the book knows."""
        if self._ours is None:
            self._ours = is_customer(self.view).tolist()
        return self._ours[self.row(customer)]

    @property
    def due(self) -> list[Due]:
        """The promises to our customers that fall due this month, as the book knows them, the first first."""
        ours = is_customer(self.view)
        people, numbers = self.part.people, {key: number for number, key in enumerate(self.roster, start=1)}
        days = dict(zip(people["key"].tolist(), people["promise_due_day"].tolist(), strict=True))
        found = []
        for key in self.view.relationship[ours].tolist():
            day = days[key]
            if day != NEVER and day < self.coming.first_day + self.coming.n_days:
                into = max(day - self.coming.first_day, 0)
                found.append(Due(numbers[key], WEEKS * into // self.coming.n_days))
        return sorted(found, key=lambda it: (it.week, it.customer))

    def callers(self, done: Done) -> tuple[People, list[int]]:
        """
        Who calls to say that he will leave, when that is done; nothing has happened yet.

        Returns:
            Everybody as the calls come, and the positions of those who call.
        """
        before, ledger = self.part.people, Ledger()
        policy = self._policy(done, ledger)
        executed = self.part.decided(self.coming, policy, Budget())
        self.part.people = before.copy()
        try:
            with ledger.open():
                _, calling = self.part.live(self.coming, self.part.deeds(executed.done))
            return self.part.people, calling
        finally:
            self.part.people = before

    def live(self, done: Done) -> None:
        """
        A month goes by in which that is done.

        What the service team costs beyond the usual is borne by all who were there on the first day, to equal parts.
        """
        if done.team is not None:
            self.staff(done.team)
        policy = self._policy(done, self.ledger)
        month, minute_cost = self.coming, self.market.rules.values["minute_cost"]
        for step, minutes in self.minutes(done):
            self.ledger.accounts.add(self.roster[step.customer - 1], month.number, -minutes * minute_cost)
        for key in self.roster[: self.at_start]:
            self.ledger.accounts.add(key, month.number, -self.service.cost(month.number) / self.at_start)
        self._lived(month, policy)
        self.ledger.words.clear()
        self._turn()

    def minutes(self, done: Done) -> list[tuple[Step, int]]:
        """What each step takes."""
        due = {it.customer: it.week for it in self.due}
        return [
            (step, step.minutes(keeps=keeps(step, week, due)))
            for week, steps in enumerate(done.steps)
            for step in steps
        ]

    def live_on(self, months: int = RESIDUAL_MONTHS) -> None:
        """Those who are ours live on under no policy; nothing comes after."""
        with self.ledger.open():
            self.part.continued(self.number, months, self._reins.course.plan)

    @property
    def spent(self) -> float:
        """What the service team has cost beyond the usual since the first round, minor units; below 0 is saved."""
        return sum(self.service.cost(month) for month in range(WARM_UP, self.number))

    def worth(self, customer: int) -> float:
        """
        What somebody brought since the first round, less all he cost, minor units.

        A newcomer's worth is also that of whoever's word brought him.
        """
        keys = [self.roster[customer - 1]]
        people, newcomers = self.part.people, np.array(self.roster[self.at_start :], dtype=np.uint64)
        brought = np.flatnonzero((people["referrer"] >= 0) & np.isin(people["key"], newcomers))
        for place in brought.tolist():
            by = place - int(people["member"][place]) + int(people["referrer"][place])
            if int(people["key"][by]) == keys[0]:
                keys.append(int(people["key"][place]))
        rate = self.market.rules.values["discounting"]
        accounts = self.ledger.accounts
        return sum(accounts.worth(key, since=WARM_UP, until=self.number, monthly=rate) for key in keys)

    def _lived(self, month: Month, policy: Nothing | _Decided) -> None:
        with self.ledger.open():
            over = self.part.lived(month, policy, Budget())
        self._reins.close(over.tally, minutes=over.minutes)
        self.number += 1

    def _policy(self, done: Done, ledger: Ledger) -> _Decided:
        """The decisions as a policy; what they say of promises goes into the ledger."""
        due = {it.customer: it.week for it in self.due}
        people, until = self.part.people, self.coming.first_day + self.coming.n_days
        days = people["promise_due_day"]
        for key in people["key"][(days != NEVER) & (days < until)].tolist():
            ledger.words[key] = Word.NEGLECTED
        parts = []
        for week, steps in enumerate(done.steps):
            for step in steps:
                key, kind = self.roster[step.customer - 1], step.kind
                if kind is None:
                    if week <= due.get(step.customer, -1):
                        ledger.words[key] = Word.NOTICE
                    continue
                if keeps(step, week, due):
                    ledger.words[key] = Word.KEPT
                parts.append(self._action(step))
        answers = {self.roster[customer - 1]: moves for customer, moves in done.answers.items()}
        return _Decided(together(parts), answers)

    def _action(self, step: Step) -> Actions:
        assert step.kind is not None  # noqa: S101 # said by the caller
        where = np.zeros(len(self.view), dtype=np.bool_)
        where[self.row(step.customer)] = True
        channel = self.channel(step)
        assert channel is not None  # noqa: S101 # it was refused otherwise
        return act(
            self.view,
            where,
            step.kind,
            reason="decided in the round",
            channel=channel,
            amount=step.amount,
            months=step.months,
        )

    def channel(self, step: Step) -> Channel | None:
        """On which a customer may be reached for this; none when he has not agreed to it."""
        assert step.kind is not None  # noqa: S101 # notice needs no consent
        purpose = ACTIONS[step.kind].consent
        if purpose is None:
            return Channel.PHONE
        allowed = int(getattr(self.view, f"channels_{purpose}")[self.row(step.customer)])
        return next((it for it in step.channels if allowed >> it & 1), None)


def keeps(step: Step, week: int, due: Mapping[int, int]) -> bool:
    """Whether a step keeps a promise: it is done by the week in which that falls due."""
    return step.kind is KEEPS and week <= due.get(step.customer, -1)
