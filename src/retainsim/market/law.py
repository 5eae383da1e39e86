"""
The law: one month in the life of one person, in plain functions.

Read `month_of` first. Every function is written for one person ``c`` (`person.FIELDS`), under the parameters
``p`` (the preset's table), in the month ``m`` whose chance is keyed by ``when``. The engine compiles these very
functions; uncompiled they give the same bits. Utilities are on the scale of a logit choice; satisfaction,
trust and moods run from -1 to 1. Sources stand with the parameters in the preset.

Arithmetic is in 64 bits, storage in 32. Compiled code multiplies two stored numbers in 32 bits, plain Python does
not: where two of them meet, ``1.0 *`` comes first.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import ActionKind
from retainsdk.view import CONTACT_MEMORY, Origin, Reason
from retainsim.market import purposes as for_
from retainsim.market.person import NEVER, OURS, ContractKind, Need, Person
from retainsim.market.streams import exp, logistic, rule, uniform

Parameters: TypeAlias = Any
"""The preset's numbers by name: a record when compiled, a namespace in plain Python."""
Firms: TypeAlias = Any
"""One figure a firm, ours first: an array when compiled, a sequence in plain Python."""
Tally: TypeAlias = Any
"""Counts, 64-bit: an array when compiled, a memoryview in plain Python."""

# compiled code knows plain numbers only, so the words are spelt out once
NEED_THERE, NEED_ENDED, NEED_PAUSED = int(Need.THERE), int(Need.ENDED), int(Need.PAUSED)
MONTH_TO_MONTH, ONE_YEAR, TWO_YEARS = (
    int(ContractKind.MONTH_TO_MONTH),
    int(ContractKind.ONE_YEAR),
    int(ContractKind.TWO_YEARS),
)
NO_NEED_STATED = int(Reason.NO_NEED_STATED)
NEED_GONE, LIFE_EVENT = int(Reason.NEED_ENDED), int(Reason.LIFE_EVENT)
CHEAPER, BETTER, NOT_WORTH = (
    int(Reason.CHEAPER_COMPETITOR),
    int(Reason.BETTER_COMPETITOR),
    int(Reason.NOT_WORTH_COST),
)
FAILURE, BROKEN_TRUST = int(Reason.SERVICE_FAILURE), int(Reason.BROKEN_TRUST)
N_REASONS = len(Reason)
CAMPAIGN, REFERRAL, RETURN = int(Origin.CAMPAIGN), int(Origin.REFERRAL), int(Origin.RETURN)

NOTHING, CHECK_IN, NEEDS_REVIEW = (
    int(ActionKind.NOTHING),
    int(ActionKind.CHECK_IN),
    int(ActionKind.NEEDS_REVIEW),
)
PROGRESS_REPORT, GREETING = int(ActionKind.PROGRESS_REPORT), int(ActionKind.GREETING)
NEWSLETTER, SURVEY = int(ActionKind.NEWSLETTER), int(ActionKind.SURVEY)
OFFER_PACKAGE, OFFER_PRICE = int(ActionKind.OFFER_PACKAGE), int(ActionKind.OFFER_PRICE)
OFFER_PAUSE, APOLOGY = int(ActionKind.OFFER_PAUSE), int(ActionKind.APOLOGY)
COMPENSATION, PROMISE_CALLBACK = int(ActionKind.COMPENSATION), int(ActionKind.PROMISE_CALLBACK)
COMPARISON, RELEASE_WELL = int(ActionKind.COMPARISON), int(ActionKind.RELEASE_WELL)
WIN_BACK, ASK_REFERRAL = int(ActionKind.WIN_BACK), int(ActionKind.ASK_REFERRAL)

# what is counted: one 64-bit whole number each, so that sums do not depend on their order
LEFT, RETURNED, JOINED, THREATENED, SAVED, SILENT = 0, 1, 2, 3, 4, 5
REVENUE, CONCESSIONS, SERVING, CONTACTS, ACQUISITION = 6, 7, 8, 9, 10
KEPT, WARNED, BROKEN = 11, 12, 13
REASONS = 14  # then N_REASONS × N_REASONS, true by stated
TALLIES = REASONS + N_REASONS * N_REASONS

CONTRACT_DAYS = (0, 365, 730)


