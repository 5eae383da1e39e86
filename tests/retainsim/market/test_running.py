"""Running a market under a policy: what the policy sees, what it may do, and what is refused."""

from __future__ import annotations

from itertools import pairwise

import attrs
import numpy as np
import pytest
from lives import Scripted
from small_markets import (
    ANYTHING,
    NOTHING,
    RETURNED,
    a_market,
)

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
    act,
    no_actions,
)
from retainsdk.view import BookView, Stage
from retainsim.market import asking, engine, run
from retainsim.market.person import MOST_MONTHS

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


# what a policy sees


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
    where = r"failed with KeyError: 'boom' \(.*test_running\.py, line \d+\)"

    with pytest.raises(PolicyError, match=rf"decide {where}"):
        run(a_market(), Scripted(decides=_boom), months=1)
    with pytest.raises(PolicyError, match=rf"respond {where}"):
        run(a_market(customers=900), Scripted(responds=_boom), months=3)
