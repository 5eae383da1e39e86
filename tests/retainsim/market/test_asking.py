"""A policy's moves are remembered by what it read: whoever is answered from memory hears what he would have been told."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import Scripted, a_month, someone

from retainsdk.policies import get
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
    together,
)
from retainsdk.view import Reason, Stage
from retainsim.market import Market, asking, engine, load_preset, run
from retainsim.market.asking import Moves
from retainsim.market.month import Month
from retainsim.market.response import SEEN, Turn, call_of, seen
from retainsim.market.talk import talk_rows, talks

SEED, MONTH = 3, a_month()


def partly_by_chance(case: ThreatView, draw: PolicyStream) -> Move:
    """He looks, throws a dice for some, and looks again."""
    if case.mood < 0:
        return Move(kind=MoveKind.EMPATHISE)
    if case.revealed is not None and draw.uniform(f"turn {case.turn}")[0] < 0.5:
        return Move(kind=MoveKind.OFFER_DISCOUNT, amount=case.monthly_fee // 4, months=6)
    return Move(kind=MoveKind.APOLOGISE if case.complaints else MoveKind.PROBE)


def by_all(case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG001 # the protocol's
    """Whatever can be done with a case by who is not careful."""
    same = ThreatView(**attrs.asdict(case))
    sign = (case == same, hash(case) == hash(same), isinstance(case, ThreatView), repr(case) == repr(same))
    again = (pickle.loads(pickle.dumps(case)), copy.copy(case), attrs.evolve(case))
    return Move(kind=MoveKind.PRESSURE, amount=sum(sign) + sum(it == same for it in again))


POLICIES: list[Policy] = [
    *map(get, ("none", "bear_hug", "early_warning", "promise_keeper", "random", "suitable_only", "win_back")),
    Scripted(responds=partly_by_chance),
    Scripted(responds=by_all),
]


@st.composite
def turns(draw: st.DrawFn) -> list[Turn]:
    """Customers at the same turn of their calls, alike in most of what can be seen."""
    count, at = draw(st.integers(1, 8)), draw(st.integers(0, 4))
    calls = talk_rows(talks(count))
    found = []
    for key, k in enumerate(calls):
        k.turn, k.mood = at, draw(st.sampled_from([-0.5, 0.0, 0.5]))
        k.revealed, k.confirmed = draw(st.sampled_from([-1, Reason.LIFE_EVENT])), draw(st.integers(0, 1))
        k.apologies, k.promised = draw(st.integers(0, 1)), draw(st.integers(0, 1))
        if draw(st.booleans()):
            k.offer, k.offer_amount = MoveKind.OFFER_DISCOUNT, 700
        person = someone(
            key=1 + key,
            leaning=1,
            threats=1,
            stated_reason=draw(st.sampled_from([0, Reason.SERVICE_FAILURE, Reason.NOT_WORTH_COST])),
            monthly_fee=draw(st.sampled_from([4_000, 6_000])),
            complaints=draw(st.integers(0, 1)),
            usage=draw(st.sampled_from([0.3, 1.0])),
        )
        found.append(Turn(k, person, MONTH.row))
    return found


def alone(policy: Policy, turn: Turn, month: Month) -> Move:
    """What a policy says to a customer of whom it is asked for the first time."""
    keys = np.array([turn.person.key], dtype=np.uint64)
    draw = PolicyStream(seed=SEED, period=month.number, relationships=keys)
    return policy.respond(seen(call_of(turn.talk), turn.person, month), draw)


@pytest.mark.parametrize("policy", POLICIES, ids=range(len(POLICIES)))
@given(rounds=st.lists(turns(), min_size=1, max_size=4))
def test_who_is_answered_from_memory_hears_what_he_would_be_told_himself(
    policy: Policy, rounds: list[list[Turn]]
) -> None:
    moves = Moves(policy, SEED)

    for customers in rounds:
        expected = [alone(policy, turn, MONTH) for turn in customers]
        assert moves.to_each(customers, MONTH.number) == expected
        if (one_for_all := moves.to_all(customers[0].talk.turn)) is not None:
            assert expected == [one_for_all] * len(customers)


def counted(respond: Callable[[ThreatView, PolicyStream], Move]) -> tuple[Policy, list[int]]:
    asked: list[int] = []

    def responds(case: ThreatView, draw: PolicyStream) -> Move:
        asked.append(1)
        return respond(case, draw)

    return Scripted(responds=responds), asked


def three(**changes: Any) -> list[Turn]:
    """Three customers with keys of their own, the last of whom differs."""
    calls = talk_rows(talks(3))
    persons = [someone(key=key, leaning=1, threats=1, stated_reason=0) for key in (1, 2)]
    persons.append(someone(key=3, **{"leaning": 1, "threats": 1, "stated_reason": 0} | changes))
    return [Turn(k, person, MONTH.row) for k, person in zip(calls, persons, strict=True)]


def test_of_customers_who_differ_in_nothing_it_read_a_policy_is_asked_once() -> None:
    policy, asked = counted(lambda case, _: Move(kind=MoveKind.OFFER_DISCOUNT, amount=case.monthly_fee))
    moves = Moves(policy, SEED)

    said = [move.amount for move in moves.to_each(three(monthly_fee=9_999), 0)]

    assert said[0] == said[1] != said[2] == 9_999
    assert len(asked) == 2
    moves.to_each(three(monthly_fee=9_999, complaints=7), 1)
    assert len(asked) == 2


def test_what_is_said_to_whomever_is_known_after_one_was_asked() -> None:
    moves = Moves(get("none"), SEED)

    assert moves.to_all(0) is None
    moves.to_each(three()[:1], 0)
    assert moves.to_all(0) == Move(kind=MoveKind.ASK_OPEN)
    assert moves.to_all(1) is None


def test_where_chance_speaks_everybody_is_asked_about_every_time() -> None:
    policy, asked = counted(lambda _, draw: Move(kind=MoveKind(int(16 * draw.uniform("any")[0]))))
    moves = Moves(policy, SEED)

    for month in (0, 0, 1):
        moves.to_each(three(), month)

    assert len(asked) == 9


def test_a_full_memory_answers_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_REMEMBERED", 1)
    policy, asked = counted(lambda case, _: Move(kind=MoveKind.OFFER_DISCOUNT, amount=case.monthly_fee))
    moves = Moves(policy, SEED)

    for _ in range(2):
        assert [move.amount for move in moves.to_each(three(monthly_fee=7), 0)][1:] == [
            three()[1].person.monthly_fee,
            7,
        ]

    assert len(asked) == 3


def test_a_case_that_is_kept_shows_later_what_it_showed() -> None:
    kept: list[ThreatView] = []

    def keep(case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG001 # the protocol's
        kept.append(case)
        return Move(kind=MoveKind.CLOSE)

    customers = three()
    Moves(Scripted(responds=keep), SEED).to_each(customers[:1], 0)
    shown = ThreatView(**{name: cell(customers[0]) for name, cell in SEEN.items()})

    customers[0].person.monthly_fee, customers[0].talk.turn = 1, 9

    assert kept == [shown]


# what is decided for everybody


def by_fee(view: Any, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
    """Something different for several kinds of customers, by chance too."""
    ours = view.stage == Stage.ACTIVE
    return together(
        [
            act(view, ours & (draw.uniform("a") < 0.3), ActionKind.CHECK_IN, reason="Lot", priority=view.products),
            act(view, ours & (view.monthly_fee > 6_000), ActionKind.NEEDS_REVIEW, reason="Dear", priority=2),
            act(view, view.stage == Stage.FORMER, ActionKind.WIN_BACK, reason="Gone", priority=view.tenure_months),
        ]
    )  # fmt: skip


@pytest.mark.parametrize("preset", ["telecom", "pet_shop"])
@pytest.mark.parametrize("budget", [Budget(), Budget(minutes=300, money=20_000)])
def test_a_market_shown_in_parts_ends_like_one_shown_whole(
    preset: str, budget: Budget, monkeypatch: pytest.MonkeyPatch
) -> None:
    market = Market.draw(load_preset(preset), customers=90, seed=2)
    policies = (get("suitable_only"), get("win_back"), Scripted(decides=by_fee))
    whole = [run(market, it, months=6, budget=budget, compiled=False, residual_months=0) for it in policies]

    monkeypatch.setattr(engine, "SHOWN_AT_ONCE", 7)

    for policy, expected in zip(policies, whole, strict=True):
        history = run(market, policy, months=6, budget=budget, compiled=False, residual_months=0)
        assert history.digest == expected.digest
        assert (history.actions == expected.actions).all()
        assert (history.refused, history.cut, history.minutes) == (
            expected.refused,
            expected.cut,
            expected.minutes,
        )


def test_who_must_see_everybody_is_shown_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SHOWN_AT_ONCE", 7)
    seen_at_once: list[int] = []

    def look(view: Any, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
        seen_at_once.append(len(view))
        return together([])

    market = Market.draw(load_preset("telecom"), customers=30, seed=2)
    for scope in ("market", "customer"):
        run(market, Scripted(decides=look, scope=scope), months=1, compiled=False, residual_months=0)

    assert seen_at_once == [30, 7, 7, 7, 7, 2]