@rule
def month_of(
    c: Person,
    deed: int,
    amount: int,
    months: int,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    price: Firms,
    quality: Firms,
    awareness: Firms,
    lock: Firms,
    word: float,
    p: Parameters,
    tally: Tally,
) -> None:
    """
    One month in one life.

    Args:
        c: The person.
        deed: What our policy has done for him this month, code of `ActionKind`.
        amount: Its money, minor units.
        months: For how long.
        m: Month of the market, from 0.
        when: Key of the month's chance.
        first_day: Day of the market on which the month begins.
        n_days: Its length.
        price: Of each firm, 1 is our list price.
        quality: Of each firm, 0 is usual.
        awareness: Share of people who know each firm's offer.
        lock: Months a newcomer is bound by each firm.
        word: What friends say of us, from last month.
        p: Parameters.
        tally: Counts to add to.
    """
    c.woken = p.woken_left * c.woken
    c.asked = 0
    c.leaning = -1
    c.aloud = 0
    life(c, when, p)
    if c.firm == OURS:
        serve(c, m, when, first_day, n_days, quality[OURS], p)
        settle_promise(c, deed, when, first_day, n_days, p, tally)
        if deed != NOTHING:
            contact(c, deed, amount, months, m, when, first_day, n_days, price, p, tally)
        fade(c, p)
        deliberate(c, m, when, first_day, n_days, price, quality, awareness, p, tally)
    else:
        if deed != NOTHING:
            contact_leaver(c, deed, amount, months, when, first_day, n_days, p)
        elsewhere(c, m, when, first_day, price, quality, lock, word, p, tally)


@rule
def settle_month(
    c: Person,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    quality: Firms,
    lock: Firms,
    p: Parameters,
    tally: Tally,
) -> None:
    """After the response: who still leans to another firm leaves, who is ours pays, and the month is over."""
    if c.leaning >= 0:
        leave(c, c.leaning, when, first_day, n_days, quality, lock, p, tally)
    if c.firm == OURS:
        c.tenure = c.tenure + 1
        if c.contract != MONTH_TO_MONTH and c.lock_end_day < first_day + n_days:
            c.lock_end_day = c.lock_end_day + CONTRACT_DAYS[int(c.contract)]  # renews by itself
        pay(c, m, p, tally)
    c.contacts_recent = c.contacts_recent * CONTACT_MEMORY
    c.signals_recent = c.signals_recent * CONTACT_MEMORY


# life and need


@rule
def life(c: Person, when: int, p: Parameters) -> None:
    """Life events come by rate; they end a need, pause it or change it. Needs drift besides [B7 C3 D3]."""
    if c.need_pause > 0:
        c.need_pause = c.need_pause - 1
        if c.need_pause == 0:
            c.need_state = NEED_THERE
    if uniform(c.key, when, for_.LIFE) < p.life_rate and c.need_state == NEED_THERE:
        kind = uniform(c.key, when, for_.LIFE_KIND)
        if kind < p.life_ends:
            c.need_state = NEED_ENDED
        elif kind < p.life_ends + p.life_pauses:
            c.need_state = NEED_PAUSED
            c.need_pause = 3 + int(6.0 * uniform(c.key, when, for_.PAUSE_LENGTH))
        else:
            c.need = clamp(c.need + p.need_jump * centred(c, when, for_.NEED_JUMP), 0.3, 2.0)
    c.need = clamp(c.need + p.need_drift * centred(c, when, for_.NEED_DRIFT), 0.3, 2.0)


# service and recovery


@rule
def serve(
    c: Person, m: int, when: int, first_day: int, n_days: int, our_quality: float, p: Parameters
) -> None:
    """Service of the month: usually in order, sometimes failing; who complains is temperament [C1 C8 D6 A7]."""
    usual = p.usual_satisfaction + p.quality_felt * our_quality
    drift = p.satisfaction_return * (usual - c.satisfaction) + p.mood_drift * centred(
        c, when, for_.MOOD_DRIFT
    )
    c.satisfaction = clamp(c.satisfaction + drift, -1.0, 1.0)
    c.usage_before = c.usage
    noise = 1.0 + p.usage_noise * centred(c, when, for_.USAGE)
    c.usage = (
        0.0
        if c.need_state != NEED_THERE
        else min(1.0 * c.need / c.package, 1.3) * (0.9 + 0.2 * c.satisfaction) * noise
    )
    if c.paused_until > m:
        return
    if c.complaints_open > 0 and uniform(c.key, when, for_.RESOLUTION) < p.resolution:
        c.complaints_open = c.complaints_open - 1
        c.satisfaction = clamp(c.satisfaction + p.recovery * c.hurt, -1.0, 1.0)
    if uniform(c.key, when, for_.INCIDENT) < p.incident_rate * exp(-our_quality):
        fail(c, when, first_day, n_days, p)


