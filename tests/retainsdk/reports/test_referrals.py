"""Who brought whom, and how a customer came to us."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.quantities import Money
from retainsdk.reports.referrals import brought_by, referral_chain
from retainsdk.testing import a_book, at
from retainsdk.vocabulary import Kind, Origin, Stage


def newcomer(book: Book, **came: Any) -> int:
    customer = book.register_customer(kind=Kind.PERSON, name="x", occurred_at=at(1), actor="dana")
    return book.open_relationship(customer, occurred_at=at(1), actor="dana", **came)


def test_who_brought_whom_is_a_chain_and_each_newcomer_is_credited_once_to_the_one_he_names() -> None:
    book = a_book()
    noa, gil = newcomer(book), newcomer(book)
    tal = newcomer(book, referrer=gil, stage=Stage.ACTIVE)
    book.learn_origin(gil, referrer=noa, actor="dana")
    book.credit_referral(noa, referred=gil, credit="a free month", actor="dana")

    for referrer, referred, why in (
        (noa, gil, "was credited already"),
        (noa, tal, "names 0000000000000004 as his"),
    ):
        with pytest.raises(CommandError, match=why):
            book.credit_referral(referrer, referred=referred, actor="dana")

    ledger = book.ledger()
    assert referral_chain(ledger, tal) == (gil, noa)
    assert brought_by(ledger, noa) == 1  # Tal; Gil is no customer yet
    assert [it.referred for it in ledger.account(noa).relationship.referrals] == [gil]
    assert ledger.account(gil).relationship.origin is Origin.REFERRAL


def test_nobody_is_brought_by_whom_he_brought() -> None:
    book = a_book()
    noa = newcomer(book)
    gil = newcomer(book, referrer=noa)

    for referrer in (gil, noa):
        with pytest.raises(CommandError, match="Somebody came first"):
            book.learn_origin(noa, referrer=referrer, actor="dana")


def test_how_he_came_is_learned_once_and_never_changed() -> None:
    book = a_book()
    book.run_campaign(
        "spring", purpose="acquisition", starts_on=date(2026, 3, 1), ends_on=date(2026, 4, 1), cost=Money(500, "EUR"),
        actor="dana",
    )  # fmt: skip
    noa, gil = newcomer(book), newcomer(book)
    book.learn_origin(noa, campaign="spring", actor="dana")

    with pytest.raises(CommandError, match="known otherwise already: origin, campaign"):
        book.learn_origin(noa, referrer=gil, actor="dana")
    with pytest.raises(UnknownIdError, match="no campaign 'autumn'"):
        book.learn_origin(gil, campaign="autumn", actor="dana")
    book.learn_origin(noa, origin=Origin.CAMPAIGN, campaign="spring", actor="dana")  # the same again
    assert book.ledger().account(noa).relationship.campaign == "spring"
