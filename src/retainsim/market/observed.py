"""
What our firm can know of a market: the same `BookView` that a book gives, built from the market's columns.

Only the observed channel is read here; the view holds copies, so nothing leads from it back to the market.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.quantities import months_later
from retainsdk.view import (
    COLUMNS,
    CONSENT_PURPOSES,
    CONTACT_KINDS,
    CONTACT_WINDOWS,
    BookView,
    Kind,
    Stage,
    TermKind,
    named,
)
from retainsdk.vocabulary import DEPARTMENTS, Channel
from retainsim.market import purposes as for_
from retainsim.market.law.buying import DAYS_A_MONTH
from retainsim.market.person import NEVER, NO_TREND, OURS, Contact, ContractKind, People, figures
from retainsim.market.streams import spread, uniforms
from retainsim.market.visits import Quarter, last_days, lately

_TERM_MONTHS = np.array([0, 12, 24], dtype=np.int32)
_DUE_SOON = 30
"""Days, as the column `promises_due` says."""
LISTED_PACKAGES = (50, 80, 110, 140)
"""Sizes of the packages on offer, in hundredths of a usual one, the cheapest first."""
_AS_THEY_STAND = (
    "kind", "monthly_fee", "products", "value_to_date", "contacts_recent", "promises_kept",
    "promises_broken", "complaints_open", "complaints", "signals_recent", "survey_score", "threats", "offers_made",
    "offers_accepted", "concession_cost",
)  # fmt: skip
_ALL_CHANNELS = (1 << len(Channel)) - 1
"""Consent in a market is to a purpose, on whatever channel."""

UNHEARD_OF = (
    "segment", "age_band", "language", "potential_class", "late_payments", "assessed_reason", "arm",
)  # fmt: skip
"""Columns that nobody in a market knows yet: its rules make nothing of them, so its book does not know them either."""

FOR_A_BOOK_ALONE = (
    # what looks back further than a row remembers
    *(f"{kind}_{days}" for kind in CONTACT_KINDS for days in CONTACT_WINDOWS), "cost_to_serve", "service_minutes",
    "promises_on_time", "case_age_days", "first_contact_resolution",
    *(f"signals_{department}" for department in DEPARTMENTS),
    # what is worked out of that
    "predicted_value", "predicted_value_low", "predicted_value_high", "health", "health_reason",
)  # fmt: skip
"""Columns that only a book knows, because it keeps all that happened: a row of a market has 128 bytes."""

NOT_IN_A_MARKET = (*UNHEARD_OF, *FOR_A_BOOK_ALONE)
"""Columns that a market's own view masks. Every other one is the same in the view of a book that tells its history."""

_NEVER_HERE = ("repeat_complaints", "hand_overs")
"""Of which there are none: complaints differ, and whoever began with one ends with it."""

NOT_UNDER_CONTRACT = ("visits_90", "visit_gap")
"""Columns that only a market without contracts knows: visits."""

ONLY_OF_ACCOUNTS = ("contacts_known", "deciders_known", "champion_present")
"""Columns that are known of organisations."""


def owner_of(number: int) -> str:
    """What the representative of a number is called."""
    return f"representative {number}"


_OWNERS = np.array([named(owner_of(number)) for number in range(32)], dtype=np.uint64)

_UNKNOWN_BELOW_ZERO = ("senior", "household_size", "origin", "stated_reason")


