"""Commands about customers."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from retainsdk.codec import id_text
from retainsdk.commands.desk import Desks
from retainsdk.errors import CommandError
from retainsdk.events import (
    ConsentGiven,
    ConsentWithdrawn,
    CustomerRegistered,
    Fact,
    FactLearned,
    Happening,
)
from retainsdk.journal import Decision, How
from retainsdk.ledger import Ledger, customer_stream
from retainsdk.vocabulary import (
    Channel,
    Kind,
)


class CustomerCommands(Desks):
    """Commands about customers."""

    def register_customer(self, *, kind: Kind, name: str, id: int | None = None, **how: Unpack[How]) -> int:  # noqa: A002 # the word for it
        """Somebody became known to us. Returns his id, a new one unless given."""
        new = self._ids() if id is None else id
        stream = customer_stream(new)

        def decide(ledger: Ledger, at: datetime) -> Decision:
            if new in ledger.customers:
                raise CommandError(f"customer {id_text(new)}", "is registered already", "Choose another id.")
            body = CustomerRegistered(kind=kind, name=name)
            return new, [Happening(stream=stream, body=body, occurred_at=at)]

        asked = ("register_customer", kind, name, id)
        return int(self._commit("register_customer", asked, how, lambda: self._read([stream]), decide))

    def learn_fact(self, customer: int, *, name: str, value: Fact, source: str, **how: Unpack[How]) -> None:
        """Something about a customer became known: ``senior`` and ``household_size`` are columns of the view."""
        self._of_customer(customer, FactLearned(name=name, value=value, source=source), how)

    def give_consent(
        self,
        customer: int,
        *,
        purpose: str,
        channel: Channel | None = None,
        evidence: str,
        **how: Unpack[How],
    ) -> None:
        """He agreed to be contacted for a purpose, on one channel or on all."""
        self._of_customer(customer, ConsentGiven(purpose=purpose, channel=channel, evidence=evidence), how)

    def withdraw_consent(
        self,
        customer: int,
        *,
        purpose: str,
        channel: Channel | None = None,
        evidence: str,
        **how: Unpack[How],
    ) -> None:
        """He refused to be contacted for a purpose, on one channel or on all."""
        self._of_customer(
            customer, ConsentWithdrawn(purpose=purpose, channel=channel, evidence=evidence), how
        )
