"""How a book fills the columns of a view. One function a theme, one entry a column; none stands for unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.account import Account
from retainsdk.customer import Customer
from retainsdk.events import Compensated, CompetitorOfferSeen, SignalRaised
from retainsdk.ledger import Ledger
from retainsdk.offering import cheapest, most_suitable
from retainsdk.quantities import months_later, whole_months
from retainsdk.record import Offer, faded, latest_discount
from retainsdk.terms import Terms
from retainsdk.view import COLUMNS, CONTACT_MEMORY, BookView
from retainsdk.vocabulary import CONSENT_PURPOSES, CaseKind, Reason, Stage, TermKind

_Cells = dict[str, Any]

DUE_SOON = timedelta(days=30)
"""How far ahead `promises_due` looks."""


def filled_view(ledger: Ledger, as_of: datetime) -> BookView:
    """
    The view of everybody in a ledger.

    Args:
        ledger: Folded from what had occurred by *as_of*.
        as_of: The instant whose state is shown.
    """
    today = ledger.day(as_of)
    rows = [
        {
            **_identity(account, ledger.customer_of(account)),
            **_relationship(ledger, account, today),
            **_contract(ledger, account, today),
            **_service(ledger, account, today),
            **_contact(ledger, account, today),
            **_promises(account, as_of),
            **_voice(ledger, account, today),
            **_offers(ledger, account, today),
            **_end(ledger, account, today),
        }
        for _, account in sorted(ledger.accounts.items())
    ]
    columns: dict[str, NDArray[Any]] = {}
    known: dict[str, NDArray[np.bool_]] = {}
    for column in COLUMNS:
        cells = [row[column.name] for row in rows]
        if column.optional:
            known[column.name] = np.array([cell is not None for cell in cells], dtype=np.bool_)
            cells = [0 if cell is None else cell for cell in cells]
        columns[column.name] = np.array(cells, dtype=column.dtype)
    return BookView(as_of=as_of, currency=ledger.currency, columns=columns, known=known)


def _identity(account: Account, customer: Customer) -> _Cells:
    cells: _Cells = {"relationship": account.relationship.id, "kind": customer.kind}
    for name, kind in (("senior", bool), ("household_size", int)):
        fact = customer.facts.get(name)
        cells[name] = kind(fact.value) if fact is not None and isinstance(fact.value, int) else None
    for purpose in CONSENT_PURPOSES:
        cells[f"consent_{purpose}"] = customer.consents_to(purpose)
    return cells


def _relationship(ledger: Ledger, account: Account, today: date) -> _Cells:
    relationship = account.relationship
    began = account.service_began_on()
    until = today if relationship.ended_at is None else ledger.day(relationship.ended_at)
    return {
        "stage": relationship.stage,
        "tenure_months": 0 if began is None else max(whole_months(began, until), 0),
        "origin": relationship.origin,
    }


def _contract(ledger: Ledger, account: Account, today: date) -> _Cells:
    contract = account.contract
    if contract is None:
        return {
            "term_kind": TermKind.OPEN_ENDED,
            "term_months": 0,
            "monthly_fee": 0,
            "discount": 0,
            "days_to_lock_in_end": 0,
            "days_to_term_end": None,
            "notice_given": False,
            "products": 0,
        }
    terms = contract.terms_on(today)
    term_ends_on = terms.term_ends_on(today)
    became_open = terms.kind is TermKind.FIXED_THEN_OPEN and term_ends_on is None
    accepted = [(ledger.day(at), offer) for at, offer in _accepted(account)]
    discount = latest_discount(accepted, today) if contract.is_running else None
    return {
        "term_kind": terms.kind,
        "term_months": 0 if became_open else terms.months,
        "monthly_fee": terms.fee.minor,
        "discount": 0 if discount is None else discount.minor,
        "days_to_lock_in_end": max((terms.lock_in_ends_on - today).days, 0) if contract.is_running else 0,
        "days_to_term_end": (term_ends_on - today).days if term_ends_on and contract.is_running else None,
        "notice_given": contract.state == "notice",
        "products": terms.products,
    }


def _accepted(account: Account) -> list[tuple[datetime, Offer]]:
    return [
        (offer.answered_at, offer)
        for offer in account.offers.values()
        if offer.accepted and offer.answered_at is not None
    ]


def _service(ledger: Ledger, account: Account, today: date) -> _Cells:
    cells: _Cells = dict.fromkeys(
        ("usage", "usage_trend", "suitability", "alternative_suitability", "alternative_fee")
    )
    paid = account.timeline.paid()
    cells["value_to_date"] = sum(amount.minor for amount in paid) if paid else None
    this_month = today.replace(day=1)
    used = account.timeline.used_in(months_later(this_month, -1))
    contract = account.contract
    if used is None or contract is None:
        return cells
    terms: Terms = contract.terms_on(today)
    customer = ledger.customer_of(account)
    facts = {name: fact.value for name, fact in customer.facts.items()}
    package = ledger.catalogue.get(terms.offering or "")
    if package is not None:
        cells["suitability"] = package.suitability(used=used, facts=facts)
        if package.included:
            cells["usage"] = used / package.included
            before = account.timeline.used_in(months_later(this_month, -2))
            cells["usage_trend"] = None if before is None else (used - before) / package.included
    best = most_suitable(ledger.catalogue.values(), used=used, facts=facts, besides=terms.offering)
    if best is not None:
        cells["alternative_suitability"] = best.suitability
        cells["alternative_fee"] = best.offering.fee.minor
    return cells


def _contact(ledger: Ledger, account: Account, today: date) -> _Cells:
    timeline = account.timeline
    last = max(timeline.contacts(), default=None)
    outbound = [ledger.day(at) for at in timeline.outbound()]
    signals = [ledger.day(at) for at, _ in timeline.of(SignalRaised)]
    return {
        "days_since_contact": None if last is None else (today - ledger.day(last)).days,
        "contacts_recent": faded(outbound, today, CONTACT_MEMORY),
        "signals_recent": faded(signals, today, CONTACT_MEMORY),
    }


def _promises(account: Account, as_of: datetime) -> _Cells:
    promises = account.commitments.values()
    ahead = [promise for promise in promises if promise.is_open and promise.due >= as_of]
    return {
        "promises_open": len(ahead),
        "promises_due": sum(promise.due <= as_of + DUE_SOON for promise in ahead),
        "promises_kept": sum(promise.state == "kept" for promise in promises),
        "promises_warned": sum(promise.notices for promise in promises),
        "promises_broken": sum(promise.broken_at is not None for promise in promises),
    }


def _voice(ledger: Ledger, account: Account, today: date) -> _Cells:
    cases = account.cases.values()
    complaints = [case for case in cases if case.kind is CaseKind.COMPLAINT]
    survey = account.timeline.last_survey()
    return {
        "complaints_open": sum(case.is_open for case in complaints),
        "complaints": len(complaints),
        "survey_score": None if survey is None else survey[1].score,
        "survey_age_days": None if survey is None else (today - ledger.day(survey[0])).days,
        "threats": sum(case.kind is CaseKind.THREAT for case in cases),
        "stated_reason": _stated_reason(account),
    }


def _stated_reason(account: Account) -> Reason | None:
    stated = [
        (case.opened_at, case.stated_reason)
        for case in account.cases.values()
        if case.stated_reason is not None
    ]
    at_exit: Sequence[tuple[datetime, Reason]] = (
        () if account.relationship.stated_reason is None else (account.relationship.stated_reason,)
    )
    last = max((*stated, *at_exit), key=lambda when: when[0], default=None)
    return None if last is None else last[1]


def _offers(ledger: Ledger, account: Account, today: date) -> _Cells:
    accepted = [offer for _, offer in _accepted(account)]
    heard = (body for _, body in account.timeline.of(CompetitorOfferSeen))
    seen = cheapest((*ledger.competitor_offers, *heard), today)
    return {
        "offers_made": len(account.offers),
        "offers_accepted": len(accepted),
        "concession_cost": sum(offer.made.cost.minor for offer in accepted)
        + sum(body.cost.minor for _, body in account.timeline.of(Compensated)),
        "competitor_fee": None if seen is None else seen.fee.minor,
    }


def _end(ledger: Ledger, account: Account, today: date) -> _Cells:
    relationship = account.relationship
    left = relationship.ended_at if relationship.stage is Stage.FORMER else None
    bound = relationship.lock_in if left is not None else None
    return {
        "days_since_end": None if left is None else (today - ledger.day(left)).days,
        "ended_well": relationship.ended_well,
        "competitor_lock_in_days": None if bound is None else max((bound[1].until - today).days, 0),
    }
