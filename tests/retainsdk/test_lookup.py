from __future__ import annotations

import pickle

import pytest

from retainsdk.errors import AmbiguousNameError, UnknownIdError
from retainsdk.lookup import Found
from retainsdk.testing import a_book, a_relationship
from retainsdk.vocabulary import Kind, Origin, Stage


def test_an_id_goes_before_a_reference_and_that_before_a_name_and_that_before_a_part_of_one() -> None:
    book = a_book()
    by_name = a_relationship(book, name="N-1")
    by_reference = a_relationship(book, name="Dan", reference="N-1")
    by_part = a_relationship(book, name="Noa Levi", reference="N-12")

    assert book.called("N-1").relationship == by_reference
    assert book.called(f"{by_name:016x}").relationship == by_name
    assert book.called("n-12 ".strip().upper()).relationship == by_part
    assert book.called("noa levi").relationship == book.called("lev").relationship == by_part


def test_a_hebrew_name_is_found_by_a_part_of_it() -> None:
    book = a_book()
    noa = a_relationship(book, name="נועה לוי")
    a_relationship(book, name="דן לוי")

    assert book.called("נועה").relationship == noa
    assert [it.name for it in book.search("לוי")] == ["דן לוי", "נועה לוי"]


def test_a_name_that_several_have_is_refused_with_all_of_them() -> None:
    book = a_book()
    ids = [a_relationship(book, name="Noa") for _ in range(12)]

    with pytest.raises(AmbiguousNameError, match="and 2 more") as refused:
        book.called("noa")

    assert len(refused.value.found) == 12
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)
    assert book.called(f"{ids[3]:016x}").relationship == ids[3]


@pytest.mark.parametrize("text", ["", " ", "nobody", "0123456789abcdef"])
def test_who_is_not_there_is_not_found(text: str) -> None:
    book = a_book()
    a_relationship(book, name="Noa")

    for ask in (book.find, book.called, book.customer_called):
        with pytest.raises(UnknownIdError):
            ask(text)


def test_a_customer_is_one_although_we_have_two_relationships_with_him() -> None:
    book = a_book()
    noa = book.register_customer(kind=Kind.PERSON, name="Noa", actor="dana")
    one, other = (book.open_relationship(noa, reference=reference, actor="dana") for reference in ("A", "B"))

    assert book.customer_called("noa") == Found(customer=noa, name="Noa", kind=Kind.PERSON)
    assert book.customer_called("B").customer == book.customer_called(f"{one:016x}").customer == noa
    assert {it.relationship for it in book.search("noa")} == {one, other}
    with pytest.raises(AmbiguousNameError):
        book.called("noa")


def test_who_was_merged_is_found_by_both_names_and_ids_and_shown_under_one() -> None:
    book = a_book()
    stays = a_relationship(book, name="Noa Levi")
    goes = book.register_customer(kind=Kind.PERSON, name="N. Lewy", actor="dana")
    into = book.called("noa").customer

    book.merge_customers(into=into, merged=goes, evidence="one phone", actor="dana")

    assert book.called("lewy").name == "Noa Levi"
    assert book.called("lewy").relationship == stays
    assert book.customer_called(f"{goes:016x}").customer == into
    assert len(book.search()) == 1


def test_a_customer_and_his_relationship_are_taken_on_in_one_commit() -> None:
    book = a_book()
    a_relationship(book, name="Dan", reference="D-1")
    before = len(book)

    customer, relationship = book.take_on(
        kind=Kind.HOUSEHOLD, name="Levi", referrer=book.find("D-1"), owner="dana", reference="L-1", actor="dana", key="k"
    )  # fmt: skip

    assert len(book) == before + 2
    account = book.account(relationship)
    assert (account.relationship.customer, account.relationship.stage) == (customer, Stage.PROSPECT)
    assert account.relationship.origin is Origin.REFERRAL
    assert book.customer(customer).kind is Kind.HOUSEHOLD
    again = book.take_on(
        kind=Kind.HOUSEHOLD, name="Levi", referrer=book.find("D-1"), owner="dana", reference="L-1", actor="dana", key="k"
    )  # fmt: skip
    assert again == (customer, relationship)


def test_nobody_is_taken_on_whose_referrer_is_not_known() -> None:
    book = a_book()

    with pytest.raises(UnknownIdError):
        book.take_on(kind=Kind.PERSON, name="Noa", referrer=99, actor="dana")

    assert book.search() == []
