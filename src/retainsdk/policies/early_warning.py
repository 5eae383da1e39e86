"""Call before he calls: a transparent risk score, and a conversation with the most at risk."""

from __future__ import annotations

from typing import ClassVar

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policies.conversation import UNDERSTOOD, answer, reason_found, understand
from retainsdk.policies.reading import is_customer, known_or, left_in_peace
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

_CAUSES = (
    "Has a complaint open",
    "Our departments raised signals",
    "Was unhappy in the last survey",
    "Uses the service less",
    "Has not heard from us for long",
)
_NAMED = 3
"""So many of the causes tell what is wrong; behind the others it has to be found out."""


@attrs.frozen
class EarlyWarning:
    """
    Each month a call to those whose signs add up to a risk, the highest first (CONCEPTS A1 D2 D3).

    Where a complaint, a signal or a survey names the cause it is a short check-in, else a review of needs.
    At the save desk it asks before it answers.

    Attributes:
        threshold: Risk points from which on to call; the score runs from 0 to 100.
        quiet_months: Calendar months to leave a customer in peace after any contact.
    """

    name: ClassVar[str] = "early_warning"
    scope: ClassVar[str] = "customer"

    threshold: float = 30.0
    quiet_months: int = 3

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """Calls in the order of risk; the budget cuts the list."""
        points = risk_points(view)
        risk = points.sum(axis=0)
        called = is_customer(view) & left_in_peace(view, self.quiet_months) & (risk >= self.threshold)
        leading = points.argmax(axis=0)
        return together(
            [
                act(
                    view,
                    called & (leading == place),
                    ActionKind.CHECK_IN if place < _NAMED else ActionKind.NEEDS_REVIEW,
                    reason=cause,
                    priority=np.rint(risk * 100).astype(np.int32),
                )
                for place, cause in enumerate(_CAUSES)
            ]
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """Ask, say the reason back, give the answer that fits it, close."""
        if (question := understand(case)) is not None:
            return question
        if case.turn == UNDERSTOOD:
            return answer(case, reason_found(case))
        return Move(kind=MoveKind.CLOSE)


def risk_points(view: BookView) -> NDArray[np.float64]:
    """
    Points of risk by cause, shape ``(causes, customers)``; their sum is the score, at most 100.

    What the book does not know adds nothing. Complaint open 30; signals up to 20 (two last month, or as many as still count for that); survey
    below 7 of 10 up to 20; use fallen by half or more 20, less in proportion; silence of a year 10, less in
    proportion.
    """
    survey = known_or(view, "survey_score", 10.0)
    trend = known_or(view, "usage_trend", 0.0)
    silence = known_or(view, "days_since_contact", 0.0)
    return np.stack(
        [
            30.0 * (view.complaints_open > 0),
            20.0 * np.clip(view.signals_recent.astype(np.float64), 0, 1),
            20.0 * np.clip((7.0 - survey) / 7.0, 0, 1),
            20.0 * np.clip(-trend.astype(np.float64) / 0.5, 0, 1),
            10.0 * np.clip(silence / 365.0, 0, 1),
        ]
    )
