"""Situations: what brings two people to talk, and what the talk comes to."""

from __future__ import annotations

from collections.abc import Mapping

from retainsim.training.scenario import Situation
from retainsim.training.situation.colleague import contradicts, told_otherwise
from retainsim.training.situation.facts import Fact
from retainsim.training.situation.occasion import NOTHING_DONE, Deed, Occasion, Outcome
from retainsim.training.situation.threat import THREAT_MOVES, Threat
from retainsim.training.situation.visit import Goodbye, Visit, WinBack

__all__ = [
    "NOTHING_DONE",
    "THREAT_MOVES",
    "Deed",
    "Fact",
    "Occasion",
    "Outcome",
    "contradicts",
    "occasion_of",
    "told_otherwise",
]

_OCCASIONS: Mapping[Situation, Occasion] = {
    Situation.THREAT: Threat(),
    Situation.CALM: Visit(),
    Situation.GOODBYE: Goodbye(),
    Situation.FORMER: WinBack(),
}


def occasion_of(situation: Situation) -> Occasion:
    """How it goes in a situation."""
    return _OCCASIONS[situation]
