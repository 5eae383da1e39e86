"""What a strategy gets and gives: sights, chance of its own, terms that can be."""

from __future__ import annotations

import math
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rivals import START, a_sight, draws, sights

from retainsim.market.competitors import FirmStream, Sight, strategy_of
from retainsim.market.competitors.strategy import terms_faults

SHIPPED = ("static", "promotion", "matching", "poaching", "quality", "entrant")


@given(name=st.sampled_from(SHIPPED), sight=sights(), draw=draws)
def test_every_shipped_strategy_answers_any_sight_with_terms_that_can_be(
    name: str, sight: Sight, draw: FirmStream
) -> None:
    terms = strategy_of(name).act(sight, draw)

    assert terms_faults(terms, "act") == []
    assert strategy_of(name).act(sight, draw) == terms


@pytest.mark.parametrize(
    ("field", "wrong", "right"),
    [
        ("price", (0.0, -1.0, math.inf, math.nan, "1", None), (1e-9, 1, 1e9, np.float32(1))),
        ("awareness", (-0.01, 1.01, math.nan), (0, 1)),
        ("lock_months", (-1, 36.1, math.inf), (0, 36)),
        ("quality", (-2.1, 2.1, math.nan, math.inf), (-2, 2)),
    ],
)
def test_terms_have_their_ranges(field: str, wrong: tuple[Any, ...], right: tuple[Any, ...]) -> None:
    for value in wrong:
        [fault] = terms_faults(attrs.evolve(START, **{field: value}), "act")
        assert fault.place == f"act, {field}"
        assert fault.rule
        assert fault.remedy
    for value in right:
        assert terms_faults(attrs.evolve(START, **{field: value}), "act") == []


def test_all_that_is_wrong_with_terms_is_told_at_once() -> None:
    worst = attrs.evolve(START, price=-1.0, awareness=2.0, lock_months=-1, quality=9.0)

    assert [fault.place for fault in terms_faults(worst, "act")] == [
        "act, price",
        "act, awareness",
        "act, lock_months",
        "act, quality",
    ]


@given(draw=draws, name=st.sampled_from(["", "a", "b"]))
def test_chance_is_the_same_whenever_asked_and_differs_by_world_firm_and_name(
    draw: FirmStream, name: str
) -> None:
    assert draw.uniform(name) == draw.uniform(name)
    assert 0 <= draw.uniform(name) < 1
    assert 0 <= draw.ever(name) < 1
    for other in (
        attrs.evolve(draw, seed=draw.seed + 1),
        attrs.evolve(draw, firm=draw.firm + 1),
    ):
        assert other.uniform(name) != draw.uniform(name)
        assert other.ever(name) != draw.ever(name)
    later = attrs.evolve(draw, month=draw.month + 1)
    assert later.uniform(name) != draw.uniform(name)
    assert later.ever(name) == draw.ever(name)
    assert len({draw.uniform(it) for it in ("", "a", "b")} | {draw.ever(it) for it in ("", "a", "b")}) == 6


def test_a_firms_chance_is_even_over_worlds_and_months() -> None:
    drawn = np.array(
        [[FirmStream(seed=seed, firm=1, month=month).uniform() for month in range(40)] for seed in range(50)]
    )

    assert abs(drawn.mean() - 0.5) < 5 * math.sqrt(1 / 12 / drawn.size)
    assert abs(np.corrcoef(drawn[:, :-1].ravel(), drawn[:, 1:].ravel())[0, 1]) < 5 / math.sqrt(drawn.size)


def test_the_cheapest_rival_is_another_firm_on_the_market() -> None:
    assert a_sight(prices=(1.0, 1.1, 0.2, 0.9)).cheapest_rival == 0.9
    assert a_sight(prices=(1.0, 1.1, 0.2, None)).cheapest_rival == 1.0
    assert a_sight(prices=(None, None, 0.2, None)).cheapest_rival is None
