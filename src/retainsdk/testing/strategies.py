"""
Hypothesis strategies for books and policies, from small worlds so that edges meet; needs the extra ``testing``.

Days and instants are few and lie around month ends, leap days and changes of the clock; people and words are few too.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import UnionType
from typing import Any, Union, get_args, get_origin
from zoneinfo import ZoneInfo

import attrs
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.errors import RetainError
from retainsdk.events import REGISTRY, Id
from retainsdk.policy import Budget, MoveKind, ThreatView
from retainsdk.quantities import LocalTime, Money
from retainsdk.terms import Terms
from retainsdk.testing.builders import SetClock, some_terms
from retainsdk.testing.calls import Call, a_call
from retainsdk.testing.views import a_view
from retainsdk.view import COLUMNS, BookView, Reason
from retainsdk.vocabulary import TermKind

__all__ = [
    "bodies",
    "budgets",
    "cases",
    "days",
    "happened",
    "histories",
    "instants",
    "money",
    "terms",
    "told",
    "views",
]

_OPTIONAL = [column.name for column in COLUMNS if column.optional]


@st.composite
def views(draw: st.DrawFn, *, max_size: int = 12) -> BookView:
    """Small views, from empty ones on, with some optional columns unknown altogether."""
    view = a_view(
        draw(st.integers(0, max_size)),
        seed=draw(st.integers(0, 50)),
        missing=draw(st.sampled_from([0.0, 0.3])),
    )
    return view.without(draw(st.sets(st.sampled_from(_OPTIONAL), max_size=4)))


def budgets() -> st.SearchStrategy[Budget]:
    """No limit, nothing at all, or little of both."""
    limits = st.sampled_from([None, 0, 20, 5_000])
    return st.builds(Budget, minutes=limits, money=limits)


def cases() -> st.SearchStrategy[ThreatView]:
    """Conversations at any turn, with much or little known."""
    counts, money = st.integers(0, 3), st.integers(0, 12_000)
    return st.builds(
        ThreatView,
        relationship=st.integers(1, 9),
        turn=st.integers(0, 11),
        turns_left=st.integers(1, 12),
        mood=st.integers(-1, 1),
        stated_reason=st.sampled_from(Reason),
        revealed=st.none() | st.sampled_from([reason for reason in Reason if reason]),
        confirmed=st.booleans(),
        offer=st.none()
        | st.sampled_from([MoveKind.OFFER_DISCOUNT, MoveKind.PROPOSE_FIT, MoveKind.OFFER_PAUSE]),
        offer_amount=money,
        apologies=counts,
        promised=st.booleans(),
        monthly_fee=money,
        discount=st.integers(0, 1_000),
        tenure_months=st.integers(0, 60),
        value_to_date=money,
        threats=counts,
        complaints=counts,
        competitor_fee=st.none() | money,
        alternative_suitability=st.none() | st.floats(0, 1),
    )


_EDGES = (
    date(2024, 2, 29),
    date(2026, 1, 1),
    date(2026, 1, 31),
    date(2026, 2, 28),
    date(2026, 3, 27),  # clocks go forward in Israel
    date(2026, 3, 29),  # and in Europe
    date(2026, 6, 15),
    date(2026, 10, 25),  # and back in both
    date(2026, 12, 31),
)
_HOURS = (0, 2, 9, 12, 23)
_ZONES = (UTC, ZoneInfo("Asia/Jerusalem"), ZoneInfo("America/New_York"))


def days() -> st.SearchStrategy[date]:
    """Few days, and those next to them: ends of months and years, a leap day, days on which clocks change."""
    near = st.sampled_from([-1, 0, 0, 1])
    return st.builds(lambda day, by: day + timedelta(days=by), st.sampled_from(_EDGES), near)


def instants() -> st.SearchStrategy[datetime]:
    """Aware instants on such days, at few hours, in few zones."""
    return st.builds(
        lambda day, hour, zone: datetime(day.year, day.month, day.day, hour, tzinfo=zone),
        days(),
        st.sampled_from(_HOURS),
        st.sampled_from(_ZONES),
    )


def money(currency: str = "EUR") -> st.SearchStrategy[Money]:
    """Nothing, a cent, or round amounts, in one currency."""
    return st.builds(Money.from_minor, st.sampled_from([0, 1, 500, 2_000, 123_456]), st.just(currency))


@st.composite
def terms(draw: st.DrawFn, *, currency: str = "EUR") -> Terms:
    """Terms of every kind, short and long, with and without notice, lock-in and a fee that frees from it."""
    kind = draw(st.sampled_from(TermKind))
    lock_in = draw(st.sampled_from([0, 0, 12, 36]))
    return some_terms(
        starts_on=draw(days()),
        kind=kind,
        months=0 if kind is TermKind.OPEN_ENDED else draw(st.sampled_from([1, 12, 24])),
        fee=draw(money(currency)),
        notice_days=draw(st.sampled_from([0, 14, 30])),
        lock_in_months=lock_in,
        early_termination_fee=draw(st.none() | money(currency)) if lock_in else None,
        withdrawal_days=draw(st.sampled_from([0, 14])),
    )


def histories(*, size: int = 100) -> st.SearchStrategy[list[Call]]:
    """
    Up to so many commands with what they are given, for a book that has begun (`retainsdk.testing.calls.begun`).

    A book refuses many of them, and takes enough to get far; `told` tells it all.
    """
    return st.builds(_history, st.integers(0, 2**32), st.integers(1, size))


def _history(seed: int, size: int) -> list[Call]:
    # by a seed: what Hypothesis draws itself repeats itself, and a book that hears the same again gets nowhere
    luck = Random(seed)  # noqa: S311 # no secret
    return [a_call(luck) for _ in range(size)]


def told(book: Book, history: Sequence[Call], clock: SetClock | None = None) -> list[tuple[Call, Any]]:
    """
    Tell a history to a book, three days between one and the next.

    Args:
        book: That hears it.
        history: What it is told; what it refuses has not happened.
        clock: By which it runs; its own unless given.

    Returns:
        The calls it took, each with what it answered.
    """
    moved = book._clock if clock is None else clock  # noqa: SLF001 # a clock that stands, as builders make it
    if not isinstance(moved, SetClock):
        msg = "told() moves the clock: build the book with a SetClock"
        raise TypeError(msg)
    taken = []
    for name, given in history:
        moved.time += timedelta(days=3)
        with suppress(RetainError):
            taken.append(((name, given), getattr(book, name)(**given)))
    return taken


_BY_TYPE: dict[object, st.SearchStrategy[Any]] = {
    Money: st.builds(Money.from_minor, st.integers(0, 10**9), st.sampled_from(["EUR", "JPY", "KWD"])),
    Terms: st.builds(some_terms, fee=money(), starts_on=days(), products=st.integers(0, 9)),
    datetime: instants().map(lambda at: at.astimezone(UTC)),
    date: days(),
    LocalTime: st.builds(
        lambda day: LocalTime(datetime(day.year, day.month, day.day, 10), "Asia/Jerusalem"),  # noqa: DTZ001 # a wall clock
        days(),
    ),
    Id: st.integers(0, 2**64 - 1),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(0, 2**53),
    str: st.text(max_size=9),
    bool: st.booleans(),
    type(None): st.none(),
}


def happened() -> st.SearchStrategy[Any]:
    """The body of any event there is, with any values that its fields can hold."""
    return st.sampled_from(sorted(REGISTRY)).flatmap(lambda name: bodies(REGISTRY[name]))


def bodies(kind: type) -> st.SearchStrategy[Any]:
    """Bodies of one kind of event, with any values that its fields can hold; whether they make sense is not asked."""
    attrs.resolve_types(kind)
    return st.builds(kind, **{field.name: _values(field.type) for field in attrs.fields(kind)})


def _values(kind: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 # a type, a union or a generic
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    parts = get_args(kind)
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*(_values(part) for part in parts))
    if get_origin(kind) is dict:
        return st.dictionaries(_values(parts[0]), _values(parts[1]), max_size=2)
    if get_origin(kind) is tuple:
        return st.lists(_values(parts[0]), max_size=2).map(tuple)
    return bodies(kind) if attrs.has(kind) else st.from_type(kind)  # a part of a body, or an enumeration
