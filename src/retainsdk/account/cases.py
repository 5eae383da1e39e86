"""What happens to an account's cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.state import Account, Moment
from retainsdk.case import Case
from retainsdk.events import CaseOpened, Resolved


def _open(account: Account, body: CaseOpened, moment: Moment) -> None:
    account.cases[moment.number] = Case.opened(moment.number, body, moment.at)


def _change(account: Account, body: Resolved, moment: Moment) -> None:
    account.cases[moment.number] = account.cases[moment.number].after(body, moment.at)


HANDLERS: Mapping[type, Callable[..., None]] = {CaseOpened: _open, Resolved: _change}
