"""A comparison as a table in the terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from retainsdk.experiment import Effect, Verdict
from retainsim.experiment.compare import Comparison
from retainsim.exports.words import KEPT, PROFIT, THREATS, unkept

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
            f"{control.survival.mean[-1]:.1f} % kept. Differences within ±{comparison.margin:,.2f} are too close to "
            f"matter. In brackets: 95 % intervals. Parameters {luck}. Simulated customers."
        ),
        caption_justify="left",
    )
    table.add_column("policy", no_wrap=True)
    table.add_column(f"profit\n{comparison.currency} per customer", justify="right")
    table.add_column("verdict")
    table.add_column("sign holds\nin worlds", justify="right")
    table.add_column("kept\nper 1,000", justify="right")
    table.add_column("threats\nper 1,000", justify="right")
    table.add_column(f"{comparison.currency} per\ncustomer kept", justify="right")
    for arm in comparison.arms:
        profit = arm.effects[PROFIT]
        table.add_row(
            arm.policy,
            _figure(profit, 2),
            Text(str(profit.verdict), style=_STYLES.get(profit.verdict, "")),
            "–" if profit.sign_share is None else f"{profit.sign_share:.0%}",
            _figure(arm.effects[KEPT], 1),
            _figure(arm.effects[THREATS], 1),
            unkept(arm).removesuffix(f" {comparison.currency} per customer kept"),
        )
    return table


def _figure(effect: Effect, digits: int) -> str:
    if effect.estimate is None:
        return "–"
    if effect.verdict is Verdict.IDENTICAL:
        return "0 exactly"
    figure = f"{effect.estimate:+,.{digits}f}"
    if effect.low is None or effect.high is None:
        return figure
    return f"{figure}\n[{effect.low:+,.{digits}f}, {effect.high:+,.{digits}f}]"
