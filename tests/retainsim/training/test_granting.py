"""What goes with a move, and how much may be granted."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from retainsdk.action import Claim
from retainsdk.policy import Move, MoveKind
from retainsim.training.granting import faults_of, is_granted, settled, slots_of
from retainsim.training.scenario import Authority, Situation
from retainsim.training.situation import Occasion, occasion_of

LIMITS = Authority(discount=0.25, months=12, days=7, once=0.5)
FEE = 10_000
THREAT, CALM = occasion_of(Situation.THREAT), occasion_of(Situation.CALM)
SOME: dict[str, Any] = {
    "amount": 100,
    "months": 2,
    "plan": 80,
    "claim": Claim.WE_ARE_CHEAPER,
    "days": 3,
}
occasions = pytest.mark.parametrize("occasion", [THREAT, CALM], ids=["threat", "calm"])


def faults(
    kind: MoveKind, occasion: Occasion = THREAT, limits: Authority = LIMITS, **slots: Any
) -> list[str]:
    return [str(it) for it in faults_of(Move(kind=kind, **slots), limits, FEE, occasion)]


@occasions
@pytest.mark.parametrize("kind", MoveKind)
def test_a_move_takes_its_own_slots_and_no_others(kind: MoveKind, occasion: Occasion) -> None:
    own = {name: SOME[name] for name in slots_of(kind, occasion)}

    assert faults(kind, occasion, **own) == []
    for name in set(SOME) - set(own):
        (fault,) = faults(kind, occasion, **own, **{name: SOME[name]})
        assert fault.startswith(f"{name}: ")
        assert "is no slot of this move. Leave it out." in fault


def test_all_that_is_wrong_with_a_move_is_said_at_once() -> None:
    assert len(faults(MoveKind.OFFER_DISCOUNT, amount=FEE, months=13, plan=50, claim=Claim(0), days=1)) == 5


@pytest.mark.parametrize(
    ("kind", "slots", "is_right"),
    [
        (MoveKind.OFFER_DISCOUNT, {"amount": 2_500, "months": 12}, True),
        (MoveKind.OFFER_DISCOUNT, {"amount": 2_501, "months": 12}, False),
        (MoveKind.OFFER_DISCOUNT, {"amount": 0, "months": 12}, False),
        (MoveKind.OFFER_PAUSE, {"months": 12}, True),
        (MoveKind.OFFER_PAUSE, {"months": 0}, False),
        (MoveKind.PROMISE_FOLLOW_UP, {"days": 7}, True),
        (MoveKind.PROMISE_FOLLOW_UP, {"days": 8}, False),
        (MoveKind.PROMISE_FOLLOW_UP, {"days": 0}, False),
        (MoveKind.PROPOSE_FIT, {"plan": 140}, True),
        (MoveKind.PROPOSE_FIT, {"plan": 139}, False),
    ],
)
def test_what_is_granted_ends_where_the_authority_ends(
    kind: MoveKind, slots: dict[str, Any], *, is_right: bool
) -> None:
    assert (faults(kind, THREAT, LIMITS, **slots) == []) is is_right


def test_where_we_call_money_may_be_given_once_and_the_month_settles_package_and_day() -> None:
    gift = MoveKind.SMALL_TALK

    assert faults(gift, CALM) == faults(gift, CALM, amount=5_000) == []
    assert "must be within 0 and 5000. You may grant 5000 minor units once at most" in faults(gift, CALM, amount=5_001)[0]  # fmt: skip
    assert "is not yours to grant" in faults(gift, CALM, attrs.evolve(LIMITS, once=0.0), amount=1)[0]
    assert "plan: " in faults(MoveKind.PROPOSE_FIT, CALM, plan=80)[0]
    assert "days: " in faults(MoveKind.PROMISE_FOLLOW_UP, CALM, days=3)[0]


def test_a_promise_without_a_day_gets_one_where_a_day_can_be_named() -> None:
    promise, question = Move(kind=MoveKind.PROMISE_FOLLOW_UP), Move(kind=MoveKind.ASK_OPEN)

    assert settled(promise, LIMITS, THREAT).days == 7
    assert settled(attrs.evolve(promise, days=2), LIMITS, THREAT).days == 2
    assert settled(promise, LIMITS, CALM) == promise
    assert settled(question, LIMITS, THREAT) == question


def test_who_may_grant_nothing_is_told_before_he_is_asked_how_much() -> None:
    nothing, cheap = attrs.evolve(LIMITS, discount=0.0, months=0), attrs.evolve(LIMITS, discount=0.00001)

    assert is_granted(MoveKind.OFFER_DISCOUNT, LIMITS, FEE)
    assert not is_granted(MoveKind.OFFER_DISCOUNT, nothing, FEE)
    assert not is_granted(MoveKind.OFFER_DISCOUNT, cheap, FEE)
    assert not is_granted(MoveKind.OFFER_PAUSE, nothing, FEE)
    assert is_granted(MoveKind.PROPOSE_FIT, nothing, FEE)
