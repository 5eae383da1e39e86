"""What happens to a relationship as a whole: who has it, how well it is founded, how it ends and goes on."""

from __future__ import annotations

from datetime import date
from functools import partial

import attrs

from retainsdk.events.body import Id, event
from retainsdk.vocabulary import ClosingStep, Foundation, Origin, Potential, Reason, Side, Stage


@event
@attrs.frozen(kw_only=True)
class RelationshipOpened:
    """We and a customer began to have to do with each other; or a book took over that we had."""

    customer: Id
    origin: Origin | None
    owner: str
    stage: Stage
    reference: str
    referrer: Id | None = None
    """The relationship that brought him."""
    campaign: str = ""
    """The campaign that brought him."""


@event
@attrs.frozen(kw_only=True)
class OriginLearned:
    """It became known afterwards how a customer had come."""

    origin: Origin
    referrer: Id | None = None
    campaign: str = ""


@event
@attrs.frozen(kw_only=True)
class OwnerAssigned:
    """Somebody took over the main duty for a relationship, as a source says."""

    owner: str
    source: str = ""


@event
@attrs.frozen(kw_only=True)
class ContributorAdded:
    """Somebody besides the owner works for a relationship, with a part of his own."""

    contributor: str
    part: str


@event
@attrs.frozen(kw_only=True)
class ContributorRemoved:
    """Somebody contributes to a relationship no longer."""

    contributor: str


@event
@attrs.frozen(kw_only=True)
class Disqualified:
    """A prospect will not become a customer."""

    why: str


@event
@attrs.frozen(kw_only=True)
class FoundationStepDone:
    """One of the steps of a good beginning was done; what was learnt is to be looked at again on a day."""

    step: Foundation
    findings: str
    review_on: date | None = None


@event
@attrs.frozen(kw_only=True)
class SuccessPlanned:
    """We agreed with a customer what he gains, and by which way of ours; to be looked at again on a day."""

    gain: str
    way: str
    review_on: date | None = None


@event
@attrs.frozen(kw_only=True)
class FoundationLaid:
    """All that a good beginning needs was done, or it is said why a step was left out."""

    how: str


@event
@attrs.frozen(kw_only=True)
class Classified:
    """Somebody judged how much a relationship could become."""

    potential: Potential
    why: str


@event
@attrs.frozen(kw_only=True)
class MembershipChanged:
    """A customer joined a programme, or left it."""

    programme: str
    member: bool


@event
@attrs.frozen(kw_only=True)
class ReferralCredited:
    """A customer brought us another one; stands with who referred."""

    referred: Id
    credit: str = ""


@event
@attrs.frozen(kw_only=True)
class CompetitorLockInLearned:
    """It became known until when a leaver is bound elsewhere."""

    competitor: str
    until: date
    source: str


@event
@attrs.frozen(kw_only=True)
class EndBegun:
    """A relationship started to end, at the wish of one side."""

    by: Side | None = None


@event
@attrs.frozen(kw_only=True)
class Saved:
    """A relationship that had started to end goes on."""

    how: str


@event
@attrs.frozen(kw_only=True)
class ExitReasonRecorded:
    """A leaver said why; and somebody may have judged the true reason, or another branch of it under `detail`."""

    stated: Reason
    assessed: Reason | None
    evidence: str
    detail: str = ""


@event
@attrs.frozen(kw_only=True)
class ClosingStepDone:
    """One of the steps of a good ending was done, or need not be; the evidence says by what or why."""

    step: ClosingStep
    evidence: str
    needed: bool = True


@partial(event, schema=2)
@attrs.frozen(kw_only=True)
class EndCompleted:
    """A relationship ended, with those closing steps done; none when nobody knows."""

    steps: tuple[ClosingStep, ...] | None
    although: str = ""
    """Why it ended although steps were left out; empty when none was."""


@event
@attrs.frozen(kw_only=True)
class WinbackOpened:
    """We set out to win a leaver back, so many days before he is free."""

    plan: str
    lead_days: int = 30


@event
@attrs.frozen(kw_only=True)
class WinbackClosed:
    """We gave up winning a leaver back, or he wants to be left in peace."""

    why: str


@event
@attrs.frozen(kw_only=True)
class Returned:
    """A leaver came back; his tenure goes on where it stopped, or begins anew."""

    tenure_kept: bool = False
