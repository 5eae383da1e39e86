"""
What a book knows to the letter, as lines of a card that only a book reads.

Address books show names, numbers and dates, and know nothing of since when, from whom and for which purpose. All that
stands in properties of our own beside theirs, one a thing, as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import attrs

from retainsdk.codec import canonical, structured
from retainsdk.customer import KnownFact
from retainsdk.customer.consent import Spoken
from retainsdk.customer.contact_point import ContactPoint
from retainsdk.customer.profile import Profile
from retainsdk.errors import Fault
from retainsdk.events import Id
from retainsdk.interchange.vcard.cards import Card
from retainsdk.interchange.vcard.lines import Property, escaped
from retainsdk.vocabulary import Kind

if TYPE_CHECKING:
    from attrs import AttrsInstance

CUSTOMER = "X-RETAINSDK-CUSTOMER"
POINT = "X-RETAINSDK-POINT"
FACT = "X-RETAINSDK-FACT"
CONSENT = "X-RETAINSDK-CONSENT"
_IDS = 2**64
OURS = frozenset({CUSTOMER, POINT, FACT, CONSENT})
"""The properties of a card that hold what a book knows, each as JSON."""


@attrs.frozen(kw_only=True)
class _Customer:
    id: Id
    kind: Kind
    name: str
    registered_at: datetime

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.id < _IDS:
            raise ValueError(self.id)


@attrs.frozen(kw_only=True)
class _Named(KnownFact):
    name: str


def exact_lines(profile: Profile) -> Iterator[Property]:
    """All that a profile tells, as lines that `exact_profile` reads."""
    head = _Customer(
        id=Id(profile.id), kind=profile.kind, name=profile.name, registered_at=profile.registered_at
    )
    yield _line(CUSTOMER, head)
    for point in profile.points:
        yield _line(POINT, point)
    for name, fact in profile.facts:
        yield _line(FACT, _Named(name=name, **attrs.asdict(fact)))
    for word in profile.consents:
        yield _line(CONSENT, word)


def exact_profile(card: Card) -> tuple[Profile | None, list[Fault]]:
    """The profile that a book wrote into a card, if one did, and what is wrong with its lines."""
    faults: list[Fault] = []
    heads = _read(card, CUSTOMER, _Customer, faults)
    points = _read(card, POINT, ContactPoint, faults)
    named = _read(card, FACT, _Named, faults)
    consents = _read(card, CONSENT, Spoken, faults)
    count = len(_lines(card, CUSTOMER))
    others = [it for it in card.properties if it.name in OURS - {CUSTOMER}]
    if count > 1 or (others and not count):
        line = _lines(card, CUSTOMER)[-1] if count else others[0]
        rule = "stands there twice" if count else f"says nothing without {CUSTOMER}"
        faults.append(Fault(card.place(line.line, line.name), line.text, rule, _REMEDY))
    if not heads or faults:
        return None, faults
    head = heads[0]
    return (
        Profile(
            id=head.id,
            kind=head.kind,
            name=head.name,
            registered_at=head.registered_at,
            points=tuple(attrs.evolve(it, number=place) for place, it in enumerate(points, start=1)),
            facts=tuple((it.name, _fact(it)) for it in named),
            consents=tuple(consents),
        ),
        faults,
    )


_REMEDY = "Export the card again from the book it came from, or remove all its X-RETAINSDK lines."

_Made = TypeVar("_Made", bound="AttrsInstance")


def _line(name: str, told: object) -> Property:
    return Property(name=name, value=escaped(canonical(told).decode()))


def _lines(card: Card, name: str) -> list[Property]:
    return [it for it in card.properties if it.name == name]


def _read(card: Card, name: str, kind: type[_Made], faults: list[Fault]) -> list[_Made]:
    made = []
    for line in _lines(card, name):
        try:
            made.append(structured(kind, line.text))
        except ValueError:
            rule = "is not what a book writes there"
            faults.append(Fault(card.place(line.line, name), line.text, rule, _REMEDY))
    return made


def _fact(named: _Named) -> KnownFact:
    return KnownFact(**{it: getattr(named, it) for it in attrs.fields_dict(KnownFact)})
