"""Event bodies as JSON and back. What is stored is meant to be read by people too."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from functools import lru_cache
from typing import Any

import orjson
from cattrs import Converter
from cattrs.preconf.orjson import make_converter

from retainsdk import vocabulary
from retainsdk.events import REGISTRY, Id
from retainsdk.quantities import Money

SCHEMA = 1
"""Of the bodies written now."""


def encoded(body: object) -> bytes:
    """The body of an event as JSON."""
    return orjson.dumps(_CONVERTER.unstructure(body), option=orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=4096)  # many bodies are the same to the letter, and none ever changes
def decoded(name: str, schema: int, body: bytes) -> object:
    """
    The body of an event from JSON.

    Raises:
        LookupError: When no event of that name and schema is known: a newer program wrote it.
    """
    return _reader(name, schema)(orjson.loads(body), None)


def id_text(id_: int) -> str:
    """An id as people write it: 16 hexadecimal digits."""
    return f"{id_:016x}"


_READERS: dict[tuple[str, int], Callable[[Any, Any], object]] = {}


def _reader(name: str, schema: int) -> Callable[[Any, Any], object]:
    reader = _READERS.get((name, schema))
    if reader is None:
        reader = _READERS[name, schema] = _CONVERTER.get_structure_hook(REGISTRY[name, schema])
    return reader


def canonical(value: object) -> bytes:
    """Any value events are made of as JSON that is the same for equal values."""
    return orjson.dumps(_CONVERTER.unstructure(value), option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def _converter() -> Converter:
    converter = make_converter(detailed_validation=False)
    converter.register_unstructure_hook(Money, _money_text)
    converter.register_structure_hook(Money, _money)
    converter.register_unstructure_hook(Id, id_text)
    converter.register_structure_hook(Id, lambda text, _: Id(int(text, 16)))
    for words in vars(vocabulary).values():
        if isinstance(words, type) and issubclass(words, IntEnum) and words is not IntEnum:
            converter.register_unstructure_hook(words, _word)
            converter.register_structure_hook(words, _words(words))
    return converter


def _money_text(money: Money) -> str:
    return f"{money.amount:f} {money.currency}"


def _money(text: str, _: object) -> Money:
    amount, currency = text.split()
    return Money(amount, currency)


def _word(code: IntEnum) -> str:
    return code.name.lower()


def _words(codes: type[IntEnum]) -> Callable[[str, object], IntEnum]:
    by_word = {code.name.lower(): code for code in codes}
    return lambda word, _: by_word[word]


_CONVERTER = _converter()
