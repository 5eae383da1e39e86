"""
Who lives in a market: our customers, drawn from a book's view or from a preset, and the people elsewhere.

What a view knows is taken from it; what only the world knows (tastes, temperament, moods) is drawn, keyed by the
person, from the preset's parameters. People live in circles: a household, in which one customer of ours and people
elsewhere tell each other of us. The population is drawn village by village, so that little memory is needed
beside it, and no circle reaches beyond its village: whoever splits a market splits it between villages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import RetainError
from retainsdk.view import CONSENT_PURPOSES, BookView, Kind, Origin, Stage
from retainsim.market.law import CONTRACT_DAYS, FOUNDED, usual_share_made
from retainsim.market.law.buying import DAYS_A_MONTH, LAPSED_AFTER, MOST_VISITS
from retainsim.market.person import (
    FURTHEST_DAY,
    NEVER,
    NO_TREND,
    OURS,
    ROW_DTYPE,
    Contact,
    ContractKind,
    Modifier,
    People,
    figures,
    keep,
    nobody,
    room_for,
    whole,
)
from retainsim.market.preset import Preset, Rules
from retainsim.market.purposes import POPULATION
from retainsim.market.streams import key_of, spread, uniforms

ALL_BUT_MARKETING = sum(
    1 << place for place, purpose in enumerate(CONSENT_PURPOSES) if purpose != "marketing"
)
VILLAGE = 1024
"""Customers of ours in a village, with their share of the people elsewhere."""
CIRCLES = (0.29, 0.35, 0.15, 0.12, 0.06, 0.03)
"""Shares of circles of one person, two, up to six: households, in the order of magnitude of official statistics."""
_YEAR = 12
_DUE_SOON, _DUE_LATER = 15, 45
"""Days until a promise falls due of which a view says only that it does soon, or not."""
_MOST_MONTHS = 30_000
_MOST_USED = 1.27


class NoCustomersError(RetainError, ValueError):
    """A market was asked for that nobody lives in."""

    def __str__(self) -> str:
        return "The view holds nobody who is a customer on that day. Choose an earlier or later day, or import customers."


def refuse_nobody(view: BookView | None) -> None:
    """
    Refuse a view without customers.

    Raises:
        NoCustomersError: When it holds none.
    """
    if view is not None and not _is_served(view).any():
        raise NoCustomersError


def villages_of(customers: int) -> range:
    """The villages in which so many customers of ours live."""
    return range(-(-customers // VILLAGE))


def draw_people(
    preset: Preset,
    rules: Rules,
    *,
    customers: int,
    seed: int,
    view: BookView | None,
    villages: range | None = None,
) -> People:
    """
    The people of one world, circle by circle.

    Args:
        preset: Shares of the firms and, without a view, the marginals of customers.
        rules: Parameters of the world.
        customers: Ours at the start.
        seed: Of the world.
        view: Whom to draw ours from: without replacement while it lasts, then again as other people.
        villages: Some of `villages_of` the customers, one after the other; all of them if none are given.

    Raises:
        NoCustomersError: When the view holds no customer.
    """
    refuse_nobody(view)
    villages = villages_of(customers) if villages is None else villages
    source: _Source = (
        _Marginals(preset=preset, seed=seed) if view is None else _Shown.of(preset, view, customers, seed)
    )
    share = preset.firms[0].share
    n_strangers = max(round(customers * (1 - share) / share) - source.n_former, 0)
    begin, end = (min(it * VILLAGE, customers) for it in (villages.start, villages.stop))
    lived_in = (
        end
        - begin
        + sum(n * end // customers - n * begin // customers for n in (source.n_former, n_strangers))
    )
    people, at = room_for(lived_in), 0
    for first in range(begin, end, VILLAGE):
        last = min(first + VILLAGE, end)
        ours = source.ours(first, last)
        former = source.former(*(source.n_former * it // customers for it in (first, last)))
        strangers = _strangers(
            preset, ours.people, seed, *(n_strangers * it // customers for it in (first, last))
        )
        village = _joined(ours, former, strangers)
        _draw_hidden(village, rules, seed)
        if not preset.contractual:
            _draw_custom(village.people, rules, seed)
        placed = _in_circles(village.people, len(ours.people), seed)
        whole(people)[at : at + len(placed)] = whole(placed)
        at += len(village.people)
    return people


@attrs.frozen
class _Drawn:
    """
    People, and whether their use of the service was seen or is still to be drawn.

    Attributes:
        people: What is known of them.
        seen: One flag a person.
    """

    people: People
    seen: NDArray[np.bool_]


class _Source(Protocol):
    """Where our customers come from, those of today and those of before."""

    @property
    def n_former(self) -> int:
        """How many former ones there are."""

    def ours(self, first: int, last: int) -> _Drawn:
        """Our customers from one number to another."""

    def former(self, first: int, last: int) -> _Drawn:
        """Former ones, likewise."""


def _joined(*parts: _Drawn) -> _Drawn:
    people = np.concatenate([whole(part.people) for part in parts]).view(ROW_DTYPE)
    return _Drawn(people, np.concatenate([part.seen for part in parts]))


def _drawn(keys: NDArray[np.uint64], seed: int, what: str) -> NDArray[np.float64]:
    return uniforms(keys, key_of("population", seed, what), POPULATION)


def _centred(keys: NDArray[np.uint64], seed: int, what: str) -> NDArray[np.float64]:
    return 3.4641016151377544 * (_drawn(keys, seed, what) - 0.5)


def _numbered(seed: int, label: str, first: int, last: int) -> NDArray[np.uint64]:
    return spread(np.arange(first, last, dtype=np.uint64), np.uint64(key_of("people", seed, label)))


# circles


def _in_circles(people: People, n_ours: int, seed: int) -> People:
    """
    The same people, circle by circle: each of ours with as many others as his circle has room for.

    The others left over have circles of their own.
    """
    n_others = len(people) - n_ours
    keys = people["key"]
    others = n_ours + np.argsort(_drawn(keys[n_ours:], seed, "place"), kind="stable")
    with_ours = _shared_out(_circle_sizes(keys[:n_ours], seed) - 1, n_others)
    left = others[with_ours.sum() :]
    alone = _shared_out(_circle_sizes(keys[left], seed), len(left))
    sizes = np.concatenate([1 + with_ours, alone[alone > 0]])
    starts = np.cumsum(sizes) - sizes
    order = np.empty(len(people), dtype=np.intp)
    is_other = np.ones(len(people), dtype=np.bool_)
    is_other[starts[:n_ours]] = False
    order[~is_other], order[is_other] = np.arange(n_ours), others
    placed = whole(people)[order].view(ROW_DTYPE)
    placed["circle"] = np.repeat(sizes, sizes)
    placed["member"] = np.arange(len(people)) - np.repeat(starts, sizes)
    return placed


def _circle_sizes(keys: NDArray[np.uint64], seed: int) -> NDArray[np.intp]:
    return 1 + np.minimum(
        np.searchsorted(np.cumsum(CIRCLES), _drawn(keys, seed, "circle"), side="right"), len(CIRCLES) - 1
    )


def _shared_out(wanted: NDArray[np.intp], available: int) -> NDArray[np.intp]:
    """What each gets when one after the other takes what he wants, until nothing is left."""
    return np.diff(np.minimum(np.cumsum(wanted), available), prepend=0)


# from the preset


@attrs.frozen(kw_only=True)
class _Marginals:
    """Customers drawn from the preset's marginals; there are no former ones."""

    preset: Preset
    seed: int
    n_former: int = 0

    def ours(self, first: int, last: int) -> _Drawn:
        seed, marginals = self.seed, self.preset.customers
        people = nobody(last - first)
        keys = people["key"] = _numbered(seed, "ours", first, last)
        kind = _drawn(keys, seed, "contract")
        monthly, yearly = marginals["month_to_month"], marginals["one_year"]
        contract = np.where(kind < monthly, 0, np.where(kind < monthly + yearly, 1, 2))
        people["firm"], people["begun"] = OURS, 1
        people["contract"] = people["cohort"] = contract
        mean_tenure = np.array(marginals["mean_tenure"])[contract]
        people["tenure"] = 1 + 2 * mean_tenure * _drawn(keys, seed, "tenure")
        mean_fee = np.array(marginals["mean_fee"])
        people["monthly_fee"] = mean_fee[contract] * (0.4 + 1.2 * _drawn(keys, seed, "fee"))
        people["lock_end_day"] = _days_to_term_end(people, seed)
        people["senior"] = _drawn(keys, seed, "senior") < marginals["senior"]
        people["household_size"] = 1 + (_drawn(keys, seed, "household") < marginals["household"])
        _draw_kinds(people, marginals, seed)
        people["products"] = 1 + 6 * _drawn(keys, seed, "products")
        people["origin"] = Origin.CAMPAIGN
        people["value_to_date"] = people["monthly_fee"].astype(np.int64) * people["tenure"]
        agreed = _drawn(keys, seed, "consent") < marginals["marketing_consent"]
        people["consent"] = ALL_BUT_MARKETING + agreed * (1 << CONSENT_PURPOSES.index("marketing"))
        keep(people, "package", _usual_package(people["monthly_fee"], usual_fee(self.preset, None)))
        return _Drawn(people, np.zeros(len(people), dtype=np.bool_))

    def former(self, first: int, last: int) -> _Drawn:
        return _Drawn(nobody(last - first), np.zeros(last - first, dtype=np.bool_))


