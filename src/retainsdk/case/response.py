"""
The answer a customer waits for: owed exactly as long as the last word in a case is his.

A clock that runs on after our answer escalates what is done; one that forgets his second message leaves him waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from retainsdk.case.case import Case
from retainsdk.events import InteractionRecorded
from retainsdk.record import Timeline
from retainsdk.vocabulary import Direction, Side


def response_owed_since(case: Case, timeline: Timeline) -> datetime | None:
    """
    Since when a customer waits for our answer in a case; none when the last word is ours.

    His word is the opening or reopening of the case, and every message of substance he sends in it. Ours is what a
    person of ours writes to him in it, a talk with both speaking, whoever began, and the settlement. An automatic
    confirmation answers nothing, and he waits from the first of his messages that nobody answered.

    Args:
        case: Which.
        timeline: Of its relationship.
    """
    if case.merged_into is not None:
        return None  # the one that goes on owes it
    said = (
        (at, turn)
        for at, what in timeline.of(InteractionRecorded)
        if what.case in case.numbers and (turn := _turn(what)) is not None
    )
    return _waiting_since([*case.turns, *said])


def message_owed_since(timeline: Timeline) -> datetime | None:
    """Since when a customer waits for our answer to what he wrote outside of any case; none when the last word is ours."""
    return _waiting_since(
        (at, turn)
        for at, what in timeline.of(InteractionRecorded)
        if what.case is None and (turn := _turn(what)) is not None
    )


def _waiting_since(turns: Iterable[tuple[datetime, Side]]) -> datetime | None:
    waiting: datetime | None = None
    for at, turn in sorted(turns, key=lambda it: it[0]):
        if turn is Side.CUSTOMER:
            waiting = None
        elif waiting is None:
            waiting = at
    return waiting


def _turn(said: InteractionRecorded) -> Side | None:
    if not said.substantive:
        return None
    if said.is_talk:
        return Side.CUSTOMER
    if said.direction is Direction.INBOUND:
        return Side.US
    return Side.CUSTOMER if said.human else None