@rule
def fail(c: Person, when: int, first_day: int, n_days: int, p: Parameters) -> None:
    """A failure hurts more after silence [D6] and more the dependent, spoilt customer [A7]."""
    day = first_day + int(n_days * uniform(c.key, when, for_.INCIDENT_DAY))
    silence = clamp((day - c.contact_day) / 360.0, 0.0, 1.0)
    hit = p.failure_hit * (0.5 + uniform(c.key, when, for_.SEVERITY))
    hit = hit * (1.0 + p.silence_amplifies * silence) * (1.0 + p.habit_amplifies * c.habit)
    c.apologies = 0
    c.hurt = clamp(c.hurt + hit, 0.0, 1.0)
    c.satisfaction = clamp(c.satisfaction - hit, -1.0, 1.0)
    if uniform(c.key, when, for_.SIGNAL) < p.signal_seen:
        c.signals_recent = c.signals_recent + 1.0
    if uniform(c.key, when, for_.COMPLAINT) < p.complaint * c.voice:
        c.complaints = c.complaints + 1
        c.complaints_open = min(c.complaints_open + 1, 100)
        promise(c, day, when, p)


@rule
def promise(c: Person, day: int, when: int, p: Parameters) -> None:
    """A complaint is answered by a promise with a date [A5 C8]; one is open at a time."""
    if c.promise_due_day == NEVER:
        c.promise_due_day = day + 3 + int(p.promise_days * uniform(c.key, when, for_.PROMISE_DUE))


@rule
def settle_promise(
    c: Person, deed: int, when: int, first_day: int, n_days: int, p: Parameters, tally: Tally
) -> None:
    """What falls due is kept, put off with notice, or broken; a broken promise costs about twice what a kept one gives [A5 C4]."""
    if c.promise_due_day == NEVER or c.promise_due_day >= first_day + n_days:
        return
    cared_for = deed == PROGRESS_REPORT
    reliability = p.reliability_cared if cared_for else p.reliability
    warning = p.warning_cared if cared_for else p.warning
    if uniform(c.key, when, for_.PROMISE) < reliability:
        c.promise_due_day = NEVER
        c.promises_kept = c.promises_kept + 1
        c.trust = clamp(c.trust + p.promise_kept * (1.0 - c.trust), -1.0, 1.0)
        if c.complaints_open > 0:
            c.complaints_open = c.complaints_open - 1
            c.satisfaction = clamp(c.satisfaction + p.recovery * c.hurt, -1.0, 1.0)
        tally[KEPT] += 1
    elif uniform(c.key, when, for_.WARNING) < warning:
        c.promise_due_day = first_day + n_days + int(20.0 * uniform(c.key, when, for_.NEW_DUE))
        c.promises_warned = c.promises_warned + 1
        c.trust = clamp(c.trust - p.promise_warned * (1.0 + c.trust), -1.0, 1.0)
        tally[WARNED] += 1
    else:
        c.promise_due_day = NEVER
        c.promises_broken = c.promises_broken + 1
        c.trust = clamp(c.trust - p.promise_broken * (1.0 + c.trust), -1.0, 1.0)
        c.satisfaction = clamp(c.satisfaction - p.promise_broken_hit, -1.0, 1.0)
        c.hurt = clamp(c.hurt + p.promise_broken_hit, 0.0, 1.0)
        tally[BROKEN] += 1


# contact


@rule
def contact(
    c: Person,
    deed: int,
    amount: int,
    months: int,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    price: Firms,
    p: Parameters,
    tally: Tally,
) -> None:
    """Our policy's action. Being remembered helps, being pestered harms, and every sales talk wakes a sleeper [A2 A3 C6 C9]."""
    live = deed not in (NEWSLETTER, SURVEY)
    if live:
        c.contact_day = first_day + int(n_days * uniform(c.key, when, for_.CONTACT_DAY))
    if live and deed not in (OFFER_PACKAGE, OFFER_PRICE, OFFER_PAUSE, COMPARISON):  # a sales talk is not care
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.trust = clamp(c.trust + p.contact_trust * (1.0 - c.trust) / (1.0 + c.fatigue), -1.0, 1.0)
    c.contacts_recent = c.contacts_recent + 1.0
    c.fatigue = c.fatigue + (p.contact_fatigue if live else 0.3 * p.contact_fatigue)
    c.satisfaction = clamp(c.satisfaction - p.fatigue_harm * c.fatigue * c.fatigue, -1.0, 1.0)
    if deed in (CHECK_IN, NEEDS_REVIEW):
        stir(c, p.wake_service)
        listen(c, p)
        if deed == NEEDS_REVIEW:
            review(c)
    elif deed == GREETING:
        c.satisfaction = clamp(c.satisfaction + p.greeting / (1.0 + 2.0 * c.fatigue), -1.0, 1.0)
        give(c, amount, tally)
    elif deed == SURVEY:
        answer_survey(c, when, first_day, n_days, p)
    elif deed == OFFER_PACKAGE:
        consider_package(c, when, p)
    elif deed == OFFER_PRICE:
        stir(c, p.wake_sales)
        consider_discount(c, amount, months, m, when, p)
    elif deed == OFFER_PAUSE:
        consider_pause(c, months, m, when, p)
    elif deed in (APOLOGY, COMPENSATION):
        recover(c, amount, p)
        give(c, amount, tally)
    elif deed == PROMISE_CALLBACK:
        promise(c, c.contact_day, when, p)
    elif deed == COMPARISON:
        compare(c, price, p)
    elif deed == ASK_REFERRAL:
        stir(c, p.wake_service)
        c.asked = 1