def usual_fee(preset: Preset, view: BookView | None) -> float:
    """What customers pay a month on average: those of a view, or of the preset's marginals."""
    if view is not None:
        return float(view.monthly_fee[_is_served(view)].mean())
    monthly, yearly = preset.customers["month_to_month"], preset.customers["one_year"]
    return float(np.dot((monthly, yearly, 1 - monthly - yearly), preset.customers["mean_fee"]))


def _draw_kinds(people: People, marginals: Mapping[str, float], seed: int) -> None:
    """Who lives with others may be a customer together with them; of an organisation nobody asks its age."""
    keys = people["key"]
    together = _drawn(keys, seed, "together") < marginals.get("households", 0.0)
    people["kind"] = np.where(together & (people["household_size"] > 1), Kind.HOUSEHOLD, Kind.PERSON)
    is_firm = _drawn(keys, seed, "organisation") < marginals.get("organisations", 0.0)
    people["kind"][is_firm] = Kind.ORGANISATION
    for name in ("senior", "household_size"):
        people[name][is_firm] = -1


def _days_to_term_end(people: People, seed: int) -> NDArray[np.float64]:
    """Of contracts whose age within their term nobody knows: all ages are alike."""
    days = np.array(CONTRACT_DAYS)[people["contract"]]
    return np.where(days > 0, 1 + days * _drawn(people["key"], seed, "lock-in"), 0)


