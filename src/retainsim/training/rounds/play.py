"""
A play of rounds: what a trainee decides goes in, what he may see comes out.

A play is a value: each decision gives a new one, and its record holds nothing but decisions, from which it is played
again. So a play resumes, a fork is a record cut short, and what is submitted twice counts once. A round is a month:
something may be done about the service team, four weeks are planned one after the other, then whoever threatens to
leave calls, and then the month goes by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property

import attrs

from retainsdk.book import Book
from retainsdk.errors import Fault, InputError, RetainError
from retainsdk.policy import Move
from retainsdk.view import BookView
from retainsim.market.chronicle import new_book
from retainsim.training.record import MoveRecord, MoveSource
from retainsim.training.rounds.calls import by_script, call_of
from retainsim.training.rounds.decision import Begun, Decision, Passed, Restarted, Said, Staffed, To, Week
from retainsim.training.rounds.gate import refuse_impossible
from retainsim.training.rounds.office import CLOSED, Done, Due, Office
from retainsim.training.rounds.setting import WEEKS, Setting, Stage
from retainsim.training.rounds.step import Step
from retainsim.training.rounds.team import Team
from retainsim.training.session import Phase as CallPhase
from retainsim.training.session import Session


class Phase(StrEnum):
    """How far a play has come."""

    WEEK = "week"
    """A week is to be planned."""
    CALLS = "calls"
    """Somebody calls, and waits."""
    OVER = "over"
    """All rounds of the stage are over."""


class OutOfTurnError(RetainError, ValueError):
    """What was asked for has its time in a play of rounds, and that is not now."""

    def __init__(self, what: str, phase: Phase, remedy: str) -> None:
        super().__init__(what, phase, remedy)
        self.what, self.phase, self.remedy = what, phase, remedy

    def __str__(self) -> str:
        return f"{self.what} is not possible in the phase {str(self.phase)!r} of a round. {self.remedy}"


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Play:
    """
    Rounds, as far as they have come.

    What a trainee may see is in `view`, `roster`, `due`, `news`, `calls` (what a session shows), `phase`, `round` and
    `week`. The office holds the truth, and is for the report once all is over.

    Attributes:
        setting: What it is set up as.
        stage: Practice, or what counts.
        decisions: All of them, in order.
        past: What was done in the rounds of the stage that are over.
        weeks: What is planned in the present one.
        said: The moves in its calls, by caller.
        passed: Callers who are left to somebody else, or to nobody.
        team: What is done about the service team in it, if anything.
        office: As the present round begins, its team as was decided.
    """

    setting: Setting
    stage: Stage
    office: Office
    decisions: tuple[Decision, ...] = ()
    past: tuple[Done, ...] = ()
    weeks: tuple[tuple[Step, ...], ...] = ()
    said: Mapping[int, tuple[MoveRecord, ...]] = attrs.field(factory=dict)
    passed: Mapping[int, To] = attrs.field(factory=dict)
    team: Team | None = None

    @classmethod
    def begin(
        cls,
        preset: str = "telecom",
        *,
        seed: int,
        rounds: int = 5,
        customers: int = 40,
        practice: int = 0,
        hours: int = 2,
    ) -> Play:
        """
        A play about to begin.

        Args:
            preset: Of the market.
            seed: Picks the customers and all chance.
            rounds: Graded ones, a month each.
            customers: In the book, 24 to 60.
            practice: Rounds before them, in another market of the same kind.
            hours: In a week.

        Raises:
            InputError: Naming everything that is impossible.
            UnknownPresetError: With the names there are.
        """
        return cls.of(
            Setting(
                preset=preset, seed=seed, rounds=rounds, customers=customers, practice=practice, hours=hours
            )
        )

    @classmethod
    def of(cls, setting: Setting) -> Play:
        """The same, of what it is set up as."""
        stage = setting.first_stage
        return cls(setting=setting, stage=stage, office=Office(setting.market(stage)))

    # where it stands

    @property
    def phase(self) -> Phase:
        """How far the play has come."""
        if len(self.past) == self.setting.rounds_of(self.stage):
            return Phase.OVER
        return Phase.WEEK if len(self.weeks) < WEEKS else Phase.CALLS

    @property
    def over(self) -> bool:
        """Whether the graded rounds are over."""
        return self.phase is Phase.OVER and self.stage is Stage.GRADED

    @property
    def round(self) -> int:
        """The present round, from 1."""
        return min(len(self.past) + 1, self.setting.rounds_of(self.stage))

    @property
    def week(self) -> int:
        """The week that is to be planned, from 1; past the last when callers wait."""
        return len(self.weeks) + 1

    @property
    def view(self) -> BookView:
        """What is known as the round begins: what the book shows."""
        return self.office.view

    @property
    def roster(self) -> Sequence[int]:
        """Keys of the customers: the one of number 1 first. Who has a number keeps it."""
        return tuple(self.office.roster)

    @cached_property
    def due(self) -> Sequence[Due]:
        """The promises that fall due in this round; weeks from 0."""
        return tuple(self.office.due)

    @property
    def minutes_left(self) -> int:
        """Of the week that is to be planned."""
        return 60 * self.setting.hours if self.phase is Phase.WEEK else 0

    @cached_property
    def calls(self) -> Mapping[int, Session]:
        """The calls of this round by caller, as far as they have come; none before its weeks are planned."""
        if self.phase is not Phase.CALLS:
            return {}
        office = self.office
        people, calling = office.callers(self._done(answers={}))
        numbers = {key: number for number, key in enumerate(office.roster, start=1)}
        calls = {}
        for place in calling:
            number = numbers[int(people["key"][place])]
            call = call_of(office.market, office.coming, people[place : place + 1].copy(), office.view)
            for told in self.said.get(number, ()):
                call = call.say(told.made, source=told.source, words=told.words)
            if self.passed.get(number) is To.COLLEAGUE:
                call = by_script(call)
            calls[number] = call
        return calls

    @property
    def waiting(self) -> Sequence[int]:
        """Callers who wait for an answer, the first first."""
        return tuple(
            number
            for number, call in self.calls.items()
            if call.phase is CallPhase.CALL and number not in self.passed
        )

    @property
    def may_staff(self) -> bool:
        """Whether something can be done about the service team: once a round, before its first week."""
        return self.phase is Phase.WEEK and not self.weeks and self.team is None

    # what is decided

    def staff(self, team: Team, *, at: int | None = None) -> Play:
        """
        The play once something is done about the service team, before the first week of a round.

        Args:
            team: What is done; to leave the team as it is, plan the week.
            at: As for `decide`.

        Raises:
            OutOfTurnError: When the round is past that, or something else was decided meanwhile.
            InputError: Naming everything that is impossible, or beyond the trainee's authority.
        """
        decision = Staffed(team)
        if self._is_repeated(decision, at):
            return self
        if not self.may_staff:
            remedy = "It is decided on once a round, before the first week."
            raise OutOfTurnError("To do something about the team", self.phase, remedy)
        self.office.service.refuse_impossible(team)
        office = self.office.forked()
        office.staff(team)
        return Play(
            setting=self.setting,
            stage=self.stage,
            office=office,
            decisions=(*self.decisions, decision),
            past=self.past,
            team=team,
        )

    def decide(self, steps: Sequence[Step], *, at: int | None = None) -> Play:
        """
        The play once a week is planned.

        Args:
            steps: All that is done in it; nothing at all is a decision too.
            at: The number of decisions made so far, so that one submitted twice counts once; none trusts that nothing
                is submitted twice.

        Raises:
            OutOfTurnError: When no week is to be planned, or something else was decided meanwhile.
            InputError: Naming everything that is impossible, or beyond the trainee's hours and authority.
        """
        week = Week(tuple(steps))
        if self._is_repeated(week, at):
            return self
        self._in_phase("To plan a week", Phase.WEEK)
        refuse_impossible(self, week.steps)
        planned = attrs.evolve(self, decisions=(*self.decisions, week), weeks=(*self.weeks, week.steps))
        return planned._gone_on()  # noqa: SLF001 # one's own

    def say(
        self,
        customer: int,
        move: Move,
        *,
        at: int | None = None,
        source: MoveSource = "menu",
        words: str = "",
    ) -> Play:
        """
        The play after a move in the call of a customer.

        Args:
            customer: His number.
            move: Made.
            at: As for `decide`.
            source: How the move was chosen.
            words: In which it was typed; empty where it was not.

        Raises:
            OutOfTurnError: When he does not wait, or something else was decided meanwhile.
            InputError: Naming everything that is impossible in the move.
        """
        told = MoveRecord.of(move, source=source, words=words)
        if self._is_repeated(Said(customer, told), at):
            return self
        self._waits(customer)
        self.calls[customer].say(move)
        said = {**self.said, customer: (*self.said.get(customer, ()), told)}
        after = attrs.evolve(self, decisions=(*self.decisions, Said(customer, told)), said=said)
        return after._gone_on()  # noqa: SLF001 # one's own

    def leave(self, customer: int, to: To, *, at: int | None = None) -> Play:
        """
        The play once a call is left to somebody else, or to nobody.

        Args:
            customer: His number.
            to: Whom.
            at: As for `decide`.

        Raises:
            OutOfTurnError: When he does not wait, or something else was decided meanwhile.
        """
        decision = Passed(customer, to)
        if self._is_repeated(decision, at):
            return self
        self._waits(customer)
        passed = {**self.passed, customer: to}
        after = attrs.evolve(self, decisions=(*self.decisions, decision), passed=passed)
        return after._gone_on()  # noqa: SLF001 # one's own

    def restart(self, *, at: int | None = None) -> Play:
        """
        Practice from its beginning, with the same customers and the same luck.

        Raises:
            OutOfTurnError: When it is over and behind.
        """
        if self._is_repeated(Restarted(), at):
            return self
        self._in_practice("To begin practice anew")
        fresh = Play.of(self.setting)
        return attrs.evolve(fresh, decisions=(*self.decisions, Restarted()))

    def begin_graded(self, *, at: int | None = None) -> Play:
        """
        The graded rounds, with other customers and other luck; practice need not be at its end.

        Raises:
            OutOfTurnError: When they have begun.
        """
        if self._is_repeated(Begun(), at):
            return self
        self._in_practice("To begin the graded rounds")
        office = Office(self.setting.market(Stage.GRADED))
        decisions = (*self.decisions, Begun())
        return Play(setting=self.setting, stage=Stage.GRADED, office=office, decisions=decisions)

    def made(self, decision: Decision, *, at: int | None = None) -> Play:
        """The play after a decision, whichever it is."""
        match decision:
            case Staffed(team):
                return self.staff(team, at=at)
            case Week(steps):
                return self.decide(steps, at=at)
            case Said(customer, told):
                return self.say(customer, told.made, at=at, source=told.source, words=told.words)
            case Passed(customer, to):
                return self.leave(customer, to, at=at)
            case Restarted():
                return self.restart(at=at)
            case Begun():
                return self.begin_graded(at=at)

    def fork(self, number: int) -> Play:
        """
        The same customers with the same luck, as a round began.

        Args:
            number: Of the round, from 1.

        Raises:
            OutOfTurnError: Before the rounds of the stage are over: what would have been is for afterwards.
            InputError: When there was no such round.
        """
        self._in_phase("A fork", Phase.OVER)
        if not 1 <= number <= len(self.past):
            fault = Fault(
                "round",
                str(number),
                f"must be within 1 and {len(self.past)}",
                "Fork at a round that was played.",
            )
            raise InputError("fork", [fault])
        play = fork = Play.of(self.setting)
        for decision in self.decisions:
            play = play.made(decision)
            if (
                play.stage is self.stage
                and len(play.past) == number - 1
                and not play.weeks
                and play.team is None
            ):
                fork = play
        return fork

    def at_start(self) -> Play:
        """The stage before its first decision; what was decided before it is forgotten."""
        return Play(setting=self.setting, stage=self.stage, office=Office(self.office.market))

    # the book

    @cached_property
    def book(self) -> Book:
        """
        The ledger: all rounds told to a real book of the SDK, which has the time of the market.

        What is planned for the present month has not happened yet.
        """
        return self.lived(new_book(self.office.market))[1]

    def lived(self, book: Book) -> tuple[Office, Book]:
        """The rounds that are over, lived again and told to an empty book."""
        office = Office(self.office.market, book)
        for done in self.past:
            office.live(done)
        return office, book

    # within

    def _gone_on(self) -> Play:
        """The next round, once everything in this one is decided."""
        if self.phase is not Phase.CALLS or self.waiting:
            return self
        answers = {
            number: CLOSED if self.passed.get(number) is To.NOBODY else call.moves
            for number, call in self.calls.items()
        }
        done, office = self._done(answers=answers), self.office.forked()
        office.live(done)
        return Play(
            setting=self.setting,
            stage=self.stage,
            office=office,
            decisions=self.decisions,
            past=(*self.past, done),
        )

    def _done(self, *, answers: Mapping[int, tuple[Move, ...]]) -> Done:
        return Done(steps=self.weeks, answers=answers, team=self.team)

    def _is_repeated(self, decision: Decision, at: int | None) -> bool:
        """Whether this very decision was the last; refuses one that was made when the play stood elsewhere."""
        made = len(self.decisions)
        if at is None or at == made:
            return False
        if at == made - 1 and self.decisions[at] == decision:
            return True
        raise OutOfTurnError(
            f"Decision {at + 1}", self.phase, f"{made} decisions were made; look at the play as it stands."
        )

    def _in_phase(self, what: str, phase: Phase) -> None:
        if self.phase is not phase:
            raise OutOfTurnError(what, self.phase, _REMEDIES[self.phase])

    def _in_practice(self, what: str) -> None:
        if self.stage is not Stage.PRACTICE:
            raise OutOfTurnError(what, self.phase, "What counts is played once; begin a new play.")

    def _waits(self, customer: int) -> None:
        self._in_phase("A call", Phase.CALLS)
        if customer not in self.waiting:
            waiting = ", ".join(map(str, self.waiting))
            raise OutOfTurnError(f"A call with {customer}", self.phase, f"Those who wait: {waiting}.")


_REMEDIES = {
    Phase.WEEK: "Plan the week first.",
    Phase.CALLS: "Answer who calls, or leave him to a colleague.",
    Phase.OVER: "The rounds are over: read the report, or begin a new play.",
}
