"""Shares of small numbers: how sure they are, and whether two of them differ by more than luck."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, hypot, lgamma, sqrt
from statistics import NormalDist


def wilson(part: int, whole: int, *, level: float = 0.95) -> tuple[float, float] | None:
    """
    An interval for a share, honest for small numbers too; none without any.

    Args:
        part: Those that count.
        whole: All.
        level: How often it holds the true share, in ``(0, 1)``.

    Returns:
        Its ends, both in [0, 1].

    Source:
        Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22(158).

    >>> low, high = wilson(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    if not whole:
        return None
    z = normal_quantile(level)
    share, square = part / whole, z * z / whole
    middle = (share + square / 2) / (1 + square)
    half = z * sqrt(share * (1 - share) / whole + square / (4 * whole)) / (1 + square)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def newcombe(
    part: int, whole: int, other_part: int, other_whole: int, *, level: float = 0.95
) -> tuple[float, float] | None:
    """
    An interval for the difference of the shares of two independent groups; none when either group is empty.

    It puts the two intervals of `wilson` together (method 10 of the source, without correction for continuity), so
    that it never leaves [−1, 1] and is no point when nobody or everybody counts.

    Args:
        part: Those that count in the first group.
        whole: The first group.
        other_part: Those that count in the other.
        other_whole: The other group.
        level: How often it holds the true difference, in ``(0, 1)``.

    Returns:
        The ends of the interval for the first share less the other.

    Source:
        Newcombe (1998), Interval estimation for the difference between independent proportions: comparison of
        eleven methods, Statistics in Medicine 17(8).

    >>> low, high = newcombe(56, 70, 48, 80)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)
    """
    mine, others = wilson(part, whole, level=level), wilson(other_part, other_whole, level=level)
    if mine is None or others is None:
        return None
    share, other = part / whole, other_part / other_whole
    below = hypot(share - mine[0], others[1] - other)
    above = hypot(mine[1] - share, other - others[0])
    return share - other - below, share - other + above


def normal_quantile(level: float) -> float:
    """How many standard deviations to either side hold a normal figure so often: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


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
