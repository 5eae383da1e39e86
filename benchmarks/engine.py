"""
The market's engine beside the same rules in plain Python objects and in Mesa, and how it grows.

The forms live through the same months with the same chance, and must count the same people leaving.
Figures are person-months per second of CPU time, best of several runs, and bytes of memory a person. Who threatens is
answered by the script every firm has, unless the policy is another.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from types import SimpleNamespace

import attrs
import mesa
import numpy as np

from retainsdk.policies import get, names
from retainsdk.policy import Budget, Policy
from retainsim.market import Market, law, load_preset
from retainsim.market.engine import World, _one_month
from retainsim.market.month import Month
from retainsim.market.person import FIELDS

MONTHS = 6
ENGINE, WHOLE_MONTHS = "ours, large market", "ours, with calls and a policy that does nothing"
MESA = ("Mesa, agents do", "Mesa, agents map")
BUSY = tuple(name for name in names() if name != "none")
"""The policies that ship, each with what it sees, decides, and says in calls."""
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
    small, large = _market(n_customers), _market(n_large)
    forms: Sequence[tuple[str, Callable[[Market], tuple[Counts, float]], Market, int]] = (
        (ENGINE, _engine, large, 5),
        (WHOLE_MONTHS, _under("none"), large, 4),
        *((f"under {name}", _under(name), large, 3) for name in BUSY),
        ("ours", _engine, small, 5),
        ("plain objects", _plain_objects, small, 3),
        (MESA[0], _mesa_do, small, 3),
        (MESA[1], _mesa_map, small, 3),
    )
    return [_figure(name, form, market, repeats) for name, form, market, repeats in forms]


def times_mesa(n_customers: int = 1_000, n_large: int = 60_000, rounds: int = 5) -> float:
    """
    How many times as many person-months a CPU second as the better of Mesa's two forms.

    All are measured in turns, so that whatever else the machine does falls on each; the median of the rounds.
    """
    small, large = _market(n_customers), _market(n_large)
    _engine(large)  # compiles
    ratios = []
    for _ in range(rounds):
        ours = min(_engine(large)[1] for _ in range(3)) / len(large.people)
        theirs = min(_mesa_do(small)[1], _mesa_map(small)[1]) / len(small.people)
        ratios.append(theirs / ours)
    return statistics.median(ratios)


def _market(n_customers: int) -> Market:
    market = Market.draw(load_preset("telecom"), customers=n_customers, seed=1, parameters="fixed")
    assert len(market.people)  # drawn here, so that runs copy them and only the months are measured
    return market


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
    """Everybody's months; nobody talks to those who threaten."""
    world = World(market, compiled=True)
    total = np.zeros(law.TALLIES, dtype=np.int64)
    start = time.process_time()
    for number in range(MONTHS):
        total += _month(world, world.month(number))
    seconds = time.process_time() - start
    return tuple(int(total[place]) for place in COUNTS), seconds


def _month(world: World, month: Month) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    tally, threatening = world.live(month)
    world.settle(month, threatening, tally, None)
    world.close(tally)
    return tally


def _under(name: str) -> Callable[[Market], tuple[Counts, float]]:
    """Everything a run does in a month under a policy: view, gate, deeds, calls."""
    policy: Policy = get(name)

    def form(market: Market) -> tuple[Counts, float]:
        world = World(market, compiled=True)
        start = time.process_time()
        tallies = [
            _one_month(world, number, policy, Budget(), consent_gate=True).tally for number in range(MONTHS)
        ]
        seconds = time.process_time() - start
        total = np.sum(tallies, axis=0)
        return tuple(int(total[place]) for place in COUNTS), seconds

    return form


# the same rules on objects


class Person:
    """The fields of the market's row as ordinary attributes."""

    __slots__ = tuple(field.name for field in FIELDS)


def _persons(market: Market) -> list[Person]:
    people = []
    for row in market.people:
        person = Person()
        for name in Person.__slots__:
            setattr(person, name, row[name].item())
        people.append(person)
    return people


def _circles(people: list[Person]) -> list[list[Person]]:
    circles, first = [], 0
    while first < len(people):
        after = first + people[first].circle  # type: ignore[attr-defined] # a slot
        circles.append(people[first:after])
        first = after
    return circles


def _plans(market: Market) -> list[Month]:
    """The same months for the forms that do not keep columns; their competitors react to the engine's shares."""
    world, months = World(market, compiled=True), []
    for number in range(MONTHS):
        months.append(world.month(number))
        _month(world, months[-1])
    return months


