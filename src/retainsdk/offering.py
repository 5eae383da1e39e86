"""What is on offer: our catalogue with its suitability, and what competitors ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import attrs

from retainsdk.events import CompetitorOfferSeen, Fact, OfferingListed
from retainsdk.quantities import Money


@attrs.frozen(kw_only=True)
class Offering:
    """
    A package in the catalogue.

    Attributes:
        code: Its short name, unique.
        name: As customers know it.
        fee: Per month.
        products: Services in it.
        included: Use a month that it is made for, in the catalogue's unit of use; none when not measured.
        minimum: Suitability conditions: facts, by name, that must be at least so much.
        excluded: Counter-indications: facts that rule it out.
        complements: Codes of packages that go well with it.
        facts: What a seller can say of it, by name.
        listed_at: Since when it stands in this form.
    """

    code: str
    name: str
    fee: Money
    products: int
    included: float | None
    minimum: Mapping[str, float] = {}
    excluded: Mapping[str, Fact] = {}
    complements: tuple[str, ...] = ()
    facts: Mapping[str, Fact] = {}
    listed_at: datetime

    @classmethod
    def listed(cls, code: str, body: OfferingListed, at: datetime) -> Offering:
        """The package as listed."""
        return cls(code=code, listed_at=at, **attrs.asdict(body, recurse=False))

    def suitability(self, *, used: float, facts: Mapping[str, Fact]) -> float | None:
        """
        How well the package suits somebody who uses so much a month.

        The smaller of use and what is included, as a share of the larger: 1 when it is just what he needs,
        towards 0 when he pays for what he does not use or lacks what he would. 0 when a counter-indication holds or
        a condition does not.

        Args:
            used: Use a month, in the unit of `included`.
            facts: What is known of the customer.

        Returns:
            0 to 1; none when it cannot be known: nothing measured, or a condition on a fact nobody knows.

        >>> from datetime import UTC
        >>> flat = Offering(code="m", name="Medium", fee=Money(20, "EUR"), products=1, included=40.0,
        ...                 minimum={"household_size": 2}, listed_at=datetime(2026, 1, 1, tzinfo=UTC))
        >>> flat.suitability(used=30.0, facts={"household_size": 3})
        0.75
        """
        if any(facts.get(name) == value for name, value in self.excluded.items()):
            return 0.0
        for name, least in self.minimum.items():
            value = facts.get(name)
            if not isinstance(value, int | float):
                return None
            if value < least:
                return 0.0
        if self.included is None:
            return None
        larger = max(used, self.included)
        return min(used, self.included) / larger if larger else 1.0


@attrs.frozen(kw_only=True)
class Alternative:
    """The most suitable package and how suitable it is, 0 to 1."""

    offering: Offering
    suitability: float


def most_suitable(
    catalogue: Iterable[Offering], *, used: float, facts: Mapping[str, Fact], besides: str | None
) -> Alternative | None:
    """The listed package, other than *besides*, that suits best; of equals the cheapest. None when none can be judged."""
    judged = [
        Alternative(offering=offering, suitability=suitability)
        for offering in catalogue
        if offering.code != besides
        and (suitability := offering.suitability(used=used, facts=facts)) is not None
    ]
    if not judged:
        return None
    return min(judged, key=lambda it: (-it.suitability, it.offering.fee, it.offering.code))


def cheapest(seen: Iterable[CompetitorOfferSeen], on: date) -> CompetitorOfferSeen | None:
    """The cheapest competing offer open on a day."""
    valid = [
        offer for offer in seen if offer.starts_on <= on and (offer.ends_on is None or on < offer.ends_on)
    ]
    return min(valid, key=lambda offer: (offer.fee, offer.competitor), default=None)
