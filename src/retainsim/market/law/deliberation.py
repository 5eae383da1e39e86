"""Deliberation: who thinks it over, what he weighs, what he chooses, and what he says of it."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.account import PLACES, elected, opinion, swayed, votes
from retainsim.market.law.arithmetic import clamp, hundredths, one_more, rooted, suitability, thousandths
from retainsim.market.law.buying import has_lapsed
from retainsim.market.law.leaving import leave, statement, stop
from retainsim.market.law.membership import belonging
from retainsim.market.law.names import (
    BETTER,
    BLUFFED,
    BROKEN_TRUST,
    CHEAPER,
    FAILURE,
    FOUNDED,
    LIFE_EVENT,
    MONTH_TO_MONTH,
    NEED_ENDED,
    NEED_GONE,
    NEED_PAUSED,
    NEED_THERE,
    NOT_WORTH,
    SILENT,
    THREATENED,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.offers import is_paused, share_paid, stirred
from retainsim.market.law.rivals import known_firms
from retainsim.market.person import OURS, Person
from retainsim.market.streams import drawn, exp, rule

VOTES = tuple(for_.VOTE ^ place for place in range(PLACES))
"""A purpose for each contact of an organisation."""


@rule
def deliberate(c: Person, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """Most months nobody thinks about it. Who does weighs us, each competitor he knows of, and no service at all [B7 A1]."""
    if drawn(luck, for_.TRIGGER) >= trigger(c, w, p):
        return
    known = known_firms(luck, w)
    chosen = decide(c, w, known, 0.0, luck, p)
    if chosen == OURS:
        if p.contractual != 0.0 and drawn(luck, for_.VOICE) < p.bluffs * c.habit:
            bluff(c, w, luck, p, tally)
        return
    c.true_reason = reason_of(c, chosen, w, p)
    if p.contractual == 0.0:
        stop(c, chosen, w, luck, p, tally)  # nobody gives notice in a shop
        tally[SILENT] += 1
    elif drawn(luck, for_.VOICE) < threatens(c, p):
        c.leaning = chosen
        c.threats = one_more(c.threats)
        c.stated_reason = statement(c, w, luck, p)
        tally[THREATENED] += 1
    else:
        leave(c, chosen, w, luck, p, tally)  # no desk hears of it
        tally[SILENT] += 1


@rule
def bluff(c: Person, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """Who has learnt that a threat is paid for threatens without meaning it: he leans to nobody but us [A7]."""
    c.true_reason = CHEAPER if w.n_firms > 1 else NOT_WORTH
    c.leaning = OURS
    c.threats = one_more(c.threats)
    c.stated_reason = statement(c, w, luck, p)
    tally[THREATENED] += 1
    tally[BLUFFED] += 1


@rule
def decide(c: Person, w: MonthRow, known: int, bonus: float, luck: Luck, p: Parameters) -> int:
    """
    A person chooses; in an organisation each contact chooses by his own view, and they vote: undecided, it stays [E2].

    Args:
        c: The person.
        w: The month.
        known: Competitors he knows of.
        bonus: Utility of staying gained in a conversation.
        luck: His chance; asked twice in a month, it gives the same numbers.
        p: Parameters.
    """
    if not votes(c, p):
        return choose(c, w, known, bonus, drawn(luck, for_.CHOICE), p)
    ballots, heard = 0, bonus + swayed(c, p)
    for place in range(PLACES):
        if c.committee & (1 << place):
            chosen = choose(c, w, known, heard + opinion(c, place, p), drawn(luck, VOTES[place]), p)
            ballots = ballots | (chosen << (4 * place))
    return elected(c, ballots, w.n_firms + 1, p)


@rule
def trigger(c: Person, w: MonthRow, p: Parameters) -> float:
    """
    The chance that this month makes him think.

    Tenure and being remembered lull, failures, broken promises and our own sales talks wake; and where there is no
    contract, not having come for long.
    """
    lulled = exp(
        -p.tenure_lulls * rooted(c.tenure) - p.attention_lulls * c.attention - thousandths(c.commitment)
    )
    if c.tenure < 12:
        lulled = lulled * foundations(c, p)
    chance = (p.trigger + stirred(c)) * lulled + p.hurt_wakes * c.hurt
    if c.need_state != NEED_THERE:
        chance = chance + p.need_wakes
    if c.discount_until > 0 and c.discount == 0 and c.habit > 0.1:
        chance = chance + p.habit_wakes * c.habit
    if c.contract != MONTH_TO_MONTH and c.lock_end_day < w.next_day:
        chance = chance + p.renewal_wakes
    if p.contractual == 0.0:
        if has_lapsed(c, w.next_day, p):
            chance = chance + p.lapse_wakes
    elif c.paused_until > 0 and c.paused_until == w.number:  # shall it go on?
        chance = chance + p.resume_wakes
    return chance


@rule
def foundations(c: Person, p: Parameters) -> float:
    """In the first year who never learnt what he gains thinks it over more often, who did less [E3]."""
    if c.marks & FOUNDED:
        return 1.0 - p.foundations * (1.0 - p.foundations_laid)
    return 1.0 + p.foundations * p.foundations_laid


@rule
def threatens(c: Person, p: Parameters) -> float:
    """How likely he threatens, and does not leave without a word: it is temperament, and who once got something for it does so sooner."""
    return clamp(p.threat * hundredths(c.voice) + p.habit_threatens * c.habit, 0.0, 1.0)


@rule
def staying(c: Person, w: MonthRow, p: Parameters) -> float:
    """What speaks for us: service, trust, habit, fit, and what is paid against what seems right."""
    bond = (
        p.bond
        + thousandths(c.commitment)
        + p.tenure_binds * rooted(c.tenure)
        + p.attention_binds * c.attention
    )
    bond = bond + belonging(c, p)
    regret = p.regret_counts * hundredths(c.regret)
    felt = p.satisfaction_counts * c.satisfaction + p.trust_counts * c.trust - regret
    fit = p.fit_counts * (suitability(c.need, hundredths(c.package)) - 0.8)
    paid = 0.0 if is_paused(c, w, p) else share_paid(c)
    return bond + felt + fit - thousandths(c.price_taste) * (paid / c.reference - 1.0)


@rule
def going(c: Person, firm: int, w: MonthRow, p: Parameters) -> float:
    """What speaks for a competitor: his price, quality and name, less the trouble of switching and the penalty of a bound contract."""
    trouble = p.switching + p.penalty * months_bound(c, w, p) / 12.0
    dearer = w.price[firm] / c.reference - 1.0
    known = thousandths(c.quality_taste) * w.quality[firm] + p.reputation_counts * w.reputation[firm]
    return known - thousandths(c.price_taste) * dearer - trouble


@rule
def going_without(c: Person, w: MonthRow, p: Parameters) -> float:
    """What speaks for no service at all: a need that is gone, or small for its price."""
    if c.need_state == NEED_THERE or is_paused(c, w, p):
        gain = p.without - p.need_counts * c.need
    else:
        gain = p.need_gone
    return gain - p.penalty * months_bound(c, w, p) / 12.0


@rule
def months_bound(c: Person, w: MonthRow, p: Parameters) -> float:
    """Months until the person is free; without a contract everybody is."""
    if p.contractual == 0.0:
        return 0.0
    return max(c.lock_end_day - w.first_day, 0) / 30.4


@rule
def choose(c: Person, w: MonthRow, known: int, bonus: float, u: float, p: Parameters) -> int:
    """
    One of the ways open to him, by chance: the more speaks for one, the likelier he goes it (a logit choice).

    Each way holds a stretch of the line from 0 to 1 as long as its chance; the number *u* is a point on that line.

    Returns:
        `OURS`, a competitor's number, or the number of firms for no service.
    """
    stay = exp(staying(c, w, p) + bonus)
    without = exp(going_without(c, w, p))
    total = stay + without
    for firm in range(1, w.n_firms):
        if known & (1 << firm):
            total = total + exp(going(c, firm, w, p))
    mark = u * total - stay
    if mark < 0.0:
        return OURS
    for firm in range(1, w.n_firms):
        if known & (1 << firm):
            mark = mark - exp(going(c, firm, w, p))
            if mark < 0.0:
                return firm
    return int(w.n_firms)


@rule
def reason_of(c: Person, chosen: int, w: MonthRow, p: Parameters) -> int:
    """
    The true reason, read off the choice: what weighed most in it.

    Each part is measured against a satisfied, trusting customer who pays what seems right to him.
    """
    if chosen == w.n_firms and c.need_state == NEED_ENDED:
        return NEED_GONE
    if chosen == w.n_firms and c.need_state == NEED_PAUSED:
        return LIFE_EVENT
    failure = p.satisfaction_counts * (p.usual_satisfaction - c.satisfaction)
    distrust = p.trust_counts * (p.usual_trust - c.trust)
    paid, price_taste = share_paid(c), thousandths(c.price_taste)
    if chosen == w.n_firms:
        cost = price_taste * max(paid / c.reference - 1.0, 0.0) + p.need_counts * max(1.0 - c.need, 0.0)
        most, reason = cost + p.regret_counts * hundredths(c.regret), NOT_WORTH
    else:
        cheaper = price_taste * (paid - w.price[chosen]) / c.reference
        unfit = p.fit_counts * (1.0 - suitability(c.need, hundredths(c.package)))
        better = thousandths(c.quality_taste) * (w.quality[chosen] - w.quality[OURS]) + unfit
        most, reason = (cheaper, CHEAPER) if cheaper >= better else (better, BETTER)
    if failure > most and failure >= distrust:
        return FAILURE
    if distrust > most:
        return BROKEN_TRUST
    return reason
