"""The report of a course as a page: a single file that opens without a network, in the direction its language is read."""

from __future__ import annotations

from typing import Any

import altair as alt

from retainsim.exports.course_report import Told
from retainsim.exports.sheet import Figure, Spec, sheet
from retainsim.training.lines import Direction, screen_text
from retainsim.training.score import Dimension

_BLUE, _GREY, _HIGHEST = "#0072b2", "#8a949c", 100
_ROW = 34


def course_page(told: Told, *, repeat: str) -> str:
    """
    The report as HTML.

    Args:
        told: The report, in a language.
        repeat: The command that makes it again.
    """
    blocks = told.blocks()
    return sheet(
        "course.html",
        _figures(told),
        {},
        language=told.language.value,
        direction=told.language.direction.value,
        blocks=blocks,
        again=told.word("again"),
        repeat=repeat,
    )


def _figures(told: Told) -> tuple[Figure, ...]:
    if not told.report.told:
        return ()
    return (
        Figure(
            id="dimensions",
            title=told.word("figure_dimensions"),
            caption=told.word("unit_figure"),
            pictures=(("", _dimensions(told)),),
        ),
        Figure(
            id="growth",
            title=told.word("figure_growth"),
            caption=told.word("figure_growth_caption"),
            pictures=(("", _growth(told)),),
        ),
    )


def _from_right(told: Told) -> bool:
    return told.language.direction is Direction.RIGHT_TO_LEFT


def _dimensions(told: Told) -> Spec:
    """A point a dimension, with its interval."""
    rows, labels = [], []
    for it in Dimension:
        estimate = told.report.dimension(it)
        if estimate.mean is not None:
            ends = (estimate.mean if end is None else end for end in (estimate.low, estimate.high))
            low, high = (_HIGHEST * end for end in ends)
            label = screen_text(told.language, f"dimensions.{it}")
            labels.append(label)
            rows.append({"what": label, "mean": _HIGHEST * estimate.mean, "low": low, "high": high})
    axis = alt.Axis(orient="right") if _from_right(told) else alt.Axis()
    base = _over(rows).encode(y=alt.Y("what:N", title=None, sort=labels, axis=axis))
    scale = alt.Scale(domain=[0, _HIGHEST], reverse=_from_right(told), clamp=True)
    title = told.word("points_axis")
    intervals = base.mark_rule(strokeWidth=3, color=_BLUE).encode(
        x=alt.X("low:Q", scale=scale, title=title), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, opacity=1, color=_BLUE).encode(
        x=alt.X("mean:Q", scale=scale, title=title)
    )
    return _drawn(intervals, points, height=_ROW * len(rows), description=told.word("figure_dimensions"))


def _growth(told: Told) -> Spec:
    """A line a trainee, and the mean of the class."""
    rows = [
        {"who": person.label, "call": place, "points": _HIGHEST * (it.score - it.script)}
        for person in told.report.told
        for place, it in enumerate(person.results, start=1)
    ]
    most = max(row["call"] for row in rows if isinstance(row["call"], int))
    axis = alt.Axis(orient="right") if _from_right(told) else alt.Axis()
    base = _over(rows).encode(
        x=alt.X(
            "call:Q",
            title=told.word("call_number"),
            axis=alt.Axis(tickMinStep=1, tickCount=most, format="d"),
            scale=alt.Scale(domain=[1, max(most, 2)], reverse=_from_right(told)),
        ),
    )
    title = told.word("points_axis")
    zero = alt.Chart().mark_rule(color="#000", strokeDash=[5, 4]).encode(y=alt.datum(0))
    lines = base.mark_line(color=_GREY, opacity=0.6, point=True).encode(
        y=alt.Y("points:Q", title=title, axis=axis),
        detail="who:N",
        tooltip=["who:N", alt.Tooltip("points:Q", format=".0f")],
    )
    mean = base.mark_line(color=_BLUE, strokeWidth=4).encode(
        y=alt.Y("mean(points):Q", title=title, axis=axis)
    )
    return _drawn(zero, lines, mean, height=300, description=told.word("figure_growth"))


def _over(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _drawn(*layers: alt.Chart, height: int, description: str) -> Spec:
    spec: Spec = (
        alt.layer(*layers).properties(width="container", height=height, description=description).to_dict()
    )
    return spec
