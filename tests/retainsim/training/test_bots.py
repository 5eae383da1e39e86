"""Sellers who are no persons."""

from __future__ import annotations

import pytest
from visited import a_call

from retainsdk.policy import MoveKind
from retainsdk.view import Reason
from retainsim.training.bots import BOTS, Clairvoyant, play
from retainsim.training.outlook import Futures
from retainsim.training.session import Phase, Session

SEEDS = (1, 3, 5, 6)
BEGUN = {seed: Session.begin("no_need", seed=seed) for seed in SEEDS}


@pytest.mark.parametrize("name", BOTS)
def test_every_bot_plays_to_the_end_and_does_the_same_again(name: str) -> None:
    begun = BEGUN[3]

    done, again = (play(begun, BOTS[name](begun)) for _ in range(2))

    assert done.phase is Phase.OVER
    assert done.record() == again.record()


def test_the_clairvoyant_is_worth_at_least_as_much_as_any_other_bot() -> None:
    for begun in BEGUN.values():
        futures = Futures(case=begun.case)
        worth = {
            name: futures.of(play(begun, bot(begun)).outcome, groups=1).value for name, bot in BOTS.items()
        }
        if begun.case.truth is not Reason.NEED_ENDED:  # who is let go, whatever it is worth
            assert max(worth, key=worth.__getitem__) == "clairvoyant"


def test_the_clairvoyant_lets_go_whoever_has_no_need() -> None:
    begun = BEGUN[5]
    assert begun.case.truth is Reason.NEED_ENDED

    assert Clairvoyant.of(begun).moves[-1].kind is MoveKind.RELEASE


def test_only_the_clairvoyant_knows_a_truth_nobody_told() -> None:
    for begun in BEGUN.values():
        done = play(begun, BOTS["always_discount"](begun))
        assert done.forecast is not None
        assert done.forecast.reasons[Reason.CHEAPER_COMPETITOR] == 0.3


KINDS = [("calm", "telecom"), ("calm", "restaurant"), ("goodbye", "telecom"), ("former", "gym")]


@pytest.mark.parametrize(("situation", "preset"), KINDS)
def test_bots_take_calls_that_we_begin_and_whoever_knows_is_worth_most(situation: str, preset: str) -> None:
    worth = dict.fromkeys(BOTS, 0.0)
    for seed in range(5):
        begun = a_call(situation, preset=preset, seed=seed)
        futures = Futures(case=begun.case)
        for name, bot in BOTS.items():
            done = play(begun, bot(begun))
            assert done.phase is Phase.OVER
            assert {it.kind for it in done.moves} <= set(begun.menu)
            worth[name] += futures.of(done.outcome, groups=1).value

    assert worth["clairvoyant"] >= worth["script"]
    if situation != "goodbye":  # who is let go, whatever he is worth
        assert worth["clairvoyant"] > worth["random"]
        assert worth["clairvoyant"] > worth["always_discount"]


def test_whoever_has_left_is_let_go_by_the_script_and_by_who_knows() -> None:
    begun = a_call("goodbye", seed=2)

    for name in ("script", "clairvoyant"):
        assert play(begun, BOTS[name](begun)).moves[-1].kind is MoveKind.RELEASE


def test_the_script_leaves_grief_in_peace_and_sees_to_a_complaint() -> None:
    mourning = [a_call("calm", rest="[truth]\nevent = [8, 11]", seed=seed) for seed in range(6)]
    complaining = a_call("calm", rest="[card]\ncomplaints_open = [1, 1]\n[truth]\nevent = [0, 0]")

    for begun in mourning:
        done = play(begun, BOTS["script"](begun))
        assert not done.facts or not done.tactless
    assert any(play(it, BOTS["script"](it)).facts for it in mourning)
    kinds = {it.kind for it in play(complaining, BOTS["script"](complaining)).moves}
    assert kinds & {MoveKind.ESCALATE, MoveKind.APOLOGISE}
