"""
What a month did to a person, told as events, in the order of the law. Read this first.

Everything is found by comparing his row before the month, after it was lived, and at its end. Nothing is decided here.
What only the world knows is not looked at; days are those of the law, drawn again from the same keyed chance, and where
the law names none, days of the chronicle's own.
"""

from __future__ import annotations

from collections.abc import Iterator

from retainsim.market.chronicle.account import changes_of_people
from retainsim.market.chronicle.agreed import amendment, renewal
from retainsim.market.chronicle.buying import card, coupons_taken, lapse, purchases
from retainsim.market.chronicle.complaints import complaints, settled_complaints
from retainsim.market.chronicle.contacts import contact
from retainsim.market.chronicle.conversation import conversation
from retainsim.market.chronicle.days import Entry
from retainsim.market.chronicle.leaving import contact_leaver, elsewhere, leaving
from retainsim.market.chronicle.lived import Lived
from retainsim.market.chronicle.membership import anniversary
from retainsim.market.chronicle.money import use_and_payment
from retainsim.market.chronicle.newcomers import begin, come_back, join
from retainsim.market.chronicle.promises import promise_due, settling_day
from retainsim.market.chronicle.service import service


def entries_of(lived: Lived) -> list[Entry]:
    """All that happened to a person in a month, as one thing follows from the other."""
    told = _under_contract(lived) if lived.it.share_made is None else _without_contract(lived)
    return [*told, *anniversary(lived)]


def _under_contract(lived: Lived) -> Iterator[Entry]:
    yield from changes_of_people(lived)
    if lived.was_ours:
        yield from _heard_and_answered(lived)
        yield from amendment(lived, lived.before, lived.mid, lived.contact_day)
        yield from conversation(lived)
        yield from renewal(lived)
    else:
        yield from contact_leaver(lived)
    if lived.came:
        yield from join(lived)
    if lived.left:
        yield from leaving(lived)
    elif not lived.is_ours:
        yield from elsewhere(lived)
    yield from use_and_payment(lived)


def _without_contract(lived: Lived) -> Iterator[Entry]:
    """Nobody gives notice in a shop: whoever was a customer may be one still, so everything goes on with him."""
    terms = card(lived.it.calendar.date(lived.first), lived.it.currency)
    if lived.is_new:
        yield Entry(lived.first, lambda: begin(lived, terms))
    elif not lived.was_ours and lived.visits:
        yield Entry(lived.visits[0], lambda: come_back(lived, terms))
    yield from changes_of_people(lived)
    if not lived.is_new:
        yield from _heard_and_answered(lived)
    yield from purchases(lived)
    yield from coupons_taken(lived)
    yield from lapse(lived)


def _heard_and_answered(lived: Lived) -> Iterator[Entry]:
    """Service, promises and contact with whoever is a customer, or may be."""
    yield from service(lived)
    yield from complaints(lived)
    yield from promise_due(lived)
    yield from settled_complaints(lived, settling_day(lived))
    yield from contact(lived)
