"""Service of the month, and who complains when it fails."""

from __future__ import annotations

import math

import pytest
from lives import NEVER, Luck, chance_of, counts, exactly, figure, luck, parameters, this_month

from retainsim.market import law
from retainsim.market.person import Need

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
MANY = 4_000


def test_satisfaction_returns_to_what_our_quality_is_worth(luck: Luck) -> None:
    luck(0.5, incident=0.99)
    person = exactly(satisfaction=-1.0)

    better = this_month(quality=(0.4, 0.0, 0.0, 0.0))
    for _ in range(100):
        law.serve(person, better, 0, P, counts())

    assert person.satisfaction == pytest.approx(P.usual_satisfaction + 0.4 * P.quality_felt, abs=1e-3)


def test_failures_come_at_the_rate_of_the_preset_and_fewer_with_better_quality() -> None:
    failed = {0.0: 0, 1.0: 0}
    for quality in failed:
        w = this_month(quality=(quality, 0.0, 0.0, 0.0))
        for key in range(MANY):
            person = exactly(key=key)
            law.serve(person, w, chance_of(person), P, counts())
            failed[quality] += person.hurt > 0

    for quality, count in failed.items():
        rate = P.incident_rate * math.exp(-quality)
        assert abs(count / MANY - rate) < 5 * math.sqrt(rate * (1 - rate) / MANY)


def test_a_failure_hurts_more_after_silence_and_more_the_customer_used_to_concessions(luck: Luck) -> None:
    luck(0.5, signal=0.99, complaint=0.99)
    hits = {}
    for name, changes in (
        ("usual", {}),
        ("silence", {"contact_day": -1_000}),
        ("habit", {"habit": 1.0}),
    ):
        person = exactly(**{"contact_day": 15} | changes)
        law.fail(person, this_month(), 0, P)
        hits[name] = person.hurt
        assert person.satisfaction == pytest.approx(0.25 - person.hurt)

    assert hits["usual"] == pytest.approx(P.failure_hit)
    assert hits["silence"] == pytest.approx(P.failure_hit * (1 + P.silence_amplifies))
    assert hits["habit"] == pytest.approx(P.failure_hit * (1 + P.habit_amplifies))


def test_who_complains_is_temperament_and_a_complaint_gets_a_promise(luck: Luck) -> None:
    luck(0.5, complaint=0.9 * P.complaint)
    loud, silent = exactly(voice=1.0), exactly(voice=0.5)
    for person in (loud, silent):
        law.fail(person, this_month(), 0, P)

    assert (loud.complaints, loud.complaints_open) == (1, 1)
    assert loud.promise_due_day == 15 + 3 + int(P.promise_days * 0.5)
    assert (silent.complaints, silent.complaints_open, silent.promise_due_day) == (0, 0, NEVER)
    assert loud.hurt == silent.hurt


def test_a_resolved_complaint_heals_part_of_the_hurt(luck: Luck) -> None:
    luck(0.5, resolution=0.0, incident=0.99)
    person = exactly(complaints_open=2, hurt=0.3, satisfaction=P.usual_satisfaction)

    law.serve(person, this_month(), 0, P, counts())

    assert person.complaints_open == 1
    assert person.satisfaction == pytest.approx(P.usual_satisfaction + P.recovery * 0.3)


def test_nothing_fails_while_service_is_paused(luck: Luck) -> None:
    luck(0.0)
    person = exactly(paused_until=3)

    law.serve(person, this_month(2), 0, P, counts())
    quiet = person.hurt
    law.serve(person, this_month(3), 0, P, counts())

    assert quiet == 0.0 < person.hurt


def test_who_has_no_need_does_not_use_what_he_pays_for() -> None:
    away, there = exactly(need_state=Need.PAUSED), exactly()
    for person in (away, there):
        law.serve(person, this_month(), chance_of(person), P, counts())

    assert away.usage == 0.0
    assert figure(there, "usage") > 0.5
    assert there.usage == pytest.approx(95 + there.usage_trend)
