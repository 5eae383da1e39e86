"""
One person of the market: the columns the engine keeps, in the layout the law reads.

`FIELDS` is the one table. From it come the NumPy type of the engine's array and the C structure through which
plain Python reads and writes the very same memory: a load gives an ordinary number, a store rounds, exactly as
in compiled code. A row has 128 bytes, two lines of a processor's cache, so what needs little room gets little:
shares in hundredths, counts in a byte that stops at 255. The law reads and writes those through
`law.arithmetic`, never bare, so nothing wraps round.
"""

from __future__ import annotations

import ctypes
from enum import IntEnum, IntFlag
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

OURS = 0
"""The firm a policy acts for; competitors follow, and the number after the last firm means no service."""
GONE = -1
"""In place of a firm: somebody whose further life nobody follows."""


class Need(IntEnum):
    """What has become of a person's need for the service."""

    THERE = 0
    ENDED = 1
    PAUSED = 2


class Modifier(IntFlag):
    """What makes a customer worth more, or less, than what he pays."""

    CRITIC = 1
    CAT_AND_DOG = 2


class Contact(IntFlag):
    """People of an organisation who know us, one bit each; whoever has no bit is not there, or no friend of ours yet."""

    CHAMPION = 1
    DECIDER = 2
    INFLUENCER = 4
    USER = 8
    BLOCKER = 16


class ContractKind(IntEnum):
    """Contracts as the market tells them apart; the view shows `TermKind` and months."""

    MONTH_TO_MONTH = 0
    ONE_YEAR = 1
    TWO_YEARS = 2


@attrs.frozen
class Field:
    """
    One column of the market.

    Attributes:
        name: As the law reads it.
        ctype: Its type in memory.
        channel: What a firm could know of its customers is *observed*; what only the world knows is *truth*.
        meaning: With range.
        unit: What a stored 1 stands for, where it is not 1: a fraction kept as a small whole number.
    """

    name: str
    ctype: Any
    channel: Literal["observed", "truth"]
    meaning: str
    unit: float = 1.0


_f4, _i4, _i2, _i1, _u1 = ctypes.c_float, ctypes.c_int32, ctypes.c_int16, ctypes.c_int8, ctypes.c_uint8
NEVER = -30_000
"""A day that never was."""
NO_TREND = -128
"""In place of a trend of use: the month before was of another package, or there was none."""
MOST_MONTHS = 900
"""The longest life of a market: days are kept in 16 bits."""
FURTHEST_DAY = 3_000
"""How far from the start of the market a book's days may lie; what is further is put there."""

