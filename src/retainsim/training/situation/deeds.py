"""
Which move of a call that we begin is which action of the month: the tables, one for customers and one for those who left.

The month knows one action for each person, so a call comes to the one that binds us most, and of several such to the
last: what is agreed counts before what is only said, and what is said before what is only asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import IntEnum

import attrs

from retainsdk.policy import ACTIONS, ActionKind, Move, MoveKind
from retainsim.training.scenario import Case
from retainsim.training.situation.occasion import NOTHING_DONE, Deed


class Binds(IntEnum):
    """How far a move binds us."""

    ASKED = 0
    LOOKED_INTO = 1
    SAID = 2
    AGREED = 3


@attrs.frozen(kw_only=True)
class Row:
    """
    One move and what it comes to.

    Attributes:
        move: In the call.
        kinds: What it may come to in the month; all of one purpose.
        binds: How far.
        which: Of the kinds, the place of the one that is meant.
        open_to: With whom it has a meaning at all.
        once: Whether it may give money once; then it binds as what is agreed.
    """

    move: MoveKind
    kinds: tuple[ActionKind, ...]
    binds: Binds
    which: Callable[[Case, Move], int] = lambda case, move: 0  # noqa: ARG005 # as the others
    open_to: Callable[[Case], bool] = lambda case: True  # noqa: ARG005 # as above
    once: bool = False

    def kind(self, case: Case, move: Move) -> ActionKind:
        """What the move comes to."""
        return self.kinds[self.which(case, move)]

    def may(self, case: Case) -> bool:
        """Whether it has a meaning with somebody, who has agreed to its purpose."""
        purpose = ACTIONS[self.kinds[0]].consent
        return self.open_to(case) and (purpose is None or bool(case.card.get(f"consent_{purpose}", False)))


def _has_terms(case: Case) -> bool:
    return case.market.preset.contractual


def _has_complaint(case: Case) -> bool:
    return bool(case.card["complaints_open"])


def _with_money(case: Case, move: Move) -> int:  # noqa: ARG001 # as the table calls it
    return int(move.amount > 0)


def _with_work(case: Case, move: Move) -> int:  # noqa: ARG001 # as above
    """Where a complaint is open there is work to promise, and not only a call."""
    return int(_has_complaint(case))


def _at_odds(case: Case, move: Move) -> int:  # noqa: ARG001 # as above
    """One complaint is settled by somebody who may decide; where several stand open, the two sides need a third."""
    return int(case.card["complaints_open"] > 1)


OF_CUSTOMERS: tuple[Row, ...] = (
    Row(move=MoveKind.ASK_OPEN, kinds=(ActionKind.CHECK_IN,), binds=Binds.ASKED),
    Row(move=MoveKind.PROBE, kinds=(ActionKind.NEEDS_REVIEW,), binds=Binds.LOOKED_INTO),
    Row(move=MoveKind.SMALL_TALK, kinds=(ActionKind.GREETING,), binds=Binds.SAID, once=True),
    Row(move=MoveKind.EXPLAIN_VALUE, kinds=(ActionKind.PROGRESS_REPORT,), binds=Binds.SAID),
    Row(move=MoveKind.COMPARE_COMPETITOR, kinds=(ActionKind.COMPARISON,), binds=Binds.SAID),
    Row(move=MoveKind.APOLOGISE, kinds=(ActionKind.APOLOGY, ActionKind.COMPENSATION), binds=Binds.AGREED, which=_with_money, once=True),
    Row(move=MoveKind.OFFER_DISCOUNT, kinds=(ActionKind.OFFER_PRICE,), binds=Binds.AGREED),
    Row(move=MoveKind.PROPOSE_FIT, kinds=(ActionKind.OFFER_PACKAGE,), binds=Binds.AGREED, open_to=_has_terms),
    Row(move=MoveKind.OFFER_PAUSE, kinds=(ActionKind.OFFER_PAUSE,), binds=Binds.AGREED, open_to=_has_terms),
    Row(move=MoveKind.PROMISE_FOLLOW_UP, kinds=(ActionKind.PROMISE_CALLBACK, ActionKind.PROMISE_DELIVERY), binds=Binds.AGREED, which=_with_work),
    Row(move=MoveKind.ESCALATE, kinds=(ActionKind.ESCALATE, ActionKind.MEDIATE), binds=Binds.AGREED, which=_at_odds, open_to=_has_complaint),
    Row(move=MoveKind.ASK_REFERRAL, kinds=(ActionKind.ASK_REFERRAL,), binds=Binds.AGREED),
    Row(move=MoveKind.OFFER_BENEFIT, kinds=(ActionKind.OFFER_BENEFIT,), binds=Binds.AGREED, once=True),
)  # fmt: skip
"""With a customer of ours."""

OF_LEAVERS: tuple[Row, ...] = (
    Row(move=MoveKind.ASK_OPEN, kinds=(ActionKind.KEEP_ADVISING,), binds=Binds.ASKED),
    Row(move=MoveKind.PROBE, kinds=(ActionKind.KEEP_ADVISING,), binds=Binds.ASKED),
    Row(move=MoveKind.SMALL_TALK, kinds=(ActionKind.GREETING,), binds=Binds.SAID),
    Row(move=MoveKind.EXPLAIN_VALUE, kinds=(ActionKind.KEEP_ADVISING,), binds=Binds.SAID),
    Row(move=MoveKind.COMPARE_COMPETITOR, kinds=(ActionKind.KEEP_ADVISING,), binds=Binds.SAID),
    Row(move=MoveKind.OFFER_DISCOUNT, kinds=(ActionKind.WIN_BACK,), binds=Binds.AGREED),
    Row(move=MoveKind.RELEASE, kinds=(ActionKind.RELEASE_WELL,), binds=Binds.AGREED, open_to=_has_terms),
)  # fmt: skip
"""With somebody who left: advice, thanks and an open door, or an offer if he returns [B1 B4]."""


def rows_by_move(rows: Sequence[Row]) -> dict[MoveKind, Row]:
    """The rows of a table by their moves."""
    return {row.move: row for row in rows}


def agreed(case: Case, moves: Sequence[Move], rows: Sequence[Row]) -> Deed:
    """What the moves of a call come to, by one of the tables."""
    known, deed, most = rows_by_move(rows), NOTHING_DONE, -1
    for move in moves:
        row = known.get(move.kind)
        if row is None:
            continue
        binds = Binds.AGREED if row.once and move.amount else row.binds
        if binds >= most:
            deed, most = Deed(row.kind(case, move), move.amount, move.months), binds
    return deed