@rule
def stir(c: Person, chance: float) -> None:
    """What we do may make him think it over, this month and, less, in the next."""
    c.woken = max(c.woken, chance)


@rule
def listen(c: Person, p: Parameters) -> None:
    """A talk about how things are going takes the edge off a failure the customer kept to himself [D3 D6]."""
    eased = p.listening * c.hurt
    c.hurt = c.hurt - eased
    c.satisfaction = clamp(c.satisfaction + 0.7 * eased, -1.0, 1.0)


@rule
def review(c: Person) -> None:
    """Needs gone through together: the listed package replaces the present one if it suits better, and old regret halves [D3]."""
    c.regret = 0.5 * c.regret
    proposed = nearest_package(c.need)
    if suitability(c.need, proposed) > suitability(c.need, c.package):
        repackage(c, proposed)


@rule
def give(c: Person, amount: int, tally: Tally) -> None:
    """Money given once, for a gift or in compensation."""
    c.concession_cost = c.concession_cost + amount
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
def answer_survey(c: Person, when: int, first_day: int, n_days: int, p: Parameters) -> None:
    """Not everybody answers, and answers are noisy."""
    if uniform(c.key, when, for_.ANSWER) < p.survey_answers:
        noise = 2.0 * centred(c, when, for_.ANSWER_NOISE)
        c.survey_score = clamp(5.0 + 5.0 * c.satisfaction + noise, 0.0, 10.0)
        c.survey_day = first_day + int(n_days * uniform(c.key, when, for_.CONTACT_DAY))
        c.surveyed = 1


@rule
def consider_package(c: Person, when: int, p: Parameters) -> None:
    """
    The package that suits what we saw of his use or, where none suits better, the next larger: a push [A3].

    The assertive object to what does not suit; the polite take it and regret it.
    """
    seen = 1.0 * c.usage * c.package
    proposed = nearest_package(seen)
    if abs(proposed - c.package) < 0.01:
        proposed = c.package + 0.3
    gain = suitability(c.need, proposed) - suitability(c.need, c.package)
    stir(c, p.wake_sales)
    c.offers_made = c.offers_made + 1
    if uniform(c.key, when, for_.ACCEPTANCE) < logistic(
        p.package_appeal + p.package_gain * gain - p.objection * c.assertive
    ):
        c.offers_accepted = c.offers_accepted + 1
        repackage(c, proposed)
        if gain < 0.0:
            c.regret = clamp(c.regret - p.regret * gain, 0.0, 1.0)
            c.trust = clamp(c.trust + p.regret * 0.5 * gain, -1.0, 1.0)
        else:
            c.trust = clamp(c.trust + p.suited_trust * gain, -1.0, 1.0)
    elif gain < 0.0:
        c.satisfaction = clamp(c.satisfaction - p.push_harm * c.assertive, -1.0, 1.0)


@rule
def consider_discount(c: Person, amount: int, months: int, m: int, when: int, p: Parameters) -> None:
    """Money off is taken by nearly everybody; it lowers the price thought right and teaches to ask again [A7]."""
    c.offers_made = c.offers_made + 1
    if uniform(c.key, when, for_.ACCEPTANCE) < 0.95:
        grant(c, amount, months, m, p)


@rule
def grant(c: Person, amount: int, months: int, m: int, p: Parameters) -> None:
    """A discount in force, and what it teaches."""
    c.offers_accepted = c.offers_accepted + 1
    c.discount = min(max(c.discount, amount), c.monthly_fee)
    c.discount_until = max(c.discount_until, m + months)
    c.habit = clamp(c.habit + p.habit_gain * (1.0 - c.habit), 0.0, 1.0)


