"""
Multinomial logistic regression, small and dense, and the temperature that makes its confidence honest.

Source: Guo et al. (2017), On calibration of modern neural networks, ICML.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

__all__ = ["Regression", "cross_validated", "temperature"]

Matrix = NDArray[np.float64]
Labels = NDArray[np.int64]

FOLDS = 5


@attrs.frozen(eq=False)
class Regression:
    """
    A fitted model.

    Attributes:
        weights: Shape ``(features, classes)``.
        intercepts: One a class.
    """

    weights: Matrix
    intercepts: Matrix

    @classmethod
    def fitted(cls, features: Matrix, labels: Labels, *, classes: int, ridge: float) -> Regression:
        """
        The model of the greatest likelihood under a quadratic penalty on the weights.

        Args:
            features: One row a text.
            labels: Its class, 0 to *classes* - 1.
            classes: How many there are.
            ridge: Half of it times the sum of squared weights is added to the negative log-likelihood.

        >>> line = np.array([[-1.0], [1.0]])
        >>> model = Regression.fitted(line, np.array([0, 1]), classes=2, ridge=0.1)
        >>> model.scores(line).argmax(axis=1).tolist()
        [0, 1]
        """
        rows, columns = features.shape
        truth = np.eye(classes)[labels]

        def loss(flat: Matrix) -> tuple[float, Matrix]:
            weights, intercepts = flat[:-classes].reshape(columns, classes), flat[-classes:]
            logs = log_softmax(features @ weights + intercepts, axis=1)
            error = np.exp(logs) - truth
            slope = features.T @ error + ridge * weights
            value = ridge / 2 * np.sum(weights**2) - np.sum(truth * logs)
            return float(value), np.concatenate([slope.ravel(), error.sum(axis=0)])

        start = np.zeros((columns + 1) * classes)
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", options={"ftol": 1e-7 * rows, "maxiter": 200}
        ).x
        return cls(found[:-classes].reshape(columns, classes), found[-classes:])

    def scores(self, features: Matrix) -> Matrix:
        """Log-odds of each class, one row a text, up to a constant a row."""
        return features @ self.weights + self.intercepts


def cross_validated(features: Matrix, labels: Labels, *, classes: int, ridge: float) -> Matrix:
    """Scores of every row by a model that has not seen it: each fifth of every class is left out once."""
    scores = np.empty((len(features), classes))
    for held in _folds(labels):
        model = Regression.fitted(features[~held], labels[~held], classes=classes, ridge=ridge)
        scores[held] = model.scores(features[held])
    return scores


def temperature(scores: Matrix, labels: Labels) -> float:
    """
    By what to divide scores so that their probabilities are as good a forecast of the labels as can be.

    >>> sure = np.array([[9.0, 0.0], [9.0, 0.0], [9.0, 0.0], [9.0, 0.0]])
    >>> round(float(temperature(sure, np.array([0, 0, 0, 1])) * np.log(3)), 2)
    9.0
    """

    def loss(log_temperature: float) -> float:
        logs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(np.mean(logs[np.arange(len(labels)), labels]))

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 4.0), method="bounded").x))


def _folds(labels: Labels) -> Iterator[NDArray[np.bool_]]:
    # a fixed shuffle: neighbours in a file of examples are alike, and would be held out together
    order = np.random.default_rng(0).permutation(len(labels))
    place = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        own = order[labels[order] == label]
        place[own] = np.arange(len(own)) % FOLDS
    for fold in range(FOLDS):
        yield place == fold
