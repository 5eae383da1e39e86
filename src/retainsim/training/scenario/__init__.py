"""Scenarios: kinds of calls to be practised, their files, and who calls."""

from retainsim.training.scenario.casting import Case, NobodyCallsError, cast
from retainsim.training.scenario.reading import (
    Examined,
    UnknownScenarioError,
    examine,
    load_scenario,
    scenario_names,
)
from retainsim.training.scenario.scenario import LANGUAGES, Authority, Scenario, Situation, Words

__all__ = [
    "LANGUAGES",
    "Authority",
    "Case",
    "Examined",
    "NobodyCallsError",
    "Scenario",
    "Situation",
    "UnknownScenarioError",
    "Words",
    "cast",
    "examine",
    "load_scenario",
    "scenario_names",
]