FIELDS = (
    Field("key", ctypes.c_uint64, "observed", "identity; keys all of the person's chance"),
    Field("value_to_date", ctypes.c_int64, "observed", "paid to us so far, minor units"),
    Field("monthly_fee", _i4, "observed", "per month before discount, minor units; without a contract what is usually spent"),
    Field("discount", _i4, "observed", "per month, minor units; of a former customer: open to him if he returns"),
    Field("concession_cost", _i4, "observed", "of all concessions so far, minor units"),
    Field("need", _f4, "truth", "amount of service needed, on the scale of packages"),
    Field("satisfaction", _f4, "truth", "with the present firm, -1 to 1"),
    Field("trust", _f4, "truth", "in us, -1 to 1; it outlives the relationship"),
    Field("hurt", _f4, "truth", "left of recent failures, 0 to 1"),
    Field("fatigue", _f4, "truth", "from being contacted, 0 up"),
    Field("attention", _f4, "truth", "how present we are to the person, 0 to 1"),
    Field("reference", _f4, "truth", "price the person thinks right, as a share of the list price"),
    Field("habit", _f4, "truth", "of getting concessions, 0 to 1"),
    # days count from the start of the market; months too
    Field("lock_end_day", _i2, "observed", "day from which the person is free of the present firm; of a leaver without service, never bound since, NEVER"),
    Field("contact_day", _i2, "observed", "last day in touch with us"),
    Field("survey_day", _i2, "observed", "day of the last answer to a survey"),
    Field("left_day", _i2, "observed", "day the person left us"),
    Field("promise_due_day", _i2, "observed", "day our open promise falls due"),
    Field("discount_until", _i2, "observed", "month in which the discount ends; of a former customer: months it would hold"),
    Field("paused_until", _i2, "observed", "month in which a pause of service ends"),
    Field("tenure", _i2, "observed", "months of service with us; of a leaver, until he left"),
    Field("price_taste", _i2, "truth", "weight of the price, utility per share of the reference price", 0.001),
    Field("quality_taste", _i2, "truth", "weight of a firm's quality, utility per unit", 0.001),
    Field("commitment", _i2, "truth", "utility of staying that the person brings along: habit, ties, dislike of change", 0.001),
    Field("woken", _i2, "truth", "added chance to deliberate this month because we stirred the person", 0.0001),
    Field("usage", _u1, "observed", "use last month as a share of the package", 0.01),
    Field("usage_trend", _i1, "observed", "the same less that of the month before; -128 where that was of another package", 0.01),
    Field("package", _u1, "observed", "size of the package, 1 is usual", 0.01),
    Field("survey_score", _u1, "observed", "last answer, 0 to 10", 0.1),
    Field("contacts_recent", _u1, "observed", "contacts by us, halved every month", 0.03125),
    Field("signals_recent", _u1, "observed", "signals by our departments, halved every month", 0.03125),
    Field("voice", _u1, "truth", "inclination to complain and to threaten rather than go silently, 0 to 1", 0.01),
    Field("assertive", _u1, "truth", "inclination to object to what does not suit, 0 to 1", 0.01),
    Field("regret", _u1, "truth", "of what was sold and does not suit, 0 to 1", 0.01),
    Field("promises_kept", _u1, "observed", "count, ever"),
    Field("promises_warned", _u1, "observed", "count, ever"),
    Field("promises_broken", _u1, "observed", "count, ever"),
    Field("complaints", _u1, "observed", "count, ever"),
    Field("threats", _u1, "observed", "count, ever"),
    Field("offers_made", _u1, "observed", "count, ever"),
    Field("offers_accepted", _u1, "observed", "count, ever"),
    Field("begun", _u1, "observed", "times the person became our customer"),
    Field("rate", _u1, "observed", "visits a month that are usual with the person, where there are no contracts", 0.05),
    Field("modifiers", _u1, "truth", "bits of Modifier"),
    Field("committee", _u1, "observed", "bits of Contact: of an organisation, who is there for us"),
    Field("firm", _i1, "observed", "present firm; the number of firms means none"),
    Field("contract", _i1, "observed", "code of ContractKind"),
    Field("products", _i1, "observed", "services taken"),
    Field("kind", _i1, "observed", "code of retainsdk.view.Kind"),
    Field("senior", _i1, "observed", "1 yes, 0 no, -1 unknown"),
    Field("household_size", _i1, "observed", "persons at least, -1 unknown"),
    Field("origin", _i1, "observed", "code of retainsdk.view.Origin, -1 unknown"),
    Field("consent", _i1, "observed", "one bit a purpose, in the order of CONSENT_PURPOSES"),
    Field("complaints_open", _i1, "observed", "count"),
    Field("stated_reason", _i1, "observed", "code of Reason, -1 when none was ever stated"),
    Field("ended_well", _i1, "observed", "1 when the last ending was complete"),
    Field("true_reason", _i1, "truth", "code of Reason, -1 when none"),
    Field("need_state", _i1, "truth", "code of Need"),
    Field("need_pause", _i1, "truth", "months a paused need stays away"),
    Field("apologies", _i1, "truth", "apologies since the last failure"),
    Field("leaning", _i1, "truth", "firm to which a person threatens to go, until that is settled; ours when he does not mean it, -1 when there is no threat"),
    Field("marks", _u1, "observed", "one bit a fact: see `law.names`"),
    Field("benefit", _u1, "observed", "months for which a benefit given once is still in force"),
    Field("tier", _i1, "observed", "rank in our programme for regulars, 0 to 3"),
    Field("event", _i1, "observed", "a life event of the last three months, 4 times its kind and the months it is fresh; 0 none"),
    Field("cohort", _i1, "observed", "contract kind at the start of those ours at the start and ever since; -1 others"),
    Field("member", _i1, "observed", "place in the person's circle, from 0"),
    Field("circle", _i1, "observed", "persons in it: they stand one after the other and talk of us to each other"),
    Field("referrer", _i1, "observed", "member of the circle whose word brought the person, -1 none"),
)  # fmt: skip
"""Widest first, so that there is no gap between columns; what is left of a row is at its end."""

