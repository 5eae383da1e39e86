"""
What plug-ins are shown: everything but sensitive facts, and those only for a purpose that allows them.

Whoever calls a hook passes what it shows through here; no hook gets a customer or an event any other way. Whoever looks
back does too, for what was taken for ordinary then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import attrs

from retainsdk.customer import Customer
from retainsdk.customer.fact import Facts
from retainsdk.events import FactCorrected, FactLearned
from retainsdk.ledger import Ledger
from retainsdk.vocabulary import Sensitivity

WITHHELD = "withheld"
"""Stands for the value of a sensitive fact that somebody may not see."""


class _Shown(Mapping[int, Customer]):
    def __init__(self, customers: Mapping[int, Customer], show: Callable[[Customer], Customer]) -> None:
        self._customers, self._show = customers, show

    def __getitem__(self, id_: int) -> Customer:
        return self._show(self._customers[id_])

    def __iter__(self) -> Iterator[int]:
        return iter(self._customers)

    def __len__(self) -> int:
        return len(self._customers)


def shown_customer(customer: Customer, purposes: Collection[str]) -> Customer:
    """The same customer without the sensitive facts that none of these purposes allows."""
    told = {
        name: said
        for name, said in customer.said.told.items()
        if all(it.fact is None or any(map(it.fact.readable_for, (None, *purposes))) for it in said)
    }
    hidden = len(told) < len(customer.said.told)
    return attrs.evolve(customer, said=Facts(told=told)) if hidden else customer


def shown_ledger(ledger: Ledger, purposes: Collection[str]) -> Ledger:
    """The same ledger, whose customers are without the sensitive facts that none of these purposes allows."""
    return _through(ledger, lambda customer: shown_customer(customer, purposes))


def looked_back_on(then: Ledger, now: Ledger) -> Ledger:
    """An earlier ledger whose facts are as sensitive as they turned out to be by the present one."""

    def known_now(customer: Customer) -> Customer:
        present = now.customers.get(now.resolved(customer.id))
        if present is None or not customer.said.told:
            return customer
        return attrs.evolve(customer, said=customer.said.as_sensitive_as(present.said))

    return _through(then, known_now)


def _through(ledger: Ledger, show: Callable[[Customer], Customer]) -> Ledger:
    shown = Ledger()
    vars(shown).update(
        vars(ledger), customers=_Shown(ledger.customers, show), merged=_Shown(ledger.merged, show)
    )
    return shown


def shown_body(
    body: Any,  # noqa: ANN401 # of any event
    purposes: Collection[str],
    customer: Callable[[], Customer | None],
) -> Any:  # noqa: ANN401 # the same
    """
    The body of an event, without the value of a sensitive fact that none of these purposes allows.

    Args:
        body: Of the event.
        purposes: For which it is shown.
        customer: Looks up the customer whose fact is corrected: the correction does not say whether it is sensitive.
    """
    if isinstance(body, FactLearned) and body.sensitivity is Sensitivity.SENSITIVE:
        return body if set(purposes) & set(body.purposes) else attrs.evolve(body, value=WITHHELD)
    if isinstance(body, FactCorrected):
        known = customer()
        visible = known is not None and body.name in shown_customer(known, purposes).said.told
        return body if visible else attrs.evolve(body, value=WITHHELD)
    return body
