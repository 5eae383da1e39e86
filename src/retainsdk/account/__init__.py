"""
An account: everything a book knows of one relationship, and what each event does to it.

The state is in `state`; the other modules say, one theme each, which event does what to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account import actions, cases, commitments, contracts, endings, records, relationships
from retainsdk.account.state import Account, Moment
from retainsdk.errors import CommandError
from retainsdk.record.contradiction import change_by
from retainsdk.wording import in_words

__all__ = ["HANDLERS", "Account", "Moment", "take"]

HANDLERS: Mapping[type, Callable[..., None]] = {
    **relationships.HANDLERS,
    **endings.HANDLERS,
    **contracts.HANDLERS,
    **commitments.HANDLERS,
    **cases.HANDLERS,
    **records.HANDLERS,
    **actions.HANDLERS,
}
"""What each kind of event does to an account."""


def take(account: Account, body: object, moment: Moment) -> None:
    """
    Fold one event more.

    Raises:
        RetainError: When it cannot have happened after those before it.
    """
    before = account.relationship
    if moment.at < before.opened_at:
        raise CommandError(
            f"{in_words(type(body).__name__)} at {moment.at.isoformat()}",
            f"comes before the relationship began, {before.opened_at.isoformat()}",
            "Give the instant at which it really happened.",
        )
    HANDLERS.get(type(body), _put_down)(account, body, moment)
    after = account.relationship
    if after is not before and after.state != before.state:
        account.stages.append((after.since, after.stage))
    change = change_by(body, moment.at)
    if change is not None:
        account.changes.append(change)
    if not moment.number:
        account.version = moment.version


def _put_down(account: Account, body: object, moment: Moment) -> None:
    # an event that a plug-in added: the book keeps it, and decides nothing by it
    account.timeline.add(moment.at, body, moment.version, moment.actor)
