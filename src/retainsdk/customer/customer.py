"""A customer: what we know of a person, household or organisation, how to reach it, and what it lets us contact it for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from retainsdk.codec import id_text
from retainsdk.customer import contact_point
from retainsdk.customer.affiliation import Affiliation, primary_of, refuse_circle
from retainsdk.customer.consent import Consents, purpose_or_refusal
from retainsdk.customer.contact_point import ContactPoint
from retainsdk.customer.fact import LANGUAGE, Facts, KnownFact, Told
from retainsdk.customer.partial_date import PartialDate
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.events import (
    AffiliationEnded,
    AffiliationStarted,
    ConsentGiven,
    ConsentWithdrawn,
    ContactPointAdded,
    ContactPointRetired,
    ContactPointVerified,
    CustomerRegistered,
    FactCorrected,
    FactLearned,
    FactRetracted,
)
from retainsdk.vocabulary import Channel, Kind, Role
from retainsdk.wording import LONGEST_NAME, STEERING, in_words

_NOTHING_SAID, _NEVER_ASKED = (
    Facts(),
    Consents(),
)  # shared: nearly everybody begins with both, and they never change
_OF_EARLIER = (FactCorrected, FactRetracted, ContactPointVerified, ContactPointRetired, AffiliationEnded)
"""What can happen only to something known before, hence not before a merge brought it here."""


@attrs.frozen(kw_only=True)
class Customer:
    """
    A person, household or organisation.

    Attributes:
        id: 64-bit number.
        kind: Which of the three.
        name: As we call him.
        registered_at: When he became known.
        touched_at: When the last of all that is known of him happened.
        said: Everything ever said of him; read it by `facts` and `facts_for`.
        consents: Everything he said of being contacted.
        points: The ways to reach him, by number.
        affiliations: A person's households and organisations, or their people, by id; those that ended too.
        merged: Ids of the entries that turned out to be he as well.
        merged_at: When the last of them did.
    """

    id: int
    kind: Kind
    name: str
    registered_at: datetime
    touched_at: datetime
    said: Facts = _NOTHING_SAID
    consents: Consents = _NEVER_ASKED
    points: Mapping[int, ContactPoint] = {}
    affiliations: Mapping[int, Affiliation] = {}
    merged: tuple[int, ...] = ()
    merged_at: datetime | None = None

    @classmethod
    def registered(cls, id_: int, body: CustomerRegistered, at: datetime) -> Customer:
        """Somebody new."""
        return cls(id=id_, kind=body.kind, name=body.name, registered_at=at, touched_at=at)

    def after(self, body: object, at: datetime) -> Customer:
        """
        The same after something happened to him.

        Raises:
            CommandError: When it cannot have happened after what is known.
            UnknownIdError: When it names a contact point or an affiliation he does not have.
        """
        if at < self.registered_at:
            raise CommandError(
                f"{in_words(type(body).__name__)} at {at.isoformat()}",
                f"comes before the customer became known, {self.registered_at.isoformat()}",
                "Give the instant at which it really happened.",
            )
        if self.merged_at is not None and at < self.merged_at and isinstance(body, _OF_EARLIER):
            raise CommandError(
                f"{in_words(type(body).__name__)} at {at.isoformat()}",
                f"comes before two entries for this customer were merged, {self.merged_at.isoformat()}",
                "Record it as of the merge or later, with the true day in the reason.",
            )
        changes = _CHANGES[type(body)](self, body, at)
        return attrs.evolve(self, touched_at=max(self.touched_at, at), **changes)

    @property
    def facts(self) -> Mapping[str, KnownFact]:
        """What everybody may know of him who sees him, by name; sensitive facts only by `facts_for` a purpose."""
        return self.facts_for(None)

    def facts_for(self, purpose: str | None) -> Mapping[str, KnownFact]:
        """What may be known of him for a purpose, by name: ordinary facts, and sensitive ones that allow it."""
        return self.said.readable_for(purpose)

    def history(self, name: str, purpose: str | None = None) -> tuple[Told, ...]:
        """Everything ever said of him under a name, as far as the purpose allows."""
        return self.said.history(name, purpose)

    def day_to_mark(self, name: str, purpose: str | None = None) -> PartialDate | None:
        """His ``birthday`` or ``anniversary``, when it is known and may be for the purpose."""
        fact = self.facts_for(purpose).get(name)
        return None if fact is None else PartialDate.parsed(str(fact.value))

    @property
    def birthday(self) -> PartialDate | None:
        """When he was born, perhaps without the year; none when not known, or too sensitive to tell everybody."""
        return self.day_to_mark("birthday")

    @property
    def language(self) -> str | None:
        """In which he wants to be spoken to."""
        fact = self.facts.get(LANGUAGE)
        return None if fact is None else str(fact.value)

    def may_be_contacted(self, purpose: str, channel: Channel, at: datetime | None = None) -> bool:
        """
        Whether a message for that purpose may be sent on that channel.

        He must not have refused it and, for marketing, have agreed; and of the ways to reach him there that we know
        one at least must work. What a contract obliges us to say is sent for ``service``: refusing marketing does
        not touch it, a dead address does.

        Args:
            purpose: One of `CONSENT_PURPOSES`.
            channel: How.
            at: When it would be sent; after all that is known, when not said.
        """
        return self.consents.allows(purpose, channel, at) and self.is_reachable_on(channel, at)

    def is_reachable_on(self, channel: Channel, at: datetime | None = None) -> bool:
        """Whether a way to reach him on a channel works, or none was ever known there to have failed."""
        there = [
            it for it in self.points.values() if it.channel is channel and (at is None or it.added_at <= at)
        ]
        return not there or any(it.works_at(at) for it in there)

    def consents_to(self, purpose: str) -> bool:
        """
        Whether contacts for a purpose may be sent when nobody looks at the channel.

        Hence no channel may be refused and, for marketing, one at least agreed to.
        """
        return self.consents.allows_unseen(purpose)

    def point(self, channel: Channel, address: str) -> ContactPoint | None:
        """The way to reach him at an address, if it is known and works."""
        return next(
            (
                it
                for it in self.points.values()
                if it.channel is channel and it.address == address and it.retired_at is None
            ),
            None,
        )

    def affiliated(self, at: datetime) -> list[Affiliation]:
        """A person's households and organisations at an instant, or their people, the mightiest first."""
        there = [it for it in self.affiliations.values() if it.holds_at(at)]
        return sorted(there, key=lambda it: (-it.power, it.started_at, it.id))

    def primary_at(self, at: datetime) -> Affiliation | None:
        """The affiliation a person is chiefly reached through at an instant."""
        return primary_of(self.affiliations.values(), at)

    def lacks_decision_maker(self, at: datetime) -> bool:
        """Whether this is an organisation in which nobody is known to decide at an instant."""
        return self.kind is Kind.ORGANISATION and not any(
            it.role is Role.DECIDES for it in self.affiliated(at)
        )

    def has_champion(self, at: datetime) -> bool:
        """Whether somebody in it is known to speak for us at an instant."""
        return any(it.role is Role.CHAMPIONS for it in self.affiliated(at))

    def joined(self, other: Customer, at: datetime) -> Customer:
        """
        The same once another entry turned out to be he as well.

        Of facts the newer counts and both are kept; of consents the stricter counts; contact points and
        affiliations of the other are added to his.

        Raises:
            CommandError: When it is of another kind, or something happened to either after that instant.
        """
        if other.kind is not self.kind:
            raise CommandError(
                f"{other.name!r} and {self.name!r}",
                f"are a {other.kind.name.lower()} and a {self.kind.name.lower()}, not one customer",
                "Start an affiliation if one belongs to the other.",
            )
        touched_at = max(self.touched_at, other.touched_at)
        if at < touched_at:
            raise CommandError(
                f"a merge at {at.isoformat()}",
                f"comes before something that happened to one of them, {touched_at.isoformat()}",
                "Merge them as of a later instant.",
            )
        return attrs.evolve(
            self,
            touched_at=at,
            said=self.said.joined(other.said),
            consents=self.consents.joined(other.consents, at),
            points=contact_point.joined(self.points, other.points),
            affiliations={**self.affiliations, **other.affiliations},
            merged=(*self.merged, other.id, *other.merged),
            merged_at=at,
        )

    def renamed(self, resolved: Callable[[int], int]) -> Customer:
        """
        The same after customers he is affiliated with were merged.

        Raises:
            CommandError: When somebody would report to himself now.
        """
        affiliations = {id_: it.renamed(resolved) for id_, it in self.affiliations.items()}
        if self.kind is not Kind.PERSON:
            refuse_circle(affiliations)
        return attrs.evolve(self, affiliations=affiliations)


