"""Keyed chance is fair, independent, and the same in plain Python, over arrays and compiled."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retainsim.market import streams
from retainsim.market.purposes import PURPOSES
from retainsim.market.response import MOST_TURNS
from retainsim.market.streams import (
    drawn,
    exp,
    key_of,
    logistic,
    mixed,
    moment,
    spread,
    stream_of,
    uniform,
    uniforms,
)

MARKET = Path(streams.__file__).parent
LIFE, CHOICE = PURPOSES["life"], PURPOSES["choice"]
MANY = 100_000
PEOPLE = np.arange(MANY, dtype=np.uint64)  # the worst keys: consecutive small numbers
SIGMAS = 5

ids = st.one_of(st.integers(0, 9), st.integers(0, 2**64 - 1))
keys = st.integers(0, 2**64 - 1).map(lambda bits: bits | 1 << 63)
Compiled = tuple[Callable[[np.uint64, np.uint64, np.uint64], float], Callable[[float], float]]


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return (
        numba.njit(lambda person, when, purpose: uniform(person, when, purpose)),  # noqa: PLW0108 # what is compiled is the caller
        numba.njit(lambda x: exp(x)),  # noqa: PLW0108 # as above
    )


@given(person=ids, when=keys, purpose=keys)
def test_one_draw_is_the_same_number_plain_in_an_array_and_compiled(
    compiled: Compiled, person: int, when: int, purpose: int
) -> None:
    plain = uniform(person, when, purpose)

    assert 0.0 <= plain < 1.0
    assert plain == uniforms(np.array([person], dtype=np.uint64), when, purpose)[0]
    assert plain == compiled[0](np.uint64(person), np.uint64(when), np.uint64(purpose))


@given(person=ids, when=keys, purpose=keys)
def test_a_stream_that_is_kept_gives_the_same_numbers_as_one_draw_at_a_time(
    person: int, when: int, purpose: int
) -> None:
    kept = stream_of(person, when)

    assert drawn(kept, purpose) == uniform(person, when, purpose)


def test_a_draw_is_the_same_number_in_every_version() -> None:
    first = uniform(7, moment(1, 0), LIFE)

    assert key_of("purpose", "life") == LIFE == 0xE7D3_5223_97C4_3EFE
    assert first == 0.8967510287310625


def test_keys_from_names_have_their_highest_bit_set_and_differ_by_every_part() -> None:
    made = [key_of("a", 1), key_of("a", 2), key_of("b", 1), key_of("a"), moment(1, 2), moment(2, 1)]

    assert all(key >> 63 == 1 for key in made)
    assert len(set(made)) == len(made)


def test_new_keys_from_keys_never_meet() -> None:
    made = spread(PEOPLE, key_of("anything"))

    assert len(np.unique(made)) == MANY
    assert int(made[5]) == mixed(mixed(5) ^ key_of("anything"))


@pytest.mark.parametrize("purpose", [LIFE, CHOICE])
@pytest.mark.parametrize("month", [0, 1, 59])
def test_draws_of_neighbours_fill_the_unit_interval_evenly(month: int, purpose: int) -> None:
    bins = 64

    counts, _ = np.histogram(uniforms(PEOPLE, moment(3, month), purpose), bins=bins, range=(0, 1))

    chi_squared = float(((counts - MANY / bins) ** 2).sum() / (MANY / bins))
    assert abs(chi_squared - (bins - 1)) < SIGMAS * math.sqrt(2 * (bins - 1))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (uniforms(PEOPLE, moment(1, 0), LIFE)[:-1], uniforms(PEOPLE, moment(1, 0), LIFE)[1:]),
        (uniforms(PEOPLE, moment(1, 0), LIFE), uniforms(PEOPLE, moment(1, 1), LIFE)),
        (uniforms(PEOPLE, moment(1, 0), LIFE), uniforms(PEOPLE, moment(2, 0), LIFE)),
        (uniforms(PEOPLE, moment(1, 0), LIFE), uniforms(PEOPLE, moment(1, 0), CHOICE)),
        (uniforms(PEOPLE, moment(1, 0), CHOICE), uniforms(PEOPLE, moment(1, 0), CHOICE ^ 1)),
    ],
    ids=["neighbours", "months", "seeds", "purposes", "turns of a conversation"],
)
def test_draws_under_different_keys_are_not_correlated(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> None:
    bound = SIGMAS / math.sqrt(len(first))

    assert abs(np.corrcoef(first, second)[0, 1]) < bound
    assert abs(np.corrcoef(np.abs(first - 0.5), np.abs(second - 0.5))[0, 1]) < bound


def test_the_months_of_one_person_are_not_correlated() -> None:
    series = np.array([uniform(12, moment(1, month), LIFE) for month in range(4_000)])

    for lag in (1, 2, 12):
        assert abs(np.corrcoef(series[:-lag], series[lag:])[0, 1]) < SIGMAS / math.sqrt(len(series) - lag)


@pytest.mark.parametrize("part", ["person", "purpose"])
def test_one_bit_of_a_key_flips_every_bit_of_the_number_half_the_time(part: str) -> None:
    people, when = spread(PEOPLE[:4_000], 1), np.uint64(moment(1, 0))  # no pair of them a flip apart
    before = spread(people ^ when, LIFE)

    flipped = np.zeros((64, 64))
    for bit in range(64):
        flip = np.uint64(1 << bit)
        after = (
            spread(people ^ when ^ flip, LIFE)
            if part == "person"
            else spread(people ^ when, LIFE ^ int(flip))
        )
        changed = before ^ after
        flipped[bit] = [float(((changed >> np.uint64(place)) & np.uint64(1)).mean()) for place in range(64)]

    assert np.abs(flipped - 0.5).max() < SIGMAS * 0.5 / math.sqrt(len(people))


def test_no_two_purposes_share_a_stream_in_any_turn_of_a_conversation() -> None:
    apart = [one ^ other for one, other in combinations(PURPOSES.values(), 2)]

    assert len(set(PURPOSES.values())) == len(PURPOSES)
    assert min(apart) > 2 * MOST_TURNS


def test_every_purpose_is_drawn_for() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in MARKET.rglob("*.py"))
    names = re.findall(r"^([A-Z_]+) = _purpose", source, re.MULTILINE)

    unused = [name for name in names if len(re.findall(rf"\b{name}\b", source)) < 2]

    assert len(names) == len(PURPOSES)
    assert unused == []


@given(x=st.floats(-40, 40))
def test_our_exponential_agrees_with_the_mathematics_library_to_eight_digits(
    compiled: Compiled, x: float
) -> None:
    ours = exp(x)

    assert ours == pytest.approx(math.exp(x), rel=1e-8)
    assert ours == compiled[1](x)


@pytest.mark.parametrize(("x", "same_as"), [(-1e9, -40.0), (1e9, 40.0), (-40.1, -40.0)])
def test_our_exponential_is_cut_off_outside_forty(x: float, same_as: float) -> None:
    assert exp(x) == exp(same_as) > 0.0


@given(x=st.floats(-30, 30))
def test_log_odds_become_probabilities(x: float) -> None:
    assert logistic(0.0) == 0.5
    assert 0.0 < logistic(x) < 1.0
    assert logistic(x) + logistic(-x) == pytest.approx(1.0, abs=1e-7)
