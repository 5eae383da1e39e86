"""The preset that a calibration makes: the market's file with the values found, each with what is known of it."""

from __future__ import annotations

import math

import attrs

from retainsim.calibration.calibrate import Calibration, Fitted
from retainsim.market import Preset
from retainsim.market.preset.preset import Parameter
from retainsim.market.preset.starting import preset_text

_DIGITS = 4
_SUFFIX = "_fitted"
_LONGEST_NAME = 40


def fitted_preset(preset: Preset, result: Calibration) -> Preset:
    """
    The preset with the values found.

    What the data decide is *measured*, with its interval as range. What they do not decide keeps the range in which it
    was looked for and is *assumed*, but has the value found too: the others hold given it.
    """
    parameters = dict(preset.parameters)
    for it in result.parameters:
        parameters[it.name] = _stated(parameters[it.name], it, result)
    name = preset.name[: _LONGEST_NAME - len(_SUFFIX)] + _SUFFIX
    return attrs.evolve(preset, name=name, version=1, parameters=parameters)


def fitted_text(preset: Preset, result: Calibration) -> str:
    """The same as the text of a file that `retainsim` reads as any preset."""
    fitted = fitted_preset(preset, result)
    return preset_text(attrs.evolve(fitted, name=preset.name, version=preset.version), name=fitted.name)


def _stated(before: Parameter, it: Fitted, result: Calibration) -> Parameter:
    low, high = it.interval if it.is_identified else it.searched
    value = _rounded(it.value)
    source = (
        f"calibrated to {result.source} of {result.snapshot}, leaving within {result.months} months"
        if it.is_identified
        else f"not identified by {result.source} of {result.snapshot}; the calibrated values hold given this one"
    )
    return attrs.evolve(
        before,
        value=value,
        low=min(_rounded(low), value),
        high=max(_rounded(high), value),
        status="measured" if it.is_identified else "assumed",
        source=source,
        base="",
    )


def _rounded(value: float) -> float:
    """To four digits: no calibration knows more."""
    if value == 0.0:
        return 0.0
    return round(value, _DIGITS - 1 - math.floor(math.log10(abs(value))))
