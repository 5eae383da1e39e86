"""What a theme of facts is: the facts that are measured together, how, and what a picture of them shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any, Literal, TypeVar

import attrs

from retainsim.market.checks.fact import Fact, Figure
from retainsim.market.checks.watch import Watcher
from retainsim.market.engine import Market
from retainsim.market.preset import Preset
from retainsim.market.streams import key_of

_Life = TypeVar("_Life")
OnLife = Callable[[], None]
"""Called after each life of a world."""


@attrs.frozen(kw_only=True)
class Point:
    """
    One mark of a picture.

    Attributes:
        x: A figure, or a word.
        y: Its height.
        low: Of its interval; none without one.
        high: Of the same.
        series: Which line or colour it belongs to.
    """

    x: float | str
    y: float
    low: float | None = None
    high: float | None = None
    series: str = ""

    @classmethod
    def of(
        cls, x: float | str, figure: Figure | None, *, series: str = "", factor: float = 1.0
    ) -> list[Point]:
        """The mark of a figure; no mark where there is no figure."""
        if figure is None:
            return []
        shown = figure.times(factor)
        return [cls(x=x, y=shown.value, low=shown.low, high=shown.high, series=series)]


@attrs.frozen(kw_only=True)
class Picture:
    """
    What was measured, to be drawn.

    Attributes:
        kind: Lines over a figure, or points with intervals over words.
        x: Title of that axis; with unit.
        y: The same.
        caption: How to read it.
        points: Its marks.
    """

    kind: Literal["lines", "points"]
    x: str
    y: str
    caption: str
    points: tuple[Point, ...]


@attrs.frozen(kw_only=True)
class Measured:
    """
    What came out for a theme.

    Attributes:
        figures: By id of the fact; none where there was nothing to measure.
        picture: Of all of them.
        undecided: Ids of facts whose figure is weak evidence either way, whatever its interval.
        by_structure: By id of the fact, its figure in each structure of the market.
        by_segment: By id of the fact, its figure in each segment of customers.
    """

    figures: Mapping[str, Figure | None]
    picture: Picture
    undecided: AbstractSet[str] = frozenset()
    by_structure: Mapping[str, Mapping[str, Figure]] = attrs.field(factory=dict)
    by_segment: Mapping[str, Mapping[str, Figure]] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Theme:
    """
    Facts that are measured together.

    Attributes:
        id: Before the point in the ids of its facts.
        title: Of its section.
        facts: In the order they are shown.
        watcher: Somebody new who watches the common life of a world under no policy; none if nobody needs to.
        lives: Of its own that each world is lived through, besides that one.
        measure: From the worlds and what the watchers of each kept.
    """

    id: str
    title: str
    facts: tuple[Fact, ...]
    watcher: Callable[[], Watcher] | None
    lives: int
    measure: Callable[[Worlds, Sequence[Any]], Measured]


@attrs.frozen(kw_only=True)
class Worlds:
    """
    The worlds of a check.

    Attributes:
        preset: Of all of them.
        customers: Ours at the start of each.
        count: Number of worlds.
        seed: Root of all luck; more worlds leave the seeds of the first ones as they are.
        parameters: ``drawn`` for each world from the preset's ranges, or ``fixed``.
        threads: Worlds that live at the same time; the figures do not depend on it.
        compiled: False runs the law as plain Python; the figures do not depend on it.
        on_life: Told of progress.
    """

    preset: Preset
    customers: int
    count: int
    seed: int
    parameters: Literal["drawn", "fixed"] = "drawn"
    threads: int = 1
    compiled: bool = True
    on_life: OnLife = lambda: None

    def market(self, number: int) -> Market:
        """The world of that number, at its beginning."""
        seed = key_of("check", self.seed, number) & 0xFFFF_FFFF
        return Market.draw(self.preset, customers=self.customers, seed=seed, parameters=self.parameters)

    def each(self, life: Callable[[Market], _Life]) -> list[_Life]:
        """One life of every world, in the order of the worlds."""

        def lived(number: int) -> _Life:
            return life(self.market(number))

        with ThreadPoolExecutor(max_workers=self.threads) as pool:
            futures = [pool.submit(lived, number) for number in range(self.count)]
            try:
                for future in as_completed(futures):
                    future.result()
                    self.on_life()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
            return [future.result() for future in futures]
