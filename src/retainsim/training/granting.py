"""What goes with a move: the slots of each, and how much whoever sits at the desk may grant."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from retainsdk.errors import Fault
from retainsdk.policy import Move, MoveKind
from retainsim.market.observed import LISTED_PACKAGES
from retainsim.training.scenario import Authority
from retainsim.training.situation import Occasion

_SLOTS: Mapping[MoveKind, tuple[str, ...]] = {
    MoveKind.OFFER_DISCOUNT: ("amount", "months"),
    MoveKind.PROPOSE_FIT: ("plan",),
    MoveKind.OFFER_PAUSE: ("months",),
    MoveKind.COMPARE_COMPETITOR: ("claim",),
    MoveKind.PROMISE_FOLLOW_UP: ("days",),
}
"""What may go with a move; all others take nothing, or money once."""


def slots_of(kind: MoveKind, occasion: Occasion) -> tuple[str, ...]:
    """
    What may go with a move.

    Args:
        kind: Of move.
        occasion: The situation: where we call, the month knows no package and no day of our naming.
    """
    if kind in occasion.gives_once:
        return ("amount",)
    return tuple(it for it in _SLOTS.get(kind, ()) if it not in occasion.left_to_the_month)


def most_off(limits: Authority, monthly_fee: int) -> int:
    """The largest discount a month he may grant, minor units."""
    return int(limits.discount * monthly_fee)


def most_once(limits: Authority, monthly_fee: int) -> int:
    """The most he may give once, minor units."""
    return int(limits.once * monthly_fee)


def is_granted(kind: MoveKind, limits: Authority, monthly_fee: int) -> bool:
    """Whether he may make such a move at all."""
    if kind is MoveKind.OFFER_DISCOUNT:
        return min(most_off(limits, monthly_fee), limits.months) >= 1
    return kind is not MoveKind.OFFER_PAUSE or limits.months >= 1


def settled(move: Move, limits: Authority, occasion: Occasion) -> Move:
    """The move as it is said: a promise without a day is for the last day he may promise."""
    if move.days is None and "days" in slots_of(move.kind, occasion):
        return attrs.evolve(move, days=limits.days)
    return move


def faults_of(move: Move, limits: Authority, monthly_fee: int, occasion: Occasion) -> list[Fault]:
    """
    All that is impossible, or beyond what he may grant, in a move.

    Args:
        move: Of whoever sits at the desk.
        limits: What he may grant.
        monthly_fee: Of the customer, minor units.
        occasion: The situation.
    """
    faults, slots = [], slots_of(move.kind, occasion)
    for name, (nothing, rule) in _RULES.items():
        value = getattr(move, name)
        if name not in slots:
            if value != nothing:
                told = getattr(value, "name", str(value)).lower()
                faults.append(Fault(name, told, "is no slot of this move", "Leave it out."))
        elif move.kind in occasion.gives_once:
            faults += _outside(name, value, most_once(limits, monthly_fee), "minor units once", least=0)
        else:
            faults += rule(name, value, limits, monthly_fee)
    return faults


def _amount(name: str, value: int, limits: Authority, monthly_fee: int) -> list[Fault]:
    return _outside(name, value, most_off(limits, monthly_fee), "minor units a month")


def _months(name: str, value: int, limits: Authority, _: int) -> list[Fault]:
    return _outside(name, value, limits.months, "months")


def _days(name: str, value: int | None, limits: Authority, _: int) -> list[Fault]:
    return [] if value is None else _outside(name, value, limits.days, "days")


def _plan(name: str, value: int | None, *_: object) -> list[Fault]:
    if value is None or value in LISTED_PACKAGES:
        return []
    listed = ", ".join(map(str, LISTED_PACKAGES))
    remedy = f"Propose one of {listed}, or leave it out for the one that fits best."
    return [Fault(name, str(value), "is no package on offer", remedy)]


def _claim(*_: object) -> list[Fault]:
    """Anything can be claimed."""
    return []


def _outside(name: str, value: int, most: int, unit: str, *, least: int = 1) -> list[Fault]:
    if least <= value <= most:
        return []
    if most < 1:
        return [Fault(name, str(value), "is not yours to grant", "Escalate, or offer something else.")]
    remedy = f"You may grant {most} {unit} at most; beyond that, escalate."
    return [Fault(name, str(value), f"must be within {least} and {most}", remedy)]


_RULES: Mapping[str, tuple[object, Callable[..., list[Fault]]]] = {
    "amount": (0, _amount),
    "months": (0, _months),
    "plan": (None, _plan),
    "claim": (None, _claim),
    "days": (None, _days),
}
"""What each slot is when it is left out, and what it must be where it is not."""
