"""
What our firm can know of a market: the same `BookView` that a book gives, built from the market's columns.

Only the observed channel is read here; the view holds copies, so nothing leads from it back to the market.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from retainsdk.view import (
    COLUMNS,
    CONSENT_PURPOSES,
    CONTACT_KINDS,
    CONTACT_WINDOWS,
    BookView,
    Stage,
    TermKind,
)
from retainsdk.vocabulary import DEPARTMENTS, Channel
from retainsim.market.law import suitability_of
from retainsim.market.person import NEVER, OURS, ContractKind, People

_TERM_MONTHS = np.array([0, 12, 24], dtype=np.int32)
_DUE_SOON = 30
"""Days, as the column `promises_due` says."""
_LISTED_PACKAGES = np.array([0.5, 0.8, 1.1, 1.4])
_AS_THEY_STAND = (
    "kind", "monthly_fee", "discount", "products", "usage", "value_to_date", "contacts_recent", "promises_kept",
    "promises_broken", "complaints_open", "complaints", "signals_recent", "survey_score", "threats", "offers_made",
    "offers_accepted", "concession_cost",
)  # fmt: skip
_ALL_CHANNELS = (1 << len(Channel)) - 1
"""Consent in a market is to a purpose, on whatever channel."""

NOT_IN_A_MARKET = (
    "segment", "age_band", "language", "owner", "potential_class", "referrer", "tier", "visits_90", "visit_gap",
    "late_payments", "predicted_value", "predicted_value_low", "predicted_value_high", "cost_to_serve", "service_minutes",
    *(f"{kind}_{days}" for kind in CONTACT_KINDS for days in CONTACT_WINDOWS), "promises_on_time",
    "repeat_complaints", "cases_open", "case_age_days", "hand_overs", "first_contact_resolution",
    *(f"signals_{department}" for department in DEPARTMENTS), "health", "health_reason", "offers_declined",
    "competitor_offers", "assessed_reason", "goodwill_signals", "contacts_known", "deciders_known",
    "champion_present", "arm",
)  # fmt: skip
"""Columns that nobody in a market knows yet: its rules make nothing of them."""

_UNKNOWN_BELOW_ZERO = ("senior", "household_size", "origin", "stated_reason")


def view_of(
    people: People,
    *,
    as_of: datetime,
    today: int,
    n_firms: int,
    competitor_price: float | None,
    currency: str,
) -> BookView:
    """
    What is known at the beginning of a day of everybody who is or was a customer of ours.

    Args:
        people: Of the market, ordered by key.
        as_of: That instant.
        today: The same as a day of the market.
        n_firms: Number of firms.
        competitor_price: Of the cheapest competitor, 1 is our list price; none where nobody competes.
        currency: Of all money.
    """
    known_people = people[people["ever_ours"] == 1]
    ours = known_people["firm"] == OURS
    columns: dict[str, NDArray[np.generic]] = {"relationship": known_people["key"]}
    known: dict[str, NDArray[np.bool_]] = {}
    for name in _AS_THEY_STAND:
        columns[name] = known_people[name]
    for name in _UNKNOWN_BELOW_ZERO:
        columns[name] = np.maximum(known_people[name], 0)
        known[name] = known_people[name] >= 0
    for place, purpose in enumerate(CONSENT_PURPOSES):
        agreed = known_people["consent"] & (1 << place) != 0
        columns[f"consent_{purpose}"] = agreed
        columns[f"channels_{purpose}"] = np.where(agreed, _ALL_CHANNELS, 0)
    columns["held_out"] = np.zeros(len(known_people), dtype=np.int8)
    _add_contract(columns, known, known_people, ours, today)
    _add_service(columns, known, known_people, ours, competitor_price)
    _add_ages(columns, known, known_people, ours, today, n_firms)
    has_promise = known_people["promise_due_day"] != NEVER
    columns["promises_open"] = has_promise
    columns["promises_due"] = has_promise & (known_people["promise_due_day"] <= today + _DUE_SOON)
    columns["promises_warned"] = known_people["promises_warned"]
    for name in NOT_IN_A_MARKET:
        columns[name] = np.zeros(len(known_people), dtype=np.int8)
        known[name] = np.zeros(len(known_people), dtype=np.bool_)
    typed = {column.name: columns[column.name].astype(column.dtype) for column in COLUMNS}
    return BookView(as_of=as_of, currency=currency, columns=typed, known=known)


def _add_contract(
    columns: dict[str, NDArray[np.generic]],
    known: dict[str, NDArray[np.bool_]],
    people: People,
    ours: NDArray[np.bool_],
    today: int,
) -> None:
    columns["stage"] = np.where(ours, Stage.ACTIVE, Stage.FORMER)
    columns["tenure_months"] = people["tenure"]
    bound = people["contract"] != ContractKind.MONTH_TO_MONTH
    columns["term_kind"] = np.where(bound, TermKind.AUTO_RENEWING, TermKind.OPEN_ENDED)
    columns["term_months"] = _TERM_MONTHS[people["contract"]]
    days = np.where(ours & bound, np.maximum(people["lock_end_day"] - today, 0), 0)
    columns["days_to_lock_in_end"] = days
    columns["days_to_term_end"] = days
    known["days_to_term_end"] = ours & bound
    columns["notice_given"] = np.zeros(len(people), dtype=np.bool_)


def _add_service(
    columns: dict[str, NDArray[np.generic]],
    known: dict[str, NDArray[np.bool_]],
    people: People,
    ours: NDArray[np.bool_],
    competitor_price: float | None,
) -> None:
    known["usage"] = ours
    columns["usage_trend"] = people["usage"] - people["usage_before"]
    known["usage_trend"] = ours
    seen_need = people["usage"].astype(np.float64) * people["package"]
    columns["suitability"] = suitability_of(seen_need, people["package"])
    known["suitability"] = ours
    nearest = _LISTED_PACKAGES[np.abs(seen_need[:, None] - _LISTED_PACKAGES).argmin(axis=1)]
    columns["alternative_suitability"] = suitability_of(seen_need, nearest)
    known["alternative_suitability"] = ours
    columns["alternative_fee"] = people["monthly_fee"] * (0.4 + 0.6 * nearest / people["package"])
    known["alternative_fee"] = ours
    columns["competitor_fee"] = people["monthly_fee"] * (competitor_price or 0.0)
    known["competitor_fee"] = np.full(len(people), competitor_price is not None)


def _add_ages(
    columns: dict[str, NDArray[np.generic]],
    known: dict[str, NDArray[np.bool_]],
    people: People,
    ours: NDArray[np.bool_],
    today: int,
    n_firms: int,
) -> None:
    for name, day in (
        ("days_since_contact", "contact_day"),
        ("survey_age_days", "survey_day"),
        ("days_since_end", "left_day"),
    ):
        known[name] = people[day] != NEVER
        columns[name] = np.where(known[name], today - people[day], 0)
    known["survey_score"] = people["surveyed"] == 1
    known["days_since_end"] &= ~ours
    columns["days_since_end"] = np.where(ours, 0, columns["days_since_end"])
    known["ended_well"] = ~ours & (people["left_day"] != NEVER)
    columns["ended_well"] = known["ended_well"] & (people["ended_well"] == 1)
    known["competitor_lock_in_days"] = ~ours & (people["firm"] < n_firms)
    columns["competitor_lock_in_days"] = np.where(
        known["competitor_lock_in_days"], np.maximum(people["lock_end_day"] - today, 0), 0
    )
