"""The words for numbers, money, durations, days and hours, in each language; `slots` puts them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import attrs

__all__ = ["WORDS", "Unit", "Words", "one_of"]

Unit = Literal["hour", "day", "week", "month", "year"]
"""Of time."""


@attrs.frozen(kw_only=True)
class Words:
    """
    What a language calls things; "pattern" is that of a regular expression.

    Attributes:
        article: What is written together with a noun to make it a certain one.
        prefix: Pattern of what may be written together with the word that follows.
        numbers: Words for 1 to 90.
        joint: Pattern of what stands between tens and units.
        currencies: Names and codes.
        percent: Words for it.
        units: Of time, in singular and plural.
        ago: The word that tells of a duration in the past.
        whole_periods: Patterns of durations without a number, only where it is plain that one is meant: "twenty a
            month" is a rate.
        near_days: Words for days near today, with their distance.
        weekday: Pattern of a weekday, which it calls ``name``.
        weekdays: 0 for Monday.
        months: Names of months.
        dates: Patterns of dates besides ISO 8601, with ``day``, ``month`` and ``year``.
        at: Pattern of what makes a number an hour.
        hours: Words for hours.
        halves: Of the day, as ``am``, ``pm`` or ``noon``.
        no_hour: Pattern of what may not follow an hour.
    """

    article: str = ""
    prefix: str = ""
    numbers: Mapping[str, int]
    joint: str
    currencies: Mapping[str, str]
    percent: tuple[str, ...]
    units: Mapping[str, Unit]
    ago: str
    whole_periods: Mapping[str, tuple[int, Unit]]
    near_days: Mapping[str, int]
    weekday: str
    weekdays: Mapping[str, int]
    months: Mapping[str, int]
    dates: tuple[str, ...]
    at: str
    hours: Mapping[str, int]
    halves: Mapping[str, Literal["am", "pm", "noon"]]
    no_hour: str


def one_of(words: Iterable[str]) -> str:
    """The pattern of any of some words, the longest first."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


_LAST_HOUR = 12
_CODES = {"usd": "USD", "eur": "EUR", "gbp": "GBP", "ils": "ILS", "nis": "ILS"}


def _english() -> Words:
    small = [
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ]
    tens = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    numbers = {word: value for value, word in enumerate(small, start=1)}
    names = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
    months = {word: number for number, name in enumerate(names, start=1) for word in (name, name[:3])}
    weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    month, year = rf"(?P<month>{one_of(months)})\b\.?", r"(?:,? (?P<year>20\d\d)\b)?"
    return Words(
        numbers=numbers | {word: value for value, word in zip(range(30, 100, 10), tens, strict=True)},
        joint="[ -]",
        currencies={"dollars?": "USD", "euros?": "EUR", "shekels?": "ILS"} | _CODES,
        percent=("percent", "per cent"),
        units={
            "hour": "hour",
            "hours": "hour",
            "day": "day",
            "days": "day",
            "week": "week",
            "weeks": "week",
            "month": "month",
            "months": "month",
            "year": "year",
            "years": "year",
        },
        ago="ago",
        whole_periods={
            r"\bhalf (?:a |the )?year\b": (6, "month"),
            r"\b(?:for|in|within) (?:an|the) hour\b": (1, "hour"),
            r"\b(?:for|in|within) a day\b": (1, "day"),
            r"\b(?:for|in|within) (?:a|the next) week\b": (1, "week"),
            r"\b(?:for|in|within) (?:a|the next) month\b": (1, "month"),
            r"\b(?:for|in|within) (?:a|the next|the coming) year\b": (1, "year"),
        },
        near_days={
            "the day after tomorrow": 2,
            "tomorrow": 1,
            "today": 0,
            "this morning": 0,
            "this afternoon": 0,
            "this evening": 0,
        },
        weekday=rf"\b(?P<name>{one_of(weekdays)})\b",
        weekdays={name: number for number, name in enumerate(weekdays)},
        months=months,
        dates=(
            rf"\b{month} (?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?\b(?!:\d){year}",
            rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)? (?:of )?{month}{year}",
        ),
        at=r"\b(?:at|by|before|until) ",
        hours={word: value for word, value in numbers.items() if value <= _LAST_HOUR} | {"noon": _LAST_HOUR},
        halves={
            "am": "am",
            "a.m.": "am",
            "in the morning": "am",
            "pm": "pm",
            "p.m.": "pm",
            "in the afternoon": "pm",
            "in the evening": "pm",
        },
        no_hour=r"minutes|thirty|st\b|nd\b|rd\b|th\b|of ",
    )


