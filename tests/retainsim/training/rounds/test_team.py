"""The service team in rounds: what is done about it costs at once, helps later, and is kept and played again."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from retainsdk.errors import InputError
from retainsim.exports.rounds import decisions
from retainsim.market.chronicle import new_book
from retainsim.market.law.staff import reliability_of
from retainsim.market.observed import FOR_A_BOOK_ALONE
from retainsim.market.person import rows
from retainsim.training.lines import Language
from retainsim.training.rounds import (
    SELLERS,
    Nobody,
    OutOfTurnError,
    Phase,
    Play,
    Staffed,
    Step,
    Team,
    To,
    decision_from,
    played,
    read_record,
    record_of,
    restored,
    result,
    worths_of,
)
from retainsim.training.rounds.desk import BookDesk

ALL_COACHED, MORE, FEWER = Team(coached=100), Team(hired=50), Team(hired=-50)


def begun(*, seed: int = 3, rounds: int = 1, customers: int = 24, practice: int = 0) -> Play:
    return Play.begin(seed=seed, rounds=rounds, customers=customers, practice=practice)


def a_round_later(play: Play) -> Play:
    """Once nothing was done in a round."""
    over = len(play.past) + 1
    while len(play.past) < over:
        play = play.decide([]) if play.phase is Phase.WEEK else play.leave(play.waiting[0], To.NOBODY)
    return play


def months(team: Team | None, *, rounds: int, seed: int = 3) -> list[Play]:
    """A play as each of its rounds begins, the team decided on in the first."""
    play = begun(rounds=rounds, seed=seed)
    plays = [play if team is None else play.staff(team)]
    while len(plays) < rounds:
        plays.append(a_round_later(plays[-1]))
    return plays


def parameters(play: Play) -> Any:
    return play.office.market.rules.plain()


@pytest.mark.parametrize("team", [ALL_COACHED, MORE, Team(hired=10, coached=20)])
def test_what_comes_too_late_to_help_is_worth_exactly_what_it_cost_shared_by_all(team: Team) -> None:
    came = result(played(begun().staff(team), Nobody()))

    each = came.team_cost / len(came.per_customer)
    assert came.team_cost > 0
    assert came.per_customer == pytest.approx([-each] * len(came.per_customer))


def test_who_leaves_the_team_as_it_is_pays_nothing_for_it() -> None:
    came = result(played(begun(rounds=2), Nobody()))

    assert came.team_cost == 0.0
    assert set(came.per_customer) == {0.0}


def test_a_team_costs_coaching_once_and_wages_every_month() -> None:
    coached, larger = (months(team, rounds=3) for team in (ALL_COACHED, MORE))
    p = parameters(coached[0])
    wages = p.staff_minutes * 24 * p.minute_cost

    assert [play.office.spent for play in coached] == pytest.approx([0, *[p.coach_cost * wages] * 2])
    assert [play.office.spent for play in larger] == pytest.approx(
        [0, (0.5 + 0.5 * p.hire_cost) * wages, (1.0 + 0.5 * p.hire_cost) * wages]
    )


def test_coaching_raises_the_skill_of_all_when_its_time_has_come_and_the_law_keeps_more_promises() -> None:
    p = parameters(begun())
    delay = int(p.hire_delay)

    for number, (plain, coached) in enumerate(
        zip(months(None, rounds=delay + 2), months(ALL_COACHED, rounds=delay + 2), strict=True)
    ):
        gained = np.subtract(coached.office.coming.team.skill, plain.office.coming.team.skill)
        taught = p.coaching * (1 - p.turnover) ** number if number >= delay else 0.0
        person = rows(plain.office.part.people)[0]
        kept = [
            reliability_of(person, 0.7, play.office.coming.row, parameters(play)) for play in (plain, coached)
        ]

        assert gained == pytest.approx(taught)
        assert (kept[1] > kept[0]) is (number >= delay)


def test_a_team_that_is_coached_early_breaks_fewer_promises_with_the_same_luck() -> None:
    def broken(seed: int, *, coached: bool) -> int:
        play = Play.begin(seed=seed, rounds=8)
        for _ in range(2):
            play = a_round_later(play.staff(ALL_COACHED) if coached else play)
        people = played(play, Nobody()).office.part.people
        return int(people["promises_broken"][np.isin(people["key"], np.array(play.roster, np.uint64))].sum())

    both = [(broken(seed, coached=True), broken(seed, coached=False)) for seed in (1, 3, 5)]

    assert all(coached <= plain for coached, plain in both)
    assert sum(coached for coached, _ in both) < sum(plain for _, plain in both)


def test_who_is_let_go_is_missed_at_once_and_who_is_hired_works_later() -> None:
    delay = int(parameters(begun()).hire_delay)
    busy = next(n for n in range(1, 30) if months(None, rounds=delay + 1, seed=n)[-1].office.overload > 0)
    plain, fewer, more = (months(team, rounds=delay + 2, seed=busy) for team in (None, FEWER, MORE))
    overloads = [[play.office.overload for play in plays] for plays in (plain, fewer, more)]

    assert overloads[1][0] > overloads[0][0]
    assert overloads[2][:delay] == overloads[0][:delay]
    assert overloads[2][delay] < overloads[0][delay]
    working = [play.office.service.working(play.office.number) for play in more]
    assert working == [*[100] * delay, 150, 150]
    assert {play.office.service.paid for play in more} == {150}


def test_nothing_that_is_known_of_customers_changes_as_the_team_is_decided_on() -> None:
    play = begun()

    after = play.staff(FEWER)

    assert after.view is play.view
    assert (after.office.part.people == play.office.part.people).all()
    assert after.due == play.due
    assert after.minutes_left == play.minutes_left
    assert play.team is None
    assert play.office.service.paid == 100


@pytest.mark.parametrize("practice", [0, 1])
def test_a_play_with_a_team_decided_on_comes_back_from_its_record(practice: int) -> None:
    play = begun(rounds=5, practice=practice).staff(ALL_COACHED)
    if practice:
        play = a_round_later(play).restart().staff(MORE).begin_graded().staff(Team(hired=10, coached=50))
    play = a_round_later(play).staff(FEWER).decide([Step(customer=1, action="check_in")])

    again = restored(read_record(record_of(play).to_json(), source="a record"))

    assert again.decisions == play.decisions
    assert again.team == FEWER
    assert again.office.service.staffing == play.office.service.staffing
    ends = [played(it, SELLERS["script"]()) for it in (play, again)]
    assert worths_of(ends[0]) == worths_of(ends[1])


def test_practice_begun_anew_and_rounds_that_count_have_the_usual_team() -> None:
    practised = a_round_later(begun(practice=1).staff(FEWER))

    for play in (practised.restart(), practised.begin_graded(), practised.at_start()):
        assert play.team is None
        assert play.office.service.paid == 100


def test_a_team_submitted_twice_is_decided_on_once() -> None:
    once = begun().staff(ALL_COACHED, at=0)

    assert once.staff(ALL_COACHED, at=0) is once
    with pytest.raises(OutOfTurnError, match="Decision 1"):
        once.staff(MORE, at=0)


def test_the_team_is_decided_on_once_a_round_before_its_first_week() -> None:
    play = begun(rounds=2)

    for late in (play.staff(MORE), play.decide([]), a_round_later(a_round_later(play))):
        with pytest.raises(OutOfTurnError, match="before the first week"):
            late.staff(ALL_COACHED)
    assert a_round_later(play.staff(MORE)).staff(MORE).office.service.paid == 200


@pytest.mark.parametrize(
    ("team", "places"),
    [
        (Team(), ["team"]),
        (Team(hired=101, coached=-1), ["team.hired", "team.coached"]),
        (Team(hired=-51, coached=101), ["team.hired", "team.coached"]),
    ],
)
def test_a_team_that_cannot_be_is_refused_with_all_that_is_wrong(team: Team, places: list[str]) -> None:
    with pytest.raises(InputError) as told:
        begun().staff(team)

    assert [fault.place for fault in told.value.faults] == places


def test_a_team_stays_within_its_bounds_over_all_rounds() -> None:
    play = a_round_later(begun(rounds=2).staff(Team(hired=-30)))

    with pytest.raises(InputError, match="within -20 and 130"):
        play.staff(Team(hired=-21))


def test_the_book_and_the_promises_of_a_play_are_those_of_its_team() -> None:
    play = played(a_round_later(begun(rounds=3).staff(FEWER)), SELLERS["script"]())

    book = play.book.view(play.book.now()).without(FOR_A_BOOK_ALONE)

    for name in ("relationship", "promises_broken", "complaints_open", "stage"):
        assert (getattr(book, name) == getattr(play.view, name)).all(), name
    assert play.lived(new_book(play.office.market))[0].spent == play.office.spent != 0


def test_a_fork_begins_before_the_team_is_decided_on() -> None:
    play = begun(rounds=2).staff(MORE)
    play = a_round_later(a_round_later(play).staff(FEWER))

    first, second = play.fork(1), play.fork(2)

    assert first.decisions == ()
    assert second.team is None
    assert second.office.service.paid == 150
    assert worths_of(a_round_later(second.staff(FEWER))) == worths_of(play)


def test_the_export_says_in_which_round_the_team_was_decided_on() -> None:
    play = a_round_later(a_round_later(begun(rounds=2).staff(MORE)).staff(ALL_COACHED))

    told = [json.loads(line) for line in decisions(play).splitlines()]

    assert [(it["round"], it["team"]) for it in told if "team" in it] == [
        (1, {"hired": 50}),
        (2, {"coached": 100}),
    ]


@pytest.mark.parametrize("told", [{"team": 3}, {"team": {"coached": "all"}}, {"team": {"fired": 3}}])
def test_what_is_no_decision_on_a_team_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(InputError):
        decision_from(told)


def test_a_program_sees_what_can_be_done_about_the_team_and_what_it_costs() -> None:
    def shown(play: Play) -> Any:
        return BookDesk.begin(play, language=Language.ENGLISH).screen()["team"]

    play = begun()
    before, after = shown(play), shown(play.staff(Team(hired=10, coached=20)))

    assert decision_from({"team": {"hired": 10, "coached": 20}}) == Staffed(Team(hired=10, coached=20))
    assert (before["may_decide"], before["decided"], before["paid"]) == (True, None, 100)
    assert (after["may_decide"], after["decided"]) == (False, {"hired": 10, "coached": 20})
    assert (after["paid"], after["working"]) == (110, 100)
    assert after["hired"] == {"least": -60, "most": 90}
    assert before["a_tenth_costs"]["let_go"]["at_once"] < 0 < before["a_tenth_costs"]["hire"]["at_once"]
