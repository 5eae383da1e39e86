"""
Draw what a run costs against its size: ``python -m benchmarks.picture``.

Runs grow threefold from 100,000 to 10,000,000 people, twelve months each; it takes about half a minute.
"""

from __future__ import annotations

from pathlib import Path

import altair as alt
import vl_convert

from benchmarks.aims import bent, line
from benchmarks.engine import growth

SIZES = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "growth.svg"


def main() -> None:
    """Measure, draw, and say how straight it is."""
    runs = growth(SIZES)
    slope, intercept = line(runs)
    measured = [
        {"people": it.people, "cost": cost, "of": of}
        for it in runs
        for cost, of in (
            (it.cpu_seconds, "CPU seconds for 12 months"),
            (it.peak_bytes / 1e9, "gigabytes of memory"),
        )
    ]
    said = [
        {"people": people, "cost": slope * people + intercept, "of": "CPU seconds for 12 months"}
        for people in (SIZES[0], SIZES[-1])
    ]
    x = alt.X("people:Q", scale=alt.Scale(type="log"), axis=alt.Axis(format="~s"), title="people")
    y = alt.Y("cost:Q", scale=alt.Scale(type="log"), title=None)
    points = (
        alt.Chart(alt.InlineData(values=measured))
        .mark_point(size=60, filled=True)
        .encode(x=x, y=y, color=_OF)
    )
    straight = alt.Chart(alt.InlineData(values=said)).mark_line(strokeDash=[4, 3]).encode(x=x, y=y, color=_OF)
    title = f"{slope * 1e6:.2f} CPU s a million people, at most {bent(runs):.0%} from a straight line"
    chart = (straight + points).properties(width=520, height=300, title=title)
    PICTURE.write_text(vl_convert.vegalite_to_svg(chart.to_dict()), encoding="utf-8")
    for it in runs:
        print(
            f"{it.people:>12,} people  {it.cpu_seconds:7.2f} CPU s  {it.peak_bytes / 1e6:8,.0f} MB"
        )  # a program for the terminal
    print(f"{title}: {PICTURE}")  # as above


_OF = alt.Color("of:N", title=None, legend=alt.Legend(orient="bottom"))

if __name__ == "__main__":
    main()