@rule
def consider_pause(c: Person, months: int, m: int, when: int, p: Parameters) -> None:
    """A pause is for a need that is away for a while."""
    c.offers_made = c.offers_made + 1
    wanted = p.pause_wanted if c.need_state == NEED_PAUSED else 0.05
    if uniform(c.key, when, for_.ACCEPTANCE) < wanted:
        c.offers_accepted = c.offers_accepted + 1
        c.paused_until = m + months


@rule
def compare(c: Person, price: Firms, p: Parameters) -> None:
    """An honest comparison moves the price thought right towards the cheapest; it earns more trust when that is us [A4]."""
    cheapest = price[1]
    for firm in range(2, len(price)):
        cheapest = min(cheapest, price[firm])
    c.reference = c.reference + 0.3 * (cheapest - c.reference)
    c.trust = clamp(c.trust + (p.comparison if cheapest >= 1.0 else 0.3 * p.comparison), -1.0, 1.0)
    stir(c, p.wake_sales)


@rule
def fade(c: Person, p: Parameters) -> None:
    """What a month wears off: being remembered, being tired of us, hurts, and the memory of the last price paid."""
    c.attention = p.attention_left * c.attention
    c.fatigue = p.fatigue_left * c.fatigue
    c.hurt = p.hurt_left * c.hurt
    paid = 1.0 - c.discount / max(c.monthly_fee, 1)
    moved = p.reference_moves * (paid - c.reference) + p.reference_returns * (1.0 - c.reference)
    c.reference = max(c.reference + moved, 0.1)  # what was free for years is still not worth nothing
    c.habit = p.habit_left * c.habit


# deliberation


@rule
def deliberate(
    c: Person,
    m: int,
    when: int,
    first_day: int,
    n_days: int,
    price: Firms,
    quality: Firms,
    awareness: Firms,
    p: Parameters,
    tally: Tally,
) -> None:
    """Most months nobody thinks about it. Who does weighs us, each competitor he knows of, and no service at all [B7 A1]."""
    if uniform(c.key, when, for_.TRIGGER) >= trigger(c, first_day, n_days, p):
        return
    known = known_firms(c, when, awareness)
    u = uniform(c.key, when, for_.CHOICE)
    chosen = choose(c, m, first_day, price, quality, known, 0.0, u, p)
    if chosen == OURS:
        return
    c.true_reason = reason_of(c, chosen, price, quality, p)
    c.leaning = chosen
    if uniform(c.key, when, for_.VOICE) < threatens(c, p):
        c.aloud = 1
        c.threats = c.threats + 1
        c.stated_reason = statement(c, when, p)
        tally[THREATENED] += 1
    else:
        tally[SILENT] += 1  # no desk hears of it


@rule
def trigger(c: Person, first_day: int, n_days: int, p: Parameters) -> float:
    """
    The chance that this month makes him think.

    Tenure and being remembered lull, failures, broken promises and our own sales talks wake.
    """
    lulled = exp(
        -p.tenure_lulls * c.tenure / (c.tenure + 24.0) - p.attention_lulls * c.attention - c.commitment
    )
    chance = p.trigger * lulled + p.hurt_wakes * c.hurt + c.woken * lulled
    if c.need_state != NEED_THERE:
        chance = chance + p.need_wakes
    if c.discount_until > 0 and c.discount == 0 and c.habit > 0.1:
        chance = chance + p.habit_wakes * c.habit
    if c.contract != MONTH_TO_MONTH and c.lock_end_day < first_day + n_days:
        chance = chance + p.renewal_wakes
    return chance


@rule
def threatens(c: Person, p: Parameters) -> float:
    """Voice or exit is temperament; getting something for it teaches voice."""
    return clamp(p.threat * c.voice + p.habit_threatens * c.habit, 0.0, 1.0)


@rule
def known_firms(c: Person, when: int, awareness: Firms) -> int:
    """One bit a competitor whose offer he knows this month; digits of one number give the chances."""
    u = uniform(c.key, when, for_.AWARENESS)
    known = 0
    for firm in range(1, len(awareness)):
        u = u * 1024.0
        digits = math.floor(u)
        u = u - digits
        if digits < 1024.0 * awareness[firm]:
            known = known | (1 << firm)
    return known


@rule
def staying(c: Person, m: int, p: Parameters) -> float:
    """What speaks for us: service, trust, habit, fit, and what is paid against what seems right."""
    bond = (
        p.bond
        + c.commitment
        + p.tenure_binds * c.tenure / (c.tenure + 24.0)
        + p.attention_binds * c.attention
    )
    felt = p.satisfaction_counts * c.satisfaction + p.trust_counts * c.trust - p.regret_counts * c.regret
    fit = p.fit_counts * (suitability(c.need, c.package) - 0.8)
    paid = 0.0 if c.paused_until > m else 1.0 - c.discount / max(c.monthly_fee, 1)
    return bond + felt + fit - c.price_taste * (paid / c.reference - 1.0)


