"""Offers to somebody under contract: made, and taken or not."""

from __future__ import annotations

from collections.abc import Iterator

from retainsdk.events import OfferAccepted, OfferDeclined, OfferMade
from retainsdk.vocabulary import OfferKind
from retainsim.market.chronicle.agreed import package_code
from retainsim.market.chronicle.days import Entry, Told
from retainsim.market.chronicle.lived import Lived
from retainsim.market.chronicle.service import rest
from retainsim.market.person import Person

IN_WORDS = {
    OfferKind.PACKAGE: "a package that suits better",
    OfferKind.PRICE: "money off",
    OfferKind.PAUSE: "a rest from paying",
    OfferKind.BENEFIT: "a benefit for regulars",
    OfferKind.EARLY_ACCESS: "to be let in first",
}


def offer(
    lived: Lived, kind: OfferKind, amount: int, months: int, day: int, new: Person, *, takes: bool
) -> Iterator[Entry]:
    """
    Something is offered, and taken or not.

    The bill of the month in which money off is taken is the first to be lower; whoever is asked on its first day
    sleeps on it, so that what is left of it runs as long by the book.

    Args:
        lived: His month.
        kind: What is offered.
        amount: Money off, or the worth of it, minor units.
        months: For how long.
        day: When it is offered.
        new: His row when it has been answered.
        takes: Whether he takes it.
    """
    dossier, it = lived.dossier, lived.it
    number = None
    runs = int(new.discount_until) - it.month.number - 1

    def make() -> Iterator[Told]:
        nonlocal number
        number = dossier.next_offer()
        granted = takes and kind is OfferKind.PRICE
        body = OfferMade(
            offer=number,
            kind=kind,
            offering=package_code(new.package) if takes and kind is OfferKind.PACKAGE else None,
            amount=it.money(new.discount if granted else amount),
            months=max(runs, 0) if granted else months,
            cost=it.money(amount * max(months, 1)),
            what=IN_WORDS[kind],
        )
        yield dossier.us, body

    def answer() -> Iterator[Told]:
        assert number is not None  # noqa: S101 # it was made before
        yield dossier.us, OfferAccepted(offer=number) if takes else OfferDeclined(offer=number)
        if takes and kind is OfferKind.PAUSE:
            yield from rest(lived, int(new.paused_until))

    yield Entry(day, make)
    yield Entry(lived.by_last(max(day, lived.first + 1)) if takes else day, answer)