def _told(circle: list[Person], p: SimpleNamespace) -> tuple[float, int]:
    """What a circle says as the month begins, and who says most."""
    word, loudest, teller = 0.0, 0.0, -1
    for person in circle:
        told = law.recommendation(person, p)
        word += told
        if told > loudest:
            loudest, teller = told, person.member  # type: ignore[attr-defined] # a slot
    return word, teller


def _live(
    person: Person, said: tuple[float, int], month: Month, p: SimpleNamespace, tally: list[int]
) -> None:
    law.month_of(person, 0, 0, 0, *said, month.row, p, tally)
    if person.leaning >= 0:  # type: ignore[attr-defined] # a slot
        law.settle_month(person, month.row, p, tally)


def _plain_objects(market: Market) -> tuple[Counts, float]:
    people, p, tally = _persons(market), market.rules.plain(), [0] * law.TALLIES
    months, circles = _plans(market), _circles(people)
    start = time.process_time()
    for month in months:
        for circle in circles:
            said = _told(circle, p)
            for person in circle:
                _live(person, said, month, p, tally)
    seconds = time.process_time() - start
    return tuple(tally[place] for place in COUNTS), seconds


class _Agent(mesa.Agent):  # type: ignore[misc,unused-ignore] # Mesa's types come and go with its version
    def __init__(self, model: _Model, person: Person, circle: list[Person]) -> None:
        super().__init__(model)
        self.person, self.circle, self.said = person, circle, (0.0, -1)

    def hear(self) -> None:
        self.said = _told(self.circle, self.model.p)

    def live(self) -> None:
        _live(self.person, self.said, self.model.month, self.model.p, self.model.tally)


class _Model(mesa.Model):  # type: ignore[misc,unused-ignore] # as above
    month: Month

    def __init__(self, market: Market) -> None:
        super().__init__(rng=1)
        self.p, self.tally = market.rules.plain(), [0] * law.TALLIES
        for circle in _circles(_persons(market)):
            for person in circle:
                _Agent(self, person, circle)


def _mesa(market: Market, how: str) -> tuple[Counts, float]:
    months, model = _plans(market), _Model(market)
    start = time.process_time()
    for month in months:
        model.month = month
        getattr(model.agents, how)("hear")
        getattr(model.agents, how)("live")
    seconds = time.process_time() - start
    return tuple(model.tally[place] for place in COUNTS), seconds


def _mesa_do(market: Market) -> tuple[Counts, float]:
    return _mesa(market, "do")


def _mesa_map(market: Market) -> tuple[Counts, float]:
    return _mesa(market, "map")


# how it grows


@attrs.frozen(kw_only=True)
class Grown:
    """
    One whole run, in a process of its own.

    Attributes:
        people: In the market.
        months: Of the run.
        seconds: On the clock, from the drawing of the people to the last month, on two threads.
        cpu_seconds: Of both.
        peak_bytes: Of memory, everything included.
    """

    people: int
    months: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def growth(sizes: Sequence[int] = (100_000, 300_000, 1_000_000, 3_000_000), months: int = 12) -> list[Grown]:
    """Cost against size, which should be a straight line."""
    return [grown(size, months) for size in sizes]


def grown(people: int, months: int, threads: int = 2) -> Grown:
    """
    A run of that size under `none`, measured in a child, whose memory nobody else has used.

    Args:
        people: In the market, ours and elsewhere; 10,000,000 for 60 months is what a laptop should manage.
        months: Of the run.
        threads: To spread it over.
    """
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, str(people), str(months), str(threads)],
        capture_output=True,
        text=True,
        check=True,
    )
    return Grown(**json.loads(child.stdout))


_CHILD = """
import json, resource, sys, time
from pathlib import Path
from retainsdk.policies import get
from retainsim.market import Market, load_preset, run

people, months, threads = map(int, sys.argv[1:])
preset = load_preset("telecom")


def market(people):
    return Market.draw(preset, customers=round(people * preset.firms[0].share), seed=1, parameters="fixed")


def peak_bytes():
    status = Path("/proc/self/status")
    if not status.exists():
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # unlike what getrusage says, without the memory of whoever started this process
    return 1024 * next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))


run(market(1_000), get("none"), months=6, residual_months=0)  # compiles, or loads what was compiled
clock, cpu = time.perf_counter(), time.process_time()
history = run(market(people), get("none"), months=months, threads=threads, residual_months=0)
print(json.dumps({
    "people": int(history.people[0].sum()),
    "months": months,
    "seconds": time.perf_counter() - clock,
    "cpu_seconds": time.process_time() - cpu,
    "peak_bytes": peak_bytes(),
}))
"""
