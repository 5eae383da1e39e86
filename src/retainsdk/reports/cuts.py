"""
Cuts: anything that can be counted or added up, told apart by anything that is known.

What is counted stands as items, each in exactly one class of every attribute; of whom an attribute is not known makes
a class of its own. So the classes add up to the total whichever way they are cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

import attrs

from retainsdk.account import Account
from retainsdk.duties import Circumstances
from retainsdk.errors import CommandError
from retainsdk.quantities import Money, total
from retainsdk.reports.attributes import ATTRIBUTES, FACT, class_of_account
from retainsdk.reports.report import Cell, Column, Unit


@attrs.frozen(kw_only=True)
class Item:
    """
    One thing that is counted.

    Attributes:
        kind: What sort of thing: a report that counts several sorts tells them apart by it.
        account: Whose; none for what concerns no single customer.
        at: When it happened.
        thing: The record, promise or case itself, for figures that are no sums.
        amount: What it adds, where money is added up.
        labels: Attributes of its own, by name, which go before those of the account; an empty one is not known.
    """

    kind: str
    account: Account | None
    at: datetime
    thing: object = None
    amount: Money | None = None
    labels: Mapping[str, str] = {}


Items = Sequence[Item]


@attrs.frozen(kw_only=True)
class Figure:
    """
    A column that is worked out from the items of a class.

    Attributes:
        name: Its heading.
        unit: Of the figure.
        meaning: What it says.
        of: Works it out; it is asked for every class, and for all items together.
    """

    name: str
    unit: Unit
    meaning: str
    of: Callable[[Items], Cell]

    @property
    def column(self) -> Column:
        """Its column in a report."""
        return Column(name=self.name, unit=self.unit, meaning=self.meaning)


@attrs.frozen(kw_only=True)
class Cut:
    """
    Items told apart, with figures of each class and of all.

    Attributes:
        columns: Of the attributes and the figures.
        rows: A class each, in the order of their names, what is not known last.
        total: The figures of all items.
        classes: The items of each row.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...]
    classes: tuple[Items, ...]


def number(kind: str, name: str, meaning: str) -> Figure:
    """How many items of a kind there are."""
    return Figure(
        name=name,
        unit=Unit.COUNT,
        meaning=meaning,
        of=lambda items: sum(item.kind == kind for item in items),
    )


def money(kind: str, name: str, meaning: str, *, currency: str) -> Figure:
    """What the items of a kind add up to."""
    return Figure(name=name, unit=Unit.MONEY, meaning=meaning, of=lambda items: summed(items, kind, currency))


def summed(items: Iterable[Item], kind: str, currency: str) -> Money:
    """The same of items at hand."""
    amounts = (item.amount for item in items if item.kind == kind and item.amount is not None)
    return total(amounts, currency)


def cut(
    known: Circumstances,
    items: Iterable[Item],
    *,
    by: Sequence[str],
    figures: Sequence[Figure],
    purpose: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Cut:
    """
    Items told apart by one attribute or more.

    Args:
        known: The book as of an instant.
        items: What is counted.
        by: Attributes: those of `ATTRIBUTES`, ``fact:`` with the name of a fact, or labels of the items; the class
            of an item is that of all of them together. None at all gives the total alone.
        figures: What is said of each class.
        purpose: For which sensitive facts may be looked at.
        labels: The labels that items of this sort have, with their meanings.

    Raises:
        CommandError: When an attribute is not known; the message names those that are.
    """
    items = list(items)
    meanings = {name: _meaning(name, labels or {}) for name in by}
    classes: dict[tuple[str | None, ...], list[Item]] = defaultdict(list)
    seen: dict[tuple[int, str], str | None] = {}
    for item in items:
        classes[tuple(_class_of(item, name, known, purpose, seen) for name in by)].append(item)
    ordered = sorted(classes, key=lambda key: [(it is None, it or "") for it in key])
    heads = [Column(name=name, unit=Unit.CLASS, meaning=meaning) for name, meaning in meanings.items()]
    return Cut(
        columns=(*heads, *(figure.column for figure in figures)),
        rows=tuple((*key, *(figure.of(classes[key]) for figure in figures)) for key in ordered) if by else (),
        total=(*(None for _ in by), *(figure.of(items) for figure in figures)),
        classes=tuple(classes[key] for key in ordered),
    )


def in_order(made: Cut, attribute: str, order: Sequence[str]) -> Cut:
    """The same with its rows in the order that the classes of its first attribute have, where it is that one."""
    if not made.rows or made.columns[0].name != attribute:
        return made
    places = sorted(range(len(made.rows)), key=lambda place: _rank(made.rows[place][0], order))
    return attrs.evolve(
        made, rows=tuple(made.rows[it] for it in places), classes=tuple(made.classes[it] for it in places)
    )


def _rank(name: Cell, order: Sequence[str]) -> int:
    return order.index(str(name)) if name in order else len(order)


def attributes(by: str | Iterable[str] | None, usual: Sequence[str] = ()) -> tuple[str, ...]:
    """The attributes asked for, one or more, each once; the usual ones when none is."""
    if by is None:
        return tuple(usual)
    return (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))


def _meaning(name: str, labels: Mapping[str, str]) -> str:
    if name in labels:
        return labels[name]
    if name in ATTRIBUTES:
        return ATTRIBUTES[name]
    if name.startswith(FACT) and name != FACT:
        return f"What is known of the customer under {name.removeprefix(FACT)!r}."
    known = ", ".join(sorted({*labels, *ATTRIBUTES}))
    raise CommandError(
        f"attribute {name!r}",
        "is not known here",
        f"Cut by one of: {known}; or by a fact, like {FACT}city.",
    )


_PERIODS: Mapping[str, Callable[[date], str]] = {
    "month": lambda day: f"{day:%Y-%m}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "year": lambda day: str(day.year),
}


def _class_of(
    item: Item,
    name: str,
    known: Circumstances,
    purpose: str | None,
    seen: dict[tuple[int, str], str | None],
) -> str | None:
    if name in item.labels:
        return item.labels[name] or None
    if name in _PERIODS:
        return _PERIODS[name](known.ledger.day(item.at))
    if item.account is None:
        return None
    key = item.account.relationship.id, name
    if key not in seen:
        seen[key] = class_of_account(known, item.account, name, purpose)
    return seen[key]
