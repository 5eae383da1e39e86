"""Complaints: settled, taken higher, brought before a third party."""

from __future__ import annotations

import pytest
from lives import (
    Luck,
    a_month,
    chance_of,
    counts,
    exactly,
    live_through,
    luck,
    parameters,
    someone,
    this_month,
)
from twin_markets import NOTHING, a_market, differences, doing

from retainsdk.policy import ActionKind
from retainsim.market import law

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()


def test_who_may_decide_usually_settles_an_open_complaint_at_once(luck: Luck) -> None:
    settled, unsettled = (exactly(complaints_open=2, hurt=0.2) for _ in range(2))

    luck(escalation=P.escalation_settles - 0.01)
    law.escalate(settled, 0, P)
    luck(escalation=P.escalation_settles)
    law.escalate(unsettled, 0, P)

    assert (settled.complaints_open, unsettled.complaints_open) == (1, 2)
    assert settled.satisfaction == pytest.approx(0.25 + P.recovery * 0.2)
    assert unsettled.satisfaction == 0.25


def test_who_says_nothing_of_a_failure_trusts_us_less_for_good_and_who_complains_does_not(luck: Luck) -> None:
    luck(0.5, complaint=0.0, hand_over=0.99)
    loud, silent, forgiving = exactly(voice=1.0), exactly(voice=0.0), exactly(voice=0.0)

    law.fail(loud, this_month(), chance_of(loud), P)
    law.fail(silent, this_month(), chance_of(silent), P)
    law.fail(forgiving, this_month(), chance_of(forgiving), parameters(unsaid=0.0))

    assert loud.trust == forgiving.trust == exactly().trust
    lost = 0.25 - silent.satisfaction
    assert silent.trust == pytest.approx(loud.trust - P.unsaid * lost * (1.0 + loud.trust))
    assert silent.satisfaction == loud.satisfaction


@pytest.mark.parametrize("deed", [ActionKind.ESCALATE, ActionKind.MEDIATE])
def test_without_a_complaint_there_is_nothing_to_take_higher(deed: ActionKind) -> None:
    person, called = exactly(hurt=0.3), exactly(hurt=0.3)

    law.contact(person, deed, 0, 0, this_month(), chance_of(person), P, counts())
    law.contact(called, ActionKind.PROGRESS_REPORT, 0, 0, this_month(), chance_of(called), P, counts())

    assert vars(person) == vars(called)


def test_a_third_party_is_heard_a_month_later_when_both_have_cooled_off(luck: Luck) -> None:
    luck(0.5, incident=0.99, resolution=0.99, trigger=0.99, mediation=0.0, life=0.99)
    mediated, left = (someone(complaints_open=1, hurt=0.4) for _ in range(2))

    heat = []
    for month, deed in ((0, ActionKind.MEDIATE), (1, ActionKind.NOTHING)):
        live_through(mediated, a_month(month), deed=deed)
        live_through(left, a_month(month))
        heat.append((mediated.hurt, mediated.complaints_open, left.complaints_open, mediated.marks))

    assert [it[1:] for it in heat] == [(1, 1, law.COOLING_OFF), (0, 1, 0)]
    assert heat[0][0] == pytest.approx(0.4 * (1 - P.cooling_off) * P.hurt_left)
    assert mediated.trust > left.trust
    assert mediated.satisfaction > left.satisfaction


def test_to_be_heard_in_vain_costs_trust(luck: Luck) -> None:
    luck(0.0, mediation=P.mediation_settles)
    person = exactly(complaints_open=1, marks=law.COOLING_OFF)

    law.hear_outcome(person, 0, P)

    assert (person.complaints_open, person.marks) == (1, 0)
    assert person.trust == pytest.approx(0.2 - P.mediation_trust * 1.2)


def test_a_dispute_settled_meanwhile_is_not_heard_again(luck: Luck) -> None:
    luck(0.0)
    person = exactly(complaints_open=0, marks=law.COOLING_OFF | law.FOUNDED)

    law.hear_outcome(person, 0, P)

    assert (person.marks, person.trust, person.complaints_open) == (law.FOUNDED, 0.2, 0)


@pytest.mark.parametrize("deed", [ActionKind.ESCALATE, ActionKind.MEDIATE])
def test_where_open_complaints_are_taken_up_they_cost_less(deed: ActionKind) -> None:
    def cost(history: object) -> float:
        return float(history.money[:, 2].sum())  # type: ignore[attr-defined] # of serving, with open complaints

    rates = {"incident_rate": 0.3, "complaint_cost": 5_000.0}
    less, error = differences(
        cost,
        lambda seed: (a_market(seed, rates), doing(deed, lambda view: view.complaints_open > 0)),
        lambda seed: (a_market(seed, rates), NOTHING),
        months=6,
    )

    assert less < -3 * error < 0