@rule
def going(c: Person, first_day: int, price_there: float, quality_there: float, p: Parameters) -> float:
    """What speaks for a competitor: his price and quality, less the trouble of switching and the penalty of a bound contract."""
    trouble = p.switching + p.penalty * months_bound(c, first_day) / 12.0
    return c.quality_taste * quality_there - c.price_taste * (price_there / c.reference - 1.0) - trouble


@rule
def going_without(c: Person, m: int, first_day: int, p: Parameters) -> float:
    """What speaks for no service at all: a need that is gone, or small for its price."""
    if c.need_state == NEED_THERE or c.paused_until > m:
        gain = p.without - p.need_counts * c.need
    else:
        gain = p.need_gone
    return gain - p.penalty * months_bound(c, first_day) / 12.0


@rule
def months_bound(c: Person, first_day: int) -> float:
    """Months until the person is free."""
    return max(c.lock_end_day - first_day, 0) / 30.4


@rule
def choose(
    c: Person,
    m: int,
    first_day: int,
    price: Firms,
    quality: Firms,
    known: int,
    bonus: float,
    u: float,
    p: Parameters,
) -> int:
    """
    A logit choice from one number *u*, by the inverse of its distribution.

    Returns:
        `OURS`, a competitor's number, or the number of firms for no service.
    """
    n_firms = len(price)
    stay = exp(staying(c, m, p) + bonus)
    without = exp(going_without(c, m, first_day, p))
    total = stay + without
    for firm in range(1, n_firms):
        if known & (1 << firm):
            total = total + exp(going(c, first_day, price[firm], quality[firm], p))
    mark = u * total - stay
    if mark < 0.0:
        return OURS
    for firm in range(1, n_firms):
        if known & (1 << firm):
            mark = mark - exp(going(c, first_day, price[firm], quality[firm], p))
            if mark < 0.0:
                return firm
    return n_firms


@rule
def reason_of(c: Person, chosen: int, price: Firms, quality: Firms, p: Parameters) -> int:
    """
    The true reason, read off the choice: which difference in utility did most.

    Each part is measured against a satisfied, trusting customer who pays what seems right to him.
    """
    n_firms = len(price)
    if chosen == n_firms and c.need_state == NEED_ENDED:
        return NEED_GONE
    if chosen == n_firms and c.need_state == NEED_PAUSED:
        return LIFE_EVENT
    failure = p.satisfaction_counts * (p.usual_satisfaction - c.satisfaction)
    distrust = p.trust_counts * (p.usual_trust - c.trust)
    paid = 1.0 - c.discount / max(c.monthly_fee, 1)
    if chosen == n_firms:
        cost = c.price_taste * max(paid / c.reference - 1.0, 0.0) + p.need_counts * max(1.0 - c.need, 0.0)
        most, reason = cost + p.regret_counts * c.regret, NOT_WORTH
    else:
        cheaper = c.price_taste * (paid - price[chosen]) / c.reference
        better = c.quality_taste * (quality[chosen] - quality[OURS]) + p.fit_counts * (
            1.0 - suitability(c.need, c.package)
        )
        most, reason = (cheaper, CHEAPER) if cheaper >= better else (better, BETTER)
    if failure > most and failure >= distrust:
        return FAILURE
    if distrust > most:
        return BROKEN_TRUST
    return reason


@rule
def statement(c: Person, when: int, p: Parameters) -> int:
    """What he says, or the representative writes down: often "no need", sometimes the truth, sometimes another excuse [B7 B8]."""
    u = uniform(c.key, when, for_.STATEMENT)
    if u < p.says_no_need:
        return NO_NEED_STATED
    if u < p.says_no_need + (1.0 - p.says_no_need) * p.says_truth:
        return c.true_reason
    return 1 + int((N_REASONS - 1) * uniform(c.key, when, for_.STATEMENT_KIND))


# leaving, then elsewhere or back


@rule
def leave(
    c: Person,
    chosen: int,
    when: int,
    first_day: int,
    n_days: int,
    quality: Firms,
    lock: Firms,
    p: Parameters,
    tally: Tally,
) -> None:
    """The end with us: how it is done decides what is thought of us later [B2 E6]."""
    c.stated_reason = statement(c, when, p)
    c.firm = chosen
    c.left_day = first_day + int(n_days * uniform(c.key, when, for_.LEAVING_DAY))
    c.cohort = -1
    if uniform(c.key, when, for_.ENDING) < p.ends_well:
        c.ended_well = 1  # a call may have seen to it before
    c.goodwill = clamp(
        0.6 * c.trust + 0.3 * c.satisfaction + (p.good_ending if c.ended_well == 1 else -p.good_ending),
        -1.0,
        1.0,
    )
    c.discount = 0
    c.discount_until = 0
    c.paused_until = 0
    c.promise_due_day = NEVER
    c.complaints_open = 0
    settle_in(c, chosen, when, first_day, quality, lock, p)
    tally[LEFT] += 1
    tally[REASONS + c.true_reason * N_REASONS + c.stated_reason] += 1


