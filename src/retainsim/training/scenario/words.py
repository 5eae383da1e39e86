"""Words round scenarios and guides, in every language; the words of a scenario itself stand in its file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

Wording = Mapping[str, Mapping[str, str]]
"""Words by what they are for, and then by the name in the code of what they stand for."""


def words(language: str) -> Wording:
    """
    The words of a language.

    Args:
        language: By its code in ISO 639, one of `LANGUAGES`.

    >>> words("en")["reason"]["not_worth_cost"]
    'not worth its cost'
    """
    return _words()[language]


@cache
def _words() -> Mapping[str, Wording]:
    file = resources.files("retainsim.training.scenario") / "words.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
