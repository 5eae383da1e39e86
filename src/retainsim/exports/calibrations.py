"""A calibration as people read it: tables in the terminal, and a page with the market beside the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
from rich import box
from rich.console import Group
from rich.table import Table

from retainsim.calibration import Calibration
from retainsim.calibration.calibrate import Figure as Compared
from retainsim.calibration.calibrate import Fitted
from retainsim.exports.sheet import Figure, Spec, number, sheet

_TITLES = {
    "contract": "Leaving by kind of contract",
    "tenure": "Leaving by tenure",
    "hazard": "Rate of leaving by tenure",
    "complaint": "Rate of leaving after a complaint",
    "price": "Leaving by fee",
}
_DATA, _BEFORE, _AFTER = "data", "market before", "market fitted"
_COLOURS = {_DATA: "#000000", _BEFORE: "#e69f00", _AFTER: "#0072b2"}
_SHAPES = {_DATA: "diamond", _BEFORE: "triangle-up", _AFTER: "circle"}
_SIGMAS = 1.96
_ROW, _HIGH = 34, 250


def calibration_tables(result: Calibration) -> Group:
    """Figures and values, and what must be known before they are used."""
    beside = Table(title=_title(result), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    beside.add_column("leaving, by", no_wrap=True)
    for column in ("data, %", "before, %", "fitted, %", "points"):
        beside.add_column(column, justify="right", no_wrap=True)
    beside.add_column("")
    for it in result.figures:
        shown = (
            told(it.data, it.data_error),
            told(it.before, it.before_error),
            told(it.after, it.after_error),
        )
        points = f"{it.points:+.1f}".replace("-", "−")
        beside.add_row(f"{it.group}: {it.label}", *shown, points, "" if it.is_fitted else "shown only")
    values = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    values.add_column("parameter")
    for column in ("before", "value", "95 % interval"):
        values.add_column(column, justify="right", no_wrap=True)
    values.add_column("")
    for value in result.parameters:
        values.add_row(
            value.name, _figure(value.before), _figure(value.value), interval(value), remark(value)
        )
    return Group(beside, values, *(f"• {sentence}" for sentence in (*result.findings, *result.reading)))


def told(value: float, error: float) -> str:
    """A share in percent with its standard error."""
    return f"{number(100 * value, 1)} ± {number(100 * error, 1)}"


def interval(it: Fitted) -> str:
    """Of a value, in words."""
    return f"{_figure(it.interval[0])} to {_figure(it.interval[1])}" if it.is_identified else "–"


def remark(it: Fitted) -> str:
    """What must be known of a value."""
    if not it.is_identified:
        return "not identified"
    return "at the edge of its range" if it.is_at_edge else ""


def headline(result: Calibration) -> str:
    """The outcome in one sentence."""
    decided = sum(it.is_identified for it in result.parameters)
    largest = max((abs(it.points) for it in result.figures if it.is_fitted), default=0.0)
    return (
        f"{decided} of {len(result.parameters)} values are decided by {result.source}; the fitted figures are met within "
        f"{number(largest, 1)} points."
    )


def calibration_page(result: Calibration, *, repeat: str) -> str:
    """
    The calibration as HTML: one file that opens without a network.

    Args:
        result: What to show.
        repeat: The command that makes it again.
    """
    return sheet(
        "calibration.html",
        [*_figures(result), _values(result)],
        {},
        it=result,
        headline=headline(result),
        groups=_groups(result),
        titles=_TITLES,
        told=told,
        figure=_figure,
        interval=interval,
        remark=remark,
        repeat=repeat,
    )


def _title(result: Calibration) -> str:
    return f"{result.preset['name']}@{result.preset['version']} calibrated to {result.source}: {headline(result)}"


def _groups(result: Calibration) -> list[str]:
    return list(dict.fromkeys(it.group for it in result.figures))


def _figures(result: Calibration) -> Sequence[Figure]:
    figures = []
    for group in _groups(result):
        of_group = [it for it in result.figures if it.group == group]
        fitted = "Fitted." if of_group[0].is_fitted else "Shown for comparison, not fitted."
        figures.append(
            Figure(
                id=group,
                title=_TITLES[group],
                caption=f"{result.definitions[group]} {fitted} Lines: 95 % by chance in the customers of the data, and by "
                f"luck over {result.check_worlds} worlds of the market.",
                pictures=(("", _beside(of_group, result.months)),),
            )
        )
    return figures


def _beside(figures: Sequence[Compared], months: int) -> Spec:
    rows = [
        {"whom": it.label, "what": what, **_ends(100 * value, 100 * error)}
        for it in figures
        for what, value, error in (
            (_DATA, it.data, it.data_error),
            (_BEFORE, it.before, it.before_error),
            (_AFTER, it.after, it.after_error),
        )
    ]
    names = list(_COLOURS)
    unit = "leave in a month, %" if figures[0].is_rate else f"leave within {months} months, %"
    base = _over(rows).encode(
        x=alt.X(
            "whom:N",
            title=None,
            sort=[it.label for it in figures],
            axis=alt.Axis(labelAngle=0, labelLimit=120),
        ),
        xOffset=alt.XOffset("what:N", sort=names),
        color=alt.Color(
            "what:N",
            scale=alt.Scale(domain=names, range=list(_COLOURS.values())),
            legend=alt.Legend(orient="top", title=None, symbolOpacity=1),
        ),
    )
    shape = alt.Shape("what:N", scale=alt.Scale(domain=names, range=list(_SHAPES.values())), legend=None)
    return _drawn(
        base.mark_rule(strokeWidth=3).encode(y=alt.Y("low:Q", title=unit), y2="high:Q"),
        base.mark_point(filled=True, size=90, opacity=1).encode(
            y="value:Q",
            shape=shape,
            tooltip=[
                "whom:N",
                "what:N",
                *(alt.Tooltip(f"{it}:Q", format=".2f") for it in ("value", "low", "high")),
            ],
        ),
        height=_HIGH,
        description=f"Points with intervals: data beside the market before and after, {unit}.",
    )


def _values(result: Calibration) -> Figure:
    rows: list[dict[str, Any]] = []
    for it in result.parameters:
        low, high = it.searched

        def share(value: float, low: float = low, high: float = high) -> float:
            return (value - low) / (high - low)

        rows.append(
            {
                "parameter": it.name,
                "value": share(it.value),
                "before": min(max(share(it.before), 0.0), 1.0),
                "low": share(it.interval[0]),
                "high": share(it.interval[1]),
                "known": "decided" if it.is_identified else "not identified",
                "in its unit": f"{_figure(it.value)} ({interval(it)})",
            }
        )
    names = [it.name for it in result.parameters]
    known = alt.Color(
        "known:N",
        scale=alt.Scale(domain=["decided", "not identified"], range=["#0072b2", "#b0b7bd"]),
        legend=alt.Legend(orient="top", title=None, symbolOpacity=1),
    )
    base = _over(rows).encode(y=alt.Y("parameter:N", title=None, sort=names, axis=alt.Axis(labelLimit=240)))
    x = alt.X("low:Q", title="share of the range in which it was looked for", scale=alt.Scale(domain=[0, 1]))
    spec = _drawn(
        base.mark_rule(strokeWidth=4).encode(x=x, x2="high:Q", color=known),
        base.mark_point(filled=True, size=90, opacity=1).encode(
            x="value:Q", color=known, tooltip=["parameter:N", "in its unit:N", "known:N"]
        ),
        base.mark_point(shape="triangle-up", size=70, opacity=1, color=_COLOURS[_BEFORE]).encode(
            x="before:Q"
        ),
        height=_ROW * max(len(rows), 2),
        description="Intervals of the calibrated values within the ranges in which they were looked for.",
    )
    return Figure(
        id="values",
        title="Values found",
        caption="Each line is a 95 % interval, from end to end of the range in which the value was looked for; the triangle is "
        "the value before. Intervals hold given the values of all parameters that were not calibrated.",
        pictures=(("", spec),),
    )


def _ends(value: float, error: float) -> dict[str, float]:
    return {"value": value, "low": max(value - _SIGMAS * error, 0.0), "high": value + _SIGMAS * error}


def _figure(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")


def _over(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _drawn(*layers: alt.Chart, height: int, description: str) -> Spec:
    spec: Spec = (
        alt.layer(*layers).properties(width="container", height=height, description=description).to_dict()
    )
    return spec
