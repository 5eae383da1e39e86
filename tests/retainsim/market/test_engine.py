"""Running a market: order, columns, sums, and the same luck whatever the engine."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import pytest
from certificates import Size
from hypothesis import given, settings
from hypothesis import strategies as st
from lives import Scripted

from retainsdk.errors import InputError, PolicyError
from retainsdk.policies import get
from retainsdk.policies.early_warning import risk_points
from retainsdk.policy import (
    ACTIONS,
    ActionKind,
    Actions,
    Budget,
    Move,
    MoveKind,
    PolicyStream,
    ThreatView,
    act,
    no_actions,
)
from retainsdk.view import BookView, Origin, Stage
from retainsim.market import History, Market, asking, engine, first_threat, kernels, law, load_preset, run
from retainsim.market import purposes as for_
from retainsim.market.history import FLOWS, MONEY, PROMISES
from retainsim.market.person import FIELDS, MOST_MONTHS, NEVER, OURS, USED_BYTES, rows
from retainsim.market.running import FLOW_TALLIES

PRESET = load_preset("telecom")
N_FIRMS = len(PRESET.firms)
LEFT, RETURNED, JOINED, THREATENED, SAVED, SILENT, BLUFFED = range(len(FLOWS))

Decides = Callable[[BookView, Budget, PolicyStream], Actions]


RULED = [action.kind for action in ACTIONS if action.rule]


def a_market(seed: int = 1, customers: int = 120, **changes: Any) -> Market:
    return Market.draw(PRESET, customers=customers, seed=seed, **changes)


def anything(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
    """Every kind of action for somebody, with every slot it has."""
    kinds = 1 + (draw.uniform("kind") * (len(RULED) - 1)).astype(np.int8)
    priced = np.isin(kinds, (ActionKind.OFFER_PRICE, ActionKind.WIN_BACK))
    gifts = np.isin(kinds, (ActionKind.GREETING, ActionKind.COMPENSATION, ActionKind.OFFER_BENEFIT))
    everybody = act(view, np.ones(len(view), dtype=np.bool_), ActionKind.CHECK_IN, reason="Try it out")
    return attrs.evolve(
        everybody,
        kind=kinds,
        amount=np.where(priced | gifts, view.monthly_fee // 5, 0),
        months=np.where(priced | (kinds == ActionKind.OFFER_PAUSE), 4, 0).astype(np.int32),
        priority=(draw.uniform("priority") * 9).astype(np.int32),
    )


def haggle(case: ThreatView, draw: PolicyStream) -> Move:
    """Any move but the last, and then a decision."""
    kinds = [kind for kind in MoveKind if kind is not MoveKind.CLOSE]
    if case.turn == 5:
        return Move(kind=MoveKind.CLOSE)
    return Move(kind=kinds[int(len(kinds) * draw.uniform(f"turn {case.turn}")[0])], amount=900, months=3)


NOTHING = Scripted(name="nothing")
ANYTHING = Scripted(decides=anything, responds=haggle, name="anything")
CARE = Scripted(
    decides=lambda view, *_: act(
        view, view.stage == Stage.ACTIVE, ActionKind.CHECK_IN, reason="Keep in touch"
    ),
    name="care",
)
POLICIES = (NOTHING, ANYTHING, CARE)


def assert_equal(one: History, other: History) -> None:
    for field in attrs.fields(History):
        if field.name != "policy":
            np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), field.name)


# the same luck


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_law_gives_the_same_bits_compiled_and_plain(seed: int, policy: Scripted, size: Size) -> None:
    market, months = a_market(seed, customers=size(120, 2_000)), size(14, 48)

    compiled, plain = (
        run(market, policy, months=months, compiled=how, residual_months=3) for how in (True, False)
    )

    assert_equal(compiled, plain)
    assert compiled.flows[:, LEFT].sum() > 0


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_threads_and_blocks_make_no_difference(policy: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    market = a_market(customers=600)
    usual = run(market, policy, months=6)

    for block, threads in ((64, 2), (1_000, 2), (7, 1)):
        monkeypatch.setattr(kernels, "BLOCK", block)
        assert_equal(usual, run(market, policy, months=6, threads=threads))


def test_a_world_run_twice_under_one_policy_differs_by_exactly_nothing() -> None:
    assert_equal(*(run(a_market(), ANYTHING, months=8) for _ in range(2)))


def test_a_small_market_begins_in_plain_python_and_goes_on_compiled_at_a_border_between_months(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    market, ready = a_market(), Future[None]()
    monkeypatch.setattr(engine, "compiling", lambda _law, _names: ready)
    how: list[bool] = []

    def watch(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        if len(how) == 3:
            ready.set_result(None)
        how.append(True)
        return anything(view, budget, draw)

    world = engine.World(market, compiled="soon")
    assert not world.kernel.is_compiled
    assert_equal(
        run(market, Scripted(decides=watch, responds=haggle), months=8, compiled="soon"),
        run(market, ANYTHING, months=8),
    )
    world.month(0)
    assert world.kernel.is_compiled


def test_a_large_market_waits_for_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_IN_PLAIN", 10)

    assert engine.World(a_market(), compiled="soon").kernel.is_compiled


def test_what_is_compiled_beside_a_run_is_ready_or_says_why_not() -> None:
    names = tuple(sorted(PRESET.drawn(0, "fixed").values))

    assert kernels.compiling(law.LAW, names).result(timeout=300) is None
    with pytest.raises(AttributeError):
        kernels.compiling.__wrapped__(None, names).result(timeout=300)


def test_running_a_market_leaves_it_as_it_was() -> None:
    market = a_market()
    before = engine.digest_of(market.people)

    run(market, ANYTHING, months=4)

    assert engine.digest_of(market.people) == before


def test_other_seeds_other_worlds() -> None:
    digests = {run(a_market(seed), NOTHING, months=2).digest for seed in range(5)}

    assert len(digests) == 5


def test_whom_a_policy_leaves_alone_lives_as_if_there_were_no_policy() -> None:
    market = a_market(customers=400)
    cared_for = set(market.people["key"][::3].tolist())
    # others would hear of it, and wait while our people are busy
    quiet = with_rules(market, word_counts=0.0, reputation_counts=0.0, staff_minutes=10_000.0)
    some = Scripted(
        decides=lambda view, *_: act(
            view, np.isin(view.relationship, list(cared_for)), ActionKind.CHECK_IN, reason="Care"
        )
    )

    untouched, touched = _people_after(quiet, NOTHING, months=5), _people_after(quiet, some, months=5)

    others = ~np.isin(untouched["key"], list(cared_for))
    for name in ("need", "usage", "hurt", "voice", "contacts_recent", "promise_due_day"):
        ours = others & (untouched["firm"] == OURS) & (touched["firm"] == OURS)
        np.testing.assert_array_equal(untouched[name][ours], touched[name][ours], name)


def _people_after(market: Market, policy: Scripted, *, months: int, compiled: bool = True) -> Any:
    world = engine.World(market, compiled=compiled)
    for number in range(months):
        engine._one_month(world, number, policy, Budget(), consent_gate=True)
    return world.people


@pytest.mark.parametrize(
    ("purpose", "touches", "leaves"),
    [
        ("USAGE", "usage", ("need", "satisfaction", "hurt", "trust", "firm", "promise_due_day", "stated_reason")),
        ("STATEMENT_KIND", "stated_reason", ("need", "satisfaction", "hurt", "trust", "firm", "usage")),
        ("CONTACT_DAY", "contact_day", ("need", "usage", "firm", "trust", "attention", "survey_score")),
        ("NEED_DRIFT", "need", ("hurt", "trust", "complaints", "contact_day", "promise_due_day")),
    ],
)  # fmt: skip
def test_changing_one_purpose_leaves_the_draws_of_others_untouched(
    purpose: str, touches: str, leaves: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    market = a_market(customers=250)
    quiet = {"hurt_wakes": 0.0, "silence_amplifies": 0.0, "says_no_need": 0.0, "says_truth": 0.0}
    months = 1 if purpose == "NEED_DRIFT" else 3
    market = with_rules(market, **quiet)
    before = _people_after(market, CARE, months=months, compiled=False)

    monkeypatch.setattr(for_, purpose, getattr(for_, purpose) ^ 0b1000)
    after = _people_after(market, CARE, months=months, compiled=False)

    assert (before[touches] != after[touches]).any()
    alike = before["firm"] == after["firm"]
    for name in leaves:
        np.testing.assert_array_equal(before[name][alike], after[name][alike], name)


def test_the_digest_speaks_of_every_column_of_everybody_and_not_of_the_gap_behind_them() -> None:
    people = a_market().people.copy()
    known = {engine.digest_of(people)}

    for name in (field.name for field in FIELDS):
        changed = people.copy()
        changed[name][-1] += 1
        known.add(engine.digest_of(changed))

    assert len(known) == 1 + len(FIELDS)
    known.clear()
    for rubbish in (0, 1):
        people.view(np.uint8).reshape(len(people), -1)[:, USED_BYTES:] = rubbish
        known.add(engine.digest_of(people))
    assert len(known) == 1


# sums


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
    history, people = run(market, policy, months=10), _people_after(market, policy, months=10)

    revenue, concessions, serving, contacts, acquisition = history.money.sum(axis=0)
    paid = int((people["value_to_date"] - market.people["value_to_date"]).sum())
    assert 0 <= revenue - paid < concessions  # discounts, and on top the extras of the programme and gifts
    if policy is not ANYTHING:  # who gives nothing, in a market without a programme, concedes discounts alone
        plain = with_rules(market, tier_cost=0.0, tenure_benefit=0.0)
        bare, after = run(plain, policy, months=10), _people_after(plain, policy, months=10)
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

    history, people = run(market, gives, months=10), _people_after(market, gives, months=10)

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
    history, people = run(market, NOTHING, months=8), _people_after(market, NOTHING, months=8)

    counted = dict(zip(PROMISES, history.promises.sum(axis=0), strict=True))

    assert counted["kept"] == people["promises_kept"].sum() > 0
    assert counted["late with notice"] == people["promises_warned"].sum() > 0
    assert counted["late without notice"] + counted["broken"] == people["promises_broken"].sum()
    assert min(counted.values()) > 0


# the gate


@pytest.mark.parametrize(
    ("budget", "column"), [(Budget(minutes=200), "minutes"), (Budget(money=50_000), "money")]
)
def test_a_budget_is_never_overspent_and_what_is_cut_is_counted(budget: Budget, column: str) -> None:
    generous = Scripted(
        decides=lambda view, *_: act(
            view, view.stage == Stage.ACTIVE, ActionKind.OFFER_PRICE, reason="Give", amount=1_000, months=5
        )
    )

    history = run(a_market(), generous, months=3, budget=budget)

    done = history.actions[ActionKind.OFFER_PRICE]
    assert done > 0
    assert history.cut > 0
    assert done == 3 * (200 // 6) if column == "minutes" else done == 3 * 10


def test_who_has_not_consented_is_refused_unless_the_gate_is_open() -> None:
    newsletter = Scripted(
        decides=lambda view, *_: act(view, view.stage == Stage.ACTIVE, ActionKind.NEWSLETTER, reason="News")
    )
    market = a_market()

    gated, ungated = (run(market, newsletter, months=1, consent_gate=gate) for gate in (True, False))

    assert gated.refused > 0 == ungated.refused
    assert gated.actions.sum() + gated.refused == ungated.actions.sum() == gated.customers


def test_a_view_shows_the_month_before_and_a_policy_sees_its_own_contacts_fade() -> None:
    recent: list[float] = []

    def once(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
        served = view.stage == Stage.ACTIVE
        recent.append(float(view.contacts_recent[served].max()))
        return act(view, served & (len(recent) == 1), ActionKind.PROGRESS_REPORT, reason="Report")

    run(a_market(), Scripted(decides=once, responds=lambda *_: Move(kind=MoveKind.CLOSE)), months=2)

    assert recent == [0.0, 0.5]


def test_a_view_shows_the_cheapest_competitor() -> None:
    fees: list[float] = []

    def look(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
        fees.append(float((view.competitor_fee / np.maximum(view.monthly_fee, 1)).max()))
        return no_actions()

    market = a_market(seed=3)
    run(market, Scripted(decides=look), months=12)

    firms = market.preset.firms[1:]
    assert min(fees) == pytest.approx(0.85 * min(firm.price for firm in firms), abs=0.001)
    assert max(fees) < 1.0


def test_what_our_customers_say_reaches_their_circle_at_once_and_the_market_a_month_later() -> None:
    market = with_rules(a_market(customers=300), tells_from=-1.0, says_truth=0.5)
    world = engine.World(market, compiled=False)
    told = sum(law.recommendation(person, world.market.rules.plain()) for person in rows(world.people))
    first = world.month(0)

    tally, _ = world.live(first)
    world.close(tally)

    assert first.word == 0.0 < world.month(1).word
    assert world.month(1).word == pytest.approx(told / world.reins.course.counted.people[OURS], rel=1e-3)
    joined = world.people[world.people["referrer"] >= 0]
    assert len(joined) > 0
    for person in joined:
        assert person["origin"] == Origin.REFERRAL
        assert 0 <= person["referrer"] < person["circle"]
        assert person["referrer"] != person["member"]


def test_who_has_nobody_of_ours_in_his_circle_is_referred_by_nobody() -> None:
    market = a_market(customers=300)
    alone = attrs.evolve(with_rules(market, tells_from=-1.0))
    alone.people["circle"], alone.people["member"] = 1, 0

    people = _people_after(alone, NOTHING, months=3)

    assert (people["begun"] > 1).any() or (people["origin"] == Origin.CAMPAIGN).any()
    assert (people["referrer"] == -1).all()


# what the field knows, measured


def test_early_signs_precede_leaving_with_noise() -> None:
    seen: list[BookView] = []

    def watch(view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG001 # the protocol's
        seen.append(view)
        return no_actions()

    run(
        a_market(customers=20_000, parameters="fixed"),
        attrs.evolve(NOTHING, decides=watch, scope="market"),
        months=12,
    )
    signs, left = [], []
    for before, after in pairwise(seen[2:]):
        ours = before.stage == Stage.ACTIVE
        gone = np.isin(before.relationship, after.relationship[after.stage == Stage.FORMER])
        signs.append((risk_points(before).sum(axis=0) >= 20)[ours])
        left.append(gone[ours])
    sign, leaves = np.concatenate(signs), np.concatenate(left)

    warned, unwarned = leaves[sign].mean(), leaves[~sign].mean()
    error = np.sqrt(warned * (1 - warned) / sign.sum() + unwarned * (1 - unwarned) / (~sign).sum())

    assert warned - unwarned > 5 * error
    assert leaves[~sign].sum() > leaves[sign].sum()  # most leave without a sign


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_more_leavers_return_when_those_who_agreed_are_called(seed: int) -> None:
    market = a_market(seed, customers=1_500)

    called, left_alone = (run(market, get(name), months=18) for name in ("win_back", "none"))

    assert called.flows[:, RETURNED].sum() > left_alone.flows[:, RETURNED].sum()


# edges


def test_a_world_without_a_month_is_its_beginning() -> None:
    market = a_market()

    history = run(market, ANYTHING, months=0)

    assert history.digest == engine.digest_of(market.people)
    for name in ("flows", "money", "promises"):
        assert getattr(history, name).shape[0] == 0
    for name in ("flows", "money", "promises", "people", "cohort", "reasons", "actions"):
        assert getattr(history, name).dtype == np.int64
    assert (history.cash, history.minutes, history.cut, history.refused) == (0, 0, 0, 0)
    assert history.residual > 0
    assert history.people[0].tolist() == history.people[-1].tolist()


def test_what_cannot_be_run_is_refused_all_at_once() -> None:
    with pytest.raises(InputError) as refused:
        run(a_market(), NOTHING, months=-1, threads=0, residual_months=-2)

    assert [fault.place for fault in refused.value.faults] == ["months", "threads", "residual_months"]
    with pytest.raises(InputError, match=f"{MOST_MONTHS} in all at most"):
        run(a_market(), NOTHING, months=MOST_MONTHS)


def test_a_market_needs_a_customer() -> None:
    with pytest.raises(InputError, match="must be at least 1"):
        a_market(customers=0)


def test_a_policy_that_answers_nonsense_is_told_what_to_answer() -> None:
    with pytest.raises(PolicyError, match="must return Actions, not list"):
        run(a_market(), Scripted(decides=lambda *_: []), months=1)
    with pytest.raises(PolicyError, match="must return a Move, not MoveKind"):
        run(a_market(customers=900), Scripted(responds=lambda *_: MoveKind.CLOSE), months=3)


def _boom(*_: object) -> None:
    raise KeyError("boom")


def test_a_policy_that_fails_is_told_where() -> None:
    where = r"failed with KeyError: 'boom' \(.*test_engine\.py, line \d+\)"

    with pytest.raises(PolicyError, match=rf"decide {where}"):
        run(a_market(), Scripted(decides=_boom), months=1)
    with pytest.raises(PolicyError, match=rf"respond {where}"):
        run(a_market(customers=900), Scripted(responds=_boom), months=3)


# what is left at the end


def test_equal_ends_are_worth_the_same_and_more_months_more() -> None:
    market = a_market()

    short, same, longer = (run(market, NOTHING, months=3, residual_months=n).residual for n in (12, 12, 24))

    assert short == same
    assert 0 < short < longer
    assert run(market, NOTHING, months=3, residual_months=0).residual == 0


def with_rules(market: Market, **changes: float) -> Market:
    """The same people under other parameters."""
    return attrs.evolve(market, rules=attrs.evolve(market.rules, values={**market.rules.values, **changes}))


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


# threats and leavers


def test_the_first_who_threatens_is_one_of_ours_who_says_so() -> None:
    market = a_market(customers=300)
    before = engine.digest_of(market.people)

    threat = first_threat(market)

    assert threat is not None
    assert threat.person.firm == OURS
    assert threat.person.leaning > 0
    assert threat.parameters.trigger == market.rules.values["trigger"]
    assert engine.digest_of(market.people) == before
    earlier = _people_after(market, NOTHING, months=threat.month.number)
    assert threat.person.key in set(earlier["key"][earlier["firm"] == OURS].tolist())


def test_where_nobody_would_threaten_nobody_does() -> None:
    content = with_rules(a_market(), threat=0.0, habit_threatens=0.0)

    assert first_threat(content, within=3) is None


def test_leavers_of_a_month_are_seen_with_the_day_they_left() -> None:
    people = _people_after(a_market(customers=600), NOTHING, months=2)

    left = (people["begun"] > 0) & (people["firm"] != OURS)

    assert left.sum() > 0
    assert (people["left_day"][left] >= 0).all()
    assert (people["left_day"][left] < 62).all()
    assert (people["left_day"][~left & (people["begun"] < 2)] == NEVER).all()


def test_what_is_counted_has_a_name_for_every_column() -> None:
    assert (*range(law.REVENUE), law.BLUFFED) == FLOW_TALLIES
    assert len(FLOWS) == len(FLOW_TALLIES)
    assert law.REVENUE + len(MONEY) == law.KEPT
    assert law.KEPT + len(PROMISES) == law.REASONS
    assert law.PEOPLE == law.REASONS + law.N_REASONS**2
    assert no_actions().kind.dtype == np.int8


def test_an_action_without_a_rule_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    unruled = tuple(attrs.evolve(it, rule="") if it.kind is ActionKind.INVITATION else it for it in ACTIONS)
    monkeypatch.setattr(asking, "ACTIONS", unruled)
    invite = Scripted(
        decides=lambda view, *_: act(
            view, view.stage == Stage.ACTIVE, ActionKind.INVITATION, reason="Come and see"
        ),
        name="inviting",
    )

    with pytest.raises(InputError, match=r"INVITATION.*has no rule for"):
        run(a_market(), invite, months=1)
