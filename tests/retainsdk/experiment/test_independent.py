"""Effects between independent groups: published answers, coverage, and words where nothing can be said yet."""

from __future__ import annotations

import math

import numpy as np
import pytest
from certificates import Certificate, Size
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from retainsdk.errors import InputError
from retainsdk.experiment import Measure, Method, Verdict, independent_ratio, mean_effect, share_effect
from retainsdk.experiment.independent import (
    MEANS_VALID_FROM,
    SHARES_VALID_FROM,
    student_quantile,
    welch,
)
from retainsdk.experiment.proportion import newcombe, wilson

LEFT = Measure(
    name="left", definition="left ÷ all", unit="percentage points", horizon="90 days", higher_is_better=False
)
SPENT = Measure(name="spent", definition="spent ÷ all", unit="EUR each", horizon="90 days")
SEED = 20_261_122


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((0, 10), (0, 10), (-0.2775, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0000)),
        ((10, 10), (0, 10), (0.6075, 1.0000)),
    ],
)
def test_newcombe_s_interval_has_the_ends_he_published(
    first: tuple[int, int], second: tuple[int, int], ends: tuple[float, float]
) -> None:
    assert newcombe(*first, *second) == pytest.approx(ends, abs=5.1e-5)


@pytest.mark.parametrize(
    ("part", "whole", "ends"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_wilson_s_interval_has_the_ends_that_newcombe_published(
    part: int, whole: int, ends: tuple[float, float]
) -> None:
    assert wilson(part, whole) == pytest.approx(ends, abs=5.1e-5)


_GROUPS = st.integers(1, 60).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(arm=_GROUPS, control=_GROUPS, level=st.sampled_from((0.5, 0.95, 0.999)))
def test_the_interval_of_two_shares_holds_their_difference_and_turns_round_with_them(
    arm: tuple[int, int], control: tuple[int, int], level: float
) -> None:
    low, high = newcombe(*arm, *control, level=level) or (math.nan, math.nan)
    swapped = newcombe(*control, *arm, level=level)

    difference = arm[0] / arm[1] - control[0] / control[1]
    assert -1 - 1e-12 <= low <= difference + 1e-12
    assert difference - 1e-12 <= high <= 1 + 1e-12
    assert low < high
    assert swapped == pytest.approx((-high, -low))


def coverage(shares: tuple[float, float], sizes: tuple[int, int], studies: int) -> float:
    """How often the interval of `share_effect` holds the true difference, in percentage points."""
    luck = np.random.default_rng(SEED)
    left = luck.binomial(sizes, shares, size=(studies, 2))
    truth = 100 * (shares[0] - shares[1])
    held: dict[tuple[int, int], bool] = {}
    for one, other in {(int(one), int(other)) for one, other in left}:
        effect = share_effect(LEFT, (one, sizes[0]), (other, sizes[1]))
        assert effect.low is not None
        assert effect.high is not None
        held[one, other] = effect.low <= truth <= effect.high
    return float(np.mean([held[int(one), int(other)] for one, other in left]))


@pytest.mark.certified(
    "effects-between-independent-arms",
    ["src/retainsdk/experiment/independent.py", "src/retainsdk/experiment/proportion.py"],
)
def test_the_intervals_of_two_arms_hold_the_truth_as_often_as_they_say(
    size: Size, certificate: Certificate
) -> None:
    studies = size(2_000, 200_000)
    shares = [(0.1, 0.1), (0.1, 0.3), (0.05, 0.15), (0.5, 0.4)]
    figures = {
        f"share of studies that hold the truth, {one:.0%} and {other:.0%} leave, {n} customers an arm": coverage(
            (one, other), (n, n), studies
        )
        for one, other in shares
        for n in (SHARES_VALID_FROM, 400)
    }
    luck = np.random.default_rng(SEED)
    means = size(1_000, 20_000)
    figures[f"share of studies that hold the truth, means of {MEANS_VALID_FROM} and 90 normal figures"] = (
        float(
            np.mean(
                [
                    _holds(luck.normal(5, 3, MEANS_VALID_FROM), luck.normal(5, 1, 90), 0.0)
                    for _ in range(means)
                ]
            )
        )
    )
    certificate.record(figures, seeds=[SEED])

    for said, found in figures.items():
        trials = studies if "leave" in said else means
        error = math.sqrt(0.05 * 0.95 / trials)
        assert found == pytest.approx(0.95, abs=0.02 + 4 * error), said


def _holds(arm: NDArray[np.float64], control: NDArray[np.float64], truth: float) -> bool:
    effect = mean_effect(SPENT, list(arm), list(control))
    if effect.low is None or effect.high is None:  # too skewed by luck: said to be not yet known
        return True
    return effect.low <= truth <= effect.high


def test_fewer_customers_than_the_interval_needs_are_answered_not_yet() -> None:
    few = share_effect(LEFT, (0, SHARES_VALID_FROM - 1), (40, 80), names=("called", "left alone"))
    enough = share_effect(LEFT, (0, SHARES_VALID_FROM), (40, 80))
    nobody = share_effect(LEFT, (0, 0), (40, 80), names=("called", "left alone"))

    assert str(few) == (
        "called against left alone, left within 90 days: -50.00 percentage points, not yet (an interval can be given "
        "from 50 customers in each arm on, there are 49 and 80 customers)."
    )
    assert (few.low, few.high) == (None, None)
    assert enough.verdict is Verdict.BETTER
    assert str(nobody) == (
        "called against left alone, left within 90 days: not yet. There is nobody to compare: 0 and 80 customers."
    )


def test_a_mean_of_few_large_figures_takes_more_customers_before_anything_is_said() -> None:
    even = [0.0, 1.0] * 40
    rare = [0.0] * 78 + [400.0] * 2

    plain, skewed = mean_effect(SPENT, even, even), mean_effect(SPENT, rare, even)

    assert (plain.verdict, plain.method) == (Verdict.NOT_DECIDED, Method.WELCH)
    assert skewed.verdict is Verdict.NOT_YET
    assert skewed.valid_from > len(rare)
    assert skewed.estimate == pytest.approx(9.5)


def test_welch_s_interval_is_that_of_a_statistics_library() -> None:
    luck = np.random.default_rng(4)
    arm, control = luck.normal(10, 3, 40), luck.normal(8, 1, 70)

    effect = mean_effect(SPENT, list(arm), list(control))

    found = stats.ttest_ind(arm, control, equal_var=False)
    expected = found.confidence_interval(0.95)
    assert (effect.low, effect.high) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert welch(list(arm), list(control))[1] == pytest.approx(found.df)


@pytest.mark.parametrize("freedom", [10, 17.776, 29, 60, 1e9])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_student_s_quantile_is_right_where_it_is_used(freedom: float, level: float) -> None:
    assert student_quantile(level, freedom) == pytest.approx(stats.t.ppf((1 + level) / 2, freedom), abs=1e-3)


def test_figures_that_do_not_vary_make_a_point_and_are_said_to() -> None:
    more = mean_effect(SPENT, [5.0] * 40, [0.0] * 40)
    same = mean_effect(SPENT, [5.0] * 40, [5.0] * 40)

    assert (more.low, more.high, more.verdict) == (5.0, 5.0, Verdict.BETTER)
    assert "do not vary" in more.cautions[0]
    assert same.verdict is Verdict.IDENTICAL
    assert str(same).endswith("identical, 0 exactly, among 40 and 40 customers.")


def test_what_one_kept_has_cost_is_known_only_where_somebody_was_clearly_kept() -> None:
    alone = [(0.0, 0.0), (0.0, 1.0)] * 60

    kept = independent_ratio(SPENT, [(4.0, 1.0), (6.0, 1.0)] * 60, alone)
    unclear = independent_ratio(SPENT, [(5.0, 0.0), (5.0, 1.0)] * 60, alone)
    lost = independent_ratio(SPENT, [(5.0, 0.0), (5.0, 0.0)] * 60, alone)
    few = independent_ratio(SPENT, [(5.0, 1.0)] * 49, alone)

    assert kept.estimate == pytest.approx(10.0)
    assert kept.low is not None
    assert kept.high is not None
    assert 8.0 < kept.low < 10.0 < kept.high < 13.0
    assert unclear.words == "not decided: it may keep nobody who would have left"
    assert (lost.words, lost.estimate) == ("it loses customers", None)
    assert few.words == "not yet: from 50 customers in each arm on"


def test_the_ratio_s_interval_holds_the_truth_as_often_as_it_says() -> None:
    luck = np.random.default_rng(SEED)
    held = []
    for _ in range(400):
        costs = luck.normal(5, 1, 200)
        kept, others = luck.random(200) < 0.9, luck.random(200) < 0.6
        ratio = independent_ratio(
            SPENT,
            list(zip(costs.tolist(), kept.astype(float).tolist(), strict=True)),
            [(0.0, float(it)) for it in others],
        )
        held.append(ratio.low is not None and ratio.low <= 5 / 0.3 <= (ratio.high or 0.0))

    assert np.mean(held) == pytest.approx(0.95, abs=4 * math.sqrt(0.05 * 0.95 / 400))


def test_all_that_is_wrong_with_groups_is_named() -> None:
    with pytest.raises(InputError, match=r"group: .5 of 4.(.|\n)*level: .95."):
        share_effect(LEFT, (5, 4), (1, 2), level=95)
