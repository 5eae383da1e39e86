"""
A page that is a single file and opens without a network: a template, its figures, and the charts' program.

The page's own policy forbids it to fetch anything.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import altair as alt
import attrs
import jinja2
import vl_convert
from markupsafe import Markup

Spec = dict[str, Any]
_DIGITS = 2


@attrs.frozen(kw_only=True)
class Figure:
    """
    A chart with what stands round it.

    Attributes:
        id: Of its element.
        title: What it shows.
        caption: How to read it, with units.
        pictures: Vega-Lite, each with its own label or none; empty when there is nothing to draw, and then
            *caption* says why.
    """

    id: str
    title: str
    caption: str
    pictures: tuple[tuple[str, Spec], ...]


def sheet(
    template: str, figures: Sequence[Figure], filters: Mapping[str, Callable[..., str]], **what: object
) -> str:
    """
    The page as HTML.

    Args:
        template: Its file's name.
        figures: That it shows, under their ids.
        filters: Of the template, by name.
        what: Else that the template reads.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("retainsim.exports"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, **filters}
    return environment.get_template(template).render(
        figures={figure.id: figure for figure in figures},
        library=Markup(_library()),  # noqa: S704 # the bundle is ours, and holds no closing tag
        specs=Markup(_embedded(figures)),  # noqa: S704 # escaped there
        **what,
    )


def number(value: float, digits: int = _DIGITS) -> str:
    """A figure as people read it."""
    return f"{value:,.{digits}f}".replace("-", "−")


def _styled(spec: Spec) -> Spec:
    config = {
        "font": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
        "background": None,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": 500,
            "gridColor": "#e4e7ea",
            "domainColor": "#8a949c",
            "tickColor": "#8a949c",
            "labelColor": "#333",
            "titleColor": "#333",
            "titlePadding": 8,
        },
        "legend": {"labelFontSize": 12, "symbolStrokeWidth": 3, "labelLimit": 220},
    }
    return spec | {"config": config, "autosize": {"type": "fit-x", "contains": "padding"}}


@functools.cache
def _library() -> str:
    version = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version))


def _embedded(figures: Sequence[Figure]) -> str:
    specs = {
        f"{figure.id}-{place}": _styled(spec)
        for figure in figures
        for place, (_, spec) in enumerate(figure.pictures, start=1)
    }
    # inside a script element only a closing tag could end it
    return json.dumps(specs, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
