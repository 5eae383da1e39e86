"""Promises kept, by person: whom a customer can rely on (CONCEPTS A5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from retainsdk.commitment import Commitment
from retainsdk.commitment.reliability import MOST_RETRACTED, Reliability
from retainsdk.duties import Circumstances
from retainsdk.reports import items
from retainsdk.reports.cuts import Figure, Items, attributes, cut
from retainsdk.reports.drawn import drawn_up
from retainsdk.reports.report import About, Cell, Picture, Report, Unit

PROMISES = About(name="promises", title="Promises kept", question="Whose word can a customer rely on?")

_RETRACTED = f"Recorded in error; in no rate. More than {MOST_RETRACTED:.0%} is a reason to doubt the rates."
_KEPT_RATE = (
    "Kept ÷ (kept + ever broken). Notice of a delay in time protects it; making good does not raise it."
)
_ON_TIME_RATE = "Kept by the time first promised ÷ the same. Nothing protects it."


def promises(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """What became of our promises; those of a duty count for whoever has the relationship."""
    figures = [
        _figure("promises", Unit.COUNT, "How many were made.", lambda it: it.made),
        Figure(
            name="open",
            unit=Unit.COUNT,
            meaning="Of them those still to be kept.",
            of=lambda them: sum(it.is_open for it in _promises(them)),
        ),
        _figure("kept", Unit.COUNT, "Of them those kept.", lambda it: it.kept),
        _figure("on time", Unit.COUNT, "Of those kept, by the time first promised.", lambda it: it.on_time),
        _figure("broken", Unit.COUNT, "Ever broken, whatever was done for them since.", lambda it: it.broken),
        _figure("retracted", Unit.COUNT, _RETRACTED, lambda it: it.retracted),
        _figure("kept rate", Unit.SHARE, _KEPT_RATE, lambda it: it.kept_rate),
        _figure("on-time rate", Unit.SHARE, _ON_TIME_RATE, lambda it: it.on_time_rate),
    ]
    attribute = attributes(by, ("representative",))
    made = cut(
        known,
        items.promises(known),
        by=attribute,
        figures=figures,
        purpose=purpose,
        labels=items.PROMISE_LABELS,
    )
    notes = []
    for row, those in zip(made.rows, made.classes, strict=True):
        one = Reliability.of(_promises(those))
        if one.too_many_retracted:
            who = ", ".join("(unknown)" if it is None else str(it) for it in row[: len(attribute)])
            notes.append(
                f"WARNING: {who} has {one.retracted} of {one.made} promises retracted as recorded in error, more than "
                f"{MOST_RETRACTED:.0%}: the rates are to be doubted."
            )
    return drawn_up(
        known,
        made,
        about=PROMISES,
        notes=notes,
        picture=Picture(label=made.columns[0].name, value="kept rate"),
    )


def _promises(them: Items) -> list[Commitment]:
    return [item.thing for item in them if isinstance(item.thing, Commitment)]


def _figure(name: str, unit: Unit, meaning: str, of: Callable[[Reliability], Cell]) -> Figure:
    return Figure(name=name, unit=unit, meaning=meaning, of=lambda them: of(Reliability.of(_promises(them))))
