"""
Recurrence: a complaint that comes up again is the same complaint, and the count of it is a sign (CONCEPTS D2).

Cases that repeat each other make a chain; every one points to the first. A case that was merged away is no other
case than the one that goes on, so it counts for nothing of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import attrs

from retainsdk.case.case import Case
from retainsdk.vocabulary import CaseKind
from retainsdk.wording import plain

WINDOW = timedelta(days=90)
"""A complaint raised again within this time after the last one was settled is a repeat, unless told otherwise."""


def going_on(cases: Mapping[int, Case], number: int) -> Case:
    """The case itself or, when it was merged, the one that goes on in its place."""
    case = cases[number]
    while case.merged_into is not None:
        case = cases[case.merged_into]
    return case


def first_of(cases: Mapping[int, Case], number: int) -> Case:
    """The case with which the chain of a case began."""
    case = going_on(cases, number)
    return case if case.repeats is None else cases[case.repeats]


def chain(cases: Mapping[int, Case], number: int) -> tuple[Case, ...]:
    """The cases of one chain, by the time they came up."""
    first = first_of(cases, number)
    return tuple(
        sorted(
            (it for it in cases.values() if it.merged_into is None and first_of(cases, it.number) is first),
            key=_order,
        )
    )


def recurrences(cases: Mapping[int, Case], number: int) -> int:
    """How often the thing came up again after the first time."""
    return len(chain(cases, number)) - 1


def open_twin(cases: Mapping[int, Case], number: int) -> Case | None:
    """
    Another case of the same kind, topic and contract that waits to be settled; none when there is none.

    What comes up while one is open mostly belongs into it: whoever opens a second one should see the first.
    """
    case = cases[number]
    return next(
        (
            it
            for it in cases.values()
            if it is not case
            and it.is_open
            and (it.kind, it.contract, plain(it.topic)) == (case.kind, case.contract, plain(case.topic))
        ),
        None,
    )


def repeated_by(cases: Mapping[int, Case], topic: str, at: datetime, window: timedelta) -> Case | None:
    """
    The first of the complaints that another one repeats.

    Args:
        cases: Those of the relationship.
        topic: What the new complaint is about.
        at: When it is raised.
        window: How long after a complaint was settled it may come up again to be the same; while it is open, and
            for as long, it is so anyway, unless the window is empty.

    Returns:
        The first of its chain; none when there is nothing to repeat.
    """
    same = [
        it
        for it in cases.values()
        if it.kind is CaseKind.COMPLAINT
        and it.merged_into is None
        and plain(it.topic) == plain(topic)
        and it.opened_at <= at
        and at - min(at, it.settled_at or at) < window
    ]
    return first_of(cases, max(same, key=_order).number) if same else None


def joined(cases: Mapping[int, Case], gone: int, into: int) -> dict[int, Case]:
    """
    The cases after one was merged into another: their two chains are one, beginning with the earliest that goes on.

    Args:
        cases: As they were before.
        gone: The one merged.
        into: The one that goes on.

    Returns:
        Those that point to another first now.
    """
    together = {it.number: it for it in (*chain(cases, gone), *chain(cases, into)) if it.number != gone}
    first = min(together.values(), key=_order)
    return {
        it.number: attrs.evolve(it, repeats=None if it is first else first.number) for it in together.values()
    }


def _order(case: Case) -> tuple[datetime, int]:
    return case.opened_at, case.number
