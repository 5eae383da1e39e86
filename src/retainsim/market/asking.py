"""
Asking a policy: what it does for everybody, and its next move with each customer who threatens to leave.

A policy is a pure function, so two customers of whom it reads the same hear the same. What it read is noted the first
time, and from then on only who differs in it is asked about.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError, PolicyError, RetainError
from retainsdk.policy import ACTIONS, Actions, Budget, Move, Policy, PolicyStream, ThreatView, together
from retainsdk.view import BookView
from retainsim.market.lazy_view import joined, narrowed
from retainsim.market.response import SEEN, Turn

MOST_REMEMBERED = 100_000
"""Moves remembered of one policy. When there are more, it is asked anew: it reads what hardly two customers share."""


def decisions(
    policy: Policy, views: Iterable[BookView], budget: Budget, *, seed: int, month: int
) -> tuple[Actions, BookView]:
    """
    What a policy does for everybody, and the view of whom it does it for.

    Args:
        policy: That is asked.
        views: Of parts of a market, one after the other.
        budget: That it is told.
        seed: Of the market.
        month: That begins.

    Raises:
        PolicyError: When it fails, or answers with something else.
    """
    wanted, acted_on = list[Actions](), list[BookView]()
    for view in views:
        draw = PolicyStream(seed=seed, period=month, relationships=view.relationship)
        wanted.append(_decision(policy, view, budget, draw))
        acted_on.append(narrowed(view, wanted[-1].relationship))
    return _in_one(wanted), joined(acted_on)


def _decision(policy: Policy, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
    try:
        actions: object = policy.decide(view, budget, draw)
    except RetainError:
        raise
    except Exception as error:
        raise PolicyError(_failed(policy, "decide", error)) from error
    if not isinstance(actions, Actions):
        msg = (
            f"{policy.name}.decide must return Actions, not {type(actions).__name__}. Build them with act()."
        )
        raise PolicyError(msg)
    return actions


def _in_one(parts: Sequence[Actions]) -> Actions:
    """All actions of several lists in one; reasons that are the same for all parts are not repeated for each."""
    reasons = parts[0].reasons
    if any(part.reasons != reasons for part in parts):
        return together(parts)
    alike = [attrs.evolve(part, reasons=()) for part in parts]
    return attrs.evolve(together(alike), reasons=reasons)


def refuse_unruled(policy: Policy, actions: Actions) -> None:
    """
    What the market has no rule for would quietly count as a contact like any other.

    Raises:
        InputError: Naming every such kind.
    """
    faults = [
        Fault(
            f"{policy.name}.decide",
            ACTIONS[kind].kind.name,
            "is an action the market has no rule for",
            "Leave it out here; a book knows it.",
        )
        for kind in np.unique(actions.kind)
        if not ACTIONS[kind].rule
    ]
    if faults:
        raise InputError("actions", faults)


@attrs.frozen(eq=False)
class _Question:
    """Something a policy reads of a customer, and what comes of each answer."""

    read: str
    after: dict[Any, _Next] = attrs.field(factory=dict)


_Next: TypeAlias = "Move | _Question | None"
"""What is said then, or what is read next; none when that is by chance, so that it is asked about each by himself."""


class Moves:
    """
    A policy's moves in calls.

    Args:
        policy: That is asked.
        seed: Of the market.
    """

    def __init__(self, policy: Policy, seed: int) -> None:
        self.policy, self._seed = policy, seed
        self._by_turn: dict[Any, _Next] = {}
        self._remembered = 0

    def to_all(self, turn: int) -> Move | None:
        """What is said in this turn whoever it is; none when that depends on him, or nobody was asked yet."""
        known = self._by_turn.get(turn)
        return known if isinstance(known, Move) else None

    def to_each(self, turns: Sequence[Turn], month: int) -> list[Move]:
        """
        What is said to each customer.

        Args:
            turns: Of customers, at the same turn.
            month: In which they talk.

        Raises:
            PolicyError: When the policy fails, or answers with something else.
        """
        luck = _Luck(self._seed, month, turns)
        return [self._to(turn, place, luck) for place, turn in enumerate(turns)]

    def _to(self, turn: Turn, place: int, luck: _Luck) -> Move:
        known, at, n_read = self._by_turn, turn.talk.turn, 0
        while isinstance(answer := known.get(at, ...), _Question):
            known, at, n_read = answer.after, SEEN[answer.read](turn), n_read + 1
        if isinstance(answer, Move):
            return answer
        case = _Noted({name: cell(turn) for name, cell in SEEN.items()})
        draw = _NotedStream(case, luck, place)
        move = self._asked(case, draw)
        if answer is ... and self._remembered < MOST_REMEMBERED:
            self._remembered += 1
            read = tuple(case.noted.items()) if draw.noted_before is None else draw.noted_before
            for name, value in read[n_read:]:
                question = known[at] = _Question(name)
                known, at = question.after, value
            known[at] = move if draw.noted_before is None else None
        return move

    def _asked(self, case: ThreatView, draw: PolicyStream) -> Move:
        try:
            move: object = self.policy.respond(case, draw)
        except RetainError:
            raise
        except Exception as error:
            raise PolicyError(_failed(self.policy, "respond", error)) from error
        if not isinstance(move, Move):
            msg = f"{self.policy.name}.respond must return a Move, not {type(move).__name__}."
            raise PolicyError(msg)
        return move


class _Noted(ThreatView):
    """A case that notes what is read of it, the first thing first; but for the turn, which is the same for all."""

    __class__ = property(lambda _: ThreatView)  # so that it equals any case of the same cells

    cells: Mapping[str, Any]
    noted: dict[str, Any]

    def __init__(self, cells: Mapping[str, Any]) -> None:
        object.__setattr__(self, "cells", cells)
        object.__setattr__(self, "noted", {})

    def __reduce__(self) -> tuple[Callable[[], ThreatView], tuple[()]]:
        return partial(ThreatView, **{name: getattr(self, name) for name in SEEN}), ()


def _cell(name: str) -> property:
    def read(case: Any) -> Any:  # noqa: ANN401 # a case, and whatever its cell holds
        value = case.cells[name]
        if name not in _OF_THE_TURN:
            case.noted[name] = value
        return value

    return property(read)


_OF_THE_TURN = ("turn", "turns_left")
for _name in SEEN:
    setattr(_Noted, _name, _cell(_name))


class _Luck:
    """The chance of everybody who is asked about in a turn, drawn for all at once: nobody's depends on who else is there."""

    def __init__(self, seed: int, period: int, turns: Sequence[Turn]) -> None:
        self._seed, self._period, self._turns = seed, period, turns
        self._drawn: dict[str, NDArray[np.float64]] = {}

    def of(self, place: int, name: str) -> NDArray[np.float64]:
        """The number of one of them."""
        if name not in self._drawn:
            keys = np.array([turn.person.key for turn in self._turns], dtype=np.uint64)
            stream = PolicyStream(seed=self._seed, period=self._period, relationships=keys)
            self._drawn[name] = stream.uniform(name)
        return self._drawn[name][place : place + 1].copy()


class _NotedStream(PolicyStream):
    """The chance of one customer, and what had been read of him when it was first asked for."""

    def __init__(self, case: _Noted, luck: _Luck, place: int) -> None:
        self._case, self._luck, self._place = case, luck, place
        self.noted_before: tuple[tuple[str, Any], ...] | None = None

    def uniform(self, name: str) -> NDArray[np.float64]:
        """One number in ``[0, 1)``, the same whenever asked under the same *name*."""
        if self.noted_before is None:
            self.noted_before = tuple(self._case.noted.items())
        return self._luck.of(self._place, name)


def _failed(policy: Policy, method: str, error: Exception) -> str:
    """The last place in the policy's own calls tells its author where to look."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}"
    return (
        f"{policy.name}.{method} failed with {what} ({last.filename}, line {last.lineno}). Correct it there."
    )