def view_of(
    people: People,
    *,
    as_of: datetime,
    today: int,
    competitor_price: float | None,
    currency: str,
    list_fee: float = 0.0,
    referrers: NDArray[np.uint64] | None = None,
    share_made: float | None = None,
    quarter: Quarter | None = None,
    lock_in_error: float = 0.0,
) -> BookView:
    """
    What is known at the beginning of a day of everybody who is or was a customer of ours.

    Args:
        people: Those who are or were our customers, ordered by key.
        as_of: That instant.
        today: The same as a day of the market.
        competitor_price: Of the cheapest competitor, 1 is our list price; none where nobody competes.
        currency: Of all money.
        list_fee: Of a usual package, minor units.
        referrers: Key of whoever brought each, where `referrer` says that somebody did; none for nobody.
        lock_in_error: Spread of our error about how long a competitor binds a leaver, as a share of what is left.
        share_made: Where nobody has a contract, the share of wanted visits that end in a purchase; none elsewhere.
        quarter: The same three months in days, where purchases are counted by the day; none counts whole months.
    """
    bound = share_made is None
    lapsed = (
        np.zeros(len(people), dtype=np.bool_)
        if share_made is None
        else _has_lapsed(people, today, share_made)
    )
    ours = people["firm"] == OURS if bound else ~lapsed
    columns: dict[str, NDArray[np.generic]] = {"relationship": people["key"]}
    known: dict[str, NDArray[np.bool_]] = {}
    for name in _AS_THEY_STAND:
        columns[name] = figures(people, name)
    columns["discount"] = np.where(ours, people["discount"], 0)  # of a leaver it is an offer to come back
    for name in _UNKNOWN_BELOW_ZERO:
        columns[name] = np.maximum(people[name], 0)
        known[name] = people[name] >= 0
    for place, purpose in enumerate(CONSENT_PURPOSES):
        agreed = people["consent"] & (1 << place) != 0
        columns[f"consent_{purpose}"] = agreed
        columns[f"channels_{purpose}"] = np.where(agreed, _ALL_CHANNELS, 0)
    columns["held_out"] = np.zeros(len(people), dtype=np.int8)
    _add_contract(columns, known, people, ours, today, as_of)
    _add_service(columns, known, people, ours, competitor_price, list_fee)
    _add_ages(columns, known, people, ours, today, lock_in_error)
    is_account = people["kind"] == Kind.ORGANISATION
    present = [is_account & (people["committee"] & contact > 0) for contact in Contact]
    columns["contacts_known"] = np.sum(present, axis=0)
    columns["champion_present"], columns["deciders_known"] = present[0], present[1]
    for name in ONLY_OF_ACCOUNTS:
        known[name] = is_account
    has_promise = people["promise_due_day"] != NEVER
    columns["promises_open"] = has_promise
    columns["promises_due"] = has_promise & (people["promise_due_day"] < today + _DUE_SOON)
    columns["promises_warned"] = people["promises_warned"]
    known["referrer"] = (people["referrer"] >= 0) & np.full(len(people), referrers is not None)
    columns["referrer"] = np.where(
        known["referrer"], np.uint64(0) if referrers is None else referrers, np.uint64(0)
    )
    columns["owner"] = _OWNERS[spread(people["key"], np.uint64(0)) >> np.uint64(59)]
    columns["tier"], known["tier"] = np.where(ours, people["tier"], 0), ours
    columns["cases_open"] = people["complaints_open"]
    invited = ~ours & (people["discount"] > 0)  # an offer to come back stands open
    answered = people["offers_made"].astype(np.int32) - invited
    columns["offers_declined"] = np.maximum(answered - people["offers_accepted"], 0)
    for name in _NEVER_HERE:
        columns[name] = np.zeros(len(people), dtype=np.int8)
    for name in NOT_IN_A_MARKET:
        columns[name] = np.zeros(len(people), dtype=np.int8)
        known[name] = np.zeros(len(people), dtype=np.bool_)
    if share_made is None:
        for name in NOT_UNDER_CONTRACT:
            columns[name] = np.zeros(len(people), dtype=np.int8)
            known[name] = np.zeros(len(people), dtype=np.bool_)
    else:
        _be_without_contract(columns, known, people, today, share_made, quarter)
    typed = {column.name: columns[column.name].astype(column.dtype) for column in COLUMNS}
    return BookView(as_of=as_of, currency=currency, columns=typed, known=known)


def _has_lapsed(people: People, today: int, share_made: float) -> NDArray[np.bool_]:
    return np.asarray(today > last_days(people, share_made), dtype=np.bool_)


def _be_without_contract(
    columns: dict[str, NDArray[np.generic]],
    known: dict[str, NDArray[np.bool_]],
    people: People,
    today: int,
    share_made: float,
    quarter: Quarter | None,
) -> None:
    """
    What a shop knows: purchases, and who has not come for long. Nothing here tells who would come again.

    There are no terms, so whatever a book takes from them is nothing or unknown. An offer is open to whom it was made
    until he takes it: nobody says no to a coupon.
    """
    columns["visits_90"] = lately(people, quarter)
    days, often = today - people["visit_day"].astype(np.float64), figures(people, "rate")
    columns["visit_gap"] = days * often * share_made / DAYS_A_MONTH
    known["visits_90"] = known["visit_gap"] = people["visit_day"] != NEVER
    lapsed = _has_lapsed(people, today, share_made)
    columns["days_since_end"] = np.where(lapsed, today - last_days(people, share_made), 0)
    known["days_since_end"] = known["goodwill_signals"] = lapsed
    columns["offers_accepted"] = np.minimum(people["offers_accepted"], people["offers_made"])
    columns["offers_declined"] = columns["competitor_offers"] = np.zeros(len(people), dtype=np.int8)
    for name in ("monthly_fee", "discount", "products", "ended_well", "competitor_fee", "threats",
                 "term_kind", "term_months", "days_to_lock_in_end", "days_to_term_end", "usage", "usage_trend",
                 "suitability", "alternative_suitability", "alternative_fee", "competitor_lock_in_days"):  # fmt: skip
        columns[name] = np.zeros(len(people), dtype=np.int8)
    for name in ("ended_well", "days_to_term_end", "usage", "usage_trend", "suitability", "competitor_fee",
                 "alternative_suitability", "alternative_fee", "competitor_lock_in_days"):  # fmt: skip
        known[name] = np.zeros(len(people), dtype=np.bool_)


