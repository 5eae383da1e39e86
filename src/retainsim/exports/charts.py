"""
The pictures of a comparison, as Vega-Lite.

Colours are Okabe and Ito's, told apart by colour-blind readers; the control is black and dashed everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt

from retainsdk.experiment import Verdict
from retainsim.experiment.compare import Arm, Comparison, Curve
from retainsim.exports.words import PROFIT

Rows = list[dict[str, Any]]
Spec = dict[str, Any]

_PALETTE = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6d00", "#7f3c8d", "#6b6b6b")
_CONTROL_COLOUR = "#000000"
_VERDICT_COLOURS = {
    Verdict.BETTER: "#009e73",
    Verdict.WORSE: "#d55e00",
    Verdict.TOO_CLOSE: "#56707f",
    Verdict.NOT_DECIDED: "#b07d00",
    Verdict.IDENTICAL: "#56707f",
    Verdict.NOT_YET: "#b07d00",
    Verdict.UNDEFINED: "#56707f",
}
_SHAPES = ("circle", "square", "diamond", "triangle-up", "triangle-down", "cross", "stroke")
_ROW_HEIGHT = 34
_TICKS = 8
_LABEL = 16  # pixels: a label whose tick is nearer than that to the edge is set inside it
_LEGEND_COLUMNS = 2


def survival(comparison: Comparison) -> tuple[tuple[str, Spec], ...]:
    """One picture a policy: customers who never left, by month, beside the control, with the bands of the worlds."""
    everyone = _everyone(comparison)
    lowest = min(min(arm.survival.low) for arm in everyone)
    colours = _colours(comparison)
    pictures = []
    for arm in everyone[1:] or everyone:
        shown = [everyone[0]] if arm is everyone[0] else [everyone[0], arm]
        names = [other.policy for other in shown]
        curves = _curves(
            [row for other in shown for row in _curve_rows(other.policy, other.survival)],
            comparison.months,
            y=alt.Y(
                "low:Q", title="never left, %", scale=alt.Scale(domain=[lowest, 100], nice=True, zero=False)
            ),
            colour=_colour_scale("policy", names, [colours[name] for name in names], legend=False),
            dashes=alt.StrokeDash(
                "policy:N", scale=alt.Scale(domain=names, range=[[6, 4], [1, 0]][: len(names)]), legend=None
            ),
        )
        description = f"Lines: share of customers at the start who never left, under {' and '.join(names)}."
        pictures.append((arm.policy, _drawn(*curves, height=190, description=description)))
    return tuple(pictures)


def kept_difference(comparison: Comparison) -> Spec:
    """Customers kept more than by the control, by month, with the band of the worlds."""
    arms = _everyone(comparison)[1:] or comparison.arms
    names, colours = [arm.policy for arm in arms], _colours(comparison)
    chosen = alt.selection_point(fields=["policy"], bind="legend")
    band, line = _curves(
        [row for arm in arms for row in _curve_rows(arm.policy, arm.kept_difference)],
        comparison.months,
        y=alt.Y("low:Q", title=f"kept more than under {comparison.control.policy}, per 1,000 customers"),
        colour=_colour_scale("policy", names, [colours[name] for name in names]),
    )
    return _drawn(
        _zero("y"),
        band.encode(opacity=alt.condition(chosen, alt.value(0.12), alt.value(0.0))),
        line.encode(opacity=alt.condition(chosen, alt.value(1.0), alt.value(0.15))).add_params(chosen),
        height=360,
        description="Lines: customers kept more than under the control, for 1,000 at the start, by month and policy.",
    )


def profit(comparison: Comparison) -> Spec:
    """Profit difference per customer with its interval, one row a policy; δ shaded."""
    rows: Rows = []
    for arm in comparison.arms:
        effect = arm.effects[PROFIT]
        if effect.estimate is not None:
            rows.append(
                {
                    "policy": arm.policy,
                    "estimate": effect.estimate,
                    "low": effect.estimate if effect.low is None else effect.low,
                    "high": effect.estimate if effect.high is None else effect.high,
                    "verdict": str(effect.verdict),
                }
            )
    shown = [verdict for verdict in Verdict if any(row["verdict"] == verdict for row in rows)]
    words = [str(verdict) for verdict in shown]
    colour = _colour_scale("verdict", words, [_VERDICT_COLOURS[verdict] for verdict in shown])
    unit = f"{comparison.currency} per customer, against {comparison.control.policy}"
    base = _over(rows).encode(
        y=alt.Y("policy:N", title=None, sort=[arm.policy for arm in comparison.arms]), color=colour
    )
    margin = (
        _over([{"low": -comparison.margin, "high": comparison.margin}])
        .mark_rect(color="#000", opacity=0.08)
        .encode(x="low:Q", x2="high:Q")
    )
    zero = _zero("x")
    intervals = base.mark_rule(strokeWidth=3).encode(x="low:Q", x2="high:Q")
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X("estimate:Q", title=unit, axis=alt.Axis(tickCount=_TICKS)),
        shape=alt.Shape("verdict:N", scale=alt.Scale(domain=words, range=_SHAPES[: len(words)])),
        tooltip=[
            alt.Tooltip("policy:N"),
            alt.Tooltip("estimate:Q", format="+,.2f", title=comparison.currency),
            alt.Tooltip("low:Q", format="+,.2f"),
            alt.Tooltip("high:Q", format="+,.2f"),
            alt.Tooltip("verdict:N"),
        ],
    )
    return _drawn(
        margin,
        zero,
        intervals,
        points,
        height=_height(len(rows)),
        description="Points with intervals: profit difference per customer against the control, by policy.",
    )


def parts(comparison: Comparison) -> Spec:
    """What the profit difference is made of: bars to the right add, bars to the left take."""
    names = list(comparison.control.parts)
    rows: Rows = [
        {"policy": arm.policy, "part": name, "amount": arm.parts[name] - comparison.control.parts[name]}
        for arm in comparison.arms
        for name in names
    ]
    y = alt.Y("policy:N", title=None, sort=[arm.policy for arm in comparison.arms])
    bars = (
        _over(rows)
        .mark_bar(height=16)
        .encode(
            y=y,
            x=alt.X(
                "sum(amount):Q",
                title=f"{comparison.currency} per customer, against {comparison.control.policy}",
                axis=alt.Axis(tickCount=_TICKS),
            ),
            color=_colour_scale("part", names, _PALETTE),
            tooltip=[
                alt.Tooltip("policy:N"),
                alt.Tooltip("part:N"),
                alt.Tooltip("sum(amount):Q", format="+,.2f", title=comparison.currency),
            ],
        )
    )
    totals = _over(rows).mark_tick(color="#000", thickness=3, height=26).encode(y=y, x="sum(amount):Q")
    return _drawn(
        bars,
        totals,
        height=_height(len(comparison.arms)),
        description="Stacked bars: parts of the profit difference per customer, by policy; the tick is their sum.",
    )


def reasons(comparison: Comparison) -> Spec:
    """Why customers left: the true reason beside the stated one, for the policy chosen."""
    everyone = _everyone(comparison)
    labels = ["“no need”", *comparison.reasons[1:]]  # nobody leaves for it, many say so
    rows: Rows = []
    for arm in everyone:
        stated = [sum(row[place] for row in arm.reasons) for place in range(len(comparison.reasons))]
        for place, reason in enumerate(labels):
            rows.append(
                {"policy": arm.policy, "reason": reason, "kind": "true", "leavers": sum(arm.reasons[place])}
            )
            rows.append({"policy": arm.policy, "reason": reason, "kind": "stated", "leavers": stated[place]})
    chosen = _choice(everyone, "reasons_of")
    bars = (
        _over(rows)
        .mark_bar()
        .encode(
            y=alt.Y("reason:N", title=None, sort=labels, axis=alt.Axis(labelLimit=150)),
            yOffset=alt.YOffset("kind:N", sort=["true", "stated"]),
            x=alt.X(
                "leavers:Q",
                title="leavers per 1,000 customers",
                axis=alt.Axis(tickCount=_TICKS),
            ),
            color=_colour_scale("kind", ["true", "stated"], ["#0072b2", "#e69f00"]),
            tooltip=["reason:N", "kind:N", alt.Tooltip("leavers:Q", format=",.1f")],
        )
        .add_params(chosen)
        .transform_filter(alt.datum.policy == chosen)
    )
    return _drawn(
        bars,
        height=_height(len(comparison.reasons) + 1),
        description="Bars: leavers by true reason and by stated reason, for the policy chosen.",
    )


def shares(comparison: Comparison) -> Spec:
    """Share of all people with each firm over time, for the policy chosen."""
    everyone = _everyone(comparison)
    rows: Rows = [
        {"policy": arm.policy, "month": month, "firm": firm, "share": share}
        for arm in everyone
        for month, row in enumerate(arm.shares)
        for firm, share in zip(comparison.firms, row, strict=True)
    ]
    chosen = _choice(everyone, "shares_of")
    lines = (
        _over(rows)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=_months(comparison.months),
            y=alt.Y("share:Q", title="share of all people, %", scale=alt.Scale(zero=True)),
            color=_colour_scale("firm", comparison.firms, _PALETTE),
            tooltip=["firm:N", "month:Q", alt.Tooltip("share:Q", format=".1f", title="%")],
        )
        .add_params(chosen)
        .transform_filter(alt.datum.policy == chosen)
    )
    return _drawn(
        lines,
        height=300,
        description="Lines: share of all people with each firm, and without any, by month, for the policy chosen.",
    )


def cost_per_kept(comparison: Comparison) -> Spec | None:
    """Cost per customer kept with its interval; none where no policy has one."""
    rows: Rows = [
        {"policy": arm.policy, "estimate": ratio.estimate, "low": ratio.low, "high": ratio.high}
        for arm in comparison.arms
        if (ratio := arm.cost_per_kept) is not None and ratio.low is not None
    ]
    if not rows:
        return None
    base = _over(rows).encode(
        y=alt.Y("policy:N", title=None, sort=[row["policy"] for row in rows]), color=alt.value(_PALETTE[0])
    )
    # one wide interval must not press all others on the axis
    all_cost = all(row["low"] > 0 for row in rows)
    scale = alt.Scale(type="log", nice=False, padding=12) if all_cost else alt.Scale()
    intervals = base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
    points = base.mark_point(filled=True, size=90, opacity=1).encode(
        x=alt.X(
            "estimate:Q",
            title=f"{comparison.currency} per customer kept{', log scale' if all_cost else ''}",
            axis=alt.Axis(tickCount=_TICKS, format=",d", labelFlush=_LABEL),
            scale=scale,
        ),
        tooltip=[
            "policy:N",
            alt.Tooltip("estimate:Q", format=",.0f"),
            alt.Tooltip("low:Q", format=",.0f"),
            alt.Tooltip("high:Q", format=",.0f"),
        ],
    )
    layers = (intervals, points) if all_cost else (_zero("x"), intervals, points)
    return _drawn(
        *layers,
        height=_height(len(rows)),
        description="Points with intervals: cost per customer kept, by policy.",
    )


def _everyone(comparison: Comparison) -> tuple[Arm, ...]:
    control = comparison.control
    return (control, *(arm for arm in comparison.arms if arm.policy != control.policy))


def _curve_rows(policy: str, curve: Curve) -> Rows:
    return [
        {"policy": policy, "month": month, "mean": mean, "low": low, "high": high}
        for month, (mean, low, high) in enumerate(zip(curve.mean, curve.low, curve.high, strict=True))
    ]


def _curves(
    rows: Rows, months: int, *, y: alt.Y, colour: alt.Color, dashes: alt.StrokeDash | None = None
) -> tuple[alt.Chart, alt.Chart]:
    """Band and line."""
    base = _over(rows).encode(x=_months(months), color=colour)
    band = base.mark_area(opacity=0.14).encode(y=y, y2="high:Q")
    line = base.mark_line(strokeWidth=2.5).encode(
        y="mean:Q",
        tooltip=[
            "policy:N",
            "month:Q",
            alt.Tooltip("mean:Q", format=",.2f"),
            alt.Tooltip("low:Q", format=",.2f"),
            alt.Tooltip("high:Q", format=",.2f"),
        ],
    )
    return band, line if dashes is None else line.encode(strokeDash=dashes)


def _colour_scale(
    field: str, names: Sequence[str], colours: Sequence[str], *, legend: bool = True
) -> alt.Color:
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(names), range=list(colours)),
        legend=alt.Legend(orient="top", title=None, columns=_LEGEND_COLUMNS, symbolOpacity=1)
        if legend
        else None,
    )


def _months(last: int) -> alt.X:
    step = next(step for step in (1, 3, 6, 12, 24, 60) if last / step <= 10 or step == 60)  # noqa: PLR2004 # labels that fit a phone
    return alt.X(
        "month:Q",
        title="months since the start",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(values=list(range(0, last + 1, step)), format="d"),
    )


def _choice(everyone: Sequence[Arm], name: str) -> alt.Parameter:
    names = [arm.policy for arm in everyone]
    return alt.param(
        name=name, value=names[0], bind=alt.binding_select(options=names, name="Under the policy ")
    )


def _colours(comparison: Comparison) -> dict[str, str]:
    """The colour of each policy, the same in every picture."""
    everyone = _everyone(comparison)
    return {
        arm.policy: _CONTROL_COLOUR if place == 0 else _PALETTE[(place - 1) % len(_PALETTE)]
        for place, arm in enumerate(everyone)
    }


def _over(rows: Rows) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _zero(axis: Literal["x", "y"]) -> alt.Chart:
    rule: alt.Chart = alt.Chart().mark_rule(color=_CONTROL_COLOUR, strokeDash=[5, 4])
    return rule.encode(**{axis: alt.datum(0)})


def _drawn(*layers: alt.Chart, height: int, description: str) -> Spec:
    spec: Spec = (
        alt.layer(*layers).properties(width="container", height=height, description=description).to_dict()
    )
    return spec


def _height(rows: int) -> int:
    return _ROW_HEIGHT * max(rows, 2)
