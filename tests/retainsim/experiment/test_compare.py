"""The result of a study: exact where it must be, described where it is read by programs."""

from __future__ import annotations

import json
import pickle
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import attrs
import jsonschema
import numpy as np
import pytest

from retainsdk import policies
from retainsdk.errors import InputError, PolicyError
from retainsdk.experiment import Verdict
from retainsdk.policies.bear_hug import BearHug
from retainsdk.policies.none import Nothing
from retainsdk.policies.reading import is_customer
from retainsdk.policy import ActionKind, Actions, Budget, PolicyStream, act
from retainsdk.view import BookView
from retainsim.experiment import Comparison, Setting, compare, twins
from retainsim.experiment.manifest import manifest
from retainsim.experiment.measures import cash, measures, parts, profit, retention_cost, survival
from retainsim.market import History, run
from retainsim.market.history import FLOWS, MONEY, PROMISES
from retainsim.market.law import LAW
from retainsim.market.replacing import law_of
from retainsim.market.running import Under
from retainsim.market.staff import Staffing

SCHEMA = Path(__file__).parents[3] / "docs" / "reference" / "compare.schema.json"
SMALL = Setting(customers=80, months=6, worlds=8, seed=3)


@pytest.fixture(scope="module")
def result() -> Comparison:
    return compare([policies.get("none"), policies.get("bear_hug"), policies.get("promise_keeper")], SMALL)


def a_history(**changes: Any) -> History:
    """A world of ten customers, two months, two firms, round figures."""
    usual = History(
        policy="none",
        seed=1,
        months=2,
        currency="USD",
        firms=("ours", "theirs"),
        people=np.array([[10, 8, 2], [9, 9, 2], [9, 8, 3]]),
        cohort=np.array([[6, 4], [5, 4], [4, 4]]),
        cohort_kinds=("monthly", "yearly"),
        flows=np.array([[1, 0, 0, 0, 0, 1, 0], [1, 1, 0, 2, 1, 0, 0]]),
        money=np.array([[50_000, 1_000, 9_000, 500, 2_000]] * 2),
        residual=20_000,
        residual_months=24,
        reasons=np.zeros((8, 8), dtype=np.int64),
        promises=np.array([[1, 0, 0, 0], [0, 1, 0, 1]]),
        actions=np.zeros(17, dtype=np.int64),
        refused=0,
        cut=0,
        minutes=0,
        digest="",
    )
    return attrs.evolve(usual, **changes)


def test_the_control_against_itself_is_exactly_zero_in_everything(result: Comparison) -> None:
    same = result.arms[0]

    assert same.effects
    for effect in same.effects.values():
        assert effect.verdict is Verdict.IDENTICAL
        assert (effect.estimate, effect.low, effect.high) == (0.0, 0.0, 0.0)
    assert set(same.kept_difference.mean) == {0.0}
    assert same.parts == result.control.parts


def test_a_policy_that_acts_differs(result: Comparison) -> None:
    assert result.arms[1].effects["profit per customer"].verdict is not Verdict.IDENTICAL
    assert result.arms[1].actions


def test_the_parts_add_up_to_the_profit(result: Comparison) -> None:
    for arm in (result.control, *result.arms):
        assert sum(arm.parts.values()) == pytest.approx(arm.profit)


def test_cash_and_residual_effects_add_up_to_the_profit_effect(result: Comparison) -> None:
    for arm in result.arms:
        found = {name: effect.estimate or 0.0 for name, effect in arm.effects.items()}
        assert found["cash per customer"] + found["residual value per customer"] == pytest.approx(
            found["profit per customer"]
        )


def test_survival_starts_with_everybody_and_never_rises(result: Comparison) -> None:
    for arm in (result.control, *result.arms):
        curve = arm.survival
        assert curve.mean[0] == 100.0
        assert all(a >= b for a, b in zip(curve.mean, curve.mean[1:], strict=False))
        assert all(low <= high for low, high in zip(curve.low, curve.high, strict=True))


def test_customers_kept_by_month_end_with_the_effect(result: Comparison) -> None:
    for arm in result.arms:
        assert arm.kept_difference.mean[-1] == pytest.approx(arm.effects["customers kept"].estimate)


