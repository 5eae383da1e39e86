"""A policy that turns to everybody each month, now with this and now with that: for tests of whatever comes after."""

from __future__ import annotations

from typing import ClassVar

import attrs
import numpy as np

from retainsdk.action import action_called
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    PolicyStream,
    ThreatView,
    act,
    default_response,
    together,
)
from retainsdk.view import BookView
from retainsdk.wording import in_words

_KINDS = tuple(kind for kind in ActionKind if kind is not ActionKind.NOTHING)


@attrs.frozen
class Busybody:
    """One action for every customer every month; which one is drawn by lot."""

    name: ClassVar[str] = "busybody"
    scope: ClassVar[str] = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the budget is the gate's business
        """Something for everybody."""
        turn = (draw.uniform("what") * len(_KINDS)).astype(np.int64)
        return together([_all_of(kind, view, turn == place) for place, kind in enumerate(_KINDS)])

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol's
        """As whoever has no opinion."""
        return default_response(case)


def _all_of(kind: ActionKind, view: BookView, where: np.ndarray) -> Actions:
    slots = action_called(kind.name.lower()).slots
    return act(
        view,
        where,
        kind,
        reason=f"it is the month of the {in_words(kind)}",
        amount=100 if "amount" in slots else 0,
        months=1 if "months" in slots else 0,
    )
