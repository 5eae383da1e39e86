"""Columns on contact, promises, cases, signs and what the customer says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from retainsdk.book_view.reading import Cells, Reading
from retainsdk.case import Case
from retainsdk.events import InteractionRecorded
from retainsdk.record import faded
from retainsdk.value.features import signs
from retainsdk.value.health import BEST, bare_health
from retainsdk.view import CONTACT_KINDS, CONTACT_MEMORY, CONTACT_WINDOWS, named
from retainsdk.vocabulary import (
    DEPARTMENTS,
    LIVE_CHANNELS,
    CaseKind,
    Direction,
    Reason,
    Severity,
    Side,
)

DUE_SOON = timedelta(days=30)
"""How far ahead `promises_due` looks."""


def _contact(it: Reading) -> Cells:
    if not it.met:
        return _NEVER_MET
    outbound = [day for day, what in it.met if what.direction is Direction.OUTBOUND]
    cells = _NEVER_MET | {
        "days_since_contact": it.days_since(it.account.timeline.last_contact()),
        "contacts_recent": faded(outbound, it.today, CONTACT_MEMORY),
    }
    for day, what in it.met:
        age, kind = (it.today - day).days, _kind_of(what)
        for window in CONTACT_WINDOWS:
            if age < window:
                cells[f"{kind}_{window}"] += 1
    return cells


_NEVER_MET: Cells = {
    "days_since_contact": None,
    "contacts_recent": 0.0,
    **{f"{kind}_{window}": 0 for window in CONTACT_WINDOWS for kind in CONTACT_KINDS},
}


def _kind_of(what: InteractionRecorded) -> str:
    if what.direction is Direction.OUTBOUND and not what.human:
        return "mailings"
    how = "live" if what.channel in LIVE_CHANNELS else "written"
    return f"{how}_by_{'us' if what.direction is Direction.OUTBOUND else 'customer'}"


def _promises(it: Reading) -> Cells:
    promises = [one for one in it.account.commitments.values() if one.by is Side.US]
    if not promises:
        return _NOTHING_PROMISED
    ahead = [promise for promise in promises if promise.is_open and promise.due >= it.as_of]
    return {
        "promises_open": len(ahead),
        "promises_due": sum(promise.due <= it.as_of + DUE_SOON for promise in ahead),
        "promises_kept": sum(promise.state == "kept" for promise in promises),
        "promises_on_time": sum(promise.kept_on_time for promise in promises),
        "promises_warned": sum(promise.notices for promise in promises),
        "promises_broken": sum(promise.broken_at is not None for promise in promises),
    }


_NOTHING_PROMISED: Cells = dict.fromkeys(
    (
        "promises_open",
        "promises_due",
        "promises_kept",
        "promises_on_time",
        "promises_warned",
        "promises_broken",
    ),
    0,
)


def _cases(it: Reading) -> Cells:
    cases = [case for case in it.account.cases.values() if case.merged_into is None]
    if not cases:
        return _NO_CASES
    complaints = [case for case in cases if case.kind is CaseKind.COMPLAINT]
    waiting = [case for case in cases if case.is_open]
    settled = [first for case in cases if (first := case.resolved_at_first_contact) is not None]
    return {
        "complaints_open": sum(case.is_open for case in complaints),
        "complaints": len(complaints),
        "repeat_complaints": sum(case.came_back for case in complaints),
        "cases_open": len(waiting),
        "case_age_days": it.days_since(min((case.opened_at for case in waiting), default=None)),
        "hand_overs": sum(case.hand_overs for case in cases),
        "first_contact_resolution": sum(settled) / len(settled) if settled else None,
        "threats": sum(case.kind is CaseKind.THREAT for case in cases),
    }


_NO_CASES: Cells = {
    "complaints_open": 0,
    "complaints": 0,
    "repeat_complaints": 0,
    "cases_open": 0,
    "case_age_days": None,
    "hand_overs": 0,
    "first_contact_resolution": None,
    "threats": 0,
}


def _signals(it: Reading) -> Cells:
    signals = it.account.timeline.signals.values()
    if not signals:
        return _NO_SIGNALS
    troubling = [signal for signal in signals if signal.severity is not Severity.FRIENDLY]
    days = [it.day(signal.raised_at) for signal in troubling]
    cells = _NO_SIGNALS | {"signals_recent": faded(days, it.today, CONTACT_MEMORY)}
    for signal in troubling:
        cells[f"signals_{signal.department}"] += signal.stands
    return cells


_NO_SIGNALS: Cells = {f"signals_{department}": 0 for department in DEPARTMENTS} | {"signals_recent": 0.0}


def _health(it: Reading) -> Cells:
    found = signs(it.ledger, it.account, it.ledger.catalogue, as_of=it.as_of, visits=it.visits)
    left, worst = bare_health(found, others=it.opinion.health)
    return {"health": float(left) / int(BEST), "health_reason": None if worst is None else named(worst)}


def _voice(it: Reading) -> Cells:
    survey = it.account.timeline.last_survey()
    return {
        "survey_score": None if survey is None else survey[1].score,
        "survey_age_days": None if survey is None else it.days_since(survey[0]),
        "stated_reason": _stated_reason(it.account.cases.values(), it.account.relationship.stated_reason),
    }


def _stated_reason(cases: Iterable[Case], at_exit: tuple[datetime, Reason] | None) -> Reason | None:
    stated = [(case.opened_at, case.stated_reason) for case in cases if case.stated_reason is not None]
    if at_exit is not None:
        stated.append(at_exit)
    return max(stated, key=lambda when: when[0])[1] if stated else None


THEMES: tuple[Callable[[Reading], Cells], ...] = (_contact, _promises, _cases, _signals, _health, _voice)