def _usual_package(fee: NDArray[np.int32], usual: float) -> NDArray[np.float64]:
    """A book that does not measure use still has fees: who pays the usual fee has the usual package."""
    return np.clip(0.3 + 0.7 * fee / max(usual, 1.0), 0.4, 1.6)


# from a view


@attrs.frozen(kw_only=True)
class _Shown:
    """Customers of a view: without replacement while they last, then the same again under other keys."""

    preset: Preset
    view: BookView
    seed: int
    served: NDArray[np.intp]
    left: NDArray[np.intp]
    n_former: int
    usual_fee: float

    @classmethod
    def of(cls, preset: Preset, view: BookView, customers: int, seed: int) -> _Shown:
        served, left = np.flatnonzero(_is_served(view)), np.flatnonzero(view.stage == Stage.FORMER)
        in_order = (
            rows[np.argsort(_drawn(view.relationship[rows], seed, "order"), kind="stable")]
            for rows in (served, left)
        )
        return cls(
            preset=preset,
            view=view,
            seed=seed,
            served=next(in_order),
            left=next(in_order),
            n_former=round(customers * len(left) / len(served)),
            usual_fee=usual_fee(preset, view),
        )

    def ours(self, first: int, last: int) -> _Drawn:
        view = self.view
        drawn, source = self._copied(self.served, first, last)
        people = drawn.people
        people["firm"] = OURS
        people["cohort"] = people["contract"]
        people["ended_well"] = 0
        people["discount"] = view.discount[source]
        people["discount_until"] = np.where(people["discount"] > 0, 12, 0)
        known_end = view.known("days_to_term_end")[source]
        end = np.maximum(view.days_to_term_end[source], view.days_to_lock_in_end[source])
        bound = people["contract"] != ContractKind.MONTH_TO_MONTH
        days = np.where(bound & known_end, _near(end), _days_to_term_end(people, self.seed))
        people["lock_end_day"] = days
        return drawn

    def former(self, first: int, last: int) -> _Drawn:
        view = self.view
        drawn, source = self._copied(self.left, first, last)
        people = drawn.people
        known_end = view.known("competitor_lock_in_days")[source]
        _place(self.preset, people, self.seed, with_a_firm=known_end)
        people["lock_end_day"][known_end] = _near(view.competitor_lock_in_days[source][known_end])
        return drawn

    def _copied(self, order: NDArray[np.intp], first: int, last: int) -> tuple[_Drawn, NDArray[np.intp]]:
        view, people, numbers = self.view, nobody(last - first), np.arange(first, last)
        source = order[numbers % max(len(order), 1)] if last > first else order[:0]
        keys, again = view.relationship[source], numbers // max(len(order), 1)
        others = spread(keys, np.uint64(key_of("copy", self.seed)) + again.astype(np.uint64))
        people["key"] = np.where(again > 0, others, keys)
        people["begun"] = 1
        for name in ("monthly_fee", "products", "kind", "value_to_date", "concession_cost", "promises_kept",
                     "promises_warned", "promises_broken", "complaints", "complaints_open", "threats", "offers_made",
                     "offers_accepted", "contacts_recent", "signals_recent"):  # fmt: skip
            keep(people, name, getattr(view, name)[source])
        keep(people, "tenure", np.minimum(view.tenure_months[source], _MOST_MONTHS))
        people["contract"] = np.where(
            view.term_months[source] == 0, 0, np.where(view.term_months[source] <= _YEAR, 1, 2)
        )
        for name in ("senior", "household_size", "origin", "stated_reason"):
            keep(people, name, np.where(view.known(name)[source], getattr(view, name)[source], -1))
        seen = view.known("usage")[source]
        keep(people, "usage", np.where(seen, np.minimum(view.usage[source], _MOST_USED), 0))
        compared = seen & view.known("usage_trend")[source]
        before = figures(people, "usage") - view.usage_trend[source]
        compared &= (before >= 0) & (before <= _MOST_USED)
        keep(people, "usage_trend", np.where(compared, view.usage_trend[source], 0.01 * NO_TREND))
        scored = view.known("survey_score")[source]
        keep(people, "survey_score", np.where(scored, view.survey_score[source], 0))
        people["ended_well"] = view.known("ended_well")[source] & view.ended_well[source]
        for name, age, is_known in (
            ("contact_day", "days_since_contact", view.known("days_since_contact")[source]),
            ("survey_day", "survey_age_days", view.known("survey_age_days")[source] & scored),
            ("left_day", "days_since_end", view.known("days_since_end")[source]),
        ):
            people[name] = np.where(is_known, _near(-getattr(view, age)[source]), people[name])
        due = np.where(view.promises_due[source] > 0, _DUE_SOON, _DUE_LATER)
        people["promise_due_day"] = np.where(view.promises_open[source] > 0, due, NEVER)
        for place, purpose in enumerate(CONSENT_PURPOSES):
            people["consent"] |= getattr(view, f"consent_{purpose}")[source].astype(np.int8) << np.int8(place)
        if view.known("champion_present")[source].any():
            people["committee"] = np.where(
                view.known("champion_present")[source],
                view.champion_present[source] * Contact.CHAMPION
                | (view.deciders_known[source] > 0) * Contact.DECIDER
                | (view.contacts_known[source] > 2) * Contact.USER,  # noqa: PLR2004 - besides those two
                0,
            )
        if not self.preset.contractual:
            self._add_custom(people, source)
        keep(people, "package", _usual_package(people["monthly_fee"], self.usual_fee))
        return _Drawn(people, seen), source

    def _add_custom(self, people: People, source: NDArray[np.intp]) -> None:
        """Without a contract there is no fee: what was spent a month so far, and how often he came."""
        view, mean = self.view, self.preset.customers["mean_fee"][0]
        spent = view.value_to_date[source] / np.maximum(view.tenure_months[source], 1)
        none = people["monthly_fee"] == 0
        keep(people, "monthly_fee", np.where(none, np.where(spent > 0, spent, mean), people["monthly_fee"]))
        often = np.where(view.known("visits_90")[source], view.visits_90[source] / 3, 0.0)
        keep(people, "rate", often)


