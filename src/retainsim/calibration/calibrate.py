"""Calibrating a market to data: what is fitted, how it is checked, and one result object for every rendering."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import orjson

from retainsdk.errors import Fault, InputError
from retainsim.calibration.evaluations import Kept
from retainsim.calibration.fit import EXPLORED, Array, fit
from retainsim.calibration.identification import CONFIDENCE, Estimate, estimate, findings
from retainsim.calibration.moments import (
    DEFINITIONS,
    LEAST,
    Group,
    Moment,
    covariance,
    figures,
    moments_of,
    repeated,
    usual_groups,
)
from retainsim.calibration.simulated import MarketModel, Sought, sought_of
from retainsim.calibration.sources import Observed
from retainsim.market import Preset

SCHEMA_VERSION = 1
CHECK_WORLDS = 24
"""Worlds in which the fitted market is checked: others than those it was fitted in."""
_CHECKED_APART = 1_000_000
"""Numbers of the worlds for checking begin here."""
_USUAL_STEPS = 4
_PACKAGES = ("retainsdk", "numpy", "numba", "scipy")


@attrs.frozen(kw_only=True)
class Figure:
    """
    A figure of the data beside the market's. All are shares: of customers within the horizon, or a month for a rate.

    Attributes:
        group: What customers are told apart by.
        label: Of whom it is.
        is_rate: Whether it is a rate a month.
        is_fitted: Whether it was fitted, or is shown only.
        data: Its value in the data.
        data_error: Standard error of that, by chance in the customers.
        before: Mean over worlds of the preset as it was.
        before_error: Standard error of that mean.
        after: Mean over worlds of the fitted market.
        after_error: Standard error of that mean.
    """

    group: str
    label: str
    is_rate: bool
    is_fitted: bool
    data: float
    data_error: float
    before: float
    before_error: float
    after: float
    after_error: float

    @property
    def points(self) -> float:
        """How far the fitted market lies above the data, in percentage points."""
        return 100.0 * (self.after - self.data)


@attrs.frozen(kw_only=True)
class Fitted:
    """
    A parameter with its value.

    Attributes:
        name: In the preset.
        meaning: With unit.
        before: Its value in the preset.
        searched: Between which values it was looked for.
        value: At which the market comes closest to the data.
        error: Standard error; none when the data do not decide it.
        interval: At 95 %, within the range; the whole range when the data do not decide it.
        is_identified: Whether the data decide it.
        is_at_edge: Whether the best value is the least or the most it may be.
    """

    name: str
    meaning: str
    before: float
    searched: tuple[float, float]
    value: float
    error: float | None
    interval: tuple[float, float]
    is_identified: bool
    is_at_edge: bool


@attrs.frozen(kw_only=True)
class Calibration:
    """
    A market calibrated to data.

    Attributes:
        schema_version: Of `to_json`.
        source: What it was calibrated to.
        snapshot: Day on which its customers were counted.
        months: Horizon.
        observed: Customers on that day.
        preset: Name, version and digest of the market's file.
        customers: Ours at the start of each world.
        worlds: In which it was fitted.
        check_worlds: Others, in which it was checked; the figures are theirs.
        seed: Root of their luck.
        simulated: Worlds simulated for it, in this run or before.
        figures: Data beside market.
        definitions: What each group of figures is.
        parameters: The values found.
        confidence: Of the intervals.
        luck_of_worlds: How much more figures vary between worlds than by chance in their customers, as variances; 1 at
            least. Data come from one world, so their errors are widened by it.
        distance: Between data and market, squared standard deviations.
        freedom: Degrees of freedom of that distance.
        p_value: Chance of one as large if the market were right; none when there is nothing to test it with.
        findings: What must be known before the values are used, one sentence each.
        reading: How the source was read, one sentence each.
        versions: Of what computed it.
    """

    schema_version: int
    source: str
    snapshot: str
    months: int
    observed: int
    preset: dict[str, Any]
    customers: int
    worlds: int
    check_worlds: int
    seed: int
    simulated: int
    figures: tuple[Figure, ...]
    definitions: dict[str, str]
    parameters: tuple[Fitted, ...]
    confidence: float
    luck_of_worlds: float
    distance: float
    freedom: int
    p_value: float | None
    findings: tuple[str, ...]
    reading: tuple[str, ...]
    versions: dict[str, str]

    @property
    def values(self) -> dict[str, float]:
        """The fitted values by name."""
        return {it.name: it.value for it in self.parameters}

    def to_json(self) -> bytes:
        """The whole result, as ``docs/reference/calibration.schema.json`` describes it."""
        return orjson.dumps(attrs.asdict(self), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def calibrate(
    observed: Observed,
    preset: Preset,
    *,
    parameters: Sequence[str] = (),
    ranges: Mapping[str, tuple[float, float]] | None = None,
    groups: Collection[str] = (),
    worlds: int = 8,
    customers: int | None = None,
    seed: int = 1,
    threads: int = 1,
    check_worlds: int = CHECK_WORLDS,
    file: Path | None = None,
    resume: bool = False,
    on_world: Callable[[int, int], None] = lambda done, about: None,  # noqa: ARG005 # its parameters explain it
) -> Calibration:
    """
    Find values at which a market does what customers did.

    Args:
        observed: The data.
        preset: The market to begin with. What is not calibrated keeps its value, and intervals hold given those.
        parameters: What to calibrate; none for what the preset calls measured.
        ranges: Where to look, by name; the preset's ranges for the others.
        groups: Which figures to fit, names of `Group`; none for the usual ones of such data.
        worlds: For each point that is tried.
        customers: Ours at the start of each world; as many as the data have, up to 8,000, if not said.
        seed: Root of all luck.
        threads: For each world.
        check_worlds: Others, for the figures of the result.
        file: Where to keep what was simulated.
        resume: Go on with what the file holds.
        on_world: Told after each world how many there were, and about how many there will be.

    Raises:
        InputError: Naming everything that is wrong with what is asked.
    """
    moments, missing = moments_of(observed.panel)
    faults: list[Fault] = []
    chosen = _chosen(groups, moments, faults)
    customers = min(len(observed.panel), 8_000) if customers is None else customers
    for name, value, least in (
        ("worlds", worlds, 2),
        ("check-worlds", check_worlds, 2),
        ("customers", customers, 1),
        ("threads", threads, 1),
    ):
        if value < least:
            faults.append(Fault(name, str(value), f"must be at least {least}", f"Ask for {least} or more."))
    sought: tuple[Sought, ...] = ()
    try:
        sought = sought_of(preset, parameters, ranges or {})
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError("calibrate", faults)
    fitted = np.array([moment.group in chosen for moment in moments])
    model = MarketModel(
        preset=preset,
        observed=observed,
        moments=moments,
        sought=sought,
        customers=customers,
        worlds=worlds,
        seed=seed,
        threads=threads,
    )
    likely = _likely_worlds(len(sought), worlds, check_worlds)
    kept = Kept(
        model, _about(model), file, resume=resume, on_world=lambda done: on_world(done, max(likely, done))
    )
    start = np.array([it.share for it in sought])
    data, chance = figures(observed.panel, moments), covariance(observed.panel, moments)
    luck = _luck_of_worlds(
        kept, start, chance[np.ix_(fitted, fitted)] * len(observed.panel) / customers, fitted
    )
    some, target = _Some(kept, fitted), data[fitted]
    widened = luck * (1.0 + len(observed.panel) / (customers * worlds))
    spread = widened * chance[np.ix_(fitted, fitted)]
    first = fit(some, target, spread, start, seed=seed)
    # weighed by what a market near the data leads one to expect, instead of by the data's own chance
    compared = [moment for moment in moments if moment.group in chosen]
    spread = widened * covariance(observed.panel, compared, expected=first.figures.mean(axis=0))
    found = fit(some, target, spread, start, begin=first.point)
    estimated = estimate([it.name for it in sought], found, repeated=repeated(compared))
    before, after = (_checked(kept, point, check_worlds) for point in (start, found.point))
    return Calibration(
        schema_version=SCHEMA_VERSION,
        source=observed.name,
        snapshot=observed.snapshot.isoformat(),
        months=observed.panel.months,
        observed=len(observed.panel),
        preset={"name": preset.name, "version": preset.version, "digest": preset.digest},
        customers=customers,
        worlds=worlds,
        check_worlds=check_worlds,
        seed=seed,
        simulated=kept.used,
        figures=tuple(
            Figure(
                group=str(moment.group),
                label=moment.label,
                is_rate=moment.is_rate,
                is_fitted=bool(fitted[place]),
                data=float(data[place]),
                data_error=float(np.sqrt(chance[place, place])),
                before=float(before[0][place]),
                before_error=float(before[1][place]),
                after=float(after[0][place]),
                after_error=float(after[1][place]),
            )
            for place, moment in enumerate(moments)
        ),
        definitions={
            str(group): text for group, text in DEFINITIONS.items() if group in {it.group for it in moments}
        },
        parameters=_parameters(estimated, sought, preset),
        confidence=CONFIDENCE,
        luck_of_worlds=luck,
        distance=estimated.distance,
        freedom=estimated.freedom,
        p_value=estimated.p_value,
        findings=(*findings(estimated), *missing),
        reading=observed.reading,
        versions={"python": platform.python_version()} | {name: _version(name) for name in _PACKAGES},
    )


def _likely_worlds(parameters: int, worlds: int, check_worlds: int) -> int:
    """About how many a search asks for: points tried first, a few steps with their slopes, slopes at the end, a check."""
    points = 1 + _USUAL_STEPS * (parameters + 1) + 2 * parameters
    return EXPLORED * parameters + points * worlds + 2 * check_worlds


def _chosen(groups: Collection[str], moments: Sequence[Moment], faults: list[Fault]) -> tuple[Group, ...]:
    there = tuple(dict.fromkeys(moment.group for moment in moments))
    if not there:
        rule = f"are too few: no figure has {LEAST} of them"
        faults.append(Fault("data", "customers", rule, "Calibrate to a larger table."))
    for name in groups:
        if there and name not in there:
            rule = "is no group of figures that these data give"
            faults.append(Fault("fit", name, rule, f"Choose among {', '.join(there)}."))
    return tuple(group for group in there if group in groups) if groups else usual_groups(moments)


class _Some:
    """A model of which only some figures are fitted."""

    def __init__(self, kept: Kept, fitted: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
        self.worlds, self._kept, self._fitted = kept.worlds, kept, fitted

    def figures(self, point: Array, world: int) -> Array:
        return np.asarray(self._kept.figures(point, world)[self._fitted])


def _luck_of_worlds(
    kept: Kept, point: Array, chance: Array, fitted: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> float:
    """Competitors and friends move everybody at once: how much more worlds differ than their customers' chance explains."""
    between = np.var([kept.figures(point, world)[fitted] for world in range(kept.worlds)], axis=0, ddof=1)
    return max(1.0, float((between / np.diag(chance)).mean()))


