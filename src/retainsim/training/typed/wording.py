"""
How a text is worded: its letters and words in short runs, weighed and set beside those of the examples.

Two texts are as alike as the runs they share, the rare ones counting more. What the examples do not know counts for
the length of a text and for nothing else, so a strange text is like no example and gets no sure class.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["Wording", "threes"]

_LONGEST_RUN = 4
_ASKS = 3
"""How much a question mark, or its absence, counts: much, since many moves differ by nothing else."""

_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7]")
_MARKS = re.compile(r"(?<=\w)['’\"״׳](?=\w)")
_NUMBERS = re.compile(r"\d[\d.,:]*")
_WORDS = re.compile(r"\w+|[?!%$€₪]")


class Wording:
    """
    How like some texts others are.

    Args:
        texts: The examples; every other text is described by its likeness to them.

    >>> examples = Wording(["I am sorry", "we are sorry", "ten percent off"])
    >>> examples.likeness(["so sorry", "5 percent off", "xyzzy"]).round(1).tolist()
    [[0.5, 0.5, 0.1], [0.1, 0.1, 0.7], [0.1, 0.1, 0.1]]
    """

    def __init__(self, texts: Sequence[str]) -> None:
        runs = [_runs(text) for text in texts]
        known = Counter(run for own in runs for run in own)
        self._columns = {run: column for column, run in enumerate(known)}
        self._rarity = {run: 1 + math.log((1 + len(texts)) / (1 + n)) for run, n in known.items()}
        self._unknown = 1 + math.log(1 + len(texts))
        self._examples = self._weighed(runs)

    def likeness(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """To each example, 0 for nothing in common to 1 for all; one row a text."""
        # sparse on purpose: in threads, a small dense product on a busy machine takes seconds
        return np.asarray((self._weighed([_runs(text) for text in texts]) @ self._examples.T).toarray())

    def basis(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        The examples in as few columns as have the same inner products, and what turns likeness into such columns.

        A model of the columns is one of the likeness, by the representer theorem, and quicker to fit.
        """
        sizes, directions = np.linalg.eigh((self._examples @ self._examples.T).toarray())
        kept = sizes > sizes[-1] * 1e-10
        return directions[:, kept] * np.sqrt(sizes[kept]), directions[:, kept] / np.sqrt(sizes[kept])

    def _weighed(self, runs: Sequence[Counter[str]]) -> csr_matrix:
        rows, columns, values = [], [], []
        for row, own in enumerate(runs):
            weights = {
                run: (1 + math.log(n)) * self._rarity.get(run, self._unknown) for run, n in own.items()
            }
            length = math.hypot(*weights.values())
            for run in own.keys() & self._columns.keys():
                rows.append(row)
                columns.append(self._columns[run])
                values.append(weights[run] / length)
        return csr_matrix((values, (rows, columns)), shape=(len(runs), len(self._columns)))


def threes(text: str) -> list[str]:
    """
    The runs of three letters in the words of a text, their edges included.

    >>> threes("So, no 7?")
    [' so', 'so ', ' no', 'no ']
    """
    padded = (f" {word} " for word in _words(text) if word[0].isalpha())
    return [word[at : at + 3] for word in padded for at in range(len(word) - 2)]


def _words(text: str) -> list[str]:
    plain = _MARKS.sub("", _POINTS.sub("", text.lower()))
    return _WORDS.findall(_NUMBERS.sub("0", plain))


def _runs(text: str) -> Counter[str]:
    """Runs of one to four letters within words, pairs of words, first and last word, whether it asks."""
    words, found = _words(text), Counter[str]()
    for word in words:
        padded = f" {word} "
        for length in range(1, _LONGEST_RUN + 1):
            found.update(padded[at : at + length] for at in range(max(1, len(padded) - length + 1)))
    edged = ["<", *words, ">"]
    found.update(f"{one}_{two}" for one, two in pairwise(edged))
    if words:
        found.update((f"^{words[0]}", f"^{words[0][:3]}", f"{words[-1]}$"))
        found["?" if "?" in text else "."] += _ASKS
    return found
