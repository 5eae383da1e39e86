"""Promotion cycles: a quarter of every year cheaper and louder, in months that differ by world."""

from __future__ import annotations

import attrs
import pytest
from rivals import FIRM, START, a_sight

from retainsim.market.competitors import FirmStream, Terms
from retainsim.market.competitors.promotion import Promotion


def terms_of(months: range, strategy: Promotion, *, seed: int = 1, start: Terms = START) -> list[Terms]:
    return [
        strategy.act(a_sight(month=month, start=start), FirmStream(seed=seed, firm=FIRM, month=month))
        for month in months
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_three_months_of_every_year_cheaper_and_louder(seed: int) -> None:
    terms = terms_of(range(36), Promotion(), seed=seed)

    cheap = [it.price < START.price for it in terms]

    assert [sum(cheap[year : year + 12]) for year in (0, 12, 24)] == [3, 3, 3]
    assert cheap[:12] == cheap[12:24] == cheap[24:]
    for it, is_cheap in zip(terms, cheap, strict=True):
        assert it.price == pytest.approx(0.85 if is_cheap else 1.0)
        assert it.awareness == pytest.approx(0.625 if is_cheap else 0.5)
        assert (it.lock_months, it.quality) == (START.lock_months, START.quality)


def test_its_months_come_in_a_row() -> None:
    cheap = [it.price < START.price for it in terms_of(range(12), Promotion(months=4))]

    changes = sum(cheap[month] != cheap[month - 1] for month in range(12))  # December borders on January

    assert (sum(cheap), changes) == (4, 2)


def test_in_which_months_differs_by_world_and_stays_the_same_in_one() -> None:
    first = {
        seed: [it.price < START.price for it in terms_of(range(12), Promotion(), seed=seed)]
        for seed in range(40)
    }

    assert len({tuple(months) for months in first.values()}) > 5
    assert first[3] == [it.price < START.price for it in terms_of(range(12), Promotion(), seed=3)]


def test_nobody_can_be_better_known_than_to_all() -> None:
    loud = attrs.evolve(START, awareness=0.95)

    assert max(it.awareness for it in terms_of(range(12), Promotion(), start=loud)) == 1.0


def test_what_rivals_do_is_nothing_to_it() -> None:
    draw = FirmStream(seed=1, firm=FIRM, month=6)

    assert Promotion().act(a_sight(prices=(0.1, 0.1, 1.0, 0.1)), draw) == Promotion().act(a_sight(), draw)