def _told(
    customer: Customer, body: FactLearned | FactCorrected | FactRetracted, at: datetime
) -> dict[str, Any]:
    return {"said": customer.said.after(body, at)}


def _spoke(customer: Customer, body: ConsentGiven | ConsentWithdrawn, at: datetime) -> dict[str, Any]:
    return {"consents": customer.consents.after(body, at)}


def _reached(
    customer: Customer, body: ContactPointAdded | ContactPointVerified | ContactPointRetired, at: datetime
) -> dict[str, Any]:
    return {"points": contact_point.with_point(customer.points, body, at)}


def _joins(customer: Customer, body: AffiliationStarted, at: datetime) -> dict[str, Any]:
    is_person = customer.id == body.person
    if is_person != (customer.kind is Kind.PERSON) or body.person == body.party:
        raise CommandError(
            f"{customer.name!r} ({customer.kind.name.lower()})",
            "cannot be a member" if is_person else "has no members",
            "A person belongs to a household or an organisation.",
        )
    if body.affiliation in customer.affiliations:
        raise CommandError(
            f"affiliation {id_text(body.affiliation)}", "is known already", "Choose another id."
        )
    affiliations = {**customer.affiliations, body.affiliation: Affiliation.started(body, at)}
    if not is_person and body.reports_to is not None:
        refuse_circle(affiliations, since=at)
    return {"affiliations": affiliations}


