"""What would make a book unreadable is refused before it is written: nothing acknowledged is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.errors import RetainError
from retainsdk.events import TenureBenefit
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship, some_terms
from retainsdk.vocabulary import Channel, Direction, Kind, OfferKind, Promise, TermKind

How = dict[str, Any]
DANA: How = {"actor": "dana"}
NAN, ENDLESS = float("nan"), float("inf")
DUE = datetime.max.replace(tzinfo=UTC)
APRIL, JUNE = date(2026, 4, 1), date(2026, 6, 1)

POISON: dict[str, Callable[[Book, int], object]] = {
    "a use that is no number": lambda b, us: b.record_usage(us, month=APRIL, used=NAN, **DANA),
    "a use without end": lambda b, us: b.record_usage(us, month=APRIL, used=ENDLESS, **DANA),
    "a score that is no number": lambda b, us: b.answer_survey(us, instrument="nps", score=NAN, **DANA),
    "a package without end": lambda b, _: b.list_offering("m", name="M", fee=Money(1, "EUR"), included=ENDLESS, **DANA),
    "half a character": lambda b, _: b.register_customer(kind=Kind.PERSON, name="נועה\ud800", **DANA),
    "half a character as actor": lambda b, us: b.begin_end(us, actor="\ud800"),
    "an id below zero": lambda b, _: b.register_customer(kind=Kind.PERSON, name="Gil", id=-1, **DANA),
    "an id of 65 bits": lambda b, _: b.register_customer(kind=Kind.PERSON, name="Gil", id=2**64, **DANA),
    "an amount beyond 64 bits": lambda b, us: b.record_purchase(us, what="x", amount=Money(10**30, "EUR"), paid=True, **DANA),
    "a part of a cent": lambda b, us: b.record_purchase(us, what="x", amount=Money("0.001", "EUR"), paid=True, **DANA),
    "a due at the end of time": lambda b, us: b.promise(us, kind=Promise.DELIVERY, what="x", due=DUE, grace_minutes=60, **DANA),
    "a cadence of ages": lambda b, us: b.amend(us, terms=some_terms(starts_on=JUNE, cadence_days=10**9), **DANA),
    "reports every age": lambda b, us: b.amend(us, terms=some_terms(starts_on=JUNE, report_months=10**6), **DANA),
    "notice of ages": lambda b, us: b.amend(us, terms=some_terms(starts_on=JUNE, notice_days=10**7), **DANA),
    "a term of ages": lambda b, us: b.amend(us, terms=some_terms(starts_on=JUNE, kind=TermKind.FIXED, months=10**6), **DANA),
    "an offer of ages": lambda b, us: b.make_offer(us, kind=OfferKind.PRICE, amount=Money(1, "EUR"), months=10**6, **DANA),
    "a talk of ages": lambda b, us: b.record_interaction(us, channel=Channel.PHONE, direction=Direction.INBOUND, purpose="service", minutes=2**31, **DANA),
    "a programme that looks ages back": lambda b, _: b.change_programme("club", window_months=10**6, **DANA),
    "a benefit after ages": lambda b, _: b.change_programme("club", tenure_benefits=(TenureBenefit(months=10**6, benefit="tea"),), **DANA),
    "a purchase of too much": lambda b, us: b.record_purchase(us, what="x", amount=Money(1, "EUR"), paid=True, quantity=2**62, **DANA),
    "terms from the end of time": lambda b, us: b.amend(us, terms=some_terms(starts_on=date.max), **DANA),
}  # fmt: skip


@pytest.mark.parametrize("poison", POISON)
def test_what_could_not_be_read_again_is_not_written(poison: str) -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    digest = book.digest()

    with pytest.raises(RetainError) as refused:
        POISON[poison](book, us)

    assert book.digest() == digest
    assert str(refused.value)
    book.run_duties(**DANA)
    assert len(book.view()) == 1
    assert str(book.card(us))


ODD: dict[str, tuple[tuple[str, Any], str, int]] = {
    "a birthday in the first year, as address books write an unknown one": (("birthday", "0001-01-01"), "age_band", 127),
    "a household of billions": (("household_size", 10**10), "household_size", 2**31 - 1),
    "a household of less than nobody": (("household_size", -(10**10)), "household_size", -(2**31)),
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
def test_what_no_column_can_hold_is_shown_as_the_most_it_can_and_hides_nobody_else(odd: str) -> None:
    (name, value), column, shown = ODD[odd]
    book = a_book()
    us, them = a_relationship(book), a_relationship(book)
    for relationship, fact in ((us, value), (them, "1980-01-01" if name == "birthday" else 3)):
        book.learn_fact(
            book.account(relationship).relationship.customer, name=name, value=fact, source="vcard", **DANA
        )

    view = book.view()

    assert getattr(view, column).tolist() == [shown, 4 if name == "birthday" else 3]


def test_a_use_that_no_column_can_hold_is_a_large_one() -> None:
    book = a_book()
    book.list_offering("m", name="M", fee=Money(1, "EUR"), included=1e-3, **DANA)
    us = a_relationship(book, terms=some_terms(offering="m"))
    book.record_usage(us, month=date(2026, 5, 1), used=1e300, **DANA)

    (usage,) = book.view().usage.tolist()

    assert usage == pytest.approx(3.4e38, rel=0.01)


def test_an_offer_of_next_to_nothing_has_no_price_a_unit_and_spoils_no_card() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    book.see_competitor_offer(competitor="Cellex", fee=Money(20, "EUR"), included=1e-300, starts_on=APRIL, source="web", **DANA)  # fmt: skip
    book.record_usage(us, month=date(2026, 5, 1), used=1.0, **DANA)

    assert "Cellex" in str(book.card(us))
    assert [point.theirs for point in book.compared(us)[0].points if "unit" in point.what] == [""]
