"""
What our firm can know of a market: the same `BookView` that a book gives, worked out from what is written down.

Only `cards` are read here, on which no truth stands. Each column is one line of a table, and worked out when a policy
reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retainsdk.quantities import months_later
from retainsdk.view import (
    CONSENT_PURPOSES,
    CONTACT_KINDS,
    CONTACT_WINDOWS,
    Kind,
    Stage,
    TermKind,
    named,
)
from retainsdk.vocabulary import DEPARTMENTS, Channel
from retainsim.market.cards import Cards, referrers_of, written_down
from retainsim.market.lazy_view import LazyView, Makers
from retainsim.market.person import NEVER, NO_TREND, Contact, ContractKind, People
from retainsim.market.streams import spread
from retainsim.market.visits import Quarter

_TERM_MONTHS = np.array([0, 12, 24], dtype=np.int32)
_DUE_SOON = 30
"""Days, as the column `promises_due` says."""
LISTED_PACKAGES = (50, 80, 110, 140)
"""Sizes of the packages on offer, in hundredths of a usual one, the cheapest first."""
_AS_THEY_STAND = (
    "kind", "monthly_fee", "products", "value_to_date", "contacts_recent", "promises_kept",
    "promises_warned", "promises_broken", "complaints_open", "complaints", "signals_recent", "survey_score", "threats", "offers_made",
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

_NEVER_HERE = ("repeat_complaints", "hand_overs", "goodwill_signals", "notice_given", "held_out")
"""Of which there are none: complaints differ, whoever began with one ends with it, and who threatens is settled at once."""

NOT_UNDER_CONTRACT = ("visits_90", "visit_gap")
"""Columns that only a market without contracts knows: visits."""

_NO_TERMS_NO_FIGURE = (
    "ended_well", "goodwill_signals", "days_to_term_end", "usage", "usage_trend", "suitability", "competitor_fee",
    "alternative_suitability", "alternative_fee", "competitor_lock_in_days",
)  # fmt: skip
"""Columns of which nobody knows anything where there are no terms."""

_NOTHING_WITHOUT_TERMS = (
    *_NO_TERMS_NO_FIGURE, "monthly_fee", "discount", "products", "threats", "term_kind", "term_months",
    "days_to_lock_in_end",
)  # fmt: skip
"""Columns that are nothing or unknown there, since a book takes them from terms."""

ONLY_OF_ACCOUNTS = ("contacts_known", "deciders_known", "champion_present")
"""Columns that are known of organisations."""


def owner_of(number: int) -> str:
    """What the representative of a number is called."""
    return f"representative {number}"


_OWNERS = np.array([named(owner_of(number)) for number in range(32)], dtype=np.uint64)

_UNKNOWN_BELOW_ZERO = ("senior", "household_size", "origin", "stated_reason")


def view_of(
    people: People,
    positions: NDArray[np.intp] | None = None,
    *,
    as_of: datetime,
    today: int,
    competitor_price: float | None,
    currency: str,
    list_fee: float = 0.0,
    share_made: float | None = None,
    quarter: Quarter | None = None,
    lock_in_error: float = 0.0,
) -> LazyView:
    """
    What is known at the beginning of a day of everybody who is or was a customer of ours.

    Args:
        people: Of the market.
        positions: Of those who are or were our customers, ordered by key; none for all.
        as_of: That instant.
        today: The same as a day of the market.
        competitor_price: Of the cheapest competitor, 1 is our list price; none where nobody competes.
        currency: Of all money.
        list_fee: Of a usual package, minor units.
        lock_in_error: Spread of our error about how long a competitor binds a leaver, as a share of what is left.
        share_made: Where nobody has a contract, the share of wanted visits that end in a purchase; none elsewhere.
        quarter: The three months before in days, where purchases are counted by the day; none counts whole months.
    """
    if positions is None:
        positions = np.arange(len(people))
    written, ours = written_down(
        people, positions, today=today, share_made=share_made, lock_in_error=lock_in_error
    )
    cards = Cards(
        people=written,
        ours=ours,
        referrers=referrers_of(people, positions),
        today=today,
        as_of=as_of,
        competitor_price=competitor_price,
        list_fee=list_fee,
        share_made=share_made,
        quarter=quarter,
    )
    bound = share_made is None
    columns, known = (_COLUMNS, _KNOWN) if bound else (_COLUMNS_OF_A_SHOP, _KNOWN_IN_A_SHOP)
    return LazyView.of(cards, currency=currency, columns=columns, known=known)


# how each column is worked out from what is written down


def _field(name: str) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: it[name]


def _not_below_zero(name: str) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: np.maximum(it[name], 0)


def _is_told(name: str) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: it[name] >= 0


def _ever(day: str) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: it[day] != NEVER


def _days_since(day: str) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: np.where(it[day] != NEVER, it.today - it[day], 0)


def _agreed(place: int) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: it["consent"] & (1 << place) != 0


def _channels(place: int) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: np.where(it["consent"] & (1 << place) != 0, np.int8(_ALL_CHANNELS), np.int8(0))


def _knows(contact: int) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: _is_account(it) & (it["committee"] & contact > 0)


def _contacts_known(it: Cards) -> Any:  # noqa: ANN401 # what NumPy's sum is
    return np.sum([_knows(contact.value)(it) for contact in Contact], axis=0)


def _is_account(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(it["kind"] == Kind.ORGANISATION)


def _is_ours(it: Cards) -> NDArray[np.bool_]:
    return it.ours


def _nothing(it: Cards) -> int:  # noqa: ARG001 # as all of them
    return 0


def _is_bound(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(it["contract"] != ContractKind.MONTH_TO_MONTH)


def _has_a_term(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(it.ours & _is_bound(it))


def _days_bound(it: Cards) -> NDArray[Any]:
    return np.where(_has_a_term(it), np.maximum(it["lock_end_day"] - it.today, 0), 0)


def _days_to_term_end(it: Cards) -> NDArray[Any]:
    """A term that ends today has been renewed."""
    days, starts_on = _days_bound(it), it.as_of.date()
    anew = np.array([(months_later(starts_on, int(months)) - starts_on).days for months in _TERM_MONTHS])
    return np.where(_has_a_term(it) & (days == 0), anew[it["contract"]], days)


def _of_ours(column: Callable[[Cards], Any]) -> Callable[[Cards], NDArray[Any]]:
    return lambda it: np.where(it.ours, column(it), 0)


def _has_trend(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(it.ours & (it.people["usage_trend"] != NO_TREND))


def _used(it: Cards) -> NDArray[np.float64]:
    """Of the package, on the scale on which packages are listed."""
    used: NDArray[np.float64] = it.people["usage"] * it.people["package"].astype(np.float64) / 100.0
    return used


def _suitability(it: Cards) -> NDArray[np.float64]:
    return _share(_used(it), it.people["package"].astype(np.float64))


def _alternatives(it: Cards) -> NDArray[np.float64]:
    """How well each package that is listed suits each customer; the one he has is none."""
    listed = np.array(LISTED_PACKAGES)
    others = _share(_used(it)[:, None], listed.astype(np.float64)[None, :])
    others[it.people["package"][:, None] == listed] = -1.0
    return others


def _best_alternative(it: Cards) -> NDArray[np.float64]:
    return np.asarray(_alternatives(it).max(axis=1))


def _fee_of_the_best(it: Cards) -> NDArray[np.int64]:
    return np.asarray(fees_listed(it.list_fee)[_alternatives(it).argmax(axis=1)])


def fees_listed(list_fee: float) -> NDArray[np.int64]:
    """What each of the packages on offer costs a month, by the catalogue, when a usual one costs so much."""
    return np.array([fee_listed(list_fee, size) for size in LISTED_PACKAGES], dtype=np.int64)


def fee_listed(list_fee: float, size: int) -> int:
    """The same of one package, of a size in hundredths of a usual one."""
    return int(list_fee * (0.4 + 0.006 * size))


def _share(used: NDArray[np.float64], included: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smaller by the larger, as a book judges a package."""
    return np.minimum(used, included) / np.maximum(np.maximum(used, included), 1e-9)


