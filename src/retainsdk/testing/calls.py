"""
Any command there is, with anything it takes: the raw material of random histories.

Nothing here knows a command by name. What it takes is read off its signature, so that a new one takes part at once.
Worlds are small, few people on few days, so that commands meet; and where a book is shown, numbers are mostly those
of things in it that can still change.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache, reduce
from operator import or_
from random import Random
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from retainsdk import policies
from retainsdk.book import Book
from retainsdk.commands import Commands
from retainsdk.duties import Duties
from retainsdk.errors import RetainError
from retainsdk.events import Fact, Id
from retainsdk.journal import Journal
from retainsdk.ledger import Ledger
from retainsdk.policy import Budget, Policy
from retainsdk.quantities import LocalTime, Money
from retainsdk.terms import Terms
from retainsdk.testing.builders import NOW, a_relationship, at, some_terms
from retainsdk.testing.busybody import Busybody
from retainsdk.testing.held import has_all, held
from retainsdk.vocabulary import CONSENT_PURPOSES, DEPARTMENTS, CaseKind, Kind, OfferKind, Promise, TermKind
from retainsdk.worktime import WorkCalendar

__all__ = ["COMMANDS", "CUSTOMERS", "PEOPLE", "RELATIONSHIPS", "Call", "a_call", "begun", "written"]

CUSTOMERS = (1, 3, 5)
"""Ids of customers in a book that has `begun`."""

RELATIONSHIPS = (2, 4)
"""Ids of relationships in a book that has `begun`."""

PEOPLE = ("dana", "gil")
"""Who owns and acts."""

COMMANDS: Mapping[str, Callable[..., Any]] = {
    name: function
    for name, function in inspect.getmembers(Commands, inspect.isfunction)
    if not name.startswith("_")
    and not hasattr(Journal, name)
    and "how" in inspect.signature(function).parameters
}
"""Everything that can be told to a book."""

Call = tuple[str, dict[str, Any]]
"""A command by name, and what it is given."""

_Pool = Sequence[Any]
_SINCE_EVER = (date(2026, 1, 1), date(2026, 2, 1), date(2026, 6, 1))
_DAYS_AWAY = (-30, 0, 1, 3, 14, 30, 200)
_WORDS = ("bill", "noa", "m", "service")
_BY_NAME: Mapping[str, _Pool] = {
    "relationship": (2, *RELATIONSHIPS),
    "referrer": RELATIONSHIPS,
    **dict.fromkeys(("customer", "person", "party", "into", "merged"), CUSTOMERS),
    "name": (*PEOPLE, "bill"),
    "duty": ("occasions", "win_back_contact", "reviews"),
    "figures": ({"ahead_days": 3}, {"ahead_days": 30}),
    "instrument": ("nps",),
    **dict.fromkeys(("owner", "to", "representative", "deputy", "contributor", "successor", "asks"), PEOPLE),
    "id": (None, 7, 8),
    "options": (("wait", "swap"), ("wait", "swap"), ()),
    "purpose": CONSENT_PURPOSES,
    "purposes": ((), CONSENT_PURPOSES[:1]),
    "department": DEPARTMENTS,
    "score": range(11),
    "friction": (None, 0, 10),
    "power": (0, 10),
    "month": (date(2026, 4, 1), date(2026, 5, 1)),
    "hours": ("", "Sun-Thu 09:00-17:00"),
    "shares": ((1, 1), (3, 1)),
    "arms": (("control", "treated"),),
    "products": (1, 2),
    "quantity": (1, 2),
    "value": (True, 3, "bill", "1990-02-28", "--02-28"),
    "window": (timedelta(days=90), timedelta(0)),
    "lead_days": (0, 30),
    "seed": (0, 1),
}
_BY_TYPE: Mapping[object, _Pool] = {
    int: (1, 1, 2),
    Id: CUSTOMERS,
    Fact: (True, 3, "bill"),
    float: (0.0, 0.5, 2.0),
    str: _WORDS,
    bool: (False, True),
    type(None): (None,),
    timedelta: (timedelta(0), timedelta(days=1), timedelta(days=30)),
    Money: (Money(0, "EUR"), Money(5, "EUR"), Money(20, "EUR")),
    LocalTime: (LocalTime(datetime(2026, 7, 1, 10), "Asia/Jerusalem"),),  # noqa: DTZ001 # a wall clock
    object: ("a word that no plug-in has added",),
    Duties: (Duties(),),
    Budget: (Budget(), Budget(minutes=60, money=2_000)),
}
_BESIDES = {"Policy": Policy, "Budget": Budget, "BookView": object, "WorkCalendar": WorkCalendar}
"""Names that signatures use and their modules import for type checkers alone."""

_TRIES = 20
_OFTEN = 6
"""One in so many arguments names something that need not be there."""


def begun(book: Book) -> Book:
    """
    The same with a beginning that commands can build upon.

    A customer under contract with promises, cases and offers, a prospect with terms before him, and a household.
    """
    how: dict[str, Any] = {"occurred_at": at(2), "actor": "dana"}
    for name in PEOPLE:
        book.join_staff(name, **how)
    book.list_offering("m", name="M", fee=Money(20, "EUR"), **how)
    noa = a_relationship(book, name="Noa", since=at(1), terms=some_terms(notice_days=0))
    gil = book.register_customer(kind=Kind.PERSON, name="גיל", occurred_at=at(1), actor="gil")
    prospect = book.open_relationship(gil, owner="gil", occurred_at=at(1), actor="gil")
    draft = book.draft_terms(prospect, terms=some_terms(), **how)
    book.offer_terms(prospect, draft, valid_until=date(2026, 7, 1), **how)
    book.register_customer(kind=Kind.HOUSEHOLD, name="Levi", **how)
    for kind in (CaseKind.COMPLAINT, CaseKind.DISPUTE):
        book.open_case(noa, kind=kind, topic="bill", **how)
    for what in (Promise.CALLBACK, Promise.DELIVERY):
        book.promise(noa, kind=what, what="bill", due=at(6, 20), **how)
    book.make_offer(noa, kind=OfferKind.PRICE, amount=Money(5, "EUR"), months=1, **how)
    book.begin_end(noa, **how)
    return book


def a_call(
    luck: Random,
    *,
    ledger: Ledger | None = None,
    now: datetime = NOW,
    name: str | None = None,
    step: str | None = None,
) -> Call:
    """
    A command with what it takes, as luck has it; a book may well refuse it.

    Args:
        luck: Decides everything.
        ledger: Of the book it is for: numbers then are of what it holds, mostly. Without one, those of a book
            that has `begun`.
        now: Instants and days lie around it.
        name: Of the command; any unless given.
        step: Of a lifecycle, that the command is known to take: things that can take it are chosen then.
    """
    name = luck.choice(sorted(COMMANDS)) if name is None else name
    draw = _Draw(luck=luck, ledger=ledger, now=now, step=step)
    taken = [it for it in _taken(name) if it[2] or luck.random() < 1 / 3]
    given: dict[str, Any] = {}
    for parameter, kind, _ in taken:
        others = [other for other, *_ in taken if other != parameter]
        given[parameter] = draw.argument(parameter, _said(kind), given, others)
    occurred_at = draw.occurred_at()
    return name, {**given, "actor": luck.choice(PEOPLE), "occurred_at": occurred_at}


def written(call: Call) -> str:
    """
    A call as a line of Python.

    >>> written(("begin_end", {"relationship": 2, "actor": "dana", "occurred_at": None}))
    "book.begin_end(relationship=2, actor='dana', occurred_at=None)"
    """
    name, given = call
    return f"book.{name}({', '.join(f'{key}={value!r}' for key, value in given.items())})"


@cache
def _taken(name: str) -> tuple[tuple[str, Any, bool], ...]:
    function = COMMANDS[name]
    hints = get_type_hints(function, localns=_BESIDES)
    return tuple(
        (parameter.name, hints[parameter.name], parameter.default is inspect.Parameter.empty)
        for parameter in inspect.signature(function).parameters.values()
        if parameter.name not in {"self", "how"}
    )


def _said(kind: Any) -> Any:  # noqa: ANN401 # a type, a union or a generic
    """The same kind without None: what is given at all says something."""
    if get_origin(kind) not in {Union, UnionType} or kind == Fact:
        return kind
    first, *rest = (part for part in get_args(kind) if part is not type(None))
    return reduce(or_, rest, first)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind, localns=_BESIDES)


@attrs.frozen(kw_only=True)
class _Draw:
    """Everything that one call draws from."""

    luck: Random
    ledger: Ledger | None
    now: datetime
    step: str | None

    def occurred_at(self) -> datetime | None:
        """Mostly now: what lies before is easily too early."""
        back = self.luck.choice((None, None, None, None, timedelta(hours=1), timedelta(days=30)))
        return None if back is None else self.now - back

    def argument(
        self,
        name: str,
        kind: Any,  # noqa: ANN401 # whatever commands take
        given: Mapping[str, Any],
        others: Sequence[str] = (),
    ) -> Any:  # noqa: ANN401 # the same
        pool: _Pool = ()
        if self.ledger is not None and self.luck.randrange(_OFTEN):
            pool = held(name, self.ledger, given, self.now, self.step)
            if name == "relationship":  # rather one that has what the command is about
                accounts = self.ledger.accounts
                pool = [it for it in pool if has_all(others, accounts[it], self.step)] or pool
        pool = pool or [value for value in _BY_NAME.get(name, ()) if _fits(value, kind)]
        return self.luck.choice(pool) if pool else self.value(kind)

    def value(self, kind: Any) -> Any:  # noqa: ANN401 # of a type, a union or a generic
        if kind in {date, datetime, Terms, Policy}:
            return self._around_now(kind)
        if kind in _BY_TYPE:
            return self.luck.choice(_BY_TYPE[kind])
        if get_origin(kind) is not None:
            return self._made_of(get_origin(kind), get_args(kind))
        return self._part(kind) if attrs.has(kind) else self.luck.choice(list(kind))

    def _made_of(self, origin: Any, parts: Sequence[Any]) -> Any:  # noqa: ANN401 # a union or a generic
        if origin in {Union, UnionType}:
            return self.value(self.luck.choice(parts))
        if issubclass(origin, Mapping):
            return {self.value(parts[0]): self.value(parts[1])} if self.luck.randrange(2) else {}
        if origin is tuple and parts[-1] is not Ellipsis:
            return tuple(self.value(part) for part in parts)
        return tuple(dict.fromkeys(self.value(parts[0]) for _ in range(self.luck.randrange(3))))

    def _part(self, kind: Any) -> Any:  # noqa: ANN401 # an attrs class
        drawn: dict[str, Any] = {}
        for _ in range(_TRIES):
            drawn = {
                it.name: self.argument(it.name, _hints(kind)[it.name], {})
                for it in attrs.fields(kind)
                if it.init
            }
            try:
                return kind(**drawn)
            except (RetainError, ValueError):  # it contradicts itself
                continue
        msg = f"{kind.__name__} refused {_TRIES} random values in a row, {drawn} the last"
        raise AssertionError(msg)

    def _around_now(self, kind: object) -> Any:  # noqa: ANN401 # of that kind
        today, luck = self.now.date(), self.luck
        if kind is Policy:
            return luck.choice((Busybody(), policies.get(luck.choice(policies.names()))))
        day = luck.choice((luck.choice(_SINCE_EVER), *(today + timedelta(days=it) for it in _DAYS_AWAY)))
        if kind is date:
            return day
        if kind is datetime:
            return luck.choice(
                (
                    self.now + timedelta(hours=1),
                    self.now + timedelta(days=luck.choice((-1, 2, 10, 90))),
                    datetime.combine(day, time(9), tzinfo=self.now.tzinfo),
                )
            )
        length = luck.choice(
            ({}, {"kind": TermKind.FIXED, "months": 1}, {"kind": TermKind.FIXED, "months": 12})
        )
        more = luck.choice(
            ({}, {"notice_days": 0}, {"notice_days": 14}, {"withdrawal_days": 14}, {"lock_in_months": 12})
        )
        fees = luck.choice(({}, {"early_termination_fee": Money(5, "EUR")}))
        return some_terms(starts_on=day, offering=luck.choice((None, "m")), **length, **more, **fees)


def _fits(value: object, kind: Any) -> bool:  # noqa: ANN401 # a type, a union or a generic
    """Whether a value can stand for an argument: names mean other things in other commands."""
    if get_origin(kind) in {Union, UnionType}:
        return any(_fits(value, part) for part in get_args(kind))
    return isinstance(value, tuple if get_origin(kind) is not None else kind)
