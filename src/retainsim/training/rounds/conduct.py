"""
How somebody looked after a book: promises, who was forgotten, whose signs were read, and whether time followed value.

Everything is read from what was known and done, nothing from the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.policies.early_warning import EarlyWarning, risk_points
from retainsdk.policies.reading import is_customer, known_or, share_of_fee
from retainsim.training.rounds.law import Word
from retainsim.training.rounds.office import Done, Office, keeps
from retainsim.training.rounds.play import Play
from retainsim.training.rounds.setting import WEEKS
from retainsim.training.rounds.step import NOTICE

SILENCE = 90
"""Days without a word from us after which somebody is forgotten."""
_NEW = 3
"""Months for which somebody is new: he cannot be forgotten yet."""
_EVEN, _SPAN = 0.25, 0.5
"""Of the rank by value of those who got our time: a quarter of the way up counts nothing, three quarters all."""
_NOTICE_COUNTS = 0.5
"""A promise put off with notice counts half of one that is kept."""


class Line(StrEnum):
    """What is looked at."""

    PROMISES = "promises"
    """Promises that fell due: kept, or put off with notice [A5 C4]."""
    FORGOTTEN = "forgotten"
    """Customers who at the end have not heard from us for long [A2]."""
    BY_VALUE = "by_value"
    """Whether time went to those who are worth most [C5]."""
    SIGNS = "signs"
    """Customers whose signs added up to a risk, and who were seen to in that month [D2]."""


@attrs.frozen(kw_only=True)
class Finding:
    """
    One line of how a book was looked after.

    Attributes:
        line: What was looked at.
        points: 0 to 1; none where there was nothing to look at.
        count: In how many cases it was as it should be; of `BY_VALUE` the mean rank by value, in percent.
        of: Of how many; of `BY_VALUE` 100.
        customers: Whom it concerns: promises neither kept nor put off, the forgotten, signs not seen to.
    """

    line: Line
    points: float | None
    count: int
    of: int
    customers: tuple[int, ...] = ()


@attrs.frozen(kw_only=True)
class Promise:
    """
    A promise that fell due.

    Attributes:
        round: In which, from 1.
        customer: Whose.
        word: What was done about it.
    """

    round: int
    customer: int
    word: Word


@attrs.frozen(kw_only=True)
class Conduct:
    """
    How a book was looked after.

    Attributes:
        findings: Line by line.
        promises: That fell due, in order.
        minutes: Spent on what was planned.
        hours: There were.
    """

    findings: tuple[Finding, ...]
    promises: tuple[Promise, ...]
    minutes: int
    hours: int


def conduct(play: Play) -> Conduct:
    """How the rounds of a play were gone about, as far as they are over."""
    office = Office(play.office.market)
    promises: list[Promise] = []
    minutes: dict[int, int] = {}
    seen, shown = 0, 0
    unseen: list[int] = []
    for number, done in enumerate(play.past, start=1):
        promises += _promises(office, done, number)
        for step, took in office.minutes(done):
            minutes[step.customer] = minutes.get(step.customer, 0) + took
        at_risk, tended = _at_risk(office), _tended(done)
        shown += len(at_risk)
        seen += len(at_risk & tended)
        unseen += sorted(at_risk - tended)
        office.live(done)
    kept = [it.word is Word.KEPT for it in promises]
    noticed = [it.word is Word.NOTICE for it in promises]
    broken = tuple(it.customer for it in promises if it.word is Word.NEGLECTED)
    points = (sum(kept) + _NOTICE_COUNTS * sum(noticed)) / len(kept) if kept else None
    findings = (
        Finding(line=Line.PROMISES, points=points, count=sum(kept), of=len(kept), customers=broken),
        _forgotten(office),
        _by_value(office, minutes),
        Finding(
            line=Line.SIGNS,
            points=seen / shown if shown else None,
            count=seen,
            of=shown,
            customers=tuple(dict.fromkeys(unseen)),
        ),
    )
    return Conduct(
        findings=findings,
        promises=tuple(promises),
        minutes=sum(minutes.values()),
        hours=play.setting.hours * WEEKS * len(play.past),
    )


def _promises(office: Office, done: Done, number: int) -> list[Promise]:
    due = {it.customer: it.week for it in office.due}
    words = dict.fromkeys(due, Word.NEGLECTED)
    for week, steps in enumerate(done.steps):
        for step in steps:
            if keeps(step, week, due):
                words[step.customer] = Word.KEPT
            elif step.action == NOTICE and week <= due.get(step.customer, -1):
                words[step.customer] = Word.NOTICE
    return [Promise(round=number, customer=customer, word=word) for customer, word in words.items()]


def _tended(done: Done) -> set[int]:
    """For whom something was done in a month, or who was talked with."""
    talked = {number for number, moves in done.answers.items() if len(moves) > 1}
    return talked | {step.customer for steps in done.steps for step in steps}


def _at_risk(office: Office) -> set[int]:
    risky = is_customer(office.view) & (risk_points(office.view).sum(axis=0) >= EarlyWarning().threshold)
    return set(_numbers(office, risky))


def _forgotten(office: Office) -> Finding:
    ours = is_customer(office.view)
    heard = known_or(office.view, "days_since_contact", SILENCE + 1) <= SILENCE
    silent = ours & ~heard & (office.view.tenure_months >= _NEW)
    of, forgotten = int(ours.sum()), _numbers(office, silent)
    return Finding(
        line=Line.FORGOTTEN,
        points=1 - len(forgotten) / of if of else None,
        count=of - len(forgotten),
        of=of,
        customers=tuple(forgotten),
    )


def _by_value(office: Office, minutes: dict[int, int]) -> Finding:
    """How high by value those stand who got our time, weighted by it; half way up is even-handed."""
    total = sum(minutes.values())
    if not total:
        return Finding(line=Line.BY_VALUE, points=None, count=0, of=100)
    fees = share_of_fee(office.view, 1.0)[[office.row(it) for it in range(1, len(office.roster) + 1)]]
    rank = fees.argsort(kind="stable").argsort(kind="stable") / max(len(fees) - 1, 1)
    mean = sum(rank[customer - 1] * took for customer, took in minutes.items()) / total
    points = float(np.clip((mean - _EVEN) / _SPAN, 0, 1))
    return Finding(line=Line.BY_VALUE, points=points, count=round(100 * mean), of=100)


def _numbers(office: Office, where: NDArray[np.bool_]) -> Sequence[int]:
    keys = set(office.view.relationship[where].tolist())
    return [number for number, key in enumerate(office.roster, start=1) if key in keys]
