"""Columns on who somebody is, how we stand with him, and how he left."""

from __future__ import annotations

from collections.abc import Callable

from retainsdk.account.standing import standing, tenure_months
from retainsdk.book_view.reading import Cells, Reading
from retainsdk.customer import Customer
from retainsdk.customer.fact import LANGUAGE
from retainsdk.quantities import whole_months
from retainsdk.relationship import UNASSIGNED
from retainsdk.view import named
from retainsdk.vocabulary import CONSENT_PURPOSES, Channel, Role, Severity, Stage


def _identity(it: Reading) -> Cells:
    facts = it.facts
    segment, senior, size = facts.get("segment"), facts.get("senior"), facts.get("household_size")
    born = it.customer.birthday if "birthday" in facts else None
    language = it.customer.language if LANGUAGE in facts else None
    return {
        "relationship": it.account.relationship.id,
        "kind": it.customer.kind,
        "segment": None if segment is None else named(str(segment.value)),
        "language": None if language is None else named(language),
        "senior": bool(senior.value) if senior is not None and isinstance(senior.value, int) else None,
        "household_size": int(size.value) if size is not None and isinstance(size.value, int) else None,
        "age_band": None
        if born is None or born.year is None
        else max(whole_months(born.in_year(born.year), it.today), 0) // 120,
    }


def _consents(it: Reading) -> Cells:
    return _asked_of(it.customer) if it.customer.consents or it.customer.points else _NEVER_ASKED


def _asked_of(customer: Customer) -> Cells:
    cells: Cells = {}
    for purpose in CONSENT_PURPOSES:
        cells[f"consent_{purpose}"] = customer.consents_to(purpose)
        cells[f"channels_{purpose}"] = sum(
            1 << channel for channel in Channel if customer.may_be_contacted(purpose, channel)
        )
    return cells


_EVERYWHERE = (1 << len(Channel)) - 1
_NEVER_ASKED: Cells = {
    name: value
    for purpose in CONSENT_PURPOSES
    for name, value in (
        (f"consent_{purpose}", purpose != "marketing"),
        (f"channels_{purpose}", 0 if purpose == "marketing" else _EVERYWHERE),
    )
}


def _people(it: Reading) -> Cells:
    if not it.customer.affiliations:
        return _NOBODY
    there = it.customer.affiliated(it.as_of)
    return {
        "contacts_known": len({one.person for one in there}),
        "deciders_known": len({one.person for one in there if one.role is Role.DECIDES}),
        "champion_present": it.customer.has_champion(it.as_of),
    }


_NOBODY: Cells = {"contacts_known": None, "deciders_known": None, "champion_present": None}


def _relationship(it: Reading) -> Cells:
    relationship = it.account.relationship
    return {
        "stage": relationship.stage,
        "owner": None if relationship.owner == UNASSIGNED else named(relationship.owner),
        "potential_class": relationship.potential,
        "tenure_months": tenure_months(it.account, it.as_of, it.ledger.zone),
        "origin": relationship.origin,
        "referrer": relationship.referrer,
        "tier": _tier(it) if relationship.memberships else None,
    }


def _tier(it: Reading) -> int | None:
    ranks = []
    for programme in it.ledger.programmes.values():
        his = standing(it.account, programme, it.as_of, zone=it.ledger.zone, currency=it.ledger.currency)
        if his is not None:
            rules = sorted(programme.rules.tiers, key=lambda tier: tier.threshold)
            ranks.append(0 if his.tier is None else 1 + rules.index(his.tier))
    return max(ranks, default=None)


def _experiments(it: Reading) -> Cells:
    running = [one for one in it.ledger.experiments.values() if one.runs(it.today)]
    if not running:
        return _NOT_TRIED
    held_out = sum(
        1 << CONSENT_PURPOSES.index(one.purpose)
        for one in running
        if it.ledger.arm(it.account, one) == one.control
    )
    newest = max(running, key=lambda one: (one.starts_on, one.name))
    return {"arm": named(it.ledger.arm(it.account, newest)), "held_out": held_out}


_NOT_TRIED: Cells = {"arm": None, "held_out": 0}


def _end(it: Reading) -> Cells:
    relationship = it.account.relationship
    if relationship.stage is not Stage.FORMER or relationship.ended_at is None:
        return _STILL_HERE
    left = relationship.ended_at
    bound = relationship.lock_in
    friendly = [
        signal
        for signal in it.account.timeline.signals.values()
        if signal.severity is Severity.FRIENDLY and signal.raised_at >= left
    ]
    return {
        "days_since_end": it.days_since(left),
        "ended_well": relationship.ended_well,
        "competitor_lock_in_days": None if bound is None else max((bound[1].until - it.today).days, 0),
        "assessed_reason": relationship.assessed_reason,
        "goodwill_signals": len(friendly),
    }


_STILL_HERE: Cells = dict.fromkeys(
    ("days_since_end", "ended_well", "competitor_lock_in_days", "assessed_reason", "goodwill_signals")
)

THEMES: tuple[Callable[[Reading], Cells], ...] = (
    _identity,
    _consents,
    _people,
    _relationship,
    _experiments,
    _end,
)
