"""
A battery for keyed chance: each test turns numbers drawn under related keys into one probability.

A probability near 0 says that fair, independent numbers would look like this almost never. They are read together:
`verdict` multiplies the smallest with their count (Bonferroni), so that many tests together cry wolf no oftener than
one, and `LIMIT` is so low that a fair source meets it once in a hundred thousand batteries. What the battery can
see is shown by sources known to be bad.

Sources: Knuth 1997, The Art of Computer Programming 2, section 3.3.2 (serial, gap, permutation, collision); Marsaglia &
Tsang 2002, Some difficult-to-pass tests of randomness (birthday spacings).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Keys = NDArray[np.uint64]
Numbers = NDArray[np.floating[Any]]
Source = Callable[[Keys, int, int], Numbers]
"""Numbers for people at a moment for a purpose, as `streams.uniforms` gives them."""

LIMIT = 1e-5
BITS = 53
"""Of a number: as many as a float in ``[0, 1)`` has on an even grid."""


def battery(
    source: Source, *, people: Keys, moments: Sequence[int], purposes: Sequence[int]
) -> dict[str, float]:
    """
    All tests of a source.

    Args:
        source: To be tested.
        people: Keys of those drawn for; neighbours in the array are tested as neighbours.
        moments: In the order of time, 24 at least.
        purposes: Three at least.

    Returns:
        By the name of the test the probability that fair numbers deviate as far.
    """
    few = people[: max(len(people) // 16, 500)]
    grid = np.array([source(few, when, purposes[0]) for when in moments])
    here, there = source(people, moments[0], purposes[0]), source(people, moments[1], purposes[0])
    other = source(people, moments[0], purposes[1])
    return {
        "even": _even(here, 256),
        "even over months": _even(grid.ravel(), 256),
        "each bit": _each_bit(here),
        "low bits": _even(_low(here, 8), 256),
        "neighbours": _pairs(here[:-1], here[1:]),
        "neighbours, low bits": _pairs(_low(here[:-1], 8), _low(here[1:], 8)),
        "months": _pairs(here, there),
        "months, low bits": _pairs(_low(here, 8), _low(there, 8)),
        "months of one person": _lags(grid),
        "purposes": _pairs(here, other),
        "purposes, low bits": _pairs(_low(here, 8), _low(other, 8)),
        "all purposes": _correlated(np.array([source(few, moments[0], purpose) for purpose in purposes])),
        "all months": _correlated(grid),
        "people crossed with purposes": _pairs(
            source(people ^ np.uint64(purposes[0] ^ purposes[1]), moments[0], purposes[0]), other
        ),
        "keys a bit apart": _a_bit_apart(source, people, moments[0], purposes[0], here),
        "avalanche of people": _avalanche(source, few, moments[0], purposes[0], of="person"),
        "avalanche of moments": _avalanche(source, few, moments[0], purposes[0], of="moment"),
        "avalanche of purposes": _avalanche(source, few, moments[0], purposes[0], of="purpose"),
        "birthday spacings": _birthdays(here),
        "birthday spacings, low bits": _birthdays(_low(here, 32)),
        "collisions": _collisions(here),
        "collisions, low bits": _collisions(_low(here, 32)),
        "gaps of one person": _gaps(grid.T.ravel()),
        "gaps among people": _gaps(here),
        "runs of one person": _runs(grid.T.ravel()),
        "order of four months": _orders(grid),
    }


def verdict(found: dict[str, float]) -> float:
    """One probability for the whole battery; below `LIMIT` the source is not fair."""
    return min(1.0, len(found) * min(found.values()))


def _low(numbers: Numbers, bits: int) -> Numbers:
    """The lowest bits as numbers of their own."""
    return (_whole(numbers) & np.uint64((1 << bits) - 1)).astype(np.float64) / 2.0**bits


def _whole(numbers: Numbers) -> Keys:
    return (numbers * 2.0**BITS).astype(np.uint64)


def _either(below: float, above: float) -> float:
    """Too far on either side is too far: numbers may also be too even."""
    return min(1.0, 2 * min(below, above))


def _chi_squared(value: float, freedom: float) -> float:
    return _either(float(stats.chi2.cdf(value, freedom)), float(stats.chi2.sf(value, freedom)))


def _counts(counts: NDArray[np.int64], expected: float | Numbers, *, lost: int = 1) -> float:
    return _chi_squared(float(((counts - expected) ** 2 / expected).sum()), counts.size - lost)


def _poisson(count: int, expected: float) -> float:
    return _either(float(stats.poisson.cdf(count, expected)), float(stats.poisson.sf(count - 1, expected)))


def _even(numbers: Numbers, bins: int) -> float:
    return _counts(np.bincount((numbers * bins).astype(np.intp), minlength=bins), len(numbers) / bins)


def _each_bit(numbers: Numbers) -> float:
    whole, n = _whole(numbers), len(numbers)
    ones = np.array([int(((whole >> np.uint64(bit)) & np.uint64(1)).sum()) for bit in range(BITS)])
    return _chi_squared(float(((ones - n / 2) ** 2 / (n / 4)).sum()), BITS)


def _pairs(first: Numbers, second: Numbers, side: int = 16) -> float:
    """Whether pairs fill the unit square evenly, given how each fills its side."""
    cells = np.bincount(
        (first * side).astype(np.intp) * side + (second * side).astype(np.intp), minlength=side * side
    ).reshape(side, side)
    expected = np.outer(cells.sum(axis=1), cells.sum(axis=0)) / cells.sum()
    if (expected == 0).any():  # some numbers never come
        return 0.0
    return _counts(cells, expected, lost=2 * side - 1)


def _lags(grid: Numbers) -> float:
    """Correlation of a person's numbers 1, 2, 3, 6 and 12 months apart, over all people."""
    score = grid - 0.5
    found = [
        float((score[:-lag] * score[lag:]).sum()) * 12 / math.sqrt(score[lag:].size)
        for lag in (1, 2, 3, 6, 12)
    ]
    return _chi_squared(sum(z * z for z in found), len(found))


