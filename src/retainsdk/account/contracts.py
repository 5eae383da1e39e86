"""What happens to an account's contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.state import Account, Moment
from retainsdk.contract import Change, Contract
from retainsdk.errors import CommandError
from retainsdk.events import (
    AmendmentAccepted,
    Expired,
    NoticeGiven,
    NoticeRescinded,
    Renewed,
    Signed,
    Terminated,
)


def _sign(account: Account, body: Signed, moment: Moment) -> None:
    running = account.contract
    if running is not None and (running.is_running or moment.at < running.since):
        raise CommandError(
            "terms",
            f"cannot be signed while contract {running.number} runs",
            "Renew or amend it, or end it first.",
        )
    account.relationship = account.relationship.engaged(moment.at)
    account.contracts[moment.number] = Contract.signed(moment.number, body, moment.at)


def _change(account: Account, body: Change, moment: Moment) -> None:
    account.contracts[moment.number] = account.contracts[moment.number].after(body, moment.at, moment.day)


HANDLERS: Mapping[type, Callable[..., None]] = {
    Signed: _sign,
    Renewed: _change,
    AmendmentAccepted: _change,
    NoticeGiven: _change,
    NoticeRescinded: _change,
    Terminated: _change,
    Expired: _change,
}
