"""Every column that events can fill is filled from them, and no view looks ahead."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retainsdk.book import Book
from retainsdk.errors import CommandError, RetainError
from retainsdk.events import REGISTRY, Tier
from retainsdk.quantities import Money
from retainsdk.testing import NOW, SetClock, a_book, a_relationship, at, some_terms
from retainsdk.view import (
    COLUMNS,
    CONSENT_PURPOSES,
    CONTACT_KINDS,
    CONTACT_WINDOWS,
    BookView,
    Kind,
    Origin,
    Reason,
    Stage,
    TermKind,
    named,
)
from retainsdk.vocabulary import (
    DEPARTMENTS,
    CaseKind,
    Channel,
    ClosingStep,
    Direction,
    OfferKind,
    Potential,
    Promise,
    Role,
    Severity,
)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def row(view: BookView, relationship: int) -> dict[str, Any]:
    place = int(np.flatnonzero(view.relationship == relationship)[0])
    return {
        column.name: getattr(view, column.name)[place].item() if view.known(column.name)[place] else None
        for column in COLUMNS
    }


def test_every_column_a_book_fills_names_events_that_exist() -> None:
    names = set(REGISTRY)

    assert {source for column in COLUMNS for source in column.sources} <= names


def test_a_customer_of_whom_nothing_is_known_has_every_column_at_its_beginning() -> None:
    book = a_book()
    noa = a_relationship(book, since=NOW, stage=Stage.PROSPECT)

    assert row(book.view(), noa) == {
        "relationship": noa,
        **{
            column.name: None if column.optional else 0 for column in COLUMNS if column.name != "relationship"
        },
        **{f"consent_{purpose}": purpose != "marketing" for purpose in CONSENT_PURPOSES},
        **{f"channels_{purpose}": 31 * (purpose != "marketing") for purpose in CONSENT_PURPOSES},
        **dict.fromkeys(COUNTED, 0),
        "owner": named("dana"),
        "health": 1.0,
    }


COUNTED = (
    *(f"{kind}_{days}" for kind in CONTACT_KINDS for days in CONTACT_WINDOWS),
    *(f"signals_{department}" for department in DEPARTMENTS), "cost_to_serve", "service_minutes", "predicted_value",
    "predicted_value_low", "predicted_value_high", "promises_on_time", "repeat_complaints", "cases_open", "hand_overs",
    "offers_declined", "competitor_offers",
)  # fmt: skip
"""What is known to be nothing where nothing was recorded, though a market may not know it."""


def a_full_life(book: Book) -> int:
    """A customer to whom everything has happened that a column can tell of a customer who is there."""
    book.list_offering("s", name="Small", fee=eur(15), included=30.0, occurred_at=at(1), actor="dana")
    book.list_offering("m", name="Medium", fee=eur(20), included=80.0, occurred_at=at(1), actor="dana")
    terms = some_terms(
        kind=TermKind.AUTO_RENEWING, months=12, lock_in_months=6, products=2, offering="m", notice_days=14
    )
    noa = a_relationship(book, origin=Origin.CAMPAIGN, stage=Stage.PROSPECT, terms=terms)
    customer = book.account(noa).relationship.customer
    known = {"actor": "dana", "occurred_at": at(2)}
    book.lay_foundations(noa, how_done="talked", **known)  # type: ignore[arg-type] # mypy cannot see the keys
    book.learn_fact(customer, name="senior", value=True, source="call", actor="dana")
    book.learn_fact(customer, name="household_size", value=3, source="call", actor="dana")
    book.give_consent(customer, purpose="marketing", channel=Channel.EMAIL, evidence="form", actor="dana")
    book.withdraw_consent(customer, purpose="survey", channel=Channel.PHONE, evidence="call", actor="dana")
    book.record_usage(noa, month=date(2026, 4, 1), used=60.0, actor="dana")
    book.record_usage(noa, month=date(2026, 5, 1), used=40.0, actor="dana")
    book.record_purchase(noa, what="router", amount=eur(50), paid=True, actor="dana")
    book.record_purchase(noa, what="fees", amount=eur(90), paid=False, actor="dana")
    book.record_payment(noa, amount=eur(60), actor="dana")
    for month, human in ((6, True), (4, True), (6, False)):
        book.record_interaction(
            noa,
            channel=Channel.EMAIL,
            direction=Direction.OUTBOUND,
            purpose="service",
            human=human,
            two_way=human,
            occurred_at=at(month, 10),
            actor="dana",
        )
    for signalled in (at(3), at(6)):
        book.raise_signal(
            noa, department="service", kind="calls", evidence="3", occurred_at=signalled, actor="dana"
        )
    late = {"due": at(6, 20), "actor": "dana", "occurred_at": at(5)}
    book.promise(noa, kind=Promise.DELIVERY, what="report", **late)  # type: ignore[arg-type] # the same
    book.promise(noa, kind=Promise.DELIVERY, what="far", due=at(9), occurred_at=at(5), actor="dana")
    for due in (at(5, 10), at(5, 11)):
        book.promise(noa, kind=Promise.DELIVERY, what="parts", due=due, occurred_at=at(5), actor="dana")
    book.keep(noa, 3, occurred_at=at(5, 9), actor="dana")
    book.give_late_notice(noa, 4, due=at(5, 12), occurred_at=at(5, 9), actor="dana")
    book.break_promise(noa, 4, occurred_at=at(5, 13), actor="dana")
    for _ in range(2):
        book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", occurred_at=at(4), actor="dana")
    book.resolve_case(noa, 1, how_done="paid back", occurred_at=at(4, 2), actor="dana")
    book.open_case(
        noa,
        kind=CaseKind.THREAT,
        topic="price",
        stated_reason=Reason.CHEAPER_COMPETITOR,
        occurred_at=at(5),
        actor="dana",
    )
    book.answer_survey(noa, instrument="nps", score=7.5, occurred_at=at(6, 5), actor="dana")
    book.make_offer(noa, kind=OfferKind.PRICE, amount=eur(4), months=3, occurred_at=at(5), actor="dana")
    book.make_offer(noa, kind=OfferKind.PAUSE, months=1, cost=eur(20), occurred_at=at(5), actor="dana")
    book.accept_offer(noa, 1, occurred_at=at(5, 2), actor="dana")
    book.decline_offer(noa, 2, occurred_at=at(5, 2), actor="dana")
    book.compensate(noa, what="voucher", cost=eur(5), promise=4, actor="dana")
    for competitor, fee in (("Cellex", 17), ("Ultra", 11)):
        book.see_competitor_offer(
            competitor=competitor, fee=eur(fee), starts_on=date(2026, 5, 1), source="web", actor="dana",
            ends_on=date(2026, 6, 1) if competitor == "Ultra" else None,
        )  # fmt: skip
    book.give_notice(noa, actor="dana")
    return noa


def test_every_column_tells_what_happened() -> None:
    book = a_book()
    noa = a_full_life(book)

    seen = row(book.view(), noa)

    assert seen == {
        "relationship": noa,
        "kind": Kind.PERSON,
        "senior": True,
        "household_size": 3,
        "stage": Stage.ACTIVE,
        "tenure_months": 5,
        "origin": Origin.CAMPAIGN,
        "term_kind": TermKind.AUTO_RENEWING,
        "term_months": 12,
        "monthly_fee": 2000,
        "discount": 400,
        "days_to_lock_in_end": 16,
        "days_to_term_end": 200,
        "notice_given": True,
        "products": 2,
        "usage": 0.5,
        "usage_trend": -0.25,
        "suitability": 0.5,
        "alternative_suitability": 0.75,
        "alternative_fee": 1500,
        "value_to_date": 11000,
        "days_since_contact": 5,
        "contacts_recent": 2.25,
        "consent_service": True,
        "consent_personal": True,
        "consent_marketing": True,
        "consent_survey": False,
        "consent_sales": True,
        "consent_win_back": True,
        "promises_open": 2,
        "promises_due": 1,
        "promises_kept": 1,
        "promises_warned": 1,
        "promises_broken": 1,
        "complaints_open": 1,
        "complaints": 2,
        "signals_recent": 1.125,
        "survey_score": 7.5,
        "survey_age_days": 10,
        "threats": 1,
        "stated_reason": Reason.CHEAPER_COMPETITOR,
        "offers_made": 2,
        "offers_accepted": 1,
        "concession_cost": 1700,
        "competitor_fee": 1700,
        "days_since_end": None,
        "ended_well": None,
        "competitor_lock_in_days": None,
        **dict.fromkeys(
            ("segment", "age_band", "language", "potential_class", "referrer", "tier", "visit_gap", "late_payments",
             "assessed_reason", "goodwill_signals", "contacts_known", "deciders_known", "champion_present", "arm")
        ),
        **dict.fromkeys(COUNTED, 0),
        "owner": named("dana"),
        "visits_90": 1,  # the purchase that was paid and the one that was not came on one day
        "predicted_value": 61_202,  # 140 euros in 5 months go on for three years; the fee does not, after notice
        "predicted_value_low": 12_906,
        "predicted_value_high": 86_281,
        "cost_to_serve": 1_700,
        "written_by_us_30": 1, "written_by_us_90": 2, "written_by_us_365": 2,
        "mailings_30": 1, "mailings_90": 1, "mailings_365": 1,
        "channels_service": 31, "channels_personal": 31, "channels_sales": 31, "channels_win_back": 31,
        "channels_marketing": 1 << Channel.EMAIL, "channels_survey": 31 - (1 << Channel.PHONE),
        "promises_on_time": 1,
        "repeat_complaints": 1,
        "cases_open": 2,
        "case_age_days": 75,
        "first_contact_resolution": 1.0,
        "signals_service": 2,
        "health": 0.0,
        "health_reason": named("threats to leave"),
        "offers_declined": 1,
        "competitor_offers": 1,
        "held_out": 0,
    }  # fmt: skip


def test_a_key_account_is_told_with_its_people_its_place_and_its_troubles() -> None:
    book = a_book(clock=SetClock(NOW))
    friend = a_relationship(book, name="Amir")
    acme = book.register_customer(kind=Kind.ORGANISATION, name="אקמה", occurred_at=at(1), actor="dana")
    us = book.open_relationship(
        acme,
        owner="dana",
        stage=Stage.ACTIVE,
        origin=Origin.REFERRAL,
        referrer=friend,
        occurred_at=at(1),
        actor="dana",
    )
    for role, name in ((Role.DECIDES, "Yael"), (Role.USES, "Omer"), (Role.CHAMPIONS, "Tal")):
        person = book.register_customer(kind=Kind.PERSON, name=name, occurred_at=at(1), actor="dana")
        book.start_affiliation(person, party=acme, role=role, occurred_at=at(2), actor="dana")
    for fact, value in (("segment", "industry"), ("language", "he"), ("birthday", "1990-06-16")):
        book.learn_fact(acme, name=fact, value=value, source="form", actor="dana")
    book.classify(us, potential=Potential.B, why="two sites", occurred_at=at(2), actor="dana")
    book.change_programme(
        "club",
        tiers=[Tier(name="silver", threshold=eur(20)), Tier(name="gold", threshold=eur(90))],
        occurred_at=at(1),
        actor="dana",
    )
    book.join_programme(us, programme="club", occurred_at=at(2), actor="dana")
    for day in (1, 11, 21):
        book.record_purchase(
            us, what="paper", amount=eur(10), paid=True, occurred_at=at(5, day), actor="dana"
        )
    book.bill(us, invoice="A1", amount=eur(7), due_on=date(2026, 6, 1), occurred_at=at(5), actor="dana")
    book.record_payment(us, amount=eur(7), invoice="A1", occurred_at=at(6, 3), actor="dana")
    book.bill(us, invoice="A2", amount=eur(7), due_on=date(2026, 7, 1), occurred_at=at(6), actor="dana")
    for direction, minutes in ((Direction.INBOUND, 20), (Direction.OUTBOUND, 15)):
        book.record_interaction(
            us, channel=Channel.PHONE, direction=direction, purpose="service", minutes=minutes, cost=eur(2),
            occurred_at=at(6, 14), actor="dana",
        )  # fmt: skip
    case = book.open_case(us, kind=CaseKind.REQUEST, topic="keys", occurred_at=at(6), actor="dana")
    book.acknowledge_case(us, case, occurred_at=at(6, 2), actor="dana")
    book.start_case(us, case, occurred_at=at(6, 2), actor="dana")
    book.hand_over_case(us, case, to="omer", why="knows keys", occurred_at=at(6, 3), actor="dana")
    book.resolve_case(us, case, how_done="new keys", occurred_at=at(6, 4), actor="dana")
    numbers = [
        book.raise_signal(
            us, department=department, kind="late", evidence="x", occurred_at=at(6, 5), actor="dana"
        )
        for department in ("finance", "operations")
    ]
    book.clear_signal(
        us, numbers[1], department="operations", why="sorted", occurred_at=at(6, 6), actor="dana"
    )
    book.retire_contact_point(
        acme,
        book.add_contact_point(acme, channel=Channel.EMAIL, address="a@b.example", actor="dana"),
        why="bounced",
        actor="dana",
    )
    book.declare_experiment(
        "calls",
        purpose="sales",
        arms=("left alone", "called"),
        shares=(1, 1),
        seed=0,
        starts_on=date(2026, 6, 1),
        ends_on=date(2026, 9, 1),
        occurred_at=at(6),
        actor="dana",
    )

    seen = row(book.view(), us)

    arm = book.ledger().arm(book.ledger().account(us), book.ledger().experiments["calls"])
    expected = {
        "segment": named("industry"), "language": named("he"), "age_band": 3, "potential_class": Potential.B,
        "referrer": friend, "tier": 1, "visits_90": 3, "visit_gap": 2.5, "late_payments": 1, "cost_to_serve": 400,
        "service_minutes": 35, "live_by_us_30": 1, "live_by_customer_30": 1, "hand_overs": 1, "cases_open": 0,
        "first_contact_resolution": 0.0, "signals_finance": 1, "signals_operations": 0, "contacts_known": 3,
        "deciders_known": 1, "champion_present": True, "channels_service": 31 - (1 << Channel.EMAIL),
        "arm": named(arm), "held_out": (1 << CONSENT_PURPOSES.index("sales")) * (arm == "left alone"),
    }  # fmt: skip
    assert {name: seen[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("told", "gap"), [(5, 5.0), (12.5, 2.0), (0, 2.5), (-3, 2.5), (True, 2.5), ("weekly", 2.5)]
)
def test_a_usual_gap_he_told_us_of_goes_before_the_one_that_is_seen(
    told: float | bool | str,  # noqa: FBT001 # a fact may be one
    gap: float,
) -> None:
    book = a_book(clock=SetClock(NOW))
    us = a_relationship(book)
    for day in (1, 11, 21):
        book.record_purchase(
            us, what="paper", amount=eur(10), paid=True, occurred_at=at(5, day), actor="dana"
        )

    book.learn_fact(
        book.account(us).relationship.customer,
        name="days_between_visits",
        value=told,
        source="form",
        actor="dana",
    )

    assert row(book.view(), us)["visit_gap"] == gap


def test_with_a_gap_he_told_us_of_the_first_visit_is_enough() -> None:
    book = a_book(clock=SetClock(NOW))
    us = a_relationship(book)
    book.learn_fact(
        book.account(us).relationship.customer,
        name="days_between_visits",
        value=50,
        source="form",
        actor="dana",
    )
    assert row(book.view(), us)["visit_gap"] is None

    book.record_purchase(us, what="paper", amount=eur(10), paid=True, occurred_at=at(5, 21), actor="dana")

    assert row(book.view(), us)["visit_gap"] == 0.5


def test_a_leaver_is_told_with_when_how_and_until_when_he_is_bound_elsewhere() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms(notice_days=0))
    book.begin_end(noa, occurred_at=at(4), actor="dana")
    book.record_exit_reason(
        noa, stated=Reason.NO_NEED_STATED, assessed=Reason.CHEAPER_COMPETITOR, evidence="call",
        occurred_at=at(4), actor="dana",
    )  # fmt: skip
    for step in (ClosingStep.DOCUMENTS_FILED, ClosingStep.THANKED):
        book.do_closing_step(noa, step=step, evidence="letter", occurred_at=at(4), actor="dana")
    book.answer_survey(noa, instrument="exit", score=8, occurred_at=at(4), actor="dana")
    assert book.complete_end(noa, occurred_at=at(5, 1), actor="dana")
    book.learn_competitor_lock_in(
        noa, competitor="Cellex", until=date(2026, 7, 15), source="he", actor="dana"
    )
    book.open_winback(noa, plan="call in July", actor="dana")
    for severity in (Severity.FRIENDLY, Severity.NOTE):
        book.raise_signal(
            noa, department="marketing", kind="newsletter", evidence="read", severity=severity, actor="dana"
        )

    seen = row(book.view(), noa)

    assert seen["stage"] == Stage.FORMER
    assert seen["tenure_months"] == 4
    assert seen["days_since_end"] == 45
    assert seen["ended_well"] is True
    assert seen["competitor_lock_in_days"] == 30
    assert seen["assessed_reason"] == Reason.CHEAPER_COMPETITOR
    assert seen["goodwill_signals"] == 1
    assert seen["stated_reason"] == Reason.NO_NEED_STATED
    assert seen["monthly_fee"] == 2000
    assert (seen["discount"], seen["days_to_term_end"], seen["days_to_lock_in_end"]) == (0, None, 0)
    assert book.account(noa).relationship.assessed_reason is Reason.CHEAPER_COMPETITOR


def test_who_came_back_begins_a_new_spell_and_keeps_his_history() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms(notice_days=0), origin=Origin.REFERRAL)
    book.open_case(noa, kind=CaseKind.COMPLAINT, topic="bill", occurred_at=at(2), actor="dana")
    book.begin_end(noa, occurred_at=at(3), actor="dana")
    assert not book.complete_end(noa, although="he moved at once", occurred_at=at(3), actor="dana")
    with pytest.raises(CommandError, match="Record his return first"):
        book.sign(noa, terms=some_terms(), occurred_at=at(4), actor="dana")
    book.record_return(noa, occurred_at=at(4), actor="dana")
    book.sign(noa, terms=some_terms(starts_on=date(2026, 4, 1)), occurred_at=at(4), actor="dana")

    seen = row(book.view(), noa)

    assert (seen["stage"], seen["origin"], seen["tenure_months"]) == (Stage.ONBOARDING, Origin.RETURN, 2)
    assert (seen["complaints"], seen["days_since_end"], seen["ended_well"]) == (1, None, None)


def test_who_is_back_without_a_contract_has_no_terms_and_is_no_payer() -> None:
    book = a_book()
    terms = some_terms(kind=TermKind.AUTO_RENEWING, months=12, notice_days=0, products=2)
    noa = a_relationship(book, terms=terms)
    gil = a_relationship(book, name="Gil")
    book.begin_end(noa, occurred_at=at(3), actor="dana")
    book.complete_end(noa, although="he moved at once", occurred_at=at(3), actor="dana")
    assert row(book.view(), noa)["monthly_fee"] == 2000

    book.record_return(noa, occurred_at=at(4), actor="dana")

    agreed = ("term_kind", "term_months", "monthly_fee", "products", "notice_given", "days_to_term_end")
    back, without = row(book.view(), noa), row(book.view(), gil)
    assert {name: back[name] for name in agreed} == {name: without[name] for name in agreed}

    book.sign(noa, terms=some_terms(starts_on=date(2026, 4, 1)), occurred_at=at(4, 2), actor="dana")

    assert row(book.view(), noa)["monthly_fee"] == 2000


def test_a_threat_to_leave_can_be_averted() -> None:
    book = a_book()
    noa = a_relationship(book, terms=some_terms(notice_days=0))
    book.give_notice(noa, occurred_at=at(3), actor="dana")
    book.begin_end(noa, occurred_at=at(3), actor="dana")
    assert row(book.view(), noa)["stage"] == Stage.ENDING

    book.rescind_notice(noa, occurred_at=at(4), actor="dana")
    book.save(noa, how_done="talked", occurred_at=at(4), actor="dana")

    seen = row(book.view(), noa)
    assert (seen["stage"], seen["notice_given"]) == (Stage.ACTIVE, False)
    assert row(book.view(at(3, 15)), noa)["notice_given"] is True


@pytest.mark.parametrize("refused_first", [True, False])
def test_the_order_in_which_consent_became_known_does_not_matter_and_ties_go_to_refusal(
    refused_first: bool,  # noqa: FBT001 # the parameter of the test
) -> None:
    book = a_book()
    noa = a_relationship(book)
    customer = book.account(noa).relationship.customer

    for refuse in (refused_first, not refused_first):
        say = book.withdraw_consent if refuse else book.give_consent
        say(customer, purpose="sales", evidence="call", occurred_at=at(2), actor="dana")

    assert row(book.view(), noa)["consent_sales"] is False


def test_days_are_told_in_the_zone_of_the_book() -> None:
    book = a_book(zone="Asia/Jerusalem", clock=SetClock(datetime(2026, 6, 15, 22, tzinfo=UTC)))
    noa = a_relationship(book)
    book.record_interaction(
        noa, channel=Channel.PHONE, direction=Direction.INBOUND, purpose="service",
        occurred_at=datetime(2026, 6, 15, 20, tzinfo=UTC), actor="dana",
    )  # fmt: skip

    assert row(book.view(), noa)["days_since_contact"] == 1  # 23:00 and, two hours later, 01:00 of the 16th


STEPS: list[Callable[[Book, int, dict[str, Any]], object]] = [
    lambda book, us, how: book.record_interaction(
        us, channel=Channel.PHONE, direction=Direction.OUTBOUND, purpose="service", keeps=(), **how
    ),
    lambda book, us, how: book.promise(
        us, kind=Promise.DELIVERY, what="x", due=how["occurred_at"] + timedelta(days=2), **how
    ),
    lambda book, us, how: book.keep(us, 1, **how),
    lambda book, us, how: book.give_late_notice(us, 1, due=how["occurred_at"] + timedelta(days=3), **how),
    lambda book, us, how: book.break_promise(us, 1, **how),
    lambda book, us, how: book.open_case(us, kind=CaseKind.COMPLAINT, topic="x", **how),
    lambda book, us, how: book.resolve_case(us, 1, how_done="x", **how),
    lambda book, us, how: book.make_offer(us, kind=OfferKind.PRICE, amount=eur(1), months=1, **how),
    lambda book, us, how: book.accept_offer(us, 1, **how),
    lambda book, us, how: book.sign(us, terms=some_terms(starts_on=how["occurred_at"].date()), **how),
    lambda book, us, how: book.amend(
        us, terms=some_terms(starts_on=how["occurred_at"].date(), fee=eur(30)), **how
    ),
    lambda book, us, how: book.give_notice(us, **how),
    lambda book, us, how: book.rescind_notice(us, **how),
    lambda book, us, how: book.begin_end(us, **how),
    lambda book, us, how: book.save(us, how_done="x", **how),
    lambda book, us, how: book.record_exit_reason(us, stated=Reason.NEED_ENDED, evidence="x", **how),
    lambda book, us, how: book.complete_end(us, although="x", **how),
    lambda book, us, how: book.learn_competitor_lock_in(
        us, competitor="x", until=date(2026, 9, 1), source="x", **how
    ),
    lambda book, us, how: book.open_winback(us, plan="x", **how),
    lambda book, us, how: book.record_return(us, **how),
    lambda book, us, how: book.answer_survey(us, instrument="x", score=how["occurred_at"].day % 10, **how),
    lambda book, us, how: book.record_payment(us, amount=eur(how["occurred_at"].day), **how),
    lambda book, us, how: book.learn_fact(
        us - 1, name="household_size", value=how["occurred_at"].day, source="x", **how
    ),
    lambda book, us, how: book.withdraw_consent(us - 1, purpose="sales", evidence="x", **how),
    lambda book, us, how: book.give_consent(us - 1, purpose="sales", evidence="x", **how),
    lambda book, us, how: book.assign_owner(us, owner=f"o{how['occurred_at'].day}", **how),
]

days = st.integers(1, 12)
history = st.lists(st.tuples(st.integers(0, len(STEPS) - 1), days), max_size=25)


def tell(book: Book, us: int, steps: list[tuple[int, int]], since: int) -> None:
    for step, day in steps:
        if day >= since:
            with suppress(RetainError):
                STEPS[step](book, us, {"occurred_at": at(6, day), "actor": "dana"})


def told(view: BookView) -> list[bytes]:
    return [getattr(view, column.name).tobytes() + view.known(column.name).tobytes() for column in COLUMNS]


@settings(deadline=None)
@given(before=history, after=history, cut=days)
def test_what_occurs_later_never_changes_a_view(
    before: list[tuple[int, int]], after: list[tuple[int, int]], cut: int
) -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    tell(book, us, before, since=1)
    seen = told(book.view(at(6, cut)))

    tell(book, us, after, since=cut + 1)

    assert told(book.view(at(6, cut))) == seen


@settings(deadline=None)
@given(before=history, after=history, cut=days)
def test_what_is_recorded_later_never_changes_what_was_known(
    before: list[tuple[int, int]], after: list[tuple[int, int]], cut: int
) -> None:
    clock = SetClock(NOW)
    book = a_book(clock=clock)
    us = a_relationship(book, stage=Stage.PROSPECT)
    tell(book, us, before, since=1)
    seen = told(book.view(at(6, cut), known_at=NOW))

    clock.time += timedelta(microseconds=1)
    tell(book, us, after, since=1)

    assert told(book.view(at(6, cut), known_at=NOW)) == seen
    assert told(book.view(at(6, cut))) == told(book.view(at(6, cut), known_at=clock.time))


@settings(deadline=None)
@given(steps=history)
def test_the_versions_recorded_and_the_accounts_folded_agree_at_every_instant(
    steps: list[tuple[int, int]],
) -> None:
    book = a_book()
    us = a_relationship(book, stage=Stage.PROSPECT)
    tell(book, us, steps, since=1)

    for day in range(1, 13):
        alone = book.account(us, as_of=at(6, day))
        among_all = book.ledger(as_of=at(6, day)).account(us)
        assert alone == among_all
