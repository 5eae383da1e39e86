"""Columns on what was agreed, used, paid and offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache

from retainsdk.book_view.reading import Cells, Reading
from retainsdk.contract import Contract
from retainsdk.customer.fact import DAYS_BETWEEN_VISITS
from retainsdk.events import Compensated, CompetitorOfferSeen
from retainsdk.firm.offering import cheapest, most_suitable, open_offers
from retainsdk.quantities import minor_units, months_later
from retainsdk.record import Offer, latest_discount, usual_gap
from retainsdk.value.customer_value import Forecast, forecast
from retainsdk.value.features import concessions, custom
from retainsdk.vocabulary import TermKind


def _agreed(it: Reading) -> Contract | None:
    """His contract; none for who is back and has signed none since: what he had before he left is a leaver's."""
    account = it.account
    contract, relationship = account.contract, account.relationship
    if contract is None or len(relationship.spells) == 1 or relationship.is_over or contract.is_running:
        return contract
    return contract if contract in account.spell else None


def _contract(it: Reading) -> Cells:
    contract = _agreed(it)
    if contract is None:
        return _NO_CONTRACT
    terms = contract.terms_on(it.today)
    term_ends_on = terms.term_ends_on(it.today)
    became_open = terms.kind is TermKind.FIXED_THEN_OPEN and term_ends_on is None
    runs = contract.is_running
    discount = latest_discount(_offers_of_spell(it), it.today, day=it.ledger.day) if runs else None
    return {
        "term_kind": terms.kind,
        "term_months": 0 if became_open else terms.months,
        "monthly_fee": terms.fee.minor,
        "discount": 0 if discount is None else min(discount.minor, terms.fee.minor),
        "days_to_lock_in_end": max((terms.lock_in_ends_on - it.today).days, 0) if runs else 0,
        "days_to_term_end": (term_ends_on - it.today).days if term_ends_on and runs else None,
        "notice_given": contract.state == "notice",
        "products": terms.products,
    }


def _offers_of_spell(it: Reading) -> Iterable[Offer]:
    """Those answered since he came, or came back: what was taken before he left ended with what he left."""
    offers, relationship = it.account.offers.values(), it.account.relationship
    if len(relationship.spells) == 1:
        return offers
    return (it for it in offers if it.answered_at is not None and it.answered_at >= relationship.began_at)


_NO_CONTRACT: Cells = {
    "term_kind": TermKind.OPEN_ENDED,
    "term_months": 0,
    "monthly_fee": 0,
    "discount": 0,
    "days_to_lock_in_end": 0,
    "days_to_term_end": None,
    "notice_given": False,
    "products": 0,
}


def _service(it: Reading) -> Cells:
    this_month = it.today.replace(day=1)
    used = it.account.timeline.used_in(months_later(this_month, -1))
    contract = _agreed(it)
    opinions = it.opinion.suitability
    if contract is None or (used is None and not opinions):
        return _UNUSED
    cells: Cells = dict(_UNUSED)
    terms = contract.terms_on(it.today)
    facts = {name: fact.value for name, fact in it.facts.items()}
    package = it.ledger.catalogue.get(terms.offering or "")
    if package is not None:
        opinion = opinions.get(package.code)
        cells["suitability"] = package.judged(used=used, facts=facts, opinion=opinion).value
        if package.included and used is not None:
            cells["usage"] = used / package.included
            last_month = months_later(this_month, -1)
            before = it.account.timeline.used_in(months_later(last_month, -1))
            lately = [each for each in contract.versions if last_month < each.starts_on <= it.today]
            same = {each.offering for each in (contract.terms_on(last_month), *lately)} == {terms.offering}
            cells["usage_trend"] = (used - before) / package.included if before is not None and same else None
    best = most_suitable(
        it.ledger.catalogue.values(), used=used, facts=facts, besides=terms.offering, opinions=opinions
    )
    if best is not None:
        cells["alternative_suitability"] = best.suitability
        cells["alternative_fee"] = best.offering.fee.minor
    return cells


_UNUSED: Cells = dict.fromkeys(
    ("usage", "usage_trend", "suitability", "alternative_suitability", "alternative_fee")
)


