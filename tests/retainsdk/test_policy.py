from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import pytest
from certificates import Certificate, Size
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from worlds import EVERYWHERE, view_of

from retainsdk.errors import InputError
from retainsdk.policy import (
    ACTIONS,
    Action,
    ActionKind,
    Actions,
    Budget,
    Channel,
    Executed,
    Move,
    MoveKind,
    Policy,
    PolicyStream,
    ThreatView,
    act,
    default_response,
    execute,
    no_actions,
    together,
)
from retainsdk.view import CONSENT_PURPOSES, BookView, Reason

ALL_RULES = {
    "–", "contact", "offer", "recovery", "promise", "comparison", "ending", "return", "referral", "invitation", "benefit",
    "complaint", "reputation",
}  # fmt: skip
UNLIMITED = Budget()
ASKED = (
    ActionKind.NOTHING,
    ActionKind.CHECK_IN,
    ActionKind.GREETING,
    ActionKind.NEWSLETTER,
    ActionKind.OFFER_PRICE,
    ActionKind.WIN_BACK,
    ActionKind.APOLOGY,
)
"""A kind of each sort: free, for minutes, for money once, for money each month; each with a purpose of its own; and one that is owed."""


def everybody(view: BookView) -> NDArray[np.bool_]:
    return np.ones(len(view), dtype=np.bool_)


def stream(ids: Sequence[int], *, seed: int = 1, period: int = 1) -> PolicyStream:
    return PolicyStream(seed=seed, period=period, relationships=np.asarray(ids, dtype=np.uint64))


ONE_CHANNEL_OR_ALL = st.sampled_from(
    [1 << Channel.PHONE, 1 << Channel.EMAIL, int(EVERYWHERE), int(EVERYWHERE)]
)


@st.composite
def months(draw: st.DrawFn) -> tuple[BookView, Actions, Budget]:
    """Few customers, some refusing a purpose; what a policy wants, with ties everywhere; what it may spend."""
    ids = sorted(draw(st.sets(st.integers(0, 4), min_size=1, max_size=3)))
    refusals = st.sampled_from([(), CONSENT_PURPOSES, *((purpose,) for purpose in CONSENT_PURPOSES)])
    refused = [draw(refusals) for _ in ids]
    channels = {
        f"channels_{purpose}": [0 if purpose in his else draw(ONE_CHANNEL_OR_ALL) for his in refused]
        for purpose in CONSENT_PURPOSES
    }
    view = view_of(ids, **channels, held_out=[draw(st.sampled_from([0, 0, 0, 0b100, 0b111111])) for _ in ids])
    asked = st.tuples(st.sampled_from(ids), st.sampled_from(ASKED))
    actions = together([_wish(draw, view, *one) for one in draw(st.lists(asked, max_size=7))])
    minutes, money = st.none() | st.integers(0, 40), st.none() | st.integers(0, 6)
    return view, actions, Budget(minutes=draw(minutes), money=draw(money))


def _wish(draw: st.DrawFn, view: BookView, one: int, kind: ActionKind) -> Actions:
    slots = ACTIONS[kind].slots
    amount = draw(st.integers(0, 3)) if "amount" in slots else 0
    return act(
        view,
        view.relationship == one,
        kind,
        reason="because",
        channel=draw(st.sampled_from([Channel.PHONE, Channel.EMAIL])),
        amount=amount,
        months=draw(st.integers(1 if amount else 0, 2)) if "months" in slots else 0,
        priority=draw(st.integers(0, 1)),
        probability=draw(st.sampled_from([0.5, 1.0])),
    )


def listed(actions: Actions) -> list[tuple[Any, ...]]:
    names = [field.name for field in attrs.fields(Actions) if field.name not in {"reason", "reasons"}]
    return list(zip(*(getattr(actions, name).tolist() for name in names), strict=True))


def money_of(done: Actions) -> int:
    per_month = np.isin(done.kind, [ActionKind.OFFER_PRICE, ActionKind.WIN_BACK])
    return int((done.amount * np.where(per_month, done.months, 1)).sum())


def allows(view: BookView, who: int, kind: int, channel: int) -> bool:
    """Whether something may be done for a customer on a channel; what is owed is never withheld."""
    row, purpose = view.relationship.tolist().index(who), str(ACTIONS[kind].consent)
    held_out = not ACTIONS[kind].owed and view.held_out[row] & 1 << CONSENT_PURPOSES.index(purpose)
    return not held_out and bool(getattr(view, f"channels_{purpose}")[row] & 1 << channel)


