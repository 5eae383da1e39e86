"""One month in one life: the order of everything else. Read this first."""

from __future__ import annotations

from retainsim.market.law.account import turn_over
from retainsim.market.law.buying import close_custom
from retainsim.market.law.contacts import contact, fade
from retainsim.market.law.deliberation import deliberate
from retainsim.market.law.leaving import contact_leaver, elsewhere, leave, stay_away
from retainsim.market.law.membership import anniversary
from retainsim.market.law.money import pay
from retainsim.market.law.names import (
    ASKED,
    COHORT,
    CONTRACT_DAYS,
    EVERY_MARK,
    FELT,
    FELT_UNIT,
    MONTH_TO_MONTH,
    NOTHING,
    ORGANISATION,
    PEOPLE,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.need import life
from retainsim.market.law.promises import settle_promise
from retainsim.market.law.service import serve
from retainsim.market.person import OURS, Person
from retainsim.market.streams import rule, stream_of


@rule
def month_of(
    c: Person,
    deed: int,
    amount: int,
    months: int,
    word: float,
    teller: int,
    w: MonthRow,
    p: Parameters,
    tally: Tally,
) -> None:
    """
    One month in one life, unless it comes to a threat: then `settle_month` ends it after the conversation.

    Args:
        c: The person.
        deed: What our policy has done for him this month, code of `ActionKind`.
        amount: Its money, minor units.
        months: For how long.
        word: What the others of his circle say of us.
        teller: Who of them says most, their `member`; -1 nobody.
        w: The month.
        p: Parameters.
        tally: Counts to add to.
    """
    luck = stream_of(c.key, w.when)
    c.woken = int(p.woken_left * c.woken)
    c.marks = c.marks & (EVERY_MARK - ASKED)
    life(c, luck, p)
    if c.firm == OURS:
        if c.kind == ORGANISATION:
            turn_over(c, luck, p)
        serve(c, w, luck, p, tally)
        settle_promise(c, deed, w, luck, p, tally)
        if deed != NOTHING:
            contact(c, deed, amount, months, w, luck, p, tally)
        fade(c, p)
        deliberate(c, w, luck, p, tally)
    else:
        if p.contractual == 0.0:
            stay_away(c, deed, amount, months, w, luck, p, tally)
        elif deed != NOTHING:
            contact_leaver(c, deed, amount, months, w, luck, p)
        elsewhere(c, word, teller, w, luck, p, tally)
    if c.leaning < 0:
        close_books(c, w, p, tally)


@rule
def settle_month(c: Person, w: MonthRow, p: Parameters, tally: Tally) -> None:
    """The end of the month for somebody who threatened: if he still leans to another firm he leaves; who only said so stays."""
    if c.leaning > OURS:
        leave(c, c.leaning, w, stream_of(c.key, w.when), p, tally)
    c.leaning = -1
    close_books(c, w, p, tally)


@rule
def close_books(c: Person, w: MonthRow, p: Parameters, tally: Tally) -> None:
    """The month is over: who is ours is a month older with us and pays, terms renew by themselves, what is recent fades by half."""
    if p.contractual == 0.0:
        close_custom(c, w, p)
    elif c.firm == OURS:
        c.tenure = c.tenure + 1
        if c.contract != MONTH_TO_MONTH and c.lock_end_day < w.next_day:
            c.lock_end_day = c.lock_end_day + CONTRACT_DAYS[int(c.contract)]
        pay(c, w, p, tally)
        if c.benefit > 0:
            c.benefit = c.benefit - 1
        if c.tenure % 12 == 0:
            anniversary(c, p)
    c.contacts_recent = c.contacts_recent // 2
    c.signals_recent = c.signals_recent // 2
    tally[PEOPLE + c.firm] += 1
    tally[FELT + c.firm] += int(FELT_UNIT * c.satisfaction)
    if c.cohort >= 0:
        tally[COHORT + c.cohort] += 1
