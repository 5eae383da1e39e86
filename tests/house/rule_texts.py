"""The rules in words: where each stands, what it reads and what is behind it, for all pages that speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from law_text import ROOT, rules
from rule_pages import PAGES, Page

from retainsim.market import load_preset, preset_names
from retainsim.market.preset.form import STEPS

THE_MONTH, OF_ALL = "The month", "What the rules count with"
MODULES = {
    "month": THE_MONTH,
    **dict.fromkeys(("need",), STEPS["life"]),
    **dict.fromkeys(("service", "complaints", "staff", "buying"), STEPS["service"]),
    **dict.fromkeys(("promises", "contacts", "offers", "membership"), STEPS["contact"]),
    "rivals": STEPS["competitors"],
    **dict.fromkeys(("deliberation", "account"), STEPS["deliberation"]),
    **dict.fromkeys(("conversation", "second_thoughts"), STEPS["response"]),
    "leaving": STEPS["leaving"],
    "newcomers": STEPS["newcomers"],
    "money": STEPS["money"],
    "arithmetic": OF_ALL,
}
"""The step of the month that a module of the law is."""

HOME = {name: page.rule for page in PAGES for name in (page.rule, *page.parts)}


def parameter_table(names: Iterable[str]) -> list[str]:
    """Parameters with value, range, status and source; where markets differ, the values they have."""
    shared = load_preset("telecom").parameters
    rows = (_shared_row(name) if shared[name].base else _row_by_market(name) for name in names)
    return table(("parameter", "value", "range", "status", "meaning", "source; note"), rows)


def _shared_row(name: str) -> tuple[str, ...]:
    it = load_preset("telecom").parameters[name]
    said = "; ".join(filter(None, (it.source, it.note))) or "–"
    return f"`{name}`", f"{it.value:g}", f"{it.low:g} … {it.high:g}", it.status, it.meaning, said


def _row_by_market(name: str) -> tuple[str, ...]:
    """A parameter that each market states: its lowest and highest value and bound, and what it rests on."""
    stated = [it.parameters[name] for it in map(load_preset, preset_names()) if name in it.parameters]
    values, status = [it.value for it in stated], dict.fromkeys(it.status for it in stated)
    return (
        f"`{name}`",
        f"by market, {min(values):g} … {max(values):g}",
        f"{min(it.low for it in stated):g} … {max(it.high for it in stated):g}",
        ", ".join(status),
        stated[0].meaning,
        "on the page of each market",
    )


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows under a head."""
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def concepts_of(page: Page) -> list[str]:
    """Rules of the field that a page's rules name, or that name them as where they are real in the market."""
    here = (page.rule, *page.parts)
    named = {name for rule in here for name in rules()[rule].concepts}
    linked = {
        name
        for name, (_, market) in FIELD.items()
        if any(f"[`{rule}`](../{rules()[rule].path})" in market for rule in here)
    }
    return [name for name in FIELD if name in named | linked]


def _field() -> dict[str, tuple[str, str]]:
    """Each rule of the field: what it says, and where it is real in the market."""
    found = {}
    for line in (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"[A-E]\d+", cells[0]):
            found[cells[0]] = (cells[1], cells[3])
    return found


FIELD = _field()


def step_of(page: Page) -> str:
    """The step of the month in which its leading rule stands."""
    return MODULES[Path(rules()[page.rule].path).stem]


def first_sentence(says: str) -> str:
    """Of what a rule says."""
    return re.split(r"(?<=[.?!])\s", says.replace("\n", " "), maxsplit=1)[0]
