"""Presets as people and programs read them: a list of what ships, and one of them whole."""

from __future__ import annotations

from collections import Counter
from typing import Any

import attrs
from rich import box
from rich.console import Group
from rich.table import Table

from retainsim.market.preset import Preset, load_preset, preset_names


def listing() -> list[dict[str, Any]]:
    """The presets that ship, for programs."""
    return [_head(load_preset(name)) for name in preset_names()]


def preset_record(preset: Preset) -> dict[str, Any]:
    """A preset whole, for programs."""
    return {
        **_head(preset),
        "firms": [attrs.asdict(firm) for firm in preset.firms],
        "customers": dict(preset.customers),
        "parameters": [{"name": name, **attrs.asdict(it)} for name, it in preset.parameters.items()],
    }


def _head(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "version": preset.version,
        "title": preset.title,
        "currency": preset.currency,
        "digest": preset.digest,
    }


def presets_table() -> Table:
    """The presets that ship, one row each."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("preset", "version", "currency", "market"):
        table.add_column(column)
    for it in listing():
        table.add_row(it["name"], str(it["version"]), it["currency"], it["title"])
    return table


def preset_page(preset: Preset) -> Group:
    """A preset whole, as tables."""
    statuses = Counter(it.status for it in preset.parameters.values())
    known = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("parameter", "value", "range", "status", "meaning"):
        table.add_column(column)
    for name, it in preset.parameters.items():
        table.add_row(name, f"{it.value:g}", f"{it.low:g} … {it.high:g}", it.status, it.meaning)
    return Group(f"{preset.name}@{preset.version}: {preset.title}", f"Parameters: {known}.", table)
