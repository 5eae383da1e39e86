"""Money, durations and dates as a language writes them, by the Unicode tables that Babel carries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_currency,
    format_percent,
    get_currency_precision,
    get_minus_sign_symbol,
)
from babel.units import format_unit

from retainsim.training.lines.language import Language
from retainsim.training.lines.template import isolated

__all__ = ["day", "days", "money", "months", "percent"]

_ONE_MONTH = {Language.HEBREW: "חודש אחד", Language.ENGLISH: "one month"}
"""As it is said; the tables write a figure."""
_ONE_DAY = {Language.HEBREW: "יום אחד", Language.ENGLISH: "one day"}
_DATES = {Language.HEBREW: ("he", "EEEE, d.M"), Language.ENGLISH: ("en_GB", "EEEE d MMMM")}


def money(minor: int, currency: str, language: Language) -> str:
    """
    An amount in minor units, in an isolate; whole amounts without decimals.

    >>> money(4_990, "ILS", Language.ENGLISH).strip("\u2068\u2069")
    '₪49.90'
    >>> money(5_000, "USD", Language.ENGLISH).strip("\u2068\u2069")
    '$50'
    >>> "\u200e-50" in money(-5_000, "ILS", Language.HEBREW)
    True
    """
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    locale = language.value
    if amount != amount.to_integral_value():
        told = format_currency(amount, currency, locale=locale)
    else:
        whole = Locale.parse(locale).currency_formats["standard"].pattern.replace(".00", "")
        told = format_currency(amount, currency, whole, locale=locale, currency_digits=False)
    minus = get_minus_sign_symbol(locale)  # Hebrew ties it to the left of the number
    return isolated(told.replace("-", minus))


def months(count: int, language: Language) -> str:
    """
    A duration.

    >>> [months(count, Language.HEBREW) for count in (1, 2, 12)]
    ['חודש אחד', 'חודשיים', '12 חודשים']
    """
    if count == 1:
        return _ONE_MONTH[language]
    return format_unit(count, "duration-month", length="long", locale=language.value)


def days(count: int, language: Language) -> str:
    """
    A number of days.

    >>> [days(count, Language.HEBREW) for count in (1, 2, 12)]
    ['יום אחד', 'יומיים', '12 ימים']
    """
    if count == 1:
        return _ONE_DAY[language]
    return format_unit(count, "duration-day", length="long", locale=language.value)


def day(when: date, language: Language) -> str:
    """
    A day of the near future, as it is said on the telephone.

    >>> day(date(2026, 11, 24), Language.ENGLISH)
    'Tuesday 24 November'
    """
    locale, pattern = _DATES[language]
    return format_date(when, pattern, locale=locale)


def percent(share: float, language: Language) -> str:
    """
    A share in whole percent, in an isolate.

    >>> percent(0.15, Language.ENGLISH).strip("\u2068\u2069")
    '15%'
    """
    return isolated(format_percent(share, locale=language.value))
