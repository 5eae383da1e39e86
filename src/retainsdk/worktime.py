"""
Working time: the hours in which work is done, and the instant that lies so much work later.

A calendar is written as people say it, by the wall clock of its zone; it reckons in instants, so that days with 23 or
25 hours come out right.

>>> calendar = WorkCalendar.parse("Sun-Thu 09:00-13:00 14:00-18:00; Fri 09:00-13:00; 2026-09-13 off", zone="Asia/Jerusalem")
>>> friday_noon = datetime(2026, 9, 11, 12, tzinfo=calendar.zone)
>>> calendar.due(friday_noon, timedelta(hours=3)).astimezone(calendar.zone).isoformat()
'2026-09-14T11:00:00+03:00'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Self
from zoneinfo import ZoneInfo

import attrs

from retainsdk.errors import CommandError, Fault, InputError

if TYPE_CHECKING:
    from retainsdk.ports import WorkCalendarSource

HORIZON_WEEKS = 30 * 52
"""How many weeks ahead working time is looked for: about thirty years."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDNIGHT = 24 * 60
_SHIFT = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_LAST_WEEK = date.max.toordinal() // 7 - 1


@attrs.frozen(order=True)
class Shift:
    """
    Working hours without a break, within one day.

    Attributes:
        opens: Minutes after midnight by the wall clock.
        closes: The same; 1440 is the midnight at the end of the day.

    Raises:
        ValueError: When it does not close after it opens, within one day.

    >>> str(Shift(9 * 60, 13 * 60))
    '09:00-13:00'
    """

    opens: int
    closes: int

    def __attrs_post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= _MIDNIGHT:
            msg = f"{self} does not close after it opens on the same day; write a night as two shifts, to 24:00 and from 00:00"
            raise ValueError(msg)

    def __str__(self) -> str:
        return f"{self.opens // 60:02}:{self.opens % 60:02}-{self.closes // 60:02}:{self.closes % 60:02}"


@attrs.frozen(kw_only=True)
class SpecialDay:
    """
    A day unlike its weekday: a holiday, the half day before one, or a Friday on which the shop is open.

    Attributes:
        name: Of the holiday; empty when it has none.
        shifts: Worked instead of the usual ones; none for a day off.
    """

    name: str = ""
    shifts: tuple[Shift, ...] = ()


class _Week(NamedTuple):
    intervals: tuple[tuple[datetime, datetime], ...]
    total: timedelta


def _ordered(shifts: tuple[Shift, ...]) -> tuple[Shift, ...]:
    ordered = tuple(sorted(shifts))
    for one, other in pairwise(ordered):
        if other.opens < one.closes:
            msg = f"{one} and {other} overlap"
            raise ValueError(msg)
    return ordered


def _week(week: Iterable[Iterable[Shift]]) -> tuple[tuple[Shift, ...], ...]:
    return tuple(_ordered(tuple(day)) for day in week)


def _by_day(days: Mapping[date, SpecialDay]) -> Mapping[date, SpecialDay]:
    return dict(days)


def zone_named(zone: str | ZoneInfo) -> ZoneInfo:
    """
    A time zone of the IANA database, by its name.

    Raises:
        CommandError: When there is none of that name.
    """
    try:
        return ZoneInfo(zone) if isinstance(zone, str) else zone
    except (KeyError, OSError, ValueError) as error:
        raise CommandError(f"zone {zone!r}", "is not known", "Name one of IANA's, like 'UTC'.") from error


