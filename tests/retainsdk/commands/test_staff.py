"""Representatives in a book."""

from __future__ import annotations

from datetime import date

import pytest

from retainsdk.book import Book
from retainsdk.errors import CommandError, MoneyError, UnknownIdError
from retainsdk.quantities import Money
from retainsdk.testing import SetClock, a_book, a_relationship, at
from retainsdk.vocabulary import OfferKind


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def a_ladder(book: Book) -> None:
    """Dana may grant 20 and asks נועה, who may grant 100."""
    for name in ("dana", "נועה"):
        book.join_staff(name, languages=("he",), actor="boss")
    book.set_authority("dana", up_to=eur(20), asks="נועה", actor="boss")
    book.set_authority("נועה", up_to=eur(100), actor="boss")


def test_an_offer_or_compensation_above_ones_authority_is_refused_and_nothing_recorded() -> None:
    book = a_book()
    noa = a_relationship(book)
    a_ladder(book)
    before = len(book)

    with pytest.raises(CommandError, match=r"30.00 EUR by 'dana'.*Ask נועה, who may"):
        book.make_offer(noa, kind=OfferKind.PRICE, amount=eur(10), months=3, actor="dana")
    with pytest.raises(CommandError, match=r"21.00 EUR by 'dana'.*Ask נועה, who may"):
        book.compensate(noa, what="voucher", cost=eur(21), actor="dana")
    assert len(book) == before

    book.make_offer(noa, kind=OfferKind.PRICE, amount=eur(10), months=3, actor="נועה")
    book.compensate(noa, what="voucher", cost=eur(20), actor="dana")
    assert len(book) == before + 2


def test_a_grant_repeated_under_its_key_is_not_judged_by_a_later_authority() -> None:
    book = a_book()
    noa = a_relationship(book)
    for _ in range(2):
        book.compensate(noa, what="voucher", cost=eur(500), key="once", actor="dana")
        if "dana" not in book.ledger().staff:
            a_ladder(book)

    assert len(list(book.events(name="Compensated"))) == 1


def test_deputies_successors_and_those_to_ask_are_representatives() -> None:
    book = a_book()
    book.join_staff("dana", actor="boss")

    with pytest.raises(UnknownIdError, match="representative 'eli'"):
        book.record_absence(
            "dana", starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 2), deputy="eli", actor="boss"
        )
    with pytest.raises(UnknownIdError, match="representative 'eli'"):
        book.leave_staff("dana", successor="eli", actor="boss")
    with pytest.raises(UnknownIdError, match="representative 'eli'"):
        book.set_authority("dana", up_to=eur(1), asks="eli", actor="boss")
    with pytest.raises(UnknownIdError, match="representative 'eli'"):
        book.leave_staff("eli", actor="boss")


def test_an_authority_is_in_the_currency_of_the_book() -> None:
    book = a_book()
    book.join_staff("dana", actor="boss")

    with pytest.raises(MoneyError, match="does not belong"):
        book.set_authority("dana", up_to=Money(1, "USD"), actor="boss")


def test_who_joins_has_a_name_and_joins_once() -> None:
    book = a_book()
    book.join_staff("dana", actor="boss")

    with pytest.raises(CommandError, match="names nobody"):
        book.join_staff(" ", actor="boss")
    with pytest.raises(CommandError, match="works here already"):
        book.join_staff("dana", actor="boss")


def test_the_staff_of_a_book_is_known_as_of_any_instant() -> None:
    clock = SetClock(at(1))
    book = a_book(clock=clock)
    for month, name in ((1, "dana"), (2, "eli")):
        clock.time = at(month)
        book.join_staff(name, skills=("fibre",), hours="Mon-Fri 09:00-17:00", actor="boss")
    clock.time = at(3)
    book.leave_staff("dana", successor="eli", actor="boss")
    clock.time = at(4)
    book.join_staff("dana", actor="boss")

    assert list(book.ledger(as_of=at(1, 15)).staff) == ["dana"]
    assert book.ledger(as_of=at(3, 15)).staff["dana"].left_on == date(2026, 3, 1)
    assert book.ledger().staff["dana"].left_on is None
