"""
The conversation with a customer who threatens to leave: one transition function for policies and people.

A call goes move by move through `after`; at its end `settle` lets the customer decide again. What moves do stands in
`law.conversation`; here is how a call is shown, to whoever makes the moves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

import attrs

from retainsdk.policy import Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market.law import (
    LAW,
    MOST_TURNS,
    Law,
    MonthRow,
    Parameters,
    Tally,
    hundredths,
    nearest_package,
    suitability,
)
from retainsim.market.month import Month
from retainsim.market.person import Person
from retainsim.market.streams import stream_of
from retainsim.market.talk import Talk, talk_rows, talks

End = Literal["closed", "released", "escalated", "hung up", "out of time"]
_ENDS: tuple[End, ...] = ("closed", "released", "escalated", "hung up", "out of time")


@attrs.frozen(kw_only=True)
class Call:
    """
    Where a conversation stands; all but the last line of attributes is truth the representative does not see.

    Attributes:
        mood: −1 angry to 1 friendly.
        trust: −1 to 1, the customer's trust as it now is.
        patience: Moves he will still take in good humour.
        bonus: Utility of staying gained by being understood.
        explained: Whether the worth of the service was explained to one who doubted it.
        compared: Whether competitors were compared.
        turn: Moves made.
        asked: Whether a question came before the first offer; none while there was no offer.
        questions: Asked so far.
        revealed: The reason he has let be known; none while he only states one.
        confirmed: Whether it was said back to him.
        offer: The last offer on the table.
        apologies: Made in this call.
        promised: Whether a follow-up was promised.
        promised_days: For in how many days; none for the usual time.
        false_claims: Of ours about the competitors, so many as he knew to be false.
        end: How the call ended; none while it goes on.
    """

    mood: float
    trust: float
    patience: float
    bonus: float = 0.0
    explained: bool = False
    compared: bool = False
    turn: int = 0
    asked: bool | None = None
    questions: int = 0
    revealed: Reason | None = None
    confirmed: bool = False
    offer: Move | None = None
    apologies: int = 0
    promised: bool = False
    promised_days: int | None = None
    false_claims: int = 0
    end: End | None = None


def begin(person: Person, p: Parameters, law: Law = LAW) -> Call:
    """The call as it starts."""
    talk = talk_rows(talks(1))[0]
    law.begin_talk(talk, person, p)
    return call_of(talk)


def after(call: Call, move: Move, person: Person, month: Month, p: Parameters, law: Law = LAW) -> Call:
    """
    The call after one more move.

    Args:
        call: Before it.
        move: Of the representative.
        person: The customer, read only.
        month: In which they talk.
        p: Parameters.
        law: By which he lives.
    """
    talk, luck = talk_of(call), stream_of(person.key, month.when)
    law.say(talk, int(move.kind), slots_of(move), person, month.row, luck, p)
    return call_of(talk)


def slots_of(move: Move) -> tuple[int, int, int, int, int]:
    """What goes with a move, as the rules read it; -1 is none."""
    given = (move.plan, move.claim, move.days)
    plan, claim, days = (-1 if slot is None else int(slot) for slot in given)
    return move.amount, move.months, plan, claim, days


def call_of(talk: Talk) -> Call:
    """A call as people see it."""
    offer = None
    if talk.offer >= 0:
        offer = Move(
            kind=MoveKind(talk.offer),
            amount=talk.offer_amount,
            months=talk.offer_months,
            plan=None if talk.offer_plan < 0 else talk.offer_plan,
        )
    return Call(
        mood=talk.mood,
        trust=talk.trust,
        patience=talk.patience,
        bonus=talk.bonus,
        explained=talk.explained == 1,
        compared=talk.compared == 1,
        turn=talk.turn,
        asked=None if talk.asked < 0 else talk.asked == 1,
        questions=talk.questions,
        revealed=None if talk.revealed < 0 else Reason(talk.revealed),
        confirmed=talk.confirmed == 1,
        offer=offer,
        apologies=talk.apologies,
        promised=talk.promised == 1,
        promised_days=None if talk.promised_days < 0 else talk.promised_days,
        false_claims=talk.false_claims,
        end=None if talk.end < 0 else _ENDS[talk.end],
    )


def talk_of(call: Call) -> Talk:
    """The same call as the rules read it."""
    talk = talk_rows(talks(1))[0]
    for name in ("mood", "trust", "patience", "bonus", "explained", "compared", "turn", "questions", "confirmed", "apologies", "promised", "false_claims"):  # fmt: skip
        setattr(talk, name, getattr(call, name))
    talk.asked = -1 if call.asked is None else int(call.asked)
    talk.revealed = -1 if call.revealed is None else int(call.revealed)
    talk.end = -1 if call.end is None else _ENDS.index(call.end)
    if call.offer is not None:
        amount, months, plan, _, _ = slots_of(call.offer)
        talk.offer, talk.offer_amount, talk.offer_months = int(call.offer.kind), amount, months
        talk.offer_plan = plan
    talk.promised_days = -1 if call.promised_days is None else call.promised_days
    return talk


@attrs.frozen
class Turn:
    """
    A representative's turn in a call.

    Attributes:
        talk: Where the conversation stands.
        person: The customer.
        w: The month in which they talk.
    """

    talk: Talk
    person: Person
    w: MonthRow


def seen(call: Call, person: Person, month: Month) -> ThreatView:
    """What the representative knows at his turn: never the truth, only what was said and what the card shows."""
    turn = Turn(talk_of(call), person, month.row)
    return ThreatView(**{name: cell(turn) for name, cell in SEEN.items()})


def converse(
    representative: Callable[[ThreatView], Move], person: Person, month: Month, p: Parameters
) -> Call:
    """A whole call: the representative, whoever it is, makes a move at a time until it ends."""
    call = begin(person, p)
    while call.end is None:
        call = after(call, representative(seen(call, person, month)), person, month, p)
    return call


def settle(call: Call, person: Person, month: Month, p: Parameters, tally: Tally, law: Law = LAW) -> bool:
    """
    The customer decides again (`law.conversation.decide_again`).

    Returns:
        Whether he stays.
    """
    luck = stream_of(person.key, month.when)
    return bool(law.decide_again(talk_of(call), person, month.row, luck, p, tally))


def mood_shown(mood: float) -> int:
    """What a mood sounds like: −1 angry, 0 reserved, 1 friendly."""
    return -1 if mood < -0.3 else (1 if mood > 0.3 else 0)  # noqa: PLR2004 - a cue, not a measure


def _competitor_fee(it: Turn) -> int | None:
    return None if it.w.cheapest == math.inf else int(it.person.monthly_fee * it.w.cheapest)


def _alternative(it: Turn) -> float:
    seen_need = hundredths(it.person.usage) * hundredths(it.person.package)
    return suitability(seen_need, nearest_package(seen_need))


_REASONS = {int(reason): reason for reason in Reason}
_OFFERS = {int(kind): kind for kind in MoveKind}

SEEN: Mapping[str, Callable[[Turn], Any]] = {
    "relationship": lambda it: it.person.key,
    "turn": lambda it: it.talk.turn,
    "turns_left": lambda it: MOST_TURNS - it.talk.turn,
    "mood": lambda it: mood_shown(it.talk.mood),
    "stated_reason": lambda it: _REASONS[it.person.stated_reason],
    "revealed": lambda it: _REASONS.get(it.talk.revealed),
    "confirmed": lambda it: it.talk.confirmed == 1,
    "offer": lambda it: _OFFERS.get(it.talk.offer),
    "offer_amount": lambda it: it.talk.offer_amount if it.talk.offer >= 0 else 0,
    "apologies": lambda it: it.talk.apologies,
    "promised": lambda it: it.talk.promised == 1,
    "monthly_fee": lambda it: it.person.monthly_fee,
    "discount": lambda it: it.person.discount,
    "tenure_months": lambda it: it.person.tenure,
    "value_to_date": lambda it: it.person.value_to_date,
    "threats": lambda it: it.person.threats - 1,
    "complaints": lambda it: it.person.complaints,
    "competitor_fee": _competitor_fee,
    "alternative_suitability": _alternative,
}
"""How each figure of a `ThreatView` is read."""


__all__ = [
    "MOST_TURNS",
    "Call",
    "after",
    "begin",
    "call_of",
    "converse",
    "mood_shown",
    "seen",
    "settle",
    "talk_of",
]
