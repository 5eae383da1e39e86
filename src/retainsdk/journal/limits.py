"""Limits of what a book takes, whoever brings it: names and texts that people read, days that calendars hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache

import attrs

from retainsdk.customer import check_name
from retainsdk.customer.contact_point import check_address
from retainsdk.errors import Fault, InputError
from retainsdk.events import ContactPointAdded, CustomerRegistered, Happening
from retainsdk.quantities import FIRST_YEAR, LAST_YEAR
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


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(kind)) if attrs.has(kind) else ()


def _held(body: object) -> Iterator[Fault]:
    kind: type = type(body)
    for name in _names(kind):
        yield from _faults(name, getattr(body, name))


def _faults(place: str, value: object) -> Iterator[Fault]:
    kind = type(value)
    if kind is str:
        if len(value) > LONGEST_TEXT:  # type: ignore[arg-type] # a text, as its type says
            yield _too_long(place, str(value), LONGEST_TEXT)
    elif isinstance(value, date | datetime):
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            rule = f"is out of range: a book knows the years {FIRST_YEAR} to {LAST_YEAR}"
            yield Fault(place, value.isoformat(), rule, "Give the true day; leave out what has no end.")
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _faults(place, part)
    elif kind in _KEPT_WHOLE:
        return
    else:
        yield from _held(value)


_KEPT_WHOLE = frozenset({int, float, bool, type(None)})


def _too_long(place: str, text: str, most: int) -> Fault:
    rule = f"has {len(text):,} characters, and {most:,} are the most"
    return Fault(place, text, rule, "Say it in short, and put the whole of it away as a document.")
