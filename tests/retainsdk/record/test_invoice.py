from __future__ import annotations

from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from retainsdk.events import PaymentDue, PaymentFailed, PaymentReceived
from retainsdk.quantities import Money, total
from retainsdk.record.invoice import Receivables, receivables
from retainsdk.testing import at

Told = list[tuple[datetime, PaymentDue | PaymentReceived | PaymentFailed]]


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def bill(name: str, amount: int, due_on: date) -> PaymentDue:
    return PaymentDue(invoice=name, amount=eur(amount), due_on=due_on)


def pay(amount: int, invoice: str = "") -> PaymentReceived:
    return PaymentReceived(amount=eur(amount), invoice=invoice)


def of(told: Told) -> Receivables:
    return receivables(told, currency="EUR", day=lambda instant: instant.date())


@given(
    st.lists(st.tuples(st.integers(-4, 9), st.sampled_from(["", "R1", "R2"]), st.integers(1, 4)), max_size=6)
)
def test_every_payment_is_on_an_invoice_or_in_the_credit_and_none_is_overpaid(
    paid: list[tuple[int, str, int]],
) -> None:
    bills: Told = [(at(1), bill("R1", 5, date(2026, 1, 3))), (at(1, 2), bill("R2", 7, date(2026, 1, 2)))]
    payments: Told = [(at(1, day), pay(amount, name)) for amount, name, day in paid]

    found = of([*bills, *payments])

    held = total((invoice.paid for invoice in found.invoices.values()), "EUR")
    assert held + found.credit == eur(sum(amount for amount, _, _ in paid))
    assert found.owed == eur(12) - held
    for invoice in found.invoices.values():
        assert eur(0) <= invoice.paid <= invoice.amount
        assert (invoice.paid_on is not None) == (invoice.owed == eur(0))


def test_a_payment_goes_to_what_it_names_then_to_what_is_due_first_and_the_rest_waits() -> None:
    told: Told = [
        (at(1), bill("later", 10, date(2026, 3, 1))),
        (at(1), bill("sooner", 10, date(2026, 2, 1))),
        (at(1, 5), pay(12, "later")),
        (at(1, 6), pay(9)),
        (at(1, 7), bill("next", 4, date(2026, 4, 1))),
    ]

    found = of(told)

    assert [(it.name, it.owed, it.paid_on) for it in found.invoices.values()] == [
        ("later", eur(0), date(2026, 1, 5)),
        ("sooner", eur(0), date(2026, 1, 6)),
        ("next", eur(3), None),
    ]
    assert found.credit == eur(0)


def test_an_invoice_is_late_from_the_day_after_it_was_due_and_stays_counted_once_paid() -> None:
    told: Told = [(at(1), bill("R1", 5, date(2026, 1, 10))), (at(1, 20), pay(5, "R1"))]

    unpaid = of(told[:1])
    paid = of(told)

    assert [unpaid.invoices["R1"].state(date(2026, 1, day)) for day in (10, 11)] == ["due", "late"]
    assert unpaid.late(date(2026, 1, 10)) == ()
    assert [it.name for it in paid.late(date(2026, 6, 1))] == ["R1"]
    assert paid.invoices["R1"].state(date(2026, 6, 1)) == "paid"


def test_a_payment_that_failed_is_told_with_its_reason_and_one_taken_back_opens_the_invoice_again() -> None:
    told: Told = [
        (at(1), bill("R1", 5, date(2026, 2, 1))),
        (at(1, 3), PaymentFailed(invoice="R1", why="card expired")),
        (at(1, 4), pay(5, "R1")),
        (at(1, 5), pay(-5, "R1")),
    ]

    failed, taken_back = of(told[:2]).invoices["R1"], of(told).invoices["R1"]

    assert failed.state(date(2026, 1, 3)) == "failed"
    assert failed.failures == ((date(2026, 1, 3), "card expired"),)
    assert (taken_back.owed, taken_back.paid_on) == (eur(5), None)
