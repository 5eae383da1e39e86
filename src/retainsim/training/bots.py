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
from retainsim.training.scenario import Situation
from retainsim.training.session import Forecast, Phase, Session
from retainsim.training.situation import Fact

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
    return session.foretell(bot.forecast(session)) if session.phase is Phase.FORECAST else session


def heard(session: Session) -> Forecast:
    """What somebody believes who trusts what he heard: a reason let be known, or else the one stated."""
    case = session.seen
    if case.revealed is not None:
        return Forecast.sure(case.revealed, CERTAIN, stays=LIKELY)
    if session.stated is None:
        return Forecast.even(stays=LIKELY)
    if case.stated_reason is Reason.NO_NEED_STATED:
        return Forecast.sure(Reason.NEED_ENDED, GUESSED, stays=LIKELY)
    return Forecast.sure(case.stated_reason, LIKELY, stays=LIKELY)


@attrs.frozen
class Script:
    """The script of a good desk: understand first, then answer the reason that was found, and let him decide."""

    def move(self, session: Session) -> Move:
        """As the script has it."""
        case, limits = session.seen, session.scenario.authority
        question = understand(case)
        if question is not None and question.kind in session.menu:
            return question
        reply = _due(session) or answer(case, reason_found(case))
        if reply.kind not in session.menu or any(made.kind is reply.kind for made in session.moves):
            return _parting(session)
        return attrs.evolve(reply, months=min(reply.months, limits.months))

    def forecast(self, session: Session) -> Forecast:
        """What he heard."""
        return heard(session)


def _due(session: Session) -> Move | None:
    """What comes before any reason where nobody threatens: grief is left in peace, and what went wrong is put right [C3 C8 C1]."""
    if Fact.BEREAVEMENT in session.facts:
        return Move(kind=MoveKind.EMPATHISE)
    if Fact.UNSAID_FAILURE in session.facts:
        return Move(kind=MoveKind.APOLOGISE)
    if session.case.situation is not Situation.THREAT and session.card["complaints_open"]:
        return Move(kind=MoveKind.ESCALATE)
    return None


def _parting(session: Session) -> Move:
    """The last move of a good call."""
    farewell = session.occasion.farewell
    return Move(kind=farewell if farewell in session.menu else MoveKind.CLOSE)


@attrs.frozen
class AlwaysDiscount:
    """Gives what he may at once, and asks nothing [A7]."""

    def move(self, session: Session) -> Move:
        """The largest discount, then the close."""
        limits, fee = session.scenario.authority, session.seen.monthly_fee
        most = int(limits.discount * fee)
        may = most >= 1 and limits.months >= 1 and MoveKind.OFFER_DISCOUNT in session.menu
        if session.turn == 0 and may:
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
        truth: What he believes: what is so, and how often the customer stays then.
    """

    moves: tuple[Move, ...]
    truth: Forecast

    @classmethod
    def of(cls, session: Session) -> Clairvoyant:
        """Him, having thought about a call that is about to begin."""
        futures = Futures(case=session.case)
        moves = best_moves(session, futures)
        stays = futures.of(session.after(moves).outcome).stays
        return cls(moves=moves, truth=Forecast.true(session.case, stays=stays))

    def move(self, session: Session) -> Move:
        """The next of his moves."""
        return self.moves[session.turn]

    def forecast(self, session: Session) -> Forecast:  # noqa: ARG002 # as the protocol has it
        """The truth, and how often he stays."""
        return self.truth


DEPTHS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Discounts that are tried, as shares of the fee."""
PAUSES = (1, 2, 3, 6)
"""Pauses that are tried, in months."""
GIFTS = (0.5, 1.0)
"""Money given once that is tried, as shares of what may be given."""
_WITH_SLOTS = (
    MoveKind.OFFER_DISCOUNT,
    MoveKind.PROPOSE_FIT,
    MoveKind.OFFER_PAUSE,
    MoveKind.OFFER_BENEFIT,
)
HARM = 0.1
"""Of a monthly fee, beyond what a call costs us: who loses more by being asked is better left in peace."""
_WORTH_IT, WORTH_SAYING = 1.0, 0.03
"""What a move must add: minor units where he decides by what is said, a share of a monthly fee where a year's luck does."""


