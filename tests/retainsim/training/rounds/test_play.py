"""Rounds of a book of customers: decisions in, and nothing of the truth out before the end."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
import pytest

from retainsdk.errors import InputError
from retainsdk.policies.reading import is_customer
from retainsdk.policy import Move, MoveKind
from retainsim.market.observed import FOR_A_BOOK_ALONE
from retainsim.training.record import MoveRecord
from retainsim.training.rounds import (
    NOTICE,
    SELLERS,
    ChangedMarketError,
    Nobody,
    OutOfTurnError,
    Passed,
    Phase,
    Play,
    Said,
    Stage,
    Step,
    To,
    Word,
    conduct,
    played,
    read_record,
    record_of,
    restored,
    result,
    worths_of,
)
from retainsim.training.rounds.gate import minutes_of

SELLER = pytest.mark.parametrize("seller", [*SELLERS])


def begun(*, seed: int = 3, rounds: int = 2, practice: int = 0) -> Play:
    return Play.begin(seed=seed, rounds=rounds, customers=24, practice=practice)


def until(play: Play, phase: Phase, steps: Sequence[Step] = ()) -> Play:
    while play.phase is not phase:
        play = play.decide(steps) if play.phase is Phase.WEEK else play.leave(play.waiting[0], To.NOBODY)
    return play


def called() -> Play:
    """A play in which somebody waits for an answer."""
    return until(Play.begin(seed=3, rounds=5), Phase.CALLS)


def with_due(*, week: int) -> Play:
    """A play that begins with a promise due in that week, from 0."""
    plays = (Play.begin(seed=seed, rounds=2) for seed in range(1, 60))
    return next(play for play in plays if [it.week for it in play.due] == [week])


def promises(play: Play, customer: int) -> list[int]:
    """How many were kept, put off with notice, and broken until now."""
    people = play.office.part.people
    row = people[people["key"] == np.uint64(play.roster[customer - 1])][0]
    return [int(row[f"promises_{name}"]) for name in ("kept", "warned", "broken")]


@SELLER
def test_a_play_comes_back_from_its_record_as_it_was(seller: str) -> None:
    play = played(begun(), SELLERS[seller]())

    again = restored(read_record(record_of(play).to_json(), source="a record"))

    assert again.decisions == play.decisions
    assert (again.office.part.people == play.office.part.people).all()
    assert worths_of(again) == worths_of(play)


def test_a_play_goes_on_from_its_record_in_the_middle_of_a_call() -> None:
    play = called()
    customer = play.waiting[0]
    play = play.say(customer, Move(kind=MoveKind.ASK_OPEN))

    again = restored(read_record(record_of(play).to_json(), source="a record"))

    assert again.waiting == play.waiting
    assert again.calls[customer].seen == play.calls[customer].seen
    assert again.calls[customer].turn == 1


def test_what_is_submitted_twice_counts_once() -> None:
    steps, play = [Step(customer=1, action="check_in")], begun()

    once = play.decide(steps, at=0)

    assert once.decide(steps, at=0) is once
    with pytest.raises(OutOfTurnError, match="Decision 1"):
        once.decide([], at=0)


def test_a_move_submitted_twice_counts_once() -> None:
    play = called()
    customer, at, ask = play.waiting[0], len(play.decisions), Move(kind=MoveKind.ASK_OPEN)

    once = play.say(customer, ask, at=at)

    assert once.say(customer, ask, at=at) is once
    assert once.calls[customer].turn == 1


def test_a_play_does_not_change_when_it_goes_on() -> None:
    play = begun()
    before = play.office.part.people.copy()

    until(play, Phase.OVER, [])

    assert (play.office.part.people == before).all()
    assert play.decisions == ()


@pytest.mark.parametrize("preset", ["telecom", "gym", "restaurant"])
@pytest.mark.parametrize("seller", ["script", "always_discount", "random"])
def test_the_book_shows_what_the_market_shows(seller: str, preset: str) -> None:
    play = played(Play.begin(preset, seed=5, rounds=2, customers=24), SELLERS[seller]())

    book = play.book.view(play.book.now()).without(FOR_A_BOOK_ALONE)

    for name in ("relationship", "promises_due", "promises_broken", "monthly_fee", "discount", "stage"):
        assert (getattr(book, name) == getattr(play.view, name)).all(), name


def test_one_thing_a_customer_a_month() -> None:
    play = begun().decide([Step(customer=1, action="check_in")])

    with pytest.raises(InputError, match="one thing a customer a month"):
        play.decide([Step(customer=1, action="survey")])


def test_everything_that_is_wrong_with_a_week_is_said_at_once() -> None:
    wrong = [
        Step(customer=99, action="check_in"),
        Step(customer=1, action="check_in", amount=5),
        Step(customer=2, action="offer_price", amount=10**9, months=99),
    ]

    with pytest.raises(InputError) as told:
        begun().decide(wrong)

    for place in ("steps[0].customer", "steps[1].amount", "steps[2].amount", "steps[2].months"):
        assert place in str(told.value)


def test_a_week_has_so_many_hours() -> None:
    play = begun()
    ours = [play.roster.index(key) + 1 for key in play.view.relationship[is_customer(play.view)].tolist()]

    with pytest.raises(InputError, match="hours of a week"):
        play.decide([Step(customer=number, action="needs_review") for number in ours[:10]])


def test_who_has_not_agreed_is_not_called() -> None:
    play = begun()
    silent = np.flatnonzero(is_customer(play.view) & (play.view.channels_marketing == 0))
    customer = play.roster.index(int(play.view.relationship[silent[0]])) + 1

    with pytest.raises(InputError, match="consent to marketing"):
        play.decide([Step(customer=customer, action="newsletter")])


def test_nothing_is_offered_twice_to_who_has_left() -> None:
    play = Play.begin(seed=7, rounds=1)
    gone = int(np.flatnonzero(~is_customer(play.view))[0])
    customer = play.roster.index(int(play.view.relationship[gone])) + 1

    with pytest.raises(InputError, match="he has left"):
        play.decide([Step(customer=customer, action="offer_package")])


@pytest.mark.parametrize(
    ("action", "word"), [("progress_report", Word.KEPT), (NOTICE, Word.NOTICE), ("", Word.NEGLECTED)]
)
def test_a_promise_is_kept_put_off_or_broken_by_what_is_done(action: str, word: Word) -> None:
    play = with_due(week=1)
    customer = play.due[0].customer
    steps = [Step(customer=customer, action=action)] if action else []
    before = promises(play, customer)

    after = play.decide([]).decide(steps)
    while not after.past:
        after = after.decide([]) if after.phase is Phase.WEEK else after.leave(after.waiting[0], To.NOBODY)

    grown = [was < is_now for was, is_now in zip(before, promises(after, customer), strict=True)]
    assert grown == [word is Word.KEPT, word is Word.NOTICE, word is Word.NEGLECTED]
    assert [it.word for it in conduct(until(after, Phase.OVER)).promises if it.round == 1] == [word]


def test_a_promise_kept_after_its_week_is_broken() -> None:
    play = with_due(week=1)
    customer = play.due[0].customer
    late = Step(customer=customer, action="progress_report")

    after = play.decide([]).decide([]).decide([late]).decide([])
    after = until(after, Phase.OVER)

    assert conduct(after).promises[0].word is Word.NEGLECTED


def test_to_keep_a_promise_takes_the_time_of_the_work() -> None:
    play = with_due(week=1)
    keeping = Step(customer=play.due[0].customer, action="progress_report")
    other = next(number for number in range(1, 25) if number != keeping.customer)

    assert minutes_of(play, [keeping]) > minutes_of(play, [attrs.evolve(keeping, customer=other)])


def test_a_call_left_to_nobody_changes_nothing_beside_the_twin() -> None:
    play = played(Play.begin(seed=3, rounds=2), Nobody())

    told = result(play)

    assert set(told.per_customer) == {0.0}
    assert told.effects["nobody"].estimate == 0.0
    assert told.effects["nobody"].low == told.effects["nobody"].high == 0.0


def test_a_call_that_is_taken_ends_in_the_market_as_in_the_call() -> None:
    play = called()
    customer = play.waiting[0]
    moves = [
        MoveKind.ASK_OPEN,
        MoveKind.PROBE,
        MoveKind.EMPATHISE,
        MoveKind.PROMISE_FOLLOW_UP,
        MoveKind.CLOSE,
    ]

    for kind in moves:
        play = play.say(customer, Move(kind=kind))
    play = until(play, Phase.WEEK)

    assert [move.kind for move in play.past[0].answers[customer]] == moves
    assert Said(customer, MoveRecord(move="close")) in play.decisions


def test_a_colleague_keeps_to_the_script() -> None:
    play = called()
    customer = play.waiting[0]

    after = play.leave(customer, To.COLLEAGUE)

    assert Passed(customer, To.COLLEAGUE) in after.decisions
    assert customer not in after.waiting
    assert len(after.past[0].answers[customer]) > 1


def test_practice_may_begin_anew_and_foretells_nothing() -> None:
    play = begun(practice=1)
    practised = until(play, Phase.OVER)

    anew, graded = practised.restart(), practised.begin_graded()

    assert play.stage is Stage.PRACTICE
    assert (anew.office.part.people == play.office.part.people).all()
    assert graded.stage is Stage.GRADED
    assert set(graded.roster).isdisjoint(play.roster)


def test_what_counts_is_played_once() -> None:
    graded = begun(practice=1).begin_graded()

    with pytest.raises(OutOfTurnError, match="played once"):
        graded.restart()


def test_a_record_remembers_practice_and_that_it_was_left() -> None:
    play = until(begun(practice=1), Phase.OVER).restart().decide([]).begin_graded().decide([])

    again = restored(read_record(record_of(play).to_json(), source="a record"))

    assert again.stage is Stage.GRADED
    assert again.decisions == play.decisions
    assert again.week == 2


def test_forks_and_results_wait_for_the_end() -> None:
    play = begun().decide([])

    with pytest.raises(OutOfTurnError):
        play.fork(1)
    with pytest.raises(OutOfTurnError):
        result(play)


def test_a_fork_has_the_same_customers_and_the_same_luck() -> None:
    play = played(begun(rounds=3), SELLERS["script"]())

    again = played(play.fork(2), SELLERS["script"]())

    assert worths_of(again) == worths_of(play)
    assert len(play.fork(2).past) == 1
    assert again.decisions == play.decisions


def test_a_fork_is_kept_like_any_play() -> None:
    play = played(begun(rounds=2, practice=1).decide([]).begin_graded(), SELLERS["script"]())
    fork = play.fork(2).decide([Step(customer=1, action="check_in")])

    again = restored(read_record(record_of(fork).to_json(), source="a record"))

    assert again.round == fork.round == 2
    assert again.weeks == fork.weeks
    assert (again.office.part.people == fork.office.part.people).all()
    assert (play.fork(1).office.part.people == begun(practice=1).begin_graded().office.part.people).all()


def test_nothing_can_be_decided_when_all_is_over() -> None:
    with pytest.raises(OutOfTurnError, match="rounds are over"):
        until(begun(), Phase.OVER).decide([])


def test_a_record_of_another_market_is_refused() -> None:
    record = record_of(begun())

    with pytest.raises(ChangedMarketError, match="has changed"):
        restored(read_record(record.to_json().replace(record.digest, "other"), source="a record"))


@pytest.mark.parametrize(
    "text", ["", "[]", '{"kind": "call"}', '{"kind": "rounds", "setting": {"seed": "x"}, "digest": ""}']
)
def test_what_is_no_record_is_said_to_be_none(text: str) -> None:
    with pytest.raises(InputError):
        read_record(text, source="a file")


def test_an_impossible_setting_is_refused_whole() -> None:
    with pytest.raises(InputError) as told:
        Play.begin(seed=-1, rounds=0, customers=5, hours=0)

    for name in ("seed", "rounds", "customers", "hours"):
        assert name in str(told.value)


def test_bots_stand_in_order_over_many_books() -> None:
    def won(name: str) -> float:
        plays = [Play.begin(seed=seed, rounds=2, customers=24) for seed in range(1, 4)]
        return sum(
            sum(worths_of(played(play, SELLERS[name]()))) - sum(worths_of(played(play, Nobody())))
            for play in plays
        )

    clairvoyant, script, discount = (won(name) for name in ("clairvoyant", "script", "always_discount"))

    assert clairvoyant > script > discount
    assert clairvoyant > 0 > discount