def _is_served(view: BookView) -> NDArray[np.bool_]:
    return np.isin(view.stage, (Stage.ONBOARDING, Stage.ACTIVE, Stage.ENDING))


def _near(days: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.clip(days, -FURTHEST_DAY, FURTHEST_DAY))


# elsewhere


def _strangers(preset: Preset, ours: People, seed: int, first: int, last: int) -> _Drawn:
    """People of the village who never were ours: like our customers in what they need, but with another firm or none."""
    people = nobody(last - first)
    keys = people["key"] = _numbered(seed, "elsewhere", first, last)
    alike = (_drawn(keys, seed, "alike") * len(ours)).astype(np.intp)
    for name in ("monthly_fee", "products", "kind", "senior", "household_size", "package", "consent"):
        people[name] = ours[name][alike]
    _place(preset, people, seed, with_a_firm=np.zeros(len(people), dtype=np.bool_))
    return _Drawn(people, np.zeros(len(people), dtype=np.bool_))


def _place(preset: Preset, people: People, seed: int, *, with_a_firm: NDArray[np.bool_]) -> None:
    """Give people a firm by the shares of the others, or none, and what is left of its lock-in."""
    shares = np.array([firm.share for firm in preset.firms[1:]])
    without = 1.0 - preset.firms[0].share - shares.sum()
    edges = np.cumsum(np.append(shares, without))
    edges /= edges[-1]
    served = edges[-2] if len(shares) else 1.0  # in a monopoly who is not ours has no service
    drawn = _drawn(people["key"], seed, "firm") * np.where(with_a_firm, served, 1.0)
    people["firm"] = 1 + np.minimum(np.searchsorted(edges, drawn, side="right"), len(shares))
    lock = np.array([firm.lock_months for firm in preset.firms] + [0])[people["firm"]]
    bound = 30.4 * lock * (2 * _drawn(people["key"], seed, "bound") - 1)
    people["lock_end_day"] = np.where(people["firm"] <= len(shares), bound, NEVER)


