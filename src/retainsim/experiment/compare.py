"""
Policies against their control: one result object, from which every rendering is made.

The pair of worlds is the unit of inference; figures within a world are averages over its customers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import attrs
import numpy as np
import orjson

from retainsdk.errors import Fault, InputError
from retainsdk.experiment import Effect, Method, Ratio, paired_effect, paired_ratio
from retainsdk.policies.none import Nothing
from retainsdk.policies.registry import title
from retainsdk.policy import ActionKind, Policy
from retainsdk.view import Reason
from retainsim.experiment import measures
from retainsim.experiment.manifest import Manifest, manifest
from retainsim.experiment.setting import Setting
from retainsim.experiment.twins import OnWorld, Twins, run_twins
from retainsim.market.history import FLOWS, PROMISES, History

SCHEMA_VERSION = 1

BAND = (0.1, 0.9)
"""Quantiles of the worlds between which a band runs."""


@attrs.frozen(kw_only=True)
class Curve:
    """
    One figure a month, over the worlds.

    Attributes:
        mean: Over the worlds.
        low: Of the band: a tenth of the worlds lie below.
        high: Of the band: a tenth of the worlds lie above.
    """

    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@attrs.frozen(kw_only=True)
class Arm:
    """
    What a policy did and what came of it, on average over the worlds.

    Counts are for a thousand of our customers at the start, money is for each of them.

    Attributes:
        policy: Title.
        school: Name of the policy, without its parameters.
        survival: Share of our customers at the start who never left, by month, percent.
        kept_difference: Customers kept more than by the control, by month; a flat zero for the control.
        shares: Share of all people with each firm and, last, without any, by month, percent.
        reasons: Leavers, true reason by stated reason, as in `Comparison.reasons`.
        flows: Moves of our customers within the horizon.
        promises: How promises that fell due ended.
        actions: Done, by kind; kinds never done are left out.
        refused: Actions refused for want of consent.
        cut: Actions cut by the budget, or because the customer got another.
        minutes: Of representatives.
        parts: Of profit; costs are negative, and all add up to `profit`.
        profit: Cash and residual value.
        effects: Against the control, by the name of the measure; empty for the control.
        cost_per_kept: What one more customer kept has cost; none for the control.
    """

    policy: str
    school: str
    survival: Curve
    kept_difference: Curve
    shares: tuple[tuple[float, ...], ...]
    reasons: tuple[tuple[float, ...], ...]
    flows: dict[str, float]
    promises: dict[str, float]
    actions: dict[str, float]
    refused: float
    cut: float
    minutes: float
    parts: dict[str, float]
    profit: float
    effects: dict[str, Effect]
    cost_per_kept: Ratio | None


@attrs.frozen(kw_only=True)
class Comparison:
    """
    The result of a study.

    Attributes:
        schema_version: Of `to_json`.
        title: What was compared.
        currency: ISO 4217.
        customers: Ours at the start of each world.
        months: Horizon.
        worlds: Pairs of twins.
        parameters: Whether each world drew its market's parameters, or all took the same.
        residual_months: Length of the continuation that the residual value covers.
        margin: δ: profit differences per customer within ± this do not matter.
        firms: Names of the firms, ours first, and "no service".
        reasons: Names of the reasons, in the order of `Arm.reasons`.
        control: The control.
        arms: The policies, as they were given.
        manifest: What it was made with.
    """

    schema_version: int
    title: str
    currency: str
    customers: int
    months: int
    worlds: int
    parameters: str
    residual_months: int
    margin: float
    firms: tuple[str, ...]
    reasons: tuple[str, ...]
    control: Arm
    arms: tuple[Arm, ...]
    manifest: Manifest

    def to_json(self) -> bytes:
        """The whole result, as ``docs/reference/compare.schema.json`` describes it; floats rounded to six places."""
        return orjson.dumps(
            _plain(attrs.asdict(self)), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )


def compare(
    policies: Sequence[Policy],
    setting: Setting,
    *,
    control: Policy | None = None,
    method: Method = Method.SEQUENCE,
    workers: int = 1,
    on_world: OnWorld = lambda done, total: None,  # noqa: ARG005 # its parameters explain it
) -> Comparison:
    """
    Try policies against one control, in twin worlds.

    Args:
        policies: One arm each; the control itself may be among them, and then differs from it by exactly 0.
        setting: What the twins share.
        control: What the policies are compared with; the policy ``none`` if not given.
        method: Of the intervals.
        workers: Processes to use.
        on_world: Told of progress.

    Raises:
        InputError: Without a policy, or with two that cannot be told apart.

    >>> from retainsdk import policies
    >>> from retainsim.experiment import Setting, compare
    >>> result = compare([policies.get("none")], Setting(customers=20, months=3, worlds=2))
    >>> print(result.arms[0].effects["profit per customer"].verdict)
    identical, 0 exactly
    """
    control = Nothing() if control is None else control
    _refuse_faults(policies)
    twins = run_twins(setting, policies, control, workers=workers, on_world=on_world)
    return summary(twins, setting, policies, control, method=method)


def summary(
    twins: Sequence[Twins], setting: Setting, policies: Sequence[Policy], control: Policy, *, method: Method
) -> Comparison:
    """The result of worlds that have been run."""
    controls = [pair.control for pair in twins]
    first = controls[0]
    arms = tuple(
        _arm(policy, [pair.arms[place] for pair in twins], controls, method)
        for place, policy in enumerate(policies)
    )
    names = ", ".join(arm.policy for arm in arms)
    return Comparison(
        schema_version=SCHEMA_VERSION,
        title=f"{names} against {title(control)}",
        currency=first.currency,
        customers=first.customers,
        months=setting.months,
        worlds=setting.worlds,
        parameters=setting.parameters,
        residual_months=first.residual_months,
        margin=measures.measures(controls)[0][0].margin,
        firms=(*first.firms, "no service"),
        reasons=tuple(reason.name.lower().replace("_", " ") for reason in Reason),
        control=_arm(control, controls, None, method),
        arms=arms,
        manifest=manifest(setting, policies, control),
    )


def _arm(
    policy: Policy, histories: Sequence[History], controls: Sequence[History] | None, method: Method
) -> Arm:
    def mean(read: Callable[[History], Any]) -> Any:  # noqa: ANN401 # a number or an array, as *read* gives it
        return np.mean([read(history) for history in histories], axis=0)

    def per_thousand(read: Callable[[History], int]) -> float:
        return float(mean(lambda history: measures.per_thousand(history, read(history))))

    actions = {
        kind.name.lower(): per_thousand(lambda history, kind=kind: int(history.actions[kind]))  # type: ignore[misc] # the default binds the loop's value
        for kind in ActionKind
        if any(history.actions[kind] for history in histories)
    }
    parts = [measures.parts(history) for history in histories]
    return Arm(
        policy=title(policy),
        school=policy.name,
        survival=_curve([measures.survival(history) for history in histories]),
        kept_difference=_curve(
            [
                (measures.survival(history) - measures.survival(other)) * measures.PER / 100
                for history, other in zip(histories, controls or histories, strict=True)
            ]
        ),
        shares=_rows(mean(measures.shares)),
        reasons=_rows(mean(lambda history: measures.PER * history.reasons / history.customers)),
        flows={
            name: per_thousand(lambda history, place=place: int(history.flows[:, place].sum()))  # type: ignore[misc] # as above
            for place, name in enumerate(FLOWS)
        },
        promises={
            name: per_thousand(lambda history, place=place: int(history.promises[:, place].sum()))  # type: ignore[misc] # as above
            for place, name in enumerate(PROMISES)
        },
        actions=actions,
        refused=per_thousand(lambda history: history.refused),
        cut=per_thousand(lambda history: history.cut),
        minutes=per_thousand(lambda history: history.minutes),
        parts={name: float(np.mean([part[name] for part in parts])) for name in parts[0]},
        profit=float(mean(measures.profit)),
        effects={} if controls is None else _effects(title(policy), histories, controls, method),
        cost_per_kept=None if controls is None else _cost_per_kept(histories, controls),
    )


def _effects(
    name: str, histories: Sequence[History], controls: Sequence[History], method: Method
) -> dict[str, Effect]:
    return {
        measure.name: paired_effect(
            measure,
            [read(history) for history in histories],
            [read(history) for history in controls],
            names=(name, controls[0].policy),
            method=method,
        )
        for measure, read in measures.measures(controls)
    }


def _cost_per_kept(histories: Sequence[History], controls: Sequence[History]) -> Ratio:
    pairs = list(zip(histories, controls, strict=True))
    cost = [measures.retention_cost(arm) - measures.retention_cost(control) for arm, control in pairs]
    kept = [(measures.kept(arm) - measures.kept(control)) / measures.PER for arm, control in pairs]
    return paired_ratio(measures.cost_per_kept(controls[0]), cost, kept)


def _curve(figures: Sequence[measures.Figures]) -> Curve:
    stacked = np.stack(figures)
    low, high = np.quantile(stacked, BAND, axis=0)
    return Curve(mean=_row(stacked.mean(axis=0)), low=_row(low), high=_row(high))


def _row(figures: measures.Figures) -> tuple[float, ...]:
    return tuple(float(figure) for figure in figures)


def _rows(figures: measures.Figures) -> tuple[tuple[float, ...], ...]:
    return tuple(_row(row) for row in figures)


def _plain(value: Any) -> Any:  # noqa: ANN401 # whatever JSON can hold
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return round(float(value), 6) if isinstance(value, float) else value


def _refuse_faults(policies: Sequence[Policy]) -> None:
    titles = [title(policy) for policy in policies]
    faults = [
        Fault("policies", name, "is given more than once", "Give other parameters, or leave it out.")
        for name in sorted(set(titles))
        if titles.count(name) > 1
    ]
    if not titles:
        faults.append(Fault("policies", "none given", "at least one is needed", "Name a policy to compare."))
    if faults:
        raise InputError("compare", faults)
