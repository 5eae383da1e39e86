"""
The conversation with a customer who threatens to leave: one transition function for policies and people.

A call goes move by move through `after`; at its end `settle` lets the customer decide again by the market's own
choice, with trust, satisfaction and the offer on the table as they then are. There is no table of odds.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal

import attrs

from retainsdk.policy import Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market import purposes as for_
from retainsim.market.law import (
    CONTACTS,
    LAW,
    SAVED,
    Law,
    Parameters,
    Tally,
    clamp,
    hundredths,
    nearest_package,
    one_more,
    one_recent_more,
    repackage,
    suitability,
)
from retainsim.market.law.offers import LAST_MONTH
from retainsim.market.month import Month
from retainsim.market.person import OURS, Person
from retainsim.market.streams import drawn, logistic, stream_of

MOST_TURNS = 12
"""Moves a representative has at most."""

End = Literal["closed", "released", "escalated", "hung up", "out of time"]
OFFERS = (MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT, MoveKind.OFFER_PAUSE)
_QUESTIONS = (MoveKind.ASK_OPEN, MoveKind.PROBE)
_PRICE_REASONS = (Reason.CHEAPER_COMPETITOR, Reason.NOT_WORTH_COST)


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
    end: End | None = None


def begin(person: Person) -> Call:
    """The call as it starts: the customer is as angry as he was hurt, and more patient the more he trusts."""
    return Call(
        mood=clamp(-0.2 - person.hurt + 0.4 * person.trust, -1.0, 1.0),
        trust=person.trust,
        patience=4.0 + 3.0 * person.trust + 2.0 * (1.0 - hundredths(person.assertive)),
    )


def after(call: Call, move: Move, person: Person, month: Month) -> Call:
    """
    The call after one more move.

    Args:
        call: Before it.
        move: Of the representative.
        person: The customer, read only.
        month: In which they talk.
    """
    u = drawn(stream_of(person.key, month.when), for_.REPLY ^ call.turn)
    call = _REACTIONS[move.kind](call, move, person, month.plan.on_offer, u)
    tired = call.turn + 1 > call.patience
    call = attrs.evolve(
        call,
        turn=call.turn + 1,
        mood=clamp(call.mood - (0.15 if tired else 0.0), -1.0, 1.0),
        trust=clamp(call.trust, -1.0, 1.0),
    )
    if call.end is None and call.mood <= -0.95:  # noqa: PLR2004 - as angry as can be
        return attrs.evolve(call, end="hung up")
    if call.end is None and call.turn >= MOST_TURNS:
        return attrs.evolve(call, end="out of time")
    return call


def seen(call: Call, person: Person, month: Month) -> ThreatView:
    """What the representative knows at his turn: never the truth, only what was said and what the card shows."""
    competing = month.plan.competitor_price
    return ThreatView(
        relationship=person.key,
        turn=call.turn,
        turns_left=MOST_TURNS - call.turn,
        mood=-1 if call.mood < -0.3 else (1 if call.mood > 0.3 else 0),  # noqa: PLR2004 - a cue, not a measure
        stated_reason=Reason(person.stated_reason),
        revealed=call.revealed,
        confirmed=call.confirmed,
        offer=None if call.offer is None else call.offer.kind,
        offer_amount=0 if call.offer is None else call.offer.amount,
        apologies=call.apologies,
        promised=call.promised,
        monthly_fee=person.monthly_fee,
        discount=person.discount,
        tenure_months=person.tenure,
        value_to_date=person.value_to_date,
        threats=person.threats - 1,
        complaints=person.complaints,
        competitor_fee=None if competing is None else int(person.monthly_fee * competing),
        alternative_suitability=_alternative(person),
    )


def converse(representative: Callable[[ThreatView], Move], person: Person, month: Month) -> Call:
    """A whole call: the representative, whoever it is, makes a move at a time until it ends."""
    call = begin(person)
    while call.end is None:
        call = after(call, representative(seen(call, person, month)), person, month)
    return call


def settle(call: Call, person: Person, month: Month, p: Parameters, tally: Tally, law: Law = LAW) -> bool:
    """
    The customer decides again, by the choice that made him threaten and with the same chance: he is the same man
    on the same day, so only what the call changed can change his mind.

    What was offered takes effect only if he stays; what was felt stays with him either way.

    Returns:
        Whether he stays.
    """
    w, luck = month.row, stream_of(person.key, month.when)
    person.trust = call.trust
    person.satisfaction = clamp(person.satisfaction + 0.1 * call.mood, -1.0, 1.0)
    person.contact_day = w.first_day + 1
    person.contacts_recent = one_recent_more(person.contacts_recent)
    tally[CONTACTS] += int(call.turn * p.move_minutes * p.minute_cost)
    if call.offer is not None:
        person.offers_made = one_more(person.offers_made)
    if call.end == "released":
        person.ended_well = 1
        return False
    before = (person.discount, person.package, person.monthly_fee, person.paused_until)
    _put_on_table(call, person, month.number)
    bonus = call.bonus * (0.7 if call.asked is False else 1.0) * (1.3 if call.confirmed else 1.0)
    known, u = law.known_firms(luck, w), drawn(luck, for_.CHOICE)
    if law.choose(person, w, known, bonus, u, p) != OURS:
        person.discount, person.package, person.monthly_fee, person.paused_until = before
        return False
    if call.offer is not None and call.offer.kind is MoveKind.OFFER_DISCOUNT:
        law.grant(person, call.offer.amount, call.offer.months, w, p)
    elif (person.package, person.paused_until) != (before[1], before[3]):
        person.offers_accepted = one_more(person.offers_accepted)
    if call.promised:
        law.promise(person, w.first_day + 14, luck, p)
    if call.end == "escalated":  # whoever it was handed to settles what is open, or calls in a third party
        law.escalate(person, luck, p)
        law.mediate(person, p)
    person.leaning = -1
    tally[SAVED] += 1
    return True


def _put_on_table(call: Call, person: Person, month: int) -> None:
    if call.offer is None:
        return
    if call.offer.kind is MoveKind.OFFER_DISCOUNT:
        person.discount = min(max(person.discount, call.offer.amount), person.monthly_fee)
    elif call.offer.kind is MoveKind.PROPOSE_FIT:
        repackage(person, nearest_package(_seen_need(person)))
    elif call.offer.kind is MoveKind.OFFER_PAUSE and person.true_reason == Reason.LIFE_EVENT:
        person.paused_until = min(month + max(call.offer.months, 1), LAST_MONTH)


def _alternative(person: Person) -> float:
    return suitability(_seen_need(person), nearest_package(_seen_need(person)))


def _seen_need(person: Person) -> float:
    return hundredths(person.usage) * hundredths(person.package)


# reactions: what each move does, one function a move


def _ask(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """An open question is welcome, and who trusts answers it truly [B7]."""
    told = u < logistic(0.3 + 1.5 * call.trust + call.mood)
    return attrs.evolve(
        call,
        mood=call.mood + (0.1 if call.questions == 0 else -0.05),
        questions=call.questions + 1,
        revealed=Reason(person.true_reason) if told else call.revealed,
    )


def _probe(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """Digging: who has told his reason hears it said back; who has not is asked about it by name."""
    if call.revealed is not None:
        return attrs.evolve(
            call,
            confirmed=True,
            questions=call.questions + 1,
            trust=_towards(call.trust, 0.05),
            bonus=call.bonus + (0.0 if call.confirmed else 0.25),
        )
    told = u < logistic(0.8 + 1.5 * call.trust + call.mood)
    return attrs.evolve(
        call, questions=call.questions + 1, revealed=Reason(person.true_reason) if told else None
    )


def _empathise(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    return attrs.evolve(call, mood=call.mood + 0.15 / (1 + call.turn / 4), trust=_towards(call.trust, 0.02))


def _apologise(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """Once it helps, as far as there is something to be sorry for; again it adds nothing; a third time it harms."""
    count = call.apologies + 1
    if count == 1:
        gain = min(person.hurt, 0.4)
        return attrs.evolve(call, apologies=1, mood=call.mood + 0.1 + gain, bonus=call.bonus + 0.5 * gain)
    harm = 0.05 if count > 2 else 0.0  # noqa: PLR2004 - the third
    return attrs.evolve(call, apologies=count, trust=call.trust - harm, mood=call.mood - harm)


def _explain(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """What the service is worth interests, once, him whose reason is its cost."""
    if call.revealed in _PRICE_REASONS and not call.explained:
        return attrs.evolve(call, explained=True, bonus=call.bonus + 0.15)
    return attrs.evolve(call, mood=call.mood - 0.05)


def _offer(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """An offer waits on the table; whether it fits shows when he decides. One before any question shows he was not heard."""
    asked = call.questions > 0 if call.asked is None else call.asked
    return attrs.evolve(call, offer=move, asked=asked, mood=call.mood + (0.05 if asked else -0.05))


def _compare(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """A true advantage counts once; a false one costs trust [A4]."""
    cheapest = min(price[1:], default=math.inf)
    if cheapest == math.inf:
        return call  # nobody to compare with
    if cheapest >= 1.0:
        return attrs.evolve(call, compared=True, bonus=call.bonus + (0.0 if call.compared else 0.3))
    return attrs.evolve(call, compared=True, trust=call.trust - 0.05)


def _promise(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """A promise is worth what his trust makes it worth; it falls due in the market [A5]."""
    return attrs.evolve(
        call, promised=True, bonus=call.bonus + (0.0 if call.promised else 0.2 * (1.0 + call.trust))
    )


def _escalate(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """Handing over shows effort and ends the call with us; then he decides."""
    return attrs.evolve(call, bonus=call.bonus + 0.1, end="escalated")


def _refuse(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    return attrs.evolve(call, mood=call.mood - 0.2)


def _close(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    return attrs.evolve(call, end="closed")


def _small_talk(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    return attrs.evolve(call, mood=call.mood + (0.05 if call.turn == 0 else -0.05))


def _pressure(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    """The polite give way, for now; everybody trusts less, every time [A3]."""
    return attrs.evolve(
        call,
        trust=call.trust - 0.1,
        mood=call.mood - 0.2 * hundredths(person.assertive),
        bonus=call.bonus + 0.2 * (1.0 - hundredths(person.assertive)),
    )


def _release(call: Call, move: Move, person: Person, price: tuple[float, ...], u: float) -> Call:  # noqa: ARG001 - reactions are called alike
    return attrs.evolve(call, trust=_towards(call.trust, 0.05), end="released")


def _towards(trust: float, share: float) -> float:
    return trust + share * (1.0 - trust)


_REACTIONS = {
    MoveKind.ASK_OPEN: _ask,
    MoveKind.PROBE: _probe,
    MoveKind.EMPATHISE: _empathise,
    MoveKind.APOLOGISE: _apologise,
    MoveKind.EXPLAIN_VALUE: _explain,
    MoveKind.OFFER_DISCOUNT: _offer,
    MoveKind.PROPOSE_FIT: _offer,
    MoveKind.OFFER_PAUSE: _offer,
    MoveKind.COMPARE_COMPETITOR: _compare,
    MoveKind.PROMISE_FOLLOW_UP: _promise,
    MoveKind.ESCALATE: _escalate,
    MoveKind.REFUSE: _refuse,
    MoveKind.CLOSE: _close,
    MoveKind.SMALL_TALK: _small_talk,
    MoveKind.PRESSURE: _pressure,
    MoveKind.RELEASE: _release,
}
