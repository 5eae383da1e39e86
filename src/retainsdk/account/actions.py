"""What happens to an account's proposals, and what experiments record of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.proposal import Proposal, ProposalEvent
from retainsdk.account.state import Account, Moment
from retainsdk.events import (
    ActionApproved,
    ActionDeclined,
    ActionDone,
    ActionProposed,
    ArmAssigned,
    ExposureRecorded,
)


def _propose(account: Account, body: ActionProposed, moment: Moment) -> None:
    account.proposals[body.action] = Proposal.made(body, moment.at)


def _decide(account: Account, body: ProposalEvent, moment: Moment) -> None:
    account.proposals[body.action] = account.proposals[body.action].after(body, moment.at, moment.actor)


def _assign(account: Account, body: ArmAssigned, _moment: Moment) -> None:
    account.arms[body.experiment] = body.arm


def _expose(account: Account, body: ExposureRecorded, moment: Moment) -> None:
    account.timeline.add(moment.at, body, moment.version)


HANDLERS: Mapping[type, Callable[..., None]] = {
    ActionProposed: _propose,
    ActionApproved: _decide,
    ActionDeclined: _decide,
    ActionDone: _decide,
    ArmAssigned: _assign,
    ExposureRecorded: _expose,
}