WITHOUT_CONTRACT = (
    ("visit_day", "lock_end_day", "last day on which the person bought of us"),
    (
        "visits",
        "paused_until",
        "purchases in each of the last three months, the latest in the lowest five bits",
    ),
)
"""
Where nobody is bound, nobody is free on some day and no service is paused: the same bytes hold what is known there instead.

A market is of one kind or the other for good, as its preset says; both names read and write the same memory.
"""

ROW_BYTES = 128
USED_BYTES = sum(ctypes.sizeof(field.ctype) for field in FIELDS)


class Row(ctypes.Structure):
    """The C structure of one person; `rows` gives them over the memory of the engine's array."""

    _fields_ = [(field.name, field.ctype) for field in FIELDS]


for _name, _like, _ in WITHOUT_CONTRACT:
    setattr(Row, _name, getattr(Row, _like))

_LIKE = {name: like for name, like, _ in WITHOUT_CONTRACT}
_NAMES = (*(field.name for field in FIELDS), *_LIKE)
_FIELDS = {field.name: field for field in FIELDS}

ROW_DTYPE = np.dtype(
    {
        "names": list(_NAMES),
        "formats": [np.dtype(_FIELDS[_LIKE.get(name, name)].ctype) for name in _NAMES],
        "offsets": [getattr(Row, name).offset for name in _NAMES],
        "itemsize": ctypes.sizeof(Row),
    }
)
"""The NumPy type of the same."""

People = NDArray[np.void]
Person: TypeAlias = Any
"""A row: a record when compiled, a C structure in plain Python; neither has a type that can be named."""


def rows(people: People) -> ctypes.Array[Person]:
    """The same memory, row by row, for plain Python."""
    return (Row * len(people)).from_buffer(people.view(np.uint8))  # type: ignore[arg-type,unused-ignore] # a buffer, which 3.11 cannot say


def room_for(count: int) -> People:
    """Memory for so many people, to be filled at once."""
    return np.zeros(count, dtype=ROW_DTYPE)


def whole(people: People) -> NDArray[np.void]:
    """The same memory as rows without columns: NumPy copies those at once, and not column by column."""
    return people.view(np.dtype((np.void, ROW_BYTES)))


def nobody(count: int) -> People:
    """People about whom nothing has happened yet, each in a circle of his own."""
    people = room_for(count)
    for name in ("contact_day", "survey_day", "left_day", "promise_due_day"):
        people[name] = NEVER
    for name in ("stated_reason", "true_reason", "leaning", "cohort", "origin", "senior", "household_size", "referrer"):  # fmt: skip
        people[name] = -1
    people["circle"] = 1
    return people


def figures(people: People, name: str) -> NDArray[Any]:
    """A column as the law reads it: fractions as fractions."""
    column, unit = people[name], _FIELDS[_LIKE.get(name, name)].unit
    return column if unit == 1.0 else column * unit


def keep(people: People, name: str, values: NDArray[Any] | float) -> None:
    """Store figures in a column: rounded where it is kept in whole units, and held within what it can hold."""
    column, unit = people[name], _FIELDS[name].unit
    if column.dtype.kind == "f":
        people[name] = values
        return
    bounds = np.iinfo(column.dtype)
    whole = np.asarray(values) if unit == 1.0 else np.floor(np.asarray(values) / unit + 0.5)
    people[name] = np.clip(whole, bounds.min, bounds.max)