def _add_contract(
    columns: dict[str, NDArray[np.generic]],
    known: dict[str, NDArray[np.bool_]],
    people: People,
    ours: NDArray[np.bool_],
    today: int,
    as_of: datetime,
) -> None:
    columns["stage"] = np.where(ours, Stage.ACTIVE, Stage.FORMER)
    columns["tenure_months"] = people["tenure"]
    bound = people["contract"] != ContractKind.MONTH_TO_MONTH
    columns["term_kind"] = np.where(bound, TermKind.AUTO_RENEWING, TermKind.OPEN_ENDED)
    columns["term_months"] = _TERM_MONTHS[people["contract"]]
    days = np.where(ours & bound, np.maximum(people["lock_end_day"] - today, 0), 0)
    columns["days_to_lock_in_end"] = days
    anew = np.array([(months_later(as_of.date(), int(it)) - as_of.date()).days for it in _TERM_MONTHS])
    columns["days_to_term_end"] = np.where(  # a term that ends today has been renewed
        ours & bound & (days == 0), anew[people["contract"]], days
    )
    known["days_to_term_end"] = ours & bound
    columns["notice_given"] = np.zeros(len(people), dtype=np.bool_)


def _add_service(
    columns: dict[str, NDArray[np.generic]],
    known: dict[str, NDArray[np.bool_]],
    people: People,
    ours: NDArray[np.bool_],
    competitor_price: float | None,
    list_fee: float,
) -> None:
    known["usage_trend"] = ours & (people["usage_trend"] != NO_TREND)
    columns["usage_trend"] = np.where(known["usage_trend"], figures(people, "usage_trend"), 0.0)
    columns["usage"] = np.where(ours, figures(people, "usage"), 0.0)
    package = people["package"].astype(np.float64)
    used = people["usage"] * package / 100.0
    columns["suitability"] = np.where(ours, _share(used, package), 0.0)
    others = _share(used[:, None], np.array(LISTED_PACKAGES, dtype=np.float64)[None, :])
    others[people["package"][:, None] == np.array(LISTED_PACKAGES)] = -1.0
    best = others.argmax(axis=1)
    columns["alternative_suitability"] = np.where(ours, others.max(axis=1), 0.0)
    columns["alternative_fee"] = np.where(ours, fees_listed(list_fee)[best], 0)
    for name in ("usage", "suitability", "alternative_suitability", "alternative_fee"):
        known[name] = ours
    known["competitor_fee"] = np.full(len(people), competitor_price is not None)
    columns["competitor_fee"] = people["monthly_fee"] * (competitor_price or 0.0)
    columns["competitor_offers"] = known["competitor_fee"]  # the cheapest is the one we watch


def fees_listed(list_fee: float) -> NDArray[np.int64]:
    """What each of the packages on offer costs a month, by the catalogue, when a usual one costs so much."""
    return np.array([fee_listed(list_fee, size) for size in LISTED_PACKAGES], dtype=np.int64)


def fee_listed(list_fee: float, size: int) -> int:
    """The same of one package, of a size in hundredths of a usual one."""
    return int(list_fee * (0.4 + 0.006 * size))


def _share(used: NDArray[np.float64], included: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smaller by the larger, as a book judges a package."""
    return np.minimum(used, included) / np.maximum(np.maximum(used, included), 1e-9)


def _add_ages(
    columns: dict[str, NDArray[np.generic]],
    known: dict[str, NDArray[np.bool_]],
    people: People,
    ours: NDArray[np.bool_],
    today: int,
    lock_in_error: float,
) -> None:
    for name, day in (
        ("days_since_contact", "contact_day"),
        ("survey_age_days", "survey_day"),
        ("days_since_end", "left_day"),
    ):
        known[name] = people[day] != NEVER
        columns[name] = np.where(known[name], today - people[day], 0)
    known["survey_score"] = people["survey_day"] != NEVER
    known["days_since_end"] &= ~ours
    columns["days_since_end"] = np.where(ours, 0, columns["days_since_end"])
    left = ~ours & (people["left_day"] != NEVER)
    known["ended_well"] = known["goodwill_signals"] = left
    columns["ended_well"] = left & (people["ended_well"] == 1)
    columns["goodwill_signals"] = np.zeros(len(people), dtype=np.int8)
    known["competitor_lock_in_days"] = left & (people["lock_end_day"] != NEVER)
    heard = heard_free_day(people["key"], people["left_day"], people["lock_end_day"], lock_in_error)
    columns["competitor_lock_in_days"] = np.where(
        known["competitor_lock_in_days"], np.maximum(heard - today, 0), 0
    )


def heard_free_day(
    keys: NDArray[np.uint64], left: NDArray[Any], free: NDArray[Any], spread_of_error: float
) -> NDArray[np.int64]:
    """
    The day from which leavers are free of the next firm, as we heard it: true but for an error each has for good.

    Args:
        keys: Of the leavers.
        left: The day each left us.
        free: The day each is free.
        spread_of_error: As a share of the time in between.
    """
    error = 3.4641016151377544 * (uniforms(keys, for_.POPULATION, for_.KNOWN_LOCK_IN) - 0.5)
    since = np.asarray(left, dtype=np.float64)
    between = (np.asarray(free, dtype=np.float64) - since) * np.maximum(1.0 + spread_of_error * error, 0.0)
    return np.rint(since + between).astype(np.int64)
