"""What is on offer: our catalogue with its suitability, and what competitors ask."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import CompetitorOfferSeen, Fact, OfferingListed, OfferingWithdrawn
from retainsdk.quantities import Money


@attrs.frozen(kw_only=True)
class Judgement:
    """
    How well an offering suits a customer, and by which rule.

    Attributes:
        value: 0 to 1; none when it cannot be known.
        rule: What decided: a counter-indication, a condition, a fact nobody knows, or his use.
    """

    value: float | None
    rule: str


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
        withdrawn_at: Since when nobody is offered it any longer; none while it is.
        earlier: The forms it had before, the oldest first.
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
    withdrawn_at: datetime | None = None
    earlier: tuple[Offering, ...] = ()

    @classmethod
    def listed(cls, code: str, body: OfferingListed, at: datetime) -> Offering:
        """The package as listed."""
        return cls(code=code, listed_at=at, **attrs.asdict(body, recurse=False))

    @property
    def is_offered(self) -> bool:
        """Whether it may be offered to anybody."""
        return self.withdrawn_at is None

    def form_at(self, at: datetime) -> Offering | None:
        """The form it had at an instant; none before it was listed first."""
        forms = (*self.earlier, self)
        return next((form for form in reversed(forms) if form.listed_at <= at), None)

    def listed_anew(self, body: OfferingListed, at: datetime) -> Offering:
        """The same in another form, which counts from that instant until the next one that is known."""
        forms = [*self.earlier, attrs.evolve(self, earlier=(), withdrawn_at=None)]
        forms.append(Offering.listed(self.code, body, at))
        forms.sort(
            key=lambda form: form.listed_at
        )  # stable: of two at one instant the one recorded last counts
        withdrawn = self.withdrawn_at
        if withdrawn is not None and forms[-1].listed_at >= withdrawn:
            withdrawn = None
        return attrs.evolve(forms[-1], earlier=tuple(forms[:-1]), withdrawn_at=withdrawn)

    def withdrawn(self, body: OfferingWithdrawn, at: datetime) -> Offering:
        """
        The same, offered to nobody any longer.

        Raises:
            CommandError: When it is offered to nobody already, was not listed by then, or nobody says why.
        """
        if not body.why.strip():
            raise CommandError(f"withdrawing {self.code!r}", "needs a reason", "Say why.")
        if not self.is_offered or at < self.listed_at:
            was = (
                "was withdrawn already"
                if not self.is_offered
                else f"stands in this form since {self.listed_at}"
            )
            raise CommandError(f"offering {self.code!r}", was, "Withdraw what is offered, once.")
        return attrs.evolve(self, withdrawn_at=at)

    def suitability(self, *, used: float | None, facts: Mapping[str, Fact]) -> float | None:
        """
        How well the package suits somebody who uses so much a month.

        The smaller of use and what is included, as a share of the larger: 1 when it is just what he needs,
        towards 0 when he pays for what he does not use or lacks what he would. 0 when a counter-indication holds or
        a condition does not. What is not measured by use suits fully when it has conditions and all hold.

        Args:
            used: Use a month, in the unit of `included`; none when not known.
            facts: What is known of the customer.

        Returns:
            0 to 1; none when it cannot be known: nothing measured, or a condition on a fact nobody knows.

        >>> from datetime import UTC
        >>> flat = Offering(code="m", name="Medium", fee=Money(20, "EUR"), products=1, included=40.0,
        ...                 minimum={"household_size": 2}, listed_at=datetime(2026, 1, 1, tzinfo=UTC))
        >>> flat.suitability(used=30.0, facts={"household_size": 3})
        0.75
        """
        return self.judged(used=used, facts=facts).value

    def judged(
        self, *, used: float | None, facts: Mapping[str, Fact], opinion: Judgement | None = None
    ) -> Judgement:
        """Its `suitability` with the rule that decided; an *opinion* stands for use, and for facts nobody knows."""
        for name, value in self.excluded.items():
            if facts.get(name) == value:
                return Judgement(value=0.0, rule=f"counter-indication: {name} is {value}")
        unknown = []
        for name, least in self.minimum.items():
            known = facts.get(name)
            if not isinstance(known, int | float):
                unknown.append(name)
            elif known < least:
                return Judgement(value=0.0, rule=f"condition: {name} is less than {least:g}")
        if opinion is not None:
            return opinion
        if unknown:
            return Judgement(value=None, rule=f"nobody knows {', '.join(unknown)}")
        return self._by_use(used)

    def _by_use(self, used: float | None) -> Judgement:
        if self.included is None:
            if not self.minimum:
                return Judgement(value=None, rule="neither use nor a condition to judge by")
            return Judgement(value=1.0, rule=f"all conditions hold: {', '.join(self.minimum)}")
        if used is None:
            return Judgement(value=None, rule="nobody knows how much he uses")
        return Judgement(
            value=share(used, self.included),
            rule=f"uses {used:g} a month of {self.included:g} it is made for",
        )


def share(used: float, included: float) -> float:
    """The smaller of use and what is included, as a share of the larger; 1 when both are nothing."""
    larger = max(used, included)
    return min(used, included) / larger if larger else 1.0


@attrs.frozen(kw_only=True)
class Alternative:
    """The most suitable package and how suitable it is, 0 to 1."""

    offering: Offering
    suitability: float


def most_suitable(
    catalogue: Iterable[Offering],
    *,
    used: float | None,
    facts: Mapping[str, Fact],
    besides: str | None,
    opinions: Mapping[str, Judgement] = {},
) -> Alternative | None:
    """The package on offer, other than *besides*, that suits best; of equals the cheapest. None when none can be judged."""
    judged = [
        Alternative(offering=offering, suitability=suitability)
        for offering in catalogue
        if offering.code != besides
        and offering.is_offered
        and (
            suitability := offering.judged(used=used, facts=facts, opinion=opinions.get(offering.code)).value
        )
        is not None
    ]
    if not judged:
        return None
    return min(judged, key=lambda it: (-it.suitability, it.offering.fee, it.offering.code))


UNSUITABLE_BELOW = 0.5
"""A package that suits less than this is not to be sold: more than half of it goes unused, or of the need unmet."""


@attrs.frozen(kw_only=True)
class Recommendation:
    """
    A package worth proposing to a customer.

    Attributes:
        offering: Which.
        suitability: How well it suits, above 0 and up to 1.
        rule: By which that was judged.
        beside: The package of his that it goes well with; none when it would replace one.
    """

    offering: Offering
    suitability: float
    rule: str
    beside: str | None = None


def recommended(
    catalogue: Iterable[Offering],
    *,
    used: float | None,
    facts: Mapping[str, Fact],
    holds: Collection[str] = (),
    margins: Mapping[str, Money] | None = None,
    least: float = UNSUITABLE_BELOW,
    opinions: Mapping[str, Judgement] = {},
) -> list[Recommendation]:
    """
    The packages worth proposing, the most suitable first; of equals what earns us more, then the cheaper.

    What is ruled out by a counter-indication, or of which nobody knows whether it suits, is never among them: a margin
    decides between suitable packages and makes none suitable.

    Args:
        catalogue: Ours.
        used: Use a month; none when not known.
        facts: What is known of the customer.
        holds: Codes of what he has already, which is not proposed again.
        margins: What each earns us a month, by code; nothing where it is not said.
        least: The least suitability, above 0.
        opinions: How well they suit by what others say, by code: see `Offering.judged`.

    Raises:
        ValueError: When *least* is not above 0: it would propose what does not suit at all.
    """
    if not 0 < least <= 1:
        msg = f"least ({least}) must be above 0 and at most 1"
        raise ValueError(msg)
    earned = {code: money.amount for code, money in (margins or {}).items()}
    found = []
    for offering in catalogue:
        judgement = offering.judged(used=used, facts=facts, opinion=opinions.get(offering.code))
        if offering.is_offered and offering.code not in holds and (judgement.value or 0) >= least:
            found.append(
                Recommendation(offering=offering, suitability=judgement.value or 0, rule=judgement.rule)
            )
    return sorted(
        found,
        key=lambda it: (
            -it.suitability,
            -earned.get(it.offering.code, 0),
            it.offering.fee,
            it.offering.code,
        ),
    )


def widening(
    catalogue: Mapping[str, Offering],
    *,
    used: float | None,
    facts: Mapping[str, Fact],
    holds: Collection[str],
    margins: Mapping[str, Money] | None = None,
    least: float = UNSUITABLE_BELOW,
    opinions: Mapping[str, Judgement] = {},
) -> list[Recommendation]:
    """Of `recommended`, what goes well with something he has: another product, not another package instead of his."""
    beside = {code: own for own in sorted(holds) if own in catalogue for code in catalogue[own].complements}
    return [
        attrs.evolve(it, beside=beside[it.offering.code])
        for it in recommended(
            catalogue.values(),
            used=used,
            facts=facts,
            holds=holds,
            margins=margins,
            least=least,
            opinions=opinions,
        )
        if it.offering.code in beside
    ]


@attrs.frozen(kw_only=True)
class Sale:
    """
    A package that was sold: a purchase, or an offer taken.

    Attributes:
        at: When.
        offering: Code of it.
        suitability: How well it suited then; none when nobody could know.
        rule: By which that was judged.
        where: The record or the offer that says so.
        by: Who sold it; empty when not known.
    """

    at: datetime
    offering: str
    suitability: float | None
    rule: str
    where: str
    by: str = ""


def missold(sales: Iterable[Sale], *, below: float = UNSUITABLE_BELOW) -> list[Sale]:
    """The sales of what did not suit, as far as that could be known when it was sold."""
    return [sale for sale in sales if sale.suitability is not None and sale.suitability < below]


def open_offers(seen: Iterable[CompetitorOfferSeen], on: date) -> list[CompetitorOfferSeen]:
    """Of what was seen, in the order of seeing: what can be had on a day, each competitor's package as seen last."""
    latest: dict[tuple[str, str], CompetitorOfferSeen] = {}
    for offer in seen:
        if offer.starts_on <= on and (offer.ends_on is None or on < offer.ends_on):
            latest[offer.competitor, offer.name] = offer
    return list(latest.values())


def cheapest(offers: Iterable[CompetitorOfferSeen]) -> CompetitorOfferSeen | None:
    """The cheapest of competing offers."""
    return min(offers, key=lambda offer: (offer.fee, offer.competitor), default=None)
