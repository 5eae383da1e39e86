"""Organisations: the people in them who are there for us, or against us, as they come and go."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from retainsdk.events import AffiliationEnded, AffiliationStarted, CustomerRegistered, Id
from retainsdk.ledger import customer_stream
from retainsdk.vocabulary import Kind, Role
from retainsim.market import purposes as for_
from retainsim.market.chronicle.days import Entry, Told
from retainsim.market.chronicle.dossier import Dossier
from retainsim.market.chronicle.lived import Lived
from retainsim.market.chronicle.naming import name_of
from retainsim.market.person import Contact, Person
from retainsim.market.streams import key_of, mixed

_POSTS: dict[Contact, tuple[Role, str, int]] = {
    Contact.CHAMPION: (Role.CHAMPIONS, "head of operations", 5),
    Contact.DECIDER: (Role.DECIDES, "managing director", 9),
    Contact.INFLUENCER: (Role.INFLUENCES, "head of finance", 6),
    Contact.USER: (Role.USES, "team lead", 2),
    Contact.BLOCKER: (Role.BLOCKS, "head of IT", 6),
}
"""Role, title and power of each."""


def people_of(dossier: Dossier, person: Person) -> Iterator[Told]:
    """All who are there, when we begin to know an organisation; of one in which nobody is left, that somebody was."""
    if person.kind != Kind.ORGANISATION:
        return
    for place, contact in enumerate(Contact):
        if person.committee & contact:
            yield from _comes(dossier, place)
    if not dossier.people:
        yield from _comes(dossier, list(Contact).index(Contact.USER))
        yield from _goes(dossier, list(Contact).index(Contact.USER))


def changes_of_people(lived: Lived) -> Iterator[Entry]:
    """Who went, and who was won in the month."""
    dossier, now = lived.dossier, int(lived.after.committee)
    if lived.after.kind != Kind.ORGANISATION or lived.is_new:
        return
    for place, contact in enumerate(Contact):
        is_there, was_there = bool(now & contact), place in dossier.people
        if is_there != was_there:
            happens: Callable[[Dossier, int], Iterator[Told]] = _comes if is_there else _goes
            day = lived.first + int(
                lived.it.month.n_days * lived.chance(for_.PEOPLE_DAY ^ place)
            )  # whoever came back in the month is known by its end
            yield Entry(day, partial(happens, dossier, place))


def _comes(dossier: Dossier, place: int) -> Iterator[Told]:
    number = dossier.people_ever
    dossier.people_ever = number + 1
    person, affiliation = (
        mixed(mixed(dossier.key) ^ key_of("chronicle", what, number)) for what in ("person", "affiliation")
    )
    dossier.people[place] = affiliation, person
    role, title, power = _POSTS[list(Contact)[place]]
    body = AffiliationStarted(
        affiliation=Id(affiliation),
        person=Id(person),
        party=Id(dossier.key),
        role=role,
        title=title,
        power=power,
        primary=True,
    )
    there = customer_stream(person)
    yield there, CustomerRegistered(kind=Kind.PERSON, name=name_of(person, Kind.PERSON))
    yield there, body
    yield dossier.who, body


def _goes(dossier: Dossier, place: int) -> Iterator[Told]:
    affiliation, person = dossier.people.pop(place)
    body = AffiliationEnded(
        affiliation=Id(affiliation), person=Id(person), party=Id(dossier.key), why="no longer there"
    )
    yield customer_stream(person), body
    yield dossier.who, body
