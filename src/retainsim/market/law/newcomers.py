"""Newcomers and returners: what draws them to us, who told them, and on what terms they begin."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.account import found_committee
from retainsim.market.law.arithmetic import one_more, rooted, thousandths
from retainsim.market.law.buying import buy, has_lapsed
from retainsim.market.law.names import (
    ASKED,
    CAME,
    CAMPAIGN,
    CONTRACT_DAYS,
    CRITIC,
    FOUNDED,
    GONE,
    JOINED,
    MONTH_TO_MONTH,
    ONE_YEAR,
    PRICE_WON,
    REFERRAL,
    RETURN,
    RETURNED,
    TWO_YEARS,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.offers import grant, share_paid
from retainsim.market.person import NO_TREND, OURS, Person
from retainsim.market.streams import drawn, exp, rule


@rule
def recommendation(c: Person, p: Parameters) -> float:
    """What a person tells the others of his circle of us: who is ours and pleased, more when asked to; a displeased critic warns [D8 C5]."""
    if c.firm != OURS:
        return 0.0
    if c.satisfaction < 0.0 and c.modifiers & CRITIC:
        return p.critic_word * c.satisfaction
    return praise(c, p) * (p.asking if c.marks & ASKED else 1.0)


@rule
def praise(c: Person, p: Parameters) -> float:
    """
    How much a customer of ours speaks for us, to whomever: the satisfied veteran and the returner most [D8 B1].

    A year or two are worth little, many years much; who came back knows both sides, and speaks like the oldest of all.
    A critic's word counts many times [C5].
    """
    pleased = c.satisfaction - p.tells_from
    if pleased <= 0.0:
        return 0.0
    if c.begun > 1:
        standing = p.returner_tells * (1.0 + p.veteran_tells)
    else:
        years = rooted(c.tenure)
        standing = 1.0 + p.veteran_tells * years * years
    return pleased * standing * (p.critic_word if c.modifiers & CRITIC else 1.0)


@rule
def has_heard(c: Person, word: float, luck: Luck, p: Parameters) -> bool:
    """Whether we come to mind: who was ours, who was called, who was told, and whom a campaign reaches."""
    return c.begun > 0 or c.woken > 0 or word > 0.0 or drawn(luck, for_.REACH) < campaign_reach(p)


@rule
def campaign_reach(p: Parameters) -> float:
    """The share of those looking round who hear of us through a campaign: what is spent on it does less and less [B5]."""
    return 1.0 - exp(-p.campaign_cost / p.campaign_scale)


@rule
def is_lured(c: Person, word: float, luck: Luck, p: Parameters) -> bool:
    """Whether what a newcomer has heard of us is a price, and nothing else [A7]."""
    return c.begun == 0 and word == 0.0 and drawn(luck, for_.WELCOME) < p.welcome


@rule
def welcome(c: Person, w: MonthRow, p: Parameters) -> None:
    """Who came for the price has it for some months, thinks it the right one, and stays for nothing else [A7]."""
    c.offers_made = one_more(c.offers_made)
    grant(c, int(p.welcome_share * c.monthly_fee), int(p.welcome_months), w, p)
    c.marks = c.marks | PRICE_WON
    c.reference = 1.0 - p.welcome_share
    c.commitment = max(c.commitment - int(1000.0 * p.price_won), -30_000)


@rule
def attraction(c: Person, word: float, w: MonthRow, p: Parameters) -> float:
    """What speaks for coming to us: the price on offer, what his circle and the market say, our name, and for those who left, how it ended [E8]."""
    past = p.goodwill_counts * c.trust + p.attention_binds * c.attention if c.begun > 0 else 0.0
    saving = thousandths(c.price_taste) * c.discount / max(c.monthly_fee, 1)
    said = p.word_counts * (word + w.word)
    known = thousandths(c.quality_taste) * w.quality[OURS] + p.reputation_counts * w.reputation[OURS]
    return known + saving + said + past - p.switching


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
        if p.contractual != 0.0 or has_lapsed(c, w.first_day, p):  # who was not missed does not return
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
    if p.contractual != 0.0:
        c.lock_end_day = w.first_day + CONTRACT_DAYS[int(c.contract)]
    move(c, OURS, tally)
    c.begun = one_more(c.begun)
    c.satisfaction = p.usual_satisfaction
    c.hurt = 0.0
    c.reference = 1.0
    c.attention = 0.5
    c.ended_well = 0
    c.usage_trend = NO_TREND
    c.marks = FOUNDED if drawn(luck, for_.FOUNDATIONS) < p.foundations_laid else 0
    found_committee(c)
    if p.contractual == 0.0:
        buy(c, 1, w, luck, p, tally)
    else:
        take_up_offer(c, w, p)


@rule
def take_up_offer(c: Person, w: MonthRow, p: Parameters) -> None:
    """What was open to him if he returned is now in force, for as long as was said."""
    amount, months = c.discount, c.discount_until
    c.discount = 0
    c.discount_until = 0
    if amount > 0:
        grant(c, amount, months, w, p)
        c.marks = c.marks | PRICE_WON
        c.reference = max(share_paid(c), 0.1)
