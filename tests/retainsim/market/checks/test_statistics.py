"""Figures from worlds: known answers, and intervals that cover what they should."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from retainsim.market.checks.statistics import (
    constant_hazard,
    mean_of,
    of_sums,
    rate_ratio,
    ratio_of,
    share_of,
    shifted_beta_geometric,
    total_of,
)

HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)
"""Customers left of a thousand, by year: Fader & Hardie 2007, table 1."""
WORLDS = 12
TRIES = 600


def ages(staying: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """At risk and left, by age."""
    return list(staying[:-1]), [now - then for now, then in pairwise(staying)]


def test_the_shifted_beta_geometric_finds_the_published_parameters() -> None:
    for staying, published in ((REGULAR, (0.704, 1.182)), (HIGH_END, (0.668, 3.806))):
        fit = shifted_beta_geometric([ages(staying)])

        assert fit.strength is not None
        alpha = fit.rates[0] * fit.strength
        assert (alpha, fit.strength - alpha) == pytest.approx(published, abs=0.002)


def test_its_likelihood_is_that_of_the_published_recursion() -> None:
    alpha, beta = 0.704, 1.182
    leaving, log_likelihood, staying = alpha / (alpha + beta), 0.0, 1.0
    for age, left in enumerate(ages(REGULAR)[1], start=1):
        if age > 1:
            leaving *= (beta + age - 2) / (alpha + beta + age - 1)
        staying -= leaving
        log_likelihood += left * math.log(leaving)
    log_likelihood += REGULAR[-1] * math.log(staying)

    assert sum(shifted_beta_geometric([ages(REGULAR)]).log_likelihoods) == pytest.approx(
        log_likelihood, abs=0.01
    )


def test_worlds_that_differ_in_level_share_one_shape() -> None:
    strength, table = 2.0, []
    for rate in (0.1, 0.3):
        at_risk, left, n = [], [], 1e6
        for age in range(24):
            gone = n * rate * strength / (strength + age)
            at_risk.append(round(n))
            left.append(round(gone))
            n -= gone
        table.append((at_risk, left))

    fit = shifted_beta_geometric(table)

    assert fit.strength == pytest.approx(strength, rel=0.001)
    assert fit.rates == pytest.approx((0.1, 0.3), rel=0.001)


def test_bic_charges_each_parameter_the_log_of_the_sample() -> None:
    constant, falling = (
        constant_hazard([([100, 50], [50, 25])]),
        shifted_beta_geometric([([100, 50], [50, 25])]),
    )

    assert constant.rates == (0.5,)
    assert constant.bic == pytest.approx(math.log(150) + 2 * 150 * math.log(2))
    assert falling.bic - constant.bic == pytest.approx(math.log(150), abs=0.01)  # it has nothing to gain


def test_levels_that_differ_between_worlds_do_not_pass_for_a_falling_hazard() -> None:
    worlds = []
    for rate in (0.01, 0.05, 0.2):
        at_risk = [round(10_000 * (1 - rate) ** age) for age in range(36)]
        worlds.append((at_risk, [round(rate * n) for n in at_risk]))

    assert shifted_beta_geometric(worlds).bic - constant_hazard(worlds).bic > 5


def test_the_mean_has_students_interval() -> None:
    figure = mean_of([1.0, 2.0, 3.0, float("nan")])

    assert figure is not None
    assert (figure.value, figure.worlds) == (2.0, 3)
    assert figure.se == pytest.approx(1 / math.sqrt(3))
    assert figure.high - figure.value == pytest.approx(2.920 / math.sqrt(3), abs=0.001)  # 90 %, 2 degrees


def test_one_world_tells_no_spread() -> None:
    assert mean_of([1.0]) is None
    assert ratio_of([1.0], [2.0]) is None
    assert of_sums(lambda a: a, [1.0]) is None
    assert share_of(0, 0) is None


def test_a_total_is_as_many_means() -> None:
    mean, total = mean_of([1.0, 2.0, 3.0]), total_of([1.0, 2.0, 3.0])

    assert mean is not None
    assert total is not None
    assert (total.value, total.low) == pytest.approx((6.0, 3 * mean.low))


def test_fifty_nine_worlds_in_agreement_are_enough_for_ninety_five_percent() -> None:
    enough, too_few = share_of(59, 59), share_of(58, 58)

    assert enough is not None
    assert too_few is not None
    assert enough.low >= 0.95 > too_few.low
    assert enough.high == 1.0


def test_no_events_leave_room_for_about_three() -> None:
    none_seen = rate_ratio([0, 0], [300, 300], [30, 30], [300, 300])

    assert none_seen is not None
    assert none_seen.value == 0.0
    assert none_seen.high == pytest.approx(3.0 / 60, abs=0.001)


def test_few_events_are_not_made_certain_by_worlds_that_agree() -> None:
    agreeing = rate_ratio([2, 2, 2], [100] * 3, [4, 4, 4], [100] * 3)

    assert agreeing is not None
    assert agreeing.value == pytest.approx(0.5)
    assert (agreeing.se or 0.0) >= 0.5 * math.sqrt(1 / 6 + 1 / 12)


def test_worlds_with_other_levels_do_not_pass_for_a_difference_between_groups() -> None:
    # everybody leaves at the same rate within a world; the calmer world has more of the first group
    found = rate_ratio([10, 40], [1_000, 200], [1, 400], [100, 2_000])

    assert found is not None
    assert found.value == pytest.approx(1.0)


def covered(truth: float, draw: str) -> float:
    """Share of repeated checks whose interval holds the truth."""
    luck = np.random.default_rng(7)
    hits = 0
    for _ in range(TRIES):
        level = luck.gamma(20.0, 0.05, WORLDS)
        exposure, others = luck.integers(400, 900, WORLDS), luck.integers(400, 900, WORLDS)
        first, second = luck.poisson(0.05 * truth * level * exposure), luck.poisson(0.05 * level * others)
        if draw == "rate":
            figure = rate_ratio(first, exposure, second, others)
        elif draw == "sums":
            figure = of_sums(_rate_ratio_of_sums, first, exposure, second, others)
        elif draw == "mean":
            figure = mean_of(luck.normal(truth, 1.0, WORLDS))
        else:
            figure = ratio_of(truth * level * (1 + luck.normal(0, 0.2, WORLDS)), level)
        assert figure is not None
        hits += figure.low <= truth <= figure.high
    return hits / TRIES


def _rate_ratio_of_sums(a: float, m: float, b: float, n: float) -> float:
    return (a / m) / (b / n)


@pytest.mark.parametrize("draw", ["rate", "sums", "mean", "ratio"])
def test_nine_intervals_in_ten_hold_the_truth(draw: str) -> None:
    share = covered(2.0, draw)

    error = math.sqrt(0.9 * 0.1 / TRIES)
    assert (
        share > 0.9 - 0.04 - 3 * error
    )  # linearised and jackknifed intervals of twelve worlds may fall 4 points short
    assert share < 0.98
