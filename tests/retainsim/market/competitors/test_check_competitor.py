"""The check of strategies: every kind of wrong one is caught, and told with place, value, rule and remedy."""

from __future__ import annotations

import math
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import attrs
import numpy as np
import pytest

from retainsdk.errors import Fault, InputError
from retainsim.market.competitors import (
    FirmStream,
    Sight,
    Strategy,
    Terms,
    check_competitor,
    competitor_faults,
)

Act = Callable[[Sight, FirmStream], Any]
KEPT: list[float] = []


@attrs.frozen(kw_only=True)
class Doing:
    """Acts as a test tells it."""

    how: Act = attrs.field(repr=False)

    def act(self, sight: Sight, draw: FirmStream) -> Terms:
        """As told."""
        return self.how(sight, draw)  # type: ignore[no-any-return] # that is the point


def priced(price: Callable[[Sight, FirmStream], float]) -> Act:
    return lambda sight, draw: attrs.evolve(sight.start, price=price(sight, draw))


def found(strategy: Strategy, *, but: str = "pickle") -> list[Fault]:
    """What is found, but for what a function of a test cannot help."""
    return [fault for fault in competitor_faults(strategy) if fault.place != but]


def counted(sight: Sight, draw: FirmStream) -> float:  # noqa: ARG001 # the protocol's
    KEPT.append(1.0)
    return 1.0 + 0.001 * len(KEPT)


def test_whatever_depends_on_sight_and_draw_alone_is_right() -> None:
    for price in (
        lambda sight, _: 0.9 * (sight.cheapest_rival or 1.0),
        lambda _, draw: 0.9 + 0.1 * draw.uniform("luck") + 0.1 * draw.ever("habit"),
        lambda sight, _: 1.0 + max(sight.shares) - min(sight.shares) + len(sight.past),
        lambda sight, _: 1.0 + 0.01 * sight.month,
    ):
        assert found(Doing(how=priced(price))) == []


