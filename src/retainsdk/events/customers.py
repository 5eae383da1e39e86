"""What happens to customers: who they are, how to reach them, what they allow, and whom they belong to."""

from __future__ import annotations

import attrs

from retainsdk.events.body import Fact, Id, event
from retainsdk.vocabulary import Channel, Kind, Role, Sensitivity


@event
@attrs.frozen(kw_only=True)
class CustomerRegistered:
    """Somebody became known to us."""

    kind: Kind
    name: str


@event
@attrs.frozen(kw_only=True)
class CustomersMerged:
    """Two entries turned out to be one customer; stands in the streams of both."""

    into: Id
    merged: Id
    evidence: str


@event
@attrs.frozen(kw_only=True)
class ContactPointAdded:
    """A way to reach a customer became known; points are numbered from 1."""

    point: int
    channel: Channel
    address: str
    label: str = ""


@event
@attrs.frozen(kw_only=True)
class ContactPointVerified:
    """A way to reach a customer was seen to work."""

    point: int
    how: str


@event
@attrs.frozen(kw_only=True)
class ContactPointRetired:
    """A way to reach a customer works no longer."""

    point: int
    why: str


@event
@attrs.frozen(kw_only=True)
class ConsentGiven:
    """A customer agreed to be contacted for a purpose, on one channel or on all."""

    purpose: str
    channel: Channel | None
    evidence: str


@event
@attrs.frozen(kw_only=True)
class ConsentWithdrawn:
    """A customer refused to be contacted for a purpose, on one channel or on all."""

    purpose: str
    channel: Channel | None
    evidence: str


@event
@attrs.frozen(kw_only=True)
class FactLearned:
    """Something about a customer became known, from a source; a sensitive fact names the purposes it may be used for."""

    name: str
    value: Fact
    source: str
    sensitivity: Sensitivity = Sensitivity.ORDINARY
    purposes: tuple[str, ...] = ()


@event
@attrs.frozen(kw_only=True)
class FactCorrected:
    """What was known of a customer under a name was wrong, and another value is right."""

    name: str
    value: Fact
    source: str
    why: str


@event
@attrs.frozen(kw_only=True)
class FactRetracted:
    """What was known of a customer under a name was wrong, or may not be kept, and nothing takes its place."""

    name: str
    why: str


@event
@attrs.frozen(kw_only=True)
class AffiliationStarted:
    """
    A person belongs to a household or an organisation from now on, in a role.

    It stands in the streams of both, as an entry in two accounts.
    """

    affiliation: Id
    person: Id
    party: Id
    role: Role
    title: str = ""
    power: int = 0
    """How much he decides, 0 to 10."""
    reports_to: Id | None = None
    """The person he reports to there."""
    primary: bool = False
    """Whether it is the one this person is chiefly reached through."""


@event
@attrs.frozen(kw_only=True)
class AffiliationEnded:
    """A person belongs there no longer, or in that role; stands in the streams of both."""

    affiliation: Id
    person: Id
    party: Id
    why: str
