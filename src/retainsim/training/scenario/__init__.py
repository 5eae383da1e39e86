"""Scenarios: kinds of calls to be practised, their files, and who calls."""

from retainsim.training.scenario.case import Case
from retainsim.training.scenario.casting import NobodyCallsError, cast
from retainsim.training.scenario.guide import Analogous, Guide, analogous, guide
from retainsim.training.scenario.past import past_names
from retainsim.training.scenario.reading import (
    Examined,
    UnknownScenarioError,
    examine,
    examine_scenario,
    load_scenario,
    scenario_names,
)
from retainsim.training.scenario.scenario import (
    LANGUAGES,
    Authority,
    Promised,
    Scenario,
    Situation,
    Words,
)
from retainsim.training.scenario.starting import start_scenario

__all__ = [
    "LANGUAGES",
    "Analogous",
    "Authority",
    "Case",
    "Examined",
    "Guide",
    "NobodyCallsError",
    "Promised",
    "Scenario",
    "Situation",
    "UnknownScenarioError",
    "Words",
    "analogous",
    "cast",
    "examine",
    "examine_scenario",
    "guide",
    "load_scenario",
    "past_names",
    "scenario_names",
    "start_scenario",
]