WRONG: dict[str, tuple[Act, str]] = {
    "keeps a count": (priced(counted), "must be the same answer"),
    "draws lots": (priced(lambda *_: 1 + random.random()), "must not read other chance"),
    "draws lots by NumPy": (priced(lambda *_: 1 + np.random.default_rng().random()), "must be the same answer"),
    "reads the clock": (priced(lambda *_: 1 + time.time() * 0), "must not read the clock"),
    "reads the day": (priced(lambda *_: 1 + datetime.now(tz=UTC).month / 100), "must not read the clock"),
    "reads the date": (priced(lambda *_: 1 + date.today().year / 10_000), "must not read the clock"),  # noqa: DTZ011 # what it must not
    "asks the system": (priced(lambda *_: 1 + os.getpid() / 1e9), "must not read the system"),
    "opens a file": (priced(lambda *_: 1 + len(Path(__file__).read_text(encoding="utf-8")) / 1e9), "must not read a file"),
    "singles us out": (priced(lambda sight, _: 0.9 * (sight.prices[0] or 1.0)), "must be the same answer"),
    "sells for nothing": (priced(lambda *_: 0.0), "must be above 0 and finite"),
    "has no price at times": (priced(lambda sight, _: 1 / sight.share), "raises an error"),
    "expects everybody on the market": (priced(lambda sight, _: min(cast("tuple[float, ...]", sight.prices))), "raises an error"),
    "expects a history": (priced(lambda sight, _: 1 + max(sight.past[-1])), "raises an error"),
    "gets dear without end": (priced(lambda sight, _: math.inf if sight.month > 50 else 1.0), "must be above 0 and finite"),
    "binds for four years": (lambda sight, _: attrs.evolve(sight.start, lock_months=48.0), "must be within 0 and 36"),
    "is known to more than all": (lambda sight, _: attrs.evolve(sight.start, awareness=2 * sight.start.awareness), "must be within 0 and 1"),
    "grows better without end": (lambda sight, _: attrs.evolve(sight.start, quality=sight.terms.quality + 0.1), "must be within -2 and 2"),
    "gives a price only": (lambda sight, _: sight.start.price, "must be Terms"),
    "gives nothing": (lambda *_: None, "must be Terms"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_strategy_that_does_what_it_must_not_is_told(what: str) -> None:
    act, rule = WRONG[what]

    faults = found(Doing(how=act))

    assert rule in {fault.rule for fault in faults}
    assert all(fault.place and fault.value and fault.rule and fault.remedy for fault in faults)


def test_what_is_right_but_for_one_thing_is_told_of_that_thing_alone() -> None:
    for what in (
        "binds for four years",
        "singles us out",
        "reads the day",
        "sells for nothing",
        "keeps a count",
    ):
        act, rule = WRONG[what]
        assert {fault.rule for fault in found(Doing(how=act))} == {rule}


def test_faults_name_month_and_circumstances() -> None:
    faults = found(Doing(how=WRONG["expects a history"][0]))

    assert "without history, month 0" in " ".join(fault.place for fault in faults)
    assert len(faults) == 2  # the others would tell the same of other months
    assert {fault.value for fault in faults} == {"IndexError: tuple index out of range"}


def test_all_faults_are_told_at_once() -> None:
    def act(sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG001 # the protocol's
        return Terms(
            price=-time.time(), awareness=0.5 * (sight.prices[0] or 9.0), lock_months=99, quality=0.0
        )

    with pytest.raises(InputError, match="competitor Doing") as refused:
        check_competitor(Doing(how=act))

    assert {fault.rule for fault in refused.value.faults} >= {
        "must be above 0 and finite",
        "must be within 0 and 36",
        "must be within 0 and 1",
        "must not read the clock",
        "cannot be pickled",
    }


@attrs.define
class Learning:
    """Remembers prices, which no strategy may."""

    last: float = 1.0

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """A little dearer each time."""
        self.last = self.last * 1.0001
        return attrs.evolve(sight.start, price=self.last)


def test_a_strategy_that_remembers_is_told_in_every_way() -> None:
    rules = {fault.rule for fault in competitor_faults(Learning())}

    assert rules >= {"must be frozen", "must be the same answer", "has changed itself while it was asked"}


@attrs.frozen
class Listing:
    """Frozen, but keeps a list."""

    seen: list[float] = attrs.field(factory=list)

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """Its usual terms; what it keeps shows later."""
        self.seen.append(sight.share)
        return sight.start


def test_a_strategy_that_keeps_something_it_does_not_use_yet_is_told_too() -> None:
    assert [fault.rule for fault in competitor_faults(Listing())] == ["has changed itself while it was asked"]


class Plain:
    """No attrs class."""

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """Its usual terms."""
        return sight.start


@attrs.frozen(slots=False)
class Hiding:
    """Keeps something beside its parameters."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "secret", 3)

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """Its usual terms."""
        return sight.start


@attrs.frozen
class Forgetful:
    """Pickles, but its copy is another."""

    cut: float = 0.1

    def __getstate__(self) -> dict[str, float]:
        return {"cut": 0.0}

    def __setstate__(self, state: dict[str, float]) -> None:
        object.__setattr__(self, "cut", state["cut"])

    def act(self, sight: Sight, draw: FirmStream) -> Terms:  # noqa: ARG002 # the protocol's
        """A little cheaper."""
        return attrs.evolve(sight.start, price=1 - self.cut)


@pytest.mark.parametrize(
    ("strategy", "place", "rule"),
    [
        (Plain(), "class", "must be a frozen attrs class"),
        (Hiding(), "fields", "must not be kept beside the parameters"),
        (Listing, "act", "must be made from its class"),
        (3, "act", "must have act(sight, draw)"),
        (Doing(how=lambda sight, _: sight.start), "pickle", "cannot be pickled"),
    ],
)
def test_what_a_strategy_is_made_of_is_checked(strategy: Any, place: str, rule: str) -> None:
    [fault] = competitor_faults(strategy)

    assert (fault.place, fault.rule) == (place, rule)
    assert fault.remedy


def test_a_copy_that_acts_otherwise_is_told() -> None:
    faults = competitor_faults(Forgetful())

    assert {fault.rule for fault in faults} == {"must be the same answer"}
    assert all("by a pickled copy" in fault.place for fault in faults)


def test_who_watches_is_given_back_his_place() -> None:
    def watch(*_: object) -> None:
        """Somebody else's profiler."""

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        found(Doing(how=WRONG["expects a history"][0]))
        after = sys.getprofile()
    finally:
        sys.setprofile(before)

    assert after is watch
