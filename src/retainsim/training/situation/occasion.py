"""
What one situation does otherwise than another, behind one interface: the rest of the training asks and never looks.

A threat ends in a decision, which the law of the conversation makes. A call that we begin ends in one action of the
month, which the law of the month lives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policy import ActionKind, Move, MoveKind, ThreatView
from retainsdk.view import Reason
from retainsim.market.engine import Part
from retainsim.market.person import People
from retainsim.market.response import Call
from retainsim.training.scenario import Case
from retainsim.training.situation.facts import Fact


@attrs.frozen
class Deed:
    """
    What a call comes to that we begin: one action of the month, as the market knows it.

    Attributes:
        kind: Of action.
        amount: Minor units: a month for money off, once for a gift, a benefit or in compensation.
        months: For how long.
    """

    kind: ActionKind
    amount: int = 0
    months: int = 0


NOTHING_DONE = Deed(ActionKind.NOTHING)
"""Nothing was agreed, or nobody talked."""


@attrs.frozen(kw_only=True)
class Outcome:
    """
    What a call came to, as far as it has come.

    Attributes:
        call: Where it stands.
        deed: What was agreed; nothing where the customer himself decides.
    """

    call: Call
    deed: Deed = NOTHING_DONE


class Occasion(Protocol):
    """A situation: how a call begins, what can be said, and how its end enters the life of the customer."""

    @property
    def farewell(self) -> MoveKind:
        """The move by which a good call ends when there is nothing more to say."""

    @property
    def gives_once(self) -> frozenset[MoveKind]:
        """Moves that may give money once: a gift, a benefit, a compensation."""

    @property
    def left_to_the_month(self) -> frozenset[str]:
        """What cannot be named with a move, since the month settles it: the package it offers, the day of what is promised."""

    def begin(self, case: Case) -> Call:
        """The call before its first move."""

    def seen(self, case: Case, call: Call) -> ThreatView:
        """What whoever makes the moves knows as the call stands."""

    def stated(self, case: Case) -> Reason | None:
        """The reason the customer has stated; none when he was never asked for one."""

    def facts(self, case: Case, call: Call) -> tuple[Fact, ...]:
        """What came out beside the reason."""

    def menu(self, case: Case) -> tuple[MoveKind, ...]:
        """The moves that have a meaning, and to whose purpose he has agreed."""

    def after(self, case: Case, call: Call, move: Move, made: Sequence[Move]) -> Call:
        """
        The call after one more move.

        Args:
            case: The customer.
            call: Before it.
            move: Of the representative.
            made: The moves until then.
        """

    def deed(self, case: Case, call: Call, moves: Sequence[Move]) -> Deed:
        """What those moves come to."""

    def deed_of(self, case: Case, move: Move) -> ActionKind | None:
        """What one move would come to by itself; none when it agrees on nothing."""

    def money_off(self, outcome: Outcome) -> tuple[int, int]:
        """What a month is off if it ends so, minor units, and for how many months; 0 when nothing."""

    def with_money_off(
        self, case: Case, outcome: Outcome, moves: Sequence[Move], offer: Move | None
    ) -> Outcome:
        """The same call, had that been off, or nothing."""

    def lets_go(self, case: Case) -> bool:
        """Whether whoever does right lets him go, whatever he is worth."""

    def worlds(self, case: Case, count: int) -> People:
        """
        So many worlds that differ in nothing but chance: in each the customer, and whoever lives on with him.

        Fewer where hardly any luck would leave him of the mind he is of.
        """

    def enter(self, part: Part, who: NDArray[np.intp], case: Case, outcome: Outcome) -> NDArray[np.int64]:
        """
        Live the month of the call, which is how its end enters his life.

        Args:
            part: Worlds he is in; they change.
            who: His positions in them.
            case: As he was before the call.
            outcome: Of the call.

        Returns:
            What was counted.
        """

    def is_kept(self, ours: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """
        Whether the year is a success with each.

        Args:
            ours: Whether he is ours at the end of each month, ``(months, worlds)``.
        """

    def decides(self, case: Case, outcome: Outcome) -> bool:
        """Whether he stays, or is with us again within the year, with his own luck; nothing of him is changed."""
