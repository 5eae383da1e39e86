"""What customers buy: how often, how much and when, and which products they like best (CONCEPTS C7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from retainsdk.duties import Circumstances
from retainsdk.events import PurchaseRecorded
from retainsdk.quantities import Money
from retainsdk.reports import items
from retainsdk.reports.cuts import Figure, Item, Items, attributes, cut, number, summed
from retainsdk.reports.drawn import cross_cut, customers, drawn_up, middle
from retainsdk.reports.report import About, Cell, Report, Unit

BUYING_HABITS = About(
    name="buying-habits", title="Buying habits", question="How often do customers buy, how much, and when?"
)
FAVOURITE_PRODUCTS = About(
    name="favourite-products",
    title="Favourite products",
    question="What do customers buy most, and come again for?",
)

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_PARTS_OF_THE_DAY = ((12, "morning"), (17, "afternoon"), (24, "evening"))


_ORDER = (*_DAYS, *(part for _, part in _PARTS_OF_THE_DAY))


def buying_habits(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """How often customers buy, how much, when, and after how long again."""
    attribute = attributes(by, ("relationship", "customer"))
    day = known.ledger.day
    currency = known.ledger.currency

    def bought_on(them: Items) -> list[date]:
        return sorted(day(it.at) for it in _bought(them))

    def mean(them: Items) -> Cell:
        count = sum(1 for _ in _bought(them))
        spent = summed(them, "purchase", currency)
        return Money(spent.amount / count, currency).rounded() if count else None

    figures = [
        number("purchase", "purchases", "How often something was bought."),
        customers(),
        Figure(
            name="amount",
            unit=Unit.MONEY,
            meaning="What it came to, less refunds.",
            of=lambda them: summed(them, "purchase", currency) + summed(them, "refund", currency),
        ),
        Figure(name="a purchase", unit=Unit.MONEY, meaning="What one purchase came to on average.", of=mean),
        Figure(
            name="first",
            unit=Unit.DAY,
            meaning="The day of the first purchase.",
            of=lambda them: next(iter(bought_on(them)), None),
        ),
        Figure(
            name="last",
            unit=Unit.DAY,
            meaning="The day of the last purchase.",
            of=lambda them: next(reversed(bought_on(them)), None),
        ),
        middle(
            "interval",
            Unit.DAYS,
            "Median of the days from one day of buying to the customer's next.",
            lambda them: _intervals(them, known),
        ),
        Figure(
            name="usual day",
            unit=Unit.TEXT,
            meaning="The day of the week on which most is bought; of equals the earlier.",
            of=lambda them: _usual(_DAYS[bought.weekday()] for bought in bought_on(them)),
        ),
        Figure(
            name="usual time",
            unit=Unit.TEXT,
            meaning="Morning, until noon; afternoon, until five; or evening.",
            of=lambda them: _usual(_part_of_day(it, known) for it in _bought(them)),
        ),
    ]
    sold = (item for item in items.payments(known) if item.kind != "fee")
    made = cut(known, sold, by=attribute, figures=figures, purpose=purpose, labels=items.SALE_LABELS)
    return drawn_up(
        known,
        made,
        about=BUYING_HABITS,
        notes=[f"In local time, {known.ledger.zone.key}."],
    )


def favourite_products(
    known: Circumstances, *, by: str | Iterable[str] | None = None, purpose: str | None = None
) -> Report:
    """What is bought most, by how many, and whether they come again for it."""
    currency = known.ledger.currency

    def amount(them: Items) -> Money:
        return summed(them, "purchase", currency) + summed(them, "refund", currency)

    figures = [
        Figure(
            name="quantity",
            unit=Unit.COUNT,
            meaning="Pieces bought.",
            of=lambda them: sum(_sale(it).quantity for it in _bought(them)),
        ),
        number("purchase", "purchases", "How often it was bought."),
        customers(),
        Figure(
            name="bought again",
            unit=Unit.COUNT,
            meaning="How many customers bought it more than once; of several products, each counts.",
            of=lambda them: sum(times > 1 for times in Counter(map(_whose_and_what, _bought(them))).values()),
        ),
        Figure(name="amount", unit=Unit.MONEY, meaning="What it came to, less refunds.", of=amount),
        number("refund", "refunds", "How often it was brought back."),
    ]
    return cross_cut(
        known,
        (item for item in items.payments(known) if item.kind != "fee"),
        about=FAVOURITE_PRODUCTS,
        by=by,
        usual=("product",),
        figures=figures,
        purpose=purpose,
        labels=items.SALE_LABELS,
        shown="quantity",
    )


def _bought(them: Items) -> Iterator[Item]:
    return (item for item in them if item.kind == "purchase")


def _sale(item: Item) -> PurchaseRecorded:
    assert isinstance(item.thing, PurchaseRecorded)  # noqa: S101 # as the source makes them
    return item.thing


def _whose(item: Item) -> int:
    return 0 if item.account is None else item.account.relationship.id


def _whose_and_what(item: Item) -> tuple[int, str]:
    return _whose(item), item.labels["product"]


def _intervals(them: Items, known: Circumstances) -> Iterator[float]:
    days: dict[int, set[date]] = defaultdict(set)
    for item in _bought(them):
        days[_whose(item)].add(known.ledger.day(item.at))
    for each in days.values():
        yield from ((later - one).days for one, later in pairwise(sorted(each)))


def _usual(words: Iterable[str]) -> str | None:
    counted = Counter(words)
    if not counted:
        return None
    return min(counted, key=lambda word: (-counted[word], _ORDER.index(word)))


def _part_of_day(item: Item, known: Circumstances) -> str:
    hour = item.at.astimezone(known.ledger.zone).hour
    return next(part for end, part in _PARTS_OF_THE_DAY if hour < end)
