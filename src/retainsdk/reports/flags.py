"""What ought not to be: unsuitable sales, contradictions, and what the departments warn of (CONCEPTS A3, D2, E1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from retainsdk.duties import Circumstances
from retainsdk.firm.offering import UNSUITABLE_BELOW, Sale, missold
from retainsdk.record.contradiction import Contradiction
from retainsdk.record.signal import Signal
from retainsdk.reports import items
from retainsdk.reports.attributes import word
from retainsdk.reports.cuts import Figure, Item, Items, number
from retainsdk.reports.drawn import cross_cut, customers, how_many, middle
from retainsdk.reports.report import About, Report, Unit
from retainsdk.value.features import contradicted, sales
from retainsdk.vocabulary import Severity

MIS_SELLING = About(
    name="mis-selling", title="Unsuitable sales", question="Who sold what to somebody it does not suit?"
)
CONTRADICTIONS = About(
    name="contradictions", title="Contradictions", question="Which customers were told different things?"
)
SIGNALS = About(
    name="signals", title="Signals", question="Which department warns of what, and who sees to it?"
)

_SALE = {
    "package": "What was sold: its code in the catalogue.",
    "rule": "By which its suitability was judged when it was sold.",
    "record": "Where the sale stands.",
}
_SAID = {
    "subject": "What both statements are about.",
    "earlier": "What was said first.",
    "later": "What was said against it.",
}
_SIGNAL = {
    "department": "Who raised it.",
    "sign": "What sort of sign, in the department's words.",
    "severity": "How much it matters.",
}


def misselling(
    known: Circumstances,
    *,
    by: str | Iterable[str] | None = None,
    below: float = UNSUITABLE_BELOW,
    purpose: str | None = None,
) -> Report:
    """
    Packages sold to customers whom they did not suit, as could be known when they were sold.

    Args:
        known: The book as of an instant.
        by: Attributes; one row a sale unless given.
        below: Suitability, 0 to 1, below which a sale is flagged.
        purpose: For which sensitive facts may be looked at.
    """
    found = [
        Item(
            kind="sale",
            account=account,
            at=sale.at,
            thing=sale,
            labels={
                "package": sale.offering,
                "rule": sale.rule,
                "record": sale.where,
                "representative": sale.by,
            },
        )
        for account in items.accounts(known)
        for sale in missold(sales(account), below=below)
    ]
    figures = [
        number("sale", "sales", "How many did not suit."),
        customers(),
        Figure(
            name="least suitable",
            unit=Unit.NUMBER,
            meaning="The lowest suitability of them, 0 to 1.",
            of=lambda them: min(
                (it.suitability for it in _sales(them) if it.suitability is not None), default=None
            ),
        ),
        Figure(
            name="last",
            unit=Unit.DAY,
            meaning="The day of the last one.",
            of=lambda them: max((known.ledger.day(it.at) for it in them), default=None),
        ),
    ]
    return cross_cut(
        known,
        found,
        about=MIS_SELLING,
        by=by,
        usual=("representative", "relationship", "customer", "package", "rule", "record"),
        figures=figures,
        purpose=purpose,
        labels=_SALE,
    )


def contradictions(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """Prices, dates and scopes that a customer was told in two ways; whoever said the later one stands as representative."""
    found = [
        Item(
            kind="contradiction",
            account=account,
            at=it.later.at,
            thing=it,
            labels={
                "subject": f"{word(it.later.kind)} of {it.later.subject}",
                "earlier": str(it.earlier),
                "later": str(it.later),
                "representative": it.later.by,
            },
        )
        for account in items.accounts(known)
        for it in contradicted(known.ledger, account, known.ledger.catalogue)
    ]
    figures = [
        number("contradiction", "contradictions", "How many there are."),
        customers(),
        how_many("two people", "Of them those of two different people of ours.", _is_between_two),
    ]
    return cross_cut(
        known,
        found,
        about=CONTRADICTIONS,
        by=by,
        usual=("relationship", "customer", "subject", "earlier", "later"),
        figures=figures,
        purpose=purpose,
        labels=_SAID,
    )


def signals(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """What the departments warn of, what still stands, and how long it took to see to it."""
    found = [
        Item(
            kind="signal",
            account=account,
            at=signal.raised_at,
            thing=signal,
            labels={
                "department": signal.department,
                "sign": signal.kind,
                "severity": word(signal.severity) or "",
            },
        )
        for account in items.accounts(known)
        for signal in account.timeline.signals.values()
    ]
    figures = [
        number("signal", "raised", "How many signs were."),
        how_many("standing", "Of them those that nobody has cleared.", lambda it: _signal(it).stands),
        how_many(
            "alarms standing",
            "Of these, the gravest.",
            lambda it: _signal(it).stands and _signal(it).severity is Severity.ALARM,
        ),
        customers(),
        middle("cleared after", Unit.DAYS, "Median of the days until one was cleared.", _days_until_cleared),
    ]
    return cross_cut(
        known,
        found,
        about=SIGNALS,
        by=by,
        usual=("department",),
        figures=figures,
        purpose=purpose,
        labels=_SIGNAL,
        shown="standing",
    )


def _sales(them: Items) -> list[Sale]:
    return [item.thing for item in them if isinstance(item.thing, Sale)]


def _is_between_two(item: Item) -> bool:
    if not isinstance(item.thing, Contradiction) or item.thing.earlier.where:
        return False
    return item.thing.earlier.by != item.thing.later.by


def _signal(item: Item) -> Signal:
    assert isinstance(item.thing, Signal)  # noqa: S101 # as they were made above
    return item.thing


def _days_until_cleared(them: Items) -> Iterator[int]:
    for item in them:
        cleared_at = _signal(item).cleared_at
        if cleared_at is not None:
            yield (cleared_at - _signal(item).raised_at).days
