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


class Direction(IntEnum):
    """Who began a contact."""

    OUTBOUND = 0
    INBOUND = 1


class Promise(IntEnum):
    """What sort of promise a commitment is."""

    CALLBACK = 0
    DELIVERY = 1


class CaseKind(IntEnum):
    """What a case is about."""

    REQUEST = 0
    COMPLAINT = 1
    INCIDENT = 2
    DISPUTE = 3
    BAD_NEWS = 4
    THREAT = 5


class OfferKind(IntEnum):
    """What an offer gives: another package, a lower price for a time, a rest from paying."""

    PACKAGE = 0
    PRICE = 1
    PAUSE = 2


CONSENT_PURPOSES = ("service", "personal", "marketing", "survey", "sales", "win_back")
"""What a contact can be for; consent is given and withdrawn for one of these at a time."""

DEPARTMENTS = ("operations", "finance", "marketing", "service")
"""Who raises signals (CONCEPTS D2)."""

CLOSING_STEPS = ("promises settled", "exit reason recorded", "satisfaction asked", "thanked")
"""What a good ending consists of (CONCEPTS B2, B3, B4, E6)."""
