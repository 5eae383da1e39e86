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
from retainsim.market.law.buying import let_a_month_pass
from retainsim.market.law.complaints import hear_outcome
from retainsim.market.law.contacts import contact
from retainsim.market.law.names import (
    COOLING_OFF,
    GREETING,
    INVITATION,
    KEEP_ADVISING,
    LEFT,
    LIFE_EVENT,
    N_REASONS,
    NEED_ENDED,
    NEED_GONE,
    NEED_THERE,
    NEWSLETTER,
    NO_NEED_STATED,
    NOTHING,
    REASONS,
    RELEASE_WELL,
    SURVEY,
    WIN_BACK,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.newcomers import attraction, has_heard, is_lured, join, move, welcome
from retainsim.market.law.offers import LAST_MONTH, stir, stirred
from retainsim.market.law.promises import settle_promise
from retainsim.market.law.rivals import known_firms
from retainsim.market.law.service import resolve
from retainsim.market.law.staff import says_no_need
from retainsim.market.person import NEVER, Person
from retainsim.market.streams import drawn, exp, rule


@rule
def leave(c: Person, chosen: int, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """The end with us: how it is done decides how far we are trusted later [B2 E6]."""
    c.stated_reason = statement(c, w, luck, p)
    move(c, chosen, tally)
    set_out(c, w, luck)
    c.left_day = max(c.left_day, c.contact_day, c.survey_day)  # we were in touch before he left
    if drawn(luck, for_.ENDING) < p.ends_well:
        c.ended_well = 1  # a call may have seen to it before
    ending = p.good_ending if c.ended_well == 1 else -p.good_ending
    c.trust = clamp(0.6 * c.trust + 0.3 * c.satisfaction + ending, -1.0, 1.0)
    c.discount = 0
    c.discount_until = 0
    c.paused_until = 0
    c.promise_due_day = NEVER
    c.complaints_open = 0
    c.benefit = 0
    c.tier = 0
    c.marks = 0
    settle_in(c, chosen, w, luck, p)
    tally[LEFT] += 1
    tally[REASONS + c.true_reason * N_REASONS + c.stated_reason] += 1


@rule
def set_out(c: Person, w: MonthRow, luck: Luck) -> None:
    """On a day of this month he is with us no longer."""
    c.left_day = w.first_day + int(w.n_days * drawn(luck, for_.LEAVING_DAY))
    c.cohort = -1


@rule
def stop(c: Person, chosen: int, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """
    The end without a contract: he comes no more, and tells nobody [A1].

    What he has of ours, an open complaint, a promise, a coupon, stays open: nothing that we can see has changed.
    """
    move(c, chosen, tally)
    set_out(c, w, luck)
    c.trust = clamp(0.6 * c.trust + 0.3 * c.satisfaction, -1.0, 1.0)
    settle_in(c, chosen, w, luck, p)
    tally[LEFT] += 1


@rule
def statement(c: Person, w: MonthRow, luck: Luck, p: Parameters) -> int:
    """What he says, or the representative writes down: often "no need", sometimes the truth, sometimes another excuse [B7 B8]."""
    u, no_need = drawn(luck, for_.STATEMENT), says_no_need(c, w, p)
    if u < no_need:
        return NO_NEED_STATED
    if u < no_need + (1.0 - no_need) * p.says_truth:
        return NO_NEED_STATED if c.true_reason in (NEED_GONE, LIFE_EVENT) else int(c.true_reason)
    return 1 + int((N_REASONS - 1) * drawn(luck, for_.STATEMENT_KIND))


@rule
def settle_in(c: Person, firm: int, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """The beginning elsewhere: bound for a while, pleased or disappointed [B1]."""
    binds = p.contractual != 0.0
    if binds:
        c.lock_end_day = NEVER
    c.satisfaction = 0.0
    if firm < w.n_firms:
        if binds:
            term = 30.4 * w.lock_months[firm]
            c.lock_end_day = w.first_day + int(term * (0.5 + 0.5 * drawn(luck, for_.LOCK_IN)))
        mood = p.mood_felt * w.quality[firm] + p.mood_spread * centred(luck, for_.ELSEWHERE_MOOD)
        c.satisfaction = clamp(mood, -1.0, 1.0)


@rule
def contact_leaver(
    c: Person, deed: int, amount: int, months: int, w: MonthRow, luck: Luck, p: Parameters
) -> None:
    """A former customer hears from us: thanks and an open door, advice, and an offer if he returns [B1 B4]."""
    if deed not in (NEWSLETTER, SURVEY, INVITATION):
        c.contact_day = w.first_day + int(w.n_days * drawn(luck, for_.CONTACT_DAY))
    c.contacts_recent = one_recent_more(c.contacts_recent)
    if deed == RELEASE_WELL:
        if c.ended_well == 0:
            c.ended_well = 1
            c.trust = clamp(c.trust + 1.5 * p.good_ending, -1.0, 1.0)
    elif deed in (GREETING, KEEP_ADVISING):
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.trust = clamp(
            c.trust + (p.advice if deed == KEEP_ADVISING else p.thanks) * (1.0 - c.trust), -1.0, 1.0
        )
    elif deed == WIN_BACK:
        stir(c, p.wake_leaver)
        c.attention = clamp(c.attention + p.contact_attention * (1.0 - c.attention), 0.0, 1.0)
        c.discount = min(amount, c.monthly_fee)
        c.discount_until = min(months, LAST_MONTH)
        if amount > 0:
            c.offers_made = one_more(c.offers_made)


@rule
def stay_away(
    c: Person,
    deed: int,
    amount: int,
    months: int,
    w: MonthRow,
    luck: Luck,
    p: Parameters,
    tally: Tally,
) -> None:
    """
    A month of somebody who does not buy of us, where nobody gives notice.

    Who was a customer may be taken for one still, so everything goes on with him that we would see of one: promises
    fall due, complaints are settled, letters and coupons reach him and remind him of us, and may bring him back [B1].
    His mood is with another shop; whoever asks what he thinks of us hears how far he trusts us.
    """
    let_a_month_pass(c)
    if c.begun == 0:
        return
    felt = c.satisfaction
    c.satisfaction = c.trust
    if c.marks & COOLING_OFF:
        hear_outcome(c, luck, p)
    settle_promise(c, deed, w, luck, p, tally)
    resolve(c, w, luck, p)
    if deed != NOTHING:
        contact(c, deed, amount, months, w, luck, p, tally)
        if deed not in (NEWSLETTER, SURVEY, INVITATION):
            stir(c, p.wake_leaver)
    c.satisfaction = felt


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
    binds = p.contractual != 0.0
    if binds and c.lock_end_day > w.first_day:
        return
    if c.need_state == NEED_ENDED and c.firm < w.n_firms:
        move(c, w.n_firms, tally)
    if c.need_state != NEED_THERE:
        return
    chance = p.elsewhere_trigger * (1.0 - 0.8 * c.satisfaction) + stirred(c)
    if binds and w.first_day - c.lock_end_day < 90 and c.firm < w.n_firms and w.lock_months[c.firm] > 0.0:
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
    """Stay there, come to us, or go to yet another firm: chosen as our own customers choose."""
    stay = (
        exp(p.bond_elsewhere + p.mood_counts * c.satisfaction)
        if c.firm < w.n_firms
        else exp(p.without - p.need_counts * c.need + 1.0)
    )
    come, lured = 0.0, False
    if has_heard(c, word, luck, p):
        lured = is_lured(c, word, luck, p)
        saving = thousandths(c.price_taste) * p.welcome_share if lured else 0.0
        come = exp(attraction(c, word, w, p) + saving)
    known = known_firms(luck, w)
    total = stay + come
    for firm in range(1, w.n_firms):
        if firm != c.firm and known & (1 << firm):
            total = total + exp(appeal(c, firm, w, p))
    mark = drawn(luck, for_.ELSEWHERE_CHOICE) * total - stay
    if mark < 0.0:
        return
    if mark < come:
        without = exp(attraction(c, 0.0, w, p)) if word > 0.0 else come
        if mark < without:  # he would have come anyway
            word, teller = 0.0, -1
        join(c, word, teller, w, luck, p, tally)
        if lured:
            welcome(c, w, p)
        return
    mark = mark - come
    for firm in range(1, w.n_firms):
        if firm != c.firm and known & (1 << firm):
            mark = mark - exp(appeal(c, firm, w, p))
            if mark < 0.0:
                move(c, firm, tally)
                settle_in(c, firm, w, luck, p)
                return


@rule
def appeal(c: Person, firm: int, w: MonthRow, p: Parameters) -> float:
    """What speaks for a competitor to somebody who is not ours: his quality and name, and his price [E8]."""
    dearer = w.price[firm] - 1.0
    known = thousandths(c.quality_taste) * w.quality[firm] + p.reputation_counts * w.reputation[firm]
    return known - thousandths(c.price_taste) * dearer - p.switching
