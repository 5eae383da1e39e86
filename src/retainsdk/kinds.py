"""
Whether what a program gives is of the kind that an annotation asks for, and how that is told when it is not.

Annotations are the one place where kinds are stated: commands and terms are checked against theirs before anything
reckons with what was given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from retainsdk.errors import Fault, InputError

_LIKE: Mapping[object, str] = {
    datetime: "Give an instant with its zone, like datetime(2026, 3, 1, 9, tzinfo=ZoneInfo('Asia/Jerusalem')).",
    date: "Give a day, like date(2026, 3, 1).",
    timedelta: "Give a stretch of time, like timedelta(days=30).",
    bool: "Give True or False.",
    int: "Give a whole number.",
    float: "Give a number.",
    str: "Give a text.",
}
_BY_NAME = {"Money": "Give an amount with its currency, like Money('29.85', 'EUR')."}


@attrs.frozen
class Kinds:
    """
    The kinds that are asked for under some names; anything goes under others.

    >>> asked = Kinds.of({"months": int, "from_": date | None})
    >>> asked.refuse_misfits("offer", {"months": 3, "from_": None})
    >>> asked.refuse_misfits("offer", {"months": "three"})
    Traceback (most recent call last):
    retainsdk.errors.InputError: offer: 1 fault
      months: 'three' is of type str, where int is needed. Give a whole number.
    """

    _by_name: Mapping[str, tuple[frozenset[type], object, Any]]

    @classmethod
    def of(cls, hints: Mapping[str, Any]) -> Kinds:
        """Those of annotations."""
        return cls({name: (_at_once(kind), _none_of(kind), kind) for name, kind in hints.items()})

    def refuse_misfits(self, source: str, given: Mapping[str, object]) -> None:
        """
        Nothing, when all that is given is of the kinds that are asked for.

        Args:
            source: What it was given to, for the message.
            given: By name.

        Raises:
            InputError: When it is not; every place is named, with its value and what belongs there.
        """
        faults: list[Fault] = []
        by_name = self._by_name
        for name, value in given.items():
            if name in by_name:
                at_once, none_of_it, kind = by_name[name]
                if type(value) not in at_once and value is not none_of_it:
                    faults += _misfits(name, kind, value)
        if faults:
            raise InputError(source, faults)


def hints_of(thing: Callable[..., Any]) -> dict[str, Any]:
    """What a function or a class says of kinds; anything goes for those its module imports for type checkers alone."""
    unknown: dict[str, Any] = {}
    while True:
        try:
            return get_type_hints(thing, localns=unknown)
        except NameError as error:
            unknown[str(error.name)] = Any


@cache
def _at_once(kind: Any) -> frozenset[type]:  # noqa: ANN401 # a type, a union or a generic
    """The types of values that fit without another look."""
    if get_origin(kind) in {Union, UnionType}:
        return frozenset().union(*map(_at_once, get_args(kind)))
    is_simple = isinstance(kind, type) and get_origin(kind) is None and not _fields(kind)
    return frozenset({kind}) if is_simple else frozenset()


def _none_of(kind: Any) -> object:  # noqa: ANN401 # the same
    """The usual value with nothing in it, which fits too: there is one empty tuple."""
    return () if get_origin(kind) is tuple else None if type(None) in get_args(kind) else _NOTHING


_NOTHING = object()


@cache
def _fields(kind: type) -> Mapping[str, Any]:
    """The parts of a value that have kinds of their own."""
    if not attrs.has(kind) or kind.__name__ in _BY_NAME:  # money has looked at itself
        return {}
    hints = hints_of(kind)
    return {field.name: hints[field.name] for field in attrs.fields(kind) if field.name in hints}


def _misfits(place: str, kind: Any, value: Any) -> Iterator[Fault]:  # noqa: ANN401 # the same, and whatever it is
    kind = getattr(kind, "__supertype__", kind)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        yield from _of_none(place, kind, value)
    elif not _is(kind if origin is None else origin, value):
        yield _fault(place, kind, value)
    elif isinstance(value, Mapping) and parts:
        for key, part in value.items():
            yield from _misfits(f"a name in {place}", parts[0], key)
            yield from _misfits(f"{place}[{key!r}]", parts[1], part)
    elif origin is not None and isinstance(value, Collection) and parts:
        many = len(parts) == 1 or parts[-1] is Ellipsis
        for number, part in enumerate(value):
            yield from _misfits(f"{place}[{number}]", parts[0 if many else number], part)
    elif isinstance(kind, type):
        for name, part in _fields(kind).items():
            yield from _misfits(f"{place}.{name}", part, getattr(value, name))


def _of_none(place: str, kind: Any, value: object) -> Iterator[Fault]:  # noqa: ANN401 # a union
    """What is wrong with a value of no part of a union: with the parts of it, when it is of one but for them."""
    found = [list(_misfits(place, part, value)) for part in get_args(kind)]
    if all(found):
        inner = [faults for faults in found if faults[0].place != place]
        yield from inner[0] if inner else [_fault(place, kind, value)]


def _is(kind: Any, value: object) -> bool:  # noqa: ANN401 # a type or an origin
    """Whether a value is of a kind, whatever its parts are."""
    if not isinstance(kind, type) or kind is Any or getattr(kind, "_is_protocol", False):
        return True
    if kind in {int, float}:
        return isinstance(value, Integral if kind is int else Real) and not isinstance(value, bool)
    if kind is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if kind is tuple:
        kind = list | tuple
    elif issubclass(kind, Collection) and kind not in {str, bytes} and not issubclass(kind, Mapping):
        return isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping)
    return isinstance(value, kind)


def _fault(place: str, kind: Any, value: object) -> Fault:  # noqa: ANN401 # a type, a union or a generic
    shown = value if isinstance(value, str) else repr(value)
    rule = f"is of type {type(value).__name__}, where {_said(kind)} is needed"
    return Fault(place, shown, rule, _remedy(kind, value))


def _said(kind: Any) -> str:  # noqa: ANN401 # the same
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return " or ".join(map(_said, parts))
    if kind is NoneType:
        return "None"
    if origin is None or not parts:
        return str(getattr(kind, "__name__", kind))
    return f"{origin.__name__} of {' and '.join(_said(part) for part in parts if part is not Ellipsis)}"


def _remedy(kind: Any, value: object) -> str:  # noqa: ANN401 # the same
    if get_origin(kind) in {Union, UnionType}:
        kind = next(part for part in get_args(kind) if part is not NoneType)
    if isinstance(kind, type) and issubclass(kind, Enum):
        word = value.strip().upper().replace(" ", "_").replace("-", "_") if isinstance(value, str) else ""
        names = [word] if word in kind.__members__ else list(kind.__members__)
        one_of = "" if len(names) == 1 else "one of "
        return f"Give {one_of}{', '.join(f'{kind.__name__}.{name}' for name in names)}."
    origin, parts = get_origin(kind), get_args(kind)
    if origin is not None and parts:
        many = "dictionary" if issubclass(origin, Mapping) else "list"
        return f"Give a {many} of {' and '.join(_said(part) for part in parts if part is not Ellipsis)}."
    named = _LIKE.get(kind) or _BY_NAME.get(getattr(kind, "__name__", ""))
    return named or f"Give a {_said(kind)}."
