"""
The conversation with a customer who threatens to leave: what each move does.

``k`` is where the talk stands (`market.talk`). There is no table of odds: at the end the customer decides by the
market's own choice (`law.second_thoughts`), with trust, satisfaction and the offer on the table as they then are.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from retainsdk.action import Claim, MoveKind
from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import (
    clamp,
    hundredths,
)
from retainsim.market.law.names import (
    CHEAPER,
    CONTRACT_DAYS,
    NEED_PAUSED,
    NEED_THERE,
    NOT_WORTH,
    Luck,
    MonthRow,
    Parameters,
)
from retainsim.market.law.offers import share_paid
from retainsim.market.law.rivals import known_firms
from retainsim.market.person import OURS, Person
from retainsim.market.streams import drawn, logistic, rule
from retainsim.market.talk import End, Talk

MOST_TURNS = 12
"""Moves a representative has at most."""
REPLIES = tuple(for_.REPLY ^ turn for turn in range(MOST_TURNS))
"""A purpose for each; worked out beforehand, because compiled code takes a purpose and a count for different kinds of number."""

ASK_OPEN, PROBE, EMPATHISE = int(MoveKind.ASK_OPEN), int(MoveKind.PROBE), int(MoveKind.EMPATHISE)
APOLOGISE, EXPLAIN_VALUE = int(MoveKind.APOLOGISE), int(MoveKind.EXPLAIN_VALUE)
OFFER_DISCOUNT, PROPOSE_FIT = int(MoveKind.OFFER_DISCOUNT), int(MoveKind.PROPOSE_FIT)
TALK_OF_PAUSE, COMPARE_COMPETITOR = int(MoveKind.OFFER_PAUSE), int(MoveKind.COMPARE_COMPETITOR)
PROMISE_FOLLOW_UP, ESCALATE = int(MoveKind.PROMISE_FOLLOW_UP), int(MoveKind.ESCALATE)
REFUSE, CLOSE, SMALL_TALK = int(MoveKind.REFUSE), int(MoveKind.CLOSE), int(MoveKind.SMALL_TALK)
PRESSURE, RELEASE = int(MoveKind.PRESSURE), int(MoveKind.RELEASE)
TALK_OF_REFERRAL, TALK_OF_BENEFIT = int(MoveKind.ASK_REFERRAL), int(MoveKind.OFFER_BENEFIT)
WE_ARE_CHEAPER, OUR_QUALITY_IS_BETTER = int(Claim.WE_ARE_CHEAPER), int(Claim.OUR_QUALITY_IS_BETTER)
THEY_BIND_LONGER = int(Claim.THEY_BIND_LONGER)
Slots: TypeAlias = tuple[int, int, int, int, int]
"""What goes with a move: amount, months, plan, claim, days; -1 is none of the last three."""
GOES_ON, CLOSED, RELEASED, ESCALATED = -1, int(End.CLOSED), int(End.RELEASED), int(End.ESCALATED)
HUNG_UP, OUT_OF_TIME = int(End.HUNG_UP), int(End.OUT_OF_TIME)


@rule
def begin_talk(k: Talk, c: Person, p: Parameters) -> None:
    """He is as angry as he was hurt, and more patient the more he trusts."""
    k.mood = clamp(-p.talk_upset - c.hurt + p.talk_trust_warms * c.trust, -1.0, 1.0)
    k.trust = c.trust
    polite = 1.0 - hundredths(c.assertive)
    k.patience = p.talk_patience + p.talk_patience_trust * c.trust + p.talk_patience_polite * polite


@rule
def say(k: Talk, move: int, slots: Slots, c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """One more move of the representative; beyond his patience every one annoys."""
    react(k, move, slots, c, w, luck, p)
    k.turn = k.turn + 1
    tired = k.turn > k.patience
    k.mood = clamp(k.mood - (p.talk_tires if tired else 0.0), -1.0, 1.0)
    k.trust = clamp(k.trust, -1.0, 1.0)
    if k.end == GOES_ON and k.mood <= -p.talk_hangs_up:
        k.end = HUNG_UP
    elif k.end == GOES_ON and k.turn >= MOST_TURNS:
        k.end = OUT_OF_TIME


@rule
def react(k: Talk, move: int, slots: Slots, c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """What a move does; each turn has a number of its own for what chance has in it."""
    amount, months, plan, claim, days = slots
    u = drawn(luck, REPLIES[k.turn])
    if move == ASK_OPEN:
        hear_question(k, c, u, p)
    elif move == PROBE:
        hear_probe(k, c, u, p)
    elif move == EMPATHISE:
        k.mood = k.mood + p.talk_sympathy / (1.0 + k.turn / p.talk_sympathy_wears)
        earn_trust(k, p.talk_sympathy_trust)
    elif move == APOLOGISE:
        hear_apology(k, c, p)
    elif move == EXPLAIN_VALUE:
        hear_worth(k, p)
    elif move in (OFFER_DISCOUNT, PROPOSE_FIT, TALK_OF_PAUSE):
        hear_offer(k, move, amount, months, plan, c, w, p)
    elif move == COMPARE_COMPETITOR:
        hear_comparison(k, claim, c, w, luck, p)
    elif move == PROMISE_FOLLOW_UP:  # worth what his trust makes it worth; it falls due in the market [A5]
        k.bonus = k.bonus + (0.0 if k.promised == 1 else p.talk_promise * (1.0 + k.trust))
        k.promised = 1
        k.promised_days = days
    elif move == ESCALATE:  # handing over shows effort and ends the call with us; then he decides
        k.bonus = k.bonus + p.talk_handed_over
        k.end = ESCALATED
    elif move == REFUSE:
        k.mood = k.mood - p.talk_refused
    elif move == CLOSE:
        k.end = CLOSED
    elif move == SMALL_TALK:
        k.mood = k.mood + (p.talk_chat if k.turn == 0 else -p.talk_beside)
    elif move == PRESSURE:
        feel_pressure(k, c, p)
    elif move == RELEASE:
        earn_trust(k, p.talk_let_go)
        k.end = RELEASED
    elif move in (TALK_OF_REFERRAL, TALK_OF_BENEFIT):  # that is not what he called about
        k.mood = k.mood - p.talk_beside


@rule
def earn_trust(k: Talk, share: float) -> None:
    """So much of the distance to full trust."""
    k.trust = k.trust + share * (1.0 - k.trust)


@rule
def hear_question(k: Talk, c: Person, u: float, p: Parameters) -> None:
    """An open question is welcome, and who trusts answers it truly [B7]."""
    if u < logistic(p.talk_tells + p.talk_tells_trust * k.trust + k.mood):
        k.revealed = c.true_reason
    if k.questions == 0:
        k.mood = k.mood + p.talk_asked
        k.bonus = k.bonus + p.talk_heard + (p.talk_afterwards if c.need_state == NEED_PAUSED else 0.0)
    else:
        k.mood = k.mood - p.talk_beside
    k.questions = k.questions + 1


@rule
def hear_probe(k: Talk, c: Person, u: float, p: Parameters) -> None:
    """Digging: who has told his reason hears it said back; who has not is asked about it by name."""
    k.questions = k.questions + 1
    if k.revealed >= 0:
        earn_trust(k, p.talk_understood_trust)
        k.bonus = k.bonus + (0.0 if k.confirmed == 1 else p.talk_understood)
        k.confirmed = 1
    elif u < logistic(p.talk_tells_probed + p.talk_tells_trust * k.trust + k.mood):
        k.revealed = c.true_reason


@rule
def hear_apology(k: Talk, c: Person, p: Parameters) -> None:
    """Once it helps, as far as there is something to be sorry for; again it adds nothing; a third time it harms."""
    k.apologies = k.apologies + 1
    if k.apologies == 1:
        gain = min(1.0 * c.hurt, p.talk_apology_most)
        k.mood = k.mood + p.talk_apology_heard + gain
        k.bonus = k.bonus + p.talk_apology * gain
    elif k.apologies > 2:
        k.trust = k.trust - p.apology_worn
        k.mood = k.mood - p.apology_worn


@rule
def hear_worth(k: Talk, p: Parameters) -> None:
    """What the service is worth interests, once, him whose reason is its cost."""
    if k.revealed in (CHEAPER, NOT_WORTH) and k.explained == 0:
        k.explained = 1
        k.bonus = k.bonus + p.talk_worth
    else:
        k.mood = k.mood - p.talk_beside


@rule
def hear_offer(
    k: Talk, move: int, amount: int, months: int, plan: int, c: Person, w: MonthRow, p: Parameters
) -> None:
    """An offer waits on the table; whether it fits shows when he decides. One before any question shows he was not heard."""
    if k.asked < 0:
        k.asked = 1 if k.questions > 0 else 0
    if move == TALK_OF_PAUSE and OURS < c.leaning < w.n_firms:  # he wants the service, from somebody else
        k.bonus = k.bonus - p.talk_amiss
    k.offer = move
    k.offer_amount = amount
    k.offer_months = months
    k.offer_plan = plan
    k.mood = k.mood + (p.talk_offer if k.asked == 1 else -p.talk_offer)


@rule
def hear_comparison(k: Talk, claim: int, c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """
    What he had not weighed of them counts when he decides; being told honestly earns trust, once [A4].

    A claim he knows to be false costs trust and shows him nothing.
    """
    if w.cheapest == math.inf:
        return  # nobody to compare with
    if claim >= 0 and is_known_false(claim, c, w, known_firms(luck, w)):
        k.false_claims = k.false_claims + 1
        k.trust = k.trust - p.talk_false_claim
        return
    if claim < 0 and k.compared == 0:
        earn_trust(k, p.talk_candour)
        if c.leaning == w.n_firms and c.need_state == NEED_THERE:  # he sees what others pay for as much
            k.bonus = k.bonus + p.talk_worth
    k.compared = 1


@rule
def is_known_false(claim: int, c: Person, w: MonthRow, known: int) -> bool:
    """Whether one of the competitors he knows of gives the lie to what is said of them all."""
    for firm in range(1, w.n_firms):
        if known & (1 << firm) and w.price[firm] < math.inf:
            if claim == WE_ARE_CHEAPER and w.price[firm] < share_paid(c):
                return True
            if claim == OUR_QUALITY_IS_BETTER and w.quality[firm] >= w.quality[OURS]:
                return True
            if claim == THEY_BIND_LONGER and 30.4 * w.lock_months[firm] <= CONTRACT_DAYS[int(c.contract)]:
                return True
    return False


@rule
def feel_pressure(k: Talk, c: Person, p: Parameters) -> None:
    """The polite give way, for now; everybody trusts less, every time [A3]."""
    assertive = hundredths(c.assertive)
    k.trust = k.trust - p.talk_pressure
    k.mood = k.mood - p.talk_pressure_angers * assertive
    k.bonus = k.bonus + p.talk_pressure_sways * (1.0 - assertive)
