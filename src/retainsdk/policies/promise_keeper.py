"""Keep what was promised, say so before it falls due, and make good what was broken."""

from __future__ import annotations

from typing import ClassVar

import attrs

from retainsdk.policies.conversation import OUR_FAULT, reason_found
from retainsdk.policies.reading import is_customer, share_of_fee
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    MoveKind,
    PolicyStream,
    ThreatView,
    act,
    together,
)
from retainsdk.view import BookView


@attrs.frozen
class PromiseKeeper:
    """
    A progress report while a promise falls due, amends for each broken one, a callback for each complaint
    (CONCEPTS A5 C4 C8 D6).

    Attributes:
        amends: Compensation for a broken promise, share of the monthly fee, once for each.
    """

    name: ClassVar[str] = "promise_keeper"
    scope: ClassVar[str] = "customer"

    amends: float = 0.3

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """Amends where less has been given than the broken promises are worth; then reports, then callbacks."""
        ours = is_customer(view)
        compensation = share_of_fee(view, self.amends)
        owed = (
            ours & (view.promises_broken > 0) & (view.concession_cost < view.promises_broken * compensation)
        )
        due = ours & ~owed & (view.promises_due > 0)
        waiting = ours & ~owed & ~due & (view.complaints_open > 0) & (view.promises_open == 0)
        return together(
            [
                act(view, owed, ActionKind.COMPENSATION, reason="We broke a promise: explain and make amends", amount=compensation, priority=3),
                act(view, due, ActionKind.PROGRESS_REPORT, reason="A promise falls due: say how far it is", priority=2),
                act(view, waiting, ActionKind.PROMISE_CALLBACK, reason="Complaint open: say when we call back", priority=1),
            ]
        )  # fmt: skip

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """Ask; where we are at fault apologise once; promise a date; close."""
        if case.turn == 0:
            return Move(kind=MoveKind.ASK_OPEN)
        if case.turn == 1:
            return Move(kind=MoveKind.PROBE)
        if not case.apologies and (reason_found(case) in OUR_FAULT or case.complaints > 0):
            return Move(kind=MoveKind.APOLOGISE)
        return Move(kind=MoveKind.CLOSE if case.promised else MoveKind.PROMISE_FOLLOW_UP)
