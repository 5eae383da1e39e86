"""Being served by people."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest
from lives import Luck, a_month, exactly, luck, parameters, someone
from twin_markets import NOTHING, a_market, differences

from retainsdk.errors import InputError
from retainsim.market import law, run
from retainsim.market.engine import World
from retainsim.market.staff import DESKS, USUAL_TEAM, Staffing, next_team, opening_team, overload_of

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()


def month_with(**team: Any) -> Any:
    return attrs.evolve(a_month(), team=attrs.evolve(USUAL_TEAM, **team)).row


def all_as(skill: float) -> tuple[float, ...]:
    return (skill,) * DESKS


# the team


def test_representatives_leave_at_their_rate_and_others_come_with_a_skill_of_their_own() -> None:
    team, left = opening_team(1, P), 0
    for month in range(1, 121):
        after = next_team(1, month, team, overload=0.0, p=P)
        gone = {desk for desk in range(DESKS) if after.left >> desk & 1}
        assert gone == {desk for desk in range(DESKS) if after.skill[desk] != team.skill[desk]}
        left, team = left + len(gone), after

    n = 120 * DESKS
    assert abs(left / n - P.turnover) < 5 * (P.turnover / n) ** 0.5
    assert abs(np.mean(opening_team(2, P).skill)) < 5 * P.skill_spread / DESKS**0.5


def test_what_is_asked_beyond_what_there_is_makes_haste_up_to_twice_as_much() -> None:
    assert [overload_of(demand, 100.0) for demand in (0.0, 100.0, 130.0, 900.0)] == pytest.approx(
        [0, 0, 0.3, 1]
    )


def test_hiring_and_coaching_cost_at_once_and_help_later() -> None:
    staffing, delay = Staffing(hired={2: 0.5}, coached={2: 1.0}), int(P.hire_delay)

    assert [staffing.size(month, P) for month in (1, 2, 2 + delay)] == [1.0, 1.0, 1.5]
    assert [staffing.taught(month, P) > 0 for month in (1, 2, 2 + delay)] == [False, False, True]
    assert [staffing.cost(month, P) for month in (1, 2, 3)] == [
        0.0,
        0.5 + 0.5 * P.hire_cost + P.coach_cost,
        0.5,
    ]
    assert staffing.taught(60, P) < 0.5 * staffing.taught(2 + delay, P)


def test_who_is_let_go_is_gone_at_once() -> None:
    assert Staffing(hired={3: -0.4}).size(3, P) == pytest.approx(0.6)


def test_a_plan_that_cannot_be_is_refused_with_all_that_is_wrong() -> None:
    with pytest.raises(InputError) as caught:
        Staffing(hired={-1: 0.1, 2: -1.5, 3: float("nan")}, coached={1: 1.2})

    assert [fault.place for fault in caught.value.faults] == [
        "staffing.hired",
        "staffing.hired[2]",
        "staffing.hired[3]",
        "staffing.coached[1]",
    ]


# what customers feel


def test_everybody_has_one_representative_and_they_have_about_equally_many_customers() -> None:
    desks = [law.desk_of(exactly(key=key)) for key in range(1, 3_201)]

    assert set(desks) == set(range(DESKS))
    assert max(desks.count(desk) for desk in range(DESKS)) < 100 + 5 * 10


def test_who_is_handed_over_is_annoyed_and_now_and_then_contradicted(luck: Luck) -> None:
    person, contradicted = exactly(), exactly()

    luck(contradiction=P.contradicts)
    law.be_handed_over(person, 0, P)
    luck(contradiction=0.0)
    law.be_handed_over(contradicted, 0, P)

    assert person.satisfaction == contradicted.satisfaction == pytest.approx(0.25 - P.hand_over_hit)
    assert (person.trust, contradicted.trust) == (0.2, pytest.approx(0.2 - 1.2 * P.contradiction))


def test_when_a_representative_leaves_his_customers_are_handed_over_and_no_others(luck: Luck) -> None:
    luck(0.99)
    people = [exactly(key=key) for key in range(1, 300)]

    for person in people:
        law.meet_staff(person, month_with(left=1 << 5), 0, P)

    assert {law.desk_of(person) for person in people if person.satisfaction < 0.25} == {5}


def test_waiting_tires_everybody_and_haste_breaks_promises_and_leaves_complaints_open() -> None:
    hasty, calm, person = month_with(overload=0.5), month_with(), exactly()

    law.meet_staff(person, hasty, 1, parameters(question_rate=0.0))

    assert person.satisfaction == pytest.approx(0.25 - 0.5 * P.waiting)
    assert law.reliability_of(person, 0.7, hasty, P) < law.reliability_of(person, 0.7, calm, P) == 0.7


def test_in_haste_complaints_go_from_hand_to_hand_more_often(luck: Luck) -> None:
    luck(0.99, hand_over=1.2 * P.hand_over)
    calm, hasty = exactly(), exactly()

    law.pass_on(calm, month_with(), 0, P)
    law.pass_on(hasty, month_with(overload=0.5), 0, P)

    assert hasty.satisfaction < 0.25 == calm.satisfaction


def test_a_question_nobody_can_answer_costs_trust_and_the_skilled_can_more(luck: Luck) -> None:
    luck(answer_known=P.knowledge)
    usual, skilled = exactly(), exactly()

    law.ask(usual, month_with(), 0, P)
    law.ask(skilled, month_with(skill=all_as(0.2)), 0, P)

    assert usual.trust == pytest.approx(0.2 - 1.2 * P.unanswered)
    assert skilled.trust == 0.2


def test_the_less_skilled_note_down_no_need_for_more_leavers() -> None:
    shares = [law.says_no_need(exactly(), month_with(skill=all_as(skill)), P) for skill in (-0.2, 0.0, 0.2)]

    assert shares[0] > shares[1] == P.says_no_need > shares[2]


# the market


def left(history: Any) -> float:
    return float(history.flows[:, 0].sum())


def test_where_half_the_team_is_let_go_more_leave() -> None:
    changes = []
    for seed in range(8):
        with_it, without = (
            run(a_market(seed), NOTHING, months=12, compiled=False, residual_months=0, staffing=staffing)
            for staffing in (Staffing(hired={0: -0.5}), Staffing())
        )
        changes.append(left(with_it) - left(without))
        assert with_it.money[:, 3].sum() < without.money[:, 3].sum()  # and wages are saved

    assert np.mean(changes) > 2 * np.std(changes, ddof=1) / 8**0.5 > 0


def test_a_policy_that_keeps_everybody_busy_makes_customers_wait() -> None:
    world = World(a_market(1), compiled=False)
    month = world.month(0)
    tally, _ = world.live(month)

    world.close(tally)
    idle = world.month(1).team.overload
    world.close(tally, minutes=20 * 200)

    assert idle == 0.0
    assert 0.0 < world.month(2).team.overload <= 1.0


def test_contradictions_cost_customers() -> None:
    more, error = differences(
        left,
        lambda seed: (a_market(seed, {"turnover": 0.2, "contradicts": 1.0, "contradiction": 0.3}), NOTHING),
        lambda seed: (a_market(seed, {"turnover": 0.2, "contradicts": 0.0}), NOTHING),
    )

    assert more > 2 * error > 0


def test_the_usual_team_changes_nothing_for_whoever_asks_nothing(luck: Luck) -> None:
    luck(0.99)
    person, same = someone(), someone()

    law.meet_staff(person, month_with(), 0, P)

    assert bytes(person) == bytes(same)
