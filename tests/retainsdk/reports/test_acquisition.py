"""What customers cost to win, and who brought whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.errors import CommandError, UnknownIdError
from retainsdk.quantities import Money, total
from retainsdk.reports.acquisition import acquisition, brought_by, referral_chain
from retainsdk.testing import a_book, at
from retainsdk.vocabulary import Kind, Origin, Stage

SPRING: dict[str, Any] = {
    "purpose": "acquisition", "starts_on": date(2026, 3, 1), "ends_on": date(2026, 4, 1), "actor": "dana",
}  # fmt: skip


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def newcomer(book: Book, **came: Any) -> int:
    customer = book.register_customer(kind=Kind.PERSON, name="x", occurred_at=at(1), actor="dana")
    return book.open_relationship(customer, occurred_at=at(1), actor="dana", **came)


stages = st.sampled_from([Stage.PROSPECT, Stage.ONBOARDING, Stage.ACTIVE])
campaigns = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(st.sampled_from(["homes", "shops", ""]), st.integers(0, 900)),
    max_size=4,
)


@given(campaigns, st.lists(st.tuples(st.sampled_from(["", *"abcd"]), stages), max_size=8))
def test_the_cost_of_winning_is_spent_over_won_and_the_lines_add_up_to_the_total(
    run: dict[str, tuple[str, int]], came: list[tuple[str, Stage]]
) -> None:
    book = a_book()
    for name, (segment, cost) in run.items():
        book.run_campaign(name, segment=segment, cost=eur(cost), **SPRING)
    by = [(name if name in run else "", stage) for name, stage in came]
    for name, stage in by:
        newcomer(book, campaign=name, stage=stage)

    report = acquisition(book.ledger())

    for line in report.campaigns:
        won = sum(name == line.name and stage is not Stage.PROSPECT for name, stage in by)
        assert (line.came, line.won) == (sum(name == line.name for name, _ in by), won)
        assert line.cost_per_customer == (Money(line.cost.amount / won, "EUR").rounded() if won else None)
    for lines in (report.campaigns, report.segments):
        assert total((line.cost for line in lines), "EUR") == report.total.cost
        assert sum(line.won for line in lines) == report.total.won
        assert sum(line.came for line in lines) == report.total.came
    assert {line.name for line in report.segments} == {segment for segment, _ in run.values()}


def test_a_campaign_is_known_as_told_last_and_one_that_ends_first_is_refused() -> None:
    book = a_book()
    book.run_campaign("spring", cost=eur(500), **SPRING)
    book.run_campaign("spring", cost=eur(620), **SPRING)

    assert book.ledger().campaigns["spring"].cost == eur(620)
    with pytest.raises(
        CommandError, match=r"ends_on .* must be after .*; cost \(-1.00 EUR\) must not be negative"
    ):
        book.run_campaign("autumn", cost=eur(-1), **{**SPRING, "ends_on": date(2026, 3, 1)})


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
    book.run_campaign("spring", cost=eur(500), **SPRING)
    noa, gil = newcomer(book), newcomer(book)
    book.learn_origin(noa, campaign="spring", actor="dana")

    with pytest.raises(CommandError, match="known otherwise already: origin, campaign"):
        book.learn_origin(noa, referrer=gil, actor="dana")
    with pytest.raises(UnknownIdError, match="no campaign 'autumn'"):
        book.learn_origin(gil, campaign="autumn", actor="dana")
    book.learn_origin(noa, origin=Origin.CAMPAIGN, campaign="spring", actor="dana")  # the same again
    assert book.ledger().account(noa).relationship.campaign == "spring"
