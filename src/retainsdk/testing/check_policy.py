"""
Tell the author of a policy what is wrong with it, before a market or a book does.

A policy must be a pure function of what it is shown: the same customer, in whatever company and on whatever
machine, gets the same action.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Channel,
    Move,
    MoveKind,
    Policy,
    PolicyStream,
    ThreatView,
    execute,
)
from retainsdk.testing.views import a_view, with_noise_where_unknown
from retainsdk.view import COLUMNS, BookView, Reason, empty_view

_SCOPES = ("customer", "market")
_NO_LIMIT = Budget()
_TINY = Budget(minutes=1, money=1)
_SHOWN = 3

Rows = dict[int, list[str]]


def check_policy(policy: Policy, view: BookView | None = None) -> None:
    """
    Check a policy on a view, and tell all that is wrong with it at once.

    It is called twice, as a pickled copy, with half of its customers, among strangers, with every optional column
    unknown, with arbitrary figures where nothing is known, with nobody, and with next to no budget; its
    answers are compared customer by customer. Then it leads conversations. For the scope ``market`` the company may
    matter, so half of the customers and strangers are left out.

    Args:
        policy: To check.
        view: To check it on; a made-up one if none is given.

    Raises:
        InputError: Naming every fault, with customers and remedy.

    >>> from retainsdk import policies
    >>> from retainsdk.testing import check_policy
    >>> check_policy(policies.get("early_warning"))
    """
    faults = policy_faults(policy, view)
    if faults:
        source = f"policy {getattr(policy, 'name', type(policy).__name__)}"
        raise InputError(source, faults)


def policy_faults(policy: Policy, view: BookView | None = None) -> list[Fault]:
    """What `check_policy` finds, as a list."""
    described = _description_faults(policy)
    if described:
        return described
    view = a_view(80, seed=11) if view is None else view
    before = _state(policy)
    usual, faults = _answers(policy, view, _NO_LIMIT, "on the whole view")
    if usual is None:
        return faults
    return [
        *_repetition_faults(policy, view, usual),
        *_copy_faults(policy, view, usual),
        *(_company_faults(policy, view, usual) if policy.scope == "customer" else []),
        *_knowledge_faults(policy, view, usual),
        *_corner_faults(policy, view),
        *_conversation_faults(policy),
        *_memory_faults(policy, before),
    ]


def _description_faults(policy: object) -> list[Fault]:
    if not isinstance(policy, Policy):
        missing = [part for part in ("name", "scope", "decide", "respond") if not hasattr(policy, part)]
        return [
            Fault(type(policy).__name__, ", ".join(missing), "is missing", "See retainsdk.policy.Policy.")
        ]
    faults = []
    name: object = policy.name
    if not (isinstance(name, str) and name):
        faults.append(Fault("name", repr(name), "must be a word", "Name the policy as tables shall."))
    if policy.scope not in _SCOPES:
        remedy = "'customer' when each row is decided by itself, 'market' when all rows are needed."
        faults.append(Fault("scope", repr(policy.scope), f"must be one of {_SCOPES}", remedy))
    return faults


def _answers(policy: Policy, view: BookView, budget: Budget, place: str) -> tuple[Rows | None, list[Fault]]:
    """What it wants for each customer, or the faults of the attempt."""
    draw = PolicyStream(seed=1, period=1, relationships=view.relationship)
    try:
        actions: object = policy.decide(view, budget, draw)
    except Exception as error:  # noqa: BLE001 # whatever an author's code raises is what he must be told
        fault = Fault(
            f"decide {place}", f"{type(error).__name__}: {error}", "raises an error", _advice(error)
        )
        return None, [fault]
    if not isinstance(actions, Actions):
        rule, remedy = "must return Actions", "Build them with act() and together()."
        return None, [Fault(f"decide {place}", type(actions).__name__, rule, remedy)]
    try:
        execute(actions, view, budget)
    except InputError as error:
        first = error.faults[:_SHOWN]  # the others tell the same of other customers
        return None, [Fault(f"decide {place}, {f.place}", f.value, f.rule, f.remedy) for f in first]
    return _by_customer(actions), []


def _advice(error: Exception) -> str:
    if isinstance(error, ValueError) and "read-only" in str(error):
        return "A view is not to be written to: compute new arrays."
    return "Read unknown values through view.known(name), and expect any number of rows, even none."


def _by_customer(actions: Actions) -> Rows:
    rows: Rows = {}
    for row in range(len(actions)):
        kind = ActionKind(int(actions.kind[row])).name
        channel = (
            Channel(int(actions.channel[row])).name.lower()
            if 0 <= actions.channel[row] < len(Channel)
            else "?"
        )
        told = (
            f"{kind} by {channel}, amount {actions.amount[row]}, months {actions.months[row]}, "
            f"priority {actions.priority[row]}, probability {actions.probability[row]:.6g}"
        )
        rows.setdefault(int(actions.relationship[row]), []).append(told)
    return {customer: sorted(told) for customer, told in rows.items()}


def _differences(place: str, usual: Rows, other: Rows, among: NDArray[np.uint64], remedy: str) -> list[Fault]:
    changed = [int(who) for who in among if usual.get(int(who)) != other.get(int(who))]
    if not changed:
        return []
    told = "; ".join(
        f"customer {who}: {_told(usual, who)}, but then {_told(other, who)}" for who in changed[:_SHOWN]
    )
    rest = f" (and {len(changed) - _SHOWN} more)" if len(changed) > _SHOWN else ""
    return [Fault(f"decide {place}", told + rest, "must not change a customer's action", remedy)]


def _told(rows: Rows, customer: int) -> str:
    return " and ".join(rows.get(customer, ["nothing"]))


def _compared(
    policy: Policy, place: str, usual: Rows, view: BookView, among: NDArray[np.uint64], remedy: str
) -> list[Fault]:
    other, faults = _answers(policy, view, _NO_LIMIT, place)
    return faults if other is None else _differences(place, usual, other, among, remedy)


def _repetition_faults(policy: Policy, view: BookView, usual: Rows) -> list[Fault]:
    remedy = "Take chance from draw.uniform(name), and keep nothing between calls: the memory is the book."
    return _compared(policy, "called again", usual, view, view.relationship, remedy)


def _copy_faults(policy: Policy, view: BookView, usual: Rows) -> list[Fault]:
    try:
        copy = pickle.loads(pickle.dumps(policy))  # noqa: S301 # our own bytes, from the line itself
    except Exception as error:  # noqa: BLE001 # as above
        rule, remedy = (
            "cannot be pickled",
            "Define the class at the top of a module; fields hold plain values.",
        )
        return [Fault("pickle", f"{type(error).__name__}: {error}", rule, remedy)]
    remedy = "Let the parameters be the only fields."
    return _compared(copy, "by a pickled copy", usual, view, view.relationship, remedy)


def _company_faults(policy: Policy, view: BookView, usual: Rows) -> list[Fault]:
    places = np.arange(len(view))
    faults = []
    for place, rows in (
        ("with every other customer left out", places % 2 == 0),
        ("with the rest of the customers left out", places % 2 == 1),
        ("with the first half left out", places >= len(view) // 2),
    ):
        part = view.take(rows)
        remedy = "Decide each row by itself, or declare scope = 'market'."
        faults += _compared(policy, place, usual, part, part.relationship, remedy)
    mixed = _among_strangers(view)
    remedy = "Decide each row by itself: neither its position nor its neighbours may count."
    return faults + _compared(policy, "among strangers", usual, mixed, view.relationship, remedy)


def _among_strangers(view: BookView) -> BookView:
    strangers = a_view(len(view) + 7, seed=5)
    shift = np.uint64(int(view.relationship.max()) + 1 if len(view) else 1)
    # odd strangers before, even ones behind: every position changes
    ids = strangers.relationship.copy()
    free = np.setdiff1d(np.arange(1, int(shift), dtype=np.uint64), view.relationship)[: len(ids) // 2]
    ids = np.concatenate([free, shift + np.arange(len(ids) - len(free), dtype=np.uint64)])
    everyone = np.concatenate([view.relationship, ids])
    order = np.argsort(everyone)
    columns = {
        column.name: np.concatenate([getattr(view, column.name), getattr(strangers, column.name)])[order]
        for column in COLUMNS
    }
    columns["relationship"] = everyone[order]
    known = {
        column.name: np.concatenate([view.known(column.name), strangers.known(column.name)])[order]
        for column in COLUMNS
        if column.optional
    }
    return BookView(as_of=view.as_of, currency=view.currency, columns=columns, known=known)


def _knowledge_faults(policy: Policy, view: BookView, usual: Rows) -> list[Fault]:
    optional = [column.name for column in COLUMNS if column.optional]
    remedy = "Use a value only where view.known(name) holds."
    faults = _compared(
        policy,
        "with other figures in unknown cells",
        usual,
        with_noise_where_unknown(view),
        view.relationship,
        remedy,
    )
    for names in [[name] for name in optional] + [optional]:
        place = f"with {names[0] if len(names) == 1 else 'every optional column'} unknown"
        blind = view.without(names)
        answers, found = _answers(policy, blind, _NO_LIMIT, place)
        faults += found
        if answers is not None:
            noisy = with_noise_where_unknown(blind)
            faults += _compared(policy, place, answers, noisy, view.relationship, remedy)
    return faults


def _corner_faults(policy: Policy, view: BookView) -> list[Fault]:
    nobody, faults = _answers(policy, empty_view(view.as_of, view.currency), _NO_LIMIT, "on a view of nobody")
    if nobody:
        faults.append(
            Fault("decide on a view of nobody", str(nobody), "must be no action", "Act on the view only.")
        )
    _, found = _answers(policy, view, _TINY, "with next to no budget")
    return faults + found


def _conversation_faults(policy: Policy) -> list[Fault]:
    faults: list[Fault] = []
    for case in _conversations():
        place = f"respond in turn {case.turn} to {case.stated_reason.name}"
        try:
            first = policy.respond(case, _draw_of(case))
            second = policy.respond(case, _draw_of(case))
        except Exception as error:  # noqa: BLE001 # as above
            remedy = "Expect unknown reasons, fees and suitabilities: they are None."
            faults.append(Fault(place, f"{type(error).__name__}: {error}", "raises an error", remedy))
            break
        wrong = _move_fault(place, first, case) or _changed_fault(place, first, second)
        if wrong is not None:
            faults.append(wrong)
            break
    return faults


def _draw_of(case: ThreatView) -> PolicyStream:
    return PolicyStream(seed=1, period=1, relationships=np.array([case.relationship], dtype=np.uint64))


def _move_fault(place: str, move: object, case: ThreatView) -> Fault | None:
    if not isinstance(move, Move) or not isinstance(move.kind, MoveKind):
        return Fault(place, repr(move), "must be a Move", "Return Move(kind=MoveKind.…).")
    if not (0 <= move.amount <= case.monthly_fee) or move.months < 0:
        remedy = "Give whole minor units, at most the fee, and months from 0 on."
        return Fault(place, repr(move), f"cannot be given on a fee of {case.monthly_fee}", remedy)
    return None


def _changed_fault(place: str, first: Move, second: Move) -> Fault | None:
    if first == second:
        return None
    remedy = (
        "Take chance from draw.uniform(name), and keep nothing between turns: what was said is in the case."
    )
    return Fault(place, f"{first}, then {second}", "must not change when asked again", remedy)


def _conversations() -> Iterator[ThreatView]:
    for turn in range(12):
        for reason in Reason:
            for knows in (False, True):
                yield ThreatView(
                    relationship=7 + int(reason),
                    turn=turn,
                    turns_left=12 - turn,
                    mood=turn % 3 - 1,
                    stated_reason=Reason.NO_NEED_STATED if knows else reason,
                    revealed=reason if knows and reason is not Reason.NO_NEED_STATED else None,
                    confirmed=knows and turn > 1,
                    offer=MoveKind.OFFER_DISCOUNT if knows and turn > 1 else None,
                    offer_amount=500 if knows and turn > 1 else 0,
                    apologies=turn // 4,
                    promised=turn > 5,  # noqa: PLR2004 # late in the conversation
                    monthly_fee=6_000,
                    discount=0,
                    tenure_months=20,
                    value_to_date=120_000,
                    threats=turn % 2,
                    complaints=int(knows),
                    competitor_fee=5_000 if knows else None,
                    alternative_suitability=0.8 if knows else None,
                )


def _memory_faults(policy: Policy, before: str) -> list[Fault]:
    if _state(policy) == before:
        return []
    rule, remedy = "has changed itself while it was asked", "Make the class frozen: the memory is the book."
    return [Fault("fields", _state(policy), rule, remedy)]


def _state(policy: Policy) -> str:
    return repr(vars(policy)) if hasattr(policy, "__dict__") else repr(policy)
