"""Measures: what can be added up over any customers, and the cross-section that cuts it by anything known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import attrs

from retainsdk.case import Case
from retainsdk.commitment import Commitment
from retainsdk.duties import Circumstances
from retainsdk.errors import CommandError
from retainsdk.events import InteractionRecorded, PurchaseRecorded
from retainsdk.quantities import Money
from retainsdk.reports import items
from retainsdk.reports.cuts import Cut, Figure, Item, attributes, cut, summed
from retainsdk.reports.drawn import drawn_up
from retainsdk.reports.report import About, Picture, Report, Unit
from retainsdk.vocabulary import Direction

CROSS_SECTION = About(name="cross-section", title="Cross-section", question="How much is it, and whose?")


@attrs.frozen(kw_only=True)
class Measure:
    """
    Something additive.

    Attributes:
        unit: A count, money, minutes.
        meaning: What is counted.
        source: Gives the items.
        counts: Which of them count.
        each: What one of them adds; none where its amount of money does.
    """

    unit: Unit
    meaning: str
    source: items.Source
    counts: Callable[[Item], bool]
    each: Callable[[Item], int] | None = lambda _: 1


def _kind(*kinds: str) -> Callable[[Item], bool]:
    return lambda item: item.kind in kinds


def _case(says: Callable[[Case], bool]) -> Callable[[Item], bool]:
    return lambda item: isinstance(item.thing, Case) and says(item.thing)


def _promise(says: Callable[[Commitment], bool]) -> Callable[[Item], bool]:
    return lambda item: isinstance(item.thing, Commitment) and says(item.thing)


def _contact(says: Callable[[InteractionRecorded], bool]) -> Callable[[Item], bool]:
    return lambda item: isinstance(item.thing, InteractionRecorded) and says(item.thing)


def _minutes(item: Item) -> int:
    return (item.thing.minutes or 0) if isinstance(item.thing, InteractionRecorded) else 0


def _quantity(item: Item) -> int:
    return item.thing.quantity if isinstance(item.thing, PurchaseRecorded) else 0


def _any(_: Item) -> bool:
    return True


def measures(hour: Money | None = None) -> Mapping[str, Measure]:
    """
    All measures by name.

    Args:
        hour: What an hour of our time costs; when it is not said, time costs nothing.
    """

    def counted(meaning: str, source: items.Source, counts: Callable[[Item], bool] = _any) -> Measure:
        return Measure(unit=Unit.COUNT, meaning=meaning, source=source, counts=counts)

    def moneyed(meaning: str, source: items.Source, counts: Callable[[Item], bool] = _any) -> Measure:
        return Measure(unit=Unit.MONEY, meaning=meaning, source=source, counts=counts, each=None)

    bought = _kind("purchase", "refund")
    return {
        "relationships": counted(
            "Everybody we have or had to do with.",
            items.relationships,
            _kind("customer", "prospect", "former"),
        ),
        "customers": counted("Those who are customers now.", items.relationships, _kind("customer")),
        "prospects": counted("Those who are not yet customers.", items.relationships, _kind("prospect")),
        "won": counted("Those who ever became customers.", items.relationships, _kind("won")),
        "exits": counted("How often a customer left.", items.exits),
        "fees": moneyed("Paid for something else than purchases.", items.payments, _kind("fee")),
        "purchases": moneyed("Bought, less refunds.", items.payments, bought),
        "purchase count": counted("How often something was bought.", items.payments, _kind("purchase")),
        "quantity": Measure(
            unit=Unit.COUNT,
            meaning="Pieces bought.",
            source=items.payments,
            counts=_kind("purchase"),
            each=_quantity,
        ),
        "value to date": moneyed("Purchases less refunds, and fees.", items.earned),
        "contacts": counted("How often we were in touch, mailings too.", items.contacts),
        "contacts by us": counted(
            "Of them those begun by us.",
            items.contacts,
            _contact(lambda it: it.direction is Direction.OUTBOUND),
        ),
        "minutes": Measure(
            unit=Unit.COUNT,
            meaning="Of our time in contacts, as far as written down.",
            source=items.contacts,
            counts=_any,
            each=_minutes,
        ),
        "cases": counted("Requests, complaints and all else that needs an answer.", items.cases),
        "complaints": counted("Complaints.", items.complaints),
        "complaints open": counted(
            "Of them those not settled.", items.complaints, _case(lambda it: it.is_open)
        ),
        "complaints again": counted(
            "Of them those that came back and were not withdrawn.",
            items.complaints,
            _case(lambda it: it.came_back),
        ),
        "promises": counted("Promises of ours.", items.promises),
        "promises kept": counted(
            "Of them those kept.", items.promises, _promise(lambda it: it.state == "kept")
        ),
        "promises broken": counted(
            "Of them those ever broken.", items.promises, _promise(lambda it: it.broken_at is not None)
        ),
        "promises retracted": counted(
            "Of them those recorded in error.", items.promises, _promise(lambda it: it.state == "retracted")
        ),
        "acquisition cost": moneyed("What campaigns cost.", items.campaigns, _kind("spent")),
        "concession cost": moneyed("What was given to keep customers costs us.", items.granted),
        "cost to serve": moneyed("Contacts and what was given.", items.served(hour)),
    }


def measured(
    known: Circumstances,
    *,
    measure: Iterable[str],
    by: Iterable[str],
    hour: Money | None = None,
    purpose: str | None = None,
) -> Cut:
    """
    Measures cut by attributes; each adds up to its total exactly.

    Args:
        known: The book as of an instant.
        measure: Names of measures.
        by: Attributes, see `retainsdk.reports.cuts.cut`.
        hour: What an hour of our time costs.
        purpose: For which sensitive facts may be looked at.

    Raises:
        CommandError: When a measure or an attribute is not known.
    """
    there, asked = measures(hour), list(dict.fromkeys(measure))
    unknown = [name for name in asked if name not in there]
    if unknown or not asked:
        raise CommandError(
            f"measure {', '.join(map(repr, unknown)) or 'none'}",
            "is not known",
            f"Ask for one of: {', '.join(sorted(there))}.",
        )
    counted: list[Item] = []
    figures: list[Figure] = []
    labels: dict[str, str] = {}
    for name in asked:
        one = there[name]
        labels |= items.LABELS.get(one.source, {})
        counted += [attrs.evolve(item, kind=name) for item in one.source(known) if one.counts(item)]
        figures.append(_figure(name, one, known.ledger.currency))
    return cut(known, counted, by=tuple(by), figures=figures, purpose=purpose, labels=labels)


def _figure(name: str, one: Measure, currency: str) -> Figure:
    each = one.each
    if each is None:
        return Figure(
            name=name, unit=one.unit, meaning=one.meaning, of=lambda them: summed(them, name, currency)
        )
    return Figure(
        name=name,
        unit=one.unit,
        meaning=one.meaning,
        of=lambda them: sum(each(item) for item in them if item.kind == name),
    )


def cross_section(
    known: Circumstances,
    *,
    by: str | Iterable[str] | None = None,
    measure: str | Iterable[str] = ("customers", "value to date"),
    hour: Money | None = None,
    purpose: str | None = None,
) -> Report:
    """Any measures cut by any attributes: see `measured`."""
    asked, attribute = attributes(measure), attributes(by, ("owner",))
    made = measured(known, measure=asked, by=attribute, hour=hour, purpose=purpose)
    notes = []
    if "cost to serve" in asked and hour is None:
        notes.append("The time of contacts costs nothing here: say what an hour costs (hour).")
    title = " by ".join(filter(None, (", ".join(asked).capitalize(), " and ".join(attribute))))
    about = attrs.evolve(CROSS_SECTION, title=title)
    picture = None
    if attribute:
        picture = Picture(label=attribute[0], value=asked[0], colour="".join(attribute[1:2]))
    return drawn_up(known, made, about=about, notes=notes, picture=picture)
