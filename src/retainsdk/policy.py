"""
What we choose to do for customers: actions, moves, and the protocol of a policy.

A policy reads a view and answers with actions (prevention, once a month) or, in a conversation with a
customer who threatens to leave, with one move at a time (response). It is a pure function: its memory is the
book. Engine and book execute its actions through the same gate, `execute`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.action import ACTIONS, Action, ActionKind, Claim, MoveKind
from retainsdk.errors import Fault, InputError
from retainsdk.view import BookView
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Reason

__all__ = [
    "ACTIONS",
    "Action",
    "ActionKind",
    "Actions",
    "Budget",
    "Channel",
    "Claim",
    "Executed",
    "Move",
    "MoveKind",
    "Policy",
    "PolicyStream",
    "ThreatView",
    "act",
    "costs_of",
    "default_response",
    "execute",
    "no_actions",
    "together",
]


@attrs.frozen(kw_only=True)
class Budget:
    """
    What may be spent in one month on what a policy's `decide` proposes.

    Duties need no budget, and what `respond` grants in a conversation is not counted.

    Attributes:
        minutes: Of representatives; none for no limit.
        money: In minor units; none for no limit.
    """

    minutes: int | None = None
    money: int | None = None


class PolicyStream:
    """
    The chance a policy may use: numbers keyed by customer, period and name.

    No draw depends on the order of rows, on who else is there, or on other draws.

    >>> import numpy as np
    >>> all_three = PolicyStream(seed=1, period=4, relationships=np.array([7, 8, 9], dtype=np.uint64))
    >>> only_one = PolicyStream(seed=1, period=4, relationships=np.array([8], dtype=np.uint64))
    >>> bool(all_three.uniform("explore")[1] == only_one.uniform("explore")[0])
    True
    """

    def __init__(self, *, seed: int, period: int, relationships: NDArray[np.uint64]) -> None:
        self._seed, self._period, self._relationships = seed, period, relationships

    def uniform(self, name: str) -> NDArray[np.float64]:
        """One number in ``[0, 1)`` for every relationship, the same whenever asked under the same *name*."""
        text = f"policy/{self._seed}/{self._period}/{name}".encode()
        key = np.uint64(int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little"))
        bits = _mixed(_mixed(self._relationships) ^ key)
        return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mixed(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # splitmix64's finaliser (Steele, Lea & Flood 2014); array products wrap without a warning
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))


@attrs.frozen(kw_only=True, eq=False)
class Actions:
    """
    What a policy wants done, one row an action.

    Attributes:
        relationship: Whom for.
        kind: Codes of `ActionKind`.
        channel: Codes of `Channel`.
        amount: Money, minor units: per month for a price offer, once for a gift or compensation.
        months: For how long; 0 where the kind has no such slot.
        priority: Higher goes first when the budget is short.
        probability: With which the policy chose this, in ``(0, 1]``; 1 when it did not randomise.
        reason: Position in *reasons*.
        reasons: Why, in words for a person.
    """

    relationship: NDArray[np.uint64]
    kind: NDArray[np.int8]
    channel: NDArray[np.int8]
    amount: NDArray[np.int64]
    months: NDArray[np.int32]
    priority: NDArray[np.int32]
    probability: NDArray[np.float64]
    reason: NDArray[np.int16]
    reasons: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.relationship)

    def take(self, rows: NDArray[Any]) -> Actions:
        """Some of the rows."""
        return attrs.evolve(self, **{name: getattr(self, name)[rows] for name in _ROWS})

    def where(self, keep: Callable[[int, ActionKind], bool]) -> Actions:
        """The rows of whose customer and kind *keep* says so."""
        kept = [
            keep(int(who), ActionKind(kind)) for who, kind in zip(self.relationship, self.kind, strict=True)
        ]
        return self.take(np.array(kept, dtype=np.bool_))


_ROWS = {
    "relationship": np.uint64,
    "kind": np.int8,
    "channel": np.int8,
    "amount": np.int64,
    "months": np.int32,
    "priority": np.int32,
    "probability": np.float64,
    "reason": np.int16,
}


def no_actions() -> Actions:
    """The answer of a policy that leaves everybody in peace."""
    columns: dict[str, Any] = {name: np.zeros(0, dtype=dtype) for name, dtype in _ROWS.items()}
    return Actions(**columns)


def act(  # the arguments are the columns
    view: BookView,
    where: NDArray[np.bool_],
    kind: ActionKind,
    *,
    reason: str,
    channel: Channel = Channel.PHONE,
    amount: NDArray[np.int64] | int = 0,
    months: int = 0,
    priority: NDArray[np.int32] | NDArray[np.int64] | int = 0,
    probability: float = 1.0,
) -> Actions:
    """
    The same action for all rows of the view in *where*.

    Args:
        view: What the policy sees.
        where: Mask over its rows.
        kind: Of action.
        reason: Why, for the person who reads the agenda.
        channel: How to reach the customer.
        amount: Minor units, one figure or one a row of the view.
        months: For how long.
        priority: One figure or one a row of the view.
        probability: With which the policy chose it.
    """
    rows = np.flatnonzero(where)
    return Actions(
        relationship=view.relationship[rows],
        kind=np.full(len(rows), kind, dtype=np.int8),
        channel=np.full(len(rows), channel, dtype=np.int8),
        amount=np.broadcast_to(amount, len(view))[rows].astype(np.int64),
        months=np.full(len(rows), months, dtype=np.int32),
        priority=np.broadcast_to(priority, len(view))[rows].astype(np.int32),
        probability=np.full(len(rows), probability, dtype=np.float64),
        reason=np.zeros(len(rows), dtype=np.int16),
        reasons=(reason,),
    )


def together(parts: Sequence[Actions]) -> Actions:
    """All actions of several lists in one."""
    shift, reasons = 0, []
    for part in parts:
        reasons.append(part.reason + np.int16(shift))
        shift += len(part.reasons)
    if not parts:
        return no_actions()
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in _ROWS if name != "reason"
    }
    return Actions(
        **columns,
        reason=np.concatenate(reasons),
        reasons=tuple(reason for part in parts for reason in part.reasons),
    )


@attrs.frozen(kw_only=True, eq=False)
class Executed:
    """
    What became of a policy's actions at the gate.

    Attributes:
        done: Executed, ordered by relationship, one a relationship at most.
        refused: Left out because the customer has not consented to the purpose on that channel, or must be left
            alone as the control of an experiment.
        cut: Left out because the budget was spent or the customer already gets another action this month.
        minutes: Of representatives spent.
    """

    done: Actions
    refused: Actions
    cut: Actions
    minutes: int


def execute(actions: Actions, view: BookView, budget: Budget, *, consent_gate: bool = True) -> Executed:
    """
    Pass a policy's actions through the gate that book and market share.

    Actions without consent are refused; the others go by falling priority (ties by id, kind and slots) until
    minutes or money are spent, and each customer gets one a month. What is asked for in which order is the same.

    Args:
        actions: What the policy wants.
        view: What it saw.
        budget: What may be spent.
        consent_gate: False shows what ignoring consent would cost; for the market only.

    Raises:
        InputError: When an action names nobody in the view, an unknown kind, or impossible slots.
    """
    rows = _rows_in(view, actions)
    kinds = actions.kind.astype(np.intp)
    refused = np.zeros(len(actions), dtype=np.bool_)
    for place, purpose in enumerate(CONSENT_PURPOSES):
        wanted = _PURPOSE[kinds] == place
        refused |= wanted & ~_OWED[kinds] & (view.held_out[rows] >> place & 1 == 1)
        if consent_gate:
            open_channels = getattr(view, f"channels_{purpose}")[rows].astype(np.intp)
            refused |= wanted & (open_channels >> actions.channel & 1 == 0)
    # every slot takes part, so that who lists the same actions in another order gets the same ones done
    slots = (actions.reason, actions.probability, actions.months, actions.amount, actions.channel)
    order = np.lexsort((*slots, actions.kind, actions.relationship, -actions.priority.astype(np.int64)))
    order = order[~refused[order] & (actions.kind[order] != ActionKind.NOTHING)]
    _, first = np.unique(actions.relationship[order], return_index=True)
    order = order[np.sort(first)]
    minutes, money = costs_of(actions)
    fits = np.ones(len(order), dtype=np.bool_)
    if budget.minutes is not None:
        fits &= np.cumsum(minutes[order]) <= budget.minutes
    if budget.money is not None:
        fits &= np.cumsum(money[order]) <= budget.money
    done = np.zeros(len(actions), dtype=np.bool_)
    done[order[fits]] = True
    spent = int(minutes[done].sum())
    chosen = np.flatnonzero(done)
    chosen = chosen[np.argsort(actions.relationship[chosen], kind="stable")]
    left_out = ~done & ~refused & (actions.kind != ActionKind.NOTHING)
    return Executed(
        done=actions.take(chosen), refused=actions.take(refused), cut=actions.take(left_out), minutes=spent
    )


def costs_of(actions: Actions) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What each action takes of a budget: minutes of a representative, and money in minor units."""
    kinds = actions.kind.astype(np.intp)
    return _MINUTES[kinds], actions.amount * np.where(_MONTHLY[kinds], actions.months, 1)