def _visits(it: Reading) -> Cells:
    visits = it.visits
    if not visits:
        return _NEVER_THERE
    recent, gap = it.today - timedelta(days=90), _gap_told(it) or _gap_seen(visits)
    return {
        "visits_90": sum([day > recent for day in visits]),
        "visit_gap": None if gap is None else (it.today - visits[-1]).days / gap,
    }


def _gap_told(it: Reading) -> float | None:
    """His usual gap in days, as he told us of it; a word that is no number of days counts for nothing."""
    told = it.facts.get(DAYS_BETWEEN_VISITS)
    if told is None or isinstance(told.value, str | bool) or not told.value > 0:
        return None
    return float(told.value)


def _gap_seen(visits: Sequence[date]) -> int | None:
    gap = usual_gap(visits)
    return None if gap is None else max(gap.days, 1)


_NEVER_THERE: Cells = {"visits_90": None, "visit_gap": None}


def _money(it: Reading) -> Cells:
    timeline = it.account.timeline
    late = None
    if timeline.invoices:
        invoices = timeline.receivables(it.ledger.currency, it.day).invoices.values()
        late = sum(bool(invoice.failures) or invoice.was_late(it.today) for invoice in invoices)
    return {
        "value_to_date": sum([amount.minor for amount in paid]) if (paid := timeline.paid()) else None,
        "late_payments": late,
    }


def _value(it: Reading) -> Cells:
    figures = custom(it.ledger, it.account, it.ledger.catalogue, on=it.today, opinions=it.opinion.suitability)
    cells = _predicted(forecast(figures), it.ledger.currency)
    if not it.opinion.value:
        return cells
    besides = sum(minor_units(part.amount, it.ledger.currency) for part in it.opinion.value)
    return {name: figure + besides for name, figure in cells.items()}


@lru_cache(maxsize=4096)  # many stand alike, and then their forecast is one
def _predicted(ahead: Forecast, currency: str) -> Cells:
    return {
        "predicted_value": minor_units(ahead.fees, currency) + minor_units(ahead.purchases, currency),
        "predicted_value_low": minor_units(ahead.low, currency),
        "predicted_value_high": minor_units(ahead.high, currency),
    }


def _cost(it: Reading) -> Cells:
    recent = it.today - _YEAR
    lately = [met for day, met in it.met if day > recent]
    gave = it.account.offers or Compensated in it.account.timeline.kinds
    given = [one.cost.minor for one in concessions(it.account) if it.day(one.at) > recent] if gave else []
    return {
        "service_minutes": sum([met.minutes or 0 for met in lately]),
        "cost_to_serve": sum([*given, *(met.cost.minor for met in lately if met.cost is not None)]),
    }


_YEAR = timedelta(days=365)


def _offers(it: Reading) -> Cells:
    timeline, offers = it.account.timeline, it.account.offers.values()
    if not offers and not it.competing and timeline.kinds.keys().isdisjoint(_OFFERED):
        return _NOTHING_OFFERED
    accepted = [offer for offer in offers if offer.accepted]
    granted = sum(offer.made.cost.minor for offer in accepted)
    compensated = sum(body.cost.minor for _, body in timeline.of(Compensated))
    told = [body for _, body in timeline.of(CompetitorOfferSeen)]
    heard = open_offers([*it.competing, *told], it.today) if told else it.competing
    best = cheapest(heard)
    return {
        "offers_made": len(offers),
        "offers_accepted": len(accepted),
        "offers_declined": sum(offer.accepted is False for offer in offers),
        "concession_cost": granted + compensated,
        "competitor_fee": None if best is None else best.fee.minor,
        "competitor_offers": len(heard),
    }


_OFFERED = frozenset({Compensated, CompetitorOfferSeen})
_NOTHING_OFFERED: Cells = {
    "offers_made": 0,
    "offers_accepted": 0,
    "offers_declined": 0,
    "concession_cost": 0,
    "competitor_fee": None,
    "competitor_offers": 0,
}


THEMES: tuple[Callable[[Reading], Cells], ...] = (
    _contract,
    _service,
    _visits,
    _money,
    _value,
    _cost,
    _offers,
)