def test_the_cost_per_customer_kept_is_what_was_spent_over_who_was_kept(result: Comparison) -> None:
    hug, control = result.arms[1], result.control
    spent = sum(control.parts[part] - hug.parts[part] for part in ("concessions", "contacts"))
    kept = hug.effects["customers kept"].estimate

    assert hug.cost_per_kept is not None
    assert kept is not None
    assert hug.cost_per_kept.estimate == pytest.approx(spent / (kept / 1_000))


def test_shares_of_all_firms_and_nobody_add_up(result: Comparison) -> None:
    for row in result.control.shares:
        assert sum(row) == pytest.approx(100.0)
        assert len(row) == len(result.firms)


def test_the_margin_is_one_percent_of_the_control_s_profit(result: Comparison) -> None:
    assert result.margin == pytest.approx(abs(result.control.profit) / 100)


def test_the_json_is_what_its_schema_says(result: Comparison) -> None:
    jsonschema.validate(json.loads(result.to_json()), json.loads(SCHEMA.read_text()))


def test_the_schema_refuses_what_the_result_does_not_hold(result: Comparison) -> None:
    told = json.loads(result.to_json()) | {"winner": "bear_hug"}

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(told, json.loads(SCHEMA.read_text()))


def test_the_same_study_gives_the_same_bytes(result: Comparison) -> None:
    again = compare([policies.get("none"), policies.get("bear_hug"), policies.get("promise_keeper")], SMALL)

    assert again.to_json() == result.to_json()


def test_a_budget_cuts_what_a_policy_wants() -> None:
    setting = Setting(customers=200, months=6, worlds=1, budget=Budget(minutes=10))

    arm = compare([policies.get("random")], setting).arms[0]

    assert arm.cut > 0
    assert arm.minutes <= 6 * 10 * 1_000 / 200


def test_two_policies_of_a_school_are_told_apart_by_their_parameters() -> None:
    setting = Setting(customers=30, months=2, worlds=1)

    result = compare([BearHug(), BearHug(depth=0.1)], setting)

    assert [arm.policy for arm in result.arms] == ["bear_hug", "bear_hug(depth=0.1)"]


def test_the_same_policy_twice_is_refused() -> None:
    with pytest.raises(InputError, match="given more than once"):
        compare([BearHug(), BearHug()], SMALL)


def test_no_policy_is_refused() -> None:
    with pytest.raises(InputError, match="at least one is needed"):
        compare([], SMALL)


def test_one_world_says_not_yet() -> None:
    result = compare([BearHug()], Setting(customers=300, months=6, worlds=1))

    assert result.arms[0].effects["profit per customer"].verdict is Verdict.NOT_YET
    assert result.arms[0].cost_per_kept is not None
    assert result.arms[0].cost_per_kept.low is None


def test_figures_of_a_world_by_hand() -> None:
    history = a_history()

    assert cash(history) == (100_000 - 2 * 12_500) / 100 / 10
    assert profit(history) == cash(history) + 20_000 / 100 / 10
    assert survival(history).tolist() == [100.0, 90.0, 80.0]
    assert retention_cost(history) == 2 * 1_500 / 100 / 10
    assert parts(history)["serving"] == -18.0
    assert sum(parts(history).values()) == pytest.approx(profit(history))


def test_counts_are_for_a_thousand_at_the_start() -> None:
    read = {measure.name: figure for measure, figure in measures([a_history()])}

    assert read["customers kept"](a_history()) == 800
    assert read["customers at the end"](a_history()) == 900
    assert read["threats to leave"](a_history()) == 200


def test_a_history_holds_the_columns_that_are_read() -> None:
    history = a_history()

    assert history.money.shape[1] == len(MONEY)
    assert history.flows.shape[1] == len(FLOWS)
    assert history.promises.shape[1] == len(PROMISES)


def aloud(c: Any, p: Any) -> float:  # noqa: ARG001 # the rule's arguments
    """Whoever would go says so."""
    return 1.0


TINY = Setting(customers=60, months=4, worlds=1, parameters="fixed")


class Newspaper(Nothing):
    """Invites everybody every month."""

    name = "newspaper"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:  # noqa: ARG002 # the protocol's
        return act(view, is_customer(view), ActionKind.INVITATION, reason="News")


