"""A check as people read it: a table in the terminal, and a page with a picture of each fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retainsim.exports.check_charts import picture, strip
from retainsim.exports.sheet import Figure, sheet
from retainsim.market.checks import THEMES, Check, Fact, Finding, Verdict
from retainsim.market.checks.fact import LEVEL

_STYLES = {Verdict.HOLDS: "bold green", Verdict.FAILS: "bold red", Verdict.NOT_YET: "yellow"}
_LARGE, _USUAL = 100, 10


def check_table(result: Check) -> RenderableType:
    """One row a fact: its figure, band and verdict; then what the field says of those that do not hold."""
    table = Table(
        title=f"{result.preset}@{result.version}: {result.size.worlds} worlds × {result.size.customers:,} customers",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("fact", no_wrap=True)
    table.add_column("figure", justify="right", no_wrap=True)
    table.add_column("band", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for finding in result.findings:
        table.add_row(
            finding.fact.id,
            told(finding),
            band_of(finding.fact),
            Text(str(finding.verdict), style=_STYLES.get(finding.verdict, "")),
        )
    open_ones = [
        Padding(Text(f"{finding.fact.id}: {finding.note or finding.fact.sentence}"), (0, 0, 0, 1))
        for finding in result.findings
        if finding.verdict is not Verdict.HOLDS
    ]
    return Group(
        table,
        *open_ones,
        Padding(Text(f"{headline(result)} Figures ± standard error. {rule()}"), (1, 0, 0, 1)),
    )


def told(finding: Finding) -> str:
    """The figure in words, with its standard error or, for a share of worlds, its interval."""
    figure = finding.figure
    if figure is None:
        return "–"
    digits = 0 if abs(figure.value) >= _LARGE else 1 if abs(figure.value) >= _USUAL else 2
    value = f"{figure.value:,.{digits}f}".replace("-", "−")
    if figure.se is None:
        return f"{value} ({figure.low:,.0f} to {figure.high:,.0f}) %"
    unit = "" if finding.fact.band is None else f" {finding.fact.unit}"
    return f"{value} ± {figure.se:,.{digits}f}{unit}"


def band_of(fact: Fact) -> str:
    """The band in words."""
    return "no band" if fact.band is None else f"{fact.band} {fact.unit}"


def rule() -> str:
    """How a verdict is reached."""
    return (
        f"A fact holds when the whole {LEVEL:.0%} interval over worlds is in its band, and fails when the whole "
        "interval is outside; in between the check cannot tell yet at this size."
    )


def headline(result: Check) -> str:
    """The outcome in one sentence."""
    counts = Counter(finding.verdict for finding in result.findings)
    parts = [f"{counts[verdict]} {_WORDS[verdict]}" for verdict in Verdict if counts[verdict]]
    return f"Of {len(result.findings)} facts, {', '.join(parts)}."


_WORDS = {
    Verdict.HOLDS: "hold",
    Verdict.FAILS: "fail",
    Verdict.NOT_YET: "cannot be told yet",
    Verdict.NOT_AIMED_AT: "not aimed at",
    Verdict.REPORTED: "only reported",
}


def check_page(result: Check, *, repeat: str) -> str:
    """
    The check as HTML: one file that opens without a network.

    Args:
        result: What to show.
        repeat: The command that makes it again.
    """
    themes = [theme for theme in THEMES if any(it.fact.theme == theme.id for it in result.findings)]
    figures = _figures(result)
    return sheet(
        "check.html",
        figures,
        {},
        it=result,
        headline=headline(result),
        failed=[finding.fact.sentence for finding in result.failed],
        rule=rule(),
        sections=[
            (theme, [finding for finding in result.findings if finding.fact.theme == theme.id])
            for theme in themes
        ],
        told=told,
        band_of=band_of,
        verdict_class=lambda verdict: verdict.name.lower().replace("_", "-"),
        repeat=repeat,
    )


def _figures(result: Check) -> Sequence[Figure]:
    figures = [
        Figure(id=_element(finding.fact.id), title=finding.fact.sentence, caption="", pictures=(("", spec),))
        for finding in result.findings
        if (spec := strip(finding)) is not None
    ]
    for theme in THEMES:
        shown = result.pictures.get(theme.id)
        spec = None if shown is None else picture(shown)
        if shown is not None and spec is not None:
            title = f"{theme.title}: what was measured"
            figures.append(Figure(id=theme.id, title=title, caption=shown.caption, pictures=(("", spec),)))
    return figures


def _element(fact: str) -> str:
    return fact.replace(".", "-")
