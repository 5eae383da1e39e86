"""Invoices: what a customer is to pay until when, what he paid, and what is late."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

import attrs

from retainsdk.events import PaymentDue, PaymentFailed, PaymentReceived
from retainsdk.quantities import Money


@attrs.frozen(kw_only=True)
class Invoice:
    """
    What a customer is to pay.

    Attributes:
        name: Of the invoice.
        amount: To be paid.
        billed_on: The day it was written.
        due_on: The last day on which a payment is in time.
        paid: So far; never more than the amount.
        paid_on: The day it was paid in full; none while it is not.
        failures: Payments that did not come through: the day, and why.
    """

    name: str
    amount: Money
    billed_on: date
    due_on: date
    paid: Money
    paid_on: date | None = None
    failures: tuple[tuple[date, str], ...] = ()

    @property
    def owed(self) -> Money:
        """What is still to be paid."""
        return self.amount - self.paid

    def state(self, on: date) -> str:
        """Where it stands on a day: ``paid``, ``late``, ``failed`` (an attempt to pay it was the last thing) or ``due``."""
        if self.paid_on is not None:
            return "paid"
        if on > self.due_on:
            return "late"
        return "failed" if self.failures else "due"

    def was_late(self, on: date) -> bool:
        """Whether, by that day, its day had passed before it was paid."""
        return (on if self.paid_on is None else self.paid_on) > self.due_on

    def settled(self, amount: Money, on: date) -> Invoice:
        """The same with so much more paid."""
        paid = self.paid + amount
        return attrs.evolve(self, paid=paid, paid_on=on if paid == self.amount else None)


@attrs.frozen(kw_only=True)
class Receivables:
    """
    All invoices of a customer, and what he paid beyond them.

    Attributes:
        invoices: By name, in the order of billing.
        credit: Paid and belonging to no invoice; negative when more was paid back than there was.
    """

    invoices: dict[str, Invoice]
    credit: Money

    @property
    def owed(self) -> Money:
        """All that is still to be paid."""
        owed = Money(0, self.credit.currency)
        for invoice in self.invoices.values():
            owed = owed + invoice.owed
        return owed

    def late(self, on: date) -> tuple[Invoice, ...]:
        """The invoices whose day had passed, by then, before they were paid."""
        return tuple(invoice for invoice in self.invoices.values() if invoice.was_late(on))


_Records = Iterable[tuple[datetime, PaymentDue | PaymentReceived | PaymentFailed]]


def receivables(records: _Records, *, currency: str, day: Callable[[datetime], date]) -> Receivables:
    """
    The invoices with what was paid on them.

    A payment goes to the invoice it names, up to what is owed there. What is left, and what names none, goes to the
    open invoice that is due first; what nothing is owed for waits for the next invoice. A negative payment takes
    from the invoice it names, else from the credit.

    Args:
        records: Bills, payments and failures in the order of recording, each with its instant.
        currency: Of the book.
        day: The day of an instant in the book's zone.
    """
    invoices: dict[str, Invoice] = {}
    credit = Money(0, currency)
    for at, body in sorted(records, key=lambda record: record[0]):
        on = day(at)
        match body:
            case PaymentDue():
                invoices[body.invoice] = Invoice(
                    name=body.invoice,
                    amount=body.amount,
                    billed_on=on,
                    due_on=body.due_on,
                    paid=Money(0, currency),
                )
                credit = _spent(credit, [body.invoice], invoices, on)
            case PaymentReceived():
                credit = _received(body, credit, invoices, on)
            case PaymentFailed():
                held = invoices[body.invoice]
                invoices[body.invoice] = attrs.evolve(held, failures=(*held.failures, (on, body.why)))
    return Receivables(invoices=invoices, credit=credit)


def _received(body: PaymentReceived, credit: Money, invoices: dict[str, Invoice], on: date) -> Money:
    named = invoices.get(body.invoice)
    if body.amount.amount >= 0:
        by_due_day = sorted(invoices, key=lambda name: (invoices[name].due_on, name))
        names = by_due_day if named is None else [named.name, *by_due_day]
        return _spent(credit + body.amount, names, invoices, on)
    back = -body.amount if named is None else min(named.paid, -body.amount)
    if named is None:
        return credit - back
    if back:
        invoices[named.name] = named.settled(-back, on)
    return credit + body.amount + back


def _spent(money: Money, names: Iterable[str], invoices: dict[str, Invoice], on: date) -> Money:
    for name in names:
        part = min(money, invoices[name].owed)
        if part.amount > 0:
            invoices[name] = invoices[name].settled(part, on)
            money = money - part
    return money
