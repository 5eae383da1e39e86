"""How a report is put together from a cut: what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from statistics import median

from retainsdk.duties import Circumstances
from retainsdk.reports.cuts import Cut, Figure, Item, Items
from retainsdk.reports.report import About, Cell, Picture, Report, Unit

_HOUR = timedelta(hours=1)


def drawn_up(
    known: Circumstances,
    made: Cut,
    *,
    about: About,
    notes: Iterable[str] = (),
    definitions: Sequence[tuple[str, str]] = (),
    picture: Picture | None = None,
) -> Report:
    """The report of a cut."""
    return Report(
        name=about.name,
        title=about.title,
        question=about.question,
        as_of=known.now.astimezone(known.ledger.zone),
        currency=known.ledger.currency,
        columns=made.columns,
        rows=made.rows,
        total=made.total,
        notes=tuple(notes),
        definitions=tuple(definitions),
        picture=picture,
    )


def how_many(name: str, meaning: str, counts: Callable[[Item], bool]) -> Figure:
    """How many items there are of which something holds."""
    return Figure(name=name, unit=Unit.COUNT, meaning=meaning, of=lambda items: sum(map(counts, items)))


def customers(name: str = "customers", meaning: str = "How many different customers they are.") -> Figure:
    """How many different relationships the items belong to."""
    return Figure(name=name, unit=Unit.COUNT, meaning=meaning, of=lambda items: len(_whose(items)))


def share(name: str, meaning: str, part: Callable[[Item], bool], whole: Callable[[Item], bool]) -> Figure:
    """The share of items of which something holds among those of which something else does; none without any."""

    def of(items: Items) -> Cell:
        there = [item for item in items if whole(item)]
        return sum(map(part, there)) / len(there) if there else None

    return Figure(name=name, unit=Unit.SHARE, meaning=meaning, of=of)


def middle(name: str, unit: Unit, meaning: str, of: Callable[[Items], Iterable[float]]) -> Figure:
    """The median of numbers that items give: half are less, half are more; none without any."""

    def found(items: Items) -> Cell:
        numbers = list(of(items))
        return float(median(numbers)) if numbers else None

    return Figure(name=name, unit=unit, meaning=meaning, of=found)


def hours(time: timedelta) -> float:
    """A stretch of time in hours."""
    return time / _HOUR


def _whose(items: Items) -> set[int]:
    return {item.account.relationship.id for item in items if item.account is not None}
