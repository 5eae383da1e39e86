"""
Contradictions: where two of us told a customer different things, or one of us something else than the book holds.

A price, a date or a scope that was stated stays true until something changes it: an amendment, a late notice, a new
price in the catalogue. When it is stated otherwise without such a change in between, one of the two statements
misleads the customer, and he will find out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise

import attrs

from retainsdk.events import (
    AmendmentAccepted,
    DueMoved,
    LateNoticeGiven,
    OfferAccepted,
    Renewed,
    Signed,
)
from retainsdk.quantities import CURRENCIES, Money
from retainsdk.vocabulary import StatementKind, Subject


@attrs.frozen(kw_only=True)
class Stated:
    """
    One statement and where it stands.

    Attributes:
        at: When it was made.
        by: Who made it.
        record: Version of its record in the stream of its relationship.
        kind: Price, date or scope.
        subject: Of what.
        value: What was said to hold.
        where: Where it stands when nobody said it: ``contract 1``, ``promise 2``; then nobody made it, in no record.
    """

    at: datetime
    by: str
    record: int
    kind: StatementKind
    subject: str
    value: str
    where: str = ""

    def __str__(self) -> str:
        if self.where:
            return f"{self.value!r} in {self.where} since {self.at:%Y-%m-%d %H:%M}"
        return f"{self.value!r} by {self.by} on {self.at:%Y-%m-%d %H:%M} (record {self.record})"


@attrs.frozen(kw_only=True)
class Held:
    """
    What the book itself holds of something: a price in a contract or the catalogue, the day of a promise.

    Attributes:
        kind: Price or date.
        subjects: The names it goes by.
        value: An amount, or a day.
        since: From when it holds.
        until: The instant from which it holds no longer; none while it does.
        where: ``contract 1``, ``promise 2``, ``the catalogue``.
    """

    kind: StatementKind
    subjects: Collection[str]
    value: Money | date
    since: datetime
    until: datetime | None
    where: str


@attrs.frozen(kw_only=True)
class Change:
    """
    Something that lets another value be true from an instant on.

    Attributes:
        at: When.
        kinds: Of what: prices, dates, scopes.
        subject: Of one subject only; none for all.
    """

    at: datetime
    kinds: Collection[StatementKind]
    subject: str | None = None


@attrs.frozen(kw_only=True)
class Contradiction:
    """
    Two statements of which one at most is true.

    Attributes:
        earlier: What was said first, or what the book holds.
        later: What was said against it.
    """

    earlier: Stated
    later: Stated

    def __str__(self) -> str:
        kind = self.later.kind.name.lower()
        return f"{kind} of {self.later.subject}: {self.earlier}, but {self.later}"


_ALL = tuple(StatementKind)
_BY_SUBJECT = {
    Subject.SCOPE: StatementKind.SCOPE,
    Subject.RESPONSIBILITIES: StatementKind.SCOPE,
    Subject.SERVICE_LEVELS: StatementKind.SCOPE,
    Subject.FEES: StatementKind.PRICE,
    Subject.PACE: StatementKind.DATE,
    Subject.TIME_FRAME: StatementKind.DATE,
    Subject.TERM: StatementKind.DATE,
}
_CHANGES: Mapping[type, Collection[StatementKind]] = {
    Signed: _ALL,
    Renewed: _ALL,
    AmendmentAccepted: _ALL,
    OfferAccepted: (StatementKind.PRICE,),
    LateNoticeGiven: (StatementKind.DATE,),
    DueMoved: (StatementKind.DATE,),
}


def change_by(body: object, at: datetime) -> Change | None:
    """What an event of a relationship lets be true from then on, other than was stated before; none for most."""
    kinds = _CHANGES.get(type(body))
    if kinds is None:
        return None
    if isinstance(body, AmendmentAccepted) and body.subjects:
        kinds = {_BY_SUBJECT[it] for it in body.subjects}
    return Change(at=at, kinds=kinds)


def contradictions(stated: Iterable[Stated], changed: Iterable[Change] = ()) -> list[Contradiction]:
    """
    Statements that differ from the one before them about the same thing, without a change between the two.

    A change at the instant of a statement comes before it: one says the new price when it is new. Values count as the
    same when they name the same amount, day or words, however written.

    Returns:
        In the order of the later statement.
    """
    by_thing: dict[tuple[StatementKind, str], list[Stated]] = defaultdict(list)
    for statement in stated:
        by_thing[statement.kind, _words(statement.subject)].append(statement)
    changed = list(changed)
    found = []
    for (kind, subject), said in by_thing.items():
        said.sort(key=lambda it: (it.at, it.record))
        instants = [
            change.at
            for change in changed
            if kind in change.kinds and (change.subject is None or _words(change.subject) == subject)
        ]
        found += [
            Contradiction(earlier=one, later=other)
            for one, other in pairwise(said)
            if _meaning(one) != _meaning(other) and not any(one.at < at <= other.at for at in instants)
        ]
    return sorted(found, key=lambda it: (it.later.at, it.later.record))


def belied(
    stated: Iterable[Stated], held: Iterable[Held], changed: Iterable[Change] = ()
) -> list[Contradiction]:
    """
    Statements that say something else than the book held at their instant, and that nothing had changed since it does.

    A price is compared when the statement names one amount, a date when it names a day; what cannot be read accuses
    nobody.

    Returns:
        In the order of the statements.
    """
    held, changed = list(held), list(changed)
    found = [
        Contradiction(earlier=_as_stated(it, said), later=said)
        for said in stated
        for it in held
        if it.kind is said.kind
        and _words(said.subject) in map(_words, it.subjects)
        and it.since <= said.at
        and (it.until is None or said.at < it.until)
        and _says_other(said, it.value)
        and not any(
            said.kind in change.kinds
            and (change.subject is None or _words(change.subject) == _words(said.subject))
            and it.since < change.at <= said.at
            for change in changed
        )
    ]
    return sorted(found, key=lambda it: (it.later.at, it.later.record))


def _as_stated(held: Held, said: Stated) -> Stated:
    return Stated(
        at=held.since,
        by="",
        record=0,
        kind=held.kind,
        subject=said.subject,
        value=str(held.value),
        where=held.where,
    )


def _says_other(said: Stated, value: Money | date) -> bool:
    if isinstance(value, Money):
        tokens = _words(said.value).split()
        amounts = [token for token in map(_amount, tokens) if token is not None]
        other = {it.upper() for it in tokens} & (CURRENCIES - {value.currency})
        return len(amounts) == 1 and (amounts[0] != value.amount or bool(other))
    day = _meaning(said)
    if isinstance(day, datetime):
        day = day.date()
    return isinstance(day, date) and day != value


def _amount(token: str) -> Decimal | None:
    try:
        return Decimal(token)
    except InvalidOperation:
        return None


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def _meaning(statement: Stated) -> object:
    value = statement.value.strip()
    if statement.kind is StatementKind.PRICE:
        return sorted(_token(token) for token in _words(value).split())
    if statement.kind is StatementKind.DATE:
        for read in (date.fromisoformat, datetime.fromisoformat):
            with suppress(ValueError):
                return read(value)
    return _words(value)


def _token(token: str) -> str:
    amount = _amount(token)
    return token if amount is None else str(amount.normalize())