# customers without a contract


def _draw_custom(people: People, rules: Rules, seed: int) -> None:
    """How often people shop, and when those who are ours did last: nobody begins by having lapsed."""
    p, keys = rules.plain(), people["key"]
    unknown = people["rate"] == 0
    rate = p.visit_rate * _gamma(keys, seed, "rate", p.visit_shape)
    keep(people, "rate", np.where(unknown, np.maximum(rate, 0.05), figures(people, "rate")))
    often = figures(people, "rate")
    both = people["modifiers"] & Modifier.CAT_AND_DOG > 0
    usual = 1.0 + p.cats_and_dogs * (p.both_basket - 1.0)  # so that the mean stays what the preset says
    spent = people["monthly_fee"] * often / p.visit_rate * np.where(both, p.both_basket, 1.0) / usual
    people["monthly_fee"] = np.where(unknown, np.maximum(spent, 1), people["monthly_fee"])
    people["value_to_date"] = np.where(
        unknown & (people["begun"] > 0),
        people["monthly_fee"].astype(np.int64) * people["tenure"],
        people["value_to_date"],
    )
    keep(people, "package", 1.0)
    people["need"] = np.clip(1.0 + p.need_spread * _centred(keys, seed, "need"), 0.3, 2.0)
    been, gap = people["begun"] > 0, DAYS_A_MONTH / (often * usual_share_made(p))
    counts = [
        np.minimum(DAYS_A_MONTH / gap + _drawn(keys, seed, f"visits {ago}"), MOST_VISITS).astype(np.int64)
        for ago in range(3)
    ]
    lot, never = _drawn(keys, seed, "last visit"), np.ones(len(people), dtype=np.bool_)
    since = np.zeros(len(people), dtype=np.int64)
    for ago, count in enumerate(counts):
        last = _LATEST[ago] + (_SPAN * lot / np.maximum(count, 1)).astype(np.int64)
        since = np.where(never & (count > 0), last, since)
        never &= count == 0
    longest = np.maximum(LAPSED_AFTER * gap - 1, 92)
    since = np.where(never, 91 + (longest - 91) * _drawn(keys, seed, "long ago"), since)
    people["visits"] = np.where(been, counts[0] | counts[1] << 5 | counts[2] << 10, 0)
    people["visit_day"] = np.where(been, -since, NEVER)


