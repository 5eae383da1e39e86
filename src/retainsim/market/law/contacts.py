"""Contact: what our policy's actions do to those who are ours, and what a month wears off again."""

from __future__ import annotations

import math

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import (
    centred,
    clamp,
    hundredths,
    in_hundredths,
    nearest_package,
    one_recent_more,
    saturation,
    suitability,
)
from retainsim.market.law.names import (
    APOLOGY,
    ASK_REFERRAL,
    CHECK_IN,
    COMPARISON,
    COMPENSATION,
    CONCESSIONS,
    GREETING,
    NEEDS_REVIEW,
    NEWSLETTER,
    OFFER_PACKAGE,
    OFFER_PAUSE,
    OFFER_PRICE,
    PROMISE_CALLBACK,
    SURVEY,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.offers import (
    consider_discount,
    consider_package,
    consider_pause,
    repackage,
    share_paid,
    stir,
)
from retainsim.market.law.promises import promise
from retainsim.market.person import Person
from retainsim.market.streams import drawn, rule


@rule
def contact(
    c: Person,
    deed: int,
    amount: int,
    months: int,
    w: MonthRow,
    luck: Luck,
    p: Parameters,
    tally: Tally,
) -> None:
    """Our policy's action. Being remembered helps, being pestered harms, and every sales talk wakes a sleeper [A2 A3 C6 C9]."""
    live = deed not in (NEWSLETTER, SURVEY)
    if live:
        c.contact_day = w.first_day + int(w.n_days * drawn(luck, for_.CONTACT_DAY))
    if live and deed not in (OFFER_PACKAGE, OFFER_PRICE, OFFER_PAUSE, COMPARISON):  # a sales talk is not care
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.trust = clamp(c.trust + p.contact_trust * (1.0 - c.trust) / (1.0 + c.fatigue), -1.0, 1.0)
    c.contacts_recent = one_recent_more(c.contacts_recent)
    c.fatigue = c.fatigue + (p.contact_fatigue if live else 0.3 * p.contact_fatigue)
    c.satisfaction = clamp(c.satisfaction - p.fatigue_harm * c.fatigue * c.fatigue, -1.0, 1.0)
    if deed in (CHECK_IN, NEEDS_REVIEW):
        stir(c, p.wake_service)
        listen(c, p)
        if deed == NEEDS_REVIEW:
            review(c)
    elif deed == GREETING:
        c.satisfaction = clamp(c.satisfaction + p.greeting / (1.0 + 2.0 * c.fatigue), -1.0, 1.0)
        tally[CONCESSIONS] += amount  # a gift concedes nothing
    elif deed == SURVEY:
        answer_survey(c, w, luck, p)
    elif deed == OFFER_PACKAGE:
        consider_package(c, luck, p)
    elif deed == OFFER_PRICE:
        stir(c, p.wake_sales)
        consider_discount(c, amount, months, w, luck, p)
    elif deed == OFFER_PAUSE:
        consider_pause(c, months, w, luck, p)
    elif deed in (APOLOGY, COMPENSATION):
        recover(c, amount, p)
        give(c, amount, tally)
    elif deed == PROMISE_CALLBACK:
        promise(c, c.contact_day, luck, p)
    elif deed == COMPARISON:
        compare(c, w, p)
    elif deed == ASK_REFERRAL:
        stir(c, p.wake_service)
        c.asked = 1


@rule
def listen(c: Person, p: Parameters) -> None:
    """A talk about how things are going takes the edge off a failure the customer kept to himself [D3 D6]."""
    eased = p.listening * c.hurt
    c.hurt = c.hurt - eased
    c.satisfaction = clamp(c.satisfaction + 0.7 * eased, -1.0, 1.0)


@rule
def review(c: Person) -> None:
    """Needs gone through together: the listed package replaces the present one if it suits better, and old regret halves [D3]."""
    c.regret = in_hundredths(0.5 * hundredths(c.regret))
    proposed = nearest_package(c.need)
    if suitability(c.need, proposed) > suitability(c.need, hundredths(c.package)):
        repackage(c, proposed)


@rule
def give(c: Person, amount: int, tally: Tally) -> None:
    """Money given once, in compensation."""
    c.concession_cost = min(c.concession_cost + amount, 2_000_000_000)
    tally[CONCESSIONS] += amount


@rule
def recover(c: Person, amount: int, p: Parameters) -> None:
    """An apology works once, a second adds nothing, a third harms; compensation adds, less and less with its size."""
    if c.apologies == 0:
        share = p.apology + p.compensation * saturation(amount, c.monthly_fee)
        eased = min(share, 1.0) * c.hurt
        c.hurt = c.hurt - eased
        c.satisfaction = clamp(c.satisfaction + eased, -1.0, 1.0)
        c.trust = clamp(c.trust + 0.5 * eased, -1.0, 1.0)
    elif c.apologies >= 2:
        c.trust = clamp(c.trust - p.apology_worn, -1.0, 1.0)
    c.apologies = min(c.apologies + 1, 100)


@rule
def answer_survey(c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """Not everybody answers, and answers are noisy."""
    if drawn(luck, for_.ANSWER) < p.survey_answers:
        score = clamp(5.0 + 5.0 * c.satisfaction + 2.0 * centred(luck, for_.ANSWER_NOISE), 0.0, 10.0)
        c.survey_score = int(10.0 * score + 0.5)  # kept in tenths
        c.survey_day = w.first_day + int(w.n_days * drawn(luck, for_.CONTACT_DAY))


@rule
def compare(c: Person, w: MonthRow, p: Parameters) -> None:
    """An honest comparison moves the price thought right towards the cheapest; it earns more trust when that is us [A4]."""
    if w.cheapest == math.inf:
        return  # nobody to compare with
    c.reference = c.reference + 0.3 * (w.cheapest - c.reference)
    c.trust = clamp(c.trust + (p.comparison if w.cheapest >= 1.0 else 0.3 * p.comparison), -1.0, 1.0)
    stir(c, p.wake_sales)


@rule
def fade(c: Person, p: Parameters) -> None:
    """What a month wears off: being remembered, being tired of us, hurts, and the memory of the last price paid."""
    c.attention = p.attention_left * c.attention
    c.fatigue = p.fatigue_left * c.fatigue
    c.hurt = p.hurt_left * c.hurt
    moved = p.reference_moves * (share_paid(c) - c.reference) + p.reference_returns * (1.0 - c.reference)
    c.reference = max(c.reference + moved, 0.1)  # what was free for years is still not worth nothing
    c.habit = p.habit_left * c.habit