def _leaves(customer: Customer, body: AffiliationEnded, at: datetime) -> dict[str, Any]:
    known = customer.affiliations.get(body.affiliation)
    if known is None:
        raise UnknownIdError(f"affiliation of {customer.name!r}", id_text(body.affiliation))
    affiliations = {**customer.affiliations, body.affiliation: known.ended(body, at)}
    return {"affiliations": affiliations}


_CHANGES: Mapping[type, Callable[..., dict[str, Any]]] = {
    FactLearned: _told,
    FactCorrected: _told,
    FactRetracted: _told,
    ConsentGiven: _spoke,
    ConsentWithdrawn: _spoke,
    ContactPointAdded: _reached,
    ContactPointVerified: _reached,
    ContactPointRetired: _reached,
    AffiliationStarted: _joins,
    AffiliationEnded: _leaves,
}
"""What each kind of event changes in a customer."""


def check_name(name: str) -> None:
    """
    Nothing, when a customer can be called so.

    Raises:
        CommandError: When the name is blank or endless, or holds what steers a terminal, breaks a line, or turns the
            direction of the text around it.
    """
    if not name.strip():
        raise CommandError(f"the name {name!r}", "is blank", "Write what we call him.")
    if any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} for letter in name):
        raise CommandError(
            f"the name {name!r}", "holds control characters", "Write it on one line of letters."
        )
    if len(name) > LONGEST_NAME:
        shown = f"{name[:40]}…"
        raise CommandError(
            f"the name {shown!r}",
            f"has {len(name):,} characters, and {LONGEST_NAME} are the most",
            "Write what we call him, and the rest as a fact.",
        )
    if any(letter in STEERING for letter in name):
        raise CommandError(
            f"the name {name!r}",
            "holds characters that turn the direction of writing",
            "Type it anew: Hebrew and Arabic need none of them.",
        )


def refuse_unconsented(
    customer: Customer, *, purpose: str, channel: Channel, at: datetime | None = None
) -> None:
    """
    Nothing, when a message may be sent to a customer.

    Everything that sends or proposes to send asks this first. What a person of ours has done is a record and is
    never refused, consent or not: it is shown as what it was.

    Raises:
        CommandError: When he refused it, never agreed though it takes that, or is not reached there any longer.
    """
    purpose_or_refusal(purpose)
    what = f"contact for {purpose} by {channel.name.lower()}"
    if not customer.is_reachable_on(channel, at):
        raise CommandError(
            what,
            f"reaches {customer.name!r} no longer: every address there is retired",
            "Use another channel.",
        )
    if not customer.consents.allows(purpose, channel, at):
        last = customer.consents.last(purpose, channel, at)
        rule = (
            f"is nothing {customer.name!r} agreed to"
            if last is None
            else f"was refused by {customer.name!r} on {last.at:%Y-%m-%d} ({last.evidence})"
        )
        raise CommandError(what, rule, "Ask for consent, use a channel that is allowed, or leave it.")
