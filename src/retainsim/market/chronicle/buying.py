"""
Buying without a contract: purchases by the day, coupons, and who has not come for so long that he counts as lost.

What a shop has instead of a contract is a customer card: no fee, no term, but a day since which somebody is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from retainsdk.action import ActionKind
from retainsdk.events import (
    Compensated,
    EndBegun,
    EndCompleted,
    OfferAccepted,
    OfferMade,
    PurchaseRecorded,
    Terminated,
)
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.vocabulary import Ending, OfferKind, Side, TermKind
from retainsim.market import purposes as for_
from retainsim.market.chronicle.days import EVENING, Entry, Told, at_once
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.lived import Deed, Lived, last_day_of_custom

_CARD = "a customer card"
_WELCOME, _BENEFIT = "money off, as a welcome to newcomers", "the benefit that was offered"
_COUPON, _EXTRA = "a coupon taken off at the till", "an extra for regulars"
_FAVOURS = frozenset({_WELCOME, _BENEFIT, _COUPON, _EXTRA})
"""What a month's concessions are for: a book knows their cost as something given."""
_SHOP_OFFERS = {
    OfferKind.PACKAGE: "what would suit him, shown on the shelf",
    OfferKind.PRICE: "a coupon",
    OfferKind.PAUSE: "to keep his place while he is away",
    OfferKind.BENEFIT: "a benefit for regulars",
    OfferKind.EARLY_ACCESS: "to be let in first",
}


def card(starts_on: date, currency: str) -> Terms:
    """What is agreed with whoever has a customer card."""
    nothing = Money.from_minor(0, currency)
    return Terms(
        starts_on=starts_on,
        kind=TermKind.OPEN_ENDED,
        fee=nothing,
        products=0,
        notice_days=0,
        scope=(_CARD,),
    )


def offer_in_shop(lived: Lived, deed: Deed, kind: OfferKind, day: int) -> Iterator[Entry]:
    """A coupon, or what else is offered: open until he takes it. What it costs is known when it is used."""
    if lived.mid.offers_made <= lived.before.offers_made:
        return

    def make() -> Iterator[Told]:
        number = lived.dossier.next_offer()
        lived.dossier.open_offers.append(number)
        body = OfferMade(
            offer=number,
            kind=kind,
            offering=None,
            amount=lived.it.money(deed.amount),
            months=deed.months,
            cost=lived.it.money(0),
            what=_SHOP_OFFERS[kind],
        )
        yield lived.dossier.us, body

    yield Entry(day, make)


def purchases(lived: Lived) -> Iterator[Entry]:
    """What he bought on each day; with the last of it what was taken off, and what the month's favours cost us."""
    us, money, days = lived.dossier.us, lived.it.money, lived.visits
    cost = lived.after.concession_cost - lived.before.concession_cost
    if lived.deed is not None and lived.deed.kind is ActionKind.COMPENSATION:
        cost -= lived.deed.amount  # told as such
    paid = int(lived.after.value_to_date - lived.before.value_to_date)
    told: list[Told] = []
    off = min(int(lived.before.discount), int(cost)) if days else 0
    if days:
        total = max(paid + off, len(days))  # each purchase costs something, or it was none
        lots = [lived.chance(for_.EACH_BASKET ^ place) for place in range(len(days))]
        *sizes, size = baskets(total, lots)
        for day, amount in zip(days, sizes, strict=False):
            yield Entry(day, at_once(us, purchase(money(amount))))
        told.append((us, purchase(money(size))))
        if total > paid:
            coupon = PurchaseRecorded(what="coupon", amount=money(paid - total), paid=True)
            told.append((us, coupon))
    if cost > 0:
        favour = Compensated(commitment=None, what=_favour(lived, off), cost=money(cost))
        told.append((us, favour))
    if told:
        yield Entry(days[-1] if days else lived.contact_day, lambda: told)


def is_favour(body: object) -> bool:
    """Whether the till gave something, and no person of ours."""
    return isinstance(body, Compensated) and body.what in _FAVOURS


def _favour(lived: Lived, off: int) -> str:
    if lived.is_new:
        return _WELCOME
    if lived.deed is not None and lived.deed.kind is ActionKind.OFFER_BENEFIT:
        return _BENEFIT
    return _COUPON if off else _EXTRA


def coupons_taken(lived: Lived) -> Iterator[Entry]:
    """Offers that he takes, the oldest first: the first time that a coupon is used, or a benefit is liked."""
    dossier = lived.dossier
    taken = min(int(lived.after.offers_accepted), int(lived.after.offers_made))

    def take() -> Iterator[Told]:
        while dossier.accepted < taken and dossier.open_offers:
            dossier.accepted += 1
            yield dossier.us, OfferAccepted(offer=dossier.open_offers.pop(0))

    yield Entry(lived.next - 1, take, EVENING)


def lapse(lived: Lived) -> Iterator[Entry]:
    """He has not come for three times his usual gap: the shop counts him as lost, and nobody knows why."""
    assert lived.it.share_made is not None  # noqa: S101 # a shop
    if not lived.is_ours and (lived.was_ours or lived.visits):
        day = last_day_of_custom(lived.after, lived.it.share_made)
        yield Entry(day, partial(lost, lived.dossier), EVENING)


def lost(dossier: Dossier) -> Iterator[Told]:
    """Somebody comes no more."""
    yield dossier.us, EndBegun(by=Side.CUSTOMER)
    yield dossier.agreement, Terminated(kind=Ending.UNKNOWN)
    yield (
        dossier.us,
        EndCompleted(steps=None, although="he has not come for three times his usual gap"),
    )
    dossier.rank = None


def purchase(amount: Money) -> PurchaseRecorded:
    """He bought something, and paid for it."""
    return PurchaseRecorded(what="a purchase", amount=amount, paid=True)


def baskets(total: int, lots: list[float]) -> list[int]:
    """
    An amount divided among visits, none of which goes away with nothing.

    >>> baskets(100, [0.5, 0.5, 0.0])
    [38, 39, 23]
    """
    left, shares, sizes = total - len(lots), [0.6 + 0.8 * lot for lot in lots], []
    weight = sum(shares)
    for share in shares:
        size = round(left * share / weight)
        sizes.append(1 + size)
        left, weight = left - size, weight - share
    return sizes
