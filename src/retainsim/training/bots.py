"""
Bots: sellers who are no persons, each a school of its own, to measure scenarios and trainees by.

A bot makes a move at a time and gives a forecast, as a trainee does. All but the clairvoyant see what a trainee sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import attrs

from retainsdk.policies.conversation import answer, reason_found, understand
from retainsdk.policy import Move, MoveKind
from retainsdk.view import Reason
from retainsim.market.observed import LISTED_PACKAGES
from retainsim.market.response import MOST_TURNS
from retainsim.market.streams import key_of
from retainsim.training.granting import slots_of
from retainsim.training.outlook import Futures
from retainsim.training.session import Forecast, Phase, Session

CERTAIN, LIKELY, GUESSED = 0.9, 0.5, 0.3
"""How sure a seller is of a reason that was told him, that he heard between the lines, and that he takes at its word."""


class Bot(Protocol):
    """Somebody at the desk."""

    def move(self, session: Session) -> Move:
        """His next move."""

    def forecast(self, session: Session) -> Forecast:
        """What he believes once the call is over."""


def play(session: Session, bot: Bot) -> Session:
    """The session with all that the bot does in it."""
    while session.phase is Phase.CALL:
        session = session.say(bot.move(session))
    return session if session.phase is Phase.OVER else session.foretell(bot.forecast(session))


def heard(session: Session) -> Forecast:
    """What somebody believes who trusts what he heard: a reason let be known, or else the one stated."""
    case = session.seen
    if case.revealed is not None:
        return Forecast.sure(case.revealed, CERTAIN, stays=LIKELY)
    if case.stated_reason is Reason.NO_NEED_STATED:
        return Forecast.sure(Reason.NEED_ENDED, GUESSED, stays=LIKELY)
    return Forecast.sure(case.stated_reason, LIKELY, stays=LIKELY)


@attrs.frozen
class Script:
    """The script of a good desk: understand first, then answer the reason that was found, and let him decide."""

    def move(self, session: Session) -> Move:
        """As the script has it."""
        case, limits = session.seen, session.scenario.authority
        if (question := understand(case)) is not None:
            return question
        reply = answer(case, reason_found(case))
        if any(made.kind is reply.kind for made in session.moves):
            return Move(kind=MoveKind.CLOSE)
        return attrs.evolve(reply, months=min(reply.months, limits.months))

    def forecast(self, session: Session) -> Forecast:
        """What he heard."""
        return heard(session)


@attrs.frozen
class AlwaysDiscount:
    """Gives what he may at once, and asks nothing [A7]."""

    def move(self, session: Session) -> Move:
        """The largest discount, then the close."""
        limits, fee = session.scenario.authority, session.seen.monthly_fee
        most = int(limits.discount * fee)
        if session.turn == 0 and most >= 1 and limits.months >= 1:
            return Move(kind=MoveKind.OFFER_DISCOUNT, amount=most, months=limits.months)
        return Move(kind=MoveKind.CLOSE)

    def forecast(self, session: Session) -> Forecast:  # noqa: ARG002 # as the protocol has it
        """Whatever they say, it is the price."""
        return Forecast.sure(Reason.CHEAPER_COMPETITOR, GUESSED, stays=LIKELY)


@attrs.frozen
class AtRandom:
    """Throws a dice for every move."""

    seed: int = 0

    def move(self, session: Session) -> Move:
        """Any move he may make."""
        key = key_of("bot at random", self.seed, session.seed, session.turn)
        moves = possible_moves(session)
        return moves[key % len(moves)]

    def forecast(self, session: Session) -> Forecast:  # noqa: ARG002 # as the protocol has it
        """Nothing in particular."""
        return Forecast.sure(Reason.NEED_ENDED, 1 / (len(Reason) - 1), stays=LIKELY)


@attrs.frozen
class Clairvoyant:
    """
    Knows the truth, and after listening does what is worth most among all he tried out in worlds like this one.

    Attributes:
        moves: What he found, see `best_moves`.
        stays: How often the caller stays then.
        truth: Why he wants to leave.
    """

    moves: tuple[Move, ...]
    stays: float
    truth: Reason

    @classmethod
    def of(cls, session: Session) -> Clairvoyant:
        """Him, having thought about a call that is about to begin."""
        futures = Futures(case=session.case)
        moves = best_moves(session, futures)
        return cls(
            moves=moves, stays=futures.of(session.after(moves).outcome).stays, truth=session.case.truth
        )

    def move(self, session: Session) -> Move:
        """The next of his moves."""
        return self.moves[session.turn]

    def forecast(self, session: Session) -> Forecast:  # noqa: ARG002 # as the protocol has it
        """The truth, and how often he stays."""
        return Forecast.sure(self.truth, 1.0, stays=self.stays)


DEPTHS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Discounts that are tried, as shares of the fee."""
PAUSES = (1, 2, 3, 6)
"""Pauses that are tried, in months."""
_WORTH_IT = 1.0
"""Minor units that a move must add."""


