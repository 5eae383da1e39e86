"""
Money, months counted from a start, and times by a wall clock: the quantities that go wrong most often.

>>> Money("29.85", "USD") + Money("0.15", "USD")
Money('30.00', 'USD')
>>> months_later(date(2026, 1, 31), 1)
datetime.date(2026, 2, 28)
>>> months_later(date(2026, 1, 31), 2)
datetime.date(2026, 3, 31)
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Context, Decimal, DecimalException, Inexact, InvalidOperation
from functools import cache, lru_cache, total_ordering
from zoneinfo import ZoneInfo

import attrs

from retainsdk.errors import MoneyError, ZoneError

FIRST_YEAR, LAST_YEAR = 1800, 2999
"""Between these a book knows days: what lies beyond is a slip of the pen, or was meant as "for ever"."""

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD
    LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK
    PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
"""Codes of ISO 4217 that are money in somebody's pocket; funds and metals are left out."""

_DIGITS = (
    dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    )
    | dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3)
    | dict.fromkeys(("CLF", "UYW"), 4)
)
_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])  # a sum that had to be rounded is not a sum
_ROUNDING = Context(prec=60, traps=[InvalidOperation])  # in whatever precision the host reckons


@cache
def _unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_digits(currency))


def minor_digits(currency: str) -> int:
    """How many digits the smallest unit of a currency stands behind the point: 2 for most."""
    return _DIGITS.get(currency, 2)


