"""Representatives: who stands in for whom, and who may grant what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk.errors import CommandError, InputError
from retainsdk.events import AuthoritySet, RepresentativeAbsent, RepresentativeJoined, RepresentativeLeft
from retainsdk.firm.staff import (
    Representative,
    RepresentativeEvent,
    may_grant,
    refuse_above_authority,
    stand_in,
)
from retainsdk.quantities import Money
from retainsdk.worktime import WorkCalendar

JOINED = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("dana", "eli", "נועה")
days = st.integers(1, 6).map(lambda number: date(2026, 6, number))
names = st.sampled_from(NAMES)


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def a_representative(name: str = "dana", **changes: Any) -> Representative:
    return Representative.joined(name, RepresentativeJoined(name=name, **changes), JOINED)


def changed(one: Representative, body: RepresentativeEvent, on: date = date(2026, 2, 1)) -> Representative:
    return one.after(body, datetime(on.year, on.month, on.day, tzinfo=UTC), on)


def away(one: Representative, starts: int, ends: int, deputy: str) -> Representative:
    body = RepresentativeAbsent(starts_on=date(2026, 6, starts), ends_on=date(2026, 6, ends), deputy=deputy)
    return changed(one, body)


absences = st.lists(st.tuples(names, names, st.integers(1, 5), st.integers(1, 3)), max_size=5)


@given(
    absences=absences,
    left=st.dictionaries(names, st.sampled_from(["", *NAMES]), max_size=1),
    day=days,
    name=names,
)
def test_whoever_stands_in_is_there_and_nobody_is_sent_in_circles(
    absences: list[tuple[str, str, int, int]], left: dict[str, str], day: date, name: str
) -> None:
    staff = {it: a_representative(it) for it in NAMES}
    for one, deputy, starts, length in absences:
        free = all(
            not it.covers(date(2026, 6, on))
            for it in staff[one].absences
            for on in range(starts, starts + length)
        )
        if one != deputy and free:
            staff[one] = away(staff[one], starts, starts + length, deputy)
    for one, successor in left.items():
        if one != successor:
            staff[one] = changed(staff[one], RepresentativeLeft(successor=successor), date(2026, 6, 3))

    found = stand_in(staff, name, day)

    assert found is None or not staff[found].is_away(day)
    assert (found == name) == (not staff[name].is_away(day))
    if found is None:
        seen, here = set(), name
        while here and here not in seen:
            seen.add(here)
            assert staff[here].is_away(day)
            here = staff[here].deputy_on(day) or ""


def test_a_deputy_counts_from_the_first_day_away_to_the_last_and_not_on_the_day_of_return() -> None:
    dana = away(a_representative(), 2, 4, "eli")

    assert [dana.deputy_on(date(2026, 6, day)) for day in (1, 2, 3, 4)] == [None, "eli", "eli", None]


def test_nobody_stands_in_where_everybody_is_away() -> None:
    staff = {
        "dana": away(a_representative("dana"), 1, 3, "eli"),
        "eli": away(a_representative("eli"), 2, 3, "dana"),
    }

    assert stand_in(staff, "dana", date(2026, 6, 1)) == "eli"
    assert stand_in(staff, "dana", date(2026, 6, 2)) is None
    assert stand_in(staff, "whoever", date(2026, 6, 2)) == "whoever"


def test_a_successor_follows_whoever_left() -> None:
    dana = changed(a_representative(), RepresentativeLeft(successor="eli"), date(2026, 6, 3))

    assert [stand_in({"dana": dana}, "dana", date(2026, 6, day)) for day in (2, 3)] == ["dana", "eli"]


def test_whoever_comes_back_works_here_again_with_his_authority() -> None:
    dana = changed(changed(a_representative(), AuthoritySet(up_to=eur(50), asks="eli")), RepresentativeLeft())
    again = dana.back(RepresentativeJoined(name="dana", skills=("fibre",)), JOINED + timedelta(days=60))

    assert (again.left_on, again.authority, again.asks, again.skills) == (None, eur(50), "eli", ("fibre",))


def test_the_hours_of_a_representative_leave_out_the_days_he_is_away() -> None:
    house = WorkCalendar.parse("Sun-Thu 09:00-17:00; 2026-06-04 off", zone="Asia/Jerusalem")
    dana = away(a_representative(hours="Sun-Thu 14:00-18:00"), 2, 4, "eli")
    eli = a_representative("eli")

    monday = datetime(2026, 6, 1, 17, tzinfo=house.zone)
    assert dana.calendar(house).due(monday, timedelta(hours=2)) == datetime(2026, 6, 7, 15, tzinfo=house.zone)
    assert eli.calendar(house).due(monday, timedelta(hours=2)) == datetime(2026, 6, 2, 11, tzinfo=house.zone)


def test_nobody_has_a_limit_until_somebody_has() -> None:
    staff = {"dana": a_representative()}

    assert may_grant(staff, "dana", eur(1000))
    assert may_grant(staff, "whoever", eur(1000))

    staff["eli"] = changed(a_representative("eli"), AuthoritySet(up_to=eur(100)))
    for name, amount in (("dana", 1), ("whoever", 1), ("eli", 101)):
        assert not may_grant(staff, name, eur(amount))
    for name, amount in (("dana", 0), ("whoever", 0), ("eli", 100)):
        assert may_grant(staff, name, eur(amount))


def a_ladder() -> dict[str, Representative]:
    limits = {"dana": (20, "eli"), "eli": (100, "נועה"), "נועה": (500, ""), "guest": (200, "")}
    return {
        name: changed(a_representative(name), AuthoritySet(up_to=eur(limit), asks=asks))
        for name, (limit, asks) in limits.items()
    }


@pytest.mark.parametrize(
    ("name", "amount", "who"),
    [
        ("dana", 21, "eli"),
        ("dana", 101, "נועה"),
        ("eli", 200, "נועה"),
        ("guest", 201, "נועה"),
        ("whoever", 150, "guest"),
    ],
)
def test_granting_above_the_authority_is_refused_with_the_name_of_who_may(
    name: str, amount: int, who: str
) -> None:
    with pytest.raises(CommandError, match=f"above the authority .* Ask {who}, who may"):
        refuse_above_authority(a_ladder(), name, eur(amount))


def test_whoever_left_may_grant_nothing_and_is_not_asked() -> None:
    staff = a_ladder()
    staff["eli"] = changed(staff["eli"], RepresentativeLeft())

    with pytest.raises(CommandError, match="Ask נועה, who may"):
        refuse_above_authority(staff, "dana", eur(50))
    with pytest.raises(CommandError, match="above the authority"):
        refuse_above_authority(staff, "eli", eur(50))


def test_when_nobody_may_that_is_said() -> None:
    circle = {
        "dana": changed(a_representative("dana"), AuthoritySet(up_to=eur(5), asks="eli")),
        "eli": changed(a_representative("eli"), AuthoritySet(up_to=eur(5), asks="dana")),
    }

    with pytest.raises(CommandError, match="Nobody's authority suffices"):
        refuse_above_authority(circle, "dana", eur(6))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            RepresentativeAbsent(starts_on=date(2026, 6, 2), ends_on=date(2026, 6, 2), deputy="eli"),
            "has no day",
        ),
        (
            RepresentativeAbsent(starts_on=date(2026, 6, 2), ends_on=date(2026, 6, 3), deputy="dana"),
            "himself",
        ),
        (
            RepresentativeAbsent(starts_on=date(2026, 6, 11), ends_on=date(2026, 6, 20), deputy="eli"),
            "overlaps",
        ),
        (RepresentativeLeft(successor="dana"), "himself"),
        (AuthoritySet(up_to=eur(1), asks="dana"), "himself"),
        (AuthoritySet(up_to=eur(-1)), "must not be negative"),
    ],
    ids=["no day", "own deputy", "twice away", "own successor", "asks himself", "negative"],
)
def test_what_cannot_be_said_of_a_representative_is_refused(body: RepresentativeEvent, message: str) -> None:
    dana = away(a_representative(), 10, 12, "eli")

    with pytest.raises(CommandError, match=message):
        changed(dana, body)


def test_nothing_happens_to_a_representative_before_he_joins_or_after_he_leaves() -> None:
    dana = a_representative()

    with pytest.raises(CommandError, match="comes before"):
        changed(dana, RepresentativeLeft(), date(2025, 12, 31))
    with pytest.raises(CommandError, match="works here already"):
        dana.back(RepresentativeJoined(name="dana"), JOINED)
    with pytest.raises(CommandError, match="left on 2026-02-01"):
        changed(changed(dana, RepresentativeLeft()), RepresentativeLeft())


def test_hours_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(InputError, match="no shift like"):
        a_representative(hours="Mon nine to five")
