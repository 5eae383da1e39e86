"""What happens in the firm: what it and its competitors offer, what it runs to win and keep customers, and who works for it."""

from __future__ import annotations

from datetime import date

import attrs

from retainsdk.events.body import Fact, event
from retainsdk.quantities import Money


@event
@attrs.frozen(kw_only=True)
class OfferingListed:
    """A package stands in the catalogue, in this form from now on."""

    name: str
    fee: Money
    products: int
    included: float | None
    minimum: dict[str, float]
    excluded: dict[str, Fact]
    complements: tuple[str, ...] = ()
    facts: dict[str, Fact] = attrs.Factory(dict)


@event
@attrs.frozen(kw_only=True)
class OfferingWithdrawn:
    """A package is offered to nobody any longer."""

    why: str


@event
@attrs.frozen(kw_only=True)
class CompetitorOfferSeen:
    """A competitor asks so much a month, from one day to another, as a source says."""

    competitor: str
    fee: Money
    starts_on: date
    ends_on: date | None
    source: str
    name: str = ""
    lock_in_months: int | None = None
    included: float | None = None
    products: int = 1


@attrs.frozen(kw_only=True)
class Tier:
    """A rank in a programme: what it takes, and what it gives."""

    name: str
    threshold: Money
    benefits: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class TenureBenefit:
    """What a member gets for so many months of tenure."""

    months: int
    benefit: str


@event
@attrs.frozen(kw_only=True)
class ProgrammeChanged:
    """A members' programme has these rules from now on: tiers by what was bought within so many months."""

    tiers: tuple[Tier, ...]
    window_months: int = 12
    tenure_benefits: tuple[TenureBenefit, ...] = ()
    cost_per_member: Money | None = None
    """For every month that a member begins."""
    marks_occasions: bool = False
    """Whether members are promised a greeting on their birthday."""
    least_tenure_months: int = 0
    """Months of service before a customer may join."""


@event
@attrs.frozen(kw_only=True)
class CampaignRun:
    """A campaign ran, for a purpose, between two days, the last excluded, at a cost."""

    purpose: str
    segment: str
    starts_on: date
    ends_on: date
    cost: Money


@event
@attrs.frozen(kw_only=True)
class RepresentativeJoined:
    """Somebody works for us, with languages and skills, at the hours of a calendar."""

    name: str
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    hours: str = ""
    """Like ``Sun-Thu 09:00-13:00 14:00-18:00``; empty for the book's."""


@event
@attrs.frozen(kw_only=True)
class RepresentativeAbsent:
    """Somebody is away from one day to another, the last excluded, and a deputy sees to what falls due."""

    starts_on: date
    ends_on: date
    deputy: str
    why: str = ""


@event
@attrs.frozen(kw_only=True)
class RepresentativeLeft:
    """Somebody works for us no longer."""

    successor: str = ""


@event
@attrs.frozen(kw_only=True)
class AuthoritySet:
    """Somebody may grant so much at a time without asking; beyond that, whom he is to ask."""

    up_to: Money
    asks: str = ""


@event
@attrs.frozen(kw_only=True)
class DutyChanged:
    """The firm owes by one of its rules from now on, or no longer; figures that are not named are those that ship."""

    on: bool
    figures: dict[str, int] = attrs.Factory(dict)
