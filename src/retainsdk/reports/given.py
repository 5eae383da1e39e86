"""What was given to keep customers, by whom, and whether he might (CONCEPTS A7)."""

from __future__ import annotations

from collections.abc import Iterable

from retainsdk.duties import Circumstances
from retainsdk.firm.staff import may_grant
from retainsdk.quantities import Money
from retainsdk.reports import items
from retainsdk.reports.cuts import Figure, Item, Items, money, number, summed
from retainsdk.reports.drawn import cross_cut, customers
from retainsdk.reports.report import About, Cell, Report, Unit

CONCESSIONS = About(
    name="concessions", title="Concessions", question="Who gives what to keep customers, and may he?"
)


def concessions(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """Concessions with their cost, beside what the same customers brought and what whoever gave them may grant."""
    ledger = known.ledger
    currency = ledger.currency
    figures = [
        number("concession", "given", "How often something was."),
        customers(),
        money("concession", "cost", "What it costs us.", currency=currency),
        Figure(
            name="largest",
            unit=Unit.MONEY,
            meaning="The dearest of them.",
            of=lambda them: max((it.amount for it in them if it.amount is not None), default=None),
        ),
        Figure(
            name="authority",
            unit=Unit.MONEY,
            meaning="What the one person who gave them may grant at a time; none when they were more, or nobody has said.",
            of=lambda them: _authority(them, known),
        ),
        Figure(
            name="above authority",
            unit=Unit.COUNT,
            meaning="How many were above what whoever gave them may grant now.",
            of=lambda them: sum(_is_above(item, known) for item in them),
        ),
        Figure(
            name="a customer",
            unit=Unit.MONEY,
            meaning="Cost for each customer who got something.",
            of=lambda them: _each(them, currency),
        ),
    ]
    return cross_cut(
        known,
        items.granted(known),
        about=CONCESSIONS,
        by=by,
        usual=("representative",),
        figures=figures,
        purpose=purpose,
        labels=items.GRANT_LABELS,
        notes=["Authority is as set now; what was above it when it was given was refused then."],
        shown="cost",
    )


def _authority(them: Items, known: Circumstances) -> Cell:
    who = {item.labels["representative"] for item in them}
    one = known.ledger.staff.get(who.pop()) if len(who) == 1 else None
    return None if one is None else one.authority


def _is_above(item: Item, known: Circumstances) -> bool:
    cost = item.amount or Money(0, known.ledger.currency)
    return not may_grant(known.ledger.staff, item.labels["representative"], cost)


def _each(them: Items, currency: str) -> Cell:
    whose = {item.account.relationship.id for item in them if item.account is not None}
    cost = summed(them, "concession", currency)
    return Money(cost.amount / len(whose), currency).rounded() if whose else None
