"""One month in one life: the order of everything else. Read this first."""

from __future__ import annotations

from retainsim.market.law.contacts import contact, fade
from retainsim.market.law.deliberation import deliberate
from retainsim.market.law.leaving import contact_leaver, elsewhere, leave
from retainsim.market.law.money import close_books
from retainsim.market.law.names import ASKED, EVERY_MARK, NOTHING, MonthRow, Parameters, Tally
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
        serve(c, w, luck, p)
        settle_promise(c, deed, w, luck, p, tally)
        if deed != NOTHING:
            contact(c, deed, amount, months, w, luck, p, tally)
        fade(c, p)
        deliberate(c, w, luck, p, tally)
    else:
        if deed != NOTHING:
            contact_leaver(c, deed, amount, months, w, luck, p)
        elsewhere(c, word, teller, w, luck, p, tally)
    if c.leaning < 0:
        close_books(c, w, p, tally)


@rule
def settle_month(c: Person, w: MonthRow, p: Parameters, tally: Tally) -> None:
    """The end of the month for somebody who threatened: if he still leans to another firm he leaves."""
    if c.leaning >= 0:
        leave(c, c.leaning, w, stream_of(c.key, w.when), p, tally)
        c.leaning = -1
    close_books(c, w, p, tally)
