"""What is counted of a run adds up, and what is left at its end is worth what is still to come."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import Scripted
from small_markets import (
    ANYTHING,
    BLUFFED,
    CARE,
    JOINED,
    LEFT,
    NOTHING,
    POLICIES,
    PRESET,
    RETURNED,
    SAVED,
    SILENT,
    THREATENED,
    a_market,
    people_after,
    with_rules,
)

from retainsdk.policy import (
    ActionKind,
    Budget,
    Move,
    MoveKind,
    act,
    no_actions,
)
from retainsdk.view import Stage
from retainsim.market import engine, law, run
from retainsim.market.history import FLOWS, MONEY, PROMISES
from retainsim.market.person import OURS
from retainsim.market.running import FLOW_TALLIES

N_FIRMS = len(PRESET.firms)


@given(seed=st.integers(0, 50), policy=st.sampled_from(POLICIES), months=st.integers(0, 6))
@settings(max_examples=15)
def test_people_are_conserved_and_a_cohort_never_grows(seed: int, policy: Scripted, months: int) -> None:
    market = a_market(seed, customers=60)

    history = run(market, policy, months=months)

    people, cohort, flows = history.people, history.cohort, history.flows
    assert people.shape == (months + 1, N_FIRMS + 1)
    assert (people.sum(axis=1) == len(market.people)).all()
    assert (np.diff(people[:, OURS]) == flows[:, RETURNED] + flows[:, JOINED] - flows[:, LEFT]).all()
    bluffed = flows[:, SILENT] + flows[:, THREATENED] - flows[:, SAVED] - flows[:, LEFT]
    assert (bluffed == flows[:, BLUFFED]).all()
    world = engine.World(market, compiled=True)
    for number in range(months):  # who only bluffed neither left nor had to be saved
        over = engine._one_month(world, number, policy, Budget(), consent_gate=True)
        assert bluffed[number] == over.tally[law.BLUFFED]
    assert cohort[0].sum() == history.customers == 60
    assert (np.diff(cohort, axis=0) <= 0).all()
    assert (cohort.sum(axis=1) <= people[:, OURS]).all()
    assert history.reasons.sum() == flows[:, LEFT].sum()
    assert history.reasons[0].sum() == 0
    assert (history.left_within(months) == cohort[0] - cohort[-1]).all()


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_money_adds_up_from_the_accounts_of_everybody(policy: Scripted) -> None:
    market = a_market(customers=300)
    history, people = run(market, policy, months=10), people_after(market, policy, months=10)

    revenue, concessions, serving, contacts, acquisition = history.money.sum(axis=0)
    paid = int((people["value_to_date"] - market.people["value_to_date"]).sum())
    assert 0 <= revenue - paid < concessions  # discounts, and on top the extras of the programme and gifts
    if policy is not ANYTHING:  # who gives nothing, in a market without a programme, concedes discounts alone
        plain = with_rules(market, tier_cost=0.0, tenure_benefit=0.0)
        bare, after = run(plain, policy, months=10), people_after(plain, policy, months=10)
        fees, conceded = bare.money.sum(axis=0)[:2]
        assert conceded == fees - int((after["value_to_date"] - market.people["value_to_date"]).sum())
    assert serving > 0
    assert contacts >= history.minutes * market.rules.values["minute_cost"] - 10
    elsewhere = history.people[1:, 1:].sum()
    assert acquisition == pytest.approx(elsewhere * market.rules.values["campaign_cost"], abs=10)
    assert history.cash == revenue - concessions - serving - contacts - acquisition
    assert history.profit == history.cash + history.residual
    assert history.digest == engine.digest_of(people)


def test_what_is_given_stands_in_the_accounts_of_those_who_got_it_and_in_the_months() -> None:
    gives = Scripted(
        decides=lambda view, *_: act(
            view, view.stage == Stage.ACTIVE, ActionKind.COMPENSATION, amount=250, reason="Make good"
        ),
        responds=lambda *_: Move(kind=MoveKind.RELEASE),
    )
    market = with_rules(a_market(), tier_cost=0.0, tenure_benefit=0.0, welcome=0.0)  # nothing else is given

    history, people = run(market, gives, months=10), people_after(market, gives, months=10)

    given_ = 250 * int(history.actions[ActionKind.COMPENSATION])
    fees, conceded = history.money.sum(axis=0)[:2]
    paid = int((people["value_to_date"] - market.people["value_to_date"]).sum())
    assert given_ > 0
    assert int((people["concession_cost"] - market.people["concession_cost"]).sum()) == given_
    assert conceded - (fees - paid) == given_


def test_every_action_done_is_counted_with_its_minutes() -> None:
    history = run(a_market(), CARE, months=3)

    done = history.actions[ActionKind.CHECK_IN]
    assert 0 < done == history.actions.sum()
    assert history.minutes == 8 * done
    assert history.actions[ActionKind.NOTHING] == history.cut == 0


def test_conversations_cost_minutes_too() -> None:
    market = a_market(customers=600)
    short = Scripted(responds=lambda *_: Move(kind=MoveKind.CLOSE))
    long = Scripted(
        responds=lambda case, _: Move(kind=MoveKind.CLOSE if case.turns_left == 1 else MoveKind.EMPATHISE)
    )

    one, twelve = (run(market, policy, months=1) for policy in (short, long))

    costs = [int(history.money[0, MONEY.index("contacts")]) for history in (one, twelve)]
    calls = int(one.flows[0, THREATENED])
    assert 0 < costs[0] <= costs[1] / 6
    assert costs[1] <= 12 * (costs[0] + calls)  # each call is rounded down


def test_promises_are_counted_as_they_end() -> None:
    market = a_market(customers=600)
    history, people = run(market, NOTHING, months=8), people_after(market, NOTHING, months=8)

    counted = dict(zip(PROMISES, history.promises.sum(axis=0), strict=True))

    assert counted["kept"] == people["promises_kept"].sum() > 0
    assert counted["late with notice"] == people["promises_warned"].sum() > 0
    assert counted["late without notice"] + counted["broken"] == people["promises_broken"].sum()
    assert min(counted.values()) > 0


def test_what_is_counted_has_a_name_for_every_column() -> None:
    assert (*range(law.REVENUE), law.BLUFFED) == FLOW_TALLIES
    assert len(FLOWS) == len(FLOW_TALLIES)
    assert law.REVENUE + len(MONEY) == law.KEPT
    assert law.KEPT + len(PROMISES) == law.REASONS
    assert law.PEOPLE == law.REASONS + law.N_REASONS**2
    assert no_actions().kind.dtype == np.int8


# what is left at the end


def test_equal_ends_are_worth_the_same_and_more_months_more() -> None:
    market = a_market()

    short, same, longer = (run(market, NOTHING, months=3, residual_months=n).residual for n in (12, 12, 24))

    assert short == same
    assert 0 < short < longer
    assert run(market, NOTHING, months=3, residual_months=0).residual == 0


def test_the_residual_is_the_continuation_without_talk_discounted_month_by_month() -> None:
    market = with_rules(a_market(), elsewhere_trigger=0.0, lock_end_wakes=0.0)  # nobody comes
    first = run(
        market, Scripted(responds=lambda *_: Move(kind=MoveKind.RELEASE)), months=1, residual_months=0
    )

    month_to_come = run(market, NOTHING, months=0, residual_months=1).residual

    revenue, concessions, serving = (int(it) for it in first.money[0, :3])
    assert first.flows[0, JOINED] + first.flows[0, RETURNED] == 0
    assert month_to_come == round(
        (revenue - concessions - serving) / (1 + market.rules.values["discounting"])
    )


def test_when_everybody_has_left_nothing_is_left_to_come() -> None:
    doomed = with_rules(a_market(), trigger=99.0, bond=-99.0, elsewhere_trigger=0.0, lock_end_wakes=0.0)

    history = run(doomed, NOTHING, months=2)

    assert history.people[1:, OURS].tolist() == [0, 0]
    assert history.left_within(1).sum() == history.customers
    assert (history.residual, int(history.money[1, :3].sum())) == (0, 0)


def test_who_may_come_later_is_worth_nothing_now() -> None:
    loyal = with_rules(a_market(customers=40), bond=99.0)
    eager = with_rules(loyal, elsewhere_trigger=1.0)

    calm, busy = (run(market, NOTHING, months=6, compiled=False) for market in (loyal, eager))
    worth = [
        run(market, NOTHING, months=0, compiled=False, residual_months=6).residual
        for market in (loyal, eager)
    ]

    assert busy.flows[:, JOINED].sum() > calm.flows[:, JOINED].sum()
    assert worth[0] == worth[1] > 0


def test_what_a_customer_is_worth_later_does_not_depend_on_what_others_say() -> None:
    market = a_market(customers=400)
    loud = with_rules(market, word_counts=50.0)

    assert run(loud, NOTHING, months=0).residual == run(market, NOTHING, months=0).residual
