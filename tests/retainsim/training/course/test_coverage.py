"""
Intervals over trainees hold the truth as often as they say.

What sellers of several kinds win with many callers is played out in the market once. Classes are then drawn whose trainees
are each a mixture of those sellers, so what a class truly wins is known; the report works its interval out of their
calls as it does of anybody's.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from certificates import Certificate, Size
from numpy.typing import NDArray
from small_courses import a_person, a_report, a_result

from retainsim.training.bots import BOTS, Bot, Script, play
from retainsim.training.course.estimate import LEAST, Estimate, difference_of
from retainsim.training.debrief import Presses
from retainsim.training.outlook import MINOR, Futures
from retainsim.training.scenario import load_scenario
from retainsim.training.session import Session

SEED = 20_261_122
CALLS = 6
"""Of each trainee."""
Values = NDArray[np.float64]


@cache
def won(callers: int) -> Values:
    """What each seller wins with each caller beside nobody answering, in the currency: one row a caller."""
    scenario = load_scenario("no_need")
    rows = []
    for seed in range(1, callers + 1):
        session = Session.with_case(scenario, "no_need", seed)
        futures = Futures(case=session.case)
        alone = futures.of(session.outcome, groups=1).value
        sellers: list[Bot] = [
            Script(), BOTS["always_discount"](session), BOTS["random"](session), Presses(),
        ]  # fmt: skip
        played = (futures.of(play(session, it).outcome, groups=1).value for it in sellers)
        rows.append([(value - alone) / MINOR for value in played])
    return np.array(rows)


def a_class(
    values: Values, luck: np.random.Generator, trainees: int, *, shared: bool
) -> tuple[Values, float]:
    """
    What each trainee of a class wins a call, and what trainees of that kind win on average.

    Args:
        values: Of sellers with callers.
        luck: Which it is.
        trainees: How many.
        shared: Whether all have the same callers, as in an assessment.
    """
    skill = luck.beta(2, 2, trainees)
    kinds = values.shape[1]
    callers = luck.integers(len(values), size=(1 if shared else trainees, CALLS)).repeat(
        trainees if shared else 1, axis=0
    )
    scripted = luck.random((trainees, CALLS)) < skill[:, None]
    sellers = np.where(scripted, 0, luck.integers(1, kinds, size=(trainees, CALLS)))
    among = values[callers[0]] if shared else values
    truth = among[:, 0].mean() / 2 + among[:, 1:].mean() / 2  # a skill is a half on average
    return values[callers, sellers], float(truth)


def reported(calls: Values) -> Estimate:
    """The effect as the report has it."""
    people = [
        a_person(*(a_result(value=value, nobody=0.0) for value in mine), number=number)
        for number, mine in enumerate(calls.tolist(), start=1)
    ]
    return a_report(people).effect("USD")


def holds(it: Estimate, truth: float) -> bool:
    """Whether the interval does."""
    assert it.low is not None
    assert it.high is not None
    return it.low <= truth <= it.high


@pytest.mark.certified(
    "effects-of-classes",
    ["src/retainsim/training/course/estimate.py", "src/retainsim/training/course/report.py"],
)
def test_the_effect_of_a_class_holds_the_truth_as_often_as_it_says(
    size: Size, certificate: Certificate
) -> None:
    values, classes = won(size(12, 200)), size(150, 2_000)
    luck = np.random.default_rng(SEED)
    figures = {}
    for trainees in (LEAST, 12, 24):
        for shared in (False, True):
            drawn = (a_class(values, luck, trainees, shared=shared) for _ in range(classes))
            held = sum(holds(reported(calls), truth) for calls, truth in drawn)
            whose = "the same callers" if shared else "callers of their own"
            figures[f"share of classes that hold the truth, {trainees} trainees with {whose}"] = (
                held / classes
            )
    certificate.record({"classes of each kind": classes, "callers": len(values), **figures}, seeds=[SEED])

    for said, share in figures.items():
        assert abs(share - 0.95) <= 0.02 + spare(classes), said


def spare(classes: int) -> float:
    """What chance in fewer classes than the claim speaks of may add."""
    return 0.0 if classes >= 2_000 else 4 * math.sqrt(0.05 * 0.95 / classes)


@pytest.mark.certified("treatments-of-classes", ["src/retainsim/training/course/estimate.py"])
def test_a_difference_between_treatments_holds_the_truth_as_often_as_it_says(
    size: Size, certificate: Certificate
) -> None:
    values, classes = won(size(12, 200)), size(2_000, 20_000)
    luck = np.random.default_rng(SEED + 1)
    figures = {}
    for first, second in ((LEAST, LEAST), (12, 12), (LEAST, 20)):
        held = 0
        for _ in range(classes):
            (one, truth), (other, its) = (
                a_class(values, luck, count, shared=False) for count in (first, second)
            )
            better = 5.0  # what the treatment of the first group adds, to every trainee alike
            found = difference_of((one.mean(axis=1) + better).tolist(), other.mean(axis=1).tolist())
            held += holds(found, truth + better - its)
        figures[f"share of classes that hold the truth, groups of {first} and {second}"] = held / classes
    certificate.record({"classes of each kind": classes, "callers": len(values), **figures}, seeds=[SEED + 1])

    for said, share in figures.items():
        assert abs(share - 0.95) <= 0.02 + spare(classes), said
