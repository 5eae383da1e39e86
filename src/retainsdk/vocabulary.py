"""
The closed lists of words that events, views and policies share.

They stand below everything else, so that a book can be kept without numpy.
"""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """What sort of customer stands behind a relationship."""

    PERSON = 0
    HOUSEHOLD = 1
    ORGANISATION = 2


class Stage(IntEnum):
    """Where a relationship stands in its lifecycle."""

    PROSPECT = 0
    ONBOARDING = 1
    ACTIVE = 2
    ENDING = 3
    FORMER = 4
    CLOSED = 5


class TermKind(IntEnum):
    """How the term of a contract ends."""

    OPEN_ENDED = 0
    FIXED = 1
    FIXED_THEN_OPEN = 2
    AUTO_RENEWING = 3


class Origin(IntEnum):
    """How a customer came."""

    CAMPAIGN = 0
    REFERRAL = 1
    RETURN = 2
    OTHER = 3


class Reason(IntEnum):
    """
    Why a customer leaves: what he states, and what an assessor or the truth says, use the same words.

    "No need for the service" is only ever stated: behind it stands one of the others (CONCEPTS B7).
    """

    NO_NEED_STATED = 0
    NEED_ENDED = 1
    LIFE_EVENT = 2
    CHEAPER_COMPETITOR = 3
    BETTER_COMPETITOR = 4
    NOT_WORTH_COST = 5
    SERVICE_FAILURE = 6
    BROKEN_TRUST = 7


class Channel(IntEnum):
    """How a customer is reached."""

    PHONE = 0
    EMAIL = 1
    MESSAGE = 2
    LETTER = 3
    IN_PERSON = 4


LIVE_CHANNELS = frozenset({Channel.PHONE, Channel.IN_PERSON})
"""Where two people hear each other at once: bad news is broken there first."""


class Direction(IntEnum):
    """Who began a contact."""

    OUTBOUND = 0
    INBOUND = 1


class Promise(IntEnum):
    """
    What sort of promise a commitment is.

    A callback, a contact, a first response and an occasion are kept by turning to the customer in their time;
    the others by doing what was promised.
    """

    CALLBACK = 0
    DELIVERY = 1
    CONTACT = 2
    RESPONSE = 3
    REPORT = 4
    STEP = 5
    REVIEW = 6
    NOTICE = 7
    OCCASION = 8
    BENEFIT = 9
    REMEDY = 10


KEPT_BY_CONTACT = frozenset({Promise.CALLBACK, Promise.CONTACT, Promise.RESPONSE, Promise.OCCASION})
"""Promises that an interaction keeps, whatever the state of the work."""


class Side(IntEnum):
    """The two sides of a relationship."""

    US = 0
    CUSTOMER = 1


class Audience(IntEnum):
    """Who notices when a promise is broken; what is internal owes the customer no explanation."""

    CUSTOMER = 0
    INTERNAL = 1


class Role(IntEnum):
    """What a person is in a household or an organisation (CONCEPTS E2)."""

    MEMBER = 0
    DECIDES = 1
    INFLUENCES = 2
    USES = 3
    BLOCKS = 4
    CHAMPIONS = 5


class Sensitivity(IntEnum):
    """Whether a fact may be shown to everybody who sees the customer, or for named purposes only."""

    ORDINARY = 0
    SENSITIVE = 1


class Potential(IntEnum):
    """How much a relationship could become: its class (CONCEPTS E7)."""

    A = 0
    B = 1
    C = 2


class Foundation(IntEnum):
    """The steps of a good beginning (CONCEPTS E3)."""

    WAYS_LEARNT = 0
    NEEDS_ANALYSED = 1
    GAIN_SHOWN = 2
    GOALS_SHARED = 3
    RISKS_SHARED = 4


class ClosingStep(IntEnum):
    """The steps of a good ending (CONCEPTS B2, B3, B4, E6)."""

    PROMISES_SETTLED = 0
    DOCUMENTS_FILED = 1
    REASON_RECORDED = 2
    SATISFACTION_ASKED = 3
    THANKED = 4


class Ending(IntEnum):
    """How a contract ended before or at its time; each kind needs its evidence."""

    NOTICE = 0
    FEE = 1
    STATUTORY_WITHDRAWAL = 2
    DEATH_OR_DISSOLUTION = 3
    AGREEMENT = 4
    BREACH_BY_CUSTOMER = 5
    BREACH_BY_US = 6
    UNKNOWN = 7
    """Nobody recorded how: only in what was taken over from elsewhere."""


class Subject(IntEnum):
    """What an amendment is about (CONCEPTS E4)."""

    SCOPE = 0
    PACE = 1
    TIME_FRAME = 2
    FEES = 3
    RESPONSIBILITIES = 4
    SERVICE_LEVELS = 5
    TERM = 6


class DisputeStep(IntEnum):
    """The rungs of the ladder of a dispute, in their order; a settlement is possible from each, parting from the last."""

    CONTRACT_REVISITED = 0
    MEDIATION = 1
    FACTS_RECORDED = 2
    BREACH_NOTIFIED = 3
    COOLING_OFF = 4
    REVISITED = 5
    SETTLED = 6
    PARTED = 7


class StatementKind(IntEnum):
    """What a statement says will hold (CONCEPTS E1)."""

    PRICE = 0
    DATE = 1
    SCOPE = 2


class OrderState(IntEnum):
    """Where an order stands (CONCEPTS C4)."""

    ORDERED = 0
    SENT = 1
    DELIVERED = 2
    RECEIVED = 3
    RETURNED = 4
    CANCELLED = 5


class Severity(IntEnum):
    """How much a sign matters; a friendly one speaks for the relationship."""

    FRIENDLY = 0
    NOTE = 1
    WARNING = 2
    ALARM = 3


class CaseKind(IntEnum):
    """What a case is about."""

    REQUEST = 0
    COMPLAINT = 1
    INCIDENT = 2
    DISPUTE = 3
    BAD_NEWS = 4
    THREAT = 5


class OfferKind(IntEnum):
    """What an offer gives: another package, a lower price for a time, a rest from paying, a benefit, early access."""

    PACKAGE = 0
    PRICE = 1
    PAUSE = 2
    BENEFIT = 3
    EARLY_ACCESS = 4


OFFERED_IN_WORDS = frozenset({OfferKind.BENEFIT, OfferKind.EARLY_ACCESS})
"""Offers that only words describe: without them nobody knows what was offered."""


CONSENT_PURPOSES = ("service", "personal", "marketing", "survey", "sales", "win_back")
"""What a contact can be for; consent is given and withdrawn for one of these at a time."""

DEPARTMENTS = ("operations", "finance", "marketing", "service")
"""Who raises signals (CONCEPTS D2)."""
