"""Shares of small numbers: how sure they are, and whether two of them differ by more than luck."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, sqrt

Z = 1.959963984540054
"""Of the normal distribution, for intervals that hold the true share 95 times in 100."""


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """
    An interval for a share, honest for small numbers too; none without any.

    Args:
        part: Those that count.
        whole: All.

    Returns:
        Its ends, both in [0, 1]; it holds the true share 95 times in 100.

    Source:
        Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22(158).

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if not whole:
        return None
    share, square = part / whole, Z * Z / whole
    middle = (share + square / 2) / (1 + square)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole)) / (1 + square)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def as_rare(part: int, whole: int, other_part: int, other_whole: int) -> float:
    """
    Fisher's exact test: how often luck alone makes the first share at least so much larger than the other.

    Args:
        part: Those that count in the first group.
        whole: The first group.
        other_part: Those that count in the other.
        other_whole: The other group.

    Returns:
        A probability; 1 when either group is empty, for then nothing can be said.

    Source:
        Fisher (1935), The logic of inductive inference, J. Royal Statistical Society 98(1).

    >>> round(as_rare(3, 3, 1, 4), 4)
    0.1143
    """
    if not whole or not other_whole:
        return 1.0
    counting, everybody = part + other_part, whole + other_whole
    every_way = _log_ways(everybody, whole)
    most = min(whole, counting)
    tail = sum(
        exp(_log_ways(counting, n) + _log_ways(everybody - counting, whole - n) - every_way)
        for n in range(part, most + 1)
        if whole - n <= everybody - counting
    )
    return min(tail, 1.0)


def surprising(chances: Sequence[float], *, level: float = 0.05) -> list[bool]:
    """
    Which of several tests are surprising, when as many were made.

    Args:
        chances: What each test says: how often luck alone would show as much.
        level: How often one or more of all of them may be called surprising by luck alone, at most.

    Source:
        Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian J. Statistics 6(2).

    >>> surprising([0.01, 0.04, 0.03])
    [True, False, False]
    """
    found = [False] * len(chances)
    for rank, place in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        if chances[place] > level / (len(chances) - rank):
            break
        found[place] = True
    return found


def _log_ways(of: int, chosen: int) -> float:
    return lgamma(of + 1) - lgamma(chosen + 1) - lgamma(of - chosen + 1)
