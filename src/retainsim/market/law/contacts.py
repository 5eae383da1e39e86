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
    once_more,
    one_recent_more,
    saturation,
    suitability,
    times,
)
from retainsim.market.law.buying import offer_in_shop
from retainsim.market.law.complaints import escalate, mediate
from retainsim.market.law.membership import consider_benefit, give, let_in_first
from retainsim.market.law.names import (
    APOLOGY,
    ASK_REFERRAL,
    ASK_TESTIMONIAL,
    ASKED,
    BEREAVED,
    CHECK_IN,
    COMPARISON,
    COMPENSATION,
    CONCESSIONS,
    CONTACTS,
    ESCALATE_COMPLAINT,
    FOUNDED,
    GREETED,
    GREETING,
    HAPPY,
    INVITATION,
    KEEP_ADVISING,
    MEDIATE,
    NEED_THERE,
    NEEDS_REVIEW,
    NEWSLETTER,
    OFFER_BENEFIT,
    OFFER_EARLY_ACCESS,
    OFFER_PACKAGE,
    OFFER_PAUSE,
    OFFER_PRICE,
    PROGRESS_REPORT,
    PROMISE_CALLBACK,
    PROMISE_DELIVERY,
    REDO,
    SERVING,
    STRAITENED,
    SURVEY,
    WIN_BACK,
    WORD,
    WORD_UNIT,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.newcomers import praise
from retainsim.market.law.offers import (
    consider_discount,
    consider_package,
    consider_pause,
    repackage,
    share_paid,
    stir,
)
from retainsim.market.law.promises import promise, promise_delivery
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
    live = deed not in (NEWSLETTER, SURVEY, INVITATION)
    if live:
        c.contact_day = w.first_day + int(w.n_days * drawn(luck, for_.CONTACT_DAY))
    if live and deed not in (
        OFFER_PACKAGE,
        OFFER_PRICE,
        OFFER_PAUSE,
        COMPARISON,
        ASK_TESTIMONIAL,
    ):  # a sales talk is not care
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.trust = clamp(c.trust + p.contact_trust * (1.0 - c.trust) / (1.0 + c.fatigue), -1.0, 1.0)
    c.contacts_recent = one_recent_more(c.contacts_recent)
    if c.tenure < 3 and deed in (NEEDS_REVIEW, CHECK_IN, PROGRESS_REPORT):
        c.marks = c.marks | FOUNDED
    c.fatigue = c.fatigue + (p.contact_fatigue if live else 0.3 * p.contact_fatigue)
    c.satisfaction = clamp(c.satisfaction - p.fatigue_harm * c.fatigue * c.fatigue, -1.0, 1.0)
    if c.event > 0 and is_tactless(c, deed):
        c.trust = clamp(c.trust - p.tactless * (1.0 + c.trust), -1.0, 1.0)
        c.satisfaction = clamp(c.satisfaction - p.tactless, -1.0, 1.0)
    if deed in (CHECK_IN, NEEDS_REVIEW, KEEP_ADVISING):
        stir(c, p.wake_service)
        listen(c, p)
        if deed == NEEDS_REVIEW and p.contractual != 0.0:
            review(c)
    elif deed == GREETING:
        greet(c, p)
        tally[CONCESSIONS] += amount  # a gift concedes nothing
    elif deed == SURVEY:
        answer_survey(c, w, luck, p)
    elif p.contractual == 0.0 and deed in (OFFER_PACKAGE, OFFER_PRICE, OFFER_PAUSE, WIN_BACK):
        stir(c, p.wake_sales)
        offer_in_shop(c, deed, amount, months, w)
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
        c.marks = c.marks | ASKED
    elif deed == ASK_TESTIMONIAL:
        speak_for_us(c, p, tally)
    elif deed == INVITATION:
        invite(c, w, luck, p, tally)
    elif deed == OFFER_BENEFIT:
        stir(c, p.wake_service)
        consider_benefit(c, amount, luck, p, tally)
    elif deed == OFFER_EARLY_ACCESS:
        stir(c, p.wake_service)
        let_in_first(c, p)
    elif deed == REDO:
        redo(c, luck, p, tally)
    elif deed == PROMISE_DELIVERY:
        promise_delivery(c, c.contact_day, luck, p)
    elif deed == ESCALATE_COMPLAINT:
        escalate(c, luck, p)
    elif deed == MEDIATE:
        mediate(c, p)


@rule
def is_tactless(c: Person, deed: int) -> bool:
    """To sell to somebody in mourning, or more to somebody in hard times, is not to know one's customer [C3]."""
    kind = c.event // 4
    return (
        kind == BEREAVED and deed in (OFFER_PACKAGE, OFFER_PRICE, ASK_REFERRAL, ASK_TESTIMONIAL, INVITATION)
    ) or (kind == STRAITENED and deed == OFFER_PACKAGE)


@rule
def greet(c: Person, p: Parameters) -> None:
    """A greeting pleases when it is rare: a second within a year adds nothing, a third shows that it is not meant; at a happy event it pleases more [C6]."""
    before = times(c.marks, GREETED)
    if before == 0:
        pleased = p.greeting * (p.happy_greeting if c.event // 4 == HAPPY else 1.0)
        c.satisfaction = clamp(c.satisfaction + pleased / (1.0 + 2.0 * c.fatigue), -1.0, 1.0)
    elif before >= 2:
        c.satisfaction = clamp(c.satisfaction - p.greeting, -1.0, 1.0)
    c.marks = once_more(c.marks, GREETED)


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
def recover(c: Person, amount: int, p: Parameters) -> None:
    """An apology with money: it adds to the word, less and less with its size."""
    make_good(c, p.apology + p.compensation * saturation(amount, c.monthly_fee), p)


@rule
def redo(c: Person, luck: Luck, p: Parameters, tally: Tally) -> None:
    """What went wrong is done again, by a promised day: in kind heals a failed service better than money [C4]."""
    make_good(c, p.apology + p.redone, p)
    promise(c, c.contact_day, luck, p)
    tally[SERVING] += int(p.redo_cost * c.monthly_fee)


@rule
def make_good(c: Person, share: float, p: Parameters) -> None:
    """An apology works once, a second adds nothing, a third harms, whatever comes with it."""
    if c.apologies == 0:
        eased = min(share, 1.0) * c.hurt
        c.hurt = c.hurt - eased
        c.satisfaction = clamp(c.satisfaction + eased, -1.0, 1.0)
        c.trust = clamp(c.trust + 0.5 * eased, -1.0, 1.0)
    elif c.apologies >= 2:
        c.trust = clamp(c.trust - p.apology_worn, -1.0, 1.0)
    c.apologies = min(c.apologies + 1, 100)


@rule
def invite(c: Person, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """An evening for customers: who is pleased with us and needs the service comes, and remembers it; others throw the card away [C9 E7]."""
    comes = p.invited_come * (1.0 + c.satisfaction) * min(c.need, 1.0)
    if c.need_state == NEED_THERE and drawn(luck, for_.ACCEPTANCE) < comes:
        c.contact_day = w.first_day + int(w.n_days * drawn(luck, for_.CONTACT_DAY))
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.satisfaction = clamp(c.satisfaction + p.event_pleases * (1.0 - c.satisfaction), -1.0, 1.0)
        tally[CONTACTS] += int(p.event_cost * c.monthly_fee)


@rule
def speak_for_us(c: Person, p: Parameters, tally: Tally) -> None:
    """Asked to speak for us in public, the satisfied veteran is heard by many next month; whoever is not pleased is annoyed [D8 E8]."""
    if c.satisfaction >= p.tells_from:
        tally[WORD] += int(WORD_UNIT * p.testimonial * praise(c, p))
    else:
        c.satisfaction = clamp(c.satisfaction - p.asked_wrongly, -1.0, 1.0)


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
