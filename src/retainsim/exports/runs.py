"""What came out of one run of a market, as people and programs read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from retainsim.market import History, Market
from retainsim.market.history import FLOWS, MONEY
from retainsim.market.kept import result_record
from retainsim.market.running import Under

SCHEMA_VERSION = 1


def run_record(
    market: Market,
    under: Under,
    history: History,
    *,
    parameters: str,
    threads: int,
    out: Path | None,
    book: Path | None = None,
) -> dict[str, Any]:
    """One run, for programs."""
    preset = market.preset
    return {
        "schema_version": SCHEMA_VERSION,
        "preset": preset.name,
        "preset_version": preset.version,
        "preset_digest": preset.digest,
        "structure": preset.structure,
        "seed": market.seed,
        "parameters": parameters,
        "customers": market.customers,
        "people": int(history.people[0].sum()),
        "months": history.months,
        "threads": threads,
        "policy": history.policy,
        "rules": dict(history.rules),
        "budget": {"minutes": under.budget.minutes, "money": under.budget.money},
        "firms": list(history.firms),
        "currency": history.currency,
        **result_record(history),
        "out": None if out is None else str(out),
        "book": None if book is None else str(book),
    }


def run_table(market: Market, history: History) -> Table:
    """The same for people."""
    preset = market.preset
    table = Table(
        title=f"{preset.title}, {preset.structure}, {history.months} months under {history.policy}, seed {market.seed}",
        box=box.SIMPLE,
        show_header=False,
    )
    table.add_column()
    table.add_column(justify="right")
    people, shares = history.people, history.people[-1] / max(int(history.people[-1].sum()), 1)
    table.add_row("customers at the start", f"{people[0, 0]:,}")
    table.add_row("customers at the end", f"{people[-1, 0]:,}")
    table.add_row("people in all", f"{people[0].sum():,}")
    for place, name in enumerate(FLOWS):
        table.add_row(name.replace("_", " "), f"{history.flows[:, place].sum():,}")
    for firm, share in zip((*history.firms, "none"), shares, strict=True):
        table.add_row(f"share at the end: {firm}", f"{share:.1%}")
    for place, name in enumerate(MONEY):
        table.add_row(name, _money(history.money[:, place].sum(), history))
    table.add_row(f"worth of {history.residual_months} months more", _money(history.residual, history))
    table.add_row("profit", _money(history.profit, history))
    table.add_row("digest", history.digest)
    return table


def _money(minor: int, history: History) -> str:
    return f"{minor / 100:,.0f} {history.currency}"
