"""Pasts: what a firm did to its customers before the call, under which the market of a scenario lived."""

from __future__ import annotations

from typing import ClassVar

import attrs

from retainsdk.policies import get, names
from retainsdk.policies.reading import is_customer
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    MoveKind,
    Policy,
    PolicyStream,
    ThreatView,
    act,
)
from retainsdk.view import BookView


@attrs.frozen
class Push:
    """
    Sells whatever comes next, to whoever comes next: larger packages to people whom theirs suits [A3].

    No school of the field, so it is not among the policies to choose from; somebody must have sold what is regretted.

    Attributes:
        rate: Share of the customers who hear of a package in a month, in ``(0, 1]``.
    """

    name: ClassVar[str] = "push"
    scope: ClassVar[str] = "customer"

    rate: float = 0.2

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # as the protocol has it
        """A package for some, drawn by lot."""
        chosen = is_customer(view) & (draw.uniform("whom") < self.rate)
        return act(view, chosen, ActionKind.OFFER_PACKAGE, reason="There is a larger one: sell it")

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # as above
        """Nobody listens to who calls."""
        return Move(kind=MoveKind.CLOSE)


def past_names() -> tuple[str, ...]:
    """The pasts there are: every policy that ships, and one that no firm should have."""
    return (*names(), Push.name)


def past(name: str) -> Policy:
    """
    The policy under which a market lived until the call.

    Args:
        name: One of `past_names`.
    """
    return Push() if name == Push.name else get(name)