_OWED = np.array([action.owed for action in ACTIONS])
_MINUTES = np.array([action.minutes for action in ACTIONS], dtype=np.int64)
_HAS_AMOUNT = np.array(["amount" in action.slots for action in ACTIONS])
_HAS_MONTHS = np.array(["months" in action.slots for action in ACTIONS])
_MONTHLY = _HAS_AMOUNT & _HAS_MONTHS
_PURPOSE = np.array([-1 if a.consent is None else CONSENT_PURPOSES.index(a.consent) for a in ACTIONS])


def _rows_in(view: BookView, actions: Actions) -> NDArray[np.intp]:
    faults = []
    for name, dtype in _ROWS.items():
        column = getattr(actions, name)
        if column.dtype != dtype or column.shape != actions.relationship.shape:
            faults.append(
                Fault(
                    f"actions.{name}",
                    f"{column.dtype} {column.shape}",
                    f"must be {np.dtype(dtype)}, one a row",
                    "Build actions with act().",
                )
            )
    if faults:
        raise InputError("actions", faults)
    rows = np.searchsorted(view.relationship, actions.relationship)
    inside = rows < len(view)
    if len(view):
        inside &= view.relationship[np.minimum(rows, len(view) - 1)] == actions.relationship
    kinds = np.clip(actions.kind, 0, len(ACTIONS) - 1)
    checks = (
        ("relationship", ~inside, "is not in the view", "Act on customers of the view only."),
        ("kind", (actions.kind < 0) | (actions.kind >= len(ACTIONS)), "is no kind of action", "Use ActionKind."),
        ("channel", (actions.channel < 0) | (actions.channel >= len(Channel)), "is no channel", "Use Channel."),
        ("amount", actions.amount < 0, "must not be negative", "An amount is what we give."),
        ("amount", (actions.amount > 0) & ~_HAS_AMOUNT[kinds], "is no slot of this kind", "Leave it 0."),
        ("months", actions.months < 0, "must not be negative", "Months count from now on."),
        ("months", (actions.months > 0) & ~_HAS_MONTHS[kinds], "is no slot of this kind", "Leave it 0."),
        ("months", (actions.months == 0) & (actions.amount > 0) & _MONTHLY[kinds], "must be 1 or more for an amount per month", "Say for how long."),
        ("reason", (actions.reason < 0) | (actions.reason >= len(actions.reasons)), "is no position in reasons", "Say why, with act()."),
        ("probability", ~((actions.probability > 0) & (actions.probability <= 1)), "must be in (0, 1]", "Give the chance of the choice."),
    )  # fmt: skip
    for name, wrong, rule, remedy in checks:
        values = getattr(actions, name)
        faults += [
            Fault(f"actions.{name}[{row}]", str(values[row]), rule, remedy) for row in np.flatnonzero(wrong)
        ]
    if faults:
        raise InputError("actions", faults)
    return rows


