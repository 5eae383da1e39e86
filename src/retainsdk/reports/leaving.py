"""
Why customers leave, as they say and as we believe, by who wrote it down (CONCEPTS B7, B8).

"No need for the service" is a label that hides a reason. Whoever writes it down more often than before, or than the
others do, has made it a habit: he is flagged, when luck alone would hardly show as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time

import attrs

from retainsdk.duties import Circumstances
from retainsdk.experiment.proportion import as_rare, surprising, wilson
from retainsdk.reports import items
from retainsdk.reports.attributes import word
from retainsdk.reports.cuts import Cut, Item, Items, attributes, cut
from retainsdk.reports.horizon import months_back
from retainsdk.reports.report import About, Cell, Column, Picture, Report, Unit
from retainsdk.vocabulary import Reason

LEAVING_REASONS = About(
    name="leaving-reasons",
    title="Reasons for leaving",
    question="Why do customers say they leave, who writes it down, and can it be believed?",
)

LEVEL = 0.05
"""How often a report on staff who do nothing wrong may flag anybody at all."""

_NO_NEED = word(Reason.NO_NEED_STATED)
_DEFINITIONS = (
    (
        "drift of “no need”",
        (
            "In the last months somebody wrote down “no need” for a larger share of leavers than he did before, or than "
            "all others did in the same months. Each is Fisher's exact test, one-sided; of all tests of a report Holm's "
            f"procedure calls a difference real so that even one false alarm comes up in {LEVEL:.0%} of reports at most."
        ),
    ),
    ("stated", "What the leaver said."),
    ("assessed", "What whoever wrote it down, or somebody after him, believes: the last word on it."),
)


@attrs.frozen(kw_only=True)
class Drift:
    """
    How much more often "no need" was written down lately.

    Attributes:
        who: By whom, or in which class.
        against: ``before`` or ``the others``.
        share: Lately, 0 to 1.
        other_share: What it is compared with.
        chance: How often luck alone would show as much.
        is_flagged: Whether that is surprising among all the tests of the report.
    """

    who: str | None
    against: str
    share: float
    other_share: float
    chance: float
    is_flagged: bool = False

    def __str__(self) -> str:
        return (
            f"DRIFT: {self.who or '(unknown)'} stated “no need” for {self.share:.0%} of leavers lately, "
            f"{self.against} {self.other_share:.0%} (luck alone shows as much {_often(self.chance)})"
        )


def _often(chance: float) -> str:
    return "less than once in a thousand times" if chance < _THOUSANDTH else f"{chance:.1%} of the time"


_THOUSANDTH = 0.001


def leaving_reasons(
    known: Circumstances,
    *,
    by: str | Iterable[str] | None = None,
    months: int = 3,
    purpose: str | None = None,
) -> Report:
    """
    Stated reasons, how large the share of each is, and what we believe instead.

    Args:
        known: The book as of an instant.
        by: Attributes; who wrote it down unless given.
        months: How far back "lately" goes, for the drift of "no need".
        purpose: For which sensitive facts may be looked at.

    Raises:
        CommandError: When *months* is less than 1, or an attribute is not known.
    """
    since = months_back(known.today, months)
    attribute = tuple(it for it in attributes(by, ("representative",)) if it != "reason")
    left = list(items.exits(known))
    made = cut(known, left, by=(*attribute, "reason"), figures=[], purpose=purpose)
    whose = cut(known, left, by=attribute, figures=[], purpose=purpose) if attribute else None
    sizes = {} if whose is None else dict(zip(whose.rows, map(len, whose.classes), strict=True))
    found = [] if whose is None else drifts(known, whose, months=months)
    flagged = {it.who for it in found if it.is_flagged}
    rows = []
    for key, those in zip(made.rows, made.classes, strict=True):
        whole = sizes.get(key[:-1], len(left))
        ends = wilson(len(those), whole) or (None, None)
        is_drifting = key[-1] == _NO_NEED and _named(key[:-1]) in flagged
        differs = sum(_is_believed_otherwise(item) for item in those)
        rows.append((*key, len(those), len(those) / whole, *ends, differs, "drift" if is_drifting else ""))
    total: tuple[Cell, ...] = (
        *(None for _ in (*attribute, "reason")), len(left), None, None, None,
        sum(map(_is_believed_otherwise, left)), None,
    )  # fmt: skip
    return Report(
        name=LEAVING_REASONS.name,
        title=LEAVING_REASONS.title,
        question=LEAVING_REASONS.question,
        as_of=known.now.astimezone(known.ledger.zone),
        currency=known.ledger.currency,
        columns=(*made.columns, *_COLUMNS),
        rows=tuple(rows),
        total=total,
        notes=(
            *(str(it) for it in found if it.is_flagged),
            f"Lately is since {since}; “no need” hides a reason and is never one itself.",
        ),
        definitions=_DEFINITIONS,
        picture=Picture(label=made.columns[0].name, value="share", low="low", high="high", colour="reason")
        if attribute
        else Picture(label="reason", value="share", low="low", high="high"),
    )


_COLUMNS = (
    Column(name="exits", unit=Unit.COUNT, meaning="How many left and stated it."),
    Column(name="share", unit=Unit.SHARE, meaning="Of all who left in the class."),
    Column(name="low", unit=Unit.SHARE, meaning="Lower end of the 95 % interval of the share (Wilson)."),
    Column(name="high", unit=Unit.SHARE, meaning="Upper end of the same."),
    Column(
        name="believed otherwise", unit=Unit.COUNT, meaning="Of them those whose assessed reason is another."
    ),
    Column(name="flag", unit=Unit.TEXT, meaning="Whether “no need” drifts in this class."),
)


def drifts(known: Circumstances, whose: Cut, *, months: int) -> list[Drift]:
    """All that was tested: each class lately against the same before, and against all others lately."""
    since = datetime.combine(months_back(known.today, months), time(), known.ledger.zone)
    lately = [[item for item in those if item.at >= since] for those in whose.classes]
    before = [[item for item in those if item.at < since] for those in whose.classes]
    found = []
    for place, row in enumerate(whose.rows):
        others = [item for other, those in enumerate(lately) if other != place for item in those]
        for against, those in (("before", before[place]), ("the others", others)):
            if lately[place] and those:
                found.append(_tested(_named(row), against, lately[place], those))
    verdicts = surprising([it.chance for it in found], level=LEVEL)
    return [attrs.evolve(it, is_flagged=is_so) for it, is_so in zip(found, verdicts, strict=True)]


def _tested(who: str | None, against: str, those: Items, others: Items) -> Drift:
    part, other = sum(map(_is_no_need, those)), sum(map(_is_no_need, others))
    return Drift(
        who=who,
        against=against,
        share=part / len(those),
        other_share=other / len(others),
        chance=as_rare(part, len(those), other, len(others)),
    )


def _named(key: Sequence[Cell]) -> str | None:
    return ", ".join("(unknown)" if it is None else str(it) for it in key) or None


def _is_no_need(item: Item) -> bool:
    return item.labels["reason"] == _NO_NEED


def _is_believed_otherwise(item: Item) -> bool:
    return bool(item.labels["assessed"]) and item.labels["assessed"] != item.labels["reason"]
