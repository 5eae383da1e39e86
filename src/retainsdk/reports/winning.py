"""What it costs to win customers and to keep them, and what each stage costs and brings (CONCEPTS B5, B6, D1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time

import attrs

from retainsdk.duties import Circumstances
from retainsdk.firm.campaign import cost_each
from retainsdk.quantities import Money
from retainsdk.relationship import WITH_US
from retainsdk.reports import items
from retainsdk.reports.cuts import Figure, Item, Items, attributes, cut, in_order, money, number, summed
from retainsdk.reports.drawn import cross_cut, customers, drawn_up
from retainsdk.reports.horizon import months_back
from retainsdk.reports.report import About, Cell, Picture, Report, Unit
from retainsdk.value.cost import stage_at
from retainsdk.vocabulary import Stage
from retainsdk.wording import counted

ACQUISITION = About(
    name="acquisition",
    title="Cost of winning and of keeping",
    question="What did each customer won cost, and what was spent on those we had?",
)
STAGES = About(
    name="stages",
    title="Cost and value of each stage",
    question="What does a customer cost and bring at each stage of his way with us?",
)

_ONLY_AGAINST_A_CONTROL = (
    "Cost per customer who stayed is not the cost of keeping one: most would have stayed anyway. What keeping costs is "
    "known only against customers like them who were left alone: declare an experiment."
)


def acquisition(
    known: Circumstances,
    *,
    by: str | Iterable[str] | None = None,
    months: int = 12,
    hour: Money | None = None,
    purpose: str | None = None,
) -> Report:
    """
    What campaigns cost for each customer won, beside what was spent on those who were customers already.

    Args:
        known: The book as of an instant.
        by: Attributes; the campaign unless given, ``segment`` for whom it was meant.
        months: The horizon of keeping: it looks at who was a customer so many months ago.
        hour: What an hour of our time costs.
        purpose: For which sensitive facts may be looked at.

    Raises:
        CommandError: When *months* is less than 1, or an attribute is not known.
    """
    since = months_back(known.today, months)
    start = datetime.combine(since, time(), known.ledger.zone)
    currency = known.ledger.currency
    figures = [
        money("spent", "spent", "What campaigns cost.", currency=currency),
        number("came", "came", "Who came by one."),
        number("won", "won", "Of them who became customers, whatever became of them since."),
        _each("cost to win one", "Spent ÷ won; none when nobody was.", "spent", "won", currency),
        number("there", "customers then", f"Who was a customer on {since}."),
        number("stayed", "stayed", f"Of them who never left in the {months} months since."),
        money(
            "keeping",
            "spent on them",
            "Contacts and what was given, to all of them since.",
            currency=currency,
        ),
        _each("cost for one who stayed", "Spent on them ÷ stayed.", "keeping", "stayed", currency),
    ]
    time_said = f"an hour of ours at {hour}" if hour else "our time left out (no hour given)"
    return cross_cut(
        known,
        [*items.campaigns(known), *_keeping(known, start, hour)],
        about=ACQUISITION,
        by=by,
        usual=("campaign",),
        figures=figures,
        purpose=purpose,
        notes=[
            f"Horizon of keeping: {counted(months, 'month')}, from {since} to {known.today}; {time_said}.",
            _ONLY_AGAINST_A_CONTROL,
        ],
        shown="cost to win one",
    )


def stages(
    known: Circumstances,
    *,
    by: str | Iterable[str] | None = None,
    hour: Money | None = None,
    purpose: str | None = None,
) -> Report:
    """What each stage of the way with customers cost and brought, by the stage they were in when it happened."""
    currency = known.ledger.currency
    figures = [
        number("now", "customers now", "Who stands there now."),
        customers("customers ever", "Who ever stood there."),
        money("cost", "cost", "Of contacts and what was given.", currency=currency),
        money("income", "income", "Purchases less refunds, and fees.", currency=currency),
        Figure(
            name="cost each",
            unit=Unit.MONEY,
            meaning="Cost ÷ customers ever.",
            of=lambda them: cost_each(summed(them, "cost", currency), _ever(them)),
        ),
        Figure(
            name="income each",
            unit=Unit.MONEY,
            meaning="Income ÷ customers ever.",
            of=lambda them: cost_each(summed(them, "income", currency), _ever(them)),
        ),
    ]
    events = [_staged(item) for item in (*items.served(hour)(known), *items.earned(known))]
    made = cut(
        known,
        [*events, *_standing(known)],
        by=attributes(by, ("stage",)),
        figures=figures,
        purpose=purpose,
    )
    return drawn_up(
        known,
        in_order(made, "stage", [stage.name.lower() for stage in Stage]),
        about=STAGES,
        notes=[
            "Campaigns are not in it: see the report acquisition.",
            *([] if hour else ["The time of contacts costs nothing here: say what an hour costs (hour)."]),
        ],
        picture=Picture(label=made.columns[0].name, value="income each", in_order=True),
    )


def _each(name: str, meaning: str, cost: str, what: str, currency: str) -> Figure:
    def of(them: Items) -> Cell:
        return cost_each(summed(them, cost, currency), sum(item.kind == what for item in them))

    return Figure(name=name, unit=Unit.MONEY, meaning=meaning, of=of)


def _keeping(known: Circumstances, start: datetime, hour: Money | None) -> Iterator[Item]:
    there = set()
    for account in items.accounts(known):
        stage = stage_at(account.stages, start)
        if stage not in WITH_US:
            continue
        there.add(account.relationship.id)
        yield Item(kind="there", account=account, at=start)
        if not any(since > start and it is Stage.FORMER for since, it in account.stages):
            yield Item(kind="stayed", account=account, at=known.now)
    for item in items.served(hour)(known):
        if item.at >= start and item.account is not None and item.account.relationship.id in there:
            yield attrs.evolve(item, kind="keeping")


def _staged(item: Item) -> Item:
    assert item.account is not None  # noqa: S101 # costs and income have a customer
    stage = stage_at(item.account.stages, item.at) or item.account.stages[0][1]
    return attrs.evolve(item, labels={**item.labels, "stage": stage.name.lower()})


def _standing(known: Circumstances) -> Iterator[Item]:
    for account in items.accounts(known):
        now = account.relationship.state
        for stage in dict.fromkeys(stage.name.lower() for _, stage in account.stages):
            kind = "now" if stage == now else "ever"
            yield Item(kind=kind, account=account, at=account.relationship.opened_at, labels={"stage": stage})


def _ever(them: Items) -> int:
    return len({item.account.relationship.id for item in them if item.account is not None})
