"""What the field says of agreements, told with a book."""

from __future__ import annotations

from datetime import date

import pytest

from retainsdk.errors import CommandError
from retainsdk.quantities import Money
from retainsdk.terms import ServiceLevel, Terms, differences
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import Ending, Side, Stage, Subject, TermKind


def test_e4_first_the_letter_then_the_contract_and_a_change_of_scope_only_when_both_accept() -> None:
    book = a_book()
    us = a_relationship(book, name="מאפיית לוי", stage=Stage.PROSPECT)
    agreed = Terms(
        starts_on=date(2026, 2, 1),
        kind=TermKind.FIXED_THEN_OPEN,
        months=12,
        fee=Money(400, "EUR"),
        scope=("annual accounts",),
        our_responsibilities=("file the accounts",),
        customer_responsibilities=("hand in receipts by the tenth",),
        required_standard="accounting standards of the country",
        service_levels=(ServiceLevel(what="first response", working_hours=8),),
        changes_of_scope="in writing, a month ahead",
    )
    number = book.draft_terms(us, terms=agreed, occurred_at=at(1, 10), actor="dana")
    book.offer_terms(us, number, valid_until=date(2026, 1, 31), occurred_at=at(1, 11), actor="dana")
    book.accept_letter(us, number, document="engagement letter", occurred_at=at(1, 15), actor="dana")
    book.sign(
        us,
        contract=number,
        by_us="dana",
        by_customer="לוי",
        document="contract",
        occurred_at=at(2),
        actor="dana",
    )

    wider = agreed.amended(
        starts_on=date(2026, 5, 1), scope=("annual accounts", "payroll"), fee=Money(500, "EUR")
    )
    amendment = book.propose_amendment(us, terms=wider, by=Side.CUSTOMER, occurred_at=at(4), actor="dana")
    in_scope = book.record_work(us, item="payroll", minutes=90, occurred_at=at(4, 2), actor="dana")
    book.accept_amendment(us, amendment, by=Side.US, occurred_at=at(4, 3), actor="dana")

    contract = book.account(us).contracts[number]
    april, may = contract.terms_on(date(2026, 4, 30)), contract.terms_on(date(2026, 5, 1))
    assert not in_scope
    assert (april.fee, may.fee) == (Money(400, "EUR"), Money(500, "EUR"))
    assert differences(april, may) == (Subject.SCOPE, Subject.FEES)
    assert may.customer_responsibilities == ("hand in receipts by the tenth",)


def test_b1_a_lock_in_ends_on_a_day_known_from_the_first_and_then_he_may_go() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(kind=TermKind.FIXED_THEN_OPEN, months=12, lock_in_months=4))
    bound = book.account(us).contract
    assert bound is not None

    told_early = book.give_notice(us, occurred_at=at(2), actor="dana")

    assert bound.versions[0].lock_in_ends_on == date(2026, 5, 1)
    assert told_early == date(2026, 5, 1)
    assert book.view(at(4, 21)).days_to_lock_in_end.tolist() == [10]
    book.end_contract(us, occurred_at=at(5), actor="dana")
    assert book.view(at(5)).days_to_lock_in_end.tolist() == [0]


def test_b1_a_lock_in_can_be_bought_off_by_the_fee_both_agreed_on_or_we_waive_it() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(lock_in_months=36, early_termination_fee=Money(60, "EUR")))

    with pytest.raises(CommandError, match=r"costs 60.00 EUR by the terms in force, not nothing"):
        book.terminate(us, kind=Ending.FEE, evidence="call", occurred_at=at(3), actor="dana")
    book.terminate(
        us, kind=Ending.FEE, evidence="let go in peace", waived=True, occurred_at=at(3), actor="dana"
    )

    ended = book.account(us).contract
    assert ended is not None
    assert (ended.ended_by, ended.ended_on) == (Ending.FEE, date(2026, 3, 1))
