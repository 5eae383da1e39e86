"""What happens to an account's promises."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.state import Account, Moment
from retainsdk.commitment import Commitment, Outcome
from retainsdk.errors import CommandError
from retainsdk.events import (
    CommitmentBroken,
    CommitmentKept,
    CommitmentMade,
    Compensated,
    Explained,
    LateNoticeGiven,
    Released,
)


def _make(account: Account, body: CommitmentMade, moment: Moment) -> None:
    account.commitments[body.commitment] = Commitment.made(body, moment.at, moment.actor)


def _settle(account: Account, body: Outcome, moment: Moment) -> None:
    promise = account.commitments[body.commitment]
    account.commitments[body.commitment] = promise.after(body, moment.at, calls=account.timeline.calls())


def _explain(account: Account, body: Explained, moment: Moment) -> None:
    account.timeline.add(moment.at, body, moment.version)


def _compensate(account: Account, body: Compensated, moment: Moment) -> None:
    if body.cost.amount < 0:
        raise CommandError(
            f"a compensation of {body.cost}", "must not be negative", "State what it costs us."
        )
    account.timeline.add(moment.at, body, moment.version)


HANDLERS: Mapping[type, Callable[..., None]] = {
    CommitmentMade: _make,
    LateNoticeGiven: _settle,
    CommitmentKept: _settle,
    CommitmentBroken: _settle,
    Released: _settle,
    Explained: _explain,
    Compensated: _compensate,
}
