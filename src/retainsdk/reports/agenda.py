"""The agenda: what we owe to whom and by when, why, and what follows if it is missed."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import Any

import attrs

from retainsdk.codec import id_text
from retainsdk.commitment import Commitment
from retainsdk.ledger import Ledger
from retainsdk.vocabulary import Promise

SCHEMA_VERSION = 1


@attrs.frozen(kw_only=True)
class Item:
    """
    One promise on the agenda.

    Attributes:
        owner: Who has to see to it.
        day: On which it is due, in the book's zone.
        due: The instant.
        overdue: Whether that has passed.
        relationship: To whom it is owed.
        customer: His name.
        promise: Its number.
        kind: Callback or delivery.
        what: In the words of the promise.
        why: How it came to stand here.
        if_missed: What follows.
    """

    owner: str
    day: date
    due: datetime
    overdue: bool
    relationship: int
    customer: str
    promise: int
    kind: Promise
    what: str
    why: str
    if_missed: str


@attrs.frozen(kw_only=True)
class Agenda:
    """
    What is open.

    Attributes:
        as_of: When it was drawn up.
        until: The last day it looks at; none for all.
        items: By owner, then by due time.
    """

    as_of: datetime
    until: date | None
    items: tuple[Item, ...]

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "as_of": self.as_of,
            "until": self.until,
            "items": [
                attrs.asdict(item)
                | {"relationship": id_text(item.relationship), "kind": item.kind.name.lower()}
                for item in self.items
            ],
        }

    def __str__(self) -> str:
        if not self.items:
            return "Nothing is owed."
        lines: list[str] = []
        for owner, owned in groupby(self.items, key=lambda item: item.owner):
            lines.append(owner)
            for day, due in groupby(owned, key=lambda item: item.day):
                lines.append(f"  {day:%Y-%m-%d}")
                for item in due:
                    lines += _described(item)
        return "\n".join(lines)


def _described(item: Item) -> list[str]:
    late = " OVERDUE" if item.overdue else ""
    whom = f"{item.customer} [{id_text(item.relationship)}]"
    return [
        f"    {item.due:%H:%M}{late} {item.kind.name.lower()} {item.promise} to {whom}: {item.what}",
        f"      why: {item.why}",
        f"      if missed: {item.if_missed}",
    ]


def agenda(ledger: Ledger, *, as_of: datetime, owner: str | None = None, until: date | None = None) -> Agenda:
    """
    All open promises, overdue ones included.

    Args:
        ledger: Folded from what had occurred by *as_of*.
        as_of: Now.
        owner: Only his.
        until: Only what is due on that day or before.
    """
    items = []
    for account in ledger.accounts.values():
        responsible = account.relationship.owner
        if owner is not None and responsible != owner:
            continue
        for promise in account.commitments.values():
            day = ledger.day(promise.due)
            if not promise.is_open or (until is not None and day > until):
                continue
            items.append(
                Item(
                    owner=responsible,
                    day=day,
                    due=promise.due.astimezone(ledger.zone),
                    overdue=promise.due < as_of,
                    relationship=account.relationship.id,
                    customer=ledger.customer_of(account).name,
                    promise=promise.number,
                    kind=promise.kind,
                    what=promise.what,
                    why=_why(ledger, promise),
                    if_missed=_if_missed(promise, overdue=promise.due < as_of),
                )
            )
    items.sort(key=lambda item: (item.owner, item.due, item.relationship, item.promise))
    return Agenda(as_of=as_of, until=until, items=tuple(items))


def _why(ledger: Ledger, promise: Commitment) -> str:
    why = f"promised by {promise.made_by} on {ledger.day(promise.made_at)}"
    if promise.basis:
        why += f" ({promise.basis})"
    if promise.notices:
        times = "once" if promise.notices == 1 else f"{promise.notices} times"
        why += f", put off {times}, first due {ledger.day(promise.first_due)}"
    return why


def _if_missed(promise: Commitment, *, overdue: bool) -> str:
    owed = "the customer is owed an explanation and a compensation"
    if overdue:
        return f"too late to keep or to put off: it counts as broken, {owed}"
    if promise.kind is Promise.CALLBACK:
        return (
            f"calling back keeps it even when the work is unfinished; missed, it counts as broken, and {owed}"
        )
    return f"a late notice is possible until it is due; missed, it counts as broken, and {owed}"
