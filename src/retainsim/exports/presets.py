"""Presets as people and programs read them: what ships, one of them whole, and what is wrong with a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from retainsim.exports.findings import counted, finding
from retainsim.market.competitors import STRUCTURES, Firm, title
from retainsim.market.preset import STATUSES, Examined, Preset, load_preset, preset_names, versions_of
from retainsim.market.preset.form import FIRM_COLUMNS, STEPS

SCHEMA_VERSION = 1


def presets_record() -> list[dict[str, Any]]:
    """The markets that ship, the newest version of each, for programs."""
    return [_head(load_preset(name)) for name in preset_names()]


def preset_record(preset: Preset) -> dict[str, Any]:
    """A preset whole, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        **_head(preset),
        "base": preset.base,
        "about": preset.about,
        "starts_on": preset.starts_on.isoformat(),
        "not_aimed_at": dict(preset.not_aimed_at),
        "structure": preset.structure,
        "firms": {
            name: [attrs.asdict(firm) | {"strategy": title(firm.strategy)} for firm in firms]
            for name, firms in _structures(preset).items()
        },
        "customers": dict(preset.customers),
        "status": status_shares(preset),
        "parameters": [{"name": name, **attrs.asdict(it)} for name, it in preset.parameters.items()],
    }


def _head(preset: Preset) -> dict[str, Any]:
    return {
        "name": preset.name,
        "version": preset.version,
        "title": preset.title,
        "title_he": preset.title_he,
        "currency": preset.currency,
        "contractual": preset.contractual,
        "structures": list(_structures(preset)),
        "digest": preset.digest,
    }


def _structures(preset: Preset) -> dict[str, tuple[Firm, ...]]:
    """The firms of each structure, its own first."""
    names = sorted(STRUCTURES, key=lambda name: name != preset.structure)
    return {name: preset.in_structure(name).firms for name in names}


def status_shares(preset: Preset) -> dict[str, float]:
    """The share of parameters of each status."""
    counts = Counter[str](it.status for it in preset.parameters.values())
    return {status: counts[status] / len(preset.parameters) for status in STATUSES}


def started_record(preset: Preset, *, file: str, like: str) -> dict[str, Any]:
    """A file begun, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        "file": file,
        "like": like,
        "name": preset.name,
        "digest": preset.digest,
    }


def examined_record(files: Sequence[tuple[str, Examined]]) -> dict[str, Any]:
    """What was found in files, for programs."""
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [
            {
                "file": file,
                "clean": it.preset is not None,
                "faults": [finding(fault) for fault in it.faults],
                "warnings": [finding(fault) for fault in it.warnings],
            }
            for file, it in files
        ],
    }


def examined_lines(file: str, examined: Examined) -> Iterator[str]:
    """What was found in a file, for people."""
    if examined.preset is not None:
        verdict = f"a market of {len(examined.preset.parameters)} parameters, nothing to mend"
    else:
        verdict = counted(examined.faults, "fault")
    if examined.warnings:
        verdict += f", {counted(examined.warnings, 'warning')}"
    yield f"{file}: {verdict}"
    yield from (f"  {fault}" for fault in examined.faults)
    yield from (f"  warning: {fault}" for fault in examined.warnings)


def presets_table() -> Table:
    """The markets that ship, one row each."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("preset", "versions", "currency", "market"):
        table.add_column(column)
    for name in preset_names():
        preset = load_preset(name)
        versions = ", ".join(str(it) for it in versions_of(name))
        table.add_row(name, versions, preset.currency, Text(preset.title))
    return table


def preset_page(preset: Preset) -> Group:
    """A preset whole, for people: what it models, its firms and customers, and its parameters by step of the month."""
    shares = ", ".join(f"{share:.0%} {status}" for status, share in status_shares(preset).items())
    contracts = "bound by contracts" if preset.contractual else "who come and buy"
    return Group(
        Text(f"{preset.name}@{preset.version}: {preset.title}", style="bold"),
        *([Text(preset.title_he)] if preset.title_he else []),
        Text(f"\n{preset.about}\n"),
        Text(
            f"Customers {contracts}; money in {preset.currency}; from {preset.starts_on}; digest {preset.digest}."
        ),
        *(Text(f"Not aimed at, {fact}: {reason}") for fact, reason in preset.not_aimed_at.items()),
        *(part for name, firms in _structures(preset).items() for part in _firms(name, firms)),
        Text("Customers"),
        _customers(preset),
        Text(f"{len(preset.parameters)} parameters: {shares}."),
        *_parameters(preset),
        Text(f"from: what the market states itself is its own, the rest that of {preset.base}."),
    )


def _firms(structure: str, firms: Sequence[Firm]) -> Iterator[RenderableType]:
    yield Text(f"\nFirms, {structure}")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for field, _ in FIRM_COLUMNS.values():
        table.add_column(
            field.replace("_", " "), justify="left" if field in {"name", "strategy"} else "right"
        )
    for firm in firms:
        table.add_row(*(Text(_figure(getattr(firm, field))) for field, _ in FIRM_COLUMNS.values()))
    yield table


def _customers(preset: Preset) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("marginal")
    table.add_column("value")
    for name, value in preset.customers.items():
        figures = value if isinstance(value, list) else [value]
        table.add_row(name.replace("_", " "), ", ".join(_figure(it) for it in figures))
    return table


def _parameters(preset: Preset) -> Iterator[RenderableType]:
    for step, heading in STEPS.items():
        of_step = {name: it for name, it in preset.parameters.items() if it.step == step}
        if not of_step:
            continue
        yield Text(f"\n{heading}", style="bold")
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column("parameter", overflow="fold")
        table.add_column("value", justify="right")
        table.add_column("range")
        table.add_column("status")
        table.add_column("from")
        table.add_column("meaning, and source")
        for name, it in of_step.items():
            meaning = Text(it.meaning)
            for words in filter(None, (it.source, it.note)):
                meaning.append(f"\n{words}", style="dim")
            span = f"{_figure(it.low)} … {_figure(it.high)}"
            table.add_row(name, _figure(it.value), span, it.status, it.base or "its own", meaning)
        yield table


def _figure(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
