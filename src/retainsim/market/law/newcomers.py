"""Newcomers and returners: what draws them to us, who told them, and on what terms they begin."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import one_more, rooted, thousandths
from retainsim.market.law.names import (
    CAME,
    CAMPAIGN,
    CONTRACT_DAYS,
    GONE,
    JOINED,
    MONTH_TO_MONTH,
    ONE_YEAR,
    REFERRAL,
    RETURN,
    RETURNED,
    TWO_YEARS,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.offers import grant
from retainsim.market.person import NO_TREND, OURS, Person
from retainsim.market.streams import drawn, rule


@rule
def recommendation(c: Person, p: Parameters) -> float:
    """What a customer of ours tells the others of his circle: the satisfied veteran and the returner most, more when asked [D8 B1]."""
    if c.firm != OURS or c.satisfaction < p.tells_from:
        return 0.0
    returner = 2.0 if c.begun > 1 else 1.0
    asked = p.asking if c.asked == 1 else 1.0
    return (c.satisfaction - p.tells_from) * (1.0 + rooted(c.tenure)) * returner * asked


@rule
def has_heard(c: Person, word: float, luck: Luck, p: Parameters) -> bool:
    """Whether we come to mind: who was ours, who was called, who was told, and whom a campaign reaches."""
    return c.begun > 0 or c.woken > 0 or word > 0.0 or drawn(luck, for_.REACH) < p.campaign_reach


@rule
def attraction(c: Person, word: float, w: MonthRow, p: Parameters) -> float:
    """What speaks for coming to us: the price on offer, what his circle and the market say, and for those who left, how it ended."""
    past = p.goodwill_counts * c.trust + p.attention_binds * c.attention if c.begun > 0 else 0.0
    saving = thousandths(c.price_taste) * c.discount / max(c.monthly_fee, 1)
    said = p.word_counts * (word + w.word)
    return thousandths(c.quality_taste) * w.quality[OURS] + saving + said + past - p.switching


@rule
def move(c: Person, to: int, tally: Tally) -> None:
    """Somebody goes from where he is to another firm, or to none."""
    tally[GONE + c.firm] += 1
    tally[CAME + to] += 1
    c.firm = to


@rule
def join(
    c: Person,
    word: float,
    teller: int,
    w: MonthRow,
    luck: Luck,
    p: Parameters,
    tally: Tally,
) -> None:
    """A new or returning customer. Who comes for money off remembers it as the price [A7 B1]."""
    if c.begun > 0:
        c.origin = RETURN
        c.trust = p.usual_trust + 0.3 * c.trust
        tally[RETURNED] += 1
    else:
        c.origin = REFERRAL if word > 0.0 else CAMPAIGN
        c.referrer = teller
        c.tenure = 0
        c.trust = p.usual_trust
        tally[JOINED] += 1
    terms = drawn(luck, for_.JOINING_TERMS)
    longer = terms - p.joins_month_to_month
    c.contract = MONTH_TO_MONTH if longer < 0.0 else (ONE_YEAR if longer < p.joins_one_year else TWO_YEARS)
    c.lock_end_day = w.first_day + CONTRACT_DAYS[int(c.contract)]
    move(c, OURS, tally)
    c.begun = one_more(c.begun)
    c.satisfaction = p.usual_satisfaction
    c.hurt = 0.0
    c.reference = 1.0
    c.attention = 0.5
    c.ended_well = 0
    c.usage_trend = NO_TREND
    take_up_offer(c, w, p)


@rule
def take_up_offer(c: Person, w: MonthRow, p: Parameters) -> None:
    """What was open to him if he returned is now in force, for as long as was said."""
    amount, months = c.discount, c.discount_until
    c.discount = 0
    c.discount_until = 0
    if amount > 0:
        grant(c, amount, months, w, p)