def gate_row_by_row(actions: Actions, view: BookView, budget: Budget) -> list[tuple[Any, ...]]:
    """The gate once more, one action after the other: the reference for the fast one."""
    done, served, minutes, money = [], set(), 0, 0
    for wish in sorted(listed(actions), key=lambda w: (-w[5], w[0], w[1], w[2], w[3], w[4], w[6])):
        who, kind, channel, amount, months, _, _ = wish
        rule = ACTIONS[kind]
        allowed = rule.consent is None or allows(view, who, kind, channel)
        if kind == ActionKind.NOTHING or not allowed or who in served:
            continue
        served.add(who)
        minutes += rule.minutes
        money += amount * (months if "months" in rule.slots else 1)
        if minutes <= (budget.minutes if budget.minutes is not None else minutes) and money <= (
            budget.money if budget.money is not None else money
        ):
            done.append(wish)
    return sorted(done)


# the table


def test_the_vocabulary_stands_in_the_order_of_its_codes() -> None:
    assert [action.kind for action in ACTIONS] == list(ActionKind)
    assert [int(kind) for kind in ActionKind] == list(range(len(ActionKind)))


@pytest.mark.parametrize("action", ACTIONS[1:], ids=lambda action: action.kind.name)
def test_an_action_has_all_its_cells_filled(action: Action) -> None:
    assert action.consent in CONSENT_PURPOSES
    assert action.events
    assert action.rule in ALL_RULES - {"–"}
    assert set(action.slots) <= {"amount", "months"}
    assert action.minutes > 0 or action.kind is ActionKind.NEWSLETTER


def test_doing_nothing_needs_no_consent_costs_nothing_and_leaves_no_trace() -> None:
    nothing = ACTIONS[ActionKind.NOTHING]

    assert (nothing.minutes, nothing.consent, nothing.events, nothing.rule) == (0, None, (), "–")


def test_what_answers_an_event_is_told_from_what_prevents_one() -> None:
    assert {action.kind for action in ACTIONS if action.responsive} == {
        ActionKind.APOLOGY, ActionKind.COMPENSATION, ActionKind.RELEASE_WELL, ActionKind.WIN_BACK, ActionKind.REDO,
        ActionKind.ESCALATE, ActionKind.MEDIATE, ActionKind.KEEP_ADVISING,
    }  # fmt: skip


# asking


def test_an_action_is_asked_for_exactly_where_the_mask_says() -> None:
    view = view_of([3, 5, 8])

    asked = act(
        view,
        np.array([True, False, True]),
        ActionKind.OFFER_PRICE,
        reason="early sign",
        channel=Channel.EMAIL,
        amount=np.array([10, 20, 30]),
        months=6,
        priority=np.array([1, 2, 3]),
        probability=0.5,
    )

    assert listed(asked) == [
        (3, ActionKind.OFFER_PRICE, Channel.EMAIL, 10, 6, 1, 0.5),
        (8, ActionKind.OFFER_PRICE, Channel.EMAIL, 30, 6, 3, 0.5),
    ]
    assert [asked.reasons[place] for place in asked.reason] == ["early sign", "early sign"]


def test_lists_of_actions_put_together_keep_their_reasons() -> None:
    view = view_of([1, 2])
    first = act(view, np.array([True, True]), ActionKind.CHECK_IN, reason="silent for long")
    second = act(view, np.array([False, True]), ActionKind.GREETING, reason="birthday")

    both = together([first, no_actions(), second])

    assert [both.reasons[place] for place in both.reason] == [
        "silent for long",
        "silent for long",
        "birthday",
    ]
    assert listed(both) == listed(first) + listed(second)


def test_nothing_put_together_is_nothing() -> None:
    assert len(together([])) == len(together([no_actions(), no_actions()])) == 0


def test_hundreds_of_lists_put_together_keep_their_reasons() -> None:
    view = view_of([1])

    asked = together([act(view, everybody(view), ActionKind.CHECK_IN, reason=str(n)) for n in range(500)])

    assert [asked.reasons[place] for place in asked.reason] == [str(n) for n in range(500)]


# the gate


@given(month=months())
def test_the_gate_does_what_going_through_the_actions_one_by_one_does(
    month: tuple[BookView, Actions, Budget],
) -> None:
    view, actions, budget = month

    assert listed(execute(actions, view, budget).done) == gate_row_by_row(actions, view, budget)


