"""
Save-desk scripts that schools share: understand first, then answer the reason that was found.

A script is stateless: what was said stands in the case, and the turn tells how far it got.
"""

from __future__ import annotations

from retainsdk.policy import Move, MoveKind, ThreatView
from retainsdk.view import Reason

UNDERSTOOD = 3
"""Turns that `understand` takes; the answer comes in the turn of this number, counted from 0."""

COMPETITOR = (Reason.CHEAPER_COMPETITOR, Reason.BETTER_COMPETITOR)
OUR_FAULT = (Reason.SERVICE_FAILURE, Reason.BROKEN_TRUST)
PAUSE_MONTHS = 3


def understand(case: ThreatView) -> Move | None:
    """An open question, specific ones until the reason is said back; none once the answer is due (CONCEPTS B7)."""
    if case.turn == 0:
        return Move(kind=MoveKind.ASK_OPEN)
    if case.turn < UNDERSTOOD:
        return Move(kind=MoveKind.EMPATHISE if case.confirmed else MoveKind.PROBE)
    return None


def reason_found(case: ThreatView) -> Reason:
    """The reason as far as it is known: what he let be known, else what he says."""
    return case.stated_reason if case.revealed is None else case.revealed


def answer(case: ThreatView, reason: Reason) -> Move:
    """What fits a reason without paying for it: each one needs its own answer (CONCEPTS A1 A4 B7 C4)."""
    if reason is Reason.NEED_ENDED:
        return Move(kind=MoveKind.RELEASE)
    if reason is Reason.LIFE_EVENT:
        return Move(kind=MoveKind.OFFER_PAUSE, months=PAUSE_MONTHS)
    if reason in COMPETITOR and case.competitor_fee is not None:
        return Move(kind=MoveKind.COMPARE_COMPETITOR)
    if reason is Reason.NOT_WORTH_COST and case.alternative_suitability is not None:
        return Move(kind=MoveKind.PROPOSE_FIT)
    if reason in OUR_FAULT:
        return Move(kind=MoveKind.PROMISE_FOLLOW_UP if case.apologies else MoveKind.APOLOGISE)
    return Move(kind=MoveKind.EXPLAIN_VALUE)
