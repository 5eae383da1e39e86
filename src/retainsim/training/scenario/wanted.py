"""Whom a scenario asks for, once a seed has drawn what it leaves open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import accumulate

import attrs

from retainsdk.view import Reason
from retainsim.market.streams import key_of
from retainsim.training.scenario.scenario import Scenario, Situation


@attrs.frozen(kw_only=True)
class Wanted:
    """
    Whom a scenario asks for.

    Attributes:
        scenario: That asks.
        reason: Of his; none when any will do.
        bluffs: Whether he does not mean it.
        luck: Keys by name: of the world, of the month, of each candidate.
    """

    scenario: Scenario
    reason: Reason | None
    bluffs: bool
    luck: Callable[..., int]

    @classmethod
    def drawn(cls, scenario: Scenario, seed: int) -> Wanted:
        """Of a seed."""
        luck = partial(key_of, "casting", scenario.digest, seed)
        bluffs = _share(luck("bluff")) < scenario.bluff
        reason = None if bluffs else _reason(scenario.reasons, luck("reason"))
        return cls(scenario=scenario, reason=reason, bluffs=bluffs, luck=luck)

    def __str__(self) -> str:
        if self.bluffs:
            return "threatens to leave without meaning it"
        alone, with_reason = _IN_WORDS[self.scenario.situation]
        return alone if self.reason is None else f"{with_reason} for {self.reason.name.lower()}"


_IN_WORDS: Mapping[Situation, tuple[str, str]] = {
    Situation.THREAT: ("threatens to leave", "threatens to leave"),
    Situation.CALM: ("is a customer", "is a customer who would go"),
    Situation.GOODBYE: ("has just left", "has just left"),
    Situation.FORMER: ("left long ago", "left long ago"),
}


def _share(key: int) -> float:
    """A key as a point between 0 and 1."""
    return (key & (1 << 53) - 1) / (1 << 53)


def _reason(weights: Mapping[Reason, float], key: int) -> Reason | None:
    """One of the reasons, by weight; none when any will do."""
    if not weights:
        return None
    reasons = sorted(weights)
    marks = list(accumulate(weights[reason] for reason in reasons))
    mark = marks[-1] * _share(key)
    return next(reason for reason, upto in zip(reasons, marks, strict=True) if mark < upto)
