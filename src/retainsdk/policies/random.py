"""Do anything to anybody: what measuring is compared with, and the log off-policy evaluation needs."""

from __future__ import annotations

from typing import ClassVar

import attrs
import numpy as np

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

_KINDS = (
    ActionKind.CHECK_IN,
    ActionKind.NEEDS_REVIEW,
    ActionKind.GREETING,
    ActionKind.NEWSLETTER,
    ActionKind.SURVEY,
    ActionKind.OFFER_PACKAGE,
    ActionKind.OFFER_PRICE,
    ActionKind.OFFER_PAUSE,
    ActionKind.PROMISE_CALLBACK,
    ActionKind.COMPARISON,
)
_AMOUNTS = {ActionKind.GREETING: 0.25, ActionKind.OFFER_PRICE: 1.0}
"""Share of the fee, for kinds that take an amount; that of a price offer is scaled by the depth."""
_MONTHS = {ActionKind.OFFER_PRICE: 6, ActionKind.OFFER_PAUSE: 2}


@attrs.frozen
class AtRandom:
    """
    Each month, for a random share of the customers, a random action; at the save desk a random move.

    Attributes:
        rate: Share of customers who get an action in a month, in ``(0, 1]``.
        depth: Discount of a price offer, share of the fee, in ``[0, 1]``.
    """

    name: ClassVar[str] = "random"
    scope: ClassVar[str] = "customer"

    rate: float = 0.05
    depth: float = 0.1

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """One kind of action at a time, each as likely as the others, its probability recorded."""
        chosen = is_customer(view) & (draw.uniform("whether") < self.rate)
        which = (draw.uniform("which") * len(_KINDS)).astype(np.intp)
        return together(
            [
                act(
                    view,
                    chosen & (which == place),
                    kind,
                    reason="Drawn by lot, to learn what it does",
                    amount=share_of_fee(
                        view, _AMOUNTS.get(kind, 0.0) * (self.depth if kind is ActionKind.OFFER_PRICE else 1)
                    ),
                    months=_MONTHS.get(kind, 0),
                    probability=self.rate / len(_KINDS),
                )
                for place, kind in enumerate(_KINDS)
            ]
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """Any move, each as likely as the others."""
        lot = float(draw.uniform(f"move {case.turn}")[0])
        kind = MoveKind(int(lot * len(MoveKind)))
        if kind is MoveKind.OFFER_DISCOUNT:
            return Move(
                kind=kind, amount=round(case.monthly_fee * self.depth), months=_MONTHS[ActionKind.OFFER_PRICE]
            )
        return Move(kind=kind, months=_MONTHS[ActionKind.OFFER_PAUSE] if kind is MoveKind.OFFER_PAUSE else 0)
