"""Promises: what falls due is kept, put off with notice, kept late without a word, or broken."""

from __future__ import annotations

from retainsim.market import purposes as for_
from retainsim.market.law.arithmetic import clamp, one_more
from retainsim.market.law.complaints import settle_complaint
from retainsim.market.law.names import (
    BROKEN,
    KEPT,
    LATE,
    PROGRESS_REPORT,
    WARNED,
    Luck,
    MonthRow,
    Parameters,
    Tally,
)
from retainsim.market.law.staff import reliability_of
from retainsim.market.person import NEVER, Person
from retainsim.market.streams import drawn, rule


@rule
def promise(c: Person, day: int, luck: Luck, p: Parameters) -> None:
    """A complaint is answered by a promise with a date [A5 C8]; one is open at a time."""
    if c.promise_due_day == NEVER:
        c.promise_due_day = day + 3 + int(p.promise_days * drawn(luck, for_.PROMISE_DUE))


@rule
def promise_by(c: Person, day: int) -> None:
    """A promise with a day of the representative's own choosing [A5]."""
    if c.promise_due_day == NEVER:
        c.promise_due_day = day


@rule
def promise_delivery(c: Person, day: int, luck: Luck, p: Parameters) -> None:
    """Work promised for a day: like a promised call, but due later [A5 C4]."""
    promise(c, day + int(p.delivery_days), luck, p)


@rule
def settle_promise(c: Person, deed: int, w: MonthRow, luck: Luck, p: Parameters, tally: Tally) -> None:
    """
    What falls due is kept, put off with notice, kept late without a word, or broken [A5 C4].

    A broken promise costs about twice what a kept one gives; late without notice costs less, with notice little. The
    book counts what was late without notice as broken, though the work is done.
    """
    if c.promise_due_day == NEVER or c.promise_due_day >= w.next_day:
        return
    cared_for = deed == PROGRESS_REPORT
    usual = p.reliability_cared if cared_for else p.reliability
    warning = p.warning_cared if cared_for else p.warning
    if drawn(luck, for_.PROMISE) < reliability_of(c, usual, w, p):
        c.promise_due_day = NEVER
        c.promises_kept = one_more(c.promises_kept)
        c.trust = clamp(c.trust + p.promise_kept * (1.0 - c.trust), -1.0, 1.0)
        if c.complaints_open > 0:
            settle_complaint(c, p)
        tally[KEPT] += 1
    elif drawn(luck, for_.WARNING) < warning:
        c.promise_due_day = w.next_day + int(20.0 * drawn(luck, for_.NEW_DUE))
        c.promises_warned = one_more(c.promises_warned)
        c.trust = clamp(c.trust - p.promise_warned * (1.0 + c.trust), -1.0, 1.0)
        tally[WARNED] += 1
    elif drawn(luck, for_.LATENESS) < p.late:
        c.promise_due_day = NEVER
        c.promises_broken = one_more(c.promises_broken)
        c.trust = clamp(c.trust - p.promise_late * (1.0 + c.trust), -1.0, 1.0)
        c.satisfaction = clamp(c.satisfaction - p.promise_late_hit, -1.0, 1.0)
        if c.complaints_open > 0:
            settle_complaint(c, p)
        tally[LATE] += 1
    else:
        c.promise_due_day = NEVER
        c.promises_broken = one_more(c.promises_broken)
        c.trust = clamp(c.trust - p.promise_broken * (1.0 + c.trust), -1.0, 1.0)
        c.satisfaction = clamp(c.satisfaction - p.promise_broken_hit, -1.0, 1.0)
        c.hurt = clamp(c.hurt + p.promise_broken_hit, 0.0, 1.0)
        tally[BROKEN] += 1