def possible_moves(session: Session) -> list[Move]:
    """The moves that may be made, offers in the sizes that are tried; what is said of competitors is honest."""
    limits, fee, menu = session.scenario.authority, session.seen.monthly_fee, session.menu
    moves = [Move(kind=kind) for kind in menu if kind not in _WITH_SLOTS]
    if MoveKind.PROPOSE_FIT in menu:
        named = "plan" in slots_of(MoveKind.PROPOSE_FIT, session.occasion)
        moves += [Move(kind=MoveKind.PROPOSE_FIT, plan=it) for it in (LISTED_PACKAGES if named else (None,))]
    amounts = sorted(
        {int(fee * depth) for depth in (*DEPTHS, limits.discount) if depth <= limits.discount} - {0}
    )
    if limits.months and MoveKind.OFFER_DISCOUNT in menu:
        moves += [Move(kind=MoveKind.OFFER_DISCOUNT, amount=it, months=limits.months) for it in amounts]
    if limits.months and MoveKind.OFFER_PAUSE in menu:
        moves += [Move(kind=MoveKind.OFFER_PAUSE, months=it) for it in PAUSES if it <= limits.months]
    once = sorted({int(fee * share * limits.once) for share in GIFTS} - {0})
    return moves + [
        Move(kind=kind, amount=it) for kind in menu if kind in session.occasion.gives_once for it in once
    ]


def best_moves(session: Session, futures: Futures) -> tuple[Move, ...]:
    """
    What is worth most with a customer, as far as going forward finds it: a lower bound of the best.

    After the questions that understand him, he goes on move by move while something adds to the value. Who is to be let
    go is let go, whatever he is worth. Who has said nothing is left in peace where even a question does harm.

    Args:
        session: At its beginning.
        futures: Worlds in which to try.
    """
    heard_out = _understood(session)
    if session.occasion.lets_go(session.case):
        let_go = Move(kind=MoveKind.RELEASE if MoveKind.RELEASE in session.menu else MoveKind.CLOSE)
        return (*heard_out.moves, let_go) if heard_out.phase is Phase.CALL else heard_out.moves
    best = _onwards(heard_out, futures)
    if session.case.situation is not Situation.THREAT:
        alone, talked = (_worth(it, futures) for it in (session, session.after(best)))
        p = session.case.market.rules.plain()
        our_time = len(best) * p.move_minutes * p.minute_cost
        if talked + our_time < alone - HARM * session.seen.monthly_fee:
            return max(best, _onwards(session, futures), key=lambda it: _worth(session.after(it), futures))
    return best


def _worth(session: Session, futures: Futures) -> float:
    return futures.of(session.outcome, groups=1).value


def _onwards(at: Session, futures: Futures) -> tuple[Move, ...]:
    """All moves of a call that goes on, from where it stands, while something adds to its worth."""
    value = _worth(at, futures)
    threatens = at.case.situation is Situation.THREAT
    enough = _WORTH_IT if threatens else WORTH_SAYING * at.seen.monthly_fee
    while at.turn < MOST_TURNS - 1 and at.phase is Phase.CALL:
        tried = [at.say(move) for move in possible_moves(at)]
        gain, best = max(((_worth(it, futures), -place) for place, it in enumerate(tried)))
        if gain < value + enough:
            break
        at, value = tried[-best], gain
    return at.moves if at.phase is not Phase.CALL else (*at.moves, Move(kind=MoveKind.CLOSE))


def _understood(session: Session) -> Session:
    """The session after the questions a good script asks, until the reason was said back."""
    while session.phase is Phase.CALL and not session.seen.confirmed:
        question = understand(session.seen)
        if question is None or question.kind not in session.menu:
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
