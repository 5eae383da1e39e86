"""Newcomers and returners: who somebody is, how he came, on what terms he begins, and what he has of it at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retainsdk.customer.fact import DAYS_BETWEEN_VISITS
from retainsdk.events import (
    ConsentGiven,
    ConsentWithdrawn,
    CustomerRegistered,
    FactLearned,
    FoundationLaid,
    Id,
    OfferAccepted,
    OfferMade,
    ReferralCredited,
    RelationshipOpened,
    Returned,
    Signed,
)
from retainsdk.ledger import relationship_stream
from retainsdk.terms import Terms
from retainsdk.vocabulary import CONSENT_PURPOSES, Kind, OfferKind, Origin, Stage
from retainsim.market.chronicle.account import people_of
from retainsim.market.chronicle.agreed import terms_of
from retainsim.market.chronicle.days import Entry, Told
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.lived import Lived, usual_gap
from retainsim.market.chronicle.membership import ranked
from retainsim.market.chronicle.naming import name_of
from retainsim.market.observed import owner_of
from retainsim.market.person import Person
from retainsim.market.streams import spread

_SOURCE = "what he told us"


def introduction(
    person: Person, dossier: Dossier, referrer: int | None, terms: Terms, share_made: float | None
) -> Iterator[Told]:
    """A new customer: who he is, what he allows, how often he shops, how he came, and what is agreed."""
    kind = Kind(person.kind)
    yield dossier.who, CustomerRegistered(kind=kind, name=name_of(dossier.key, kind))
    if person.senior >= 0:
        yield dossier.who, FactLearned(name="senior", value=bool(person.senior), source=_SOURCE)
    if person.household_size >= 0:
        size = int(person.household_size)
        yield dossier.who, FactLearned(name="household_size", value=size, source=_SOURCE)
    if share_made is not None:
        gap = usual_gap(person, share_made)
        yield dossier.who, FactLearned(name=DAYS_BETWEEN_VISITS, value=gap, source=_SOURCE)
    for place, purpose in enumerate(CONSENT_PURPOSES):
        word = ConsentGiven if person.consent & (1 << place) else ConsentWithdrawn
        yield dossier.who, word(purpose=purpose, channel=None, evidence="on joining")
    yield from people_of(dossier, person)
    origin = Origin(person.origin) if person.origin >= 0 else None
    yield (
        dossier.us,
        RelationshipOpened(
            customer=Id(dossier.key),
            origin=origin,
            owner=owner_of(owner_number(dossier.key)),
            stage=Stage.ACTIVE,
            reference=f"{dossier.key:016x}",
            referrer=None if referrer is None else Id(referrer),
        ),
    )
    yield from signature(dossier, terms)
    yield from ranked(dossier, 0)


def signature(dossier: Dossier, terms: Terms) -> Iterator[Told]:
    """A contract begins."""
    dossier.contract += 1
    dossier.terms = terms
    yield dossier.agreement, Signed(terms=terms)


def join(lived: Lived) -> Iterator[Entry]:
    """He becomes a customer under contract, for the first time or again."""
    after, calendar, currency = lived.after, lived.it.calendar, lived.it.currency
    terms = terms_of(after, starts_on=calendar.date(lived.first), calendar=calendar, currency=currency)
    if lived.is_new:
        yield Entry(lived.first, lambda: begin(lived, terms))
    else:
        yield Entry(lived.first, lambda: come_back(lived, terms))


def begin(lived: Lived, terms: Terms) -> Iterator[Told]:
    """He begins, brought by somebody or not; who came for the price has it from the first day."""
    yield from introduction(lived.after, lived.dossier, lived.referrer, terms, lived.it.share_made)
    if lived.referrer is not None:
        credit = ReferralCredited(referred=Id(lived.dossier.key))
        yield relationship_stream(lived.referrer), credit
    if lived.after.offers_accepted > 0:
        yield from _welcome(lived)


def come_back(lived: Lived, terms: Terms) -> Iterator[Told]:
    """A leaver begins anew; what was open to him if he did is taken up."""
    dossier = lived.dossier
    dossier.winback = False
    yield dossier.us, Returned(tenure_kept=True)
    yield dossier.us, FoundationLaid(how="he knows us already")
    yield from signature(dossier, terms)
    yield from ranked(dossier, int(lived.after.tier))
    if lived.it.share_made is None:
        for number in dossier.open_offers:
            yield dossier.us, OfferAccepted(offer=number)
        dossier.open_offers.clear()


def owner_number(key: int) -> int:
    """The number of the representative who has a customer."""
    return int(spread(np.array([key], dtype=np.uint64), np.uint64(0))[0]) >> 59


def _welcome(lived: Lived) -> Iterator[Told]:
    dossier, money = lived.dossier, lived.it.money
    number, months = dossier.next_offer(), int(lived.after.discount_until) - lived.it.month.number
    dossier.accepted += 1
    is_known = lived.it.share_made is None  # what a coupon costs is known when it is used
    yield (
        dossier.us,
        OfferMade(
            offer=number,
            kind=OfferKind.PRICE,
            offering=None,
            amount=money(lived.after.discount),
            months=months,
            cost=money(lived.after.concession_cost if is_known else 0),
            what="money off, as a welcome to newcomers",
        ),
    )
    yield dossier.us, OfferAccepted(offer=number)
