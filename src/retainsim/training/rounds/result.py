"""
What rounds come to: the effect on each customer, beside the same customers with the same luck and nobody in charge.

It opens when the rounds are over, never before.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from statistics import fmean

import attrs

from retainsdk.experiment import Effect, Measure, Method, Ratio, paired_effect, paired_ratio
from retainsim.training.outlook import MINOR
from retainsim.training.rounds.conduct import Conduct, conduct
from retainsim.training.rounds.office import RESIDUAL_MONTHS, Office
from retainsim.training.rounds.play import OutOfTurnError, Phase, Play
from retainsim.training.rounds.sellers import ByScript, Clairvoyant, Nobody, Seller, played
from retainsim.training.rounds.setting import Setting, Stage

YOU, NOBODY, SCRIPT, CLAIRVOYANT = "you", "nobody", "script", "clairvoyant"
WAYS = (YOU, NOBODY, SCRIPT, CLAIRVOYANT)
"""Who may have been in charge."""
_OTHERS: Mapping[str, type[Seller]] = {NOBODY: Nobody, SCRIPT: ByScript, CLAIRVOYANT: Clairvoyant}


@attrs.frozen(kw_only=True)
class Result:
    """
    What rounds come to.

    Attributes:
        worths: By who was in charge (`you`, `nobody`, `script`, `clairvoyant`): what each customer of the first day is
            worth then, in the order of their numbers, in units of the currency.
        effects: Of `you` beside `nobody` and beside `script`, per customer.
        reachable: Of the clairvoyant beside `nobody`: what could be won at all, or somewhat less.
        reach: The share of that which was won; none where there is little to win.
        conduct: How it was gone about.
        team_cost: What the service team has cost beyond the usual, in all; below 0 was saved. Worths hold it already.
        currency: Of worths.
    """

    worths: Mapping[str, tuple[float, ...]]
    effects: Mapping[str, Effect]
    reachable: Effect
    reach: Ratio | None
    conduct: Conduct
    team_cost: float
    currency: str

    @property
    def per_customer(self) -> tuple[float, ...]:
        """What each customer is worth more than with nobody in charge."""
        return tuple(mine - alone for mine, alone in zip(self.worths[YOU], self.worths[NOBODY], strict=True))

    @property
    def lines(self) -> Mapping[str, float]:
        """Points of each line of the score, 0 to 1; lines without a meaning here are left out."""
        lines = {str(it.line): it.points for it in self.conduct.findings if it.points is not None}
        if self.reach is not None and self.reach.estimate is not None:
            lines["value"] = min(max(self.reach.estimate, 0.0), 1.0)
        return lines

    @property
    def total(self) -> float:
        """The mean of the lines, 0 to 1."""
        return fmean(self.lines.values())


def measure(currency: str, rounds: int) -> Measure:
    """What is measured of a customer."""
    return Measure(
        name="value of a customer",
        definition=(
            f"what he brings in {rounds} rounds and {RESIDUAL_MONTHS} months after them, less all he costs"
        ),
        unit=currency,
        horizon=f"{rounds + RESIDUAL_MONTHS} months",
    )


def result(play: Play) -> Result:
    """
    The result of a play whose stage is over.

    Raises:
        OutOfTurnError: Before it is.
    """
    if play.phase is not Phase.OVER:
        raise OutOfTurnError("The result", play.phase, "Play the rounds to their end first.")
    worths = {YOU: worths_of(play), **_of_others(play.setting, play.stage)}
    currency = play.office.market.preset.currency
    what = measure(currency, len(play.past))

    def beside(one: str, other: str) -> Effect:
        return paired_effect(what, worths[one], worths[other], names=(one, other), method=Method.FIXED)

    reachable = beside(CLAIRVOYANT, NOBODY)
    return Result(
        worths=worths,
        effects={other: beside(YOU, other) for other in (NOBODY, SCRIPT)},
        reachable=reachable,
        reach=_reach(worths, what) if reachable.low is not None and reachable.low > 0 else None,
        conduct=conduct(play),
        team_cost=play.office.spent / MINOR,
        currency=currency,
    )


def worths_of(play: Play) -> tuple[float, ...]:
    """What each customer of the first day is worth by the end of a stage, in units of the currency."""
    office = play.office.forked()
    office.live_on()
    return tuple(office.worth(number) / MINOR for number in range(1, office.at_start + 1))


@lru_cache(maxsize=256)
def _of_others(setting: Setting, stage: Stage) -> Mapping[str, tuple[float, ...]]:
    """The same with each of the others in charge: they do alike whoever is compared with them, as a whole class may be."""
    start = Play(setting=setting, stage=stage, office=Office(setting.market(stage)))
    return {name: worths_of(played(start, make())) for name, make in _OTHERS.items()}


def _reach(worths: Mapping[str, tuple[float, ...]], what: Measure) -> Ratio:
    share = Measure(
        name="share of the reachable",
        definition="(you − nobody) ÷ (clairvoyant − nobody)",
        unit="",
        horizon=what.horizon,
    )
    won, winnable = (
        [with_him - alone for with_him, alone in zip(worths[name], worths[NOBODY], strict=True)]
        for name in (YOU, CLAIRVOYANT)
    )
    return paired_ratio(share, won, winnable)
