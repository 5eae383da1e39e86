"""How a report is put together from what is counted: what all of them share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from statistics import median

from retainsdk.duties import Circumstances
from retainsdk.reports.cuts import Cut, Figure, Item, Items, attributes, cut
from retainsdk.reports.report import About, Cell, Picture, Report, Unit

_HOUR = timedelta(hours=1)


def cross_cut(
    known: Circumstances,
    counted: Iterable[Item],
    *,
    about: About,
    by: str | Iterable[str] | None,
    usual: Sequence[str],
    figures: Sequence[Figure],
    purpose: str | None,
    labels: Mapping[str, str] | None = None,
    notes: Iterable[str] = (),
    shown: str = "",
) -> Report:
    """
    The report of items told apart by what is asked for.

    Args:
        known: The book as of an instant.
        counted: What is counted.
        about: What the report is.
        by: Attributes, see `retainsdk.reports.cuts.cut`.
        usual: The attributes when none is asked for.
        figures: What is said of each class.
        purpose: For which sensitive facts may be looked at.
        labels: The labels that items of this sort have, with their meanings.
        notes: What to know before using it.
        shown: The figure that a picture shows; empty for no picture.
    """
    made = cut(known, counted, by=attributes(by, usual), figures=figures, purpose=purpose, labels=labels)
    picture = Picture(label=made.columns[0].name, value=shown) if shown else None
    return drawn_up(known, made, about=about, notes=notes, picture=picture)


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
