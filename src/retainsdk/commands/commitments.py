"""Commands about promises."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from retainsdk.commands.desk import Desk, Desks
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
from retainsdk.journal import Decision, How, aware
from retainsdk.quantities import Money
from retainsdk.vocabulary import (
    Promise,
)


class CommitmentCommands(Desks):
    """Commands about promises."""

    def promise(
        self,
        relationship: int,
        *,
        kind: Promise,
        what: str,
        due: datetime,
        basis: str = "",
        **how: Unpack[How],
    ) -> int:
        """We promised something until an instant. Returns the number of the promise."""
        aware(due, "due")
        if not what.strip():
            raise CommandError(f"what {what!r}", "promises nothing", "Say what is promised.")

        def decide(desk: Desk) -> Decision:
            number = len(desk.account.commitments) + 1
            body = CommitmentMade(commitment=number, kind=kind, what=what, due=due, basis=basis)
            return number, [desk.here(body)]

        return int(self._about(relationship, "promise", (kind, what, due, basis), how, decide))

    def give_late_notice(self, relationship: int, promise: int, *, due: datetime, **how: Unpack[How]) -> None:
        """We said that a promise will be kept later. Legal only before it is due."""
        aware(due, "due")
        self._of_promise(relationship, promise, LateNoticeGiven(commitment=promise, due=due), how)

    def keep(self, relationship: int, promise: int, **how: Unpack[How]) -> None:
        """A promise was kept in time; for a callback record the interaction that keeps it instead."""
        self._of_promise(relationship, promise, CommitmentKept(commitment=promise), how)

    def break_promise(self, relationship: int, promise: int, **how: Unpack[How]) -> None:
        """A promise was not kept when it was due."""
        self._of_promise(relationship, promise, CommitmentBroken(commitment=promise), how)

    def release(self, relationship: int, promise: int, *, evidence: str, **how: Unpack[How]) -> None:
        """The customer let us off a promise."""
        self._of_promise(relationship, promise, Released(commitment=promise, evidence=evidence), how)

    def explain(
        self, relationship: int, *, what: str, promise: int | None = None, **how: Unpack[How]
    ) -> None:
        """We explained a failure to the customer, or apologised for it."""
        self._of_promise(relationship, promise, Explained(commitment=promise, what=what), how)

    def compensate(
        self, relationship: int, *, what: str, cost: Money, promise: int | None = None, **how: Unpack[How]
    ) -> None:
        """We made good for a failure, at a cost to us."""
        self._refuse_foreign(cost)
        self._of_promise(relationship, promise, Compensated(commitment=promise, what=what, cost=cost), how)
