"""The way of customers through their touchpoints, step by step: how hard, how long, how much waiting (CONCEPTS C10, D9)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import mean

from retainsdk.duties import Circumstances
from retainsdk.events import InteractionRecorded
from retainsdk.record.touchpoint import HARDEST
from retainsdk.reports import items
from retainsdk.reports.cuts import Figure, Item, Items, attributes, cut, in_order
from retainsdk.reports.drawn import customers, drawn_up, hours, how_many, middle
from retainsdk.reports.report import About, Picture, Report, Unit

TOUCHPOINTS = About(
    name="touchpoints",
    title="Journey map",
    question="Which way do customers go, and at which step is it hard?",
)


def journey(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """The steps in the order in which customers come to them, with how hard each was and how long they waited for it."""
    met = [item for item in items.contacts(known) if item.labels["step"]]
    waits = _waits(met)
    figures = [
        how_many("contacts", "How often we met customers there.", lambda _: True),
        customers(),
        Figure(
            name="friction",
            unit=Unit.NUMBER,
            meaning=f"How hard it was for them on average, from 0 not at all to {HARDEST}; none when never rated.",
            of=lambda them: mean(_rated(them)) if _rated(them) else None,
        ),
        Figure(
            name="hardest",
            unit=Unit.COUNT,
            meaning="The most of these.",
            of=lambda them: max(_rated(them), default=None),
        ),
        Figure(
            name="minutes",
            unit=Unit.MINUTES,
            meaning="Of our time, as far as it was written down.",
            of=lambda them: sum(_contact(item).minutes or 0 for item in them),
        ),
        middle(
            "wait",
            Unit.HOURS,
            "Median time since the customer's step before, round the clock.",
            lambda them: [waits[id(item.thing)] for item in them if id(item.thing) in waits],
        ),
    ]
    attribute = attributes(by, ("step",))
    made = cut(known, met, by=attribute, figures=figures, purpose=purpose, labels=items.CONTACT_LABELS)
    return drawn_up(
        known,
        in_order(made, "step", _order(met)),
        about=TOUCHPOINTS,
        definitions=[
            ("order", "By the place that a step has on average among the steps of those who took it.")
        ],
        picture=Picture(label=attribute[0] if attribute else "step", value="friction", in_order=True)
        if attribute
        else None,
    )


def _contact(item: Item) -> InteractionRecorded:
    assert isinstance(item.thing, InteractionRecorded)  # noqa: S101 # as the source makes them
    return item.thing


def _rated(them: Items) -> list[int]:
    return [rated for item in them if (rated := _contact(item).friction) is not None]


def _ways(met: Iterable[Item]) -> list[list[Item]]:
    ways: dict[int, list[Item]] = defaultdict(list)
    for item in met:
        if item.account is not None:
            ways[item.account.relationship.id].append(item)
    return [sorted(way, key=lambda item: item.at) for way in ways.values()]


def _waits(met: Iterable[Item]) -> dict[int, float]:
    return {
        id(later.thing): hours(later.at - one.at)
        for way in _ways(met)
        for one, later in pairwise(way)
        if later.labels["step"] != one.labels["step"]
    }


def _order(met: Iterable[Item]) -> Sequence[str]:
    places: dict[str, list[int]] = defaultdict(list)
    for way in _ways(met):
        for place, step in enumerate(dict.fromkeys(item.labels["step"] for item in way)):
            places[step].append(place)
    return sorted(places, key=lambda step: (mean(places[step]), step))