def _somebody_competes(it: Cards) -> bool:
    """The cheapest is the one we watch."""
    return it.competitor_price is not None


def _declined(it: Cards) -> NDArray[np.int32]:
    """What is neither accepted nor, as an offer to come back, still open."""
    invited = ~it.ours & (it["discount"] > 0)
    answered = it["offers_made"].astype(np.int32) - invited
    return np.asarray(np.maximum(answered - it["offers_accepted"], 0))


def _has_promise(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(it["promise_due_day"] != NEVER)


def _promise_is_due(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(_has_promise(it) & (it["promise_due_day"] < it.today + _DUE_SOON))


def _has_left(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(~it.ours & (it["left_day"] != NEVER))


def _is_held_elsewhere(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(_has_left(it) & (it["lock_end_day"] != NEVER))


def _days_held_elsewhere(it: Cards) -> NDArray[Any]:
    return np.where(_is_held_elsewhere(it), np.maximum(it["lock_end_day"].astype(np.int32) - it.today, 0), 0)


_KNOWN: Makers = {
    **{name: _is_told(name) for name in (*_UNKNOWN_BELOW_ZERO, "referrer")},
    **dict.fromkeys(("usage", "suitability", "alternative_suitability", "alternative_fee", "tier"), _is_ours),
    **dict.fromkeys(ONLY_OF_ACCOUNTS, _is_account),
    **dict.fromkeys(("ended_well", "goodwill_signals", "days_since_end"), _has_left),
    "usage_trend": _has_trend,
    "days_to_term_end": _has_a_term,
    "competitor_fee": _somebody_competes,
    "days_since_contact": _ever("contact_day"),
    "survey_age_days": _ever("survey_day"),
    "survey_score": _ever("survey_day"),
    "competitor_lock_in_days": _is_held_elsewhere,
    **dict.fromkeys((*NOT_IN_A_MARKET, *NOT_UNDER_CONTRACT), _nothing),
}

_COLUMNS: Makers = {
    **{name: _field(name) for name in _AS_THEY_STAND},
    **{name: _not_below_zero(name) for name in _UNKNOWN_BELOW_ZERO},
    **{f"consent_{purpose}": _agreed(place) for place, purpose in enumerate(CONSENT_PURPOSES)},
    **{f"channels_{purpose}": _channels(place) for place, purpose in enumerate(CONSENT_PURPOSES)},
    **dict.fromkeys((*_NEVER_HERE, *NOT_IN_A_MARKET, *NOT_UNDER_CONTRACT), _nothing),
    "relationship": _field("key"),
    "owner": lambda it: _OWNERS[spread(it["key"], np.uint64(0)) >> np.uint64(59)],
    "referrer": lambda it: it.referrers,
    # contract
    "stage": lambda it: np.where(it.ours, np.int8(Stage.ACTIVE), np.int8(Stage.FORMER)),
    "tenure_months": _field("tenure"),
    "term_kind": lambda it: np.where(_is_bound(it), TermKind.AUTO_RENEWING, TermKind.OPEN_ENDED),
    "term_months": lambda it: _TERM_MONTHS[it["contract"]],
    "days_to_lock_in_end": _days_bound,
    "days_to_term_end": _days_to_term_end,
    "tier": _of_ours(_field("tier")),
    "discount": _of_ours(_field("discount")),  # of a leaver it is an offer to come back
    # service
    "usage": _of_ours(_field("usage")),
    "usage_trend": lambda it: np.where(_has_trend(it), it["usage_trend"], 0.0),
    "suitability": _of_ours(_suitability),
    "alternative_suitability": _of_ours(_best_alternative),
    "alternative_fee": _of_ours(_fee_of_the_best),
    "competitor_fee": lambda it: it["monthly_fee"] * (it.competitor_price or 0.0),
    "competitor_offers": _somebody_competes,
    # what was said and promised
    "days_since_contact": _days_since("contact_day"),
    "survey_age_days": _days_since("survey_day"),
    "promises_open": _has_promise,
    "promises_due": _promise_is_due,
    "cases_open": _field("complaints_open"),
    "offers_declined": _declined,
    # organisations
    "contacts_known": _contacts_known,
    "champion_present": _knows(Contact.CHAMPION.value),
    "deciders_known": _knows(Contact.DECIDER.value),
    # leavers
    "days_since_end": lambda it: np.where(_has_left(it), it.today - it["left_day"], 0),
    "ended_well": lambda it: _has_left(it) & (it["ended_well"] == 1),
    "competitor_lock_in_days": _days_held_elsewhere,
}


# a shop knows purchases, and who has not come for long; nothing there tells who would come again


def _comes(it: Cards) -> NDArray[np.bool_]:
    return np.asarray(it["visit_day"] != NEVER)


def _has_lapsed(it: Cards) -> NDArray[np.bool_]:
    return ~it.ours


def _taken(it: Cards) -> NDArray[np.uint8]:
    """An offer is open to whom it was made until he takes it, a coupon as often as he likes; nobody says no to one."""
    return np.asarray(np.minimum(it["offers_accepted"], it["offers_made"]))


_KNOWN_IN_A_SHOP: Makers = {
    **_KNOWN,
    **dict.fromkeys(_NO_TERMS_NO_FIGURE, _nothing),
    **dict.fromkeys(NOT_UNDER_CONTRACT, _comes),
    **dict.fromkeys(("days_since_end", "goodwill_signals"), _has_lapsed),
}

_COLUMNS_OF_A_SHOP: Makers = {
    **_COLUMNS,
    **dict.fromkeys(_NOTHING_WITHOUT_TERMS, _nothing),
    "visits_90": Cards.visits,
    "visit_gap": Cards.gaps,
    "days_since_end": Cards.since_lapse,
    "offers_accepted": _taken,
    **dict.fromkeys(("offers_declined", "competitor_offers"), _nothing),
}
