"""
One call practised: what the trainee does goes in, what he may see comes out.

A session is a value. Every input gives a new one, and its record holds nothing but inputs, from which it is played
again: so a broken call resumes, a fork is a record cut short, and what is submitted twice counts once. All doors use
this and nothing below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

import attrs

from retainsdk.errors import Fault, InputError, RetainError
from retainsdk.policy import Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market.law import LAW
from retainsim.market.response import Call
from retainsim.training.granting import faults_of, settled
from retainsim.training.on_offer import Package, Rival, packages_for, rivals_of
from retainsim.training.record import ForecastRecord, MoveRecord, MoveSource, Record
from retainsim.training.scenario import Case, Scenario, cast, load_scenario
from retainsim.training.situation import (
    Deed,
    Fact,
    Occasion,
    Outcome,
    contradicts,
    occasion_of,
    told_otherwise,
)

REASONS = tuple(reason for reason in Reason if reason is not Reason.NO_NEED_STATED)
"""What can take a customer away: the entries of a forecast."""


class Phase(StrEnum):
    """How far a session has come."""

    CALL = "call"
    FORECAST = "forecast"
    SEALED = "sealed"
    """Over, and what it came to is not told yet."""
    OVER = "over"


class NotNowError(RetainError, ValueError):
    """What was asked for has its time, and that is not now."""

    def __init__(self, what: str, phase: Phase, remedy: str) -> None:
        super().__init__(what, phase, remedy)
        self.what, self.phase, self.remedy = what, phase, remedy

    def __str__(self) -> str:
        return f"{self.what} is not possible in the phase {str(self.phase)!r} of a session. {self.remedy}"


class ChangedScenarioError(RetainError, ValueError):
    """A session was recorded with another version of its scenario, so its call would come out differently."""

    def __init__(self, name: str, recorded: str, now: str) -> None:
        super().__init__(name, recorded, now)
        self.name, self.recorded, self.now = name, recorded, now

    def __str__(self) -> str:
        return (
            f"Scenario {self.name} has changed since this call was begun ({self.recorded}, now {self.now}). "
            "Use the file it was begun with, or begin a new call."
        )


@attrs.frozen(kw_only=True)
class Forecast:
    """
    What the trainee believes before he hears the truth.

    Attributes:
        reasons: Probability of each possible reason; those not named have none.
        stays: That the customer stays for a year at least, or is with us again within the year.
        bluff: Probability that there is no reason, since he does not mean it.
    """

    reasons: Mapping[Reason, float]
    stays: float
    bluff: float = 0.0

    @classmethod
    def sure(cls, reason: Reason | None, confidence: float, *, stays: float) -> Forecast:
        """
        One reason, or that he does not mean it, with what is left of the confidence spread evenly over the others.

        >>> Forecast.sure(Reason.LIFE_EVENT, 0.5, stays=0.5).reasons[Reason.LIFE_EVENT]
        0.5
        """
        if reason is None:
            rest = (1.0 - confidence) / len(REASONS)
            return cls(reasons=dict.fromkeys(REASONS, rest), bluff=confidence, stays=stays)
        rest = (1.0 - confidence) / (len(REASONS) - 1)
        return cls(reasons={it: confidence if it is reason else rest for it in REASONS}, stays=stays)

    @classmethod
    def even(cls, *, stays: float) -> Forecast:
        """One reason is as likely as another."""
        return cls(reasons=dict.fromkeys(REASONS, 1 / len(REASONS)), stays=stays)

    @classmethod
    def true(cls, case: Case, *, stays: float) -> Forecast:
        """What is so."""
        return cls.sure(None if case.bluffs else case.truth, 1.0, stays=stays)


@attrs.frozen(kw_only=True)
class Session:
    """
    One call, as far as it has come.

    What a trainee may see is in `seen`, `card`, `packages`, `rivals`, `moves` and `end`. The rest is the truth, and for
    the debrief.

    Attributes:
        scenario: What is practised.
        reference: What the scenario was asked for by: its name, or a file.
        seed: Picks the caller and all chance.
        case: The caller; the truth.
        moves: Made so far, in order.
        sources: How each was chosen.
        words: In which each was said, where it was typed.
        forecast: None until it was given.
        calls: Where the call stood before the first move and after each; the truth.
        sealed: Whether truth and forks stay closed when it is over, as in an assessment that others still take.
    """

    scenario: Scenario
    reference: str
    seed: int
    case: Case
    calls: tuple[Call, ...]
    moves: tuple[Move, ...] = ()
    sources: tuple[MoveSource, ...] = ()
    words: tuple[str, ...] = ()
    forecast: Forecast | None = None
    sealed: bool = False

    @classmethod
    def begin(cls, reference: str, *, seed: int) -> Session:
        """
        A call about to begin.

        Args:
            reference: The name of a scenario, or its file.
            seed: Equal seeds give equal callers, who react equally to equal moves.

        Raises:
            UnknownScenarioError: With the names there are.
            InputError: Naming everything that is wrong with a scenario's file.
            NobodyCallsError: When no such caller is found.
        """
        return cls.with_case(load_scenario(reference), reference, seed)

    @classmethod
    def with_case(cls, scenario: Scenario, reference: str, seed: int) -> Session:
        """The same, of a scenario already read."""
        case = _met(_Caller(digest=scenario.digest, seed=seed, scenario=scenario))
        return cls(
            scenario=scenario,
            reference=reference,
            seed=seed,
            case=case,
            calls=(occasion_of(case.situation).begin(case),),
        )

    @property
    def occasion(self) -> Occasion:
        """How it goes in this situation."""
        return occasion_of(self.case.situation)

    @property
    def call(self) -> Call:
        """Where the call stands; the truth."""
        return self.calls[-1]

    @property
    def deed(self) -> Deed:
        """The action of the month that the call comes to, as it stands; nothing where the customer decides."""
        return self.occasion.deed(self.case, self.call, self.moves)

    @property
    def outcome(self) -> Outcome:
        """What the call has come to; the truth."""
        return Outcome(call=self.call, deed=self.deed)

    @property
    def phase(self) -> Phase:
        """How far the session has come."""
        if self.call.end is None:
            return Phase.CALL
        if self.forecast is None:
            return Phase.FORECAST
        return Phase.SEALED if self.sealed else Phase.OVER

    @property
    def turn(self) -> int:
        """Moves made."""
        return len(self.moves)

    @property
    def seen(self) -> ThreatView:
        """What the trainee knows of the customer as the call stands."""
        return self.seen_at(self.turn)

    def seen_at(self, turn: int) -> ThreatView:
        """What he knew after so many moves."""
        return self.occasion.seen(self.case, self.calls[turn])

    @property
    def contradicting(self) -> tuple[int, ...]:
        """The turns, from 1, in which the customer heard something else than a colleague had told him."""
        told, fee = self.scenario.colleague, self._fee
        return self._turns(lambda move: contradicts(move, told, fee))

    @property
    def tactless(self) -> tuple[int, ...]:
        """The turns, from 1, in which he was sold to at a time that is not for it; the truth."""
        return self._turns(self.is_tactless)

    @property
    def stated(self) -> Reason | None:
        """The reason the customer has stated; none when he was never asked for one."""
        return self.occasion.stated(self.case)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What came out beside the reason, as the call stands."""
        return self.facts_at(self.turn)

    def facts_at(self, turn: int) -> tuple[Fact, ...]:
        """What had come out after so many moves."""
        return self.occasion.facts(self.case, self.calls[turn])

    @property
    def card(self) -> Mapping[str, Any]:
        """The customer card: what is known of him as the month begins."""
        return self.case.card

    @property
    def menu(self) -> tuple[MoveKind, ...]:
        """The moves that have a meaning in this situation, and to whose purpose the customer has agreed."""
        return self.occasion.menu(self.case)

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages on offer, the smallest first; none in a shop."""
        return packages_for(self.case)

    @property
    def rivals(self) -> tuple[Rival, ...]:
        """What competitors offer, as anybody can look it up."""
        return rivals_of(self.case)

    @property
    def end(self) -> str | None:
        """How the call ended; none while it goes on."""
        return self.call.end

    @property
    def stays(self) -> bool:
        """
        Whether the customer decides to stay; of whom we called, whether he stays the year, or is back within it.

        Raises:
            NotNowError: Before the session is over.
        """
        self._in_phase("To hear the decision", Phase.OVER, "Finish the call and give a forecast first.")
        return self.occasion.decides(self.case, self.outcome)

    def say(
        self, move: Move, *, turn: int | None = None, source: MoveSource = "menu", words: str = ""
    ) -> Session:
        """
        The session after one more move.

        Args:
            move: Of the trainee; what he leaves out is settled as `granting.settled` says.
            turn: The number of moves he saw made, from 0, so that a move submitted twice counts once; none trusts
                that nothing is submitted twice.
            source: How the move was chosen.
            words: In which it was typed; empty where it was not.

        Raises:
            NotNowError: When the call is over, or another move was made meanwhile.
            InputError: Naming everything that is impossible, or beyond what the trainee may grant, in the move.
        """
        move = settled(move, self.scenario.authority, self.occasion)
        if turn is not None and turn == self.turn - 1 and self.moves[turn] == move:
            return self
        self._in_phase(f"The move {move.kind.name.lower()}", Phase.CALL, "Give your forecast.")
        if turn is not None and turn != self.turn:
            raise NotNowError(
                f"Move {turn + 1}", self.phase, f"{self.turn} moves were made; look at the call as it stands."
            )
        self._refuse_impossible(move)
        call = self.occasion.after(self.case, self.call, move, self.moves)
        if contradicts(move, self.scenario.colleague, self._fee):
            call = told_otherwise(call, self.case.market.rules.plain())
        return attrs.evolve(
            self,
            calls=(*self.calls, call),
            moves=(*self.moves, move),
            sources=(*self.sources, source),
            words=(*self.words, words),
        )

    def after(self, moves: Iterable[Move]) -> Session:
        """The session after several more moves."""
        session = self
        for move in moves:
            session = session.say(move)
        return session

    def foretell(self, forecast: Forecast) -> Session:
        """
        The session after the forecast; then the decision and the truth may be heard.

        Raises:
            NotNowError: When the call goes on, or a forecast was given.
            InputError: When probabilities are impossible.
        """
        if self.forecast == forecast and self.phase in (Phase.SEALED, Phase.OVER):
            return self
        self._in_phase("A forecast", Phase.FORECAST, "It is given once, after the call and before the truth.")
        faults = [
            Fault(f"forecast.{name}", str(chance), "must be within 0 and 1", "It is a probability.")
            for name, chance in [
                *((r.name.lower(), c) for r, c in forecast.reasons.items()),
                ("bluff", forecast.bluff),
                ("stays", forecast.stays),
            ]
            if not 0 <= chance <= 1
        ]
        total = sum(forecast.reasons.values()) + forecast.bluff
        if not faults and abs(total - 1) > 1e-6:  # noqa: PLR2004 # what rounding leaves
            faults.append(
                Fault("forecast.reasons", f"{total:g}", "must be 1 in all", "Share out what you believe.")
            )
        faults += [
            Fault(
                "forecast.reasons",
                reason.name.lower(),
                "is what customers say, no reason",
                "Name what is behind it.",
            )
            for reason in forecast.reasons
            if reason not in REASONS
        ]
        if faults:
            raise InputError("forecast", faults)
        return attrs.evolve(self, forecast=forecast)

    def fork(self, turn: int) -> Session:
        """
        The same call with the same luck, as it stood after so many moves.

        Raises:
            NotNowError: Before the session is over: what would have been is for the debrief.
            InputError: When there were not so many.
        """
        self._in_phase("A fork", Phase.OVER, "Finish the call and give a forecast first.")
        if not 0 <= turn <= self.turn:
            fault = Fault(
                "turn", str(turn), f"must be within 0 and {self.turn}", "Fork at a move that was made."
            )
            raise InputError("fork", [fault])
        return attrs.evolve(
            self,
            calls=self.calls[: turn + 1],
            moves=self.moves[:turn],
            sources=self.sources[:turn],
            words=self.words[:turn],
            forecast=None,
        )

    def at_start(self) -> Session:
        """The same call before its first move."""
        return attrs.evolve(self, calls=self.calls[:1], moves=(), sources=(), words=(), forecast=None)

    def record(self) -> Record:
        """All inputs, from which `restored` plays the session again; it holds nothing the trainee did not put in."""
        return Record(
            scenario=self.reference,
            digest=self.scenario.digest,
            seed=self.seed,
            moves=tuple(
                MoveRecord.of(move, source=source, words=words)
                for move, source, words in zip(self.moves, self.sources, self.words, strict=True)
            ),
            forecast=None
            if self.forecast is None
            else ForecastRecord(
                reasons={reason.name.lower(): chance for reason, chance in self.forecast.reasons.items()},
                stays=self.forecast.stays,
                bluff=self.forecast.bluff,
            ),
        )

    def _turns(self, holds: Callable[[Move], bool]) -> tuple[int, ...]:
        return tuple(turn for turn, move in enumerate(self.moves, start=1) if holds(move))

    def is_tactless(self, move: Move) -> bool:
        """Whether a move would sell to him at a time that is not for it; the truth."""
        deed = self.occasion.deed_of(self.case, move)
        return deed is not None and LAW.is_tactless(self.case.person(), int(deed))

    @property
    def _fee(self) -> int:
        """What he pays a month, or paid; in a shop what he usually spends."""
        return int(self.case.row["monthly_fee"][0])

    def _in_phase(self, what: str, phase: Phase, remedy: str) -> None:
        if self.phase is not phase:
            wait = "It is opened once all have finished, or by the trainer."
            raise NotNowError(what, self.phase, wait if self.phase is Phase.SEALED else remedy)

    def _refuse_impossible(self, move: Move) -> None:
        limits, fee = self.scenario.authority, self._fee
        faults = []
        if move.kind not in self.menu:
            known = ", ".join(kind.name.lower() for kind in self.menu)
            faults.append(
                Fault("move", move.kind.name.lower(), "has no place in this call", f"Choose one of {known}.")
            )
        faults += faults_of(move, limits, fee, self.occasion)
        if faults:
            raise InputError(f"move {move.kind.name.lower()}", faults)


@attrs.frozen(kw_only=True)
class _Caller:
    """Whom a seed picks: what a scenario's digest stands for decides it, and nothing else does."""

    digest: str
    seed: int
    scenario: Scenario = attrs.field(eq=False)


@lru_cache(maxsize=64)
def _met(caller: _Caller) -> Case:
    """Him; a call is read from its record again and again, and a whole class may have the same callers."""
    return cast(caller.scenario, caller.seed)


def restored(record: Record) -> Session:
    """
    The session of a record, played again.

    Raises:
        ChangedScenarioError: When its scenario has changed.
        UnknownScenarioError: When its scenario is gone.
        InputError: When its inputs are impossible.
    """
    scenario = load_scenario(record.scenario)
    if record.digest != scenario.digest:
        raise ChangedScenarioError(scenario.name, record.digest, scenario.digest)
    session = Session.with_case(scenario, record.scenario, record.seed)
    for it in record.moves:
        session = session.say(it.made, source=it.source, words=it.words)
    if record.forecast is None:
        return session
    reasons = {Reason[name.upper()]: chance for name, chance in record.forecast.reasons.items()}
    return session.foretell(
        Forecast(reasons=reasons, stays=record.forecast.stays, bluff=record.forecast.bluff)
    )
