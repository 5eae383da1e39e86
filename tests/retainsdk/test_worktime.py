"""Working time: a calendar against a slow reckoning, minute by minute, over changes of the clock and holidays."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import CommandError, InputError, MissingExtraError
from retainsdk.firm.public_holidays import PublicHolidays
from retainsdk.worktime import Shift, SpecialDay, WorkCalendar, elapsed, paused

MINUTE = timedelta(minutes=1)
SPLIT = "Sun-Thu 09:00-13:00 14:00-18:00; Fri 09:00-13:00; 2026-03-29 off; 2026-10-26 09:00-13:00"
NIGHTS = (
    "Fri-Sat 00:00-01:30 01:30-02:45 03:15-04:00 22:00-24:00;"
    "Sun 00:00-01:30 01:30-02:45 03:15-04:00; Thu 02:00-02:45 02:45-06:00"
)
CALENDARS = [
    WorkCalendar.parse(SPLIT, zone="Asia/Jerusalem"),
    WorkCalendar.parse(NIGHTS, zone="Asia/Jerusalem"),
    WorkCalendar.parse(NIGHTS, zone="Europe/Berlin"),
    WorkCalendar.parse("Mon-Sun 23:30-24:00 00:00-00:45", zone="Asia/Beirut"),
    WorkCalendar(zone="Asia/Jerusalem"),
]

calendars = st.sampled_from(CALENDARS)
# small worlds: the days on which clocks change, by steps in which shifts open and close
_days = st.sampled_from([(3, 26), (3, 28), (10, 24), (10, 26)])
instants = st.builds(
    lambda day, quarters: datetime(2026, day[0], day[1], 16, tzinfo=UTC) + quarters * 15 * MINUTE,
    _days,
    st.integers(0, 64),
)
durations = st.one_of(st.integers(0, 12), st.integers(0, 160)).map(lambda quarters: quarters * 15 * MINUTE)


def works(calendar: WorkCalendar, at: datetime) -> bool:
    """By the wall: the definition the calendar has to meet where no wall time comes twice."""
    wall = at.astimezone(calendar.zone)
    minute = wall.hour * 60 + wall.minute
    return any(shift.opens <= minute < shift.closes for shift in calendar.shifts(wall.date()))


def comes_once(calendar: WorkCalendar, at: datetime) -> bool:
    wall = at.astimezone(calendar.zone)
    return wall.utcoffset() == wall.replace(fold=1 - wall.fold).utcoffset()


@pytest.mark.invariant(29)
@given(calendar=calendars, start=instants, a=durations, b=durations)
def test_working_time_adds_up(calendar: WorkCalendar, start: datetime, a: timedelta, b: timedelta) -> None:
    due = calendar.due(start, a)

    assert calendar.due(due, b) == calendar.due(start, a + b)
    assert calendar.worked(start, due) == a


@pytest.mark.invariant(29)
@given(calendar=calendars, starts=st.tuples(instants, instants), spans=st.tuples(durations, durations))
def test_a_due_never_comes_earlier_for_a_later_start_or_more_work(
    calendar: WorkCalendar, starts: tuple[datetime, datetime], spans: tuple[timedelta, timedelta]
) -> None:
    early, late = sorted(starts)
    short, long = sorted(spans)

    assert calendar.due(early, short) <= calendar.due(late, short)
    assert calendar.due(early, short) <= calendar.due(early, long)


@pytest.mark.invariant(29)
@given(calendar=calendars, start=instants, span=durations)
def test_a_due_lies_in_working_time_or_where_a_shift_closes(
    calendar: WorkCalendar, start: datetime, span: timedelta
) -> None:
    due = calendar.due(start, span)

    assert start <= due
    assert calendar.is_open(due) or calendar.is_open(due - timedelta.resolution)


@pytest.mark.invariant(29)
@given(calendar=calendars, start=instants, quarters=st.integers(0, 400))
def test_what_was_worked_is_what_a_clock_on_the_wall_counts(
    calendar: WorkCalendar, start: datetime, quarters: int
) -> None:
    steps = [start + step * 15 * MINUTE for step in range(quarters)]
    plain = [step for step in steps if comes_once(calendar, step)]

    assert [calendar.is_open(step) for step in plain] == [works(calendar, step) for step in plain]
    assert calendar.worked(start, start + quarters * 15 * MINUTE) == 15 * MINUTE * sum(
        map(calendar.is_open, steps)
    )


@given(calendar=calendars, at=instants)
def test_the_next_opening_is_the_first_instant_of_work(calendar: WorkCalendar, at: datetime) -> None:
    opening = calendar.next_opening(at)

    assert calendar.is_open(opening)
    assert calendar.worked(at, opening) == timedelta(0)
    assert (opening == at) == calendar.is_open(at)


def test_a_shift_loses_the_hour_left_out_and_gains_the_hour_that_comes_twice() -> None:
    nights = WorkCalendar.parse("Mon-Sun 00:00-06:00", zone="Asia/Jerusalem")

    for day, hours in ((date(2026, 3, 26), 6), (date(2026, 3, 27), 5), (date(2026, 10, 25), 7)):
        midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("Asia/Jerusalem"))
        noon = midnight.replace(hour=12)
        assert nights.worked(midnight, noon) == timedelta(hours=hours)


def test_a_shift_that_opens_in_the_hour_left_out_opens_when_the_clock_is_put_forward() -> None:
    nights = WorkCalendar.parse("Fri 02:30-06:00", zone="Asia/Jerusalem")

    assert nights.next_opening(datetime(2026, 3, 27, tzinfo=UTC)) == datetime(2026, 3, 27, 0, tzinfo=UTC)


def test_a_weekend_on_friday_and_saturday_is_skipped() -> None:
    office = WorkCalendar.parse("Sun-Thu 09:00-17:00", zone="Asia/Jerusalem")
    thursday = datetime(2026, 6, 18, 16, tzinfo=office.zone)

    assert office.due(thursday, timedelta(hours=2)) == datetime(2026, 6, 21, 10, tzinfo=office.zone)


def test_a_half_day_is_a_shorter_shift() -> None:
    office = WorkCalendar.parse(
        "Sun-Thu 09:00-17:00; 2026-09-20 09:00-12:00; 2026-09-21 off", zone="Asia/Jerusalem"
    )
    eve = datetime(2026, 9, 20, 9, tzinfo=office.zone)

    assert office.due(eve, timedelta(hours=4)) == datetime(2026, 9, 22, 10, tzinfo=office.zone)


def test_public_holidays_are_days_off_in_every_year() -> None:
    office = WorkCalendar.parse(
        "Sun-Thu 09:00-17:00", zone="Asia/Jerusalem", source=PublicHolidays(country="IL", language="he")
    )

    for day in (date(2026, 9, 21), date(2027, 10, 11)):
        special = office.special_day(day)
        assert special is not None
        assert special.name == "יום כיפור"
        assert office.shifts(day) == ()


def test_own_special_days_come_before_those_of_the_source() -> None:
    day = date(2026, 9, 21)
    half = SpecialDay(name="inventory", shifts=(Shift(540, 600),))
    office = WorkCalendar(special_days={day: half}, source=PublicHolidays(country="IL"))

    assert office.special_day(day) == half


def test_a_source_is_asked_once_a_year() -> None:
    class Counting:
        asked = 0

        def special_days(self, year: int) -> Mapping[date, SpecialDay]:
            self.asked += 1
            return {date(year, 1, 1): SpecialDay(name="new year")}

    source = Counting()
    office = WorkCalendar.parse("Mon-Fri 09:00-17:00", source=source)
    for _ in range(2):
        office.due(datetime(2026, 2, 1, tzinfo=UTC), timedelta(hours=900))

    assert source.asked == 1


def test_holidays_without_their_package_name_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def without(name: str, *args: object, **others: object) -> object:
        if name == "holidays":
            raise ImportError(name)
        return load(name, *args, **others)  # type: ignore[arg-type] # passed on as they came

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(MissingExtraError, match=r"retainsdk\[formats\]"):
        PublicHolidays(country="IL")


@pytest.mark.parametrize("where", [{"country": "XX"}, {"country": "DE", "subdivision": "XX"}])
def test_a_country_without_known_holidays_is_refused_at_once(where: dict[str, str]) -> None:
    with pytest.raises(CommandError, match="ISO 3166"):
        PublicHolidays(**where)


def test_a_calendar_that_never_opens_says_so() -> None:
    shut = WorkCalendar.parse("Mon off")

    for search in (shut.next_opening, lambda at: shut.due(at, timedelta(0))):
        with pytest.raises(CommandError, match="within 30 years in a calendar with no shift"):
            search(datetime(2026, 1, 1, tzinfo=UTC))


def test_more_work_than_thirty_years_hold_is_refused() -> None:
    office = WorkCalendar.parse("Mon 09:00-10:00")

    with pytest.raises(CommandError, match=r"does not exist within 30 years .* Mon 09:00-10:00"):
        office.due(datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=30 * 53))


def test_round_the_clock_is_the_default() -> None:
    start = datetime(2026, 3, 27, tzinfo=UTC)

    for calendar in (WorkCalendar(), WorkCalendar.parse("24/7", zone="Asia/Jerusalem")):
        assert calendar.due(start, timedelta(days=400)) == start + timedelta(days=400)


def test_all_faults_of_a_text_are_named_at_once() -> None:
    with pytest.raises(InputError) as refused:
        WorkCalendar.parse(
            "Sun-Thu 9-13; Yom 09:00-13:00; Mon; Tue off; Tue off; 2026-13-01 off; Fri 13:00-09:00; Sat 09:00-12:00 11:00-13:00; ;"
        )

    assert [fault.place for fault in refused.value.faults] == [f"part {n}" for n in (1, 2, 3, 5, 6, 7, 8)]


@pytest.mark.parametrize(
    "build",
    [
        lambda: Shift(600, 600),
        lambda: Shift(0, 1441),
        lambda: WorkCalendar(week=((),) * 6),
        lambda: WorkCalendar(zone="Asia/Nowhere"),
        lambda: WorkCalendar(
            special_days={date(2026, 1, 1): SpecialDay(shifts=(Shift(0, 60), Shift(30, 90)))}
        ),
        lambda: WorkCalendar().due(datetime(2026, 1, 1, tzinfo=UTC), -MINUTE),
        lambda: WorkCalendar().worked(datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        lambda: WorkCalendar().is_open(datetime(2026, 1, 1)),  # noqa: DTZ001 # the fault
    ],
    ids=["no length", "two days", "six days", "no zone", "overlap", "less than none", "backwards", "naive"],
)
def test_what_makes_no_sense_is_refused(build: object) -> None:
    assert callable(build)

    with pytest.raises(ValueError, match=r"."):
        build()


pauses = st.lists(st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair))), max_size=3)


@pytest.mark.invariant(30)
@given(calendar=calendars, start=instants, level=durations, pause=st.tuples(instants, instants))
def test_a_pause_moves_a_due_by_exactly_its_working_time(
    calendar: WorkCalendar, start: datetime, level: timedelta, pause: tuple[datetime, datetime]
) -> None:
    begins, ends = sorted(pause)
    due = calendar.due(start, level)

    moved = paused(due, [(begins, ends)], calendar)

    counts = begins < due
    assert calendar.worked(due, moved) == (calendar.worked(begins, ends) if counts else timedelta(0))


@pytest.mark.invariant(30)
@given(calendar=calendars, start=instants, level=durations, off=pauses)
def test_when_a_paused_clock_runs_out_just_the_level_has_elapsed(
    calendar: WorkCalendar, start: datetime, level: timedelta, off: list[tuple[datetime, datetime]]
) -> None:
    since = [(max(start, begins), ends) for begins, ends in off if ends > start]

    due = paused(calendar.due(start, level), since, calendar)

    steps = (start + step * 15 * MINUTE for step in range((due - start) // (15 * MINUTE)))
    ran = [it for it in steps if calendar.is_open(it) and not any(off <= it < on for off, on in since)]
    assert elapsed(start, due, since, calendar) == level == len(ran) * 15 * MINUTE


@pytest.mark.invariant(30)
@given(calendar=calendars, start=instants, levels=st.tuples(durations, durations), off=pauses)
def test_changing_the_service_level_keeps_what_has_elapsed_and_what_was_paused(
    calendar: WorkCalendar,
    start: datetime,
    levels: tuple[timedelta, timedelta],
    off: list[tuple[datetime, datetime]],
) -> None:
    short, long = sorted(levels)
    since = [(max(start, begins), ends) for begins, ends in off if ends > start]

    first = paused(calendar.due(start, short), since, calendar)
    second = paused(calendar.due(start, long), since, calendar)

    assert elapsed(start, second, since, calendar) - elapsed(start, first, since, calendar) == long - short
    assert first <= second
