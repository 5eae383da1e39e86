"""When things happened: days of the market as dates, and a keyed minute within working hours for each event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

import attrs

from retainsdk.events import Happening
from retainsim.market import purposes as for_
from retainsim.market.streams import uniform

OPENS, CLOSES = 9 * 60, 17 * 60
"""Minutes of the day between which people of ours work."""
EVENING = 18 * 60
"""By then what is due on a day must have been done, and the day is accounted for."""

Told = tuple[str, object]
"""A stream and what happened to it."""


@attrs.frozen
class Calendar:
    """
    Days of a market as dates and instants.

    Attributes:
        starts_at: The instant of day 0.
    """

    starts_at: datetime

    def date(self, day: int) -> date:
        """A day as a date."""
        return self.starts_at.date() + timedelta(days=day)

    def at(self, day: int, minute: int) -> datetime:
        """A minute of a day."""
        wall = datetime.combine(self.date(day), time(minute // 60, minute % 60))
        return wall.replace(tzinfo=self.starts_at.tzinfo)

    def evening(self, day: int) -> datetime:
        """When what is due on a day falls due."""
        return self.at(day, EVENING)


@attrs.frozen
class Entry:
    """
    What happened together, on a day.

    Attributes:
        day: Of the market.
        tell: Says it, once it is known what came before.
        minute: Of the day; none for a keyed one within working hours.
    """

    day: int
    tell: Callable[[], Iterable[Told]]
    minute: int | None = None


def happenings(entries: Sequence[Entry], key: int, when: int, calendar: Calendar) -> Iterator[Happening]:
    """
    What happened to one person in a month, in the order of time.

    Of two things on one day the one that is named first comes first, unless another minute is said.

    Args:
        entries: As one follows from the other.
        key: Of the person.
        when: Of the month's chance.
        calendar: Of the market.
    """
    in_turn = sorted(entries, key=lambda it: (it.day, it.minute is not None, it.minute or 0))
    place = 0
    while place < len(in_turn):
        first = place
        while place < len(in_turn) and in_turn[place].day == in_turn[first].day:
            place += 1
        lots = sorted(uniform(key, when, for_.MINUTE ^ number) for number in range(first, place))
        for entry, lot in zip(in_turn[first:place], lots, strict=True):
            minute = OPENS + int((CLOSES - OPENS) * lot) if entry.minute is None else entry.minute
            at = calendar.at(entry.day, minute)
            for stream, body in entry.tell():
                yield Happening(stream=stream, body=body, occurred_at=at)


def at_once(stream: str, body: object) -> Callable[[], Sequence[Told]]:
    """Says one thing that is known already."""
    return lambda: [(stream, body)]


def happening(stream: str, body: object, at: datetime) -> Happening:
    """That something happened at an instant."""
    return Happening(stream=stream, body=body, occurred_at=at)
