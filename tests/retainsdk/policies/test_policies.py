"""What each school does, and for whom."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import pytest
from hypothesis import given

from retainsdk import policies
from retainsdk.errors import InputError, UnknownPolicyError
from retainsdk.policies.bear_hug import BearHug
from retainsdk.policies.early_warning import EarlyWarning, risk_points
from retainsdk.policies.promise_keeper import PromiseKeeper
from retainsdk.policies.random import AtRandom
from retainsdk.policies.reading import share_of_fee
from retainsdk.policies.registry import file_of, load_file
from retainsdk.policies.suitable_only import SuitableOnly
from retainsdk.policies.win_back import WinBack
from retainsdk.policy import ActionKind, Actions, Budget, Move, MoveKind, Policy, PolicyStream, ThreatView
from retainsdk.testing import a_view, check_policy
from retainsdk.testing.strategies import cases
from retainsdk.view import COLUMNS, BookView, Reason, Stage


def a_customer(**cells: object) -> BookView:
    """One quiet, active customer on 60.00 a month of whom nothing optional is known, but for *cells*."""
    usual = {"relationship": 5, "stage": Stage.ACTIVE, "monthly_fee": 6_000, "days_since_contact": 10}
    usual |= {f"consent_{purpose}": True for purpose in ("service", "personal", "sales", "win_back")}
    shown = usual | cells
    shown |= {
        name.replace("consent_", "channels_"): 31 * bool(shown[name])
        for name in list(shown)
        if "consent_" in name
    }
    columns = {c.name: np.array([shown.get(c.name, 0)], dtype=c.dtype) for c in COLUMNS}
    known = {c.name: np.array([c.name in shown]) for c in COLUMNS if c.optional}
    return BookView(as_of=a_view(1).as_of, currency="USD", columns=columns, known=known)


def a_case(**changes: object) -> ThreatView:
    usual = ThreatView(
        relationship=5, turn=0, turns_left=12, mood=0, stated_reason=Reason.NO_NEED_STATED, revealed=None,
        confirmed=False, offer=None, offer_amount=0, apologies=0, promised=False, monthly_fee=6_000, discount=0,
        tenure_months=20, value_to_date=100_000, threats=0, complaints=0, competitor_fee=None,
        alternative_suitability=None,
    )  # fmt: skip
    return attrs.evolve(usual, **changes)  # type: ignore[arg-type] # builders take any field


def wanted(policy: Policy, view: BookView, *, period: int = 1) -> Actions:
    draw = PolicyStream(seed=1, period=period, relationships=view.relationship)
    return policy.decide(view, Budget(), draw)


def kinds(policy: Policy, view: BookView) -> list[ActionKind]:
    return [ActionKind(int(kind)) for kind in wanted(policy, view).kind]


def conversation(policy: Policy, *, turns: int = 6, **changes: object) -> list[MoveKind]:
    draw = PolicyStream(seed=1, period=1, relationships=np.array([5], dtype=np.uint64))
    return [policy.respond(a_case(turn=turn, **changes), draw).kind for turn in range(turns)]


@pytest.mark.parametrize("name", policies.names())
def test_every_shipped_policy_passes_the_check(name: str) -> None:
    check_policy(policies.get(name))


@pytest.mark.parametrize("name", policies.names())
def test_every_shipped_policy_bears_the_name_it_is_found_by(name: str) -> None:
    assert policies.get(name).name == name


@pytest.mark.parametrize("name", policies.names())
def test_every_action_carries_a_reason_in_words(name: str) -> None:
    actions = wanted(policies.get(name), a_view(300))

    assert all(len(actions.reasons[reason].split()) >= 3 for reason in actions.reason)


@pytest.mark.parametrize("name", policies.names()[1:])
def test_every_shipped_policy_but_the_control_finds_something_to_do(name: str) -> None:
    assert len(wanted(policies.get(name), a_view(300)))


@given(cases())
def test_every_conversation_gets_a_move_that_can_be_made(case: ThreatView) -> None:
    draw = PolicyStream(seed=1, period=1, relationships=np.array([case.relationship], dtype=np.uint64))
    for name in policies.names():
        move = policies.get(name).respond(case, draw)

        assert isinstance(move, Move)
        assert 0 <= move.amount <= case.monthly_fee


@pytest.mark.parametrize("name", policies.names())
def test_every_shipped_policy_leaves_a_quiet_customer_in_peace(name: str) -> None:
    if name != "random":
        assert kinds(policies.get(name), a_customer()) == []


def test_bear_hug_discounts_for_threats_and_complaints() -> None:
    actions = wanted(BearHug(depth=0.25, months=12), a_customer(threats=1))

    assert actions.kind.tolist() == [ActionKind.OFFER_PRICE]
    assert (actions.amount[0], actions.months[0]) == (1_500, 12)
    assert kinds(BearHug(), a_customer(complaints_open=1)) == [ActionKind.OFFER_PRICE]


def test_bear_hug_gives_no_second_discount_while_one_runs() -> None:
    assert kinds(BearHug(depth=0.25), a_customer(threats=1, discount=1_500)) == []


def test_bear_hug_sends_gifts_to_the_unhappy() -> None:
    assert kinds(BearHug(), a_customer(survey_score=2)) == [ActionKind.GREETING]
    assert kinds(BearHug(), a_customer(signals_recent=0.5)) == [ActionKind.GREETING]
    assert kinds(BearHug(), a_customer(signals_recent=0.25)) == []


def test_bear_hug_discounts_before_any_question_and_deeper_when_he_hesitates() -> None:
    draw = PolicyStream(seed=1, period=1, relationships=np.array([5], dtype=np.uint64))

    first, second = (BearHug().respond(a_case(turn=turn), draw) for turn in (0, 1))

    assert first == Move(kind=MoveKind.OFFER_DISCOUNT, amount=1_500, months=12)
    assert second == Move(kind=MoveKind.OFFER_DISCOUNT, amount=2_400, months=12)


def test_early_warning_reviews_needs_where_the_cause_is_unknown() -> None:
    usage_falls = a_customer(usage_trend=-0.6, days_since_contact=365, survey_score=7)

    assert kinds(EarlyWarning(threshold=30), usage_falls) == [ActionKind.NEEDS_REVIEW]
    assert kinds(EarlyWarning(), a_customer(complaints_open=1)) == [ActionKind.CHECK_IN]


def test_early_warning_calls_nobody_it_has_just_called() -> None:
    assert kinds(EarlyWarning(quiet_months=3), a_customer(complaints_open=1, contacts_recent=0.25)) == []
    assert kinds(EarlyWarning(quiet_months=3), a_customer(complaints_open=1, contacts_recent=0.125)) != []


def test_early_warning_puts_the_greater_risk_first() -> None:
    view = a_view(200)

    actions = wanted(EarlyWarning(), view)

    risk = risk_points(view).sum(axis=0)[np.searchsorted(view.relationship, actions.relationship)]
    assert (np.diff(actions.priority[np.argsort(risk)]) >= 0).all()


def test_risk_is_the_sum_of_named_points_up_to_a_hundred() -> None:
    worst = a_customer(
        complaints_open=2, signals_recent=4.0, survey_score=0, usage_trend=-1.0, days_since_contact=900
    )

    assert risk_points(worst)[:, 0].tolist() == [30, 20, 20, 20, 10]
    assert risk_points(a_customer(days_since_contact=0)).sum() == 0


def test_promise_keeper_reports_before_a_promise_falls_due() -> None:
    assert kinds(PromiseKeeper(), a_customer(promises_open=1, promises_due=1)) == [ActionKind.PROGRESS_REPORT]


def test_promise_keeper_makes_amends_once_for_each_broken_promise() -> None:
    broken = a_customer(promises_broken=1)

    assert kinds(PromiseKeeper(amends=0.3), broken) == [ActionKind.COMPENSATION]
    assert wanted(PromiseKeeper(amends=0.3), broken).amount.tolist() == [1_800]
    assert kinds(PromiseKeeper(amends=0.3), a_customer(promises_broken=1, concession_cost=1_800)) == []
    assert kinds(PromiseKeeper(amends=0.3), a_customer(promises_broken=2, concession_cost=1_800)) != []


def test_promise_keeper_tells_a_complainer_when_it_calls_back() -> None:
    assert kinds(PromiseKeeper(), a_customer(complaints_open=1)) == [ActionKind.PROMISE_CALLBACK]
    assert kinds(PromiseKeeper(), a_customer(complaints_open=1, promises_open=1)) == []


def test_promise_keeper_apologises_once_and_promises_once() -> None:
    moves = conversation(PromiseKeeper(), turns=4, complaints=1)
    assert moves[:3] == [MoveKind.ASK_OPEN, MoveKind.PROBE, MoveKind.APOLOGISE]
    assert conversation(PromiseKeeper(), turns=4, complaints=1, apologies=1)[3] is MoveKind.PROMISE_FOLLOW_UP
    assert conversation(PromiseKeeper(), apologies=1, promised=True)[5] is MoveKind.CLOSE


@pytest.mark.parametrize(
    ("cells", "proposed"),
    [
        ({"suitability": 0.4, "alternative_suitability": 0.8}, True),
        ({"suitability": 0.7, "alternative_suitability": 0.8}, False),
        ({"suitability": 0.1, "alternative_suitability": 0.5}, False),
        ({"alternative_suitability": 0.9}, False),
        ({"suitability": 0.4, "alternative_suitability": 0.8, "offers_made": 2}, False),
        ({"suitability": 0.4, "alternative_suitability": 0.8, "contacts_recent": 1.0}, False),
    ],
)
def test_suitable_only_proposes_what_clearly_suits_better(cells: dict[str, float], *, proposed: bool) -> None:
    assert kinds(SuitableOnly(), a_customer(**cells)) == ([ActionKind.OFFER_PACKAGE] if proposed else [])


def test_suitable_only_never_discounts() -> None:
    for reason in Reason:
        for fee in (None, 100):
            moves = conversation(
                SuitableOnly(), revealed=reason, competitor_fee=fee, alternative_suitability=0.9
            )

            assert MoveKind.OFFER_DISCOUNT not in moves


def a_leaver(**cells: object) -> BookView:
    return a_customer(**({"stage": Stage.FORMER, "days_since_end": 90} | cells))


@pytest.mark.parametrize(
    ("cells", "called"),
    [
        ({"competitor_lock_in_days": 30}, True),
        ({"competitor_lock_in_days": 200}, False),
        ({"competitor_lock_in_days": 200, "days_since_end": 500}, False),
        ({"days_since_end": 500}, True),
        ({"days_since_end": 90}, False),
        ({"competitor_lock_in_days": 0, "consent_win_back": False}, False),
        ({"competitor_lock_in_days": 0, "contacts_recent": 0.5}, False),
    ],
)
def test_win_back_calls_leavers_who_are_free_and_agreed_to_it(
    cells: dict[str, object], *, called: bool
) -> None:
    assert kinds(WinBack(), a_leaver(**cells)) == ([ActionKind.WIN_BACK] if called else [])


def test_win_back_ends_well_with_whoever_is_leaving() -> None:
    assert kinds(WinBack(), a_customer(stage=Stage.ENDING)) == [ActionKind.RELEASE_WELL]
    assert kinds(WinBack(), a_customer(notice_given=True)) == [ActionKind.RELEASE_WELL]


@pytest.mark.parametrize(
    ("days", "ended_well", "released"), [(10, False, True), (10, True, False), (40, False, False)]
)
def test_win_back_makes_up_for_a_bad_ending_while_it_is_fresh(
    days: int, *, ended_well: bool, released: bool
) -> None:
    leaver = a_leaver(days_since_end=days, ended_well=ended_well, competitor_lock_in_days=300)

    assert kinds(WinBack(), leaver) == ([ActionKind.RELEASE_WELL] if released else [])


def test_win_back_lets_go_whoever_needs_it_no_more() -> None:
    assert conversation(WinBack(), revealed=Reason.NEED_ENDED)[2] is MoveKind.RELEASE


@pytest.mark.parametrize(
    ("reason", "answer"),
    [
        (Reason.NEED_ENDED, MoveKind.RELEASE),
        (Reason.LIFE_EVENT, MoveKind.OFFER_PAUSE),
        (Reason.CHEAPER_COMPETITOR, MoveKind.COMPARE_COMPETITOR),
        (Reason.BETTER_COMPETITOR, MoveKind.COMPARE_COMPETITOR),
        (Reason.NOT_WORTH_COST, MoveKind.PROPOSE_FIT),
        (Reason.SERVICE_FAILURE, MoveKind.APOLOGISE),
        (Reason.BROKEN_TRUST, MoveKind.APOLOGISE),
    ],
)
def test_a_reason_that_was_dug_out_gets_its_own_answer(reason: Reason, answer: MoveKind) -> None:
    moves = conversation(EarlyWarning(), revealed=reason, competitor_fee=5_000, alternative_suitability=0.9)

    assert moves == [
        MoveKind.ASK_OPEN,
        MoveKind.PROBE,
        MoveKind.PROBE,
        answer,
        MoveKind.CLOSE,
        MoveKind.CLOSE,
    ]


def test_random_acts_on_its_rate_with_each_kind_as_likely() -> None:
    view = a_view(20_000)
    customers = int(
        ((view.stage == Stage.ACTIVE) | (view.stage == Stage.ONBOARDING))[~view.notice_given].sum()
    )

    actions = wanted(AtRandom(rate=0.2), view)

    expected, sigma = 0.2 * customers, (0.2 * 0.8 * customers) ** 0.5
    assert abs(len(actions) - expected) < 5 * sigma
    counts = np.bincount(actions.kind)
    counts = counts[counts > 0]
    assert len(counts) == 10
    assert (abs(counts - len(actions) / 10) < 5 * (len(actions) * 0.09) ** 0.5).all()
    assert (actions.probability == 0.02).all()


def test_random_differs_from_month_to_month() -> None:
    view = a_view(500)

    first, second = (wanted(AtRandom(rate=0.2), view, period=period) for period in (1, 2))

    assert set(first.relationship.tolist()) != set(second.relationship.tolist())


MY_POLICY = '''
from retainsdk.policies.none import Nothing
class Mine(Nothing):
    """Does nothing, under its own name."""
    name = "mine"
class NeedsMore(Nothing):
    """Cannot be made from nothing."""
    def __init__(self, depth): ...
'''


def test_a_policy_is_loaded_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(MY_POLICY)

    policy = policies.get(f"{file}:Mine")

    assert policy.name == "mine"
    assert file_of(policy) == str(file)
    assert load_file(str(file)).Mine is type(policy)
    assert file_of(BearHug()) is None


@pytest.mark.parametrize(
    ("attribute", "words"),
    [("Yours", "That file holds: Mine, NeedsMore, Nothing."), ("NeedsMore", "Give each parameter a default")],
)
def test_a_file_without_that_policy_says_what_it_holds(tmp_path: Path, attribute: str, words: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(MY_POLICY)

    with pytest.raises(InputError, match=words):
        policies.get(f"{file}:{attribute}")


def test_a_file_that_does_not_run_is_refused_with_its_error(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("1 / 0")

    with pytest.raises(InputError, match="ZeroDivisionError: division by zero"):
        policies.get(f"{file}:Mine")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        policies.get(f"{tmp_path}/absent.py:Mine")


def test_a_mistyped_name_gets_the_closest_one() -> None:
    with pytest.raises(UnknownPolicyError, match="Did you mean 'win_back'"):
        policies.get("winback")


def test_the_list_of_shipped_policies_is_complete() -> None:
    listed = (Path(__file__).parents[3] / "docs" / "reference" / "policies.md").read_text()

    assert all(f"| `{name}` |" in listed for name in policies.names())


def test_a_share_of_the_fee_is_one_of_what_is_spent_where_there_is_no_fee() -> None:
    bound, free, new = (
        a_customer(monthly_fee=6_000, value_to_date=999_999, tenure_months=9),
        a_customer(monthly_fee=0, value_to_date=30_000, tenure_months=10),
        a_customer(monthly_fee=0),
    )

    assert [int(share_of_fee(it, 0.2)[0]) for it in (bound, free, new)] == [1_200, 600, 0]
