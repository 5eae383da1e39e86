"""What the rules call things: codes as plain numbers, all that compiled code knows, and what is counted where."""

from __future__ import annotations

from typing import Any, TypeAlias

from retainsdk.policy import ActionKind
from retainsdk.view import Kind, Origin, Reason
from retainsim.market.month import MOST_FIRMS
from retainsim.market.person import ContractKind, Modifier, Need

Parameters: TypeAlias = Any
"""The preset's numbers by name: a record when compiled, a namespace in plain Python."""
MonthRow: TypeAlias = Any
"""What the month is for everybody (`market.month.FIELDS`): a record when compiled, a C structure in plain Python."""
Luck: TypeAlias = int
"""The person's stream of chance this month; a rule that takes it draws, one that does not is certain."""
Tally: TypeAlias = Any
"""Counts, 64-bit: an array when compiled, a list or memoryview in plain Python."""

ORGANISATION = int(Kind.ORGANISATION)
CRITIC, CAT_AND_DOG = int(Modifier.CRITIC), int(Modifier.CAT_AND_DOG)
NEED_THERE, NEED_ENDED, NEED_PAUSED = int(Need.THERE), int(Need.ENDED), int(Need.PAUSED)
MONTH_TO_MONTH, ONE_YEAR, TWO_YEARS = (
    int(ContractKind.MONTH_TO_MONTH),
    int(ContractKind.ONE_YEAR),
    int(ContractKind.TWO_YEARS),
)
CONTRACT_DAYS = (0, 365, 730)

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
INVITATION, OFFER_BENEFIT = int(ActionKind.INVITATION), int(ActionKind.OFFER_BENEFIT)
OFFER_EARLY_ACCESS, REDO = int(ActionKind.OFFER_EARLY_ACCESS), int(ActionKind.REDO)
PROMISE_DELIVERY, ESCALATE_COMPLAINT = int(ActionKind.PROMISE_DELIVERY), int(ActionKind.ESCALATE)
MEDIATE, KEEP_ADVISING = int(ActionKind.MEDIATE), int(ActionKind.KEEP_ADVISING)
ASK_TESTIMONIAL = int(ActionKind.ASK_TESTIMONIAL)

# life events of the last months: kind, kept with its freshness
HAPPY, BEREAVED, STRAITENED = 1, 2, 3
FRESH_FOR = 3  # months

# what is marked of a person, one bit each in `marks`; a count of up to three takes two
FOUNDED = 1  # foundations were laid when he was new
PRICE_WON = 2  # he came for the price
GREETED = 4  # how often we greeted him this year, times this
EARLY_ACCESS = 16  # how often he was let in first this year, times this
COOLING_OFF = 64  # a third party has heard both sides; the outcome comes next month
ASKED = 128  # we asked him last month to recommend us
THIS_YEAR = 3 * GREETED + 3 * EARLY_ACCESS
EVERY_MARK = 255

# what is counted: one 64-bit whole number each, so that sums do not depend on their order
LEFT, RETURNED, JOINED, THREATENED, SAVED, SILENT = 0, 1, 2, 3, 4, 5
REVENUE, CONCESSIONS, SERVING, CONTACTS, ACQUISITION = 6, 7, 8, 9, 10
KEPT, WARNED, LATE, BROKEN = 11, 12, 13, 14
REASONS = 15  # then N_REASONS × N_REASONS, true by stated
PEOPLE = (
    REASONS + N_REASONS * N_REASONS
)  # with each firm and, after the last, with none, at the end of the month
COHORT = PEOPLE + MOST_FIRMS + 1  # of our customers at the start, those who never left, by contract kind
CAME = COHORT + len(ContractKind)  # to each firm, from wherever
GONE = CAME + MOST_FIRMS + 1  # from each firm, to wherever
FELT = GONE + MOST_FIRMS + 1  # satisfaction of each firm's people at the end of the month, in millionths
WORD = FELT + MOST_FIRMS + 1  # what our customers said of us as the month began, in millionths
OPEN = WORD + 1  # complaints open after the month's service
BLUFFED = OPEN + 1  # of those who threatened, those who did not mean it
TALLIES = BLUFFED + 1
WORD_UNIT = FELT_UNIT = 1_000_000.0
