"""
A profile: a customer as one book tells another of him, for files and other books.

It holds what may be told for a purpose: who he is, how to reach him, what he allows, and what is known of him.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from retainsdk.customer.consent import Consents, Spoken
from retainsdk.customer.contact_point import ContactPoint, bare
from retainsdk.customer.customer import Customer
from retainsdk.customer.fact import KnownFact
from retainsdk.events import (
    ConsentGiven,
    ConsentWithdrawn,
    ContactPointAdded,
    ContactPointRetired,
    ContactPointVerified,
    CustomerRegistered,
    FactLearned,
)
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Kind, Sensitivity

Entry = tuple[datetime, object]
"""Something that happened to a customer, and when."""


@attrs.frozen(kw_only=True)
class Profile:
    """
    What is told of one customer.

    Attributes:
        id: 64-bit number.
        kind: Person, household or organisation.
        name: As we call him.
        registered_at: When he became known.
        points: The ways to reach him, in the order of their numbers.
        facts: By name, what is known of him now.
        consents: What counts for each purpose and channel now; without a channel where it is the same for all.
        undated: Whether whoever tells it does not say since when: all instants are the one at which he told it, and
            what was ever known, put right since or not, is no news.
    """

    id: int
    kind: Kind
    name: str
    registered_at: datetime
    points: tuple[ContactPoint, ...] = ()
    facts: tuple[tuple[str, KnownFact], ...] = ()
    consents: tuple[Spoken, ...] = ()
    undated: bool = False

    @classmethod
    def of(cls, customer: Customer, *, purpose: str | None = None) -> Profile:
        """What may be told of a customer for a purpose; for none in particular, no sensitive fact."""
        points = tuple(customer.points[number] for number in sorted(customer.points))
        facts = tuple(sorted(customer.facts_for(purpose).items()))
        consents = tuple(_in_force(customer.consents))
        # a merged customer may know things older than himself, from the entry that was known first
        known = [
            customer.registered_at,
            *(it.added_at for it in points),
            *(fact.at for _, fact in facts),
            *(word.at for word in consents),
        ]
        return cls(
            id=customer.id,
            kind=customer.kind,
            name=customer.name,
            registered_at=min(known),
            points=points,
            facts=facts,
            consents=consents,
        )

    def news(self, known: Customer | None) -> list[Entry]:
        """
        What of it has not been told of a customer yet, as it happened.

        What was told before is not told again, even if it was corrected, withdrawn or retired since: an old file
        changes nothing.
        """
        entries: list[Entry] = []
        if known is None:
            body = CustomerRegistered(kind=self.kind, name=self.name)
            entries.append((self.registered_at, body))
            known = Customer.registered(self.id, body, self.registered_at)
        if self.undated:
            at = max(self.registered_at, known.registered_at)
            return [*entries, *((at, body) for body in self._unheard(known))]
        entries += self._new_points(known)
        entries += [
            (fact.at, _learned(name, fact)) for name, fact in self.facts if not _is_told(known, name, fact)
        ]
        entries += [(word.at, _said(word)) for word in self.consents if not _is_said(known, word)]
        return sorted(entries, key=lambda entry: entry[0])

    def _unheard(self, known: Customer) -> Iterator[object]:
        last = max(known.points, default=0)
        reached = {(it.channel, bare(it.channel, it.address)) for it in known.points.values()}
        for it in self.points:
            point = (it.channel, bare(it.channel, it.address))
            if point not in reached:  # one that is retired is not brought back
                reached.add(point)
                last += 1
                yield ContactPointAdded(point=last, channel=it.channel, address=it.address, label=it.label)
        for name, fact in self.facts:
            if not _is_heard(known, name, fact):
                yield _learned(name, fact)
        yield from (_said(it) for it in self.consents if not _is_said(known, it))

    def _new_points(self, known: Customer) -> Iterator[Entry]:
        numbers = {(it.channel, it.address, it.added_at): number for number, it in known.points.items()}
        earliest = (
            known.merged_at
        )  # what happens to a point cannot have happened before a merge brought it here
        for it in self.points:
            number = numbers.get((it.channel, it.address, it.added_at))
            old = None if number is None else known.points.get(number)  # none for one told twice in the file
            if number is None:
                number = max((0, *numbers.values())) + 1
                numbers[it.channel, it.address, it.added_at] = number
                yield (
                    it.added_at,
                    ContactPointAdded(point=number, channel=it.channel, address=it.address, label=it.label),
                )
            is_retired = old is not None and old.retired_at is not None
            seen = old.verified_at if old is not None else None
            if it.verified_at is not None and not is_retired and (seen is None or seen < it.verified_at):
                at = it.verified_at if old is None else max(it.verified_at, earliest or it.verified_at)
                yield at, ContactPointVerified(point=number, how=it.verified_how)
            if it.retired_at is not None and not is_retired:
                at = it.retired_at if old is None else max(it.retired_at, earliest or it.retired_at)
                yield at, ContactPointRetired(point=number, why=it.why_retired)


def _in_force(consents: Consents) -> Iterator[Spoken]:
    if not consents:
        return
    for purpose in CONSENT_PURPOSES:
        words = [
            None if word is None else attrs.evolve(word, channel=None)
            for word in (consents.last(purpose, channel) for channel in Channel)
        ]
        if words[0] is not None and all(word == words[0] for word in words):
            yield words[0]
        else:
            for channel, word in zip(Channel, words, strict=True):
                if word is not None:
                    yield attrs.evolve(word, channel=channel)


def _learned(name: str, fact: KnownFact) -> FactLearned:
    return FactLearned(
        name=name,
        value=fact.value,
        source=fact.source,
        sensitivity=fact.sensitivity,
        purposes=fact.purposes,
    )


def _is_told(known: Customer, name: str, fact: KnownFact) -> bool:
    return any(
        it.fact is not None
        and (type(it.fact.value), it.fact.value) == (type(fact.value), fact.value)
        and (it.fact.source, it.fact.at) == (fact.source, fact.at)
        and it.fact.sensitivity in {fact.sensitivity, Sensitivity.SENSITIVE}
        for it in known.said.all(name)
    )


def _is_heard(known: Customer, name: str, fact: KnownFact) -> bool:
    return any(
        it.fact is not None and (type(it.fact.value), it.fact.value) == (type(fact.value), fact.value)
        for it in known.said.all(name)
    )


def _said(word: Spoken) -> ConsentGiven | ConsentWithdrawn:
    body = ConsentGiven if word.given else ConsentWithdrawn
    return body(purpose=word.purpose, channel=word.channel, evidence=word.evidence)


def _is_said(known: Customer, word: Spoken) -> bool:
    same = [
        it
        for it in known.consents.history()
        if (it.given, it.at, it.evidence) == (word.given, word.at, word.evidence)
    ]
    channels = Channel if word.channel is None else (word.channel,)
    return all(any(it.concerns(word.purpose, channel) for it in same) for channel in channels)
