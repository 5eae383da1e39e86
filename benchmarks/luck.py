"""
What a number costs: keyed chance by our hash and by Philox, beside a generator that is not keyed.

Nanoseconds of CPU time a number, best of several runs. *Kept* draws all purposes of a month from one stream.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import attrs
import numba
import numpy as np
from rich.table import Table

from retainsim.market import philox, streams
from retainsim.market.purposes import PURPOSES
from retainsim.market.streams import key_of, moment

MONTH = np.uint64(moment(1, 0))
EVERY = np.array([purpose.key for purpose in PURPOSES.values()], dtype=np.uint64)
Loop = Callable[[int], float]


@attrs.frozen(kw_only=True)
class Figure:
    """
    One row of the table.

    Attributes:
        name: Of the source.
        form: How it is asked.
        nanoseconds: A number.
    """

    name: str
    form: str
    nanoseconds: float


def drawing(count: int = 2_000_000) -> list[Figure]:
    """
    All sources in all forms.

    Args:
        count: Numbers in a run of compiled code; plain Python draws a hundredth of them.
    """
    sources = (("splitmix", streams), ("Philox4x32-10", philox))
    figures = [
        Figure(name=name, form=form, nanoseconds=_cost(loop, many))
        for name, source in sources
        for form, loop, many in (
            ("compiled, one at a time", _each(source), count),
            ("compiled, stream kept", _kept(source), count),
            ("plain Python", _plain(source), count // 100),
            ("arrays", _array(source), count // 10),
        )
    ]
    generator = np.random.default_rng(1)
    figures.append(
        Figure(
            name="NumPy's PCG64, not keyed",
            form="arrays",
            nanoseconds=_cost(lambda many: float(generator.random(many)[-1]), count),
        )
    )
    return figures


def table() -> Table:
    """As ``make bench`` prints it."""
    made = Table(title="Keyed chance: nanoseconds of CPU time a number")
    made.add_column("source")
    made.add_column("form")
    made.add_column("ns", justify="right")
    for figure in drawing():
        made.add_row(figure.name, figure.form, f"{figure.nanoseconds:,.2f}")
    return made


def _cost(loop: Loop, count: int) -> float:
    loop(count)  # compiles, fills caches
    took = []
    for _ in range(5):
        start = time.process_time()
        loop(count)
        took.append(time.process_time() - start)
    return 1e9 * min(took) / count


def _each(source: ModuleType) -> Loop:
    uniform = source.uniform

    @numba.njit  # type: ignore[misc,untyped-decorator,unused-ignore] # numba ships no types
    def loop(count: int, when: Any, purposes: Any) -> float:  # noqa: ANN401 # NumPy's numbers
        total = 0.0
        for number in range(count):
            total += uniform(np.uint64(number), when, purposes[number & 7])
        return total

    return lambda count: float(loop(count, MONTH, EVERY))


def _kept(source: ModuleType) -> Loop:
    stream_of, drawn = source.stream_of, source.drawn

    @numba.njit  # type: ignore[misc,untyped-decorator,unused-ignore] # as above
    def loop(count: int, when: Any, purposes: Any) -> float:  # noqa: ANN401 # as above
        total = 0.0
        for person in range(count // len(purposes)):
            stream = stream_of(np.uint64(person), when)
            for place in range(len(purposes)):
                total += drawn(stream, purposes[place])
        return total

    return lambda count: float(loop(count, MONTH, EVERY))


def _plain(source: ModuleType) -> Loop:
    when, purpose = int(MONTH), int(EVERY[0])
    return lambda count: sum(source.uniform(person, when, purpose) for person in range(count))


def _array(source: ModuleType) -> Loop:
    first = np.uint64(key_of("people", 1, "ours"))
    return lambda count: float(
        source.uniforms(np.arange(count, dtype=np.uint64) ^ first, int(MONTH), int(EVERY[0])).sum()
    )
