"""
Second thoughts: at the end of a conversation he decides again, by the market's own choice.

There is no table of odds. He weighs what he weighed before, with trust, satisfaction and the offer on the table as
they now are, and what the call gained: so far as the chance of going where he leans has shrunk, he stays. How set he
is on going is one number, the same whatever is said, so that nothing but words changes his mind.
"""

from __future__ import annotations

from retainsdk.action import MoveKind
from retainsim.market import purposes as for_
from retainsim.market.law.account import votes
from retainsim.market.law.arithmetic import (
    clamp,
    hundredths,
    in_hundredths,
    nearest_package,
    one_more,
    one_recent_more,
    suitability,
    thousandths,
)
from retainsim.market.law.complaints import escalate, mediate
from retainsim.market.law.deliberation import decide, going, going_without, staying
from retainsim.market.law.names import (
    BETTER,
    CHEAPER,
    CONTACTS,
    NEED_PAUSED,
    NOT_WORTH,
    SAVED,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.offers import LAST_MONTH, grant, repackage
from retainsim.market.law.promises import promise, promise_by
from retainsim.market.law.rivals import known_firms
from retainsim.market.person import OURS, Person
from retainsim.market.streams import drawn, exp, rule
from retainsim.market.talk import End, Talk

OFFER_DISCOUNT, PROPOSE_FIT = int(MoveKind.OFFER_DISCOUNT), int(MoveKind.PROPOSE_FIT)
TALK_OF_PAUSE = int(MoveKind.OFFER_PAUSE)
RELEASED, ESCALATED = int(End.RELEASED), int(End.ESCALATED)
MOST_COMMITTED = 30_000
"""In thousandths: as much as is kept of it."""


@rule
def decide_again(k: Talk, c: Person, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> bool:
    """
    He decides again, and what was offered takes effect only if he stays; what was felt stays with him either way.

    Returns:
        Whether he stays.
    """
    known = known_firms(luck, w)
    before = chance_to_go(c, known, 0.0, 0, w, p)
    c.trust = k.trust
    c.satisfaction = clamp(c.satisfaction + p.talk_mood_lasts * k.mood, -1.0, 1.0)
    c.contact_day = w.first_day + 1
    c.contacts_recent = one_recent_more(c.contacts_recent)
    tally[CONTACTS] += int(k.turn * p.move_minutes * p.minute_cost)
    if k.offer >= 0:
        c.offers_made = one_more(c.offers_made)
    if k.end == RELEASED:
        c.ended_well = 1
        return False
    discount, package, fee, pause = c.discount, c.package, c.monthly_fee, c.paused_until
    usage, trend = c.usage, c.usage_trend
    put_on_table(k, c, w, luck, p)
    gained = gained_by(k, c, discount, package, fee, w, p)
    if not changes_his_mind(k, c, known, before, gained, w, luck, p):
        c.discount = discount
        c.package = package
        c.monthly_fee = fee
        c.paused_until = pause
        c.usage = usage
        c.usage_trend = trend
        return False
    if k.offer == OFFER_DISCOUNT:
        grant(c, k.offer_amount, k.offer_months, w, p)
    elif c.package != package or c.paused_until != pause:
        c.offers_accepted = one_more(c.offers_accepted)
    if c.package != package:
        feel_package(c, package, p)
    if k.promised == 1:
        if k.promised_days >= 0:
            promise_by(c, w.first_day + 1 + k.promised_days)
        else:
            promise(c, w.first_day + int(p.talk_follow_up), luck, p)
    if k.end == ESCALATED:  # whoever it was handed to settles what is open, or calls in a third party
        escalate(c, luck, p)
        mediate(c, p)
    if c.leaning > OURS:
        tally[SAVED] += 1  # who meant it
        remember_why(k, c, gained, w, p)
    c.leaning = -1
    return True


@rule
def put_on_table(k: Talk, c: Person, w: MonthRow, luck: Luck, p: Parameters) -> None:
    """The last offer, as it would be if he stayed; a pause is taken by many whose need is away for a while, and by few others."""
    if k.offer == OFFER_DISCOUNT:
        c.discount = min(max(c.discount, k.offer_amount), c.monthly_fee)
    elif k.offer == PROPOSE_FIT:
        repackage(c, proposed_package(k, c))
    elif k.offer == TALK_OF_PAUSE and drawn(luck, for_.ACCEPTANCE) < wants_pause(c, w, p):
        c.paused_until = min(w.number + max(k.offer_months, 1), LAST_MONTH)


@rule
def wants_pause(c: Person, w: MonthRow, p: Parameters) -> float:
    """The chance that a pause is wanted: it does without the service for a while, not with another firm's."""
    if c.need_state == NEED_PAUSED:
        return p.pause_wanted
    return p.talk_pause_else if c.leaning == w.n_firms else 0.0


@rule
def proposed_package(k: Talk, c: Person) -> float:
    """The package named, at the size nearest to it that is listed; else the one that suits what we saw of his use."""
    if k.offer_plan >= 0:
        return nearest_package(hundredths(k.offer_plan))
    return nearest_package(hundredths(c.usage) * hundredths(c.package))


@rule
def gained_by(k: Talk, c: Person, discount: int, package: int, fee: int, w: MonthRow, p: Parameters) -> float:
    """
    What the call gained, as utility of staying, with the offer on the table.

    Args:
        k: The call.
        c: The person, as he would be if he took the offer.
        discount: That he had before it, minor units.
        package: The same, in hundredths.
        fee: The same, minor units.
        w: The month.
        p: Parameters.
    """
    gained = 1.0 * k.bonus
    if k.asked == 0:
        gained = gained - p.talk_unasked
    if k.offer == PROPOSE_FIT and c.package != package:
        gained = gained + worth_of_fit(c, fee, p)
    elif k.offer == OFFER_DISCOUNT:
        gained = gained + worth_of_discount(c, discount, w, p)
    return gained


@rule
def worth_of_discount(c: Person, before: int, w: MonthRow, p: Parameters) -> float:
    """
    What money off is worth in a call beyond what it saves: it is there, now; who found something better hardly listens.

    Who goes for a price is content once he pays no more than there; what is given beyond that gains him no further.
    """
    fee = max(c.monthly_fee, 1)
    less = (c.discount - before) / fee
    counts = p.talk_money * (p.talk_money_beside if c.true_reason == BETTER else 1.0)
    worth = (counts - 1.0) * thousandths(c.price_taste) * less / c.reference
    if c.true_reason == CHEAPER and OURS < c.leaning < w.n_firms:
        dearer = 1.0 - before / fee - w.price[c.leaning]
        worth = worth + p.talk_matched * clamp(less / max(dearer, 0.01), 0.0, 1.0)
    return worth


@rule
def worth_of_fit(c: Person, fee: int, p: Parameters) -> float:
    """A package cut to his use saves what he paid for nothing; that answers whom it was not worth its cost, and not who found something better."""
    saves = thousandths(c.price_taste) * (fee - c.monthly_fee) / max(fee, 1)
    worth = p.talk_fitted * suitability(c.need, hundredths(c.package)) + saves
    if c.true_reason == NOT_WORTH:
        return worth * p.talk_fit_answers
    return 0.0 if c.true_reason == BETTER else worth


@rule
def feel_package(c: Person, before: int, p: Parameters) -> None:
    """A package that suits better earns trust, one that suits worse is regretted, as after any sale [A3]."""
    gain = suitability(c.need, hundredths(c.package)) - suitability(c.need, hundredths(before))
    if gain < 0.0:
        c.regret = in_hundredths(min(hundredths(c.regret) - p.regret * gain, 1.0))
        c.trust = clamp(c.trust + p.regret * 0.5 * gain, -1.0, 1.0)
    else:
        c.trust = clamp(c.trust + p.suited_trust * gain, -1.0, 1.0)


@rule
def overlooked(firm: int, w: MonthRow, p: Parameters) -> float:
    """
    What an honest comparison shows him of a competitor that he had not weighed, as utility against going there [A4].

    For how long he would be bound, and what the service lacks against ours; where it is truly better, that shows too.
    """
    lacks = w.quality[OURS] - w.quality[firm]
    return p.talk_lock_shown * w.lock_months[firm] / 12.0 + p.talk_quality_shown * lacks


@rule
def chance_to_go(c: Person, known: int, gained: float, compared: int, w: MonthRow, p: Parameters) -> float:
    """The chance that he goes where he leans, by the same choice by which he came to lean there."""
    goes = exp(going_without(c, w, p))
    total = exp(staying(c, w, p) + gained) + goes
    for firm in range(1, w.n_firms):
        if known & (1 << firm) or firm == c.leaning:
            other = exp(going(c, firm, w, p) - (overlooked(firm, w, p) if compared == 1 else 0.0))
            total = total + other
            if firm == c.leaning:
                goes = other
    return goes / total


@rule
def changes_his_mind(
    k: Talk, c: Person, known: int, before: float, gained: float, w: MonthRow, luck: Luck, p: Parameters
) -> bool:
    """
    Whether he stays: who did not mean it does; else as far as the chance of going shrank; an organisation votes again.

    Args:
        k: The call.
        c: The person, with the offer on the table.
        known: Competitors he knows of.
        before: The chance that he goes where he leans, before the call.
        gained: Utility of staying gained in it.
        w: The month.
        luck: His chance.
        p: Parameters.
    """
    if c.leaning == OURS:
        return True
    compared = k.compared if c.leaning < w.n_firms else 0  # who would go without does not weigh them
    if votes(c, p):
        shown = overlooked(c.leaning, w, p) if compared == 1 else 0.0
        return decide(c, w, known, gained + shown, luck, p) == OURS
    return chance_to_go(c, known, gained, compared, w, p) <= drawn(luck, for_.RESOLVE) * before


@rule
def remember_why(k: Talk, c: Person, gained: float, w: MonthRow, p: Parameters) -> None:
    """Some of what made him stay goes on speaking for us: he has told himself why he did."""
    shown = overlooked(c.leaning, w, p) if k.compared == 1 and c.leaning < w.n_firms else 0.0
    lasting = int(1000.0 * p.talk_lasts * max(gained + shown, 0.0))
    c.commitment = min(c.commitment + lasting, MOST_COMMITTED)
