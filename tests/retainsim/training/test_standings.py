"""How bots stand over many calls."""

from __future__ import annotations

import math

import pytest

from retainsdk.errors import InputError
from retainsim.training.scenario import load_scenario
from retainsim.training.score import Dimension
from retainsim.training.standings import UnknownBotError, standings

NO_NEED = load_scenario("no_need")
FOUR = standings(NO_NEED, calls=4, bots=("script", "always_discount"))


def test_every_bot_talks_to_the_same_callers() -> None:
    script, discount = FOUR.bots

    assert [it.truth for it in script.scores] == [it.truth for it in discount.scores]
    assert [it.by.alone for it in script.scores] == [it.by.alone for it in discount.scores]


def test_more_calls_leave_the_first_ones_as_they_are() -> None:
    (two,) = standings(NO_NEED, calls=2, bots=("script",)).bots

    assert two.values == FOUR.bots[0].values[:2]


def test_a_mean_lies_within_its_interval_which_is_as_wide_as_its_spread_says() -> None:
    script = FOUR.bots[0]
    assert script.ci is not None

    low, high = script.ci

    mean = sum(script.values) / 4
    sd = math.sqrt(sum((it - mean) ** 2 for it in script.values) / 3)
    assert script.value == pytest.approx(mean)
    assert (high - low) / 2 == pytest.approx(3.1824 * sd / 2, rel=1e-4)


def test_one_call_has_no_interval() -> None:
    (one,) = standings(NO_NEED, calls=1, bots=("script",)).bots

    assert one.ci is None
    assert one.spread is None


def test_a_dimension_without_a_meaning_in_any_call_has_no_mean() -> None:
    assert FOUR.bots[1].mean(Dimension.PROMISES) is None


def test_progress_is_told_caller_by_caller() -> None:
    told: list[tuple[int, int]] = []

    standings(NO_NEED, calls=2, bots=("script",), on_call=lambda done, total: told.append((done, total)))

    assert told == [(1, 2), (2, 2)]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UnknownBotError, match="Did you mean 'script'"):
        standings(NO_NEED, calls=1, bots=("scrip",))
    with pytest.raises(InputError, match="at least 1"):
        standings(NO_NEED, calls=0)