def test_what_a_market_can_be_run_under_it_can_be_compared_under(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "run", partial(run, compiled=False))  # a replaced rule is compiled anew
    usual = compare([Newspaper()], attrs.evolve(TINY, structure="duopoly"))
    study = attrs.evolve(
        TINY,
        structure="duopoly",
        law=LAW.with_rule("threatens", aloud),
        staffing=Staffing(hired={0: -0.5}, coached={1: 0.2}),
        consent_gate=False,
    )

    found = compare([Newspaper()], study)

    assert found.firms == ("Ours", "Rival", "no service")
    assert found.control.flows["left_silently"] == 0.0 < usual.control.flows["left_silently"]
    assert found.arms[0].refused == 0.0 < usual.arms[0].refused
    assert found.control.parts["contacts"] > 0.0 == usual.control.parts["contacts"]  # wages that are saved
    configuration = found.manifest.configuration
    assert configuration["structure"] == "duopoly"
    assert configuration["rules"].keys() == {"threatens"}
    assert configuration["staffing"] == {"hired": {"0": -0.5}, "coached": {"1": 0.2}}
    assert configuration["consent_gate"] is False


@pytest.mark.parametrize(
    "change",
    [
        {"structure": "monopoly"},
        {"law": LAW.with_rule("threatens", aloud)},
        {"staffing": Staffing(hired={0: 0.1})},
        {"consent_gate": False},
    ],
    ids=["structure", "law", "staffing", "consent"],
)
def test_each_circumstance_has_its_own_setting_hash(change: dict[str, Any]) -> None:
    usual = manifest(TINY, [BearHug()], Nothing())
    other = manifest(attrs.evolve(TINY, **change), [BearHug()], Nothing())

    assert usual.setting_hash != other.setting_hash


def test_other_processes_live_by_the_replaced_rule_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("def threatens(c, p):\n    return 0.0\n", encoding="utf-8")
    study = attrs.evolve(TINY, worlds=2, law=law_of([f"threatens={file}:threatens"]))

    setting, everyone = twins.unpack(pickle.loads(pickle.dumps(twins.pack(study, (BearHug(),)))))

    assert everyone == (BearHug(),)
    assert setting.law.digests == study.law.digests != ()
    assert setting.law.threatens(None, None) == 0.0
    assert manifest(setting, everyone, Nothing()) == manifest(study, everyone, Nothing())


def test_a_rule_in_no_file_is_refused_before_processes_start() -> None:
    typed: dict[str, Any] = {}
    exec("def threatens(c, p):\n    return 0.0\n", typed)  # as at a prompt
    study = attrs.evolve(TINY, law=LAW.with_rule("threatens", typed["threatens"]))

    with pytest.raises(InputError, match="stands in no file"):
        twins.pack(study, (BearHug(),))


@attrs.frozen
class Coaching(Nothing):
    """Does nothing but invest in the team."""

    name: ClassVar[str] = "coaching"
    staffing: Staffing = Staffing(hired={0: 1.0}, coached={0: 1.0})  # noqa: RUF009 # frozen


def test_a_policy_brings_its_own_plan_for_the_team() -> None:
    found = compare([Coaching()], TINY)

    assert found.arms[0].parts["contacts"] < found.control.parts["contacts"]
    assert found.control.parts == compare([Nothing()], TINY).control.parts


def test_the_plans_of_setting_and_policy_add_up() -> None:
    both = Under(policy=Coaching(), staffing=Staffing(hired={0: -0.5, 3: 0.1})).plan

    assert both == Staffing(hired={0: 0.5, 3: 0.1}, coached={0: 1.0})


def test_a_plan_that_is_none_is_the_fault_of_its_policy() -> None:
    with pytest.raises(PolicyError, match=r"coaching.staffing must be a Staffing, not dict"):
        _ = Under(policy=Coaching(staffing={0: 1.0})).plan  # type: ignore[arg-type] # the mistake


def test_all_that_is_wrong_with_a_setting_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Setting(preset="telekom", structure="duoply", worlds=0, months=3, staffing=Staffing(hired={3: 0.1}))

    assert [fault.place for fault in caught.value.faults] == [
        "worlds",
        "staffing.hired",
        "preset",
        "structure",
    ]


def test_twins_share_a_setting_hash_and_other_luck_has_another() -> None:
    first = manifest(SMALL, [BearHug()], Nothing())
    other_policy = manifest(SMALL, [BearHug(depth=0.1)], Nothing())
    other_seed = manifest(attrs.evolve(SMALL, seed=4), [BearHug()], Nothing())

    assert first.setting_hash == other_policy.setting_hash
    assert first.study_hash != other_policy.study_hash
    assert first.setting_hash != other_seed.setting_hash
    assert "choice" in first.purposes
