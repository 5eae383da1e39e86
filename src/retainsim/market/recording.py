"""
A record of every number a plain market draws: for whom, when, what for, in which line.

`Record.functions` stand in for those of `streams` in a market of its own (`reloaded.market_with`). Compiled code cannot
call them, and is not needed: it draws the same numbers.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.market import streams
from retainsim.market.purposes import PURPOSES

Triple = tuple[int, int, int]
"""Person, moment and purpose, as keys."""
Place = tuple[str, int]
"""File and line."""

TURNS = 32
"""Streams next to a purpose that belong to it, one a turn of a conversation."""
_PURPOSE = {purpose.key: purpose for purpose in PURPOSES.values()}
GIVING = ("stream_of", "drawn", "uniform", "uniforms")
"""The functions of `streams` that give numbers."""


@attrs.define(eq=False)
class Record:
    """
    What one world drew, and the drawing functions of `streams` that keep it.

    Attributes:
        chance: Where numbers come from: the names of `streams`, or what stands in for them.
        changed: Key of one purpose whose numbers are to be others.
        numbers: Each number drawn, by what it was drawn for.
        places: Where it was drawn first.
        people: Keys of everybody who is there, or comes from somebody who is.
        names: Keys made from words and numbers, as text.
        named_people: Those of them for whom was drawn in the months, as for firms, and since which month.
        faults: What was wrong as soon as it was drawn; each sentence once, with how often.
    """

    chance: Mapping[str, Any]
    changed: int | None = None
    numbers: dict[Triple, float] = attrs.field(factory=dict)
    places: dict[Triple, Place] = attrs.field(factory=dict)
    people: set[int] = attrs.field(factory=set)
    names: dict[int, str] = attrs.field(factory=dict)
    named_people: dict[int, str] = attrs.field(factory=dict)
    faults: dict[str, int] = attrs.field(factory=dict)
    _streams: dict[int, tuple[int, int]] = attrs.field(factory=dict)
    _has_begun: bool = False
    _month: str = ""

    def functions(self) -> dict[str, Any]:
        """What stands in for the functions of `streams`."""
        return {name: getattr(self, name) for name in (*GIVING, "key_of", "moment", "spread", "mixed")}

    def begin(self) -> None:
        """From here on everybody who comes must come from somebody."""
        self._has_begun = True

    def fault(self, sentence: str) -> None:
        """Something is wrong."""
        self.faults[sentence] = self.faults.get(sentence, 0) + 1

    def key_of(self, *parts: object) -> int:
        """As in `streams`."""
        key = streams.key_of(*parts)
        self.names[key] = "/".join(map(str, parts))
        return key

    def moment(self, seed: int, month: int) -> int:
        """As in `streams`."""
        key = streams.moment(seed, month)
        self.names[key] = self._month = f"month {month}"
        return key

    def stream_of(self, person: int, when: int) -> int:
        """As in `streams`; a newcomer may be keyed by it, since it comes from that person in that month."""
        self._meet(person, when, _place())
        stream = int(self.chance["stream_of"](person, when))
        self._streams[stream] = person, when
        self.people.add(stream)
        return stream

    def drawn(self, stream: int, purpose: int) -> float:
        """As in `streams`."""
        u = self._number(float(self.chance["drawn"](stream, purpose)), purpose)
        if stream in self._streams:
            self._keep((*self._streams[stream], purpose), u, _place())
        else:
            self.fault(f"{_told(_place())} draws from a stream that stream_of() did not make")
        return u

    def uniform(self, person: int, when: int, purpose: int) -> float:
        """As in `streams`."""
        return self.drawn(self.stream_of(person, when), purpose)

    def uniforms(self, people: NDArray[np.uint64], when: int, purpose: int) -> NDArray[np.float64]:
        """As in `streams`."""
        drawn = self.chance["uniforms"](people, when, purpose)
        many = np.array([self._number(float(u), purpose) for u in drawn])
        place = _place()
        for person, u in zip(people.tolist(), many.tolist(), strict=True):
            self._meet(person, when, place)
            self._keep((person, when, purpose), u, place)
        return many

    def spread(self, keys: NDArray[np.uint64], other: Any) -> NDArray[np.uint64]:  # noqa: ANN401 # one or an array
        """As in `streams`."""
        made = streams.spread(keys, other)
        for key, new in zip(np.atleast_1d(keys).tolist(), np.atleast_1d(made).tolist(), strict=True):
            if key in self.people or not self._has_begun:
                self.people.add(new)
        return made

    def mixed(self, bits: int) -> int:
        """As in `streams`."""
        made = streams.mixed(bits)
        if bits in self.people or any(bits ^ name in self.people for name in (*self.names, *_PURPOSE)):
            self.people.add(made)
        return made

    def _number(self, u: float, purpose: int) -> float:
        return (u + 0.5) % 1.0 if purpose == self.changed else u

    def _meet(self, person: int, when: int, place: Place) -> None:
        """Whoever is drawn for before the first month is there; later somebody must be there already."""
        if person in self.names:
            if self._has_begun:
                self.named_people.setdefault(person, self._month)
        elif not self._has_begun:
            self.people.add(person)
        elif person not in self.people:
            self.fault(
                f"{_told(place)} draws for somebody whose key comes from nobody who was there; "
                "number newcomers by what they come from, not one after the other"
            )
        if when not in self.names and when not in _PURPOSE:
            self.fault(f"{_told(place)} draws at a moment that moment() or key_of() did not name")

    def _keep(self, triple: Triple, u: float, place: Place) -> None:
        before = self.places.setdefault(triple, place)
        if self.numbers.setdefault(triple, u) != u:
            self.fault(f"{_told(place)} gets another number each time it asks for “{what_for(triple[2])}”")
        purpose = _registered(triple[2])
        if purpose is None:
            self.fault(f"{_told(place)} draws for a number that is no registered purpose")
        elif before != place and not purpose.again:
            self.fault(
                f"“{purpose.name}” decides two things of the same person in the same month, "
                f"in {_told(min(before, place))} and in {_told(max(before, place))}"
            )


def what_for(key: int) -> str:
    """The name of a purpose, also in a turn of a conversation."""
    purpose = _registered(key)
    return purpose.name if purpose else hex(key)


def _registered(key: int) -> Any:  # noqa: ANN401 # a Purpose or none
    return _PURPOSE.get(key) or next((it for known, it in _PURPOSE.items() if known ^ key < TURNS), None)


def _place() -> Place:
    """Where a number is drawn; a function that is itself handed the purpose is not the place."""
    frame: FrameType | None = sys._getframe(1)  # noqa: SLF001 # the documented way to the caller
    while frame is not None and (
        frame.f_code.co_filename == __file__
        or "purpose" in frame.f_code.co_varnames[: frame.f_code.co_argcount]
    ):
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame else ("", 0)


def _told(place: Place) -> str:
    return f"{Path(place[0]).name} line {place[1]}"


def _functions(module: ModuleType) -> tuple[str, ...]:
    return tuple(name for name in module.__all__ if name.islower())


_ELSEWHERE: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (random, (*_functions(random), "Random", "SystemRandom")),
    (secrets, tuple(secrets.__all__)),
    (
        np.random,
        (*_functions(np.random), "RandomState", "PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"),
    ),
    (os, ("urandom",)),
    (uuid, ("uuid1", "uuid4")),
    (time, ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")),
)
_LIBRARIES = {*sys.stdlib_module_names, "numpy", "numba", "scipy"} - {"__main__"}


@contextmanager
def chance_from_elsewhere(record: Record) -> Iterator[None]:
    """Note in the record whoever but a library asks another source of chance, or the clock, while this lasts."""
    usual = [(module, name, getattr(module, name)) for module, names in _ELSEWHERE for name in names]
    try:
        for module, name, function in usual:
            setattr(module, name, _noted(record, f"{module.__name__}.{name}", function))
        yield
    finally:
        for module, name, function in usual:
            setattr(module, name, function)


def _noted(record: Record, called: str, usual: Any) -> Any:  # noqa: ANN401 # a function or a class, as it was
    def note() -> None:
        caller = sys._getframe(2)  # noqa: SLF001 # as above
        if str(caller.f_globals.get("__name__", "")).partition(".")[0] not in _LIBRARIES:
            place = _told((caller.f_code.co_filename, caller.f_lineno))
            record.fault(f"{place} calls {called}(), which no key repeats")

    def noted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 # whatever the function takes and gives
        note()
        return usual(*args, **kwargs)

    def noted_init(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 # as above
        note()
        usual.__init__(self, *args, **kwargs)

    return type(usual.__name__, (usual,), {"__init__": noted_init}) if isinstance(usual, type) else noted
