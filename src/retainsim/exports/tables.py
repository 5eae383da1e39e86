"""A comparison as a table in the terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from retainsdk.experiment import Effect, Ratio, Verdict
from retainsim.experiment.compare import Comparison
from retainsim.exports.words import KEPT, PROFIT

_STYLES = {
    Verdict.BETTER: "bold green",
    Verdict.WORSE: "bold red",
    Verdict.NOT_DECIDED: "yellow",
    Verdict.NOT_YET: "yellow",
}


def comparison_table(comparison: Comparison) -> Table:
    """One row a policy: what it earned, kept and cost against the control."""
    horizon, control = f"{comparison.months} months", comparison.control
    luck = "drawn for each world" if comparison.parameters == "drawn" else "fixed: in this one world"
    table = Table(
        title=f"Against {control.policy}, {comparison.worlds} worlds × {comparison.customers:,} customers × {horizon}",
        caption=(
            f"{control.policy}: profit {control.profit:,.2f} {comparison.currency} per customer, "
            f"{control.survival.mean[-1]:.1f} % kept. Profit within ±{comparison.margin:,.2f} is too close to matter. "
            f"95 % intervals. n/a: see the page. Parameters {luck}. Simulated customers."
        ),
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("policy", no_wrap=True)
    table.add_column(f"profit, {comparison.currency}\nper customer", justify="right", no_wrap=True)
    table.add_column("verdict", min_width=11)
    table.add_column("sign\nholds", justify="right", no_wrap=True)
    table.add_column("kept\nper 1,000", justify="right", no_wrap=True)
    table.add_column(f"{comparison.currency} per\ncustomer kept", justify="right", no_wrap=True)
    for arm in comparison.arms:
        profit = arm.effects[PROFIT]
        table.add_row(
            arm.policy,
            _figure(profit, 1 if comparison.margin >= 1 else 3),
            Text(str(profit.verdict).partition(",")[0], style=_STYLES.get(profit.verdict, "")),
            "–" if profit.sign_share is None else f"{profit.sign_share:.0%}",
            _figure(arm.effects[KEPT], 1),
            _cost(arm.cost_per_kept),
        )
    return table


def _cost(ratio: Ratio | None) -> str:
    if ratio is None or ratio.low is None or ratio.high is None:
        return "n/a"  # the page says why
    return f"{ratio.low:,.0f}–{ratio.high:,.0f}"


def _figure(effect: Effect, digits: int) -> str:
    if effect.estimate is None:
        return "–"
    if effect.verdict is Verdict.IDENTICAL:
        return "0 exactly"
    figure = f"{effect.estimate:+,.{digits}f}"
    if effect.low is None or effect.high is None:
        return figure
    return f"{figure} ± {(effect.high - effect.low) / 2:,.{digits}f}"
