"""What a call is worth on average."""

from __future__ import annotations

import pytest

from retainsdk.policy import Move, MoveKind
from retainsim.market.law.account import votes
from retainsim.market.person import OURS, rows
from retainsim.training.outlook import Futures
from retainsim.training.session import Session

BEGUN = Session.begin("no_need", seed=3)  # a life event takes the need away for a while
FUTURES = Futures(case=BEGUN.case)
PAUSED = BEGUN.say(Move(kind=MoveKind.OFFER_PAUSE, months=6)).say(Move(kind=MoveKind.CLOSE))


COMMITTEE = Session.begin("key_account", seed=1)
both = pytest.mark.parametrize("begun", [BEGUN, COMMITTEE], ids=["one person", "several who vote"])


@both
def test_in_every_world_he_would_leave_as_he_means_to(begun: Session) -> None:
    futures, meant = Futures(case=begun.case), int(begun.case.row["leaning"][0])

    assert meant > OURS
    assert len(futures.people) == futures.worlds
    assert (futures.people["leaning"] == meant).all()
    assert len(set(futures.people["key"].tolist())) == futures.worlds


@both
def test_nobody_stays_whom_nobody_talked_to(begun: Session) -> None:
    outlook = Futures(case=begun.case).of(begun.outcome)

    assert outlook.stays == 0


def test_where_several_vote_the_test_above_is_about_a_vote() -> None:
    assert votes(rows(COMMITTEE.case.row)[0], COMMITTEE.case.market.rules.plain())


def test_looking_changes_nothing_and_gives_the_same_again() -> None:
    row = BEGUN.case.row.tobytes()

    first, again = FUTURES.of(PAUSED.outcome), FUTURES.of(PAUSED.outcome)

    assert first == again
    assert BEGUN.case.row.tobytes() == row


def test_groups_of_worlds_add_up_to_all_of_them() -> None:
    many, one = FUTURES.of(PAUSED.outcome), FUTURES.of(PAUSED.outcome, groups=1)

    assert (many.stays, many.ours) == (one.stays, one.ours)
    assert many.value == pytest.approx(one.value)


def test_what_answers_his_reason_is_worth_more_with_an_interval_that_says_so() -> None:
    effect = FUTURES.of(PAUSED.outcome).beside(
        FUTURES.of(BEGUN.outcome), names=("pause", "nothing"), currency="USD"
    )

    assert effect.low is not None
    assert effect.low > 0


def test_the_same_call_beside_itself_changes_exactly_nothing() -> None:
    outlook = FUTURES.of(PAUSED.outcome)

    effect = outlook.beside(outlook, names=("one", "same"), currency="USD")

    assert effect.estimate == 0
    assert (effect.low, effect.high) == (0, 0)
