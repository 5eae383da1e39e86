"""
Who lives in a market: our customers, drawn from a book's view or from a preset, and the people elsewhere.

What a view knows is taken from it; what only the world knows (tastes, temperament, moods) is drawn, keyed by the
person, from the preset's parameters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import RetainError
from retainsdk.view import CONSENT_PURPOSES, BookView, Origin, Stage
from retainsim.market.law import CONTRACT_DAYS
from retainsim.market.person import NEVER, OURS, ContractKind, People, nobody
from retainsim.market.preset import Preset, Rules
from retainsim.market.purposes import POPULATION
from retainsim.market.streams import key_of, spread, uniforms

ALL_BUT_MARKETING = sum(
    1 << place for place, purpose in enumerate(CONSENT_PURPOSES) if purpose != "marketing"
)
_YEAR = 12
_DUE_SOON, _DUE_LATER = 15, 45
"""Days until a promise falls due of which a view says only that it does soon, or not."""


class NoCustomersError(RetainError, ValueError):
    """A market was asked for that nobody lives in."""

    def __str__(self) -> str:
        return "The view holds nobody who is a customer on that day. Choose an earlier or later day, or import customers."


def draw_people(preset: Preset, rules: Rules, *, customers: int, seed: int, view: BookView | None) -> People:
    """
    The people of one world, ordered by key.

    Args:
        preset: Shares of the firms and, without a view, the marginals of customers.
        rules: Parameters of the world.
        customers: Ours at the start.
        seed: Of the world.
        view: Whom to draw ours from: without replacement while it lasts, then again as other people.

    Raises:
        NoCustomersError: When the view holds no customer.
    """
    ours = _from_preset(preset, customers, seed) if view is None else _from_view(view, customers, seed)
    former = nobody(0) if view is None else _former(preset, view, customers, seed)
    elsewhere = _elsewhere(preset, ours, len(former), seed)
    # not concatenate, which would close the gaps of the layout
    people = nobody(len(ours) + len(former) + len(elsewhere))
    people[: len(ours)] = ours
    people[len(ours) : len(ours) + len(former)] = former
    people[len(ours) + len(former) :] = elsewhere
    _draw_hidden(people, rules, seed)
    return people[np.argsort(people["key"], kind="stable")]


def _drawn(keys: NDArray[np.uint64], seed: int, what: str) -> NDArray[np.float64]:
    return uniforms(keys, key_of("population", seed, what), POPULATION)


def _centred(keys: NDArray[np.uint64], seed: int, what: str) -> NDArray[np.float64]:
    return 3.4641016151377544 * (_drawn(keys, seed, what) - 0.5)


def _numbered(seed: int, label: str, count: int) -> NDArray[np.uint64]:
    first = np.uint64(key_of("people", seed, label))
    return spread(np.arange(count, dtype=np.uint64), first)


def _from_preset(preset: Preset, count: int, seed: int) -> People:
    people = nobody(count)
    keys = people["key"] = _numbered(seed, "ours", count)
    marginals = preset.customers
    kind = _drawn(keys, seed, "contract")
    monthly, yearly = marginals["month_to_month"], marginals["one_year"]
    contract = np.where(kind < monthly, 0, np.where(kind < monthly + yearly, 1, 2))
    people["firm"], people["ever_ours"] = OURS, 1
    people["contract"] = people["cohort"] = contract
    mean_tenure = np.array(marginals["mean_tenure"])[contract]
    people["tenure"] = 1 + 2 * mean_tenure * _drawn(keys, seed, "tenure")
    mean_fee = np.array(marginals["mean_fee"])[contract]
    people["monthly_fee"] = mean_fee * (0.4 + 1.2 * _drawn(keys, seed, "fee"))
    people["lock_end_day"] = _days_to_term_end(people, seed)
    people["senior"] = _drawn(keys, seed, "senior") < marginals["senior"]
    people["household_size"] = 1 + (_drawn(keys, seed, "household") < marginals["household"])
    people["products"] = 1 + 6 * _drawn(keys, seed, "products")
    people["origin"] = Origin.CAMPAIGN
    people["value_to_date"] = people["monthly_fee"].astype(np.int64) * people["tenure"]
    people["consent"] = ALL_BUT_MARKETING + (
        _drawn(keys, seed, "consent") < marginals["marketing_consent"]
    ) * (1 << CONSENT_PURPOSES.index("marketing"))
    people["usage"] = np.nan
    people["package"] = _usual_package(people["monthly_fee"], mean_fee.mean())
    return people


def _days_to_term_end(people: People, seed: int) -> NDArray[np.float64]:
    """Of contracts whose age within their term nobody knows: all ages are alike."""
    days = np.array(CONTRACT_DAYS)[people["contract"]]
    return np.where(days > 0, 1 + days * _drawn(people["key"], seed, "lock-in"), 0)


def _from_view(view: BookView, count: int, seed: int) -> People:
    served = np.flatnonzero(_is_served(view))
    if not len(served):
        raise NoCustomersError
    people, source = _copied(view, served, count, seed)
    people["firm"] = OURS
    people["cohort"] = people["contract"]
    people["ended_well"] = 0
    known_end = view.known("days_to_term_end")[source]
    end = np.maximum(view.days_to_term_end[source], view.days_to_lock_in_end[source])
    bound = people["contract"] != ContractKind.MONTH_TO_MONTH
    people["lock_end_day"] = np.where(bound & known_end, end, _days_to_term_end(people, seed))
    return people


def _is_served(view: BookView) -> NDArray[np.bool_]:
    return np.isin(view.stage, (Stage.ONBOARDING, Stage.ACTIVE, Stage.ENDING))


def _former(preset: Preset, view: BookView, count: int, seed: int) -> People:
    former = np.flatnonzero(view.stage == Stage.FORMER)
    if not len(former):
        return nobody(0)
    people, source = _copied(view, former, round(count * len(former) / _is_served(view).sum()), seed)
    known_end = view.known("competitor_lock_in_days")[source]
    _place(preset, people, seed, with_a_firm=known_end)
    people["lock_end_day"][known_end] = view.competitor_lock_in_days[source][known_end]
    people["goodwill"] = 0.3 * _centred(people["key"], seed, "goodwill")
    return people


def _copied(view: BookView, rows: NDArray[np.intp], count: int, seed: int) -> tuple[People, NDArray[np.intp]]:
    """So many people from those rows of the view, and which; beyond their number, the same again under other keys."""
    order = rows[np.argsort(_drawn(view.relationship[rows], seed, "order"), kind="stable")]
    rounds = np.arange(count) // len(order)
    source = order[np.arange(count) % len(order)]
    people = nobody(count)
    keys = view.relationship[source]
    again = rounds > 0
    people["key"] = keys
    people["key"][again] = spread(
        keys[again], np.uint64(key_of("copy", seed)) + rounds[again].astype(np.uint64)
    )
    for name in ("monthly_fee", "discount", "products", "kind", "value_to_date", "concession_cost", "promises_kept",
                 "promises_warned", "promises_broken", "complaints", "complaints_open", "threats", "offers_made",
                 "offers_accepted", "contacts_recent", "signals_recent"):  # fmt: skip
        people[name] = getattr(view, name)[source]
    people["tenure"] = view.tenure_months[source]
    people["contract"] = np.where(
        view.term_months[source] == 0, 0, np.where(view.term_months[source] <= _YEAR, 1, 2)
    )
    people["ever_ours"] = 1
    people["discount_until"] = np.where(people["discount"] > 0, 12, 0)
    for name in ("senior", "household_size", "origin", "stated_reason"):
        people[name] = np.where(view.known(name)[source], getattr(view, name)[source], -1)
    people["usage"] = np.where(view.known("usage")[source], view.usage[source], np.nan)
    people["usage_before"] = people["usage"] - view.usage_trend[source]
    people["survey_score"] = np.where(view.known("survey_score")[source], view.survey_score[source], 0)
    people["ended_well"] = view.known("ended_well")[source] & view.ended_well[source]
    people["surveyed"] = view.known("survey_score")[source]
    for name, age in (
        ("contact_day", "days_since_contact"),
        ("survey_day", "survey_age_days"),
        ("left_day", "days_since_end"),
    ):
        people[name] = np.where(view.known(age)[source], -getattr(view, age)[source], people[name])
    due = np.where(view.promises_due[source] > 0, _DUE_SOON, _DUE_LATER)
    people["promise_due_day"] = np.where(view.promises_open[source] > 0, due, NEVER)
    for place, purpose in enumerate(CONSENT_PURPOSES):
        people["consent"] |= getattr(view, f"consent_{purpose}")[source].astype(np.int8) << np.int8(place)
    people["package"] = _usual_package(people["monthly_fee"], view.monthly_fee[_is_served(view)].mean())
    return people, source


def _usual_package(fee: NDArray[np.int32], usual: float) -> NDArray[np.float64]:
    """A book that does not measure use still has fees: who pays the usual fee has the usual package."""
    return np.clip(0.3 + 0.7 * fee / max(usual, 1.0), 0.4, 1.6)


def _elsewhere(preset: Preset, ours: People, n_former: int, seed: int) -> People:
    """The rest of the market: like our customers in what they need, but with another firm or none."""
    count = max(round(len(ours) * (1 - preset.firms[0].share) / preset.firms[0].share) - n_former, 0)
    keys = _numbered(seed, "elsewhere", count)
    alike = (_drawn(keys, seed, "alike") * len(ours)).astype(np.intp)
    people = nobody(count)
    people["key"] = keys
    for name in ("monthly_fee", "products", "kind", "senior", "household_size", "package", "consent"):
        people[name] = ours[name][alike]
    people["usage"] = np.nan
    _place(preset, people, seed, with_a_firm=np.zeros(count, dtype=np.bool_))
    return people


def _place(preset: Preset, people: People, seed: int, *, with_a_firm: NDArray[np.bool_]) -> None:
    """Give people a firm by the shares of the others, or none, a mood there, and what is left of its lock-in."""
    shares = np.array([firm.share for firm in preset.firms[1:]])
    without = 1.0 - preset.firms[0].share - shares.sum()
    edges = np.cumsum(np.append(shares, without))
    edges /= edges[-1]
    served = edges[-2] if len(shares) else 1.0  # in a monopoly who is not ours has no service
    drawn = _drawn(people["key"], seed, "firm") * np.where(with_a_firm, served, 1.0)
    people["firm"] = 1 + np.minimum(np.searchsorted(edges, drawn, side="right"), len(shares))
    lock = np.array([firm.lock_months for firm in preset.firms] + [0])[people["firm"]]
    people["lock_end_day"] = 30.4 * lock * (2 * _drawn(people["key"], seed, "bound") - 1)
    people["mood_elsewhere"] = np.clip(0.3 * _centred(people["key"], seed, "mood elsewhere"), -1, 1)


def _draw_hidden(people: People, rules: Rules, seed: int) -> None:
    """Tastes, temperament, moods: keyed by the person, so the same for every policy."""
    keys, p = people["key"], rules.plain()
    unseen = np.isnan(people["usage"])
    seen_need = np.where(unseen, 1.0, people["usage"]) * people["package"]
    people["need"] = np.clip(seen_need + p.need_spread * _centred(keys, seed, "need"), 0.3, 2.0)
    people["price_taste"] = np.maximum(
        p.price_taste + p.price_taste_spread * _centred(keys, seed, "price"), 0.2
    )
    people["quality_taste"] = np.maximum(
        p.quality_taste + p.quality_taste_spread * _centred(keys, seed, "quality"), 0.1
    )
    people["voice"] = _drawn(keys, seed, "voice")
    people["assertive"] = _drawn(keys, seed, "assertive")
    people["satisfaction"] = np.clip(
        p.usual_satisfaction + p.mood_start_spread * _centred(keys, seed, "satisfaction"), -1, 1
    )
    people["trust"] = np.clip(p.usual_trust + p.mood_start_spread * _centred(keys, seed, "trust"), -1, 1)
    people["attention"] = 0.5 * _drawn(keys, seed, "attention")
    people["reference"] = 1.0
    by_contract = np.array([p.commitment_month_to_month, p.commitment_one_year, p.commitment_two_years])
    people["commitment"] = by_contract[people["contract"]] + p.commitment_spread * _centred(
        keys, seed, "commitment"
    )
    people["usage"][unseen] = (np.minimum(people["need"] / people["package"], 1.3) * 0.95)[unseen]
    people["usage_before"][unseen] = people["usage"][unseen]
