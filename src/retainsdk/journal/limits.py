"""Limits of what a book takes, whoever brings it: names and texts that people read, days that calendars hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import IntEnum
from functools import cache

import attrs

from retainsdk import vocabulary
from retainsdk.customer import check_name
from retainsdk.customer.contact_point import check_address
from retainsdk.errors import Fault, InputError
from retainsdk.events import ContactPointAdded, CustomerRegistered, Happening
from retainsdk.quantities import FIRST_YEAR, LAST_YEAR, Money
from retainsdk.wording import LONGEST_NAME, LONGEST_TEXT


def refuse_unfit(happenings: Iterable[Happening]) -> None:
    """
    Nothing, when all that happened is of a size that a book keeps.

    Every way into a book passes here: commands, imports, and customers taken over from other books.

    Raises:
        CommandError: When a customer is called what nobody can be called, or is to be reached where nobody is.
        InputError: When a text is too long or a day too far; all of them are named.
    """
    faults: list[Fault] = []
    for happening in happenings:
        match happening.body:
            case CustomerRegistered(name=name):
                check_name(name)
            case ContactPointAdded(channel=channel, address=address):
                check_address(channel, address)
        faults += _faults("the time of it", happening.occurred_at)
        faults += _held(happening.body)
    if faults:
        raise InputError("what is to be recorded", faults)


def refuse_long(actor: str, reason: str, key: str | None) -> None:
    """
    Nothing, when what is said of a command itself is of a size that a book keeps.

    Raises:
        InputError: When it is not; all that is too long is named.
    """
    faults = [
        _too_long(place, text, most)
        for place, text, most in (
            ("actor", actor, LONGEST_NAME),
            ("reason", reason, LONGEST_TEXT),
            ("key", key or "", LONGEST_NAME),
        )
        if len(text) > most
    ]
    if faults:
        raise InputError("what is to be recorded", faults)


_MOST_COUNTED = {
    **dict.fromkeys(("months", "window_months", "least_tenure_months"), 1_200),
    "minutes": 366 * 24 * 60,
    "quantity": 10**9,
}
"""The most that is counted under these names: a hundred years, a year, a billion. What follows must still be a date."""


@cache
def _counted(kind: type) -> tuple[tuple[str, int], ...]:
    return tuple((name, _MOST_COUNTED[name]) for name in _names(kind) if name in _MOST_COUNTED)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(kind)) if attrs.has(kind) else ()


def _held(body: object) -> list[Fault]:
    faults: list[Fault] = []
    kind: type = type(body)
    for name in _names(kind):
        value = getattr(body, name)
        if type(value) in _KEPT_WHOLE or (type(value) is str and len(value) <= LONGEST_TEXT):
            continue  # nearly all of an import goes by here
        if value != ():
            faults += _faults(name, value)
    for name, most in _counted(kind):
        value = getattr(body, name)
        if value is not None and value > most:
            rule = f"is too many: {most:,} are the most"
            faults.append(Fault(name, f"{value:,}", rule, "Say how many there truly are."))
    return faults


def _faults(place: str, value: object) -> list[Fault]:
    if isinstance(value, str):
        return [_too_long(place, value, LONGEST_TEXT)] if len(value) > LONGEST_TEXT else []
    if isinstance(value, date | datetime):
        if FIRST_YEAR <= value.year <= LAST_YEAR:
            return []
        rule = f"is out of range: a book knows the years {FIRST_YEAR} to {LAST_YEAR}"
        return [Fault(place, value.isoformat(), rule, "Give the true day; leave out what has no end.")]
    if isinstance(value, tuple | list):
        return [fault for part in value for fault in _faults(place, part)]
    return _held(value)


_WORDS = (it for it in vars(vocabulary).values() if isinstance(it, type) and issubclass(it, IntEnum))
_KEPT_WHOLE = frozenset({int, float, bool, type(None), Money, *_WORDS})
"""Kinds of values that are never too large."""


def _too_long(place: str, text: str, most: int) -> Fault:
    rule = f"has {len(text):,} characters, and {most:,} are the most"
    return Fault(place, text, rule, "Say it in short, and put the whole of it away as a document.")
