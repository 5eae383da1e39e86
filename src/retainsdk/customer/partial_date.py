"""
Dates that may lack their year: people tell us their birthday long before they tell us their age.

>>> PartialDate.parsed("1990-02-28").age_on(date(2026, 2, 27))
35
>>> PartialDate.parsed("--02-29").in_year(2027)
datetime.date(2027, 2, 28)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Self

import attrs

_TEXT = re.compile(r"(?:(?P<year>\d{4})-|--)?(?P<month>\d\d)-(?P<day>\d\d)", re.ASCII)
_LEAP_YEAR = 2000


@attrs.frozen(order=True)
class PartialDate:
    """
    A day that comes back every year, and perhaps the year of the first.

    Args:
        month: 1 to 12.
        day: Of the month.
        year: 1 to 9999; none when nobody knows.

    Raises:
        ValueError: When there is no such day; 29 February needs a leap year, or none.
    """

    month: int
    day: int
    year: int | None = None

    def __attrs_post_init__(self) -> None:
        try:
            date(_LEAP_YEAR if self.year is None else self.year, self.month, self.day)
        except ValueError as error:
            msg = f"{self} is no day of the calendar ({error})"
            raise ValueError(msg) from None

    @classmethod
    def parsed(cls, text: str) -> Self:
        """
        From text as vCard 4.0 writes it: ``1990-02-28``, or ``--02-28`` without the year.

        The two dashes may be left out: in a terminal they would look like an option.

        Raises:
            ValueError: When it is written otherwise, or there is no such day.
        """
        found = _TEXT.fullmatch(text)
        if found is None:
            msg = f"{text!r} is no date like 1990-02-28, or --02-28 when the year is not known"
            raise ValueError(msg)
        year = None if found["year"] is None else int(found["year"])
        return cls(int(found["month"]), int(found["day"]), year)

    def in_year(self, year: int) -> date:
        """The day in a year; 29 February falls on the 28th in common years."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return date(year, self.month, self.day - 1)

    def age_on(self, on: date) -> int | None:
        """How many years have passed; none when the year is not known, or lies ahead."""
        if self.year is None or on < self.in_year(self.year):
            return None
        return on.year - self.year - (on < self.in_year(on.year))

    def returns_between(self, first: date, end: date) -> Iterator[date]:
        """When it comes back from a day on until before another; never in its own year or before."""
        for year in range(max(first.year, (self.year or 0) + 1), end.year + 1):
            day = self.in_year(year)
            if first <= day < end:
                yield day

    def __str__(self) -> str:
        year = "-" if self.year is None else f"{self.year:04}"
        return f"{year}-{self.month:02}-{self.day:02}"
