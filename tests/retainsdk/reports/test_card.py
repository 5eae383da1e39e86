from __future__ import annotations

import time
from datetime import date
from decimal import Decimal

import pytest

from retainsdk.errors import UnknownIdError
from retainsdk.events import Statement, Tier
from retainsdk.quantities import Money
from retainsdk.reports.card import card
from retainsdk.testing import SetClock, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    Direction,
    Ending,
    Foundation,
    Kind,
    OfferKind,
    Origin,
    Promise,
    Reason,
    Role,
    Sensitivity,
    StatementKind,
    TermKind,
)


def test_the_card_shows_what_is_known_and_what_is_missing() -> None:
    clock = SetClock(at(6))
    book = a_book(clock=clock)
    terms = some_terms(kind=TermKind.AUTO_RENEWING, months=12, lock_in_months=9, products=2)
    noa = a_relationship(book, terms=terms)
    customer = book.account(noa).relationship.customer
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
        "how it stands\n"
        "  health               87 of 100\n"
        "  because              -10 complaints open: 1, 10 points each\n"
        "  because              -3 last survey: 7 of 10\n"
        "  at risk              notice was given for 2026-10-01\n"
        "  value                1,177.07 EUR: 1,100.00 EUR so far, 77.07 EUR to come\n"
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
        "  complaint 1          bill, new since 2026-05-01, handled by dana, answer owed since 2026-05-01\n"
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
    assert "stated reason        life event" in str(book.card(noa))
    assert "missing" not in str(book.card(noa))


def test_the_card_of_a_contract_that_ended_tells_when_and_how() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms(notice_days=30))
    book.give_notice(noa, occurred_at=at(2), actor="dana")
    assert "  ended  " not in str(book.card(noa, at(2, 2)))

    book.terminate(noa, kind=Ending.AGREEMENT, evidence="both signed", occurred_at=at(2, 10), actor="dana")

    assert "\n  ended                2026-02-10, agreement\n" in str(book.card(noa))


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
    customer = book.account(noa).relationship.customer
    book.learn_fact(
        customer, name="nick", value="N\n\x1b[31mo", source="call", occurred_at=at(2), actor="dana"
    )

    assert "  nick                 N\\n\\x1b[31mo  (call, " in str(book.card(noa))


def test_the_card_of_an_organisation_shows_its_people_and_whom_it_lacks() -> None:
    book = a_book()
    firm = book.register_customer(kind=Kind.ORGANISATION, name="Acme", occurred_at=at(1), actor="dana")
    us = book.open_relationship(firm, owner="dana", occurred_at=at(1), actor="dana")
    book.sign(us, terms=some_terms(), occurred_at=at(1), actor="dana")
    people = [
        book.register_customer(kind=Kind.PERSON, name=name, occurred_at=at(1), actor="dana")
        for name in ("רות", "Gil")
    ]
    book.start_affiliation(people[0], firm, role=Role.INFLUENCES, title="CTO", power=8, actor="dana")
    book.start_affiliation(people[1], firm, role=Role.USES, reports_to=people[0], actor="dana")
    book.learn_fact(people[1], name="birthday", value="1990-06-20", source="he", actor="dana")
    book.add_contributor(us, contributor="gil", part="billing", actor="dana")

    page = str(book.card(us))

    assert "contributor          gil: billing" in page
    assert "influences           רות, CTO, power 8 of 10\n  uses                 Gil, reports to רות" in page
    assert "birthday             Gil, 2026-06-20, 36 years" in page
    assert "a decision maker: nobody is known who decides there now" in page


