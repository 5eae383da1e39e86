"""Commands about what is on offer, ours and the competitors'."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Unpack

from retainsdk.commands.desk import Desks
from retainsdk.events import (
    CompetitorOfferSeen,
    Fact,
    OfferingListed,
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
        )
        self._in_stream(offering_stream(code), body, how)

    def see_competitor_offer(
        self,
        *,
        competitor: str,
        fee: Money,
        starts_on: date,
        ends_on: date | None = None,
        source: str,
        relationship: int | None = None,
        **how: Unpack[How],
    ) -> None:
        """A competitor asks so much a month, of everybody or of one customer, between two days, the last excluded."""
        self._refuse_foreign(fee)
        body = CompetitorOfferSeen(
            competitor=competitor, fee=fee, starts_on=starts_on, ends_on=ends_on, source=source
        )
        if relationship is None:
            self._in_stream(competitor_stream(competitor), body, how)
        else:
            self._of(relationship, body, how)
