"""What policies propose and people decide, and the experiments that measure it."""

from __future__ import annotations

from datetime import date

import attrs

from retainsdk.events.body import event
from retainsdk.quantities import Money
from retainsdk.vocabulary import Channel


@event
@attrs.frozen(kw_only=True)
class ActionProposed:
    """A policy wants something done for a customer; actions are numbered within a relationship from 1."""

    action: int
    kind: str
    """A word of the vocabulary of actions."""
    channel: Channel
    amount: Money
    months: int
    priority: int
    policy: str
    policy_version: str
    probability: float
    reason: str
    until: date
    """Last day on which it makes sense."""
    experiment: str = ""
    arm: str = ""


@event
@attrs.frozen(kw_only=True)
class ActionApproved:
    """A person wants it done, as proposed or in another form."""

    action: int
    channel: Channel | None = None
    amount: Money | None = None
    months: int | None = None
    by: str = ""


@event
@attrs.frozen(kw_only=True)
class ActionDeclined:
    """A person does not want it done."""

    action: int
    why: str


@event
@attrs.frozen(kw_only=True)
class ActionDone:
    """It was done; what that made of the book stands beside it."""

    action: int


@event
@attrs.frozen(kw_only=True)
class ExperimentDeclared:
    """Customers are divided by chance from now on, and contacts of a purpose are withheld from one part of them."""

    purpose: str
    arms: tuple[str, ...]
    """The first one is the control."""
    shares: tuple[int, ...]
    """Of the arms, in whole parts."""
    starts_on: date
    ends_on: date
    seed: int
    question: str = ""


@event
@attrs.frozen(kw_only=True)
class ArmAssigned:
    """A customer belongs to an arm of an experiment."""

    experiment: str
    arm: str


@event
@attrs.frozen(kw_only=True)
class ExposureRecorded:
    """A customer met what an experiment is about; one of the control group should not have: that is contamination."""

    experiment: str
    arm: str
    contaminated: bool
