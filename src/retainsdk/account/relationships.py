"""What happens to an account's relationship."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from retainsdk.account.state import Account, Moment
from retainsdk.codec import id_text
from retainsdk.errors import CommandError
from retainsdk.events import (
    CompetitorLockInLearned,
    EndBegun,
    EndCompleted,
    ExitReasonRecorded,
    FoundationLaid,
    OwnerAssigned,
    RelationshipOpened,
    Returned,
    Saved,
    WinbackOpened,
)
from retainsdk.relationship import Turn


def _turn(account: Account, body: Turn, moment: Moment) -> None:
    account.relationship = account.relationship.after(body, moment.at)


def _open_again(account: Account, _body: RelationshipOpened, _moment: Moment) -> None:
    raise CommandError(
        f"relationship {id_text(account.relationship.id)}", "is open already", "Choose another id."
    )


HANDLERS: Mapping[type, Callable[..., None]] = {
    RelationshipOpened: _open_again,
    OwnerAssigned: _turn,
    FoundationLaid: _turn,
    CompetitorLockInLearned: _turn,
    EndBegun: _turn,
    Saved: _turn,
    ExitReasonRecorded: _turn,
    EndCompleted: _turn,
    WinbackOpened: _turn,
    Returned: _turn,
}
