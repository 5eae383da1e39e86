from __future__ import annotations

from datetime import date

import pytest

from retainsdk.errors import UnknownIdError
from retainsdk.quantities import Money
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import CaseKind, Channel, Direction, OfferKind, Origin, Promise, Reason, TermKind


def test_the_card_shows_what_is_known_and_what_is_missing() -> None:
    clock = SetClock(at(6))
    book = a_book(clock=clock)
    terms = some_terms(kind=TermKind.AUTO_RENEWING, months=12, lock_in_months=9, products=2)
    noa = a_relationship(book, terms=terms)
    customer = book.account(noa).account(noa).relationship.customer
    book.learn_fact(customer, name="senior", value=True, source="call", occurred_at=at(2), actor="dana")
    book.promise(noa, kind=Promise.CALLBACK, what="the bill", due=at(6, 3), actor="dana")
    book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", occurred_at=at(5), actor="dana")
    book.record_payment(noa, amount=Money(1100, "EUR"), actor="dana")
    book.answer_survey(noa, instrument="nps", score=7, occurred_at=at(3), actor="dana")
    offer = book.make_offer(noa, kind=OfferKind.PRICE, amount=Money(4, "EUR"), months=3, actor="dana")
    book.accept_offer(noa, offer, actor="dana")
    book.give_notice(noa, actor="dana")
    clock.time = at(6, 4)

    assert f"{book.card(noa)}\n" == (
        "Noa  [0000000000000002]\n"
        "\n"
        "relationship\n"
        "  customer             person\n"
        "  stage                active\n"
        "  owner                dana\n"
        "  opened               2026-01-01\n"
        "  in service for       5 months\n"
        "  paid so far          1,100.00 EUR\n"
        "\n"
        "contract\n"
        "  state                notice\n"
        "  since                2026-01-01\n"
        "  term                 auto renewing, 12 months\n"
        "  this term ends       2027-01-01, in 211 days\n"
        "  bound until          2026-10-01\n"
        "  notice given for     2026-10-01\n"
        "  monthly fee          20.00 EUR for 2 products\n"
        "  discount             4.00 EUR\n"
        "\n"
        "facts\n"
        "  senior               yes  (call, 2026-02-01)\n"
        "\n"
        "promises\n"
        "  kept and broken      0 and 0\n"
        "  callback 1           the bill, due 2026-06-03 09:00, overdue\n"
        "\n"
        "cases\n"
        "  complaint 1          bill, new since 2026-05-01\n"
        "\n"
        "contact\n"
        "  last contact         none recorded\n"
        "  last survey          7 of 10, 2026-03-01\n"
        "  may be contacted     for service, personal, survey, sales, win-back\n"
        "\n"
        "missing\n"
        "  how the customer came\n"
        "  any contact\n"
    )


def test_the_card_of_a_leaver_tells_how_he_left() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms(notice_days=0), origin=Origin.REFERRAL)
    book.record_interaction(
        noa,
        channel=Channel.PHONE,
        direction=Direction.INBOUND,
        purpose="service",
        occurred_at=at(3),
        actor="dana",
    )
    book.begin_end(noa, occurred_at=at(4), actor="dana")
    book.complete_end(noa, although="he moved at once", occurred_at=at(4), actor="dana")
    book.learn_competitor_lock_in(noa, competitor="Cellex", until=date(2027, 1, 1), source="he", actor="dana")
    book.open_winback(noa, plan="call in December", actor="dana")

    page = str(book.card(noa))

    assert "left                 2026-04-01, closing steps left out" in page
    assert "bound elsewhere      by Cellex until 2027-01-01" in page
    assert "win-back plan        call in December" in page
    assert page.endswith("missing\n  why the customer left")
    book.record_exit_reason(noa, stated=Reason.LIFE_EVENT, evidence="call", actor="dana")
    assert "stated reason        life_event" in str(book.card(noa))
    assert "missing" not in str(book.card(noa))


def test_the_card_can_be_drawn_up_for_an_earlier_day() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms(notice_days=0), since=at(2))
    book.begin_end(noa, occurred_at=at(4), actor="dana")

    assert "stage                active" in str(book.card(noa, at(3)))
    assert "stage                ending" in str(book.card(noa))
    with pytest.raises(UnknownIdError):
        book.card(noa, at(1))


def test_a_relationship_is_found_by_its_reference_or_its_id_if_it_is_one() -> None:
    book = a_book()
    noa = a_relationship(book, reference="N-1")
    a_relationship(book, name="Gil", reference="twice")
    a_relationship(book, name="Tal", reference="twice")

    assert book.find("N-1") == book.find(f"{noa:016x}") == noa
    for name in ("nobody", "twice"):
        with pytest.raises(UnknownIdError, match=name):
            book.find(name)


def test_control_characters_in_a_fact_neither_break_the_card_nor_reach_the_terminal() -> None:
    book = a_book(clock=SetClock(at(6)))
    noa = a_relationship(book)
    customer = book.account(noa).account(noa).relationship.customer
    book.learn_fact(
        customer, name="nick", value="N\n\x1b[31mo", source="call", occurred_at=at(2), actor="dana"
    )

    assert "  nick                 N\\n\\x1b[31mo  (call, " in str(book.card(noa))