@rule
def settle_in(
    c: Person, firm: int, when: int, first_day: int, quality: Firms, lock: Firms, p: Parameters
) -> None:
    """The beginning elsewhere: bound for a while, pleased or disappointed [B1]."""
    n_firms = len(lock)
    c.lock_end_day = first_day
    c.mood_elsewhere = 0.0
    if firm < n_firms:
        c.lock_end_day = first_day + int(30.4 * lock[firm] * (0.5 + 0.5 * uniform(c.key, when, for_.LOCK_IN)))
        c.mood_elsewhere = clamp(
            p.mood_felt * quality[firm] + p.mood_spread * centred(c, when, for_.ELSEWHERE_MOOD), -1.0, 1.0
        )


@rule
def contact_leaver(
    c: Person, deed: int, amount: int, months: int, when: int, first_day: int, n_days: int, p: Parameters
) -> None:
    """A former customer hears from us: an open door, and an offer if he returns [B1 B4]."""
    if deed not in (NEWSLETTER, SURVEY):
        c.contact_day = first_day + int(n_days * uniform(c.key, when, for_.CONTACT_DAY))
    c.contacts_recent = c.contacts_recent + 1.0
    if deed == RELEASE_WELL:
        if c.ended_well == 0:
            c.ended_well = 1
            c.goodwill = clamp(c.goodwill + 1.5 * p.good_ending, -1.0, 1.0)
    elif deed == WIN_BACK:
        stir(c, p.wake_leaver)
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.offer = min(amount, c.monthly_fee)
        c.offer_months = min(months, 120)
        if amount > 0:
            c.offers_made = c.offers_made + 1


@rule
def elsewhere(
    c: Person,
    m: int,
    when: int,
    first_day: int,
    price: Firms,
    quality: Firms,
    lock: Firms,
    word: float,
    p: Parameters,
    tally: Tally,
) -> None:
    """A month with a competitor or without service: bound, content or looking round; friends and campaigns tell of us [B1 B5 D8]."""
    n_firms = len(price)
    c.attention = p.attention_left * c.attention
    c.fatigue = p.fatigue_left * c.fatigue
    bound = c.lock_end_day > first_day
    if bound:
        return
    if c.need_state == NEED_ENDED:
        c.firm = n_firms
    if c.need_state != NEED_THERE:
        return
    chance = p.elsewhere_trigger * (1.0 - 0.8 * c.mood_elsewhere) + c.woken
    if first_day - c.lock_end_day < 90 and c.firm < n_firms:
        chance = chance + p.lock_end_wakes
    if uniform(c.key, when, for_.ELSEWHERE_TRIGGER) >= chance:
        return
    stay = (
        exp(p.bond_elsewhere + p.mood_counts * c.mood_elsewhere)
        if c.firm < n_firms
        else exp(p.without - p.need_counts * c.need + 1.0)
    )
    heard = (
        c.ever_ours == 1 or c.woken > 0.0 or word > 0.0 or uniform(c.key, when, for_.REACH) < p.campaign_reach
    )
    come = exp(attraction(c, quality[OURS], word, p)) if heard else 0.0
    total = stay + come
    for firm in range(1, n_firms):
        if firm != c.firm:
            total = total + exp(
                c.quality_taste * quality[firm] - c.price_taste * (price[firm] - 1.0) - p.switching
            )
    mark = uniform(c.key, when, for_.ELSEWHERE_CHOICE) * total - stay
    if mark < 0.0:
        return
    if mark < come:
        join(c, m, when, first_day, word, p, tally)
        return
    mark = mark - come
    for firm in range(1, n_firms):
        if firm != c.firm:
            mark = mark - exp(
                c.quality_taste * quality[firm] - c.price_taste * (price[firm] - 1.0) - p.switching
            )
            if mark < 0.0:
                c.firm = firm
                settle_in(c, firm, when, first_day, quality, lock, p)
                return


