"""
How bots stand over many calls of a scenario: the scale on which trainees are read.

Each bot talks to the same callers with the same luck. A call counts by what it is worth on average and by its score, so
what is left of luck is which callers came.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import fmean, stdev
from typing import Any

import attrs
import orjson
from scipy.stats import t as student

from retainsdk.errors import Fault, InputError, UnknownNameError
from retainsdk.experiment import Effect, Measure, Method, paired_effect
from retainsim.training.bots import BOTS, play
from retainsim.training.outlook import MINOR
from retainsim.training.scenario import Scenario
from retainsim.training.score import Dimension, Score, Yardstick, score
from retainsim.training.session import Session
from retainsim.training.year import MONTHS

SCHEMA_VERSION = 1
LEVEL = 0.95


class UnknownBotError(UnknownNameError):
    """A bot was asked for that there is not."""

    what = "bot"


@attrs.frozen(kw_only=True)
class Standing:
    """
    How one bot stands.

    Attributes:
        bot: Its name.
        values: What each of its calls is worth beside a call nobody answered, in the currency.
        scores: Of each.
    """

    bot: str
    values: tuple[float, ...]
    scores: tuple[Score, ...]

    @property
    def value(self) -> float:
        """The mean worth of its calls."""
        return fmean(self.values)

    @property
    def ci(self) -> tuple[float, float] | None:
        """Where the mean over all callers lies, at `LEVEL`; none for fewer than two calls."""
        n = len(self.values)
        if n < 2:  # noqa: PLR2004 # a spread needs two
            return None
        half = float(student.ppf((1 + LEVEL) / 2, n - 1)) * stdev(self.values) / math.sqrt(n)
        return self.value - half, self.value + half

    @property
    def total(self) -> float:
        """The mean score, 0 to 1."""
        return fmean(it.total for it in self.scores)

    @property
    def spread(self) -> float | None:
        """How far one call's score lies from the mean, as a standard deviation: what a single call says little of."""
        totals = [it.total for it in self.scores]
        return stdev(totals) if len(totals) > 1 else None

    def mean(self, dimension: Dimension) -> float | None:
        """The mean points of a dimension over the calls in which it has a meaning; none when in none."""
        points = [it.dimensions[dimension] for it in self.scores if dimension in it.dimensions]
        return fmean(points) if points else None


@attrs.frozen(kw_only=True)
class Standings:
    """
    How bots stand in a scenario.

    Attributes:
        scenario: Its name.
        currency: Of values.
        seed: The first; each call has the next.
        calls: Of each bot.
        bots: In the order asked for.
    """

    scenario: str
    currency: str
    seed: int
    calls: int
    bots: tuple[Standing, ...]

    def beside(self, bot: str, other: str) -> Effect:
        """What one bot wins beside another with the same callers."""
        values = {it.bot: it.values for it in self.bots}
        measure = Measure(
            name="value of a call",
            definition="what the customer brings, less all that he costs",
            unit=self.currency,
            horizon=f"{MONTHS} months",
        )
        return paired_effect(measure, values[bot], values[other], names=(bot, other), method=Method.FIXED)

    def to_json(self) -> str:
        """One object; its schema is documented."""
        told = {
            "schema_version": SCHEMA_VERSION,
            "scenario": self.scenario,
            "currency": self.currency,
            "seed": self.seed,
            "calls": self.calls,
            "bots": [_told(it) for it in self.bots],
        }
        return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()


def _told(it: Standing) -> dict[str, Any]:
    dimensions = {str(dimension): it.mean(dimension) for dimension in Dimension}
    return {
        "bot": it.bot,
        "value": it.value,
        "ci": None if it.ci is None else list(it.ci),
        "score": it.total,
        "spread": it.spread,
        **dimensions,
    }


def standings(
    scenario: Scenario,
    *,
    calls: int,
    seed: int = 1,
    bots: Sequence[str] = tuple(BOTS),
    on_call: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005 # as it is called
) -> Standings:
    """
    Let bots take calls of a scenario.

    Args:
        scenario: Which.
        calls: Of each bot.
        seed: Of the first; each has the next.
        bots: Who.
        on_call: Told after each caller how many are done, and of how many.

    Raises:
        UnknownBotError: With the names there are.
        InputError: When there is to be no call.
        NobodyCallsError: When no such caller is found.
    """
    for name in bots:
        if name not in BOTS:
            raise UnknownBotError(name, list(BOTS))
    if calls < 1:
        raise InputError(
            "standings", [Fault("calls", str(calls), "must be at least 1", "Ask for more calls.")]
        )
    values: dict[str, list[float]] = {name: [] for name in bots}
    scores: dict[str, list[Score]] = {name: [] for name in bots}
    currency = ""
    for place in range(calls):
        session = Session.with_case(scenario, scenario.name, seed + place)
        by = Yardstick.of(session)
        currency = session.case.market.preset.currency
        for name in bots:
            result = score(play(session, BOTS[name](session)), by)
            scores[name].append(result)
            values[name].append((result.outlook.value - by.alone.value) / MINOR)
        on_call(place + 1, calls)
    return Standings(
        scenario=scenario.name,
        currency=currency,
        seed=seed,
        calls=calls,
        bots=tuple(
            Standing(bot=name, values=tuple(values[name]), scores=tuple(scores[name])) for name in bots
        ),
    )
