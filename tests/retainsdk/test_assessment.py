"""What a book says of one customer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.errors import UnknownIdError
from retainsdk.events import OfferMade, Statement
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import Channel, Direction, OfferKind, Promise, Sensitivity, StatementKind


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def a_shop(**changes: Any) -> tuple[Book, int]:
    """A book with a package M for 40 a month, and a customer who has it."""
    book = a_book()
    us = a_relationship(book, terms=some_terms(**({"offering": "M"} | changes)))
    book.list_offering("M", name="Medium", fee=eur(20), included=40.0, occurred_at=at(1), actor="dana")
    return book, us


def stated(book: Book, us: int, kind: StatementKind, value: str, *, day: int, subject: str = "M") -> None:
    book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service",
        stated=[Statement(kind=kind, subject=subject, value=value, by="gil")], occurred_at=at(3, day), actor="dana",
    )  # fmt: skip


def relist(book: Book, us: int) -> None:
    del us
    book.list_offering("M", name="Medium", fee=eur(25), occurred_at=at(3, 2), actor="dana")


def renew(book: Book, us: int) -> None:
    contract = book.account(us).contract
    assert contract is not None
    book.renew(
        us,
        terms=contract.versions[-1].renewed(starts_on=date(2026, 3, 2)),
        occurred_at=at(3, 2),
        actor="dana",
    )


def take_discount(book: Book, us: int) -> None:
    offer = book.make_offer(
        us, kind=OfferKind.PRICE, amount=eur(5), months=2, occurred_at=at(3, 2), actor="dana"
    )
    book.accept_offer(us, offer, occurred_at=at(3, 2), actor="dana")


def warn(book: Book, us: int) -> None:
    promise = book.promise(
        us, kind=Promise.DELIVERY, what="x", due=at(3, 20), occurred_at=at(3), actor="dana"
    )
    book.give_late_notice(us, promise, due=at(4), occurred_at=at(3, 2), actor="dana")


def amend_fee(book: Book, us: int) -> None:
    book.amend(
        us,
        terms=some_terms(offering="M", starts_on=date(2026, 3, 2), fee=eur(25)),
        occurred_at=at(3, 2),
        actor="dana",
    )


@pytest.mark.parametrize(
    ("change", "excuses"),
    [
        (relist, {StatementKind.PRICE, StatementKind.SCOPE}),
        (take_discount, {StatementKind.PRICE}),
        (warn, {StatementKind.DATE}),
        (amend_fee, {StatementKind.PRICE}),
    ],
)
def test_a_change_in_the_book_excuses_statements_of_its_kind_and_no_others(
    change: Callable[[Book, int], None], excuses: set[StatementKind]
) -> None:
    book, us = a_shop()
    for kind in StatementKind:
        stated(book, us, kind, "one", day=1)
    change(book, us)
    for kind in StatementKind:
        stated(book, us, kind, "other", day=3)

    found = book.contradictions(us)

    assert {it.later.kind for it in found} == set(StatementKind) - excuses
    assert {it.later.by for it in found} == {"gil"}
    assert book.contradictions(us, as_of=at(3, 2)) == []


def test_a_new_price_in_the_catalogue_excuses_nothing_about_another_package() -> None:
    book, us = a_shop()
    stated(book, us, StatementKind.PRICE, "20 EUR", day=1, subject="L")
    relist(book, us)
    stated(book, us, StatementKind.PRICE, "30 EUR", day=3, subject="L")

    assert [it.later.value for it in book.contradictions(us)] == ["30 EUR"]


def test_a_package_he_could_have_is_compared_as_well_as_the_one_he_has() -> None:
    book, us = a_shop(lock_in_months=12)
    book.list_offering("S", name="Small", fee=eur(12), included=10.0, occurred_at=at(1), actor="dana")
    book.see_competitor_offer(
        competitor="Cellex", fee=eur(15), starts_on=date(2026, 1, 1), source="web", lock_in_months=3,
        occurred_at=at(2), actor="dana",
    )  # fmt: skip

    has, could = (
        {point.what: point.ours for point in book.compared(us, offering=code)[0].points}
        for code in (None, "S")
    )

    assert (has["fee a month"], has["months bound"]) == ("20.00 EUR", "7")
    assert (could["fee a month"], could["months bound"]) == ("12.00 EUR", "0")
    with pytest.raises(UnknownIdError, match="no offering 'X'"):
        book.compared(us, offering="X")
    with pytest.raises(UnknownIdError, match="no running contract"):
        book.compared(a_relationship(book, name="Gil"))


def test_an_offer_made_to_one_customer_is_compared_for_him_alone() -> None:
    book, us = a_shop()
    other = a_relationship(book, name="Gil", terms=some_terms())
    book.see_competitor_offer(
        competitor="Cellex",
        fee=eur(15),
        starts_on=date(2026, 1, 1),
        source="she",
        relationship=us,
        actor="dana",
    )

    assert [len(book.compared(it)) for it in (us, other)] == [1, 0]


def test_use_counts_in_value_and_health() -> None:
    book, us = a_shop()
    plain = book.customer_value(us)
    for month, used in ((4, 40.0), (5, 10.0)):
        book.record_usage(us, month=date(2026, month, 1), used=used, occurred_at=at(month + 1), actor="dana")

    assert book.customer_value(us).predicted < plain.predicted
    assert [part.why for part in book.health(us).score.parts if part.name == "uses less"] == [
        "-75% of what is included"
    ]
    assert [part.name for part in book.health(us, as_of=at(5, 20)).score.parts] == [
        "a relationship without a sign"
    ]


def test_what_he_brought_back_he_has_no_longer() -> None:
    book, us = a_shop()
    book.list_offering("tv", name="TV", fee=eur(5), minimum={"size": 1}, occurred_at=at(1), actor="dana")
    book.learn_fact(us - 1, name="size", value=2, source="he", actor="dana")
    book.record_purchase(us, what="tv", amount=eur(5), paid=True, offering="tv", actor="dana")
    with_it = [it.offering.code for it in book.recommended(us)]
    book.record_purchase(us, what="tv back", amount=eur(-5), paid=True, offering="tv", actor="dana")

    assert with_it == []
    assert [it.offering.code for it in book.recommended(us)] == ["tv"]


def test_a_sensitive_fact_is_looked_at_only_where_it_allows_sales() -> None:
    book = a_book()
    us = a_relationship(book)
    book.list_offering("spa", name="Spa", fee=eur(9), minimum={"age": 18}, occurred_at=at(1), actor="dana")
    how: dict[str, Any] = {"name": "age", "value": 30, "source": "he", "sensitivity": Sensitivity.SENSITIVE}
    book.learn_fact(us - 1, **how, purposes=("service",), occurred_at=at(2), actor="dana")
    hidden = book.recommended(us)
    book.learn_fact(us - 1, **how, purposes=("service", "sales"), occurred_at=at(3), actor="dana")

    assert hidden == []
    assert [it.offering.code for it in book.recommended(us)] == ["spa"]


@pytest.mark.invariant(16)
def test_a_sensitive_fact_decides_what_is_recorded_of_an_offer_without_being_told_there() -> None:
    book = a_book()
    us = a_relationship(book)
    book.list_offering(
        "cake", name="Cake", fee=eur(9), excluded={"allergy": "nuts"}, occurred_at=at(1), actor="dana"
    )
    book.learn_fact(
        us - 1, name="allergy", value="nuts", source="he", sensitivity=Sensitivity.SENSITIVE, purposes=("sales",),
        occurred_at=at(2), actor="dana",
    )  # fmt: skip

    book.make_offer(us, kind=OfferKind.PACKAGE, offering="cake", actor="dana")

    (made,) = [event.body for event in book.events(name="OfferMade")]
    assert isinstance(made, OfferMade)
    assert (made.suitability, made.rule) == (0.0, "a sensitive fact decides")
