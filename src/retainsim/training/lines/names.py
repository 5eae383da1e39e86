"""Names of people to call, and of whoever answers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TypeVar

from retainsim.market.streams import drawn, key_of, stream_of
from retainsim.training.lines.language import Gender, Language, Speaker

__all__ = ["somebody"]

_Kind = TypeVar("_Kind")


def somebody(language: Language, key: int, gender: Gender | None = None) -> Speaker:
    """
    A person with a name.

    Args:
        language: Of the name.
        key: The same key gives the same person.
        gender: Of the person; none to leave it to chance.

    >>> somebody(Language.ENGLISH, 7) == somebody(Language.ENGLISH, 7)
    True
    """
    names = _names()[language]
    if gender is None:
        gender = _one_of(tuple(Gender), key, "gender")
    name = _one_of(names[gender.value], key, "name")
    return Speaker(name=name, family=_one_of(names["families"], key, "family"), gender=gender)


def _one_of(among: Sequence[_Kind], key: int, what: str) -> _Kind:
    return among[int(drawn(stream_of(key, key_of("person", what)), 0) * len(among))]


@cache
def _names() -> Mapping[str, Mapping[str, list[str]]]:
    file = resources.files("retainsim.training.lines") / "names.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