@total_ordering
@attrs.frozen(init=False, repr=False)
class Money:
    """
    An exact amount of one currency.

    The amount is kept in one form, so equal money is written the same: ``2.5`` dollars are ``2.50``.

    Args:
        amount: A decimal number, as ``Decimal``, ``int`` or text. A float is refused, because ``0.1`` is not a tenth.
        currency: ISO 4217 code.

    Raises:
        MoneyError: For a float, something that is no finite number, or an unknown currency.

    >>> Money("2.5", "USD")
    Money('2.50', 'USD')
    """

    amount: Decimal
    currency: str

    def __init__(self, amount: Decimal | int | str, currency: str) -> None:
        if currency not in CURRENCIES:
            msg = f"{currency!r} is not a currency of ISO 4217. Write its code, like 'EUR'."
            raise MoneyError(msg)
        self.__attrs_init__(_canonical(amount, currency), currency)

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Money:
        """So many of the smallest unit: ``from_minor(2985, "USD")`` is 29.85 dollars."""
        return cls(_EXACT.scaleb(Decimal(minor), -minor_digits(currency)), currency)

    @property
    def minor(self) -> int:
        """
        The amount in the smallest unit of the currency.

        Raises:
            MoneyError: When it is not a whole number of them.
        """
        scaled = self.amount.scaleb(minor_digits(self.currency), _EXACT)
        if not self.amount.same_quantum(_unit(self.currency)):
            digits = minor_digits(self.currency)
            msg = f"{self} has more than {digits} digits behind the point, hence nobody can pay it. Round it first."
            raise MoneyError(msg)
        return int(scaled)

    def rounded(self) -> Money:
        """The nearest amount that can be paid, halves to the even one."""
        unit = Decimal(1).scaleb(-minor_digits(self.currency))
        return Money(self.amount.quantize(unit, ROUND_HALF_EVEN, _ROUNDING), self.currency)

    def allocated(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """
        Shares in proportion to whole-number weights, which add up to exactly this amount.

        What is left over after rounding down goes, one smallest unit each, to the largest remainders, the
        first of equals first.

        Raises:
            MoneyError: For a negative weight, weights that are all zero, or an amount of fractions of a unit.

        >>> Money("100.00", "USD").allocated([1, 1, 1])
        (Money('33.34', 'USD'), Money('33.33', 'USD'), Money('33.33', 'USD'))
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            msg = (
                f"cannot allocate by {list(weights)}: weights are whole numbers, none negative, not all zero"
            )
            raise MoneyError(msg)
        sign, minor = (-1, -self.minor) if self.minor < 0 else (1, self.minor)
        shares = [minor * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: -(minor * weights[i] % total))
        for place in by_remainder[: minor - sum(shares)]:
            shares[place] += 1
        return tuple(Money.from_minor(sign * share, self.currency) for share in shares)

    def __add__(self, other: object) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return self._computed("add", self.amount, self._same(other))

    def __sub__(self, other: object) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return self._computed("subtract", self.amount, self._same(other))

    def __mul__(self, factor: object) -> Money:
        if isinstance(factor, float):
            msg = f"money times {factor}: a float is not exact. Use a Decimal or an int."
            raise MoneyError(msg)
        if not isinstance(factor, int | Decimal):
            return NotImplemented
        return self._computed("multiply", self.amount, Decimal(factor))

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(self.amount.copy_negate(), self.currency)  # a minus sign would round as the host has set

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount < self._same(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount:,f} {self.currency}"

    def __repr__(self) -> str:
        return f"Money('{self.amount:f}', {self.currency!r})"

    def _same(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            msg = f"{self} and {other} are of different currencies. Convert one of them first."
            raise MoneyError(msg)
        return other.amount

    def _computed(self, operation: str, left: Decimal, right: Decimal) -> Money:
        try:
            return Money(getattr(_EXACT, operation)(left, right), self.currency)
        except DecimalException as error:
            msg = f"cannot {operation} {left} and {right} exactly: more than {_EXACT.prec} digits"
            raise MoneyError(msg) from error


def total(moneys: Iterable[Money], currency: str) -> Money:
    """The sum of moneys of one currency; zero of it when there are none."""
    nothing = _nothing(currency)
    amount = nothing.amount
    for money in moneys:
        amount = _EXACT.add(amount, nothing._same(money))  # noqa: SLF001 # one Money for all of them
    return Money(amount, currency) if amount else nothing


@cache
def _nothing(currency: str) -> Money:
    return Money(0, currency)


def minor_units(amount: Decimal, currency: str) -> int:
    """An amount in the smallest unit of a currency, rounded to the nearest, halves to the even one."""
    return int(amount.scaleb(minor_digits(currency)).to_integral_value(ROUND_HALF_EVEN))


def _canonical(amount: object, currency: str) -> Decimal:
    if isinstance(amount, bool) or not isinstance(amount, Decimal | int | str):
        msg = f"{amount!r} is not an exact amount of money. Pass a Decimal, an int or a text like '29.85'."
        raise MoneyError(msg)
    try:
        value = Decimal(amount)
        if not value.is_finite():
            raise InvalidOperation
        if value.same_quantum(_unit(currency)):  # the common case, ready made
            return value or abs(value)  # no negative zero
        digits = minor_digits(currency)
        shortest = value.normalize(_EXACT)
        exponent = shortest.as_tuple().exponent
        unit = Decimal(1).scaleb(-max(digits, -int(exponent)))
        return shortest.quantize(unit, context=_EXACT) if value else Decimal(0).quantize(unit)
    except DecimalException as error:
        msg = f"{amount!r} is not an amount of money. Write it like 29.85."
        raise MoneyError(msg) from error


def days_later(at: datetime, days: int, zone: tzinfo) -> datetime:
    """
    The same time of day so many days later by the clocks of a zone, or before, whether or not they were changed meanwhile.

    >>> from datetime import UTC
    >>> days_later(datetime(2026, 3, 26, 8, tzinfo=UTC), 2, ZoneInfo("Asia/Jerusalem")).isoformat()
    '2026-03-28T07:00:00+00:00'
    """
    return (at.astimezone(zone) + timedelta(days=days)).astimezone(at.tzinfo)


@lru_cache(maxsize=65536)
def months_later(start: date, months: int) -> date:
    """
    The day so many months after *start*, or before it; the last day of the month when it has no such day.

    Always count from the start in one step: two steps lose days at the ends of months.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = start.day
    if day > _IN_EVERY_MONTH:
        day = min(day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day)


_IN_EVERY_MONTH = 28


@lru_cache(maxsize=65536)
def whole_months(start: date, on: date) -> int:
    """
    How many months after *start* have passed on a day; negative before it.

    >>> whole_months(date(2026, 1, 31), date(2026, 2, 28)), whole_months(date(2026, 1, 31), date(2026, 3, 30))
    (1, 1)
    """
    months = calendar_months(start, on)
    return months - 1 if months_later(start, months) > on else months


def calendar_months(earlier: date, later: date) -> int:
    """How many times the calendar month changes between two days, whatever their days in it."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


@attrs.frozen
class LocalTime:
    """
    What a wall clock shows somewhere: the time a customer was promised, whatever becomes of offsets.

    Args:
        wall: A datetime without zone.
        zone: IANA name.

    Raises:
        ZoneError: When *wall* has a zone of its own, or the zone is not known.

    >>> LocalTime(datetime(2026, 3, 29, 10), "Asia/Jerusalem").instant.isoformat()
    '2026-03-29T10:00:00+03:00'
    """

    wall: datetime = attrs.field()
    zone: str = attrs.field()

    @wall.validator
    def _refuse_aware(self, _: object, wall: datetime) -> None:
        if wall.tzinfo is not None:
            raise ZoneError(
                wall.isoformat(), "has a zone of its own", "Give what the wall clock shows, without one."
            )

    @zone.validator
    def _refuse_unknown(self, _: object, zone: str) -> None:
        try:
            ZoneInfo(zone)
        except (KeyError, OSError, ValueError):
            rule = "is no zone of the IANA database"
            raise ZoneError(zone, rule, "Name one like 'Asia/Jerusalem'.") from None

    @property
    def instant(self) -> datetime:
        """When that is; of two such times in autumn the first, a time left out in spring as if the clock had not moved."""
        return self.wall.replace(tzinfo=ZoneInfo(self.zone))

    def __str__(self) -> str:
        return f"{self.wall:%Y-%m-%d %H:%M} {self.zone}"