def _checked(kept: Kept, point: Array, worlds: int) -> tuple[Array, Array]:
    seen = np.array([kept.figures(point, _CHECKED_APART + world) for world in range(worlds)])
    return seen.mean(axis=0), seen.std(axis=0, ddof=1) / np.sqrt(worlds)


def _parameters(of: Estimate, sought: Sequence[Sought], preset: Preset) -> tuple[Fitted, ...]:
    return tuple(
        Fitted(
            name=it.name,
            meaning=preset.parameters[it.name].meaning,
            before=preset.parameters[it.name].value,
            searched=(it.low, it.high),
            value=it.at(of.point[place]),
            error=float(of.errors[place]) * (it.high - it.low) if of.is_identified[place] else None,
            interval=(it.at(of.interval[place, 0]), it.at(of.interval[place, 1]))
            if of.is_identified[place]
            else (it.low, it.high),
            is_identified=of.is_identified[place],
            is_at_edge=of.is_at_edge[place],
        )
        for place, it in enumerate(sought)
    )


def _about(model: MarketModel) -> dict[str, Any]:
    """What the figures of a point and a world depend on besides."""
    panel = model.observed.panel
    data = hashlib.blake2b(digest_size=16)
    for column in (panel.relationship, panel.contract, panel.tenure, panel.fee, panel.left):
        data.update(np.ascontiguousarray(column).tobytes())
    return {
        "preset": [model.preset.name, model.preset.digest],
        "market": _source_of_the_market(),
        "data": [model.observed.name, model.observed.snapshot.isoformat(), data.hexdigest()],
        "months": panel.months,
        "moments": [f"{it.group}, {it.label}" for it in model.moments],
        "sought": [[it.name, it.low, it.high] for it in model.sought],
        "customers": model.customers,
        "seed": model.seed,
    }


def _source_of_the_market() -> str:
    """A digest of its rules: with other rules the same values mean something else."""
    digest = hashlib.blake2b(digest_size=16)
    for file in sorted(Path(str(resources.files("retainsim.market"))).rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:  # run from the sources
        return "not installed"
