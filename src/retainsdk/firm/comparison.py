"""Our package beside a competitor's, point by point: where he is better off with us, and where he is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import attrs

from retainsdk.events import CompetitorOfferSeen
from retainsdk.firm.offering import open_offers, share
from retainsdk.quantities import Money


class Better(StrEnum):
    """Who is better for the customer in a point."""

    OURS = "ours"
    THEIRS = "theirs"
    EQUAL = "equal"
    UNKNOWN = "unknown"


@attrs.frozen(kw_only=True)
class Ours:
    """
    What a customer has or could have with us.

    Attributes:
        fee: What he pays a month.
        lock_in_months: How long he would still be bound.
        included: Use a month that it is made for; none when not measured.
        products: Services in it.
    """

    fee: Money
    lock_in_months: int
    included: float | None
    products: int


@attrs.frozen(kw_only=True)
class Point:
    """
    One thing that can be compared.

    Attributes:
        what: The thing.
        ours: With us, in words; empty when not known.
        theirs: With the competitor.
        better: Who is better for this customer.
    """

    what: str
    ours: str
    theirs: str
    better: Better


@attrs.frozen(kw_only=True)
class Comparison:
    """
    Ours beside one competing offer.

    Attributes:
        competitor: Whose.
        name: Of the package; may be empty.
        source: Who says so.
        until: First day without the offer; none when it has no end.
        points: What was compared.
    """

    competitor: str
    name: str
    source: str
    until: date | None
    points: tuple[Point, ...]

    def points_for(self, better: Better) -> tuple[Point, ...]:
        """The points in which one side is better, or neither."""
        return tuple(point for point in self.points if point.better is better)


def compared(
    ours: Ours, theirs: Iterable[CompetitorOfferSeen], *, used: float | None, on: date
) -> list[Comparison]:
    """
    Ours beside every competing offer open on a day, the one that is better in most points first.

    Args:
        ours: What he has, or could have.
        theirs: Competing offers, in the order of seeing.
        used: His use a month; none when not known, and then the package cannot be compared with his need.
        on: The day.
    """
    found = [
        Comparison(
            competitor=offer.competitor,
            name=offer.name,
            source=offer.source,
            until=offer.ends_on,
            points=tuple(_points(ours, offer, used)),
        )
        for offer in open_offers(theirs, on)
    ]
    return sorted(found, key=_speaks_for_us)


def _speaks_for_us(it: Comparison) -> tuple[int, str, str]:
    return (
        len(it.points_for(Better.OURS)) - len(it.points_for(Better.THEIRS)),
        it.competitor,
        it.name,
    )


def _points(ours: Ours, theirs: CompetitorOfferSeen, used: float | None) -> Iterator[Point]:
    yield _point("fee a month", ours.fee, theirs.fee, less=True)
    suits = [_suits(used, included) for included in (ours.included, theirs.included)]
    yield _point("suits his use", *suits, less=False, shown="{:.0%}")
    costs = [
        _per_unit(fee, used, included)
        for fee, included in ((ours.fee, ours.included), (theirs.fee, theirs.included))
    ]
    yield _point("fee per unit he uses", *costs, less=True)
    yield _point("months bound", ours.lock_in_months, theirs.lock_in_months, less=True)
    yield _point("services", ours.products, theirs.products, less=False)


def _suits(used: float | None, included: float | None) -> float | None:
    return None if used is None or included is None else share(used, included)


_LEAST_USE = 1e-9
"""Units a month; what costs something and gives less has no price a unit that is money."""


def _per_unit(fee: Money, used: float | None, included: float | None) -> Money | None:
    if used is None or included is None or min(used, included) < _LEAST_USE:
        return None
    return Money(fee.amount / Decimal(repr(min(used, included))), fee.currency).rounded()


def _point(what: str, ours: Any, theirs: Any, *, less: bool, shown: str = "{}") -> Point:  # noqa: ANN401 # whatever can be compared
    if ours is None or theirs is None:
        better = Better.UNKNOWN
    elif ours == theirs:
        better = Better.EQUAL
    else:
        better = Better.OURS if (ours < theirs) is less else Better.THEIRS
    words = ["" if it is None else shown.format(it) for it in (ours, theirs)]
    return Point(what=what, ours=words[0], theirs=words[1], better=better)