@given(month=months())
def test_minutes_and_money_are_never_overspent(month: tuple[BookView, Actions, Budget]) -> None:
    view, actions, budget = month

    passed = execute(actions, view, budget)

    assert passed.minutes == sum(ACTIONS[kind].minutes for kind in passed.done.kind)
    assert budget.minutes is None or passed.minutes <= budget.minutes
    assert budget.money is None or money_of(passed.done) <= budget.money


@given(month=months())
def test_nobody_gets_two_actions_in_a_month_and_rows_come_ordered_by_id(
    month: tuple[BookView, Actions, Budget],
) -> None:
    view, actions, budget = month

    served = execute(actions, view, budget).done.relationship.tolist()

    assert served == sorted(set(served))


@given(month=months())
def test_no_contact_without_consent_to_its_purpose_on_its_channel_and_none_of_who_is_held_out(
    month: tuple[BookView, Actions, Budget],
) -> None:
    view, actions, budget = month

    passed = execute(actions, view, budget)

    for allowed, some in ((True, passed.done), (False, passed.refused)):
        for who, kind, channel in zip(some.relationship, some.kind, some.channel, strict=True):
            assert allows(view, int(who), int(kind), int(channel)) is allowed


@given(month=months())
def test_every_action_is_done_refused_or_cut_and_none_twice(month: tuple[BookView, Actions, Budget]) -> None:
    view, actions, budget = month

    passed = execute(actions, view, budget)

    wanted = [wish for wish in listed(actions) if wish[1] != ActionKind.NOTHING]
    answered = listed(passed.done) + listed(passed.refused) + listed(passed.cut)
    assert sorted(answered) == sorted(wanted)


@given(month=months(), shuffle=st.randoms(use_true_random=False))
def test_the_order_in_which_actions_are_listed_makes_no_difference(
    month: tuple[BookView, Actions, Budget], shuffle: Any
) -> None:
    view, actions, budget = month
    places = list(range(len(actions)))
    shuffle.shuffle(places)

    one = execute(actions, view, budget)
    other = execute(actions.take(np.asarray(places, dtype=np.intp)), view, budget)

    assert listed(one.done) == listed(other.done)
    assert sorted(listed(one.cut)) == sorted(listed(other.cut))
    assert sorted(listed(one.refused)) == sorted(listed(other.refused))


def test_of_two_offers_that_differ_in_amount_alone_the_smaller_is_made_in_any_order() -> None:
    view = view_of([1])
    small, large = (
        act(view, everybody(view), ActionKind.OFFER_PRICE, reason="?", amount=n, months=1) for n in (5, 9)
    )

    done = [execute(together(asked), view, UNLIMITED).done for asked in ([small, large], [large, small])]

    assert [listed(one) for one in done] == [listed(small)] * 2


def test_the_urgent_go_first_when_minutes_are_short() -> None:
    view = view_of([1, 2, 3])
    asked = act(view, everybody(view), ActionKind.CHECK_IN, reason="silent", priority=np.array([1, 3, 2]))

    passed = execute(asked, view, Budget(minutes=16))

    assert passed.done.relationship.tolist() == [2, 3]
    assert passed.cut.relationship.tolist() == [1]


def test_equally_urgent_customers_go_by_id() -> None:
    view = view_of([1, 2, 3])
    asked = act(view, everybody(view), ActionKind.CHECK_IN, reason="silent")

    assert execute(asked, view, Budget(minutes=8)).done.relationship.tolist() == [1]


def test_a_customer_gets_his_most_urgent_action() -> None:
    view = view_of([1])
    asked = together(
        [
            act(view, everybody(view), ActionKind.CHECK_IN, reason="silent", priority=1),
            act(view, everybody(view), ActionKind.APOLOGY, reason="failure", priority=2),
        ]
    )

    passed = execute(asked, view, UNLIMITED)

    assert passed.done.kind.tolist() == [ActionKind.APOLOGY]
    assert passed.cut.kind.tolist() == [ActionKind.CHECK_IN]


def test_a_refused_action_neither_costs_nor_takes_the_place_of_an_allowed_one() -> None:
    view = view_of([1], consent_sales=[False])
    asked = together(
        [
            act(view, everybody(view), ActionKind.OFFER_PACKAGE, reason="fits", priority=9),
            act(view, everybody(view), ActionKind.CHECK_IN, reason="silent"),
        ]
    )

    passed = execute(asked, view, Budget(minutes=8))

    assert passed.refused.kind.tolist() == [ActionKind.OFFER_PACKAGE]
    assert passed.done.kind.tolist() == [ActionKind.CHECK_IN]
    assert passed.minutes == 8


