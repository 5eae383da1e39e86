"""What is offered, how well it suits, and what competitors offer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError, RetainError
from retainsdk.quantities import Money
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import OfferKind


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def a_shop(**changes: Any) -> tuple[Book, int]:
    """A book with a package M for 40 a month, and a customer who uses 10."""
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    listing: dict[str, Any] = {"name": "Medium", "fee": eur(20), "included": 40.0}
    book.list_offering("M", **(listing | changes), occurred_at=at(1), actor="dana")
    book.record_usage(us, month=date(2026, 1, 1), used=10.0, occurred_at=at(2), actor="dana")
    return book, us


def offers(book: Book, us: int) -> dict[int, Any]:
    return dict(book.account(us).offers)


def test_an_offer_of_a_package_carries_how_well_it_suited_then_and_by_which_rule() -> None:
    book, us = a_shop(minimum={"household_size": 2})
    before = book.make_offer(us, kind=OfferKind.PACKAGE, offering="M", occurred_at=at(3), actor="dana")
    book.learn_fact(us - 1, name="household_size", value=3, source="she", occurred_at=at(4), actor="dana")
    then = book.make_offer(us, kind=OfferKind.PACKAGE, offering="M", occurred_at=at(5), actor="dana")
    backdated = book.make_offer(us, kind=OfferKind.PACKAGE, offering="M", occurred_at=at(3, 20), actor="dana")
    unlisted = book.make_offer(us, kind=OfferKind.PACKAGE, offering="X", actor="dana")

    made = {number: (it.made.suitability, it.made.rule) for number, it in offers(book, us).items()}

    assert made == {
        before: (None, "nobody knows household_size"),
        then: (0.25, "uses 10 a month of 40 it is made for"),
        backdated: (None, "nobody knows household_size"),
        unlisted: (None, "X is not in the catalogue"),
    }


def test_a_purchase_carries_it_too_and_a_refund_of_what_is_withdrawn_is_possible() -> None:
    book, us = a_shop()
    book.record_purchase(
        us, what="M", amount=eur(20), paid=True, offering="M", occurred_at=at(3), actor="dana"
    )
    book.withdraw_offering("M", why="old", occurred_at=at(4), actor="dana")

    with pytest.raises(CommandError, match="was withdrawn on 2026-04-01"):
        book.record_purchase(us, what="M", amount=eur(20), paid=True, offering="M", actor="dana")
    book.record_purchase(us, what="M", amount=eur(-20), paid=True, offering="M", actor="dana")

    assert [(sale.where, sale.suitability) for sale in book.missold(us)] == [("record 3", 0.25)]
    with pytest.raises(CommandError, match="was withdrawn"):
        book.make_offer(us, kind=OfferKind.PACKAGE, offering="M", actor="dana")


def test_an_offer_runs_out_at_its_time_and_can_be_answered_only_before() -> None:
    book, us = a_shop()
    short = book.make_offer(
        us,
        kind=OfferKind.PRICE,
        amount=eur(2),
        months=3,
        expires_at=at(3, 10),
        occurred_at=at(3),
        actor="dana",
    )
    lasting = book.make_offer(us, kind=OfferKind.PAUSE, months=1, occurred_at=at(3), actor="dana")

    with pytest.raises(CommandError, match="ran out at"):
        book.accept_offer(us, short, occurred_at=at(3, 10), actor="dana")
    first, second = book.lapse_offers(us, actor="dana"), book.lapse_offers(us, actor="dana")

    assert (first, second) == (1, 0)
    kept = offers(book, us)
    assert (kept[short].state, kept[short].answered_at, kept[short].accepted) == ("lapsed", at(3, 10), None)
    assert kept[lasting].state == "made"
    assert book.view().offers_accepted.tolist() == [0]


REFUSED: dict[str, tuple[Callable[[Book, int], object], str]] = {
    "a benefit at no stated cost": (
        lambda b, us: b.make_offer(us, kind=OfferKind.BENEFIT, what="parking", actor="dana"), "what it costs us",
    ),
    "early access to nothing": (
        lambda b, us: b.make_offer(us, kind=OfferKind.EARLY_ACCESS, cost=eur(0), actor="dana"), "what it is",
    ),
    "an offer that runs out before it is made": (
        lambda b, us: b.make_offer(us, kind=OfferKind.PAUSE, expires_at=at(2), occurred_at=at(3), actor="dana"), "Let it run longer",
    ),
    "the withdrawal of what was never listed": (lambda b, _: b.withdraw_offering("X", why="x", actor="dana"), "no offering 'X'"),
    "a competitor's offer without source and end": (
        lambda b, _: b.see_competitor_offer(
            competitor="Cellex", fee=eur(1), starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 2), source="", actor="dana",
        ),
        "names no source, ends on 2026-01-02, not after",
    ),
    "a competitor who binds for less than no time": (
        lambda b, _: b.see_competitor_offer(
            competitor="Cellex", fee=eur(1), starts_on=date(2026, 1, 2), source="web", lock_in_months=-1, actor="dana",
        ),
        "below nothing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_book_refuses(case: str) -> None:
    tell, why = REFUSED[case]
    book, us = a_shop()
    digest = book.digest()

    with pytest.raises(RetainError, match=why):
        tell(book, us)

    assert book.digest() == digest


def test_a_benefit_granted_counts_with_its_cost() -> None:
    book, us = a_shop()
    offer = book.make_offer(us, kind=OfferKind.BENEFIT, what="parking", cost=eur(30), actor="dana")
    book.accept_offer(us, offer, actor="dana")

    assert [(it.what, it.cost, it.source) for it in book.concessions(us)] == [("parking", eur(30), "offer 1")]
    assert book.view().concession_cost.tolist() == [3000]


def test_a_pause_that_is_taken_lets_the_contract_rest_and_he_hears_in_time_that_it_goes_on() -> None:
    clock = SetClock(at(3))
    book = a_book(clock=clock)
    us = a_relationship(book, terms=some_terms())
    pause = book.make_offer(us, kind=OfferKind.PAUSE, months=2, cost=eur(40), actor="dana")
    book.accept_offer(us, pause, actor="dana")
    resting = book.account(us).contract
    assert resting is not None
    assert (resting.state, resting.suspended_until) == ("suspended", date(2026, 5, 1))

    clock.time = at(4, 10)
    book.run_duties(actor="clock")
    told = [it for it in book.agenda().items if "go on again on 2026-05-01" in it.what]
    book.resume(us, actor="dana")
    book.run_duties(actor="clock")

    assert [(it.kind, it.day) for it in told] == [("notice", date(2026, 4, 23))]
    assert not [it for it in book.agenda().items if "go on again" in it.what]


def test_a_pause_of_what_does_not_run_is_a_word_and_no_rest() -> None:
    book = a_book()
    us = a_relationship(book)
    pause = book.make_offer(us, kind=OfferKind.PAUSE, months=2, actor="dana")

    book.accept_offer(us, pause, actor="dana")

    assert book.account(us).contracts == {}
    assert offers(book, us)[pause].accepted


def test_a_package_that_is_taken_becomes_the_terms_as_it_was_listed_when_it_was_offered() -> None:
    book, us = a_shop(products=2)
    offer = book.make_offer(us, kind=OfferKind.PACKAGE, offering="M", occurred_at=at(3), actor="dana")
    book.list_offering("M", name="Medium", fee=eur(25), occurred_at=at(4), actor="dana")

    book.accept_offer(us, offer, occurred_at=at(5, 10), actor="dana")

    contract = book.account(us).contract
    assert contract is not None
    expected = some_terms().amended(starts_on=date(2026, 5, 10), offering="M", fee=eur(20), products=2)
    assert contract.versions == (some_terms(), expected)


def test_a_package_he_has_already_leaves_his_terms_and_one_without_a_contract_waits_for_a_signature() -> None:
    book, us = a_shop()
    book.amend(us, terms=some_terms(starts_on=date(2026, 3, 1), offering="M"), actor="dana")
    again = book.make_offer(us, kind=OfferKind.PACKAGE, offering="M", actor="dana")
    prospect = a_relationship(book)
    first = book.make_offer(prospect, kind=OfferKind.PACKAGE, offering="M", actor="dana")

    book.accept_offer(us, again, actor="dana")
    book.accept_offer(prospect, first, actor="dana")

    contract = book.account(us).contract
    assert contract is not None
    assert [terms.offering for terms in contract.versions] == [None, "M"]
    assert book.account(prospect).contracts == {}
    assert offers(book, prospect)[first].accepted


def test_a_package_taken_before_the_service_begins_counts_from_its_beginning() -> None:
    book = a_book()
    book.list_offering("M", name="Medium", fee=eur(25), occurred_at=at(1), actor="dana")
    us = a_relationship(book)
    book.sign(us, terms=some_terms(starts_on=date(2026, 9, 1)), occurred_at=at(3), actor="dana")
    offer = book.make_offer(us, kind=OfferKind.PACKAGE, offering="M", occurred_at=at(3), actor="dana")

    book.accept_offer(us, offer, occurred_at=at(4), actor="dana")

    contract = book.account(us).contract
    assert contract is not None
    assert (contract.versions[-1].starts_on, contract.versions[-1].fee) == (date(2026, 9, 1), eur(25))


@pytest.mark.parametrize(
    ("offering", "why"),
    [
        ("X", "no package that was in the catalogue on 2026-03-01"),
        (None, "no package"),
        ("TV", "goes beside 'M'"),
    ],
)
def test_a_package_of_which_nobody_knows_what_it_makes_of_the_terms_asks_for_them(
    offering: str | None, why: str
) -> None:
    book, us = a_shop(complements=("TV",))
    book.list_offering("TV", name="Television", fee=eur(5), occurred_at=at(1), actor="dana")
    book.amend(
        us, terms=some_terms(starts_on=date(2026, 2, 1), offering="M"), occurred_at=at(2), actor="dana"
    )
    offer = book.make_offer(us, kind=OfferKind.PACKAGE, offering=offering, occurred_at=at(3), actor="dana")
    both = some_terms(starts_on=date(2026, 6, 1), offering="M", fee=eur(25))

    with pytest.raises(CommandError, match=why) as refused:
        book.accept_offer(us, offer, actor="dana")
    book.accept_offer(us, offer, terms=both, actor="dana")

    contract = book.account(us).contract
    assert refused.value.remedy == "State the terms that both agreed, in `terms`."
    assert contract is not None
    assert contract.versions[-1].fee == eur(25)
