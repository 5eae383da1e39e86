"""Event bodies as JSON and back. What is stored is meant to be read by people too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from enum import IntEnum
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import orjson
from cattrs import Converter
from cattrs.preconf.orjson import make_converter

from retainsdk import vocabulary
from retainsdk.errors import CommandError
from retainsdk.events import REGISTRY, SCHEMAS, Id
from retainsdk.quantities import Money

if TYPE_CHECKING:
    from attrs import AttrsInstance

_Made = TypeVar("_Made", bound="AttrsInstance")


def encoded(body: object) -> bytes:
    """
    The body of an event as JSON.

    Raises:
        CommandError: For what would not read back: half a character, a number that is none or has no end.
        MoneyError: For an amount that is no whole number of the smallest unit.
    """
    return _json(body, orjson.OPT_SORT_KEYS)


@lru_cache(maxsize=4096)  # many bodies are the same to the letter, and none ever changes
def decoded(name: str, schema: int, body: bytes) -> object:
    """
    The body of an event from JSON.

    Raises:
        LookupError: When no event of that name and schema is known: a newer program wrote it.
    """
    found = orjson.loads(body)
    for older in range(schema, SCHEMAS.get(name, 0)):
        found = UPCASTERS[name, older](found)
    return _reader(name, schema)(found, None)


def id_text(id_: int) -> str:
    """
    An id as people write it: 16 hexadecimal digits.

    Raises:
        CommandError: When it is no number of 64 bits.
    """
    if not 0 <= id_ < _IDS:
        raise CommandError(f"id {id_}", "is no number of 64 bits", "Choose one from 0 to 2^64 - 1.")
    return f"{id_:016x}"


_IDS = 2**64

_LARGEST = 10**15
"""In the smallest unit, of money in one place: thousands of them still add up to a number of 64 bits."""


_READERS: dict[str, Callable[[Any, Any], object]] = {}


def _reader(name: str, schema: int) -> Callable[[Any, Any], object]:
    if schema > SCHEMAS[name]:
        raise LookupError(name, schema)
    reader = _READERS.get(name)
    if reader is None:
        reader = _READERS[name] = _CONVERTER.get_structure_hook(REGISTRY[name])
    return reader


def _termination_of_a_kind(body: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "unknown" if body["early"] else "notice"}


def _ending_with_its_papers(body: dict[str, Any]) -> dict[str, Any]:
    steps = body["steps"]
    if steps is None or len(steps) == len(
        _CLOSING_STEPS_1
    ):  # good then; whether papers were filed, nobody asked
        return {"steps": None}
    return {"steps": [_CLOSING_STEPS_1[step] for step in steps], "although": "recorded without a reason"}


_CLOSING_STEPS_1 = {
    "promises settled": "promises_settled",
    "exit reason recorded": "reason_recorded",
    "satisfaction asked": "satisfaction_asked",
    "thanked": "thanked",
}

UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("EndCompleted", 1): _ending_with_its_papers,
    ("Terminated", 1): _termination_of_a_kind,
}
"""What makes of a stored body, by its name and schema, the body of the next schema."""


def missing_upcasters() -> list[tuple[str, int]]:
    """Schemas that bodies have had and nothing reads any longer: none, or old books cannot be opened."""
    return [
        (name, older)
        for name, schema in SCHEMAS.items()
        for older in range(1, schema)
        if (name, older) not in UPCASTERS
    ]


def canonical(value: object) -> bytes:
    """
    Any value events are made of as JSON that is the same for equal values.

    Raises:
        CommandError: See `encoded`.
    """
    return _json(value, orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def structured(kind: type[_Made], text: str | bytes) -> _Made:
    """
    A value that `canonical` wrote, from JSON that somebody else may have written.

    Raises:
        ValueError: When it is none: no JSON, something missing, an instant without its offset or off the calendar.
    """
    try:
        made = _CONVERTER.structure(orjson.loads(text), kind)
        for it in attrs.astuple(made, recurse=False):
            if isinstance(it, datetime):
                if it.tzinfo is None:
                    raise ValueError(text)
                it.astimezone(UTC)  # off the calendar, it fails here rather than in the book
    except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(text) from error
    return made


def _json(value: object, option: int) -> bytes:
    try:
        return orjson.dumps(_CONVERTER.unstructure(value), option=option)
    except TypeError as error:
        raise CommandError(
            "what is to be recorded",
            f"cannot be kept: {error}",
            "Write texts in Unicode, and whole numbers of at most 64 bits.",
        ) from error


def _converter() -> Converter:
    converter = make_converter(detailed_validation=False, omit_if_default=True)
    converter.register_unstructure_hook(Money, _money_text)
    converter.register_structure_hook(Money, _money)
    converter.register_unstructure_hook(float, _number)
    converter.register_unstructure_hook(Id, id_text)
    converter.register_structure_hook(Id, lambda text, _: Id(int(text, 16)))
    for words in vars(vocabulary).values():
        if isinstance(words, type) and issubclass(words, IntEnum) and words is not IntEnum:
            converter.register_unstructure_hook(words, _word)
            converter.register_structure_hook(words, _words(words))
    return converter


def _money_text(money: Money) -> str:
    if abs(money.minor) > _LARGEST:  # what is no whole number of these is refused by itself
        raise CommandError(
            f"the amount {money}",
            "is too large to be added up",
            f"Record at most {_LARGEST} of the smallest unit at once.",
        )
    return f"{money.amount:f} {money.currency}"


def _money(text: str, _: object) -> Money:
    return _money_of(text)


@lru_cache(maxsize=4096)  # prices are few
def _money_of(text: str) -> Money:
    amount, currency = text.split()
    return Money(amount, currency)


def _number(number: float) -> float:
    if not isfinite(number):  # JSON has no word for it: it would be written as nothing, and never read again
        raise CommandError(f"the number {number}", "is none that can be kept", "Leave out what is not known.")
    return number


def _word(code: IntEnum) -> str:
    return code.name.lower()


def _words(codes: type[IntEnum]) -> Callable[[str, object], IntEnum]:
    by_word = {code.name.lower(): code for code in codes}
    return lambda word, _: by_word[word]


_CONVERTER = _converter()

if missing := missing_upcasters():
    msg = f"no upcaster for {missing}: books that hold such events could not be read"
    raise RuntimeError(msg)
