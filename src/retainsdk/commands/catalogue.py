"""Commands about what is on offer, ours and the competitors'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Unpack

from retainsdk.commands.desk import Desks
from retainsdk.errors import CommandError
from retainsdk.events import (
    CompetitorOfferSeen,
    Fact,
    OfferingListed,
    OfferingWithdrawn,
)
from retainsdk.journal import How
from retainsdk.ledger import competitor_stream, offering_stream
from retainsdk.quantities import Money


class CatalogueCommands(Desks):
    """Commands about what is on offer, ours and the competitors'."""

    def list_offering(
        self,
        code: str,
        *,
        name: str,
        fee: Money,
        products: int = 1,
        included: float | None = None,
        minimum: Mapping[str, float] | None = None,
        excluded: Mapping[str, Fact] | None = None,
        complements: Sequence[str] = (),
        facts: Mapping[str, Fact] | None = None,
        **how: Unpack[How],
    ) -> None:
        """A package stands in the catalogue, in this form from now on; see `Offering` for its parts."""
        self._refuse_foreign(fee)
        body = OfferingListed(
            name=name,
            fee=fee,
            products=products,
            included=included,
            minimum=dict(minimum or {}),
            excluded=dict(excluded or {}),
            complements=tuple(complements),
            facts=dict(facts or {}),
        )
        self._in_stream("list_offering", offering_stream(code), body, how)

    def withdraw_offering(self, code: str, *, why: str, **how: Unpack[How]) -> None:
        """A package is offered to nobody any longer; those who have it keep it. Listing it anew brings it back."""
        self._in_stream("withdraw_offering", offering_stream(code), OfferingWithdrawn(why=why), how)

    def see_competitor_offer(
        self,
        *,
        competitor: str,
        fee: Money,
        starts_on: date,
        ends_on: date | None = None,
        source: str,
        relationship: int | None = None,
        name: str = "",
        lock_in_months: int | None = None,
        included: float | None = None,
        products: int = 1,
        **how: Unpack[How],
    ) -> None:
        """
        A competitor asks so much a month, of everybody or of one customer.

        Args:
            competitor: Who.
            fee: Per month.
            starts_on: First day of the offer.
            ends_on: First day without it; none when it has no end.
            source: Where that stands, or who said so.
            relationship: Of whom, when it is made to one customer only.
            name: Of the package.
            lock_in_months: How long it binds; none when not known.
            included: Use a month that it is made for, in the unit of our catalogue; none when not known.
            products: Services in it.
            how: See `How`.

        Raises:
            CommandError: When it ends before it starts, has no source or binds for less than no time.
        """
        self._refuse_foreign(fee)
        wrong = []
        if not source.strip():
            wrong.append("names no source")
        if ends_on is not None and ends_on <= starts_on:
            wrong.append(f"ends on {ends_on}, not after it starts on {starts_on}")
        if (lock_in_months or 0) < 0 or (included or 0) < 0 or products < 1 or fee.amount < 0:
            wrong.append("has terms below nothing")
        if wrong:
            raise CommandError(f"the offer of {competitor}", ", ".join(wrong), "State it as the source does.")
        body = CompetitorOfferSeen(
            competitor=competitor,
            fee=fee,
            starts_on=starts_on,
            ends_on=ends_on,
            source=source,
            name=name,
            lock_in_months=lock_in_months,
            included=included,
            products=products,
        )
        if relationship is None:
            self._in_stream("see_competitor_offer", competitor_stream(competitor), body, how)
        else:
            self._of("see_competitor_offer", relationship, body, how)
