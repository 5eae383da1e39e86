"""The benchmarks measure like against like: every form counts the same, and C gives the same bits."""

from __future__ import annotations

import shutil

import pytest

pytest.importorskip("mesa")

from benchmarks import against_c, aims
from benchmarks.engine import BUSY, MESA, Grown, measure


def test_all_forms_of_the_market_count_the_same_events() -> None:
    figures = measure(60, 60)

    counts = {figure.name: figure.counts for figure in figures}
    assert len({counts[name] for name in ("ours", "plain objects", *MESA)}) == 1
    assert sum(counts["ours"]) > 0
    assert {f"under {name}" for name in BUSY} < counts.keys()
    assert all(figure.per_second > 0 for figure in figures)


@pytest.mark.skipif(shutil.which("gcc") is None, reason="the peer is compiled by gcc")
def test_the_kernels_in_c_are_the_same_rules() -> None:
    beside = against_c.measure(300, repeats=1)

    assert [it.name for it in beside if not it.same] == []
    assert {it.name for it in beside} == {"drift", "choice"}


def a_run(people: int, seconds: float) -> Grown:
    return Grown(people=people, months=12, seconds=seconds, cpu_seconds=seconds, peak_bytes=1)


def test_a_straight_line_is_told_from_a_bent_one() -> None:
    straight = [a_run(people, 0.5 + 2e-6 * people) for people in (100_000, 1_000_000, 10_000_000)]
    bent = [a_run(people, 1e-9 * people**1.5) for people in (100_000, 1_000_000, 10_000_000)]

    slope, intercept = aims.line(straight)

    assert (slope, intercept) == (pytest.approx(2e-6), pytest.approx(0.5))
    assert aims.bent(straight) == pytest.approx(0, abs=1e-9)
    assert aims.bent(bent) > 0.5


def test_an_aim_is_reached_at_its_very_figure_and_missed_beyond() -> None:
    assert [aims.at_least("", it, 4, "").met for it in (3.99, 4.0)] == [False, True]
    assert [aims.at_most("", it, 45, "").met for it in (45.0, 45.01)] == [True, False]
