"""
The law: one month in the life of one person, in plain functions.

Read `month_of` in `law.month` first; each step of the month has a module of its own. Every rule is written for one
person ``c`` (`person.FIELDS`) in the month ``w`` (`market.month.FIELDS`), under the parameters ``p`` (the preset's
table); a rule that draws takes ``luck``, the person's stream of chance this month, and one that counts takes
``tally``. The engine compiles these very functions; uncompiled they give the same bits. Utilities are on the scale
of a logit choice; satisfaction and trust run from -1 to 1. Sources stand with the parameters in the preset.

Arithmetic is in 64 bits, storage in 32 or less. Compiled code multiplies two stored fractions in 32 bits, plain
Python does not: where two of them meet, ``1.0 *`` comes first.

`LAW` is all of it as one thing; `Law.with_rule` gives a law in which one rule is another.
"""

from __future__ import annotations

from retainsim.market.law.arithmetic import (
    centred,
    clamp,
    hundredths,
    in_hundredths,
    nearest_package,
    one_more,
    one_recent_more,
    rooted,
    saturation,
    suitability,
    suitability_of,
    thousandths,
)
from retainsim.market.law.contacts import (
    answer_survey,
    compare,
    contact,
    fade,
    give,
    listen,
    recover,
    review,
)
from retainsim.market.law.deliberation import (
    choose,
    deliberate,
    going,
    going_without,
    known_firms,
    months_bound,
    reason_of,
    staying,
    threatens,
    trigger,
)
from retainsim.market.law.leaving import (
    appeal,
    contact_leaver,
    elsewhere,
    leave,
    look_round,
    settle_in,
    statement,
)
from retainsim.market.law.money import charge, close_books, pay
from retainsim.market.law.month import month_of, settle_month
from retainsim.market.law.names import (
    ACQUISITION,
    BROKEN,
    CAME,
    COHORT,
    CONCESSIONS,
    CONTACTS,
    CONTRACT_DAYS,
    FELT,
    FELT_UNIT,
    GONE,
    JOINED,
    KEPT,
    LEFT,
    N_REASONS,
    PEOPLE,
    REASONS,
    RETURNED,
    REVENUE,
    SAVED,
    SERVING,
    SILENT,
    TALLIES,
    THREATENED,
    WARNED,
    WORD,
    WORD_UNIT,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.need import life
from retainsim.market.law.newcomers import attraction, has_heard, join, move, recommendation, take_up_offer
from retainsim.market.law.offers import (
    consider_discount,
    consider_package,
    consider_pause,
    grant,
    repackage,
    share_paid,
    stir,
    stirred,
)
from retainsim.market.law.promises import promise, settle_promise
from retainsim.market.law.service import fail, serve, use
from retainsim.market.law.whole import LAW, Law

__all__ = [
    "ACQUISITION", "BROKEN", "CAME", "COHORT", "CONCESSIONS", "CONTACTS", "CONTRACT_DAYS", "FELT", "FELT_UNIT", "GONE", "JOINED", "KEPT", "LAW", "LEFT",
    "N_REASONS", "PEOPLE", "REASONS", "RETURNED", "REVENUE", "SAVED", "SERVING", "SILENT", "TALLIES", "THREATENED",
    "WARNED", "WORD", "WORD_UNIT", "Law", "Luck", "MonthRow", "Parameters", "Tally", "answer_survey", "appeal",
    "attraction", "centred", "charge", "choose", "clamp", "close_books", "compare", "consider_discount",
    "consider_package", "consider_pause", "contact", "contact_leaver", "deliberate", "elsewhere", "fade", "fail",
    "give", "going", "going_without", "grant", "has_heard", "hundredths", "in_hundredths", "join", "known_firms",
    "leave", "life", "listen", "look_round", "month_of", "months_bound", "move", "nearest_package", "one_more",
    "one_recent_more", "pay", "promise", "reason_of", "recommendation", "recover", "repackage", "review", "rooted",
    "saturation", "serve", "settle_in", "settle_month", "settle_promise", "share_paid", "statement", "staying", "stir",
    "stirred", "suitability", "suitability_of", "take_up_offer", "thousandths", "threatens", "trigger", "use",
]  # fmt: skip
