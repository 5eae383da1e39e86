"""What would make a book unreadable is refused before it is written: nothing acknowledged is ever lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.errors import RetainError
from retainsdk.quantities import Money
from retainsdk.testing import a_book, a_relationship, some_terms
from retainsdk.vocabulary import Kind, Promise, TermKind

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
