"""What a contact means for an experiment: who met what it is about, and who should not have (CONCEPTS B6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from retainsdk.account.state import Account
from retainsdk.events import (
    ActionDone,
    ArmAssigned,
    CommitmentKept,
    ExposureRecorded,
    InteractionRecorded,
    OfferMade,
)
from retainsdk.firm.holdout import Experiment, running
from retainsdk.vocabulary import Direction


def may_expose(bodies: Iterable[object]) -> bool:
    """Whether anything among these events can be what an experiment is about."""
    return any(_purpose(body) for body in bodies)


def exposures(
    account: Account, experiments: Iterable[Experiment], bodies: Iterable[object], on: date
) -> Iterator[ArmAssigned | ExposureRecorded]:
    """
    What experiments record of events that are about to be written: the arm at the first touch, and the exposure.

    A contact that keeps a promise or answers a case is owed, and exposes nobody.

    Args:
        account: Of the customer.
        experiments: All of the book.
        bodies: What happened, together.
        on: The day.
    """
    bodies = list(bodies)
    owed = any(isinstance(body, CommitmentKept) for body in bodies)
    by_policy = any(isinstance(body, ActionDone) for body in bodies)
    purposes = dict.fromkeys(purpose for body in bodies if (purpose := _purpose(body)))
    for purpose in () if owed else purposes:
        experiment = running(experiments, purpose, on)
        if experiment is None:
            continue
        arm = account.arms.get(experiment.name) or experiment.arm_of(account.relationship.customer)
        if experiment.name not in account.arms:
            yield ArmAssigned(experiment=experiment.name, arm=arm)
        contaminated = arm == experiment.control and not by_policy
        yield ExposureRecorded(experiment=experiment.name, arm=arm, contaminated=contaminated)


def still_exposes(account: Account, purpose: str, at: datetime) -> bool:
    """Whether what exposed a customer at an instant counts still: a contact may have been corrected since."""
    contacts = (body for when, body in account.timeline.of(InteractionRecorded) if when == at)
    by_offer = purpose == _OF_OFFERS and any(it.made_at == at for it in account.offers.values())
    return by_offer or any(_purpose(body) == purpose for body in contacts)


_OF_OFFERS = "sales"


def _purpose(body: object) -> str:
    if isinstance(body, OfferMade):
        return _OF_OFFERS
    if isinstance(body, InteractionRecorded) and body.direction is Direction.OUTBOUND and body.case is None:
        return body.purpose
    return ""
