"""
Amounts, durations and times in what a seller typed.

Only what plainly stands there is taken: an amount has a currency, a day has a name or a month, an hour is plain, and
where two of a kind stand the slot stays empty. Which number is meant is asked then, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, time
from decimal import Decimal
from functools import partial
from typing import Any, Literal, TypeVar

import attrs

from retainsdk.action import Claim, MoveKind
from retainsdk.customer.partial_date import PartialDate
from retainsdk.quantities import Money
from retainsim.training.typed.claims import claims
from retainsim.training.typed.slot_words import WORDS, Unit, Words, one_of

__all__ = ["Period", "Slots", "Unit", "slots_for"]

Found = TypeVar("Found")

_WHOLE = 100
_NOON = 12
_FIRST_PLAIN_HOUR = 9
"""At ten is in the morning and at 14 in the afternoon, but nobody knows of eight."""


@attrs.frozen
class Period:
    """A length of time: for how long, or how long until."""

    count: int
    unit: Unit


@attrs.frozen(kw_only=True)
class Slots:
    """
    What the words of one move say.

    Attributes:
        money: An amount with its currency.
        percent: Of a discount, above 0 to 100.
        period: How long a discount or a pause lasts, or within which a promise is kept.
        in_days: Days from today: 0 for today, 1 for tomorrow.
        day: Of the calendar, with its year where one was named.
        weekday: 0 for Monday to 6 for Sunday.
        at: The hour. One without morning or afternoon counts from 9 to 12 and from 13 on.
        package: Which of those on offer is proposed, 0 the first.
        claim: What is said of all competitors.
    """

    money: Money | None = None
    percent: Decimal | None = None
    period: Period | None = None
    in_days: int | None = None
    day: PartialDate | None = None
    weekday: int | None = None
    at: time | None = None
    package: int | None = None
    claim: Claim | None = None

    def off(self, monthly_fee: int, currency: str) -> int:
        """A discount a month, minor units; 0 where none is plain, or it is in another currency."""
        if self.percent is not None:
            return int(self.percent * monthly_fee / _WHOLE)
        return self.money.minor if self.money is not None and self.money.currency == currency else 0

    @property
    def months(self) -> int:
        """For how many whole months something lasts; 0 where that is not plain."""
        return 0 if self.period is None else self.period.count * _MONTHS.get(self.period.unit, 0)

    def days_from(self, today: date) -> int | None:
        """In how many days something is to be; none where nothing says so, or two things differ."""
        told = {
            self.in_days,
            None if self.period is None else _days_of(self.period),
            None if self.weekday is None else (self.weekday - today.weekday() - 1) % _WEEK + 1,
            None if self.day is None else _days_until(self.day, today),
        } - {None}
        return told.pop() if len(told) == 1 else None


_MONTHS: Mapping[Unit, int] = {"month": 1, "year": 12}
_WEEK = 7
_DAYS: Mapping[Unit, int] = {"day": 1, "week": _WEEK, "month": 30}


def _days_of(period: Period) -> int | None:
    return period.count * _DAYS[period.unit] if period.unit in _DAYS else None


def _days_until(day: PartialDate, today: date) -> int | None:
    """Until the next such day."""
    for year in (today.year, today.year + 1) if day.year is None else (day.year,):
        left = (day.in_year(year) - today).days
        if left >= 0:
            return left
    return None


_WHEN = ("period", "in_days", "day", "weekday", "at")
_ROOM: Mapping[MoveKind, tuple[str, ...]] = {
    MoveKind.OFFER_DISCOUNT: ("money", "percent", "period"),
    MoveKind.PROPOSE_FIT: ("package",),
    MoveKind.OFFER_PAUSE: ("period", "day"),
    MoveKind.COMPARE_COMPETITOR: ("claim",),
    MoveKind.PROMISE_FOLLOW_UP: _WHEN,
    MoveKind.RELEASE: ("in_days", "day", "weekday"),
}
"""What a move has room for: the six years of "you have been with us six years" are no offer."""

_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "₪": "ILS"}
_DIGITS = r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?(?!\d|[.,]\d)"
_POINTS_AND_MARKS = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "׳": "'", "״": '"', "“": '"', "”": '"', "־": "-", "–": "-", "—": "-"}
)


def slots_for(
    move: MoveKind, text: str, language: Literal["en", "he"], *, packages: Sequence[str] = ()
) -> Slots:
    """
    What a text says, as far as a move has room for it.

    Args:
        move: Which the text makes.
        text: As it was typed.
        language: Of it.
        packages: Names of those on offer.

    >>> found = slots_for(MoveKind.OFFER_DISCOUNT, "I can give you 20% off for six months.", "en")
    >>> found.percent, found.period
    (Decimal('20'), Period(count=6, unit='month'))
    >>> slots_for(MoveKind.PROMISE_FOLLOW_UP, "אחזור אלייך ביום ראשון בשעה 14:00", "he").at
    datetime.time(14, 0)
    >>> slots_for(MoveKind.PROPOSE_FIT, "The basic one is enough.", "en", packages=["the basic plan", "the full plan"]).package
    0
    """
    words, plain = WORDS[language], _plain(text)
    found: dict[str, Callable[[str, Words], Iterator[Any]]] = {
        "money": _money,
        "percent": _percents,
        "period": _periods,
        "in_days": _near_days,
        "day": _days,
        "weekday": _weekdays,
        "at": _hours,
        "package": partial(_packages, named=packages),
        "claim": lambda text, _: claims(text, language),
    }
    return Slots(**{name: _the_one(found[name](plain, words)) for name in _ROOM.get(move, ())})


def _plain(text: str) -> str:
    """Lower case and straight signs, without vowel points and marks of direction."""
    return " ".join(_POINTS_AND_MARKS.sub("", text.lower().translate(_STRAIGHT)).split())


def _the_one(found: Iterator[Found]) -> Found | None:
    """What stands there; none where nothing does, or two that differ."""
    different = list(dict.fromkeys(found))
    return different[0] if len(different) == 1 else None


def _number(words: Words) -> str:
    some = one_of(words.numbers)
    return rf"(?:{_DIGITS}|(?<!\w){words.prefix}(?:{some}(?:{words.joint}{some})?)(?!\w))"


def _value(number: str, words: Words) -> Decimal:
    if number[-1].isdigit():
        return Decimal(number.replace(",", ""))
    some = one_of(words.numbers)
    found = re.fullmatch(rf"{words.prefix}({some})(?:{words.joint}({some}))?", number)
    assert found is not None  # noqa: S101 # the same pattern has found it
    return Decimal(sum(words.numbers[word] for word in found.groups() if word is not None))


def _money(text: str, words: Words) -> Iterator[Money]:
    sign, name = "[$€£₪]", one_of(words.currencies)
    for each in re.finditer(rf"({sign}) ?({_DIGITS})|({_number(words)}) ?(?:({sign})|({name})(?!\w))", text):
        before, behind, number, after, called = each.groups()
        if called is None:
            yield Money(_value(behind or number, words), _SIGNS[before or after])
        else:
            codes = (code for pattern, code in words.currencies.items() if re.fullmatch(pattern, called))
            yield Money(_value(number, words), next(codes))


def _percents(text: str, words: Words) -> Iterator[Decimal]:
    for each in re.finditer(rf"({_number(words)}) ?(?:%|{one_of(words.percent)}(?!\w))", text):
        value = _value(each[1], words)
        if 0 < value <= _WHOLE:
            yield value


def _periods(text: str, words: Words) -> Iterator[Period]:
    for each in re.finditer(rf"({_number(words)})[ -]({one_of(words.units)})(?!\w)", text):
        value = _value(each[1], words)
        if value == int(value) and value > 0 and not _is_past(each, words):
            yield Period(int(value), words.units[each[2]])
    for pattern, (count, unit) in words.whole_periods.items():
        for each in re.finditer(pattern, text):
            if not _is_past(each, words):
                yield Period(count, unit)


def _is_past(found: re.Match[str], words: Words) -> bool:
    before, after = found.string[: found.start()].split()[-1:], found.string[found.end() :].split()[:1]
    return words.ago in {*before, *(word.strip(".,?!") for word in after)}


def _near_days(text: str, words: Words) -> Iterator[int]:
    for each in re.finditer(rf"(?<!\w){words.prefix}({one_of(words.near_days)})(?!\w)", text):
        yield words.near_days[each[1]]


def _weekdays(text: str, words: Words) -> Iterator[int]:
    for each in re.finditer(words.weekday, text):
        yield words.weekdays[each["name"]]


def _days(text: str, words: Words) -> Iterator[PartialDate]:
    iso = r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"
    for pattern in (iso, *words.dates):
        for each in re.finditer(pattern, text):
            month, year = each["month"], each["year"]
            number = words.months[month] if month in words.months else int(month)
            with suppress(ValueError):  # a slip of the pen: there is no such day
                yield PartialDate(number, int(each["day"]), None if year is None else int(year))


def _hours(text: str, words: Words) -> Iterator[time]:
    halves = one_of(map(re.escape, words.halves))
    other = "|".join(
        (words.no_hour, *map(one_of, (words.units, words.percent, words.currencies, words.months)))
    )
    pattern = (
        rf"(?<![\w.,:$€£₪/])(?P<lead>{words.at})?(?P<hour>\d\d?|{one_of(words.hours)})(?::(?P<minute>\d\d))?"
        rf"(?: ?(?P<half>{halves}))?(?![\w%:/]|[.,]\d|[ -](?:{other})| ?[$€£₪])"
    )
    for each in re.finditer(pattern, text):
        hour, minute, half = each["hour"], each["minute"], words.halves.get(each["half"] or "")
        value = int(hour) if hour.isdigit() else words.hours[hour]
        if not (each["lead"] or minute or half):
            continue
        if half is not None and value <= _NOON:
            value = _in_half(value, half)
        elif value < _FIRST_PLAIN_HOUR and not hour.startswith("0"):
            continue  # in the morning or in the evening?
        with suppress(ValueError):  # 25:00
            yield time(value, int(minute or 0))


def _packages(text: str, words: Words, *, named: Sequence[str]) -> Iterator[int]:
    """By what tells their names apart: of "the basic package", "basic"."""
    names = [_plain(name).split() for name in named]
    article = f"(?:{words.article})?"
    for place, name in enumerate(names):
        own = [word for word in name if sum(word in other for other in names) == 1]
        patterns = [
            rf"(?<!\w){words.prefix}{article}{re.escape(word.removeprefix(words.article))}(?!\w)"
            for word in own
        ]
        if own and all(re.search(pattern, text) for pattern in patterns):
            yield place


def _in_half(hour: int, half: Literal["am", "pm", "noon"]) -> int:
    if half == "am":
        return hour % _NOON
    return hour % _NOON + _NOON if half == "pm" or hour < _FIRST_PLAIN_HOUR or hour == _NOON else hour
