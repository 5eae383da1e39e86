"""Worlds of one seed meet the same luck, and the check that says so sees the laws that break it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from itertools import count
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from certificates import Certificate, Size

import retainsim.market
from retainsdk import policies
from retainsdk.errors import InputError
from retainsdk.policies import get
from retainsim.market import philox, streams
from retainsim.market.luck import World, check_luck, luck_faults
from retainsim.market.purposes import PURPOSES

SMALL = World(customers=15, months=6)
Replaced = Callable[..., Any]


def modules(market: Any) -> Iterator[ModuleType]:
    """The modules of a market, packages included."""
    seen, waiting = {id(retainsim.market)}, [market]
    while waiting:
        module = waiting.pop()
        if (
            isinstance(module, ModuleType)
            and id(module) not in seen
            and "retainsim.market" in module.__name__
        ):
            seen.add(id(module))
            yield module
            waiting += vars(module).values()


def replace(market: Any, name: str, by: Callable[[Replaced], Replaced]) -> None:
    """Put another function wherever the market calls that one."""
    found = [module for module in modules(market) if callable(vars(module).get(name))]
    usual = vars(found[0])[name]
    other = by(usual)
    for module in found:
        if vars(module)[name] is usual:
            setattr(module, name, other)


def told(policy: str = "bear_hug", **how: Any) -> str:
    """All faults of a broken market, one a line."""
    return "\n".join(map(str, luck_faults(get(policy), **{"world": SMALL, **how})))


@pytest.mark.certified(
    "the-luck-of-twin-worlds", ["src/retainsim/market", "src/retainsdk/policy.py", "src/retainsdk/policies"]
)
def test_no_policy_moves_the_luck_of_anybody_over_the_whole_horizon(
    certificate: Certificate, size: Size
) -> None:
    names = [name for name in policies.names() if name != "none"][: size(1, 99)]
    world = World(customers=size(20, 150), months=60)
    changed = tuple(PURPOSES)[:: size(20, 1)]

    for name in names:
        check_luck(get(name), world=world, changed=changed)

    certificate.record(
        {
            "policies": ", ".join(names),
            "customers": world.customers,
            "months": world.months,
            "purposes changed": len(changed),
        },
        seeds=[world.seed],
    )


def test_luck_stays_in_place_when_drawn_from_another_hash() -> None:
    assert luck_faults(get("early_warning"), world=SMALL, chance=philox) == []


def test_the_usual_market_is_as_it_was_after_a_check() -> None:
    luck_faults(get("none"), world=World(customers=5, months=1))

    assert vars(retainsim.market.preset.preset)["uniform"] is streams.uniform
    assert "recording" not in repr(np.random.default_rng)


def test_numbers_from_a_counter_are_seen() -> None:
    ticks = count()
    counted = {"drawn": lambda stream, purpose: next(ticks) * 0.618033988749895 % 1.0}  # noqa: ARG005 # as called

    found = told(chance=counted)

    assert "gives the same person in the same month another number under another policy" in found
    assert (
        "gives the same person in the same month another number when the numbers of “trigger” are changed"
        in found
    )
    assert "the same world: ends otherwise when it is run again" in found


def test_a_law_that_draws_by_a_function_of_its_own_is_seen() -> None:
    def by_turns(market: Any) -> None:
        generator = np.random.Generator(np.random.PCG64(1))
        replace(market, "uniform", lambda _: lambda person, when, purpose: float(generator.random()))  # noqa: ARG005

    found = told(prepare=by_turns)

    assert "uniform is not the one of streams" in found
    assert "calls numpy.random.PCG64(), which no key repeats" in found


def newcomers(id_of: Callable[[Any, Any, int], int]) -> Callable[[Any], None]:
    """A law that draws the taste of everybody who joins under an id made from the market, him and a counter."""

    def prepare(market: Any) -> None:
        numbers = count(1)

        def join(usual: Replaced) -> Replaced:
            def joined(c: Any, *rest: Any) -> None:
                key, world = id_of(market, c, next(numbers)), market.streams.key_of("taste")
                taste = 0.5 + market.streams.uniform(key, world, market.purposes.POPULATION)
                c.price_taste = int(c.price_taste * taste)
                usual(c, *rest)

            return joined

        replace(market, "join", join)

    return prepare


@pytest.mark.parametrize(
    ("id_of", "sentence"),
    [
        (lambda market, c, number: number, "for somebody whose key comes from nobody who was there"),  # noqa: ARG005 # one of three
        (
            lambda market, c, number: int(market.streams.spread(np.array([number], dtype=np.uint64), 3)[0]),  # noqa: ARG005 # as above
            "for somebody whose key comes from nobody who was there",
        ),
        (
            lambda market, c, number: market.streams.key_of("newcomer", number),  # noqa: ARG005 # as above
            "under another policy since",
        ),
    ],
    ids=["a number", "a spread number", "a named number"],
)
def test_newcomers_who_are_counted_are_seen(id_of: Callable[[Any, Any, int], int], sentence: str) -> None:
    assert sentence in told("random", prepare=newcomers(id_of), world=World(customers=50, months=18))


def test_newcomers_keyed_by_who_they_come_from_are_fine() -> None:
    from_a_cause = newcomers(lambda market, c, _: market.streams.stream_of(c.key, PURPOSES["reach"].key))

    assert told(prepare=from_a_cause, world=World(customers=30, months=12)) == ""


def test_a_purpose_that_decides_two_things_is_seen() -> None:
    def reused(market: Any) -> None:
        market.purposes.NEED_DRIFT = market.purposes.LIFE

    found = told(prepare=reused)

    assert "“life” decides two things of the same person in the same month" in found


def test_a_draw_for_a_bare_number_is_seen() -> None:
    def bare(market: Any) -> None:
        market.purposes.LIFE = 17

    assert "draws for a number that is no registered purpose" in told(prepare=bare)


@pytest.mark.parametrize(
    ("ask", "called"),
    [
        (lambda: random.random(), "random.random"),  # noqa: PLW0108 # looked up when called, as a law would
        (lambda: random.Random(3).random(), "random.Random"),
        (lambda: float(np.random.default_rng(1).random()), "numpy.random.default_rng"),
        (lambda: time.time() % 1, "time.time"),
    ],
)
def test_chance_from_elsewhere_is_seen(ask: Callable[[], float], called: str) -> None:
    def from_elsewhere(market: Any) -> None:
        def pay(usual: Replaced) -> Replaced:
            def paid(c: Any, *rest: Any) -> None:
                if ask() < 2.0:
                    usual(c, *rest)

            return paid

        replace(market, "pay", pay)

    assert f"test_luck.py line {ask.__code__.co_firstlineno} calls {called}(), which no key repeats" in told(
        prepare=from_elsewhere
    )


def test_a_generator_made_before_is_seen_by_what_becomes_of_the_world() -> None:
    generator = np.random.default_rng(1)

    def from_before(market: Any) -> None:
        def pay(usual: Replaced) -> Replaced:
            def paid(c: Any, *rest: Any) -> None:
                if generator.random() < 0.5:
                    usual(c, *rest)

            return paid

        replace(market, "pay", pay)

    assert "the same world: ends otherwise when it is run again" in told(prepare=from_before)


def test_a_number_that_changes_when_asked_again_is_seen() -> None:
    asked = count()
    fickle = {
        "uniforms": streams.uniforms,
        "drawn": lambda stream, purpose: (streams.drawn(stream, purpose) + 1e-3 * (next(asked) % 2)) % 1.0,
    }

    assert "gets another number each time it asks" in told(chance=fickle, world=World(customers=40, months=8))


def test_an_author_is_told_every_fault_with_a_remedy() -> None:
    def bare(market: Any) -> None:
        market.purposes.LIFE = 17

    with pytest.raises(
        InputError, match=r"luck under policy none: .*\n.*Draw by uniform\(person, when, purpose\)"
    ):
        check_luck(get("none"), world=SMALL, prepare=bare)
