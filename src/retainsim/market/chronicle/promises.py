"""Promises: made with a date, and kept, put off with notice, or broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from retainsdk.events import CommitmentBroken, CommitmentKept, CommitmentMade, DeliveredLate, LateNoticeGiven
from retainsdk.vocabulary import Promise
from retainsim.market import purposes as for_
from retainsim.market.chronicle.days import EVENING, Entry, Told, at_once
from retainsim.market.chronicle.lived import Lived
from retainsim.market.person import NEVER

COMPLAINT, WORD = "his complaint", "what he was told"
"""What a promise rests on."""
_DAYS_LATE = 2


def promised(number: int, due: datetime, what: str, basis: str) -> CommitmentMade:
    """We promise to see to something."""
    return CommitmentMade(commitment=number, kind=Promise.DELIVERY, what=what, due=due, basis=basis)


def days_promised(lived: Lived) -> int:
    """Within how many days a promise made this month falls due."""
    return 3 + int(lived.it.promise_days * lived.chance(for_.PROMISE_DUE))


def promise_by(lived: Lived, day: int, what: str, basis: str) -> Callable[[], Sequence[Told]]:
    """A promise more. Its number is taken at once: by its day it may come before the one it follows in the law."""
    dossier = lived.dossier
    dossier.promise = dossier.next_commitment()
    return at_once(dossier.us, promised(dossier.promise, lived.it.calendar.evening(day), what, basis))


def promise_due(lived: Lived) -> Iterator[Entry]:
    """What became of the promise that fell due."""
    before, mid, us = lived.before, lived.mid, lived.dossier.us
    due, number = _due_day(lived), lived.dossier.promise or 0
    if mid.promises_kept > before.promises_kept:
        lived.dossier.promise = None
        kept = CommitmentKept(commitment=number, evidence="done as promised")
        yield Entry(lived.by_last(due), at_once(us, kept))
    elif mid.promises_warned > before.promises_warned:
        put_to = lived.next + int(20.0 * lived.chance(for_.NEW_DUE))
        late = LateNoticeGiven(
            commitment=number, due=lived.it.calendar.evening(put_to), why="it takes longer"
        )
        yield Entry(lived.by_last(due), at_once(us, late))
    elif mid.promises_broken > before.promises_broken:
        lived.dossier.promise = None
        yield Entry(due, lambda: _break(lived, number), EVENING)
        if lived.chance(for_.LATENESS) < lived.it.late:  # the work is done, though nobody gave notice
            yield Entry(
                max(due, lived.by_last(due + _DAYS_LATE)), lambda: _deliver_late(lived, number), EVENING
            )


def _deliver_late(lived: Lived, number: int) -> Iterator[Told]:
    """The work is done after all, unless amends were made for it in the meantime: then it is settled."""
    if number in lived.dossier.broken:
        yield lived.dossier.us, DeliveredLate(commitment=number)


def settling_day(lived: Lived) -> int:
    """The day on which a promise was kept or broken; the first of the month when none was."""
    before, mid = lived.before, lived.mid
    if mid.promises_kept > before.promises_kept:
        return lived.by_last(_due_day(lived))
    broken = mid.promises_warned == before.promises_warned and mid.promises_broken > before.promises_broken
    return _due_day(lived) if broken else lived.first


def is_free_to_promise(lived: Lived) -> bool:
    """Whether no promise is open once this month's has been settled."""
    before, mid = lived.before, lived.mid
    ended = mid.promises_kept > before.promises_kept or mid.promises_broken > before.promises_broken
    made = before.promise_due_day != NEVER or mid.complaints > before.complaints
    return not made or bool(ended)


def _break(lived: Lived, number: int) -> Iterator[Told]:
    lived.dossier.broken.append(number)
    yield lived.dossier.us, CommitmentBroken(commitment=number)


def _due_day(lived: Lived) -> int:
    due = int(lived.before.promise_due_day)
    if due == NEVER and lived.mid.complaints > lived.before.complaints:
        due = lived.day(for_.INCIDENT_DAY) + days_promised(lived)
    return max(due, lived.first)  # what could not be settled last month is due today