def test_a_price_offer_costs_its_amount_for_each_of_its_months() -> None:
    view = view_of([1])
    asked = act(view, everybody(view), ActionKind.OFFER_PRICE, reason="?", amount=100, months=12)

    assert len(execute(asked, view, Budget(money=1_200)).done) == 1
    assert len(execute(asked, view, Budget(money=1_199)).cut) == 1


def test_what_ignoring_consent_would_do_can_be_shown() -> None:
    view = view_of([1], consent_sales=[False])
    asked = act(view, everybody(view), ActionKind.OFFER_PACKAGE, reason="fits")

    passed = execute(asked, view, UNLIMITED, consent_gate=False)

    assert (len(passed.done), len(passed.refused)) == (1, 0)


@pytest.mark.parametrize(
    ("changes", "place", "rule"),
    [
        ({"relationship": 9}, "relationship", "is not in the view"),
        ({"kind": len(ACTIONS)}, "kind", "is no kind"),
        ({"kind": -1}, "kind", "is no kind"),
        ({"channel": len(Channel)}, "channel", "is no channel"),
        ({"amount": -1}, "amount", "must not be negative"),
        ({"amount": 1}, "amount", "is no slot of this kind"),
        ({"months": -1}, "months", "must not be negative"),
        ({"months": 1}, "months", "is no slot of this kind"),
        ({"kind": ActionKind.OFFER_PRICE, "amount": 1}, "months", "must be 1 or more"),
        ({"probability": 0}, "probability", "must be in"),
        ({"probability": 1.01}, "probability", "must be in"),
        ({"probability": np.nan}, "probability", "must be in"),
        ({"reason": 1}, "reason", "is no position"),
        ({"reason": -1}, "reason", "is no position"),
    ],
)
def test_an_impossible_action_is_refused_with_its_row_and_its_rule(
    changes: dict[str, float], place: str, rule: str
) -> None:
    view = view_of([1, 2])
    asked = act(view, everybody(view), ActionKind.CHECK_IN, reason="silent")
    for name, value in changes.items():
        column = getattr(asked, name).copy()
        column[1] = value
        asked = attrs.evolve(asked, **{name: column})

    with pytest.raises(InputError, match=rule) as refusal:
        execute(asked, view, UNLIMITED)

    assert [fault.place for fault in refusal.value.faults] == [f"actions.{place}[1]"]


def test_all_impossible_actions_are_named_at_once() -> None:
    view = view_of([1, 2])
    asked = act(view, everybody(view), ActionKind.CHECK_IN, reason="silent")
    broken = attrs.evolve(asked, amount=asked.amount - 1, probability=asked.probability * 0)

    with pytest.raises(InputError) as refusal:
        execute(broken, view, UNLIMITED)

    assert len(refusal.value.faults) == 4


def test_columns_of_another_type_or_length_are_refused_before_anything_is_read() -> None:
    view = view_of([1, 2])
    asked = act(view, everybody(view), ActionKind.CHECK_IN, reason="silent")
    broken = attrs.evolve(asked, kind=asked.kind.astype(np.int64), months=asked.months[:1])

    with pytest.raises(InputError) as refusal:
        execute(broken, view, UNLIMITED)

    assert {fault.place for fault in refusal.value.faults} == {"actions.kind", "actions.months"}


def test_acting_on_somebody_when_the_view_is_empty_is_refused() -> None:
    asked = act(view_of([1]), np.array([True]), ActionKind.CHECK_IN, reason="silent")

    with pytest.raises(InputError, match="is not in the view"):
        execute(asked, view_of([]), UNLIMITED)


def test_no_actions_pass_the_gate_of_any_view() -> None:
    passed: Executed = execute(no_actions(), view_of([]), Budget(minutes=0, money=0))

    assert (len(passed.done), len(passed.refused), len(passed.cut), passed.minutes) == (0, 0, 0, 0)


# chance


