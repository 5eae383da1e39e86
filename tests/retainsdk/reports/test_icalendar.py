"""An agenda in the calendar: what is due, at its hour, with a reminder, in lines that any calendar reads."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retainsdk import CommandError, Promise
from retainsdk.reports.agenda import Agenda, Item, Sort
from retainsdk.reports.icalendar import icalendar
from retainsdk.testing import SetClock, a_book, a_relationship, at

DUE = datetime(2026, 6, 21, 10, tzinfo=UTC)


def an_agenda(what: str) -> Agenda:
    item = Item(
        sort=Sort.PROMISE, owner="dana", day=date(2026, 6, 21), due=DUE, overdue=False, relationship=7,
        customer="נועה לוי", number=1, kind="callback", what=what, why="promised", if_missed="broken",
    )  # fmt: skip
    return Agenda(as_of=DUE, until=None, items=(item,))


def fields(text: str) -> dict[str, str]:
    """As a calendar reads them: lines put together again, and what was escaped put back."""
    read: dict[str, str] = {}
    for line in text.replace("\r\n ", "").split("\r\n"):
        name, _, value = line.partition(":")
        for written, char in (("\\n", "\n"), ("\\,", ","), ("\\;", ";"), ("\\\\", "\\")):
            value = value.replace(written, char)
        read.setdefault(name, value)
    return read


@given(what=st.text(st.sampled_from("אבג,;\n xé€😀"), max_size=200))
def test_whatever_was_promised_reaches_the_calendar_in_lines_of_75_octets_at_most(what: str) -> None:
    text = icalendar(an_agenda(what))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert fields(text)["SUMMARY"] == f"callback 1 to נועה לוי: {what}"


def test_control_characters_do_not_reach_the_calendar() -> None:
    assert fields(icalendar(an_agenda("a\x1b[31m\rb")))["SUMMARY"].endswith(": a[31m\nb")


def test_a_due_that_moves_keeps_its_entry_and_what_has_no_hour_stands_on_the_day() -> None:
    clock = SetClock(at(6, 2))
    book = a_book(clock=clock)
    noa = a_relationship(book)
    sofa = book.promise(noa, kind=Promise.DELIVERY, what="the sofa", due=at(6, 5), actor="dana")
    first = fields(icalendar(book.agenda(), remind=timedelta(minutes=30)))
    book.give_late_notice(noa, sofa, due=at(6, 8), why="the truck", actor="dana")
    moved = fields(icalendar(book.agenda()))
    clock.time = at(6, 9)
    book.tick(actor="clock")
    owed = fields(icalendar(book.agenda()))

    assert (first["DTSTART"], first["TRIGGER"]) == ("20260605T090000Z", "-PT30M")
    assert (moved["DTSTART"], moved["TRIGGER"]) == ("20260608T090000Z", "-PT60M")
    assert first["UID"] == moved["UID"] != owed["UID"]
    assert owed["DTSTART;VALUE=DATE"] == "20260609"
    assert "TRIGGER" not in owed


def test_a_reminder_comes_before_the_due() -> None:
    with pytest.raises(CommandError, match="comes after it"):
        icalendar(an_agenda("the bill"), remind=timedelta(minutes=-1))
