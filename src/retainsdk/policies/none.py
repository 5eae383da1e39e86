"""Do nothing: the control."""

from __future__ import annotations

from typing import ClassVar

import attrs

from retainsdk.policy import Actions, Budget, Move, PolicyStream, ThreatView, default_response, no_actions
from retainsdk.view import BookView


@attrs.frozen
class Nothing:
    """
    Leave everybody in peace; whoever threatens hears the script every firm has.

    What we owe is still done: duties are no policy. Every effect is measured against this (CONCEPTS B6).
    """

    name: ClassVar[str] = "none"
    scope: ClassVar[str] = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """No action."""
        return no_actions()

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """The default script, which grants nothing."""
        return default_response(case)
