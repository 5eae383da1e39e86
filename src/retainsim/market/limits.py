"""How large what is asked for may be; all figures beyond their limits are told at once."""

from __future__ import annotations

from retainsdk.errors import Fault

LARGEST_SEED = 2**63 - 1
MOST_SPENT = 2**62
"""Minutes, or minor units of money, in a month: whole numbers of 64 bits hold their sums."""

Figure = tuple[str, float | None, float, float]
"""Name, value, and the least and the most it may be; what is not given is as it should be."""


def out_of_range(*figures: Figure) -> list[Fault]:
    """
    What lies beyond its limits, or is no number.

    >>> [str(fault) for fault in out_of_range(("months", 0, 1, 600), ("seed", 3, 0, LARGEST_SEED))]
    ["months: '0' must lie between 1 and 600. Choose another figure."]
    """
    return [
        Fault(name, str(value), _rule(low, high), "Choose another figure.")
        for name, value, low, high in figures
        if value is not None and not low <= value <= high
    ]


def _rule(low: float, high: float) -> str:
    if high > _READABLE:
        return f"must be at least {low:,} and below {_powers(high)}"
    return f"must lie between {low:,} and {high:,}"


def _powers(high: float) -> str:
    return f"2^{int(high).bit_length()}"


_READABLE = 10**12
