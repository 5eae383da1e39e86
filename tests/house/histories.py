"""
Histories of a book: any commands there are, in any order, about few customers on few days.

Nothing here knows a command by name. What it takes is read off its signature, so that a new one takes part at once; what
a book refuses has simply not happened.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from random import Random
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.commands import Commands
from retainsdk.errors import RetainError
from retainsdk.events import Fact
from retainsdk.journal import Journal
from retainsdk.quantities import LocalTime, Money
from retainsdk.terms import Terms
from retainsdk.testing import SetClock, a_relationship, at, some_terms
from retainsdk.vocabulary import CONSENT_PURPOSES, DEPARTMENTS, CaseKind, Kind, OfferKind, Promise, TermKind

CUSTOMERS = (1, 3, 5)
RELATIONSHIPS = (2, 4)
PEOPLE = ("dana", "gil")


def _takes_values(function: Callable[..., Any]) -> bool:
    # some take a policy, hooks or other code instead
    takes_code = function.__module__.endswith((".duties", ".actions", ".experiments"))
    return not takes_code and "how" in inspect.signature(function).parameters


COMMANDS: Mapping[str, Callable[..., Any]] = {
    name: function
    for name, function in inspect.getmembers(Commands, inspect.isfunction)
    if not name.startswith("_") and not hasattr(Journal, name) and _takes_values(function)
}
"""Everything that can be told to a book."""

Luck = Callable[[Sequence[Any]], Any]
"""Chooses one of several."""

_DAYS = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 6, 1), date(2026, 7, 1), date(2027, 1, 1))
_BY_NAME: Mapping[str, Sequence[Any]] = {
    "relationship": (2, *RELATIONSHIPS),
    "referrer": RELATIONSHIPS,
    **dict.fromkeys(("customer", "person", "party", "into", "merged"), CUSTOMERS),
    **dict.fromkeys(("owner", "to", "representative", "deputy"), PEOPLE),
    "id": (None, 7, 8),
    "purpose": CONSENT_PURPOSES,
    "department": DEPARTMENTS,
    "score": range(11),
    "month": (date(2026, 4, 1), date(2026, 5, 1)),
}
_BY_TYPE: Mapping[object, Sequence[Any]] = {
    int: (1, 1, 2),
    Fact: (True, 3, "bill"),
    float: (0.0, 0.5, 2.0),
    str: ("bill", "noa", "m", "service"),
    bool: (False, True),
    type(None): (None,),
    date: _DAYS,
    datetime: (at(6, 25), at(7), at(7, 2), at(8), at(12)),
    timedelta: (timedelta(0), timedelta(days=1), timedelta(days=30)),
    Money: (Money(0, "EUR"), Money(5, "EUR"), Money(20, "EUR")),
    LocalTime: (LocalTime(datetime(2026, 7, 1, 10), "Asia/Jerusalem"),),  # noqa: DTZ001 # a wall clock
    Terms: tuple(
        some_terms(starts_on=day, offering=offering, **kind)
        for day in _DAYS
        for offering in (None, "m")
        for kind in (
            {},
            {"notice_days": 0},
            {"kind": TermKind.FIXED, "months": 1},
            {"kind": TermKind.FIXED, "months": 12},
        )
    ),
}
_WHEN = (None, None, None, at(3), at(5))
"""Mostly now: what lies before is easily too early."""

Call = tuple[str, dict[str, Any]]


def histories(*, size: int = 100) -> st.SearchStrategy[list[Call]]:
    """Up to so many commands with what they are given; a book refuses many, and takes enough to get far."""
    return st.builds(_history, st.integers(0, 2**32), st.integers(1, size))


def _history(seed: int, size: int) -> list[Call]:
    # by a seed: what Hypothesis draws itself repeats itself, and a book that hears the same again gets nowhere;
    # of a handful of commands: the fewer there are, the likelier one meets another that it builds upon
    luck = Random(seed)
    names = luck.sample(sorted(COMMANDS), 20)
    return [_call(luck.choice(names), luck.choice) for _ in range(size)]


def _call(name: str, luck: Luck) -> Call:
    hints = get_type_hints(COMMANDS[name])
    given = {
        parameter.name: _named(parameter.name, hints[parameter.name], luck)
        for parameter in inspect.signature(COMMANDS[name]).parameters.values()
        if parameter.name not in {"self", "how"}
        and (parameter.default is inspect.Parameter.empty or luck((False, False, True)))
    }
    return name, {**given, "actor": luck(PEOPLE), "occurred_at": luck(_WHEN)}


def _named(name: str, kind: Any, luck: Luck) -> Any:
    choices = _BY_NAME.get(name, ())
    fits = any(type(choice) in (kind, *get_args(kind)) for choice in choices)
    return luck(choices) if fits else _value(kind, luck)


def begun(book: Book) -> Book:
    """
    The same with a beginning that commands can build upon.

    A customer under contract with promises, cases and offers, a prospect, and a household.
    """
    how: dict[str, Any] = {"occurred_at": at(2), "actor": "dana"}
    noa = a_relationship(book, name="Noa", since=at(1), terms=some_terms(notice_days=0))
    gil = book.register_customer(kind=Kind.PERSON, name="גיל", occurred_at=at(1), actor="gil")
    book.open_relationship(gil, owner="gil", occurred_at=at(1), actor="gil")
    book.register_customer(kind=Kind.HOUSEHOLD, name="Levi", **how)
    for kind in (CaseKind.COMPLAINT, CaseKind.DISPUTE):
        book.open_case(noa, kind=kind, topic="bill", **how)
    for what in (Promise.CALLBACK, Promise.DELIVERY):
        book.promise(noa, kind=what, what="bill", due=at(6, 20), **how)
    book.make_offer(noa, kind=OfferKind.PRICE, amount=Money(5, "EUR"), months=1, **how)
    book.begin_end(noa, **how)
    return book


def told(book: Book, history: Sequence[Call]) -> list[tuple[Call, Any]]:
    """Tell it all to a book, three days between one and the next; the calls it took, with what it answered."""
    clock = book._clock
    assert isinstance(clock, SetClock)
    taken = []
    for name, given in history:
        clock.time += timedelta(days=3)
        with suppress(RetainError):
            taken.append(((name, given), getattr(book, name)(**given)))
    return taken


def _value(kind: Any, luck: Luck) -> Any:  # of a type, a union or a generic
    if kind in _BY_TYPE:
        return luck(_BY_TYPE[kind])
    parts, origin = get_args(kind), get_origin(kind)
    if origin in {Union, UnionType}:
        return _value(luck(parts), luck)
    if origin is not None:
        return _several(origin, parts, luck)
    if attrs.has(kind):
        hints = get_type_hints(kind)
        return kind(
            **{field.name: _value(hints[field.name], luck) for field in attrs.fields(kind) if field.init}
        )
    return luck(list(kind))


def _several(origin: Any, parts: tuple[Any, ...], luck: Luck) -> Any:
    if issubclass(origin, Mapping):
        return {_value(parts[0], luck): _value(parts[1], luck)} if luck((False, True)) else {}
    if origin is tuple and parts[-1] is not Ellipsis:
        return tuple(_value(part, luck) for part in parts)
    return tuple(dict.fromkeys(_value(parts[0], luck) for _ in range(luck((0, 1, 2)))))


__all__ = [
    "COMMANDS",
    "CUSTOMERS",
    "PEOPLE",
    "RELATIONSHIPS",
    "Call",
    "SetClock",
    "begun",
    "histories",
    "told",
]
