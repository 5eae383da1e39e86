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

SCHEMA_VERSION = 2
"""Of what `run_record` says."""


def run_record(
    market: Market,
    under: Under,
    history: History,
    twin: History | None = None,
    *,
    parameters: str,
    threads: int,
    out: Path | None,
    book: Path | None = None,
) -> dict[str, Any]:
    """
    One run, for programs.

    Args:
        market: That was run.
        under: What its people lived under.
        history: What it went through.
        twin: What it went through with consent respected, when *under* ignores it.
        parameters: Whether they were drawn or fixed.
        threads: That were used.
        out: Where it was kept.
        book: In which it was written.
    """
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
        "staffing": under.plan.to_record(),
        "consent_gate": under.consent_gate,
        "budget": {"minutes": under.budget.minutes, "money": under.budget.money},
        "firms": list(history.firms),
        "currency": history.currency,
        **result_record(history),
        "cost_of_ignoring_consent": None if twin is None else _cost(history, twin),
        "out": None if out is None else str(out),
        "book": None if book is None else str(book),
    }


def _cost(history: History, twin: History) -> dict[str, int]:
    """What the twin that respects consent has more."""
    return {
        "profit": twin.profit - history.profit,
        "customers_at_end": int(twin.people[-1, 0] - history.people[-1, 0]),
        "actions": int(twin.actions.sum() - history.actions.sum()),
    }


def run_table(market: Market, under: Under, history: History, twin: History | None = None) -> Table:
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
        table.add_row(name, _money(int(history.money[:, place].sum()), history))
    table.add_row(f"worth of {history.residual_months} months more", _money(history.residual, history))
    table.add_row("profit", _money(history.profit, history))
    if under.consent_gate:
        table.add_row("actions refused, no consent", f"{history.refused:,}")
    elif twin is None:
        table.add_row("consent", "ignored")
    else:
        cost = _cost(history, twin)
        table.add_row("ignoring consent: actions added", f"{-cost['actions']:,}")
        table.add_row("ignoring consent: customers lost", f"{cost['customers_at_end']:,}")
        table.add_row("ignoring consent: profit lost", _money(cost["profit"], history))
    table.add_row("digest", history.digest)
    return table


def _money(minor: int, history: History) -> str:
    return f"{minor / 100:,.0f} {history.currency}"
