"""What may come out in a call that we begin, beside the reason: what the law holds true of him, and no card shows."""

from __future__ import annotations

from enum import StrEnum

from retainsim.market.law.names import BEREAVED, HAPPY, STRAITENED
from retainsim.market.person import Person

FELT = 0.1
"""Less hurt than this is forgotten when somebody asks."""


class Fact(StrEnum):
    """Something a customer tells who is asked well."""

    HAPPY_EVENT = "happy_event"
    """A wedding or a birth, not long ago [C6]."""
    BEREAVEMENT = "bereavement"
    """A death, not long ago [C3]."""
    HARD_TIMES = "hard_times"
    """Money is short of late [C3]."""
    UNSAID_FAILURE = "unsaid_failure"
    """A failure that he kept to himself [C1 D3]."""


_EVENTS = {HAPPY: Fact.HAPPY_EVENT, BEREAVED: Fact.BEREAVEMENT, STRAITENED: Fact.HARD_TIMES}


def facts_of(person: Person) -> tuple[Fact, ...]:
    """All of it that is true of somebody."""
    event = (_EVENTS[person.event // 4],) if person.event > 0 else ()
    said = person.complaints + person.promises_broken > 0  # then what hurts may be what we have heard of
    unsaid = (Fact.UNSAID_FAILURE,) if person.hurt > FELT and not said else ()
    return (*event, *unsaid)