_LATEST, _SPAN = (1, 32, 63), 24
"""Days ago: whatever the lengths of the months, so many from each of these lie in one of the last three, and not in its first days."""


def _gamma(keys: NDArray[np.uint64], seed: int, what: str, shape: float) -> NDArray[np.float64]:
    """
    Gamma chance of mean 1, by the cube of Wilson & Hilferty (1931); four numbers make its normal one.

    No power or logarithm is taken, so it has the same bits everywhere.
    """
    normal = np.sqrt(3.0) * (sum(_drawn(keys, seed, f"{what} {part}") for part in range(4)) - 2.0)
    root = np.maximum(1.0 - 1.0 / (9.0 * shape) + normal / (3.0 * np.sqrt(shape)), 0.0)
    return np.asarray(root * root * root, dtype=np.float64)


# what only the world knows


def _draw_hidden(drawn: _Drawn, rules: Rules, seed: int) -> None:
    """Tastes, temperament, moods: keyed by the person, so the same for every policy."""
    people, unseen, p = drawn.people, ~drawn.seen, rules.plain()
    keys = people["key"]

    def about(mean: float, spread: float, what: str) -> NDArray[np.float64]:
        return mean + spread * _centred(keys, seed, what)

    package = figures(people, "package")
    seen_need = np.where(unseen, 1.0, figures(people, "usage")) * package
    people["need"] = np.clip(seen_need + p.need_spread * _centred(keys, seed, "need"), 0.3, 2.0)
    keep(people, "price_taste", np.maximum(about(p.price_taste, p.price_taste_spread, "price"), 0.2))
    keep(people, "quality_taste", np.maximum(about(p.quality_taste, p.quality_taste_spread, "quality"), 0.1))
    keep(people, "voice", _drawn(keys, seed, "voice"))
    keep(people, "assertive", _drawn(keys, seed, "assertive"))
    with_us = people["firm"] == OURS
    people["satisfaction"] = np.clip(
        np.where(
            with_us,
            about(p.usual_satisfaction, p.mood_start_spread, "satisfaction"),
            about(0.0, 0.3, "mood elsewhere"),
        ),
        -1,
        1,
    )
    was_ours = ~with_us & (people["begun"] > 0)
    trust = np.where(
        was_ours, about(0.0, 0.3, "goodwill"), about(p.usual_trust, p.mood_start_spread, "trust")
    )
    people["trust"] = np.clip(trust, -1, 1)
    critic, both = _drawn(keys, seed, "critic") < p.critics, _drawn(keys, seed, "pets") < p.cats_and_dogs
    people["modifiers"] = critic * Modifier.CRITIC + both * Modifier.CAT_AND_DOG
    known = (p.knows_champion, p.knows_decider, p.knows_influencer, p.knows_user, p.knows_blocker)
    committee = sum(
        (_drawn(keys, seed, f"contact {contact.name}") < share) * contact.value
        for contact, share in zip(Contact, known, strict=True)
    )
    is_account = (people["kind"] == Kind.ORGANISATION) & (people["begun"] > 0) & (people["committee"] == 0)
    people["committee"] = np.where(is_account, committee, people["committee"])
    people["attention"] = 0.5 * _drawn(keys, seed, "attention")
    people["reference"] = 1.0
    by_contract = np.array([p.commitment_month_to_month, p.commitment_one_year, p.commitment_two_years])
    keep(
        people,
        "commitment",
        by_contract[people["contract"]] + p.commitment_spread * _centred(keys, seed, "commitment"),
    )
    paid = people["value_to_date"] / np.maximum(people["monthly_fee"], 1)
    steps = (p.tier_months * 2.0**step for step in range(3))
    people["tier"] = np.where(with_us, sum((paid >= least).astype(np.int8) for least in steps), 0)
    founded = _drawn(keys, seed, "foundations") < p.foundations_laid
    people["marks"] = np.where(with_us & founded, FOUNDED, 0)
    usage = np.minimum(people["need"] / package, 1.3) * 0.95
    keep(people, "usage", np.where(unseen, usage, figures(people, "usage")))
