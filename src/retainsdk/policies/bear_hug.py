"""Give to whoever threatens: the bear hug that spoils the customer and breaks the firm's back."""

from __future__ import annotations

from typing import ClassVar

import attrs

from retainsdk.policies.reading import is_customer, known_or, share_of_fee
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
from retainsdk.view import CONTACT_MEMORY, BookView

_UNHAPPY = 4.0
"""Survey answers below this, of 10, look like leaving."""


@attrs.frozen
class BearHug:
    """
    Discounts for all who threaten or complain, gifts for all who look shaky, at once and unasked (CONCEPTS A7).

    Attributes:
        depth: First discount, share of the monthly fee, in ``[0, 1]``.
        deeper: Discount for whoever is not content with the first, share of the monthly fee, in ``[0, 1]``.
        months: How long a discount lasts.
        gift: Worth of a greeting's gift, share of the monthly fee.
    """

    name: ClassVar[str] = "bear_hug"
    scope: ClassVar[str] = "customer"

    depth: float = 0.25
    deeper: float = 0.4
    months: int = 12
    gift: float = 0.25

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """A price offer after any threat or complaint while none is running; a gift after last month's signals."""
        discount = share_of_fee(view, self.depth)
        ours = is_customer(view)
        undiscounted = ours & (view.discount < discount)
        threatened = undiscounted & (view.threats > 0)
        complains = undiscounted & ~threatened & (view.complaints_open > 0)
        shaky = (view.signals_recent >= CONTACT_MEMORY) | (known_or(view, "survey_score", 10.0) < _UNHAPPY)
        return together(
            [
                act(view, threatened, ActionKind.OFFER_PRICE, reason="Has threatened to leave: give a discount", amount=discount, months=self.months, priority=3),
                act(view, complains, ActionKind.OFFER_PRICE, reason="Complains: give a discount", amount=discount, months=self.months, priority=2),
                act(view, ours & ~threatened & ~complains & shaky, ActionKind.GREETING, reason="Looks unhappy: send a gift", amount=share_of_fee(view, self.gift), priority=1),
            ]
        )  # fmt: skip

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """A deep discount before any question, a deeper one when he hesitates."""
        if case.turn <= 1:
            share = self.depth if case.turn == 0 else self.deeper
            return Move(
                kind=MoveKind.OFFER_DISCOUNT, amount=round(case.monthly_fee * share), months=self.months
            )
        return Move(kind=MoveKind.CLOSE)
