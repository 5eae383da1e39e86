"""A policy of one's own: thank whoever has been with us for long."""

from typing import ClassVar

import attrs

from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    PolicyStream,
    ThreatView,
    act,
    default_response,
)
from retainsdk.view import BookView


@attrs.frozen
class ThankVeterans:
    """A greeting to whoever has been with us for *months*, once he has not heard from us for long."""

    name: ClassVar[str] = "thank_veterans"
    scope: ClassVar[str] = "customer"

    months: int = 36

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        veteran = (view.tenure_months >= self.months) & (view.contacts_recent == 0)
        return act(
            view, veteran, ActionKind.GREETING, reason="With us for years", priority=view.tenure_months
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        return default_response(case)