def possible_moves(session: Session) -> list[Move]:
    """The moves that may be made, offers in the sizes that are tried; what is said of competitors is honest."""
    limits, fee = session.scenario.authority, session.seen.monthly_fee
    moves = [
        Move(kind=kind)
        for kind in session.menu
        if kind not in (MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT, MoveKind.OFFER_PAUSE)
    ]
    if MoveKind.PROPOSE_FIT in session.menu:
        named = "plan" in slots_of(MoveKind.PROPOSE_FIT, session.occasion)
        moves += [Move(kind=MoveKind.PROPOSE_FIT, plan=it) for it in (LISTED_PACKAGES if named else (None,))]
    amounts = sorted(
        {int(fee * depth) for depth in (*DEPTHS, limits.discount) if depth <= limits.discount} - {0}
    )
    if limits.months:
        moves += [Move(kind=MoveKind.OFFER_DISCOUNT, amount=it, months=limits.months) for it in amounts]
        moves += [Move(kind=MoveKind.OFFER_PAUSE, months=it) for it in PAUSES if it <= limits.months]
    return moves


def best_moves(session: Session, futures: Futures) -> tuple[Move, ...]:
    """
    What is worth most with a caller, as far as going forward finds it: a lower bound of the best.

    After the questions that understand him, he goes on move by move while something adds to the value. Who has no need
    is let go, whatever it is worth.

    Args:
        session: At its beginning.
        futures: Worlds in which to try.
    """
    at = _understood(session)
    if session.case.truth is Reason.NEED_ENDED:
        return (*at.moves, Move(kind=MoveKind.RELEASE)) if at.phase is Phase.CALL else at.moves
    value = futures.of(at.outcome, groups=1).value
    while at.turn < MOST_TURNS - 1 and at.phase is Phase.CALL:
        tried = [at.say(move) for move in possible_moves(at)]
        gain, best = max(((futures.of(it.outcome, groups=1).value, -place) for place, it in enumerate(tried)))
        if gain < value + _WORTH_IT:
            break
        at, value = tried[-best], gain
    return at.moves if at.phase is not Phase.CALL else (*at.moves, Move(kind=MoveKind.CLOSE))


def _understood(session: Session) -> Session:
    """The session after the questions a good script asks, until the reason was said back."""
    while session.phase is Phase.CALL and not session.seen.confirmed:
        question = understand(session.seen)
        if question is None:
            break
        session = session.say(question)
    return session


BOTS: Mapping[str, Callable[[Session], Bot]] = {
    "clairvoyant": Clairvoyant.of,
    "script": lambda _: Script(),
    "always_discount": lambda _: AlwaysDiscount(),
    "random": lambda _: AtRandom(),
}
"""Who sits at the desk when a call begins, from the best informed to the least."""
