"""Sellers who are no persons."""

from __future__ import annotations

import pytest

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
