"""What becomes of a promise."""

from __future__ import annotations

from datetime import datetime

import attrs

from retainsdk.events.body import event
from retainsdk.quantities import LocalTime, Money
from retainsdk.vocabulary import Audience, Channel, Promise, Side


@event
@attrs.frozen(kw_only=True)
class CommitmentMade:
    """
    One side promised the other something until an instant.

    A duty's commitment names the duty, what it follows from (`basis`) and the period it is for.
    """

    commitment: int
    kind: Promise
    what: str
    due: datetime
    basis: str
    by: Side = Side.US
    audience: Audience = Audience.CUSTOMER
    duty: str = ""
    period: str = ""
    opens_at: datetime | None = None
    """When it can be kept at the earliest: a callback promised for ten is not kept at nine; none for at once."""
    promised: LocalTime | None = None
    """The wall clock the customer was told, when he was told one."""
    channels: tuple[Channel, ...] = ()
    """Those agreed on for a call back; empty for any."""
    grace_minutes: int = 0
    """After the due, before a clock tick calls it broken."""
    notices_allowed: int | None = None
    """How often it may be put off; none for as often as notice is given in time."""
    least_compensation: Money | None = None
    """Owed besides an explanation when it is broken."""
    case: int | None = None
    order: str = ""
    """The order whose delivery is promised: what becomes of it decides; empty for none."""


@event
@attrs.frozen(kw_only=True)
class LateNoticeGiven:
    """We said, before it was due, that a promise will be kept later."""

    commitment: int
    due: datetime
    why: str = ""
    promised: LocalTime | None = None
    """The new wall clock the customer was told, when he was told one."""


@event
@attrs.frozen(kw_only=True)
class DueMoved:
    """A due moved without being late: a clock was paused, or a level of service changed."""

    commitment: int
    due: datetime
    why: str


@event
@attrs.frozen(kw_only=True)
class CommitmentKept:
    """A promise was kept."""

    commitment: int
    evidence: str = ""


@event
@attrs.frozen(kw_only=True)
class CommitmentBroken:
    """A promise was not kept when it was due."""

    commitment: int


@event
@attrs.frozen(kw_only=True)
class DeliveredLate:
    """What was promised came after the promise was broken."""

    commitment: int
    evidence: str = ""


@event
@attrs.frozen(kw_only=True)
class Explained:
    """We explained a failure to the customer, or apologised for it; or one of us to the others."""

    commitment: int | None
    what: str
    audience: Audience = Audience.CUSTOMER


@event
@attrs.frozen(kw_only=True)
class Compensated:
    """We made good for a failure, at a cost to us."""

    commitment: int | None
    what: str
    cost: Money


@event
@attrs.frozen(kw_only=True)
class CompensationRefused:
    """The customer did not want to be compensated for a broken promise."""

    commitment: int
    evidence: str


@event
@attrs.frozen(kw_only=True)
class CommitmentRemedied:
    """A broken promise was explained and made good."""

    commitment: int


@event
@attrs.frozen(kw_only=True)
class Released:
    """Whoever was promised something let the other off."""

    commitment: int
    evidence: str


@event
@attrs.frozen(kw_only=True)
class Voided:
    """A duty's commitment lost what it followed from."""

    commitment: int
    why: str


@event
@attrs.frozen(kw_only=True)
class Retracted:
    """A promise was recorded in error."""

    commitment: int
    why: str
