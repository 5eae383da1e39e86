"""What happens to a contract, from the draft to the end."""

from __future__ import annotations

from datetime import date
from functools import partial

import attrs

from retainsdk.events.body import event
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.vocabulary import Ending, Side, Subject


@event
@attrs.frozen(kw_only=True)
class TermsDrafted:
    """Terms were put together, or again when terms offered were taken back; nobody has seen them yet."""

    terms: Terms


@event
@attrs.frozen(kw_only=True)
class DraftDiscarded:
    """A draft came to nothing."""

    why: str


@event
@attrs.frozen(kw_only=True)
class Offered:
    """Drafted terms were laid before the customer, who can take them until a day and on it."""

    valid_until: date | None = None


@event
@attrs.frozen(kw_only=True)
class Declined:
    """The customer did not want the terms offered."""

    why: str


@event
@attrs.frozen(kw_only=True)
class Lapsed:
    """Nobody answered terms offered while they were open."""


@event
@attrs.frozen(kw_only=True)
class LetterAccepted:
    """The customer accepted the engagement letter: what follows from the terms offered begins before they are signed."""

    document: str


@event
@attrs.frozen(kw_only=True)
class LetterWithdrawn:
    """An engagement ended before the contract was signed."""

    by: Side
    why: str


@event
@attrs.frozen(kw_only=True)
class Signed:
    """Both sides signed terms: by whom, and where the paper is. What was offered before is signed as it was offered."""

    terms: Terms
    by_us: str = ""
    by_customer: str = ""
    document: str = ""


@event
@attrs.frozen(kw_only=True)
class AmendmentProposed:
    """One side proposes other terms from a day; amendments are numbered within a contract from 1."""

    amendment: int
    by: Side
    subjects: tuple[Subject, ...]
    terms: Terms


@event
@attrs.frozen(kw_only=True)
class AmendmentAccepted:
    """Both sides changed the terms of a contract in force; `subjects` names all that differs."""

    terms: Terms
    amendment: int | None = None
    """The one proposed before; none when both sides agreed at once."""
    subjects: tuple[Subject, ...] = ()
    """Left out, the difference itself names them."""
    by: Side | None = None
    """Who accepted what the other side proposed; none when both agreed at once."""


@event
@attrs.frozen(kw_only=True)
class AmendmentRejected:
    """The other side did not want the terms proposed."""

    amendment: int
    why: str


@event
@attrs.frozen(kw_only=True)
class Renewed:
    """A contract goes on under follow-up terms."""

    terms: Terms


@event
@attrs.frozen(kw_only=True)
class Suspended:
    """Service and fees rest, with a day they are expected back."""

    why: str
    until: date | None = None


@event
@attrs.frozen(kw_only=True)
class Resumed:
    """Service and fees go on after a rest."""


@event
@attrs.frozen(kw_only=True)
class NoticeGiven:
    """A contract was given notice by one side, to end on a day."""

    ends_on: date
    by: Side = Side.CUSTOMER


@event
@attrs.frozen(kw_only=True)
class NoticeRescinded:
    """The notice was taken back."""


@partial(event, schema=2)
@attrs.frozen(kw_only=True)
class Terminated:
    """Somebody ended a contract: how, at whose wish, on what evidence, and for what fee."""

    kind: Ending
    by: Side = Side.CUSTOMER
    evidence: str = ""
    fee: Money | None = None
    waived: bool = False
    case: int | None = None
    """The dispute that proves the customer's breach, or the complaint that follows ours."""
    remedy: int | None = None
    """The promise to make good for our breach."""


@event
@attrs.frozen(kw_only=True)
class Completed:
    """All that a contract was made for was done."""

    evidence: str = ""


@event
@attrs.frozen(kw_only=True)
class Expired:
    """A contract came to the end of its fixed term."""


@event
@attrs.frozen(kw_only=True)
class Superseded:
    """Another contract, offered before and signed at the same instant, took the place of this one."""

    by_contract: int


@event
@attrs.frozen(kw_only=True)
class WorkRecorded:
    """Work was done under a contract, on an item that stands in its scope or does not."""

    item: str
    what: str
    minutes: int = 0
