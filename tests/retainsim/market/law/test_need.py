"""Life and need: what people need changes, ends or pauses, whatever any firm does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lives import Luck, chance_of, exactly, luck, parameters

from retainsim.market import law
from retainsim.market.person import Need

__all__ = ["luck"]  # a fixture from `lives`

P = parameters()
MANY = 4_000


def test_a_life_event_ends_a_need_pauses_it_or_changes_it(luck: Luck) -> None:
    outcomes = []
    for kind in (0.0, P.life_ends + 0.01, 0.99):
        luck(life=0.0, life_kind=kind, pause_length=0.0, need_jump=0.9, need_drift=0.5)
        person = exactly()
        law.life(person, 0, P)
        outcomes.append((person.need_state, person.need_pause, person.need > 1.0))

    assert outcomes == [(Need.ENDED, 0, False), (Need.PAUSED, 3, False), (Need.THERE, 0, True)]


def test_a_paused_need_comes_back_after_its_months_and_an_ended_one_never(luck: Luck) -> None:
    luck(0.99)
    paused, ended = exactly(need_state=Need.PAUSED, need_pause=3), exactly(need_state=Need.ENDED)

    states = []
    for _ in range(4):
        law.life(paused, 0, P)
        law.life(ended, 0, P)
        states.append((paused.need_state, ended.need_state))

    assert states == [(Need.PAUSED, Need.ENDED)] * 2 + [(Need.THERE, Need.ENDED)] * 2


def test_without_a_life_event_a_need_only_drifts() -> None:
    moves = []
    for key in range(MANY):
        person = exactly(key=key)
        law.life(person, chance_of(person), parameters(life_rate=0.0))
        moves.append(person.need - 1.0)

    assert np.std(moves) == pytest.approx(P.need_drift, rel=0.05)
    assert abs(np.mean(moves)) < 5 * P.need_drift / math.sqrt(MANY)
