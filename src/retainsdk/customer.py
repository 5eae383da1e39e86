"""A customer: what we know of somebody, from where, and what he lets us contact him for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import ConsentGiven, ConsentWithdrawn, CustomerRegistered, Fact, FactLearned
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Kind


@attrs.frozen(kw_only=True)
class KnownFact:
    """
    What is known under one name.

    Attributes:
        value: The fact.
        source: Who or what says so.
        at: When it was learned.
    """

    value: Fact
    source: str
    at: datetime


@attrs.frozen(kw_only=True)
class Customer:
    """
    A person, household or organisation.

    Attributes:
        id: 64-bit number.
        kind: Which of the three.
        name: As we call him.
        registered_at: When he became known.
        facts: By name, each as learned last.
        consents: For every purpose and channel, when it was last spoken of and whether it was given then.
    """

    id: int
    kind: Kind
    name: str
    registered_at: datetime
    facts: Mapping[str, KnownFact] = {}
    consents: Mapping[tuple[str, Channel], tuple[datetime, bool]] = {}

    @classmethod
    def registered(cls, id_: int, body: CustomerRegistered, at: datetime) -> Customer:
        """Somebody new."""
        return cls(id=id_, kind=body.kind, name=body.name, registered_at=at)

    def learned(self, body: FactLearned, at: datetime) -> Customer:
        """The same with one fact more; of two about one thing the one learned later counts."""
        old = self.facts.get(body.name)
        if old is not None and at < old.at:
            return self
        fact = KnownFact(value=body.value, source=body.source, at=at)
        return attrs.evolve(self, facts={**self.facts, body.name: fact})

    def consented(self, body: ConsentGiven | ConsentWithdrawn, at: datetime) -> Customer:
        """
        The same after he agreed or refused.

        What he said last counts, in whatever order it reached us; at one instant the refusal does.

        Raises:
            CommandError: When the purpose is not one of `CONSENT_PURPOSES`.
        """
        purpose_or_refusal(body.purpose)
        given = isinstance(body, ConsentGiven)
        spoken = dict(self.consents)
        for channel in Channel if body.channel is None else (body.channel,):
            before = spoken.get((body.purpose, channel))
            if before is None or (at, not given) >= (before[0], not before[1]):
                spoken[body.purpose, channel] = (at, given)
        return attrs.evolve(self, consents=spoken)

    def may_be_contacted(self, purpose: str, channel: Channel) -> bool:
        """Whether a message for that purpose may be sent on that channel: not refused and, for marketing, agreed to."""
        spoken = self.consents.get((purpose, channel))
        return purpose != "marketing" if spoken is None else spoken[1]

    def consents_to(self, purpose: str) -> bool:
        """
        Whether contacts for a purpose may be sent when nobody looks at the channel.

        Hence no channel may be refused and, for marketing, one at least agreed to.
        """
        if not self.consents:  # nearly everybody
            return purpose != "marketing"
        spoken = [given for (what, _), (_, given) in self.consents.items() if what == purpose]
        return all(spoken) if spoken else purpose != "marketing"


def purpose_or_refusal(purpose: str) -> str:
    """
    The purpose of a contact.

    Raises:
        CommandError: When it is not one of `CONSENT_PURPOSES`.
    """
    if purpose not in CONSENT_PURPOSES:
        raise CommandError(
            f"purpose {purpose!r}", "is not known", f"Use one of: {', '.join(CONSENT_PURPOSES)}."
        )
    return purpose
