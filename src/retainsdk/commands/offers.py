"""Commands about offers."""

from __future__ import annotations

from typing import Unpack

from retainsdk.commands.desk import Desk, Desks, refuse_unknown
from retainsdk.errors import CommandError
from retainsdk.events import (
    AmendmentAccepted,
    OfferAccepted,
    OfferDeclined,
    OfferMade,
)
from retainsdk.journal import Decision, How
from retainsdk.quantities import Money
from retainsdk.terms import Terms
from retainsdk.vocabulary import (
    OfferKind,
)


class OfferCommands(Desks):
    """Commands about offers."""

    def make_offer(
        self,
        relationship: int,
        *,
        kind: OfferKind,
        offering: str | None = None,
        amount: Money | None = None,
        months: int = 0,
        cost: Money | None = None,
        **how: Unpack[How],
    ) -> int:
        """
        We offered something. Returns the number of the offer.

        Args:
            relationship: To whom.
            kind: Of offer.
            offering: Code of the package offered, for a package.
            amount: Off the fee per month, for a price.
            months: How long price or pause last.
            cost: What it costs us in all when accepted; for a price *amount* times *months* unless given.
            how: See `How`.

        Raises:
            CommandError: When that is more than the actor may grant.
        """
        off = Money(0, self._begun.currency) if amount is None else amount
        costs = off * months if cost is None else cost
        self._refuse_foreign(off)
        self._refuse_foreign(costs)
        if off.amount < 0 or months < 0 or costs.amount < 0:
            raise CommandError(
                f"an offer of {off} for {months} months at {costs}",
                "must not be negative",
                "State what it gives.",
            )

        def decide(desk: Desk) -> Decision:
            self._refuse_above_authority(how["actor"], costs)
            number = len(desk.account.offers) + 1
            body = OfferMade(
                offer=number, kind=kind, offering=offering, amount=off, months=months, cost=costs
            )
            return number, [desk.here(body)]

        asked = (kind, offering, off, months, costs)
        return int(self._about(relationship, "make_offer", asked, how, decide))

    def accept_offer(
        self, relationship: int, offer: int, *, terms: Terms | None = None, **how: Unpack[How]
    ) -> None:
        """He took an offer; *terms* amend the contract when it is a package."""

        def decide(desk: Desk) -> Decision:
            refuse_unknown("offer", offer, desk.account.offers)
            happenings = [desk.here(OfferAccepted(offer=offer))]
            if terms is not None:
                self._refuse_foreign(terms.fee)
                happenings.append(desk.on_contract(desk.contract().number, AmendmentAccepted(terms=terms)))
            return None, happenings

        self._about(relationship, "accept_offer", (offer, terms), how, decide)

    def decline_offer(self, relationship: int, offer: int, **how: Unpack[How]) -> None:
        """He did not take an offer."""

        def decide(desk: Desk) -> Decision:
            refuse_unknown("offer", offer, desk.account.offers)
            return None, [desk.here(OfferDeclined(offer=offer))]

        self._about(relationship, "decline_offer", offer, how, decide)
