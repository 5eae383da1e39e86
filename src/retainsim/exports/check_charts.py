"""The pictures of a check, as Vega-Lite: each fact's figure against its band, and what was measured."""

from __future__ import annotations

from typing import Any

import altair as alt

from retainsim.exports.sheet import Spec
from retainsim.market.checks import Finding, Verdict
from retainsim.market.checks.theme import Picture, Point

VERDICT_COLOURS = {
    Verdict.HOLDS: "#009e73",
    Verdict.FAILS: "#d55e00",
    Verdict.NOT_YET: "#b07d00",
    Verdict.NOT_AIMED_AT: "#56707f",
    Verdict.REPORTED: "#0072b2",
}
_BAND = "#009e73"
_SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
_STRIP, _HIGH = 46, 260
_MARGIN = 0.08


def strip(finding: Finding) -> Spec | None:
    """The figure with its interval over the band; none where there is no figure."""
    figure, band = finding.figure, finding.fact.band
    if figure is None:
        return None
    edges = [] if band is None else [edge for edge in (band.low, band.high) if edge is not None]
    seen = [*edges, figure.low, figure.high]
    if finding.fact.unit in {"%", "% of worlds"}:
        seen += [0.0] if min(seen) > 0 else []
    room = _MARGIN * (max(seen) - min(seen) or 1.0)
    low, high = min(seen) - room, max(seen) + room
    low = low if min(seen) < 0 else max(low, 0.0)
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    title = finding.fact.unit
    layers: list[alt.Chart] = []
    if band is not None:
        ends = {
            "low": low if band.low is None else band.low,
            "high": high if band.high is None else band.high,
        }
        layers.append(
            _over([ends])
            .mark_rect(color=_BAND, opacity=0.16)
            .encode(x=alt.X("low:Q", scale=scale), x2="high:Q")
        )
    row: dict[str, Any] = {"value": figure.value, "low": figure.low, "high": figure.high}
    base = _over([row]).encode(color=alt.value(VERDICT_COLOURS[finding.verdict]))
    layers.append(
        base.mark_rule(strokeWidth=4).encode(x=alt.X("low:Q", scale=scale, title=title), x2="high:Q")
    )
    layers.append(
        base.mark_point(filled=True, size=110, opacity=1).encode(
            x=alt.X("value:Q", scale=scale, title=title, axis=alt.Axis(tickCount=6)),
            tooltip=[alt.Tooltip(f"{name}:Q", format=",.3~f") for name in row],
        )
    )
    told = "its band" if band is not None else "no band"
    return _drawn(
        layers, height=_STRIP, description=f"Point with interval over {told}: {finding.fact.sentence}"
    )


def picture(shown: Picture) -> Spec | None:
    """What was measured for a theme; none where nothing was."""
    if not shown.points:
        return None
    rows = [_row(point) for point in shown.points]
    names = list(dict.fromkeys(row["series"] for row in rows))
    several = len(names) > 1
    colour = alt.Color(
        "series:N",
        scale=alt.Scale(domain=names, range=list(_SERIES[: len(names)])),
        legend=alt.Legend(orient="top", title=None, symbolOpacity=1) if several else None,
    )
    tooltip = [
        *(["series:N"] if several else []),
        alt.Tooltip("x:Q" if shown.kind == "lines" else "x:N", title=shown.x),
        *(alt.Tooltip(f"{name}:Q", format=",.3~f") for name in ("y", "low", "high")),
    ]
    y = alt.Y("low:Q", title=shown.y, scale=alt.Scale(zero=False))
    if shown.kind == "lines":
        base = _over(rows).encode(x=alt.X("x:Q", title=shown.x), color=colour)
        band = base.mark_area(opacity=0.14).encode(y=y, y2="high:Q")
        layers = [band, base.mark_line(strokeWidth=2.5, point=True).encode(y="y:Q", tooltip=tooltip)]
    else:
        order = list(dict.fromkeys(row["x"] for row in rows))
        x = alt.X("x:N", title=shown.x, sort=order, axis=alt.Axis(labelAngle=0, labelLimit=140))
        base = _over(rows).encode(x=x, color=colour)
        if several:
            base = base.encode(xOffset=alt.XOffset("series:N", sort=names))
        interval = base.mark_rule(strokeWidth=3).encode(y=y, y2="high:Q")
        point = base.mark_point(filled=True, size=90, opacity=1).encode(y="y:Q", tooltip=tooltip)
        layers = [interval, point]
    return _drawn(layers, height=_HIGH, description=f"{shown.y}, by {shown.x}.")


def _row(point: Point) -> dict[str, Any]:
    return {
        "x": point.x,
        "y": point.y,
        "low": point.y if point.low is None else point.low,
        "high": point.y if point.high is None else point.high,
        "series": point.series,
    }


def _over(rows: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _drawn(layers: list[alt.Chart], *, height: int, description: str) -> Spec:
    spec: Spec = (
        alt.layer(*layers).properties(width="container", height=height, description=description).to_dict()
    )
    return spec
