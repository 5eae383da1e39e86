"""Keyed chance is fair, independent, and the same in plain Python, over arrays and compiled."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import combinations, product
from typing import cast

import numba
import numpy as np
import pytest
from battery import LIMIT, Source, battery, verdict
from certificates import Certificate, Size
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from retainsim.market import philox
from retainsim.market.purposes import LIFE, PURPOSES
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

MANY = 100_000
PEOPLE = np.arange(MANY, dtype=np.uint64)  # the worst keys: consecutive small numbers
SIGMAS = 5

EVERY = [purpose.key for purpose in PURPOSES.values()]

ids = st.one_of(st.integers(0, 9), st.integers(0, 2**64 - 1))
keys = st.integers(0, 2**64 - 1).map(lambda bits: bits | 1 << 63)
Compiled = tuple[Callable[[np.uint64, np.uint64, np.uint64], float], Callable[[float], float]]


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return (
        numba.njit(lambda person, when, purpose: uniform(person, when, purpose)),  # noqa: PLW0108 # what is compiled is the caller
        numba.njit(lambda x: exp(x)),  # noqa: PLW0108 # as above
    )


def months(seed: int) -> list[int]:
    return [moment(seed, month) for month in range(60)]


def keys_of_people(count: int) -> dict[str, NDArray[np.uint64]]:
    """As a book numbers them, and as a market makes them."""
    small = np.arange(count, dtype=np.uint64)
    return {"small": small, "spread": spread(small, key_of("people", 1, "ours"))}


def to_numbers(bits: NDArray[np.uint64]) -> NDArray[np.float64]:
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def congruence(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    """A linear congruential generator, seeded by the person and run for two steps (Knuth's MMIX)."""
    factor = np.uint64(6_364_136_223_846_793_005)
    return to_numbers(((people * factor + np.uint64(when)) * factor) + np.uint64(purpose))


def shifted(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    """One step of xorshift (Marsaglia 2003)."""
    bits = people ^ np.uint64(when) ^ np.uint64(purpose)
    bits ^= bits << np.uint64(13)
    bits ^= bits >> np.uint64(7)
    return to_numbers(bits ^ (bits << np.uint64(17)))


def unmixed(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    return to_numbers(people ^ np.uint64(when) ^ np.uint64(purpose))


def mixed_once(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    """All three keys at once, so a person and a purpose can stand in for another pair."""
    return to_numbers(spread_once(people ^ np.uint64(when) ^ np.uint64(purpose)))


def half_mixed(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    """The purpose joined after mixing only."""
    return to_numbers(spread_once(people ^ np.uint64(when)) ^ np.uint64(purpose))


def spread_once(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.asarray(mixed(cast(int, keys)))


def by_month(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
    """Every fourth month gives last month's numbers again."""
    return uniforms(people, AGAIN.get(when, when), purpose)


BAD: dict[str, Source] = {
    "congruence": congruence,
    "one xorshift": shifted,
    "unmixed": unmixed,
    "mixed once": mixed_once,
    "half mixed": half_mixed,
    "months repeated": by_month,
}
VERDICTS = ("PASSED", "WEAK", "FAILED")
DIEHARDER = [
    *(["-d", test] for test in ("0", "2", "3", "8", "9", "10", "11", "12", "13", "15", "16")),
    *(["-d", test] for test in ("100", "101", "102", "204", "206", "209")),
    *(["-d", "200", "-n", bits] for bits in ("1", "2", "4", "8")),
]
"""Its tests that its manual calls good."""
AGAIN = {moment(0, month): moment(0, month - 1) for month in range(1, 60, 4)}


def dieharder(program: str, asked: list[str], shift: int) -> list[str]:
    """What the program says of 32 bits of each number: a person's purposes in a row, person after person."""
    command = [program, "-g", "200", "-k", "2", *asked]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):  # it has read enough
            for month, first in product(range(10_000), range(0, 1 << 20, 1 << 14)):
                people, when = np.arange(first, first + (1 << 14), dtype=np.uint64), moment(1, month)
                whole = [(uniforms(people, when, purpose) * 2.0**53).astype(np.uint64) for purpose in EVERY]
                process.stdin.write((np.stack(whole, axis=1) >> np.uint64(shift)).astype(np.uint32).tobytes())
        with suppress(BrokenPipeError):
            process.stdin.close()
        told = process.stdout.read().decode()
    return re.findall(r"\b(PASSED|WEAK|FAILED)\b", told)


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


@pytest.mark.certified(
    "keyed-chance",
    [
        "src/retainsim/market/streams.py",
        "src/retainsim/market/philox.py",
        "src/retainsim/market/purposes.py",
        "tests/house/battery.py",
    ],
)
def test_keyed_chance_is_even_and_independent_across_people_months_and_purposes(
    certificate: Certificate, size: Size
) -> None:
    many, seeds = size(8_000, 500_000), range(size(1, 3))

    for name, source in (("splitmix", uniforms), ("Philox", philox.uniforms)):
        found = {
            f"{test}, {kind} keys, seed {seed}": p
            for seed in seeds
            for kind, people in keys_of_people(many).items()
            for test, p in battery(source, people=people, moments=months(seed), purposes=EVERY).items()
        }

        worst = min(found, key=found.__getitem__)
        certificate.record(
            {
                f"{name}: tests": len(found),
                f"{name}: smallest probability": float(f"{found[worst]:.2g}"),
                f"{name}: in the test": worst,
                f"{name}: share of tests below 5 %": round(
                    sum(p < 0.05 for p in found.values()) / len(found), 3
                ),
            }
        )
        assert verdict(found) > LIMIT, f"{name}: {worst}: {found[worst]}"
    certificate.record({"people": many, "months": len(months(0)), "purposes": len(EVERY)}, seeds=seeds)


@pytest.mark.parametrize("source", BAD.values(), ids=BAD)
def test_the_battery_sees_a_bad_source(source: Source) -> None:
    people = PEOPLE[:8_000]

    found = battery(source, people=people, moments=months(0), purposes=EVERY)

    assert verdict(found) < LIMIT


def test_the_battery_cries_wolf_as_seldom_as_it_says() -> None:
    def fair(seed: int) -> Source:
        """A generator whose numbers are looked up by key."""

        def numbers(people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
            return np.random.default_rng([seed, when, purpose, int(people[0]), len(people)]).random(
                len(people)
            )

        return numbers

    found = [
        p
        for seed in range(20)
        for p in battery(fair(seed), people=PEOPLE[:4_000], moments=months(0), purposes=EVERY[:8]).values()
    ]

    early = sum(p < 0.01 for p in found)
    assert min(found) > LIMIT / len(found)
    assert abs(early - 0.01 * len(found)) < SIGMAS * math.sqrt(0.01 * len(found))


@pytest.mark.certified("keyed-chance-by-dieharder", ["src/retainsim/market/streams.py"])
@pytest.mark.long
def test_an_outside_battery_finds_nothing_in_the_numbers_of_many_people(certificate: Certificate) -> None:
    program = shutil.which("dieharder")
    if program is None:
        pytest.skip("dieharder, a package of Debian, is not installed")

    found = {
        which: Counter(word for asked in DIEHARDER for word in dieharder(program, asked, shift))
        for which, shift in (("highest", 21), ("lowest", 0))
    }

    for which, words in found.items():
        certificate.record({f"{which} 32 bits, {word.lower()}": words[word] for word in VERDICTS})
        assert sum(words.values()) >= len(DIEHARDER)
        assert words["FAILED"] == 0


def test_streams_of_different_people_and_months_do_not_meet() -> None:
    """
    Two streams are one if two people's keys differ exactly as two months' keys do.

    Keys are hashes, so of a billion streams two meet with a chance of one in forty (n² / 2⁶⁵); no two people share
    more than two months, since no two pairs of months differ alike.
    """
    of_months = [np.uint64(when) for when in months(0)]
    apart = {int(one ^ other) for one, other in combinations(of_months, 2)}

    for people in keys_of_people(20_000).values():
        streams = np.sort(np.concatenate([people ^ when for when in of_months]))
        assert (streams[1:] != streams[:-1]).all()
    assert len(apart) == math.comb(len(of_months), 2)
    assert min(apart) > 2**40  # so book ids, which are small numbers, never differ so


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
