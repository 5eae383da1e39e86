"""Each way of breaking the rules of a policy is found, and told to its author."""

from __future__ import annotations

import random
from typing import Any, ClassVar

import attrs
import numpy as np
import pytest
from numpy.typing import NDArray

from retainsdk.errors import InputError
from retainsdk.policy import (
    ActionKind,
    Actions,
    Budget,
    Move,
    MoveKind,
    Policy,
    PolicyStream,
    ThreatView,
    act,
    default_response,
)
from retainsdk.testing import a_view, check_policy, policy_faults
from retainsdk.view import BookView


@attrs.frozen
class Base:
    """Checks in with everybody who uses less; does nothing wrong."""

    name: ClassVar[str] = "base"
    scope: ClassVar[str] = "customer"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(
            view, view.known("usage_trend") & (view.usage_trend < 0), ActionKind.CHECK_IN, reason="less use"
        )

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol's
        return default_response(case)


def everybody(view: BookView) -> NDArray[np.bool_]:
    return np.ones(len(view), dtype=np.bool_)


@attrs.frozen
class GlobalLuck(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(view, np.random.random(len(view)) < 0.5, ActionKind.CHECK_IN, reason="luck")  # noqa: NPY002 # the fault under test


CALLS = [0]


@attrs.frozen
class GlobalCounter(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        CALLS[0] += 1
        return act(view, everybody(view), ActionKind.CHECK_IN, reason="counted", priority=CALLS[0])


@attrs.frozen
class ByPosition(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(view, np.arange(len(view)) % 3 == 0, ActionKind.CHECK_IN, reason="every third")


@attrs.frozen
class ByNeighbours(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        dear = view.monthly_fee > (view.monthly_fee.mean() if len(view) else 0)
        return act(view, dear, ActionKind.CHECK_IN, reason="pays more than the others")


@attrs.frozen
class ByNeighboursAndSaysSo(ByNeighbours):
    scope: ClassVar[str] = "market"


@attrs.frozen
class CrashesOnUnknown(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        if not view.known("survey_score").any():
            msg = "no surveys"
            raise KeyError(msg)
        return act(view, everybody(view) & False, ActionKind.CHECK_IN, reason="never")


@attrs.frozen
class ReadsTheUnknown(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(view, view.survey_score < 5, ActionKind.CHECK_IN, reason="unhappy, or never asked")


@attrs.frozen
class CrashesOnNobody(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(
            view,
            view.tenure_months >= view.tenure_months.max(),
            ActionKind.CHECK_IN,
            reason="oldest",
            priority=0,
        )


@attrs.frozen
class CrashesWithoutBudget(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        if budget.money is not None and budget.money < 100:
            msg = "too little"
            raise ArithmeticError(msg)
        return act(view, everybody(view) & False, ActionKind.CHECK_IN, reason="never")


@attrs.frozen
class WritesOnTheView(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        view.tenure_months[0] = 1
        return act(view, everybody(view), ActionKind.CHECK_IN, reason="new")


@attrs.frozen
class NegativeGift(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(view, everybody(view), ActionKind.GREETING, reason="gift", amount=-5)


@attrs.frozen
class NoReason(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return attrs.evolve(act(view, everybody(view), ActionKind.CHECK_IN, reason=""), reasons=())


@attrs.frozen
class ReturnsAList(Base):
    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Any:  # noqa: ARG002 # the fault under test
        return [1, 2]


class Remembers(Base):
    """Not frozen: counts its calls."""

    def __init__(self) -> None:
        object.__setattr__(self, "calls", 0)

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        object.__setattr__(self, "calls", vars(self)["calls"] + 1)
        return super().decide(view, budget, draw)


@attrs.frozen
class HoldsALambda(Base):
    rule: Any = lambda fee: fee  # the fault under test


@attrs.frozen
class RandomTalk(Base):
    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol's
        return Move(kind=random.choice(list(MoveKind)))


@attrs.frozen
class GivesTooMuch(Base):
    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol's
        return Move(kind=MoveKind.OFFER_DISCOUNT, amount=case.monthly_fee * 2, months=1)


@attrs.frozen
class NeedsTheCompetitorsFee(Base):
    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 # the protocol's
        return Move(kind=MoveKind.OFFER_DISCOUNT, amount=max(0, case.monthly_fee - case.competitor_fee))  # type: ignore[operator] # the fault under test


@attrs.frozen
class NoMove(Base):
    def respond(self, case: ThreatView, draw: PolicyStream) -> Any:  # noqa: ARG002 # the fault under test
        return "close"


@attrs.frozen
class BadScope(Base):
    scope: ClassVar[str] = "galaxy"


def test_a_pure_policy_passes() -> None:
    check_policy(Base())


def test_needing_everybody_is_allowed_to_whoever_says_so() -> None:
    check_policy(ByNeighboursAndSaysSo())


@pytest.mark.parametrize(
    ("policy", "place", "words"),
    [
        (GlobalLuck(), "decide called again", "draw.uniform"),
        (GlobalCounter(), "decide called again", "keep nothing between calls"),
        (ByPosition(), "decide among strangers", "neither its position"),
        (ByNeighbours(), "decide with the", "scope = 'market'"),
        (CrashesOnUnknown(), "decide with survey_score unknown", "no surveys"),
        (ReadsTheUnknown(), "decide with other figures in unknown cells", "known(name)"),
        (CrashesOnNobody(), "decide on a view of nobody", "any number of rows, even none"),
        (CrashesWithoutBudget(), "decide with next to no budget", "too little"),
        (WritesOnTheView(), "decide on the whole view", "not to be written to"),
        (NegativeGift(), "decide on the whole view, actions.amount[0]", "must not be negative"),
        (NoReason(), "decide on the whole view", "is no position in reasons"),
        (ReturnsAList(), "decide on the whole view", "must return Actions"),
        (Remembers(), "fields", "has changed itself"),
        (HoldsALambda(), "pickle", "cannot be pickled"),
        (RandomTalk(), "respond in turn 0", "must not change when asked again"),
        (GivesTooMuch(), "respond in turn 0", "cannot be given on a fee of 6000"),
        (NeedsTheCompetitorsFee(), "respond in turn 0", "raises an error"),
        (NoMove(), "respond in turn 0", "must be a Move"),
        (BadScope(), "scope", "must be one of"),
        (object(), "object", "is missing"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_a_broken_policy_is_told_what_is_wrong(policy: Policy, place: str, words: str) -> None:
    faults = policy_faults(policy)

    assert any(fault.place.startswith(place) and words in str(fault) for fault in faults), faults


def test_a_difference_names_the_customer_and_both_actions() -> None:
    (fault, *_) = [f for f in policy_faults(ByPosition()) if "the rest of" in f.place]

    assert "customer " in fault.value
    assert "CHECK_IN by phone" in fault.value
    assert "but then nothing" in fault.value


def test_all_faults_come_in_one_error() -> None:
    with pytest.raises(InputError, match=r"policy base: \d+ faults") as caught:
        check_policy(ReadsTheUnknown())

    assert len(caught.value.faults) > 1


def test_a_policy_is_checked_on_the_view_it_is_given() -> None:
    view = a_view(30, missing=0.0)

    with pytest.raises(InputError, match="survey_score unknown"):
        check_policy(ReadsTheUnknown(), view)
