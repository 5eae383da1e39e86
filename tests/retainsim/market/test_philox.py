"""Philox gives Random123's known answers, and a market that draws from it comes to the same conclusions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from certificates import Certificate, Size
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import retainsim.market
from retainsdk.policies import get
from retainsim.market import philox, streams
from retainsim.market.history import FLOWS
from retainsim.market.reloaded import market_with

KNOWN = [  # Random123, tests/kat_vectors: counter, key, answer
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
FIGURES = ("share", *FLOWS, "profit of a customer")
SIGMAS = 5

words = st.integers(0, 2**64 - 1)
Compiled = Callable[[np.uint64, np.uint64, np.uint64], float]


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word, 16) for word in text.split())


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    drawn: Compiled = numba.njit(lambda person, when, purpose: philox.uniform(person, when, purpose))  # noqa: PLW0108 # what is compiled is the caller
    return drawn


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN, ids=["zeros", "ones", "digits of pi"])
def test_it_gives_the_known_answers(counter: str, key: str, answer: str) -> None:
    block: Any = numba.njit(lambda a, b, c, d, k, q: philox.philox((a, b, c, d), (k, q)))
    asked = (*numbers(counter), *numbers(key))

    assert philox.philox(asked[:4], asked[4:]) == numbers(answer)  # type: ignore[arg-type] # by length
    assert block(*asked) == numbers(answer)


@given(person=words, when=words, purpose=words)
def test_one_draw_is_the_same_number_plain_in_an_array_and_compiled(
    compiled: Compiled, person: int, when: int, purpose: int
) -> None:
    plain = philox.uniform(person, when, purpose)

    assert 0.0 <= plain < 1.0
    assert plain == philox.drawn(philox.stream_of(person, when), purpose)
    assert plain == philox.uniforms(np.array([person], dtype=np.uint64), when, purpose)[0]
    assert plain == compiled(np.uint64(person), np.uint64(when), np.uint64(purpose))


def test_a_draw_uses_53_bits_of_the_block() -> None:
    stream = philox.stream_of(7, 8)
    low, high = stream & 0xFFFF_FFFF, stream >> 32

    first, second, _, _ = philox.philox((low, high, 9, 0), (philox._PURPOSES, 0))

    assert philox.drawn(stream, 9) * 2**53 == (first << 32 | second) >> 11


@pytest.mark.long
def test_a_market_on_philox_is_the_same_compiled_and_plain() -> None:
    market = market_with(philox)

    plain, compiled = (lives(market, seed=1, customers=40, months=6, compiled=it) for it in (False, True))
    usual = lives(retainsim.market, seed=1, customers=40, months=6, compiled=True)

    assert plain.digest == compiled.digest != usual.digest


def test_two_markets_of_other_chance_do_not_touch_each_other() -> None:
    before = lives(retainsim.market, seed=1, customers=10, months=2, compiled=False)
    other = lives(market_with(philox), seed=1, customers=10, months=2, compiled=False)
    after = lives(retainsim.market, seed=1, customers=10, months=2, compiled=False)

    assert before.digest == after.digest != other.digest


@pytest.mark.certified("conclusions-by-two-hashes", ["src/retainsim/market", "src/retainsdk/policy.py"])
def test_conclusions_are_the_same_whichever_hash_the_market_draws_from(
    certificate: Certificate, size: Size
) -> None:
    sizes = {"customers": size(60, 4_000), "months": size(12, 36), "compiled": bool(size(0, 1))}
    seeds = range(size(10, 24))

    fast, other = (figures(market, seeds, **sizes) for market in (retainsim.market, market_with(philox)))

    for name, apart, error in zip(FIGURES, *apart_by(fast, other), strict=True):
        certificate.record(
            {
                f"{name}: splitmix less Philox": float(f"{apart:.3g}"),
                f"{name}: standard error": float(f"{error:.3g}"),
            }
        )
        assert abs(apart) <= SIGMAS * error, name
    certificate.record({name: value for name, value in sizes.items() if name != "compiled"}, seeds=seeds)


def test_a_hash_that_is_not_even_comes_to_other_conclusions() -> None:
    tilted = {
        "drawn": lambda stream, purpose: streams.drawn(stream, purpose) ** 1.5,
        "uniform": lambda person, when, purpose: streams.uniform(person, when, purpose) ** 1.5,
    }
    sizes = {"customers": 60, "months": 12, "compiled": False}

    fast, other = (figures(market, range(10), **sizes) for market in (retainsim.market, market_with(tilted)))

    apart, error = apart_by(fast, other)
    assert (np.abs(apart) > SIGMAS * error).any()


def lives(market: Any, *, seed: int, customers: int, months: int, compiled: bool) -> Any:
    start = market.Market.draw(
        market.load_preset("telecom"), customers=customers, seed=seed, parameters="fixed"
    )
    return market.run(start, get("early_warning"), months=months, compiled=compiled, residual_months=3)


def figures(market: Any, seeds: range, **sizes: Any) -> NDArray[np.float64]:
    """One row a world, of `FIGURES` a customer."""
    worlds = [lives(market, seed=seed, **sizes) for seed in seeds]
    return np.array(
        [
            [
                world.people[-1, 0] / world.people[-1].sum(),
                *(world.flows.sum(axis=0) / world.customers),
                world.profit / world.customers,
            ]
            for world in worlds
        ]
    )


def apart_by(
    one: NDArray[np.float64], other: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By how much the means of two sets of worlds differ, and the standard error of that."""
    error = np.sqrt(one.var(axis=0, ddof=1) / len(one) + other.var(axis=0, ddof=1) / len(other))
    return one.mean(axis=0) - other.mean(axis=0), error
