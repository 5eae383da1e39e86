"""Public holidays of a country as days off, from the package holidays; needs the extra `formats`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from retainsdk.errors import CommandError, MissingExtraError
from retainsdk.worktime import SpecialDay


@attrs.frozen(kw_only=True)
class PublicHolidays:
    """
    The days off of a country, year by year: a `WorkCalendarSource`.

    Attributes:
        country: ISO 3166 code of two letters.
        subdivision: Of the country, when its parts have holidays of their own; its ISO 3166-2 code without the country.
        language: Of the names, like ``he``; what the package prefers unless given.

    Raises:
        MissingExtraError: When the package is not installed.
        CommandError: When it does not know the country or subdivision.

    >>> PublicHolidays(country="IL", language="en_US").special_days(2026)[date(2026, 9, 21)].name
    'Yom Kippur'
    """

    country: str
    subdivision: str | None = None
    language: str | None = None

    def __attrs_post_init__(self) -> None:
        self.special_days(
            date.min.year
        )  # what is unknown is said now, not when a promise first meets a holiday

    def special_days(self, year: int) -> Mapping[date, SpecialDay]:
        """The days off of a year, with their names."""
        try:
            from holidays import country_holidays  # noqa: PLC0415 # loaded by those alone who use it
        except ImportError as error:
            raise MissingExtraError("formats", "holidays") from error
        try:
            found = country_holidays(
                self.country, subdiv=self.subdivision, years=year, expand=False, language=self.language
            )
        except NotImplementedError as error:
            raise CommandError(
                f"country {self.country!r}, subdivision {self.subdivision!r}",
                f"has no known holidays: {error}",
                "Use ISO 3166 codes, like 'IL'.",
            ) from error
        return {day: SpecialDay(name=name) for day, name in found.items()}