@rule
def attraction(c: Person, our_quality: float, word: float, p: Parameters) -> float:
    """What speaks for coming to us: the price on offer, what friends say, and for those who left, how it ended."""
    past = p.goodwill_counts * c.goodwill + p.attention_binds * c.attention if c.ever_ours == 1 else 0.0
    saving = c.price_taste * c.offer / max(c.monthly_fee, 1)
    return c.quality_taste * our_quality + saving + p.word_counts * word + past - p.switching


@rule
def join(c: Person, m: int, when: int, first_day: int, word: float, p: Parameters, tally: Tally) -> None:
    """A new or returning customer. Who comes for money off remembers it as the price [A7 B1]."""
    if c.ever_ours == 1:
        c.origin = RETURN
        c.returned = min(c.returned + 1, 100)
        tally[RETURNED] += 1
    else:
        c.origin = REFERRAL if word > 0.0 else CAMPAIGN
        tally[JOINED] += 1
    terms = uniform(c.key, when, for_.JOINING_TERMS)
    longer = terms - p.joins_month_to_month
    c.contract = MONTH_TO_MONTH if longer < 0.0 else (ONE_YEAR if longer < p.joins_one_year else TWO_YEARS)
    c.lock_end_day = first_day + CONTRACT_DAYS[int(c.contract)]
    c.firm = OURS
    c.ever_ours = 1
    c.tenure = 0 if c.origin != RETURN else c.tenure
    c.satisfaction = p.usual_satisfaction
    c.trust = p.usual_trust + (0.3 * c.goodwill if c.origin == RETURN else 0.0)
    c.hurt = 0.0
    c.reference = 1.0
    c.discount = 0
    c.attention = 0.5
    if c.offer > 0:
        grant(c, c.offer, c.offer_months, m, p)
    c.offer = 0
    c.offer_months = 0
    c.ended_well = 0


# money


@rule
def pay(c: Person, m: int, p: Parameters, tally: Tally) -> None:
    """The month's money, unless service is paused; then a discount that has run its months ends."""
    if c.paused_until <= m:
        charge(c, p, tally)
    if c.discount_until <= m + 1:
        c.discount = 0


@rule
def charge(c: Person, p: Parameters, tally: Tally) -> None:
    """Fee less concession, and the cost of serving, which falls with tenure [C5 D1]."""
    c.value_to_date = c.value_to_date + (c.monthly_fee - c.discount)
    c.concession_cost = c.concession_cost + c.discount
    tally[REVENUE] += c.monthly_fee
    tally[CONCESSIONS] += c.discount
    tally[SERVING] += int(
        c.monthly_fee * p.serving * (1.0 + p.serving_new / (1.0 + c.tenure / 6.0))
        + p.complaint_cost * c.complaints_open
    )


# small things used above


@rule
def recommendation(c: Person, p: Parameters) -> float:
    """What a person tells two friends of us next month: the satisfied veteran and the returner most, more when asked [D8 B1]."""
    if c.firm != OURS or c.satisfaction < p.tells_from:
        return 0.0
    veteran = 1.0 + c.tenure / (c.tenure + 24.0)
    returner = 2.0 if c.returned > 0 else 1.0
    return (c.satisfaction - p.tells_from) * veteran * returner * (p.asking if c.asked == 1 else 1.0)


@rule
def suitability(need: float, package: float) -> float:
    """How well a package suits a need: 1 when equal, 0 when they differ by the size of a usual package."""
    return max(0.0, 1.0 - abs(1.0 * need - package))


def suitability_of(need: NDArray[np.float64], package: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same for many people at once."""
    return np.maximum(0.0, 1.0 - np.abs(need - package))


@rule
def nearest_package(need: float) -> float:
    """The listed package nearest to a need: 0.5, 0.8, 1.1 or 1.4."""
    return 0.5 + 0.3 * clamp(math.floor((need - 0.5) / 0.3 + 0.5), 0.0, 3.0)


@rule
def repackage(c: Person, package: float) -> None:
    """Another package; the fee follows its size, but less than in proportion."""
    c.monthly_fee = int(c.monthly_fee * (0.4 + 0.6 * package / c.package))
    c.package = package
    c.discount = min(c.discount, c.monthly_fee)


@rule
def saturation(amount: int, fee: int) -> float:
    """Concave worth of a compensation: half its effect at a quarter of a month's fee."""
    return amount / (amount + 0.25 * max(fee, 1))


@rule
def centred(c: Person, when: int, purpose: int) -> float:
    """A number with mean 0 and standard deviation 1, bounded: uniform chance is enough for drift."""
    return 3.4641016151377544 * (uniform(c.key, when, purpose) - 0.5)


@rule
def clamp(value: float, low: float, high: float) -> float:
    """The value, held between two bounds."""
    return min(max(value, low), high)
