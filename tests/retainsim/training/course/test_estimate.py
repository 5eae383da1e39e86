"""Means over trainees and differences between groups of them, with their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from retainsim.training.course.estimate import LEAST, Estimate, difference_of, mean_of


def test_the_interval_of_a_mean_is_student_s() -> None:
    figures = [0.4, 0.7, 0.1, 0.9, 0.6, 0.5, 0.3, 0.8, 0.55]

    estimate = mean_of(figures)

    known = stats.ttest_1samp(figures, 0).confidence_interval(0.95)
    assert (estimate.low, estimate.high) == pytest.approx((known.low, known.high))
    assert estimate.sign == 1


def test_the_interval_of_a_difference_is_welch_s() -> None:
    luck = np.random.default_rng(1)
    one, other = list(luck.normal(1, 3, 9)), list(luck.normal(5, 1, 20))

    estimate = difference_of(one, other)

    known = stats.ttest_ind(one, other, equal_var=False).confidence_interval(0.95)
    assert (estimate.low, estimate.high) == pytest.approx((known.low, known.high))
    assert (estimate.n, estimate.sign) == (9, -1)


def test_too_few_trainees_have_a_mean_and_no_interval() -> None:
    few = [1.0, 2.0] * (LEAST // 2)

    assert mean_of(few).is_enough
    assert mean_of(few[1:]).mean == pytest.approx(11 / 7)
    assert not mean_of(few[1:]).is_enough
    assert not difference_of(few, few[1:]).is_enough
    assert mean_of([]) == difference_of([1.0], []) == Estimate(mean=None, n=0)
    assert mean_of([]).sign is None


def test_groups_that_do_not_vary_differ_by_exactly_what_they_differ() -> None:
    assert difference_of([2.0] * LEAST, [1.0] * LEAST) == Estimate(mean=1.0, low=1.0, high=1.0, n=LEAST)
