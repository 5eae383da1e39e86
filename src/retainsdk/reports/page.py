"""
A report as one page: a single file that opens without a network.

The picture's program is part of the file; the page's own policy forbids it to fetch anything.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from retainsdk.errors import MissingExtraError

_STYLE = """
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1c2329; font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.soft { color: #55616b; } .scroll { overflow-x: auto; } #picture { width: 100%; margin: 1.5rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .8rem; text-align: end; border-top: 1px solid #dde2e6; vertical-align: top; }
th.text, td.text { text-align: start; }
thead th { background: #f5f7f8; border: 0; vertical-align: bottom; } tfoot td { font-weight: 600; }
.notes { background: #f5f7f8; border-inline-start: 4px solid #0b5c8f; padding: .5rem 2rem; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; }
"""

_CONFIG = {
    "font": "system-ui, 'Segoe UI', Roboto, sans-serif",
    "background": "transparent",
    "view": {"stroke": None},
    "bar": {"color": "#0072b2"},
    "range": {
        "category": ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a6d00", "#6b6b6b"]
    },
}


def html_page(
    *,
    title: str,
    question: str,
    as_of: str,
    headings: Sequence[tuple[str, str, bool]],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] | None,
    notes: Sequence[str],
    definitions: Sequence[tuple[str, str]],
    picture: Mapping[str, Any] | str,
) -> str:
    """
    The page.

    Args:
        title: Its heading.
        question: What it answers.
        as_of: In words.
        headings: Of the columns: heading, meaning, and whether it is text.
        rows: Cells as they are shown.
        total: The last row; none for none.
        notes: What to know before using it.
        definitions: Words with their meanings.
        picture: As Vega-Lite, or a sentence that stands in its place; empty for neither.
    """
    texts = [is_text for _, _, is_text in headings]
    drawn, script = _picture(picture)
    said = [*((heading, meaning) for heading, meaning, _ in headings), *definitions]
    foot = "" if total is None else f"<tfoot>{_row(total, texts)}</tfoot>"
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes)
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            (
                '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
                "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:\">"
            ),
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f'<h1>{escape(title)}</h1>\n<p class="soft">{escape(question)} {escape(as_of)}.</p>',
            f'<ul class="notes">{listed}</ul>' if listed else "",
            drawn,
            f'<div class="scroll"><table>\n<thead>{_row([it for it, _, _ in headings], texts, "th")}</thead>',
            f"<tbody>{''.join(_row(row, texts) for row in rows)}</tbody>{foot}</table></div>",
            "<h2>What the words mean</h2>\n<dl>",
            "".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in said),
            f"</dl>\n{script}</body>\n</html>\n",
        ]
    )


def _row(cells: Sequence[str], texts: Sequence[bool], tag: str = "td") -> str:
    # each text runs in its own direction, and all begin where the page's lines begin
    inner = "".join(
        f'<{tag} class="text"><bdi>{escape(cell)}</bdi></{tag}>'
        if is_text
        else f"<{tag}>{escape(cell)}</{tag}>"
        for cell, is_text in zip(cells, texts, strict=True)
    )
    return f"<tr>{inner}</tr>\n"


def _picture(picture: Mapping[str, Any] | str) -> tuple[str, str]:
    if isinstance(picture, str):
        return f'<p class="soft">{escape(picture)}</p>' if picture else "", ""
    try:
        library = _library()
    except ImportError:
        return (
            f'<p class="soft">For a picture: {escape(str(MissingExtraError("plots", "vl-convert-python")))}</p>',
            "",
        )
    spec = {**picture, "config": _CONFIG, "autosize": {"type": "fit-x", "contains": "padding"}}
    # inside a script element only a closing tag could end it
    text = json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<div id="picture" role="img" aria-label="{escape(str(picture["description"]))}"></div>',
        (
            f'<script>{library}</script>\n<script type="application/json" id="spec">{text}</script>\n'
            '<script>vegaEmbed("#picture", JSON.parse(document.getElementById("spec").textContent), {actions: false, ast: true});</script>\n'
        ),
    )


@functools.cache
def _library() -> str:
    import altair as alt  # noqa: PLC0415 # only when a picture is asked for
    import vl_convert  # noqa: PLC0415 # the same

    version = alt.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    return str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=version))