def _hebrew() -> Words:
    ones = {
        "אחד": 1,
        "אחת": 1,
        "שניים": 2,
        "שתיים": 2,
        "שני": 2,
        "שתי": 2,
        "שלושה": 3,
        "שלוש": 3,
        "שלושת": 3,
        "ארבעה": 4,
        "ארבע": 4,
        "חמישה": 5,
        "חמשה": 5,
        "חמש": 5,
        "שישה": 6,
        "ששה": 6,
        "שש": 6,
        "שבעה": 7,
        "שבע": 7,
        "שמונה": 8,
        "תשעה": 9,
        "תשע": 9,
        "עשרה": 10,
        "עשר": 10,
    }
    teens = {
        f"{one} {ten}": 10 + value
        for one, value in (ones | {"שנים": 2, "שתים": 2}).items()
        for ten in ("עשר", "עשרה")
        if ones["עשר"] > value
    }
    tens = ("עשרים", "שלושים", "ארבעים", "חמישים", "שישים", "שבעים", "שמונים", "תשעים")
    names = (
        "ינואר",
        "פברואר",
        "מרץ",
        "אפריל",
        "מאי",
        "יוני",
        "יולי",
        "אוגוסט",
        "ספטמבר",
        "אוקטובר",
        "נובמבר",
        "דצמבר",
    )
    months = {name: number for number, name in enumerate(names, start=1)} | {"מרס": 3}
    weekdays = {"שני": 0, "שלישי": 1, "רביעי": 2, "חמישי": 3, "שישי": 4, "שבת": 5, "ראשון": 6}
    letters = {"ב'": 0, "ג'": 1, "ד'": 2, "ה'": 3, "ו'": 4, "א'": 6}
    prefix, lasting = r"\b[ובלמהשכ]{0,2}-?", r"\b(?:למשך|תוך|בתוך|בעוד|עוד) "
    given = r"(?:%|\b(?:הנחה|פחות|אחוזים|אחוז|הקפאה|הפסקה|השהיה)) "
    return Words(
        article="ה",
        prefix=r"(?:[ובלמהשכ]{1,2}-?)?",
        numbers=ones | teens | {word: value for value, word in zip(range(20, 100, 10), tens, strict=True)},
        joint=" ו",
        currencies={
            "שקלים": "ILS",
            "שקל": "ILS",
            'ש"ח': "ILS",
            "דולרים?": "USD",
            "דולר": "USD",
            "יורו": "EUR",
        }
        | {"אירו": "EUR", "שח": "ILS"}
        | _CODES,
        percent=("אחוזים", "אחוז"),
        units={
            "שעה": "hour",
            "שעות": "hour",
            "ימים": "day",
            "שבועות": "week",
            "חודשים": "month",
            "חודשי": "month",
            "החודשים": "month",
            "חודש": "month",
            "שנים": "year",
            "שנה": "year",
        },
        ago="לפני",
        whole_periods={
            rf"{prefix}חצי ה?שנה\b": (6, "month"),
            rf"{prefix}שעתיים\b": (2, "hour"),
            rf"{prefix}יומיים\b": (2, "day"),
            rf"{prefix}שבועיים\b": (2, "week"),
            rf"{prefix}חודשיים\b": (2, "month"),
            rf"{prefix}שנתיים\b": (2, "year"),
            rf"{lasting}שעה\b": (1, "hour"),
            rf"{lasting}יום\b": (1, "day"),
            rf"{lasting}שבוע\b|{prefix}שבוע אחד\b": (1, "week"),
            rf"{lasting}חודש\b|{prefix}חודש אחד\b|{given}לחודש\b|לחודש הקרוב\b": (1, "month"),
            rf"{lasting}שנה\b|{prefix}שנה אחת\b|{given}לשנה\b|לשנה הקרובה\b": (1, "year"),
        },
        near_days={"מחרתיים": 2, "מחר": 1, "היום": 0},
        weekday=rf"(?:\b[ובלמהש]{{0,2}}יום |\bב(?=שבת))(?P<name>{one_of(weekdays | letters)})(?!\w)",
        weekdays=weekdays | letters,
        months=months,
        dates=(
            rf"(?<![\d.,])(?P<day>\d\d?) (?:[בל]-?)?(?P<month>{one_of(months)})\b(?: (?P<year>20\d\d)\b)?",
            r"(?<![\d.,])(?P<day>\d\d?)[./](?P<month>\d\d?)[./](?P<year>20\d\d)\b",
            (
                r"(?:\b[ובלמה]{1,2}-?|\bעד |\bיום )(?P<day>\d\d?)[./](?P<month>\d\d?)(?P<year>(?!))?"
                r"(?![\d%./]| ?(?:₪|שקל|ש\"ח|אחוז|\$|לחודש|בחודש))"
            ),
        ),
        at=r"\b(?:בשעה |עד השעה |עד |לפני |ב-?)",
        hours={word: value for word, value in (ones | teens).items() if value <= _LAST_HOUR},
        halves={"בבוקר": "am", "בצהריים": "noon", "אחר הצהריים": "pm", 'אחה"צ': "pm", "בערב": "pm"},
        no_hour=rf"[בל]-?{one_of(months)}|[בל]חודש|דקות|ימים|איש|ו?חצי|ורבע",
    )


WORDS: Mapping[Literal["en", "he"], Words] = {"en": _english(), "he": _hebrew()}
"""By code of the language."""
