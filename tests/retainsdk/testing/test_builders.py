"""Builders bring a book to where a test begins, and leave nothing wrong in it."""

from __future__ import annotations

import pytest

from retainsdk.case import MACHINE as CASE
from retainsdk.commitment import MACHINE as COMMITMENT
from retainsdk.contract import MACHINE as CONTRACT
from retainsdk.errors import UnknownNameError
from retainsdk.quantities import Money
from retainsdk.testing import (
    a_book,
    a_campaign,
    a_case,
    a_contract,
    a_household,
    a_programme,
    a_promise,
    a_relationship,
    an_experiment,
    an_offering,
    an_organisation,
    check_book,
    some_staff,
)
from retainsdk.vocabulary import Role


@pytest.mark.parametrize("state", CONTRACT.table)
def test_a_contract_is_brought_into_every_state_of_its_lifecycle(state: str) -> None:
    book = a_book()
    noa = a_relationship(book)

    number = a_contract(book, noa, state=state)

    assert book.account(noa).contracts[number].state == state
    check_book(book)


@pytest.mark.parametrize("state", CASE.table)
def test_a_case_is_brought_into_every_state_of_its_lifecycle(state: str) -> None:
    book = a_book()
    noa = a_relationship(book)

    number = a_case(book, noa, state=state)

    assert book.account(noa).cases[number].state == state
    check_book(book)


@pytest.mark.parametrize("state", COMMITMENT.table)
def test_a_promise_is_brought_into_every_state_of_its_lifecycle(state: str) -> None:
    book = a_book()
    noa = a_relationship(book)

    number = a_promise(book, noa, state=state)

    assert book.account(noa).commitments[number].state == state
    check_book(book)


@pytest.mark.parametrize("build", [a_contract, a_case, a_promise])
def test_a_state_that_is_none_is_named_with_those_there_are(build: object) -> None:
    assert callable(build)
    book = a_book()
    noa = a_relationship(book)

    with pytest.raises(UnknownNameError, match="dancing"):
        build(book, noa, state="dancing")


def test_a_household_has_its_members_and_an_organisation_its_committee() -> None:
    book = a_book()

    home, firm = a_household(book, "Noa", "גיל"), an_organisation(book)

    assert len(book.customer(home).affiliations) == 2
    roles = {it.role for it in book.customer(firm).affiliations.values()}
    assert roles == {Role.DECIDES, Role.INFLUENCES, Role.USES, Role.CHAMPIONS}
    assert "Tamar" in str(book.chart(firm))
    check_book(book)


def test_what_concerns_no_single_customer_is_built_too() -> None:
    book = a_book()

    some_staff(book, authority=Money(50, "EUR"))
    names = a_programme(book), a_campaign(book), an_experiment(book), an_offering(book)

    ledger = book.ledger()
    assert names == (*ledger.programmes, *ledger.campaigns, *ledger.experiments, *ledger.catalogue)
    assert ledger.staff["gil"].authority == Money(50, "EUR")
    assert ledger.staff["gil"].asks == "dana"
    check_book(book)
