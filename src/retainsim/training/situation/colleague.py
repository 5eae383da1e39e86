"""What a colleague has told the customer before: who says something else now is trusted less [C8 E1]."""

from __future__ import annotations

import attrs

from retainsdk.policy import Move, MoveKind
from retainsim.market.law import LAW, Parameters
from retainsim.market.response import Call
from retainsim.training.scenario import Promised

HALF_A_PERCENT = 200
"""Amounts nearer to each other than a fee through this are the same."""


def contradicts(move: Move, told: Promised | None, monthly_fee: int) -> bool:
    """
    Whether a move says something else than the colleague did: another discount, or for another time.

    Args:
        move: Of the trainee.
        told: By the colleague; none when nobody told the customer anything.
        monthly_fee: Of the customer, minor units.
    """
    if told is None or move.kind is not MoveKind.OFFER_DISCOUNT:
        return False
    apart = abs(move.amount - told.discount * monthly_fee)
    return apart * HALF_A_PERCENT > monthly_fee or move.months != told.months


def told_otherwise(call: Call, p: Parameters) -> Call:
    """The call after the customer has heard the contrary of what he was told, as after any hand-over that contradicts."""
    return attrs.evolve(call, trust=LAW.clamp(call.trust - p.contradiction * (1.0 + call.trust), -1.0, 1.0))