def test_the_card_shows_what_was_agreed_promised_and_stated_and_what_contradicts() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(offering="M"))
    book.change_programme(
        "club",
        tiers=(Tier(name="gold", threshold=Money(0, "EUR"), benefits=("tea",)),),
        occurred_at=at(1),
        actor="dana",
    )
    book.join_programme(us, programme="club", occurred_at=at(2), actor="dana")
    book.do_foundation_step(
        us,
        step=Foundation.NEEDS_ANALYSED,
        findings="two lines",
        review_on=date(2026, 6, 1),
        occurred_at=at(2),
        actor="dana",
    )
    book.plan_success(us, gain="one bill", way="a monthly talk", occurred_at=at(2), actor="dana")
    book.list_offering("M", name="Medium", fee=Money(20, "EUR"), occurred_at=at(1), actor="dana")
    book.see_competitor_offer(
        competitor="Cellex", fee=Money(15, "EUR"), starts_on=date(2026, 6, 1), source="its site", lock_in_months=24,
        occurred_at=at(6), actor="dana",
    )  # fmt: skip
    for month, price in ((3, "20"), (4, "25")):
        said = Statement(kind=StatementKind.PRICE, subject="M", value=price)
        book.record_interaction(
            us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", stated=[said],
            occurred_at=at(month), actor="dana",
        )  # fmt: skip
    book.promise(us, kind=Promise.DELIVERY, what="router", due=at(5, 2), occurred_at=at(5), actor="dana")
    book.keep(us, 1, occurred_at=at(5, 1, 10), actor="dana")

    page = str(book.card(us))

    assert (
        "club                 member for 4 months, tier gold\n  benefit              tea (tier gold)" in page
    )
    assert "he gains             one bill, by a monthly talk" in page
    assert "review               needs analysed on 2026-06-01, overdue" in page
    assert "kept and broken      1 and 0: 100% kept, 100% on time" in page
    assert "price                M: 25, 2026-04-01" in page
    assert "CONTRADICTION        price of M: '20' by dana on 2026-03-01" in page
    assert "competitor           Cellex: worse in months bound; better in fee a month (its site)" in page


def test_a_customer_of_a_control_group_is_only_to_be_left_alone() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    book.declare_experiment(
        "calls", purpose="sales", arms=("quiet ones", "called"), shares=(10**9, 1), occurred_at=at(5), starts_on=date(2026, 6, 1),
        ends_on=date(2026, 9, 1), question="do calls sell?", actor="dana",
    )  # fmt: skip

    page = str(book.card(us))

    assert "leave alone          no contact for sales before 2026-09-01; what is owed stays owed" in page
    assert not any(word in page for word in ("calls", "quiet ones", "arm"))


def test_a_sensitive_fact_never_stands_on_a_card_birthdays_included() -> None:
    book = a_book()
    us = a_relationship(book)
    for name, value in (("diet", "kosher"), ("birthday", "1990-06-20")):
        book.learn_fact(
            us - 1, name=name, value=value, source="she", sensitivity=Sensitivity.SENSITIVE, purposes=["personal"],
            actor="dana",
        )  # fmt: skip

    page = str(book.card(us)) + str(book.card(us).as_json())

    assert "kosher" not in page
    assert "06-20" not in page


def test_the_true_reason_is_missing_as_long_as_no_need_hides_it() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    book.begin_end(us, actor="dana")
    book.record_exit_reason(us, stated=Reason.NO_NEED_STATED, evidence="call", actor="dana")

    assert "the true reason: “no need” hides one" in str(book.card(us))


def test_a_card_stays_one_page_and_is_quick_however_much_happened() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    for n in range(20):
        book.open_case(us, kind=CaseKind.COMPLAINT, topic=f"late {n}", actor="dana")
        book.promise(us, kind=Promise.DELIVERY, what=f"thing {n}", due=at(7, 1 + n), actor="dana")
    for n in range(1000):
        book.record_purchase(
            us,
            what="tea",
            amount=Money(Decimal(n) / 100, "EUR"),
            paid=True,
            occurred_at=at(1 + n % 6, 1 + n % 15),
            actor="dana",
        )
    ledger = book.ledger()

    began = time.process_time()
    page = str(card(ledger, us, as_of=at(6, 15)))
    took = time.process_time() - began

    assert "and 16 cases open more" in page
    assert "and 16 promises open more" in page
    assert page.count("\n") < 60
    assert took < 0.1  # five times what it may take, for machines that are busy
