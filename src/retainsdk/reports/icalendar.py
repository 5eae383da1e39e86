"""
An agenda as a calendar: what is due, with a reminder before it, for the calendar and mail programs people look at anyway.

The format is iCalendar (RFC 5545). An entry keeps its name from one export to the next, so a due that has moved moves
in the calendar too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from retainsdk.codec import id_text
from retainsdk.errors import CommandError
from retainsdk.reports.agenda import Agenda, Item, Sort
from retainsdk.whole_file import write_whole
from retainsdk.wording import in_words

_WIDTH = 75
"""Octets of a line at most, by the RFC."""


def icalendar(agenda: Agenda, *, remind: timedelta = timedelta(hours=1)) -> str:
    r"""
    The text of an ``.ics`` file with one entry for each item of an agenda.

    A promise stands at its due, with a reminder before it. A remedy that is owed and a proposal have no hour: they
    stand on the day for which the agenda was drawn up, for the whole of it.

    Args:
        agenda: Of one owner, most likely.
        remind: How long before the due of a promise.

    Returns:
        Lines that end in CR LF: write them as bytes, or with ``newline=""``.

    Raises:
        CommandError: When the reminder would come after the due.

    >>> from datetime import date
    >>> due = datetime(2026, 6, 21, 10, tzinfo=UTC)
    >>> call = Item(sort=Sort.PROMISE, owner="dana", day=date(2026, 6, 21), due=due, overdue=False, relationship=7,
    ...     customer="Noa", number=1, kind="callback", what="the bill", why="promised", if_missed="broken")
    >>> text = icalendar(Agenda(as_of=due, until=None, items=(call,)))
    >>> text.split("\r\n")[4:9]
    ['UID:promise-1-0000000000000007@retainsdk', 'DTSTAMP:20260621T100000Z', 'DTSTART:20260621T100000Z', 'DURATION:PT15M', 'SUMMARY:callback 1 to Noa: the bill']
    """
    if remind < timedelta(0):
        raise CommandError(
            f"a reminder {remind} before the due", "comes after it", "Give a time of zero or more."
        )
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//retainsdk//agenda//EN"]
    for item in agenda.items:
        lines += _entry(item, agenda.as_of, remind)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def write_icalendar(agenda: Agenda, path: Path, *, remind: timedelta = timedelta(hours=1)) -> None:
    """
    Write an agenda into an ``.ics`` file, which is whole or not there.

    Args:
        agenda: See `icalendar`.
        path: Of the file; one that exists is replaced.
        remind: See `icalendar`.

    Raises:
        StoreError: When it cannot be written there.
    """
    write_whole(path, icalendar(agenda, remind=remind))


def _entry(item: Item, as_of: datetime, remind: timedelta) -> Iterator[str]:
    preposition = "for" if item.sort is Sort.PROPOSAL else "to"
    heading = {Sort.PROMISE: "", Sort.REMEDY: "remedy for ", Sort.PROPOSAL: "proposal: "}[item.sort]
    kind = in_words(item.kind)
    summary = f"{heading}{kind} {item.number} {preposition} {item.customer}: {item.what}"
    reasons = f"why: {item.why}\nif missed: {item.if_missed}"
    yield "BEGIN:VEVENT"
    yield f"UID:{item.sort.value}-{item.number}-{id_text(item.relationship)}@retainsdk"
    yield f"DTSTAMP:{_utc(as_of)}"
    if item.sort is Sort.PROMISE:
        yield f"DTSTART:{_utc(item.due)}"
        yield "DURATION:PT15M"
    else:
        yield f"DTSTART;VALUE=DATE:{as_of.astimezone(item.due.tzinfo):%Y%m%d}"
    yield f"SUMMARY:{_escaped(summary)}"
    yield f"DESCRIPTION:{_escaped(reasons)}"
    if item.sort is Sort.PROMISE:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_escaped(summary)}"
        yield f"TRIGGER:-PT{int(remind.total_seconds()) // 60}M"
        yield "END:VALARM"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for char, written in (
        ("\\", "\\\\"),
        (";", "\\;"),
        (",", "\\,"),
        ("\r\n", "\\n"),
        ("\n", "\\n"),
        ("\r", "\\n"),
    ):
        text = text.replace(char, written)
    return "".join(char for char in text if char == "\t" or char.isprintable())


def _folded(line: str) -> str:
    """A long line goes on after CR LF and a blank; the limit counts octets, and no character is torn apart."""
    folded, length = [], 0
    for char in line:
        size = len(char.encode("utf-8"))
        if length + size > _WIDTH:
            folded.append("\r\n ")
            length = 1
        folded.append(char)
        length += size
    return "".join(folded)
