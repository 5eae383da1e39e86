"""How bots stand, as people read it."""

from __future__ import annotations

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from retainsim.training.score import Dimension
from retainsim.training.standings import LEVEL, Standings
from retainsim.training.year import MONTHS

_SHORT = 4
"""Letters of a dimension above its column: the table fits eighty columns."""


def standings_table(result: Standings) -> RenderableType:
    """One row a bot: what its calls are worth, and how they score."""
    table = Table(
        title=f"{result.scenario}: {result.calls} callers, seeds from {result.seed}",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    table.add_column("bot", no_wrap=True)
    table.add_column("value of a call", justify="right", no_wrap=True)
    for heading in ("score", *(str(dimension)[:_SHORT] for dimension in Dimension)):
        table.add_column(heading, justify="right", no_wrap=True)
    for it in result.bots:
        interval = "" if it.ci is None else f" ± {_money(it.ci[1] - it.value)}"
        means = (it.mean(dimension) for dimension in Dimension)
        table.add_row(it.bot, f"{_money(it.value)}{interval}", *map(_percent, (it.total, *means)))
    first, *others = (it.bot for it in result.bots)
    beside = [Padding(Text(str(result.beside(first, other))), (0, 0, 0, 1)) for other in others]
    legend = (
        f"Value: {result.currency} within {MONTHS} months beside a call nobody answered, ± half its {LEVEL:.0%} interval "
        f"over callers. Scores in percent: {', '.join(Dimension)}."
    )
    return Group(table, *beside, Padding(Text(legend), (1, 0, 0, 1)))


def _money(amount: float) -> str:
    return f"{amount:,.0f}".replace("-", "−")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}".rstrip("%")
