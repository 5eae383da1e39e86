"""Effects from pairs: known answers, coverage at every look, and answers in words to what cannot be computed."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from retainsdk.errors import InputError
from retainsdk.experiment import Effect, Measure, Method, Verdict, paired_effect, paired_ratio
from retainsdk.experiment.paired import SEQUENCE_VALID_FROM, SKEWED_VALID_FROM, sequence_factor

PROFIT = Measure(
    name="profit per customer", definition="cash ÷ customers", unit="USD", horizon="24 months", margin=0.5
)
SLEEP_FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
STUDIES, LOOKS = 4_000, 200

Draw = Callable[[np.random.Generator, tuple[int, int]], NDArray[np.float64]]


def an_effect(differences: list[float], *, method: Method = Method.SEQUENCE) -> Effect:
    control = [100.0 + 3 * place for place in range(len(differences))]
    arm = [base + difference for base, difference in zip(control, differences, strict=True)]
    return paired_effect(PROFIT, arm, control, names=("calls", "none"), method=method)


def test_student_s_sleep_figures_give_his_t() -> None:
    effect = paired_effect(PROFIT, SLEEP_FIRST, SLEEP_SECOND, method=Method.FIXED)

    assert effect.estimate is not None
    assert effect.low is not None
    half_width = effect.estimate - effect.low
    assert effect.estimate / (half_width / stats.t.ppf(0.975, 9)) == pytest.approx(-4.0621, abs=5e-5)


def test_the_fixed_interval_is_student_s() -> None:
    effect = an_effect([1.0, 2.0, 4.0, 3.0], method=Method.FIXED)

    expected = stats.t.interval(0.95, 3, loc=2.5, scale=stats.sem([1.0, 2.0, 4.0, 3.0]))
    assert (effect.low, effect.high) == pytest.approx(expected)


def shares_missed(draw: Draw, mean: float, *, valid_from: int) -> float:
    """Share of studies that miss the true mean at any look from *valid_from* on."""
    figures = draw(np.random.default_rng(20_261_122), (STUDIES, LOOKS)) - mean
    n = np.arange(1, LOOKS + 1)
    means = figures.cumsum(axis=1) / n
    variance = ((figures**2).cumsum(axis=1) - n * means**2) / np.maximum(n - 1, 1)
    factors = np.array([sequence_factor(int(k)) for k in n])
    first = valid_from - 1
    outside = np.abs(means[:, first:]) > factors[first:] * np.sqrt(np.maximum(variance[:, first:], 0))
    return float(outside.any(axis=1).mean())


@pytest.mark.parametrize(
    ("draw", "mean", "valid_from"),
    [
        pytest.param(lambda g, s: g.normal(size=s), 0.0, 2, id="normal, from the first look on"),
        pytest.param(lambda g, s: g.normal(size=s), 0.0, SEQUENCE_VALID_FROM, id="normal"),
        pytest.param(lambda g, s: g.standard_t(3, size=s), 0.0, SEQUENCE_VALID_FROM, id="heavy tails"),
        pytest.param(lambda g, s: g.random(size=s), 0.5, SEQUENCE_VALID_FROM, id="uniform"),
        pytest.param(lambda g, s: g.gamma(4, size=s), 4.0, SEQUENCE_VALID_FROM, id="skewness 1"),
        pytest.param(lambda g, s: g.exponential(size=s), 1.0, SKEWED_VALID_FROM, id="skewness 2"),
    ],
)
def test_a_confidence_sequence_misses_at_any_look_in_at_most_five_percent(
    draw: Draw, mean: float, valid_from: int
) -> None:
    assert shares_missed(draw, mean, valid_from=valid_from) <= 0.05


def test_a_fixed_interval_misses_often_when_looked_at_again_and_again() -> None:
    figures = np.random.default_rng(5).normal(size=(STUDIES, 100))
    n = np.arange(1, 101)
    means = figures.cumsum(axis=1) / n

    missed = (np.abs(means) > 1.959964 / np.sqrt(n)).any(axis=1).mean()

    assert missed == pytest.approx(0.39, abs=0.04)


def test_a_planted_effect_is_found_by_both_methods() -> None:
    luck = np.random.default_rng(3).normal(size=30)

    for method in (Method.SEQUENCE, Method.FIXED):
        effect = paired_effect(PROFIT, 100 + luck + 3.0, 100 + 0.8 * luck, method=method)

        assert effect.verdict is Verdict.BETTER


def test_the_fixed_interval_covers_as_often_as_it_says() -> None:
    figures = np.random.default_rng(11).normal(size=(1_000, 8))

    covered = sum(
        (effect := paired_effect(PROFIT, row, np.zeros(8), method=Method.FIXED)).low is not None
        and effect.low <= 0 <= (effect.high or 0)
        for row in figures
    )

    assert covered / 1_000 == pytest.approx(0.95, abs=5 * math.sqrt(0.05 * 0.95 / 1_000))


def test_the_same_worlds_are_identical_with_zero_exactly() -> None:
    effect = an_effect([0.0] * 10)

    assert effect.verdict is Verdict.IDENTICAL
    assert (effect.estimate, effect.low, effect.high) == (0.0, 0.0, 0.0)
    assert effect.rho == 1.0
    assert effect.variance_factor is None
    assert "identical, 0 exactly, in each of 10 worlds" in str(effect)


def test_before_the_sequence_holds_the_answer_is_not_yet() -> None:
    effect = an_effect([1.0, 2.0, 3.0])

    assert effect.verdict is Verdict.NOT_YET
    assert effect.low is None
    assert "from 8 worlds on, there are 3" in str(effect)


def test_one_world_has_an_estimate_but_no_interval() -> None:
    effect = an_effect([1.0], method=Method.FIXED)

    assert effect.verdict is Verdict.NOT_YET
    assert effect.estimate == 1.0
    assert effect.rho is None


def test_no_world_is_said_in_words() -> None:
    effect = an_effect([])

    assert effect.verdict is Verdict.NOT_YET
    assert "There is no world yet" in str(effect)


def test_a_world_without_a_number_is_named() -> None:
    effect = an_effect([1.0, math.nan, 2.0, math.inf])

    assert effect.verdict is Verdict.UNDEFINED
    assert "2 of 4 worlds gave no number: 2, 4" in str(effect)


def test_a_constant_difference_is_a_point_and_says_so() -> None:
    effect = an_effect([5.0] * 9)

    assert effect.verdict is Verdict.BETTER
    assert effect.low == effect.high == pytest.approx(5.0)
    assert "the same in every world" in " ".join(effect.cautions)
    assert effect.variance_factor is None  # ρ is 1


def test_a_control_that_does_not_vary_has_no_correlation() -> None:
    effect = paired_effect(PROFIT, np.arange(10.0) + 50, np.full(10, 7.0))

    assert effect.rho is None
    assert effect.variance_factor is None
    assert effect.verdict is Verdict.BETTER


def test_what_lies_within_the_margin_is_too_close_to_matter() -> None:
    effect = an_effect([0.1, 0.12, 0.09, 0.11, 0.1, 0.12, 0.09, 0.11, 0.1, 0.1])

    assert effect.low is not None
    assert effect.low > 0
    assert effect.verdict is Verdict.TOO_CLOSE


def test_an_interval_across_zero_and_margin_is_not_decided() -> None:
    assert an_effect([5.0, -4.0, 3.0, -5.0, 4.0, -3.0, 6.0, -6.0]).verdict is Verdict.NOT_DECIDED


def test_less_is_better_where_the_measure_says_so() -> None:
    leaving = Measure(name="left", definition="left", unit="%", horizon="1 year", higher_is_better=False)

    effect = paired_effect(leaving, np.arange(9.0), np.arange(9.0) ** 1.01 + 3)

    assert effect.verdict is Verdict.BETTER


def test_hardly_correlated_twins_are_warned_about() -> None:
    up_and_down, slow = np.tile([1.0, -1.0], 20), np.repeat([1.0, -1.0], 20)

    effect = paired_effect(PROFIT, up_and_down, slow)

    assert effect.rho == 0.0
    assert any("variance factor" in caution for caution in effect.cautions)


def test_few_skewed_differences_are_warned_about() -> None:
    effect = an_effect([0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0.2, 9.0])

    assert any("only safe from 20 worlds" in caution for caution in effect.cautions)


def test_other_worlds_and_an_impossible_level_are_both_named() -> None:
    with pytest.raises(InputError, match="2 faults"):
        paired_effect(PROFIT, [1.0, 2.0], [1.0], level=95)


@given(
    st.lists(st.integers(-3, 3), min_size=8, max_size=30),
    st.lists(st.integers(-3, 3), min_size=30, max_size=30),
    st.sampled_from((Method.SEQUENCE, Method.FIXED)),
)
def test_swapping_arm_and_control_turns_the_effect_round(
    arm: list[int], control: list[int], method: Method
) -> None:
    control = control[: len(arm)]

    there = paired_effect(PROFIT, arm, control, method=method)
    back = paired_effect(PROFIT, control, arm, method=method)

    assert there.estimate == pytest.approx(-(back.estimate or 0.0))
    assert there.low == pytest.approx(-(back.high or 0.0))
    opposite = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
    assert back.verdict is opposite.get(there.verdict, there.verdict)


@given(st.integers(9, 10_000))
def test_a_longer_sequence_is_narrower(n: int) -> None:
    assert sequence_factor(n) < sequence_factor(n - 1)


COST = Measure(name="cost per customer kept", definition="cost ÷ kept", unit="USD", horizon="24 months")


def test_the_interval_of_a_ratio_holds_the_ratio() -> None:
    generator = np.random.default_rng(2)
    kept = 10 + generator.normal(size=25)

    ratio = paired_ratio(COST, 30 * kept + generator.normal(size=25), kept)

    assert ratio.estimate == pytest.approx(30, abs=0.5)
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 30 < ratio.high


@given(st.integers(0, 1_000))
def test_at_the_ends_of_its_interval_a_ratio_is_just_possible(seed: int) -> None:
    generator = np.random.default_rng(seed)
    kept = 10 + generator.normal(size=12)
    cost = 5 * kept + 3 * generator.normal(size=12)

    ratio = paired_ratio(COST, cost, kept)

    for end in (ratio.low, ratio.high):
        assert end is not None
        left = cost - end * kept
        assert abs(left.mean()) == pytest.approx(sequence_factor(12) * left.std(ddof=1))


def test_a_ratio_to_what_may_be_nobody_is_not_decided() -> None:
    ratio = paired_ratio(COST, np.ones(10), [1, -1, 2, -2, 1, -1, 2, -1, 1, -1])

    assert ratio.low is None
    assert str(ratio) == "not decided: it may keep nobody"


@pytest.mark.parametrize(
    ("numerator", "denominator", "words"),
    [
        ([], [], "not yet: there is no world"),
        ([1.0] * 9, [0.0] * 9, "keeps nobody who would have left"),
        ([1.0] * 3, [2.0] * 3, "not yet: from 8 worlds on"),
        ([1.0, math.nan], [2.0, 1.0], "cannot be computed: a world gave no number"),
        ([1.0] * 9, [-3.0, -2.0, -3.0, -2.0, -3.0, -2.0, -3.0, -2.0, -3.0], "it loses customers"),
    ],
)
def test_a_ratio_without_an_interval_says_why(
    numerator: list[float], denominator: list[float], words: str
) -> None:
    assert str(paired_ratio(COST, numerator, denominator)) == words


def test_a_ratio_of_other_worlds_is_refused() -> None:
    with pytest.raises(InputError, match="same worlds"):
        paired_ratio(COST, [1.0], [1.0, 2.0])


def test_the_package_and_the_default_interval_do_without_scipy() -> None:
    code = (
        "import sys, retainsdk; assert 'retainsdk.experiment' not in sys.modules\n"
        "from retainsdk.experiment import Measure, paired_effect\n"
        "m = Measure(name='a', definition='b', unit='c', horizon='d')\n"
        "paired_effect(m, range(9), [x * x for x in range(9)])\n"
        "assert not [name for name in sys.modules if name.startswith('scipy')]\n"
    )

    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
