"""
Presets: the parameters of a market as a versioned data file, with range, source and status of each.

A world either takes every value as it stands or draws it from its range (MARKET principle 7: worlds differ in
luck and in what we do not know).
"""

from retainsim.market.preset.chosen import chosen_preset, unknown_name
from retainsim.market.preset.preset import (
    CONTRACTS,
    STATUSES,
    Parameter,
    Preset,
    Rules,
)
from retainsim.market.preset.reading import Examined, examine, examine_preset, load_preset, read_preset
from retainsim.market.preset.shelf import UnknownPresetError, preset_names, versions_of
from retainsim.market.preset.starting import start_preset

__all__ = [
    "CONTRACTS",
    "STATUSES",
    "Examined",
    "Parameter",
    "Preset",
    "Rules",
    "UnknownPresetError",
    "chosen_preset",
    "examine",
    "examine_preset",
    "load_preset",
    "preset_names",
    "read_preset",
    "start_preset",
    "unknown_name",
    "versions_of",
]
