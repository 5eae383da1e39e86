"""The market as a model to be fitted: worlds drawn from the data's own customers, watched under no policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np

from retainsdk.errors import Fault, InputError
from retainsim.calibration.fit import Array
from retainsim.calibration.moments import Moment, figures
from retainsim.calibration.panel import Panel, watched
from retainsim.calibration.sources import Observed
from retainsim.market import Market, Preset
from retainsim.market.preset.form import UNITS
from retainsim.market.streams import key_of


@attrs.frozen(kw_only=True)
class Sought:
    """
    A parameter whose value is looked for.

    Attributes:
        name: In the preset.
        low: The least it may be.
        high: The most.
        start: Where the preset has it, or the nearest to it between those.
    """

    name: str
    low: float
    high: float
    start: float

    def at(self, share: float) -> float:
        """The value at a share of the range."""
        return self.low + float(share) * (self.high - self.low)

    @property
    def share(self) -> float:
        """Of the range, at the start."""
        return (self.start - self.low) / (self.high - self.low)


@attrs.frozen(kw_only=True)
class MarketModel:
    """
    Gives the moments of worlds.

    Attributes:
        preset: Of the market.
        observed: Whose customers live in it.
        moments: To be read off each world.
        sought: Parameters, a side of the cube each.
        customers: Ours at the start of a world.
        worlds: How many there are.
        seed: Root of their luck.
        threads: Used for each.
    """

    preset: Preset
    observed: Observed
    moments: tuple[Moment, ...]
    sought: tuple[Sought, ...]
    customers: int
    worlds: int
    seed: int
    threads: int = 1

    def figures(self, point: Array, world: int) -> Array:
        """
        The moments of one world at a point of the cube.

        Raises:
            InputError: When it holds nobody of whom one of them speaks.
        """
        values = {it.name: it.at(share) for it, share in zip(self.sought, point, strict=True)}
        panel = self.panel(values, world)
        found = figures(panel, self.moments)
        if np.isnan(found).any():
            lost = [
                f"{it.group}, {it.label}"
                for it, value in zip(self.moments, found, strict=True)
                if np.isnan(value)
            ]
            rule = f"are too few: a world holds nobody of {'; '.join(lost)}"
            fault = Fault("customers", f"{self.customers:,}", rule, "Ask for more customers.")
            raise InputError("calibrate", [fault])
        return found

    def panel(self, values: Mapping[str, float], world: int) -> Panel:
        """What becomes of the customers of one world."""
        market = Market.draw(
            settled(self.preset, values),
            customers=self.customers,
            seed=world_seed(self.seed, world),
            view=self.observed.view,
            parameters="fixed",
        )
        return watched(market, months=self.observed.panel.months, threads=self.threads)


def settled(preset: Preset, values: Mapping[str, float]) -> Preset:
    """The preset with other values for some parameters, whatever their ranges."""
    parameters = {
        name: attrs.evolve(it, value=values[name], low=values[name], high=values[name])
        if name in values
        else it
        for name, it in preset.parameters.items()
    }
    return attrs.evolve(preset, parameters=parameters)


def world_seed(seed: int, world: int) -> int:
    """The seed of a world, so that other roots share no world."""
    return key_of("calibration", seed, world) >> 1


def sought_of(
    preset: Preset, names: Sequence[str], ranges: Mapping[str, tuple[float, float]]
) -> tuple[Sought, ...]:
    """
    What is looked for, and between which values.

    Args:
        preset: Gives values, and the ranges of those without one of their own.
        names: Of the parameters; none for those that the preset calls measured.
        ranges: Low and high, by name.

    Raises:
        InputError: Naming every unknown parameter and every range that is none.
    """
    chosen = list(dict.fromkeys(names)) or [
        name for name, it in preset.parameters.items() if it.status == "measured"
    ]
    faults = [
        Fault("parameters", name, f"is no parameter of preset {preset.name}", "See: retainsim market show")
        for name in dict.fromkeys([*chosen, *ranges])
        if name not in preset.parameters
    ]
    faults += [
        Fault(
            f"range of {name}", f"{low:g}:{high:g}", "must rise from its low to its high", "Write LOW:HIGH."
        )
        for name, (low, high) in ranges.items()
        if not (np.isfinite([low, high]).all() and low < high)
    ]
    faults += [
        Fault(
            f"range of {name}", "given", "is of a parameter that is not calibrated", "Add it to --parameters."
        )
        for name in ranges
        if name in preset.parameters and name not in chosen
    ]
    if not chosen:
        rule = f"are needed: preset {preset.name} calls none of its own measured"
        faults.append(Fault("parameters", "none", rule, "Name those to calibrate."))
    sought = []
    for name in chosen:
        if name not in preset.parameters:
            continue
        it = preset.parameters[name]
        low, high = ranges.get(name, (it.low, it.high))
        if name not in ranges and low >= high:
            rule = "has no range to look in"
            faults.append(Fault(f"parameters.{name}", f"{it.value:g}", rule, "Give it one with --range."))
            continue
        unit = UNITS[it.unit]
        if not unit.low <= low < high <= unit.high:
            rule = f"must lie within {unit.low:g} and {unit.high:g}, for it is {unit.meaning}"
            if np.isfinite([low, high]).all() and low < high:
                faults.append(Fault(f"range of {name}", f"{low:g}:{high:g}", rule, "Narrow it."))
            continue
        sought.append(Sought(name=name, low=low, high=high, start=min(max(it.value, low), high)))
    if faults:
        raise InputError("calibrate", faults)
    return tuple(sought)
