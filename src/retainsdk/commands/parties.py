"""Commands that take over customers from other books and files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Unpack

import attrs

from retainsdk.codec import id_text
from retainsdk.commands.desk import Desks, of_customer
from retainsdk.customer import Customer
from retainsdk.customer.party import Party
from retainsdk.errors import CommandError, Fault, InputError, RetainError
from retainsdk.events import CustomerRegistered, Happening
from retainsdk.journal import Decision, How, refuse_unfit
from retainsdk.ledger import Ledger
from retainsdk.wording import in_words


@attrs.frozen(kw_only=True)
class TakenOver:
    """
    What became of customers that were taken over.

    Attributes:
        added: How many the book did not know.
        changed: Of how many it learned something new.
        unchanged: How many it knew just so, or better.
    """

    added: int
    changed: int
    unchanged: int


class PartyCommands(Desks):
    """Commands that take over customers."""

    def take_over_parties(self, parties: Sequence[Party], **how: Unpack[How]) -> TakenOver:
        """
        Customers were kept elsewhere too. All that is new of them goes in, in one commit; a second time, nothing.

        What was merged here in the meantime stays merged.

        Raises:
            InputError: When something told of them cannot have happened; all such parties are named, none is taken.
        """

        def decide(ledger: Ledger, now: datetime) -> Decision:
            faults: list[Fault] = []
            happenings: list[Happening] = []
            counts = dict.fromkeys(attrs.fields_dict(TakenOver), 0)
            customers = dict(ledger.customers)
            for place, party in enumerate(parties):
                id_ = ledger.resolved(party.id)
                known = customers.get(id_)
                news = party.news(known)
                try:
                    refuse_unfit(of_customer(id_, body, at) for at, body in news)
                    for at, body in news:
                        customers[id_] = _after(customers.get(id_), id_, body, at, now)
                except RetainError as error:
                    where = f"parties[{place}] ({id_text(party.id)})"
                    faults.append(Fault(where, party.name, f"cannot be taken over: {error}", "Correct it."))
                happenings += [of_customer(id_, body, at) for at, body in news]
                counts["added" if known is None else "changed" if news else "unchanged"] += 1
            if faults:
                raise InputError("parties", faults)
            return counts, happenings

        counts = self._commit(
            "take_over_parties",
            tuple(parties),
            how,
            lambda: self._read_around([party.id for party in parties], reach=0),
            decide,
        )
        return TakenOver(**counts)


def _after(known: Customer | None, id_: int, body: object, at: datetime, now: datetime) -> Customer:
    if at > now:
        raise CommandError(f"{at.isoformat()}", "lies in the future", "Record what has happened.")
    if isinstance(body, CustomerRegistered):
        return Customer.registered(id_, body, at)
    if known is None:
        raise CommandError(in_words(type(body).__name__), "comes before its customer", "Register him first.")
    return known.after(body, at)
