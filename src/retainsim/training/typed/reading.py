"""From a text to the chance of each class, in two ways: by its wording alone, or by its meaning too."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from retainsdk.action import MoveKind
from retainsim.training.typed.embedding import Embedding, unit_rows
from retainsim.training.typed.examples import CLASSES, NONE, examples
from retainsim.training.typed.shipped import WORDING_SHARE, shipped
from retainsim.training.typed.suggestion import Language
from retainsim.training.typed.wording import Wording, threes

__all__ = ["Among", "ByMeaning", "ByWording", "Reading"]

Matrix = NDArray[np.float64]

FAMILIAR = 0.5
"""
Of the runs of three letters in a text, the share that must occur in some example of a move.

In either language fewer than one in a hundred examples has less when it is held out; another alphabet, or letters
struck at random, have far less.
"""


class Reading(Protocol):
    """A way to read."""

    def chances(self, texts: Sequence[str]) -> Matrix:
        """The chance of each of `CLASSES`, one row a text."""


class Among:
    """
    A way to read that knows of some moves only, because nothing else can be said.

    What it would have taken for another move it is unsure of.

    >>> reading = Among(ByWording("en"), [MoveKind.EMPATHISE, MoveKind.CLOSE])
    >>> [chances] = reading.chances(["I'm so sorry about that"])
    >>> float(chances[MoveKind.APOLOGISE]), bool(chances.max() < 0.5)
    (0.0, True)
    """

    def __init__(self, reading: Reading, moves: Collection[MoveKind]) -> None:
        self._reading = reading
        self._others = [place for place in range(CLASSES.index(NONE)) if MoveKind(place) not in moves]

    def chances(self, texts: Sequence[str]) -> Matrix:
        """The chance of each of `CLASSES`, one row a text; of the other moves none."""
        found = self._reading.chances(texts).copy()
        found[:, self._others] = 0.0
        return found


class ByWording:
    """
    By the letters and words a text shares with the examples.

    >>> chances = ByWording("en").chances(["I'm so sorry about that", "xqzt wvkj"])
    >>> CLASSES[chances[0].argmax()], CLASSES[chances[1].argmax()]
    ('apologise', 'none')
    """

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._examples, fitted = _wording(language), shipped(language)
        self._model, self._temperature = fitted.by_wording, fitted.wording_temperature

    def chances(self, texts: Sequence[str]) -> Matrix:
        """The chance of each of `CLASSES`, one row a text."""
        return _only_familiar(softmax(self.scores(texts), axis=1), texts, self._language)

    def scores(self, texts: Sequence[str]) -> Matrix:
        """Calibrated log-odds."""
        return self._model.scores(self._examples.likeness(texts)) / self._temperature


class ByMeaning:
    """
    By what a text means, with a third part by its wording.

    Raises:
        MissingExtraError: When the model of the extra ``text`` is not installed.
    """

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._embedding, self._wording = Embedding(), ByWording(language)
        self._fitted = shipped(language)

    def chances(self, texts: Sequence[str]) -> Matrix:
        """The chance of each of `CLASSES`, one row a text."""
        fitted = self._fitted
        meaning = unit_rows(self._embedding.of(texts) - fitted.centre)
        scores = WORDING_SHARE * self._wording.scores(texts)
        scores += (1 - WORDING_SHARE) * fitted.by_meaning.scores(meaning) / fitted.meaning_temperature
        return _only_familiar(softmax(scores / fitted.joint_temperature, axis=1), texts, self._language)


@cache
def _wording(language: Language) -> Wording:
    return Wording(examples(language).texts)


def _only_familiar(chances: Matrix, texts: Sequence[str], language: Language) -> Matrix:
    """A text in letters that the examples do not know is no move, whatever a model makes of it."""
    known = _known_threes(language)
    for row, text in enumerate(texts):
        own = threes(text)
        if sum(run in known for run in own) < FAMILIAR * max(1, len(own)):
            chances[row] /= len(CLASSES)
            chances[row, -1] = 1 - chances[row, :-1].sum()
    return chances


@cache
def _known_threes(language: Language) -> frozenset[str]:
    own = examples(language)
    moves = (text for text, label in zip(own.texts, own.labels, strict=True) if CLASSES[label] != NONE)
    return frozenset(run for text in moves for run in threes(text))
