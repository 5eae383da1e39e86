"""End well, and call again when the competitor's lock-in runs out."""

from __future__ import annotations

from typing import ClassVar

import attrs

from retainsdk.policies.conversation import OUR_FAULT, reason_found
from retainsdk.policies.reading import left_in_peace, share_of_fee
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
from retainsdk.view import BookView, Reason, Stage


@attrs.frozen
class WinBack:
    """
    Close every departure properly; call the leaver when he is free again, if he agreed to it (CONCEPTS B1 B2 B4 E6).

    Attributes:
        ahead_days: How long before a known lock-in ends to call.
        after_days: Where the lock-in is not known: how long after he left to call.
        quiet_months: Calendar months between two calls.
        parting_days: How long after he left what is missing of a good ending can still be done.
        welcome: Discount for a returner, share of the fee he last paid, in ``[0, 1]``.
        welcome_months: How long that discount lasts.
    """

    name: ClassVar[str] = "win_back"
    scope: ClassVar[str] = "customer"

    ahead_days: int = 45
    after_days: int = 180
    quiet_months: int = 6
    parting_days: int = 31
    welcome: float = 0.0
    welcome_months: int = 0

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """Release well whom we are losing or have just lost; call the leavers whose time has come."""
        reachable = (
            (view.stage == Stage.FORMER) & view.consent_win_back & left_in_peace(view, self.quiet_months)
        )
        lock_in_known = view.known("competitor_lock_in_days")
        free = lock_in_known & (view.competitor_lock_in_days <= self.ahead_days)
        long_gone = view.known("days_since_end") & (view.days_since_end >= self.after_days)
        welcome, months = share_of_fee(view, self.welcome), self.welcome_months
        leaving = (view.stage == Stage.ENDING) | (view.notice_given & (view.stage != Stage.FORMER))
        just_left = view.known("days_since_end") & (view.days_since_end <= self.parting_days)
        unfinished = just_left & view.known("ended_well") & ~view.ended_well
        return together(
            [
                act(view, leaving, ActionKind.RELEASE_WELL, reason="Is leaving: close everything properly", priority=2),
                act(view, unfinished, ActionKind.RELEASE_WELL, reason="Has just left, steps are missing: close everything properly", priority=2),
                act(view, reachable & free & ~unfinished, ActionKind.WIN_BACK, reason="Competitor's lock-in ends", amount=welcome, months=months, priority=1),
                act(view, reachable & ~lock_in_known & long_gone & ~unfinished, ActionKind.WIN_BACK, reason="Left half a year ago or more", amount=welcome, months=months),
            ]
        )  # fmt: skip

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """Ask for the true reason, apologise where it is ours, and leave the door open."""
        if case.turn == 0:
            return Move(kind=MoveKind.ASK_OPEN)
        if case.turn == 1:
            return Move(kind=MoveKind.PROBE)
        reason = reason_found(case)
        if reason in OUR_FAULT and not case.apologies:
            return Move(kind=MoveKind.APOLOGISE)
        no_need = reason in (Reason.NEED_ENDED, Reason.LIFE_EVENT)
        return Move(kind=MoveKind.RELEASE if no_need else MoveKind.CLOSE)