@given(
    ids=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=8, unique=True),
    shuffle=st.randoms(use_true_random=False),
)
def test_what_a_customer_draws_depends_neither_on_row_order_nor_on_company(
    ids: list[int], shuffle: Any
) -> None:
    shuffled = ids.copy()
    shuffle.shuffle(shuffled)

    together_drawn = dict(zip(ids, stream(ids).uniform("explore"), strict=True))

    assert dict(zip(shuffled, stream(shuffled).uniform("explore"), strict=True)) == together_drawn
    assert all(stream([one]).uniform("explore")[0] == together_drawn[one] for one in ids)


def test_a_draw_is_the_same_whenever_and_wherever_it_is_asked_for() -> None:
    draw = stream([1, 2])
    first = draw.uniform("explore")
    draw.uniform("something else")

    again, elsewhere = draw.uniform("explore"), pickle.loads(pickle.dumps(draw)).uniform("explore")

    assert again.tolist() == first.tolist() == elsewhere.tolist()


def test_draws_are_the_same_on_every_machine_for_ever() -> None:
    draws = stream([1, 2], seed=3, period=4).uniform("explore").tolist()

    assert draws == [0.8874877329653865, 0.24558924271636084]


@pytest.mark.certified("the-luck-of-policies", ["src/retainsdk/policy.py"])
def test_luck_is_even_and_unrelated_across_names_periods_seeds_and_neighbours(
    size: Size, certificate: Certificate
) -> None:
    n = size(20_000, 5_000_000)
    draws = stream(range(n)).uniform("explore")
    others = {
        "name": stream(range(n)).uniform("exploit"),
        "period": stream(range(n), period=2).uniform("explore"),
        "seed": stream(range(n), seed=2).uniform("explore"),
        "neighbour": np.roll(draws, 1),
    }

    shares = np.bincount((draws * 16).astype(np.intp), minlength=16) / n
    related = {name: float(np.corrcoef(draws, other)[0, 1]) for name, other in others.items()}

    figures = {"customers": n, "mean": float(draws.mean()), "fullest of 16 bins": float(shares.max())}
    certificate.record(figures | {f"correlation by {name}": r for name, r in related.items()}, seeds=[1, 2])
    assert draws.min() >= 0
    assert draws.max() < 1
    assert abs(draws.mean() - 0.5) < 5 * np.sqrt(1 / 12 / n)
    assert np.abs(shares - 1 / 16).max() < 5 * np.sqrt(1 / 16 * 15 / 16 / n)
    assert max(map(abs, related.values())) < 5 / np.sqrt(n)


# the protocol

CASE = ThreatView(
    relationship=1,
    turn=0,
    turns_left=12,
    mood=-1,
    stated_reason=Reason.NO_NEED_STATED,
    revealed=None,
    confirmed=False,
    offer=None,
    offer_amount=0,
    apologies=0,
    promised=False,
    monthly_fee=7_000,
    discount=0,
    tenure_months=12,
    value_to_date=84_000,
    threats=0,
    complaints=1,
    competitor_fee=None,
    alternative_suitability=None,
)


@attrs.frozen
class CallTheSilent:
    name: str = "call_the_silent"
    scope: str = "customer"
    after_days: int = 60

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 - the protocol's
        silent = view.known("days_since_contact") & (view.days_since_contact > self.after_days)
        return act(view, silent, ActionKind.CHECK_IN, reason="silent for long")

    def respond(self, case: ThreatView, draw: PolicyStream) -> Move:  # noqa: ARG002 - the protocol's
        return default_response(case)


def test_a_frozen_class_with_two_functions_is_a_policy() -> None:
    assert isinstance(CallTheSilent(), Policy)
    assert not isinstance(object(), Policy)


def test_a_policy_calls_whom_it_means_to_call() -> None:
    policy: Policy = CallTheSilent()
    view = view_of([1, 2, 3], days_since_contact=[61, 60, 400])

    passed = execute(policy.decide(view, UNLIMITED, stream([1, 2, 3])), view, UNLIMITED)

    assert passed.done.relationship.tolist() == [1, 3]


def test_the_script_of_every_house_listens_then_lets_the_customer_decide_and_grants_nothing() -> None:
    moves = [default_response(attrs.evolve(CASE, turn=turn)) for turn in range(12)]

    assert [move.kind for move in moves[:4]] == [
        MoveKind.ASK_OPEN, MoveKind.EMPATHISE, MoveKind.EXPLAIN_VALUE, MoveKind.CLOSE
    ]  # fmt: skip
    assert {move.kind for move in moves[3:]} == {MoveKind.CLOSE}
    assert all((move.amount, move.months) == (0, 0) for move in moves)
