"""What a book does not let itself be told, and what follows from what it is told."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from retainsdk.book import Book
from retainsdk.errors import (
    CommandError,
    ConflictError,
    KeyReusedError,
    RetainError,
    StoreError,
    TransitionError,
)
from retainsdk.quantities import Money
from retainsdk.testing import NOW, a_book, a_relationship, at, some_terms
from retainsdk.vocabulary import (
    CaseKind,
    Channel,
    Direction,
    Ending,
    Kind,
    OfferKind,
    Origin,
    Promise,
    Reason,
    Stage,
    TermKind,
)

Tell = Callable[[Book, int, dict[str, Any]], object]
EUR, USD = Money(1, "EUR"), Money(1, "USD")

REFUSED: dict[str, tuple[Tell, str]] = {
    "money of another currency": (lambda b, us, how: b.record_payment(us, amount=USD, **how), "convert it first"),
    "a fee of another currency": (lambda b, us, how: b.amend(us, terms=some_terms(fee=USD), **how), "convert it first"),
    "a second contract": (lambda b, us, how: b.sign(us, terms=some_terms(), **how), "while contract 1 runs"),
    "an unknown purpose": (
        lambda b, us, how: b.record_interaction(us, channel=Channel.PHONE, direction=Direction.INBOUND, purpose="fun", **how),
        "purpose 'fun' *: is not known",
    ),
    "consent for an unknown purpose": (lambda b, us, how: b.give_consent(us - 1, purpose="fun", evidence="", **how), "purpose 'fun'"),
    "an unknown department": (lambda b, us, how: b.raise_signal(us, department="navy", kind="x", evidence="", **how), "department 'navy'"),
    "a score off the scale": (lambda b, us, how: b.answer_survey(us, instrument="x", score=11, **how), "scale from 0 to 10"),
    "use of a month that begins in its middle": (lambda b, us, how: b.record_usage(us, month=date(2026, 5, 2), used=1.0, **how), "first day"),
    "negative use": (lambda b, us, how: b.record_usage(us, month=date(2026, 5, 1), used=-1.0, **how), "0 or more"),
    "a compensation that costs less than nothing": (lambda b, us, how: b.compensate(us, what="x", cost=-EUR, **how), "must not be negative"),
    "an offer that costs less than nothing": (
        lambda b, us, how: b.make_offer(us, kind=OfferKind.PRICE, amount=-EUR, months=1, **how),
        "must not be negative",
    ),
    "a reason to leave in a complaint": (
        lambda b, us, how: b.open_case(us, kind=CaseKind.COMPLAINT, topic="x", stated_reason=Reason.LIFE_EVENT, **how),
        "Open it as a threat",
    ),
    "'no need' as the true reason": (
        lambda b, us, how: b.record_exit_reason(us, stated=Reason.NO_NEED_STATED, assessed=Reason.NO_NEED_STATED, evidence="call", **how),
        "hides the true one",
    ),
    "a win-back plan for who is still there": (lambda b, us, how: b.open_winback(us, plan="x", **how), "is for leavers"),
    "an owner before the present one": (
        lambda b, us, how: b.assign_owner(us, owner="gil", **{**how, "occurred_at": at(1, 15)}),
        "assign the later one",
    ),
    "a case settled twice": (lambda b, us, how: b.resolve_case(us, 1, how_done="x", **how), "cannot resolve"),
    "an offer answered twice": (lambda b, us, how: b.decline_offer(us, 1, **how), "was answered already"),
    "an end that was not begun": (
        lambda b, us, how: b.complete_end(us, although="he is gone", **how),
        "A relationship that is active cannot complete_end. Possible: begin_end.",
    ),
    "a customer twice": (lambda b, us, how: b.register_customer(kind=Kind.PERSON, name="x", id=us - 1, **how), "registered already"),
    "a relationship twice": (lambda b, us, how: b.open_relationship(us - 1, id=us, **how), "is open already"),
    "a relationship that begins as ended": (lambda b, us, how: b.open_relationship(us - 1, stage=Stage.FORMER, **how), "then record how it ended"),
    "a relationship before its customer": (
        lambda b, us, how: b.open_relationship(us - 1, **{**how, "occurred_at": at(1).replace(year=2025)}),
        "before its customer became known",
    ),
    "a fact before its customer": (
        lambda b, us, how: b.learn_fact(us - 1, name="x", value=1, source="x", **{**how, "occurred_at": at(1).replace(year=2025)}),
        "before the customer became known",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_book_refuses(case: str) -> None:
    tell, why = REFUSED[case]
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    how = {"actor": "dana", "occurred_at": at(3)}
    book.assign_owner(us, owner="omer", actor="dana", occurred_at=at(2))
    book.open_case(us, kind=CaseKind.REQUEST, topic="x", actor="dana", occurred_at=at(2))
    book.make_offer(us, kind=OfferKind.PAUSE, actor="dana", occurred_at=at(2))
    book.resolve_case(us, 1, how_done="x", actor="dana", occurred_at=at(2))
    book.decline_offer(us, 1, actor="dana", occurred_at=at(2))
    digest = book.digest()

    with pytest.raises(RetainError, match=why):
        tell(book, us, how)

    assert book.digest() == digest


@pytest.mark.parametrize(
    "how", [{}, {"actor": "dana", "to": "customer"}], ids=["no actor", "a word nobody reads"]
)
def test_a_call_that_says_too_little_or_too_much_is_a_mistake_and_writes_nothing(how: dict[str, Any]) -> None:
    book = a_book()
    us = a_relationship(book)
    before = len(book)

    with pytest.raises(TypeError, match=r"argument '(actor|to)'"):
        book.explain(us, what="the driver fell ill", **how)

    assert len(book) == before


@pytest.mark.parametrize("setting", [{"currency": "EURO"}, {"zone": "Mars/Base"}, {"zone": "../etc/passwd"}])
def test_a_book_of_no_currency_or_no_zone_is_not_begun(setting: dict[str, Any]) -> None:
    with pytest.raises(RetainError):
        Book.in_memory(**setting)


def test_a_package_accepted_changes_the_terms_in_the_same_commit() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    offer = book.make_offer(us, kind=OfferKind.PACKAGE, offering="s", actor="dana")

    smaller = some_terms(starts_on=date(2026, 6, 1), fee=Money(15, "EUR"), offering="s")
    book.accept_offer(us, offer, terms=smaller, actor="dana")

    assert book.view().monthly_fee.tolist() == [1500]
    assert book.view(at(5)).monthly_fee.tolist() == [2000]


def test_fixed_terms_can_be_renewed_where_they_end_and_expire_if_not() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms(kind=TermKind.FIXED, months=3))
    follow_up = some_terms(kind=TermKind.FIXED, months=3).renewed(starts_on=date(2026, 4, 1), months=2)
    book.renew(us, terms=follow_up, occurred_at=at(3), actor="dana")

    book.end_contract(us, actor="dana")

    contract = book.account(us).contract
    assert contract is not None
    assert contract.state == "expired"


def test_the_reason_he_states_and_the_one_we_believe_are_both_kept_with_their_evidence() -> None:
    book = a_book()
    us = a_relationship(book)
    book.begin_end(us, actor="dana")

    book.record_exit_reason(
        us,
        stated=Reason.NO_NEED_STATED,
        assessed=Reason.CHEAPER_COMPETITOR,
        evidence="asked what he will use instead",
        actor="dana",
    )

    kept = book.account(us).relationship
    assert kept.stated_reason == (NOW, Reason.NO_NEED_STATED)
    assert kept.assessed_reason is Reason.CHEAPER_COMPETITOR
    told = [event.body for event in book.events(name="ExitReasonRecorded")]
    assert [getattr(body, "evidence", None) for body in told] == ["asked what he will use instead"]


def test_an_apology_is_recorded_for_a_promise_or_for_none() -> None:
    book = a_book()
    us = a_relationship(book)
    number = book.promise(us, kind=Promise.DELIVERY, what="x", due=at(6, 20), actor="dana")

    book.explain(us, what="the truck broke down", promise=number, actor="dana")
    book.explain(us, what="our mistake", actor="dana")

    explained = [event.body for event in book.events(name="Explained")]
    assert [getattr(body, "commitment", None) for body in explained] == [number, None]


def test_an_offer_seen_for_one_customer_is_known_for_him_alone() -> None:
    book = a_book()
    noa, _ = a_relationship(book), a_relationship(book, name="Gil")
    book.see_competitor_offer(
        competitor="Cellex", fee=EUR, starts_on=date(2026, 1, 1), source="her", relationship=noa, actor="dana"
    )

    assert book.view().known("competitor_fee").tolist() == [True, False]


def test_a_competing_offer_counts_once_with_the_fee_seen_last() -> None:
    book = a_book()
    a_relationship(book)
    noa = a_relationship(book, name="Gil")
    for fee, whose in ((17, None), (19, None), (18, noa)):
        book.see_competitor_offer(
            competitor="Cellex", fee=Money(fee, "EUR"), starts_on=date(2026, 1, 1), source="web", relationship=whose,
            actor="dana",
        )  # fmt: skip

    view = book.view()

    assert view.competitor_fee.tolist() == [1900, 1800]  # he was told a price of his own
    assert view.competitor_offers.tolist() == [1, 1]


def test_consent_is_asked_by_channel_where_the_channel_is_known() -> None:
    book = a_book()
    us = a_relationship(book, origin=Origin.OTHER)
    book.withdraw_consent(us - 1, purpose="sales", channel=Channel.PHONE, evidence="call", actor="dana")
    book.give_consent(us - 1, purpose="marketing", channel=Channel.EMAIL, evidence="form", actor="dana")

    noa = book.ledger_of(us).customers[us - 1]

    assert not noa.may_be_contacted("sales", Channel.PHONE)
    assert noa.may_be_contacted("sales", Channel.EMAIL)
    assert noa.may_be_contacted("marketing", Channel.EMAIL)
    assert not noa.may_be_contacted("marketing", Channel.PHONE)


@pytest.mark.parametrize(
    "error",
    [
        ConflictError("a", 1, 2),
        KeyReusedError("k"),
        StoreError("book.db", "is gone", "Look for it."),
        TransitionError("case", "closed", "resolve", ()),
    ],
)
def test_errors_survive_a_pickle_and_say_the_same(error: RetainError) -> None:
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_today_is_the_day_of_the_clock_in_the_zone() -> None:
    assert a_book().today() == NOW.date()


def test_terms_cannot_have_been_signed_while_an_earlier_contract_still_ran() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    book.terminate(us, kind=Ending.AGREEMENT, evidence="letter", occurred_at=at(4), actor="dana")
    new = some_terms(starts_on=date(2026, 4, 1))

    with pytest.raises(RetainError, match="while contract 1 runs"):
        book.sign(us, terms=new, occurred_at=at(3), actor="dana")
    assert book.sign(us, terms=new, occurred_at=at(4), actor="dana") == 2


def test_a_discount_runs_from_its_acceptance_for_its_months() -> None:
    book = a_book()
    us = a_relationship(book, terms=some_terms())
    offer = book.make_offer(us, kind=OfferKind.PRICE, amount=EUR, months=1, occurred_at=at(2), actor="dana")
    book.accept_offer(us, offer, occurred_at=at(3, 31), actor="dana")

    shown = [book.view(day).discount.tolist() for day in (at(3, 30), at(3, 31), at(4, 29), at(4, 30))]

    assert shown == [[0], [100], [100], [0]]


def test_a_promise_of_nothing_and_a_command_of_nobody_are_refused() -> None:
    book = a_book()
    us = a_relationship(book)

    with pytest.raises(CommandError, match="promises nothing"):
        book.promise(us, kind=Promise.CALLBACK, what=" ", due=at(6, 20), actor="dana")
    with pytest.raises(CommandError, match="names nobody"):
        book.promise(us, kind=Promise.CALLBACK, what="the bill", due=at(6, 20), actor="")