def _correlated(rows: Numbers) -> float:
    """All pairs of rows at once: squared correlations add up."""
    score = rows - 0.5
    z = (score @ score.T) * 12 / math.sqrt(rows.shape[1])
    upper = z[np.triu_indices(len(rows), 1)]
    return _chi_squared(float((upper**2).sum()), upper.size)


def _a_bit_apart(source: Source, people: Keys, when: int, purpose: int, before: Numbers) -> float:
    """Correlation of numbers and of their distances from the middle, for keys that differ by one bit."""
    square, total = 0.0, 0
    for bit in range(64):
        flip = np.uint64(1 << bit)
        low_half = (people & flip) == 0  # no pair twice
        first, second = before[low_half] - 0.5, source(people[low_half] ^ flip, when, purpose) - 0.5
        if not len(first):
            continue
        square += (float(first @ second) * 12) ** 2 / len(first)
        far, far_too = np.abs(first) - 0.25, np.abs(second) - 0.25
        square += (float(far @ far_too) * 48) ** 2 / len(first)
        total += 2
    return _chi_squared(square, total)


def _avalanche(source: Source, people: Keys, when: int, purpose: int, *, of: str) -> float:
    """Whether flipping each bit of a key flips each bit of the number half the time; no two numbers meet twice."""
    before = _whole(source(people, when, purpose))
    shifts = np.arange(BITS, dtype=np.uint64)[:, None]
    square, total = 0.0, 0
    for bit in range(64):
        flip = 1 << bit
        # where people and moments are joined by their bits, flipping either gives the same pairs
        chosen = np.full(len(people), of == "purpose") | ((people & np.uint64(flip)) == 0)
        count = int(chosen.sum())
        if not count:
            continue
        if of == "person":
            after = source(people[chosen] ^ np.uint64(flip), when, purpose)
        else:
            after = source(
                people[chosen],
                when ^ (flip if of == "moment" else 0),
                purpose ^ (flip if of == "purpose" else 0),
            )
        flipped = (((before[chosen] ^ _whole(after)) >> shifts) & np.uint64(1)).sum(axis=1).astype(np.float64)
        square += float(((flipped - count / 2) ** 2 / (count / 4)).sum())
        total += BITS
    return _chi_squared(square, total)


def _birthdays(numbers: Numbers, *, log_births: int = 10, log_days: int = 28) -> float:
    """Years of 2^28 days with 1,024 births each: equal spacings between birthdays, added over the years."""
    births = 1 << log_births
    years = (numbers[: len(numbers) // births * births].reshape(-1, births) * 2.0**log_days).astype(np.int64)
    spacings = np.sort(np.diff(np.sort(years, axis=1), axis=1), axis=1)
    equal = int((np.diff(spacings, axis=1) == 0).sum())
    return _poisson(equal, len(years) * births**3 / 2.0 ** (log_days + 2))


def _collisions(numbers: Numbers, *, log_urns: int = 30) -> float:
    """Balls in 2^30 urns: how many find their urn taken."""
    balls = len(numbers)
    taken = balls - len(np.unique((numbers * 2.0**log_urns).astype(np.int64)))
    urns = 2.0**log_urns
    return _poisson(taken, balls - urns * -math.expm1(balls * math.log1p(-1 / urns)))


def _gaps(numbers: Numbers, *, share: float = 0.125, longest: int = 40) -> float:
    """How many numbers lie between two in the lowest eighth."""
    at = np.flatnonzero(numbers < share)
    if len(at) < len(numbers) * share / 2:
        return 0.0
    gaps = np.minimum(np.diff(at) - 1, longest)
    chances = share * (1 - share) ** np.arange(longest + 1)
    chances[-1] = (1 - share) ** longest
    return _counts(np.bincount(gaps, minlength=longest + 1), len(gaps) * chances)


def _runs(numbers: Numbers) -> float:
    """Whether numbers change sides of the middle as often as they should (Wald & Wolfowitz)."""
    above = numbers >= 0.5
    changes = int((above[1:] != above[:-1]).sum())
    n = len(numbers) - 1
    z = (changes - n / 2) / math.sqrt(n / 4)
    return 2 * float(stats.norm.sf(abs(z)))


def _orders(grid: Numbers) -> float:
    """All orders of a person's numbers in four months are equally likely."""
    quads = np.concatenate([grid[start : start + 4] for start in range(0, len(grid) - 3, 4)], axis=1)
    code = sum(
        (
            (quads[a] < quads[b]).astype(np.intp) << place
            for place, (a, b) in enumerate(combinations(range(4), 2))
        ),
        start=np.zeros(quads.shape[1], dtype=np.intp),
    )
    counts = np.bincount(code, minlength=64)
    possible = np.array([_is_an_order(number) for number in range(64)])
    return _counts(counts[possible], quads.shape[1] / 24)


def _is_an_order(number: int) -> bool:
    """Of 64 answers to six comparisons, 24 do not contradict themselves."""
    wins = [0] * 4
    for place, (a, b) in enumerate(combinations(range(4), 2)):
        wins[b if number >> place & 1 else a] += 1
    return sorted(wins) == [0, 1, 2, 3]
