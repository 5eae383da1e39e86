"""What happens in a case: who handles it, what was offered, how it is settled, and the ladder of a dispute."""

from __future__ import annotations

from datetime import datetime

import attrs

from retainsdk.events.body import event
from retainsdk.vocabulary import CaseKind, Channel, DisputeStep, Reason, Side


@event
@attrs.frozen(kw_only=True)
class CaseOpened:
    """Something that needs an answer came up; a threat to leave may state its reason."""

    kind: CaseKind
    topic: str
    stated_reason: Reason | None
    handler: str = ""
    contract: int | None = None
    """The contract it is about; a dispute needs one to go back to."""
    repeats: int | None = None
    """The case that came up again."""
    news: str = ""
    """What is to be broken to the customer, in a case of bad news."""
    by: Side = Side.CUSTOMER
    """Who raised it; bad news is ours whatever stands here."""


@event
@attrs.frozen(kw_only=True)
class Acknowledged:
    """The customer was told that his case is seen to, and by whom."""

    handler: str = ""


@event
@attrs.frozen(kw_only=True)
class WorkStarted:
    """Somebody began to work on a case."""


@event
@attrs.frozen(kw_only=True)
class OptionsOffered:
    """What was asked for must wait or cannot be: two other ways at least, or another channel, to choose from."""

    why: str
    options: tuple[str, ...] = ()
    channel: Channel | None = None
    refused: bool = False
    until: datetime | None = None


@event
@attrs.frozen(kw_only=True)
class OptionChosen:
    """The customer chose one of the ways offered."""

    option: str


@event
@attrs.frozen(kw_only=True)
class HandedOver:
    """Another representative handles a case from now on."""

    to: str
    why: str


@event
@attrs.frozen(kw_only=True)
class Escalated:
    """A case was brought to somebody who may decide more; its handler stays."""

    to: str
    why: str


@event
@attrs.frozen(kw_only=True)
class ClockPaused:
    """A case waits for the customer, and its clock stands."""

    why: str


@event
@attrs.frozen(kw_only=True)
class ClockResumed:
    """The customer replied, and the clock of his case goes on."""


@event
@attrs.frozen(kw_only=True)
class Resolved:
    """A case was settled."""

    how: str


@event
@attrs.frozen(kw_only=True)
class Reopened:
    """A case that seemed settled was not."""

    why: str


@event
@attrs.frozen(kw_only=True)
class Closed:
    """The customer confirmed that his case is settled."""


@event
@attrs.frozen(kw_only=True)
class Merged:
    """A case turned out to be the same as another one, which goes on."""

    into: int


@event
@attrs.frozen(kw_only=True)
class CaseWithdrawn:
    """A case needs no answer any longer."""

    why: str


@event
@attrs.frozen(kw_only=True)
class DisputeStepTaken:
    """
    One step up the ladder of a dispute, with its document; cooling off lasts until an instant.

    Whoever goes back to the contract may name it, when the dispute was opened without one.
    """

    step: DisputeStep
    document: str
    by: str = ""
    until: datetime | None = None
    contract: int | None = None
