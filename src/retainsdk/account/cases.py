"""What happens to an account's cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from retainsdk.account.bad_news import refuse_untold
from retainsdk.account.state import Account, Moment
from retainsdk.case import Case, CaseEvent
from retainsdk.case.recurrence import first_of, joined
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import (
    Acknowledged,
    CaseOpened,
    CaseWithdrawn,
    ClockPaused,
    ClockResumed,
    Closed,
    DisputeStepTaken,
    Escalated,
    HandedOver,
    Merged,
    OptionChosen,
    OptionsOffered,
    Reopened,
    Resolved,
    WorkStarted,
)


def _open(account: Account, body: CaseOpened, moment: Moment) -> None:
    if moment.number in account.cases:
        raise CommandError(f"case {moment.number}", "was opened already", "Open another one, or reopen it.")
    case = Case.opened(moment.number, body, moment.at, handler=moment.actor or account.relationship.owner)
    if body.repeats is not None:
        named = _known(account, body.repeats)
        first = first_of(account.cases, named.number)
        # the one named as well: else a book cut off between the two would name a case it does not hold
        late = next((it for it in (first, named) if moment.at < it.opened_at), None)
        if late is not None:
            raise CommandError(
                f"case {moment.number}",
                f"would repeat case {late.number}, which came up only later",
                "Name a case that was there before.",
            )
        case = attrs.evolve(case, repeats=first.number)
    account.cases[moment.number] = case


def _change(account: Account, body: CaseEvent, moment: Moment) -> None:
    account.cases[moment.number] = _known(account, moment.number).after(body, moment.at)


def _resolve(account: Account, body: Resolved, moment: Moment) -> None:
    case = _known(account, moment.number)
    resolved = case.after(body, moment.at)
    if case.news:
        refuse_untold(case.news, account.timeline, moment.at)
    account.cases[moment.number] = resolved


def _merge(account: Account, body: Merged, moment: Moment) -> None:
    gone = _known(account, moment.number)
    merged = gone.after(body, moment.at)
    goes_on = _known(account, body.into).absorbing(gone, moment.at)
    account.cases.update({goes_on.number: goes_on})
    account.cases.update(joined(account.cases, gone.number, goes_on.number))
    account.cases[gone.number] = merged


def _known(account: Account, number: int) -> Case:
    if number not in account.cases:
        raise UnknownIdError("case", str(number))
    return account.cases[number]


HANDLERS: Mapping[type, Callable[..., None]] = {
    CaseOpened: _open,
    Acknowledged: _change,
    WorkStarted: _change,
    OptionsOffered: _change,
    OptionChosen: _change,
    HandedOver: _change,
    Escalated: _change,
    ClockPaused: _change,
    ClockResumed: _change,
    Resolved: _resolve,
    Reopened: _change,
    Closed: _change,
    Merged: _merge,
    CaseWithdrawn: _change,
    DisputeStepTaken: _change,
}
