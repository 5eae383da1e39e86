"""Offer only what clearly suits better; otherwise leave the customer in peace."""

from __future__ import annotations

from typing import ClassVar

import attrs
import numpy as np

from retainsdk.policies.conversation import COMPETITOR, UNDERSTOOD, reason_found, understand
from retainsdk.policies.reading import is_customer, left_in_peace
from retainsdk.policy import ActionKind, Actions, Budget, Move, MoveKind, PolicyStream, ThreatView, act
from retainsdk.view import BookView, Reason


@attrs.frozen
class SuitableOnly:
    """
    Propose a package only where it is known to suit clearly better, and never push (CONCEPTS A3 D5).

    Attributes:
        gain: Least gain in suitability, on its scale from 0 to 1.
        floor: Least suitability of what is proposed, 0 to 1.
        unanswered: Offers declined so far after which no more are made.
        quiet_months: Calendar months to leave a customer in peace after any contact.
    """

    name: ClassVar[str] = "suitable_only"
    scope: ClassVar[str] = "customer"

    gain: float = 0.15
    floor: float = 0.6
    unanswered: int = 2
    quiet_months: int = 3

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """One proposal to each whom another package suits clearly better; the greatest gain first."""
        known = view.known("suitability") & view.known("alternative_suitability")
        gain = np.where(known, view.alternative_suitability.astype(np.float64) - view.suitability, 0.0)
        proposed = (
            is_customer(view)
            & known
            & (gain >= self.gain)
            & (view.alternative_suitability >= self.floor)
            & (view.offers_made - view.offers_accepted < self.unanswered)
            & left_in_peace(view, self.quiet_months)
        )
        return act(
            view,
            proposed,
            ActionKind.OFFER_PACKAGE,
            reason="Another package suits clearly better",
            priority=np.rint(gain * 1_000).astype(np.int32),
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """Ask; propose what suits, compare honestly, or let go well; never discount."""
        if (question := understand(case)) is not None:
            return question
        if case.turn > UNDERSTOOD:
            return Move(kind=MoveKind.CLOSE)
        reason = reason_found(case)
        if reason is Reason.NEED_ENDED:
            return Move(kind=MoveKind.RELEASE)
        if reason in COMPETITOR and case.competitor_fee is not None:
            return Move(kind=MoveKind.COMPARE_COMPETITOR)
        if case.alternative_suitability is not None and case.alternative_suitability >= self.floor:
            return Move(kind=MoveKind.PROPOSE_FIT)
        return Move(kind=MoveKind.EXPLAIN_VALUE)
