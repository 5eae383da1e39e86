"""Leaving, life elsewhere, and the way back: today's leaver is tomorrow's returner."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import (
    centred,
    clamp,
    one_more,
    one_recent_more,
    thousandths,
)
from retainsim.market.law.names import (
    LEFT,
    N_REASONS,
    NEED_ENDED,
    NEED_THERE,
    NEWSLETTER,
    NO_NEED_STATED,
    REASONS,
    RELEASE_WELL,
    SURVEY,
    WIN_BACK,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.newcomers import attraction, has_heard, join, move
from retainsim.market.law.offers import LAST_MONTH, stir, stirred
from retainsim.market.person import NEVER, Person
from retainsim.market.streams import drawn, exp, rule


@rule
def leave(c: Person, chosen: int, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """The end with us: how it is done decides how far we are trusted later [B2 E6]."""
    c.stated_reason = statement(c, luck, p)
    move(c, chosen, tally)
    day = w.first_day + int(w.n_days * drawn(luck, for_.LEAVING_DAY))
    c.left_day = max(day, c.contact_day, c.survey_day)  # we were in touch before he left
    c.cohort = -1
    if drawn(luck, for_.ENDING) < p.ends_well:
        c.ended_well = 1  # a call may have seen to it before
    ending = p.good_ending if c.ended_well == 1 else -p.good_ending
    c.trust = clamp(0.6 * c.trust + 0.3 * c.satisfaction + ending, -1.0, 1.0)
    c.discount = 0
    c.discount_until = 0
    c.paused_until = 0
    c.promise_due_day = NEVER
    c.complaints_open = 0
    settle_in(c, chosen, w, luck, p)
    tally[LEFT] += 1
    tally[REASONS + c.true_reason * N_REASONS + c.stated_reason] += 1


@rule
def statement(c: Person, luck: Luck, p: Parameters) -> int:
    """What he says, or the representative writes down: often "no need", sometimes the truth, sometimes another excuse [B7 B8]."""
    u = drawn(luck, for_.STATEMENT)
    if u < p.says_no_need:
        return NO_NEED_STATED
    if u < p.says_no_need + (1.0 - p.says_no_need) * p.says_truth:
        return int(c.true_reason)
    return 1 + int((N_REASONS - 1) * drawn(luck, for_.STATEMENT_KIND))


@rule
def settle_in(c: Person, firm: int, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """The beginning elsewhere: bound for a while, pleased or disappointed [B1]."""
    c.lock_end_day = NEVER
    c.satisfaction = 0.0
    if firm < w.n_firms:
        term = 30.4 * w.lock_months[firm]
        c.lock_end_day = w.first_day + int(term * (0.5 + 0.5 * drawn(luck, for_.LOCK_IN)))
        mood = p.mood_felt * w.quality[firm] + p.mood_spread * centred(luck, for_.ELSEWHERE_MOOD)
        c.satisfaction = clamp(mood, -1.0, 1.0)


@rule
def contact_leaver(
    c: Person, deed: int, amount: int, months: int, w: MonthRow, luck: Luck, p: Parameters
) -> None:
    """A former customer hears from us: an open door, and an offer if he returns [B1 B4]."""
    if deed not in (NEWSLETTER, SURVEY):
        c.contact_day = w.first_day + int(w.n_days * drawn(luck, for_.CONTACT_DAY))
    c.contacts_recent = one_recent_more(c.contacts_recent)
    if deed == RELEASE_WELL:
        if c.ended_well == 0:
            c.ended_well = 1
            c.trust = clamp(c.trust + 1.5 * p.good_ending, -1.0, 1.0)
    elif deed == WIN_BACK:
        stir(c, p.wake_leaver)
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.discount = min(amount, c.monthly_fee)
        c.discount_until = min(months, LAST_MONTH)
        if amount > 0:
            c.offers_made = one_more(c.offers_made)


@rule
def elsewhere(
    c: Person,
    word: float,
    teller: int,
    w: MonthRow,
    luck: Luck,
    p: Parameters,
    tally: Tally,
) -> None:
    """A month with a competitor or without service: bound, content or looking round; others and campaigns tell of us [B1 B5 D8]."""
    c.attention = p.attention_left * c.attention
    c.fatigue = p.fatigue_left * c.fatigue
    if c.lock_end_day > w.first_day:
        return
    if c.need_state == NEED_ENDED and c.firm < w.n_firms:
        move(c, w.n_firms, tally)
    if c.need_state != NEED_THERE:
        return
    chance = p.elsewhere_trigger * (1.0 - 0.8 * c.satisfaction) + stirred(c)
    if w.first_day - c.lock_end_day < 90 and c.firm < w.n_firms:
        chance = chance + p.lock_end_wakes
    if drawn(luck, for_.ELSEWHERE_TRIGGER) < chance:
        look_round(c, word, teller, w, luck, p, tally)


@rule
def look_round(
    c: Person,
    word: float,
    teller: int,
    w: MonthRow,
    luck: Luck,
    p: Parameters,
    tally: Tally,
) -> None:
    """Stay there, come to us, or go to yet another firm: a logit choice like that of our own customers."""
    stay = (
        exp(p.bond_elsewhere + p.mood_counts * c.satisfaction)
        if c.firm < w.n_firms
        else exp(p.without - p.need_counts * c.need + 1.0)
    )
    come = exp(attraction(c, word, w, p)) if has_heard(c, word, luck, p) else 0.0
    total = stay + come
    for firm in range(1, w.n_firms):
        if firm != c.firm:
            total = total + exp(appeal(c, firm, w, p))
    mark = drawn(luck, for_.ELSEWHERE_CHOICE) * total - stay
    if mark < 0.0:
        return
    if mark < come:
        join(c, word, teller, w, luck, p, tally)
        return
    mark = mark - come
    for firm in range(1, w.n_firms):
        if firm != c.firm:
            mark = mark - exp(appeal(c, firm, w, p))
            if mark < 0.0:
                move(c, firm, tally)
                settle_in(c, firm, w, luck, p)
                return


@rule
def appeal(c: Person, firm: int, w: MonthRow, p: Parameters) -> float:
    """What speaks for a competitor to somebody who is not ours."""
    dearer = w.price[firm] - 1.0
    return thousandths(c.quality_taste) * w.quality[firm] - thousandths(c.price_taste) * dearer - p.switching