@attrs.frozen(kw_only=True)
class WorkCalendar:
    """
    When work is done. Without arguments: round the clock.

    A shift includes its opening and excludes its closing instant. Where a wall clock is put forward, a shift loses
    what is left out; where it is put back, it gains what comes twice.

    Args:
        week: The shifts of each weekday, Monday first.
        special_days: Days unlike their weekday.
        zone: Of the wall clock, IANA name.
        source: Says more special days, year by year; `special_days` come first.

    Raises:
        ValueError: When shifts of a day overlap, or there are not seven days.
        CommandError: When the zone is not known.
    """

    week: tuple[tuple[Shift, ...], ...] = attrs.field(default=((Shift(0, _MIDNIGHT),),) * 7, converter=_week)
    special_days: Mapping[date, SpecialDay] = attrs.field(factory=dict, converter=_by_day, hash=False)
    zone: ZoneInfo = attrs.field(default=ZoneInfo("UTC"), converter=zone_named)
    source: WorkCalendarSource | None = None
    _weeks: dict[int, _Week] = attrs.field(factory=dict, init=False, eq=False, repr=False)
    _years: dict[int, Mapping[date, SpecialDay]] = attrs.field(factory=dict, init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if len(self.week) != len(_DAYS):
            msg = f"a week has seven days, not {len(self.week)}"
            raise ValueError(msg)
        for special in self.special_days.values():
            _ordered(special.shifts)

    @classmethod
    def parse(cls, text: str, *, zone: str = "UTC", source: WorkCalendarSource | None = None) -> Self:
        """
        A calendar from text: parts between semicolons, each with days and their shifts.

        Days are ``Sun-Thu``, ``Mon,Wed`` or a date; ``off`` instead of shifts is a day off; ``24/7`` alone is round
        the clock. A weekday that is not named is off.

        Raises:
            InputError: When it cannot be read; every fault is named.
            CommandError: When the zone is not known.
        """
        if text.strip() == "24/7":
            return cls(zone=zone, source=source)
        week: dict[int, tuple[Shift, ...]] = {}
        special: dict[date, SpecialDay] = {}
        faults: list[Fault] = []
        for number, part in enumerate(text.replace("–", "-").strip("; ").split(";"), start=1):
            days, _, rest = part.strip().partition(" ")
            try:
                shifts = _read_shifts(rest)
                for day in _read_days(days):
                    if day in week or day in special:
                        msg = f"{days} has a day that an earlier part has too"
                        raise ValueError(msg)  # noqa: TRY301 # all faults of a part leave by one door
                    if isinstance(day, date):
                        special[day] = SpecialDay(shifts=shifts)
                    else:
                        week[day] = shifts
            except ValueError as error:
                remedy = (
                    "Write, for example, 'Sun-Thu 09:00-13:00 14:00-18:00; Fri 09:00-13:00; 2026-09-13 off'."
                )
                faults.append(Fault(f"part {number}", part.strip(), f"is wrong: {error}", remedy))
        if faults:
            raise InputError("working hours", faults)
        return cls(
            week=tuple(week.get(day, ()) for day in range(len(_DAYS))),
            special_days=special,
            zone=zone,
            source=source,
        )

    def special_day(self, day: date) -> SpecialDay | None:
        """What is special about a day; none for a day like others."""
        own = self.special_days.get(day)
        if own is not None or self.source is None:
            return own
        if day.year not in self._years:
            self._years[day.year] = dict(self.source.special_days(day.year))
        return self._years[day.year].get(day)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Those of a day, in their order."""
        special = self.special_day(day)
        return self.week[day.weekday()] if special is None else _ordered(special.shifts)

    def is_open(self, at: datetime) -> bool:
        """Whether work is done at an instant."""
        instant = _utc(at)
        number = self._number(instant)
        return any(
            opens <= instant < closes
            for week in (number, number + 1)
            for opens, closes in self._week(week)[0]
        )

    def next_opening(self, at: datetime) -> datetime:
        """
        The first instant from *at* on at which work is done: *at* itself while it is. In UTC.

        Raises:
            CommandError: When there is none within the horizon.
        """
        instant = _utc(at)
        for week in self._from(instant):
            for opens, closes in week.intervals:
                if instant < closes:
                    return max(opens, instant)
        raise self._never(instant, timedelta.resolution)

    def last_closing(self, by: datetime, *, days: int = 31) -> datetime | None:
        """
        The last instant up to *by* at which work ends, or *by* itself while it is done until then; none within so many days.

        >>> office = WorkCalendar.parse("Sun-Thu 09:00-13:00 14:00-18:00")
        >>> office.last_closing(datetime(2026, 6, 20, 10, tzinfo=UTC))
        datetime.datetime(2026, 6, 18, 18, 0, tzinfo=datetime.timezone.utc)
        """
        instant = _utc(by)
        if self.worked(instant - timedelta(minutes=1), instant):
            return instant
        last = instant.astimezone(self.zone).date()
        for day in (last - timedelta(days=back) for back in range(days)):
            ends = [end for shift in self.shifts(day) if (end := self._instant(day, shift.closes)) <= instant]
            if ends:
                return max(ends)
        return None

    def due(self, start: datetime, duration: timedelta) -> datetime:
        """
        The instant at which so much working time has passed since *start*, in UTC.

        Work that ends with a shift is due when it closes. No working time at all is due at *start*, or at the next
        opening when nobody works then.

        Raises:
            CommandError: When *duration* is negative, or there is not as much within the horizon.

        >>> office = WorkCalendar.parse("Mon-Fri 09:00-17:00")
        >>> office.due(datetime(2026, 6, 19, 16, tzinfo=UTC), timedelta(hours=1)).isoformat()
        '2026-06-19T17:00:00+00:00'
        >>> office.due(datetime(2026, 6, 19, 16, tzinfo=UTC), timedelta(hours=2)).isoformat()
        '2026-06-22T10:00:00+00:00'
        """
        if duration < timedelta(0):
            raise CommandError(
                f"working time of {duration}", "is negative", "Count it from an earlier start."
            )
        instant, left = _utc(start), duration
        for week in self._from(instant):
            if left > week.total and (not week.intervals or instant <= week.intervals[0][0]):
                left -= week.total
                continue
            for opens, closes in week.intervals:
                begins = max(opens, instant)
                if begins < closes or (begins == closes and not left):
                    if left <= closes - begins:
                        return begins + left
                    left -= closes - begins
        raise self._never(instant, duration)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """
        The working time between two instants.

        Raises:
            CommandError: When *end* lies before *start*.
        """
        begins, ends = _utc(start), _utc(end)
        if ends < begins:
            raise CommandError(
                f"working time until {end.isoformat()}",
                f"ends before it starts, {start.isoformat()}",
                "Name the earlier one first.",
            )
        spent = timedelta(0)
        for number in range(self._number(begins), self._number(ends) + 2):
            week = self._week(number)
            if week.intervals and begins <= week.intervals[0][0] and week.intervals[-1][1] <= ends:
                spent += week.total
            else:
                for opens, closes in week.intervals:
                    spent += max(timedelta(0), min(closes, ends) - max(opens, begins))
        return spent

    def _number(self, instant: datetime) -> int:
        return instant.astimezone(self.zone).toordinal() // 7

    def _from(self, instant: datetime) -> Iterator[_Week]:
        number = self._number(instant)
        return (self._week(week) for week in range(number, number + HORIZON_WEEKS))

    def _week(self, number: int) -> _Week:
        week = self._weeks.get(number)
        if week is None:
            intervals = tuple(self._intervals(number)) if 1 < number < _LAST_WEEK else ()
            total = sum((closes - opens for opens, closes in intervals), timedelta(0))
            week = self._weeks[number] = _Week(intervals, total)
        return week

    def _intervals(self, number: int) -> Iterator[tuple[datetime, datetime]]:
        for ordinal in range(number * 7, number * 7 + 7):
            day = date.fromordinal(ordinal)
            for shift in self.shifts(day):
                opens, closes = self._instant(day, shift.opens), self._instant(day, shift.closes)
                if opens < closes:
                    yield opens, closes

    def _instant(self, day: date, minute: int) -> datetime:
        # Must never decrease with the wall clock, or shifts would overlap: of a time that comes twice the first, of
        # one that is left out the instant of the change.
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        first = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if _wall(first, self.zone) == wall:
            return first
        before, after = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC), first
        while after - before > timedelta.resolution:
            middle = before + (after - before) // 2
            before, after = (middle, after) if _wall(middle, self.zone) < wall else (before, middle)
        return after

    def _never(self, start: datetime, duration: timedelta) -> CommandError:
        years = HORIZON_WEEKS // 52
        return CommandError(
            f"working time of {duration} from {start.isoformat()}",
            f"does not exist within {years} years in a calendar with {_described(self.week)}",
            "Give it shifts, or ask for less.",
        )


def paused(due: datetime, pauses: Iterable[tuple[datetime, datetime]], calendar: WorkCalendar) -> datetime:
    """
    A due after a clock was paused: later by exactly the working time of the pauses.

    A pause that begins when the due has passed already moves nothing. So a service level of another length is
    ``paused(calendar.due(started, length), pauses, calendar)``: what has elapsed and what was paused stay what they are.

    Args:
        due: Without the pauses.
        pauses: From when to when, in any order; where they overlap, time counts once.
        calendar: In which the time is counted.

    Raises:
        CommandError: When a pause ends before it begins.

    >>> office = WorkCalendar.parse("Mon-Fri 09:00-17:00")
    >>> friday, monday = datetime(2026, 6, 19, 16, tzinfo=UTC), datetime(2026, 6, 22, 10, tzinfo=UTC)
    >>> paused(datetime(2026, 6, 19, 17, tzinfo=UTC), [(friday, monday)], calendar=office).isoformat()
    '2026-06-22T11:00:00+00:00'
    """
    moved = _utc(due)
    for begins, ends in _apart(pauses):
        if begins < moved:
            moved = calendar.due(moved, calendar.worked(begins, ends))
    return moved


def elapsed(
    start: datetime, end: datetime, pauses: Iterable[tuple[datetime, datetime]], calendar: WorkCalendar
) -> timedelta:
    """The working time between two instants that was not paused; what of a service level is used up."""
    begins, ends = _utc(start), _utc(end)
    idle = (
        calendar.worked(max(begins, off), min(ends, on))
        for off, on in _apart(pauses)
        if max(begins, off) < min(ends, on)
    )
    return calendar.worked(begins, ends) - sum(idle, timedelta(0))


def _apart(pauses: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    apart: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted((_utc(begins), _utc(ends)) for begins, ends in pauses):
        if apart and begins <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(ends, apart[-1][1]))
        else:
            apart.append((begins, ends))
    return apart


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise CommandError(at.isoformat(), "has no time zone", "Say the zone or the offset from UTC with it.")
    return at.astimezone(UTC)  # two datetimes of one zone would be compared by their wall clocks


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _read_days(text: str) -> Iterator[int | date]:
    if not text:
        msg = "it is empty"
        raise ValueError(msg)
    if text[0].isdigit():
        yield date.fromisoformat(text)
        return
    for run in text.lower().split(","):
        first, _, last = run.partition("-")
        for name in (first, last or first):
            if name not in _DAYS:
                msg = f"{name!r} is none of {', '.join(day.title() for day in _DAYS)}, and no date"
                raise ValueError(msg)
        begin, end = _DAYS.index(first), _DAYS.index(last or first)
        yield from ((begin + step) % 7 for step in range((end - begin) % 7 + 1))


def _read_shifts(text: str) -> tuple[Shift, ...]:
    if text.strip() == "off":
        return ()
    shifts = []
    for word in text.split():
        found = _SHIFT.fullmatch(word)
        if found is None:
            msg = f"{word!r} is no shift like 09:00-13:00"
            raise ValueError(msg)
        opens, opens_past, closes, closes_past = map(int, found.groups())
        shifts.append(Shift(opens * 60 + opens_past, closes * 60 + closes_past))
    if not shifts:
        msg = "it names no shift; a day off is called 'off'"
        raise ValueError(msg)
    return _ordered(tuple(shifts))


def _described(week: tuple[tuple[Shift, ...], ...]) -> str:
    days = [
        f"{name.title()} {' '.join(map(str, shifts))}"
        for name, shifts in zip(_DAYS, week, strict=True)
        if shifts
    ]
    return "; ".join(days) or "no shift in its week"
