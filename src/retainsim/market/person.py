"""
One person of the market: the columns the engine keeps, in the layout the law reads.

`FIELDS` is the one table. From it come the NumPy type of the engine's array and the C structure through which
plain Python reads and writes the very same memory: a load gives an ordinary number, a store rounds, exactly as
in compiled code.
"""

from __future__ import annotations

import ctypes
from enum import IntEnum
from typing import Any, Literal, TypeAlias

import attrs
import numpy as np
from numpy.typing import NDArray

OURS = 0
"""The firm a policy acts for; competitors follow, and the number after the last firm means no service."""


class Need(IntEnum):
    """What has become of a person's need for the service."""

    THERE = 0
    ENDED = 1
    PAUSED = 2


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
        meaning: With unit and range.
    """

    name: str
    ctype: Any
    channel: Literal["observed", "truth"]
    meaning: str


_f4, _i4, _i2, _i1 = ctypes.c_float, ctypes.c_int32, ctypes.c_int16, ctypes.c_int8
NEVER = -30_000
"""A day or month that never was."""

FIELDS = (
    Field("key", ctypes.c_uint64, "observed", "identity; keys all of the person's chance"),
    Field("value_to_date", ctypes.c_int64, "observed", "paid to us so far, minor units"),
    Field("monthly_fee", _i4, "observed", "per month before discount, minor units"),
    Field("discount", _i4, "observed", "per month, minor units"),
    Field("concession_cost", _i4, "observed", "of all concessions so far, minor units"),
    Field("offer", _i4, "observed", "discount per month open to a former customer who returns, minor units"),
    # days count from the start of the market; months too
    Field("lock_end_day", _i4, "observed", "day from which the person is free of the present firm"),
    Field("contact_day", _i4, "observed", "last day in touch with us"),
    Field("survey_day", _i4, "observed", "day of the last answer to a survey"),
    Field("left_day", _i4, "observed", "day the person left us"),
    Field("promise_due_day", _i4, "observed", "day our open promise falls due"),
    Field("contacts_recent", _f4, "observed", "contacts by us, halved every month"),
    Field("signals_recent", _f4, "observed", "signals by our departments, halved every month"),
    Field("survey_score", _f4, "observed", "last answer, 0 to 10"),
    Field("usage", _f4, "observed", "use last month as a share of the package"),
    Field("usage_before", _f4, "observed", "the same a month earlier"),
    Field("package", _f4, "observed", "size of the package, 1 is usual"),
    Field("need", _f4, "truth", "amount of service needed, on the scale of packages"),
    Field("price_taste", _f4, "truth", "weight of the price, utility per share of the reference price"),
    Field("quality_taste", _f4, "truth", "weight of a firm's quality, utility per unit"),
    Field("voice", _f4, "truth", "inclination to complain and to threaten rather than go silently, 0 to 1"),
    Field("assertive", _f4, "truth", "inclination to object to what does not suit, 0 to 1"),
    Field("satisfaction", _f4, "truth", "with the service, -1 to 1"),
    Field("trust", _f4, "truth", "in the firm, -1 to 1"),
    Field("commitment", _f4, "truth", "utility of staying that the person brings along: habit, ties, dislike of change"),
    Field("regret", _f4, "truth", "of what was sold and does not suit, 0 to 1"),
    Field("hurt", _f4, "truth", "left of recent failures, 0 to 1"),
    Field("fatigue", _f4, "truth", "from being contacted, 0 up"),
    Field("attention", _f4, "truth", "how present we are to the person, 0 to 1"),
    Field("reference", _f4, "truth", "price the person thinks right, as a share of the list price"),
    Field("habit", _f4, "truth", "of getting concessions, 0 to 1"),
    Field("woken", _f4, "truth", "added chance to deliberate this month because we stirred the person"),
    Field("goodwill", _f4, "truth", "of a former customer towards us, -1 to 1"),
    Field("mood_elsewhere", _f4, "truth", "of a competitor's customer towards that firm, -1 to 1"),
    Field("discount_until", _i2, "observed", "month in which the discount ends"),
    Field("paused_until", _i2, "observed", "month in which a pause of service ends"),
    Field("promises_kept", _i2, "observed", "count, ever"),
    Field("promises_warned", _i2, "observed", "count, ever"),
    Field("promises_broken", _i2, "observed", "count, ever"),
    Field("complaints", _i2, "observed", "count, ever"),
    Field("threats", _i2, "observed", "count, ever"),
    Field("offers_made", _i2, "observed", "count, ever"),
    Field("offers_accepted", _i2, "observed", "count, ever"),
    Field("tenure", _i2, "observed", "months of service with us; of a leaver, until he left"),
    Field("firm", _i1, "observed", "present firm; the number of firms means none"),
    Field("ever_ours", _i1, "observed", "whether there is or was a relationship"),
    Field("contract", _i1, "observed", "code of ContractKind"),
    Field("products", _i1, "observed", "services taken"),
    Field("kind", _i1, "observed", "code of retainsdk.view.Kind"),
    Field("senior", _i1, "observed", "1 yes, 0 no, -1 unknown"),
    Field("household_size", _i1, "observed", "persons at least, -1 unknown"),
    Field("origin", _i1, "observed", "code of retainsdk.view.Origin, -1 unknown"),
    Field("consent", _i1, "observed", "one bit a purpose, in the order of CONSENT_PURPOSES"),
    Field("complaints_open", _i1, "observed", "count"),
    Field("surveyed", _i1, "observed", "1 when a survey was ever answered"),
    Field("stated_reason", _i1, "observed", "code of Reason, -1 when none was ever stated"),
    Field("ended_well", _i1, "observed", "1 when the last ending was complete"),
    Field("true_reason", _i1, "truth", "code of Reason, -1 when none"),
    Field("need_state", _i1, "truth", "code of Need"),
    Field("need_pause", _i1, "truth", "months a paused need stays away"),
    Field("apologies", _i1, "truth", "apologies since the last failure"),
    Field("leaning", _i1, "truth", "firm a person would go to this month, -1 when none"),
    Field("aloud", _i1, "truth", "1 when he said so this month"),
    Field("offer_months", _i1, "observed", "for how long that offer to a returner holds, months"),
    Field("asked", _i1, "observed", "1 when we asked last month to be recommended"),
    Field("cohort", _i1, "observed", "contract kind at the start of those ours at the start and ever since; -1 others"),
    Field("returned", _i1, "observed", "times the person came back to us"),
)  # fmt: skip


class Row(ctypes.Structure):
    """The C structure of one person; `rows` gives them over the memory of the engine's array."""

    _fields_ = [(field.name, field.ctype) for field in FIELDS]


ROW_DTYPE = np.dtype(
    {
        "names": [field.name for field in FIELDS],
        "formats": [np.dtype(field.ctype) for field in FIELDS],
        "offsets": [getattr(Row, field.name).offset for field in FIELDS],
        "itemsize": ctypes.sizeof(Row),
    }
)
"""The NumPy type of the same."""

People = NDArray[np.void]
Person: TypeAlias = Any
"""A row: a record when compiled, a C structure in plain Python; neither has a type that can be named."""


def rows(people: People) -> ctypes.Array[Person]:
    """The same memory, row by row, for plain Python."""
    return (Row * len(people)).from_buffer(people)  # type: ignore[arg-type,unused-ignore] # a buffer, which 3.11 cannot say


def nobody(count: int) -> People:
    """People about whom nothing has happened yet."""
    people = np.zeros(count, dtype=ROW_DTYPE)
    for name in ("contact_day", "survey_day", "left_day", "promise_due_day"):
        people[name] = NEVER
    for name in ("stated_reason", "true_reason", "leaning", "cohort", "origin", "senior", "household_size"):
        people[name] = -1
    return people
