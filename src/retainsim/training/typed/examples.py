"""The examples that ship with a language, in the order a suggester's classes have."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib.resources import files

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.action import MoveKind
from retainsim.training.typed.suggestion import Language

__all__ = ["CLASSES", "NONE", "Examples", "examples"]

NONE = "none"
"""The class of what is no move."""

CLASSES = (*(kind.name.lower() for kind in MoveKind), NONE)
"""Names of the classes: a move stands at its own number, none at the end."""


@attrs.frozen(kw_only=True, eq=False)
class Examples:
    """
    Texts with what they are.

    Attributes:
        texts: What was said.
        labels: Positions in `CLASSES`, one a text.
        digest: Of the file they come from.
    """

    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    digest: str


@cache
def examples(language: Language) -> Examples:
    """
    Those of a language.

    >>> len(examples("he").texts) == len(examples("he").labels) > 16 * 15
    True
    """
    content = files(__package__).joinpath(f"examples.{language}.toml").read_bytes()
    by_class = tomllib.loads(content.decode())
    return Examples(
        texts=tuple(text for name in CLASSES for text in by_class[name]),
        labels=np.repeat(np.arange(len(CLASSES)), [len(by_class[name]) for name in CLASSES]),
        digest=hashlib.blake2b(content.replace(b"\r\n", b"\n"), digest_size=16).hexdigest(),
    )
