"""The card: one customer on one page, with what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from retainsdk.codec import id_text
from retainsdk.ledger import Ledger
from retainsdk.opinion import SILENT, Opinion
from retainsdk.relationship import UNASSIGNED
from retainsdk.reports.chart import gaps
from retainsdk.reports.sections import SECTIONS, Line, Sight
from retainsdk.reports.text_table import on_one_line
from retainsdk.vocabulary import Stage

SCHEMA_VERSION = 2


@attrs.frozen(kw_only=True)
class Card:
    """
    What we know of a customer on a day.

    Attributes:
        relationship: Its id.
        reference: The name other systems know it by.
        name: The customer's.
        as_of: When it was drawn up.
        sections: Headings with their lines, each a label and what stands under it.
        gaps: What a good card would hold and this one lacks.
    """

    relationship: int
    reference: str
    name: str
    as_of: datetime
    sections: tuple[tuple[str, tuple[Line, ...]], ...]
    gaps: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands in it in the customer's own script from end to end; its lines mix scripts."""
        return (self.name, self.reference)

    def as_json(self) -> dict[str, Any]:
        """For programs: the documented form of ``--json``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "relationship": id_text(self.relationship),
            "reference": self.reference,
            "name": self.name,
            "as_of": self.as_of,
            "sections": {
                heading: [{"label": label, "text": text} for label, text in lines]
                for heading, lines in self.sections
            },
            "gaps": list(self.gaps),
        }

    def __str__(self) -> str:
        lines = [f"{on_one_line(self.name)}  [{id_text(self.relationship)}]"]
        for heading, entries in self.sections:
            lines += ["", heading]
            lines += [f"  {on_one_line(label):<20} {on_one_line(text)}".rstrip() for label, text in entries]
        if self.gaps:
            lines += ["", "missing", *(f"  {gap}" for gap in self.gaps)]
        return "\n".join(lines)


def card(
    ledger: Ledger,
    relationship: int,
    *,
    as_of: datetime,
    firm: Ledger | None = None,
    opinion: Opinion = SILENT,
) -> Card:
    """
    The card of one customer.

    Sensitive facts never stand on it, nor which arm of an experiment he belongs to.

    Args:
        ledger: Folded from what had occurred by *as_of*; holds his account and whom he is affiliated with at least.
        relationship: Whose.
        as_of: Now.
        firm: Holds what concerns no single customer: catalogue, competitors, programmes, experiments; *ledger*
            unless given.
        opinion: What plug-ins say of him.

    Raises:
        UnknownIdError: When the ledger does not hold it.
    """
    account = ledger.account(relationship)
    see = Sight(ledger=ledger, account=account, firm=firm or ledger, as_of=as_of, opinion=opinion)
    sections = ((heading, tuple(lines(see))) for heading, lines in SECTIONS.items())
    return Card(
        relationship=relationship,
        reference=account.relationship.reference,
        name=see.customer.name,
        as_of=as_of,
        sections=tuple((heading, lines) for heading, lines in sections if lines),
        gaps=tuple(_gaps(see)),
    )


def _gaps(see: Sight) -> list[str]:
    account, it = see.account, see.account.relationship
    lacking = []
    if it.owner == UNASSIGNED:
        lacking.append("an owner: nobody has the main duty for this relationship")
    if it.origin is None:
        lacking.append("how the customer came")
    lacking += gaps(see.customer, account, see.as_of)
    if it.stage is Stage.FORMER and it.exit_reason is None:
        lacking.append("why the customer left")
    elif it.exit_reason is not None and not it.exit_reason.is_leaf:
        lacking.append("the true reason: “no need” hides one")
    if it.stage is Stage.FORMER and it.closing_steps is None:
        lacking.append("whether the relationship ended well")
    if next(iter(account.timeline.contacts()), None) is None:
        lacking.append("any contact")
    return lacking
