"""
The market's engine beside the same rules in plain Python objects and in Mesa.

All three live through the same months with the same chance, and must count the same people leaving.
Figures are customer-months per second of CPU time, best of several runs, and bytes of memory a customer.
"""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import attrs
import mesa
import numpy as np

from retainsdk.policy import no_actions
from retainsim.market import Market, law, load_preset
from retainsim.market.engine import World
from retainsim.market.month import Month
from retainsim.market.person import FIELDS, ROW_DTYPE

MONTHS = 6
COUNTS = (law.LEFT, law.THREATENED, law.SILENT, law.KEPT, law.BROKEN, law.REVENUE)
Counts = tuple[int, ...]


@attrs.frozen(kw_only=True)
class Figure:
    """One row of the table."""

    name: str
    people: int
    per_second: float
    bytes_each: float
    counts: Counts


def measure(n_customers: int = 1_000, n_large: int = 60_000) -> list[Figure]:
    """
    The engine on many people, and all forms on few.

    Args:
        n_customers: Our customers in the small market, on which the counts are compared.
        n_large: The same in the large one, for the engine alone.
    """
    small = _market(n_customers)
    forms: Sequence[tuple[str, Callable[[Market], tuple[Counts, float]], Market, int]] = (
        ("ours, large market", _engine, _market(n_large), 3),
        ("ours", _engine, small, 5),
        ("plain objects", _plain_objects, small, 2),
        ("Mesa", _mesa, small, 2),
    )
    return [_figure(name, form, market, repeats) for name, form, market, repeats in forms]


def _market(n_customers: int) -> Market:
    return Market.draw(load_preset("telecom"), customers=n_customers, seed=1, parameters="fixed")


def _figure(
    name: str, form: Callable[[Market], tuple[Counts, float]], market: Market, repeats: int
) -> Figure:
    form(market)  # compiles, fills caches
    results = [form(market) for _ in range(repeats)]
    gc.collect()
    tracemalloc.start()
    form(market)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    people = len(market.people)
    best = min(seconds for _, seconds in results)
    return Figure(
        name=name,
        people=people,
        per_second=people * MONTHS / best,
        bytes_each=peak / people,
        counts=results[0][0],
    )


def _engine(market: Market) -> tuple[Counts, float]:
    world = World(market, compiled=True)
    total = np.zeros(law.TALLIES, dtype=np.int64)
    with ThreadPoolExecutor(max_workers=1) as pool:
        start = time.process_time()
        for number in range(MONTHS):
            month = world.month(number)
            total += world.live(pool, month, no_actions()) + world.settle(pool, month)
        seconds = time.process_time() - start
    return tuple(int(total[place]) for place in COUNTS), seconds


class Person:
    """The fields of the market's row as ordinary attributes."""

    __slots__ = tuple(field.name for field in FIELDS)


def _persons(market: Market) -> list[Person]:
    people = []
    for row in market.people:
        person = Person()
        for name in ROW_DTYPE.names or ():
            setattr(person, name, row[name].item())
        people.append(person)
    return people


def _plans(market: Market) -> list[Month]:
    """The same months for the forms that do not keep columns; their competitors react to the engine's shares."""
    world = World(market, compiled=True)
    months = []
    with ThreadPoolExecutor(max_workers=1) as pool:
        for number in range(MONTHS):
            months.append(world.month(number))
            world.live(pool, months[-1], no_actions())
            world.settle(pool, months[-1])
    return months


def _live(person: Person, month: Month, word: float, p: SimpleNamespace, tally: list[int]) -> None:
    plan = month.plan
    law.month_of(
        person,
        0,
        0,
        0,
        *month.numbers,
        plan.price,
        plan.quality,
        plan.awareness,
        plan.lock_months,
        word,
        p,
        tally,
    )
    law.settle_month(person, *month.numbers, plan.quality, plan.lock_months, p, tally)


def _friends(market: Market) -> list[list[int]]:
    return [positions.tolist() for positions in World(market, compiled=True).friends]


def _plain_objects(market: Market) -> tuple[Counts, float]:
    people, p, tally = _persons(market), market.rules.plain(), [0] * law.TALLIES
    months, (first, second) = _plans(market), _friends(market)
    start = time.process_time()
    for month in months:
        told = [law.recommendation(person, p) for person in people]
        for who, person in enumerate(people):
            _live(person, month, told[first[who]] + told[second[who]], p, tally)
    seconds = time.process_time() - start
    return tuple(tally[place] for place in COUNTS), seconds


class _Agent(mesa.Agent):  # type: ignore[misc,unused-ignore] # Mesa's types come and go with its version
    def __init__(self, model: _Model, person: Person, position: int, friends: tuple[int, int]) -> None:
        super().__init__(model)
        self.person, self.position, self.friends = person, position, friends

    def tell(self) -> None:
        self.model.told[self.position] = law.recommendation(self.person, self.model.p)

    def live(self) -> None:
        word = self.model.told[self.friends[0]] + self.model.told[self.friends[1]]
        _live(self.person, self.model.month, word, self.model.p, self.model.tally)


class _Model(mesa.Model):  # type: ignore[misc,unused-ignore] # as above
    month: Month

    def __init__(self, market: Market) -> None:
        super().__init__(seed=1)
        self.p, self.tally = market.rules.plain(), [0] * law.TALLIES
        self.told = [0.0] * len(market.people)
        friends = _friends(market)
        for who, person in enumerate(_persons(market)):
            _Agent(self, person, who, (friends[0][who], friends[1][who]))

    def step(self) -> None:
        self.agents.do("tell")
        self.agents.do("live")


def _mesa(market: Market) -> tuple[Counts, float]:
    months, model = _plans(market), _Model(market)
    start = time.process_time()
    for month in months:
        model.month = month
        model.step()
    seconds = time.process_time() - start
    return tuple(model.tally[place] for place in COUNTS), seconds