@attrs.frozen(kw_only=True)
class Move:
    """
    One turn of a representative in a conversation.

    Attributes:
        kind: What he does.
        amount: Discount per month, minor units, for a discount.
        months: How long discount or pause lasts.
        plan: The package proposed as fitting, in hundredths of a usual one; none for the one that fits his use.
        claim: What is said of the competitors; none compares honestly.
        days: In how many days a promised follow-up falls due; none leaves it to what is usual.
    """

    kind: MoveKind
    amount: int = 0
    months: int = 0
    plan: int | None = None
    claim: Claim | None = None
    days: int | None = None


@attrs.frozen(kw_only=True)
class ThreatView:
    """
    What the representative knows, at his turn, of a customer who says he will leave.

    Attributes:
        relationship: Who.
        turn: Moves made so far.
        turns_left: Moves still possible.
        mood: Cue of his voice, −1 angry, 0 neutral, 1 friendly.
        stated_reason: What he says.
        revealed: What he has let be known on questions: the reason as it now appears; none while only stated.
        confirmed: Whether that reason was said back to him.
        offer: The move kind of the offer on the table; none when there is none.
        offer_amount: Its discount per month, minor units.
        apologies: Made so far.
        promised: Whether a follow-up is promised.
        monthly_fee: Before discount, minor units.
        discount: Per month, now granted, minor units.
        tenure_months: Months of service.
        value_to_date: Paid so far, minor units.
        threats: Earlier threats.
        complaints: So far.
        competitor_fee: Cheapest competing offer known for him, minor units; none when unknown.
        alternative_suitability: Of the most suitable package; none when unknown.
    """

    relationship: int
    turn: int
    turns_left: int
    mood: int
    stated_reason: Reason
    revealed: Reason | None
    confirmed: bool
    offer: MoveKind | None
    offer_amount: int
    apologies: int
    promised: bool
    monthly_fee: int
    discount: int
    tenure_months: int
    value_to_date: int
    threats: int
    complaints: int
    competitor_fee: int | None
    alternative_suitability: float | None


@runtime_checkable
class Policy(Protocol):
    """
    What a firm chooses to do for its customers. A frozen class whose parameters are its only fields.

    `scope` is ``"customer"`` when each row is decided by itself, ``"market"`` when it needs all rows.
    """

    @property
    def name(self) -> str:
        """What tables and books call it."""
        ...

    @property
    def scope(self) -> str:
        """``"customer"`` or ``"market"``."""
        ...

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        """Prevention: what to do this month, from what is known at its beginning."""
        ...

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:
        """Response: the next move in a conversation with a customer who threatens to leave."""
        ...


def default_response(case: ThreatView) -> Move:
    """
    The script every firm has: listen, acknowledge, and let the customer decide.

    It grants nothing, so it is what a policy is measured against.
    """
    script = (MoveKind.ASK_OPEN, MoveKind.EMPATHISE, MoveKind.EXPLAIN_VALUE)
    return Move(kind=script[case.turn] if case.turn < len(script) else MoveKind.CLOSE)
