"""The pages on the market are made from its own tables; ``make accept`` renews them."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import attrs
import numpy as np
import pytest
from golden import Golden

from retainsim.exports.presets import status_shares
from retainsim.market import Preset, competitors, load_preset, preset_names
from retainsim.market.month import FIELDS as MONTH_FIELDS
from retainsim.market.person import FIELDS, ROW_BYTES, USED_BYTES, WITHOUT_CONTRACT
from retainsim.market.preset import CONTRACTS, Parameter
from retainsim.market.preset.form import CUSTOMERS, STEPS, UNITS

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = DOCS / "reference"
PARAMETERS = REFERENCE / "market-parameters.md"
MARKET = DOCS / "explanation" / "market.md"


def test_the_page_on_parameters_shows_what_all_markets_share(golden: Golden) -> None:
    golden(PARAMETERS, parameters_page())


@pytest.mark.parametrize("name", preset_names())
def test_each_market_has_a_page_of_what_it_states(golden: Golden, name: str) -> None:
    golden(REFERENCE / f"market-{name}.md", preset_page(load_preset(name)))


def test_every_figure_of_a_market_stands_on_its_page_or_on_the_one_on_what_all_share() -> None:
    shared = PARAMETERS.read_text(encoding="utf-8")
    for preset in map(load_preset, preset_names()):
        own = (REFERENCE / f"market-{preset.name}.md").read_text(encoding="utf-8")

        for name, it in preset.parameters.items():
            assert (shared if it.base else own).count(f"| `{name}` | {it.value:g} |") == 1


@pytest.mark.parametrize("name", ["person", "month"])
def test_the_page_on_the_market_shows_what_is_kept_of_a_person_and_what_a_month_is(
    golden: Golden, name: str
) -> None:
    made = {"person": person_table, "month": month_table}[name]
    before, _, rest = MARKET.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, _, after = rest.partition(f"<!-- /{name} -->")

    golden(MARKET, f"{before}<!-- {name} -->\n{made()}<!-- /{name} -->{after}")


def parameters_page() -> str:
    """What all markets share: the parameters that do not differ by branch, and what the others mean."""
    some = load_preset("telecom")
    head = [
        "# Parameters of the market",
        "",
        "Made from `src/retainsim/market/presets/common-1.toml`: what all markets share.",
        "A world draws each parameter from its range, evenly (`drawn`), or takes the value (`fixed`).",
        "*Measured* is fitted to data, *published* comes from a study, *assumed* is our judgement: try other values.",
        "Where no value stands, markets differ: each states its own, and may state its own of the others too.",
        "[How to make your own](../how-to/make-a-market.md) shows it.",
        "",
        *_table(
            ("market", "version", "title", "in Hebrew", "money in"),
            (
                (f"[`{it.name}`](market-{it.name}.md)", str(it.version), it.title, it.title_he, it.currency)
                for it in map(load_preset, preset_names())
            ),
        ),
        "",
        "Kinds of numbers, and how large each may be at all:",
        "",
        *_table(
            ("unit", "meaning", "within"),
            ((name, unit.meaning, f"{unit.low:g} … {unit.high:,g}") for name, unit in UNITS.items()),
        ),
        "",
    ]
    return "\n".join([*head, *_sections(some.parameters, lambda it: it.base == "common@1", blanks=True)])


def preset_page(preset: Preset) -> str:
    """A market: what it models, its firms and customers, and the parameters that are its own."""
    own = {name: it for name, it in preset.parameters.items() if not it.base}
    shares = ", ".join(f"{share:.0%} {status}" for status, share in status_shares(preset).items())
    head = [
        f"# `{preset.name}`: {preset.title}",
        "",
        f"Made from `src/retainsim/market/presets/{preset.name}-{preset.version}.toml`, version {preset.version}.",
        "",
        f"{preset.title_he}",
        "",
        preset.about,
        "",
        f"Money in {preset.currency}; worlds begin on {preset.starts_on}.",
        f"{len(own)} of {len(preset.parameters)} parameters are its own, the others [what all markets share](market-parameters.md); of all, {shares}.",
        "",
    ]
    if preset.not_aimed_at:
        head += ["Stylised facts it does not aim at:", ""]
        head += [
            *_table(("fact", "why"), ((f"`{fact}`", why) for fact, why in preset.not_aimed_at.items())),
            "",
        ]
    for structure, firms in {preset.structure: preset.firms, **preset.structures}.items():
        head += [f"## Firms: {structure}", "", *_table(
            ("firm", "strategy", "share", "price", "quality", "known to", "binds for"),
            (
                (firm.name, competitors.title(firm.strategy), f"{firm.share:.0%}", f"{firm.price:g}", f"{firm.quality:g}", f"{firm.awareness:.0%}", f"{firm.lock_months} months")
                for firm in firms
            ),
        ), ""]  # fmt: skip
    marginals = preset.customers
    without = 1 - sum(firm.share for firm in preset.firms)
    others = f"The other {without:.0%} of people do without. " if without > 0.005 else ""
    binding = "Ours binds by kind of contract. " if preset.contractual else ""
    head += [
        f"{others}{binding}Other [structures](competitors.md) follow from these firms. A price of 1 is our list price, a quality of 0 is usual.",
        "",
        "## Customers",
        "",
        "Drawn without a book, they are spread like this; money stands in minor units, such as cents.",
        "",
        *_table(
            ("contract", "customers", "newcomers", "mean tenure", "mean fee" if preset.contractual else "usually spent a month"),
            (
                (kind.replace("_", " ") if preset.contractual else "none", f"{marginals[kind]:.0%}", f"{marginals['newcomers'][code]:.0%}", f"{marginals['mean_tenure'][code]:g} months", f"{marginals['mean_fee'][code]:,g}")
                for code, kind in enumerate(CONTRACTS) if marginals[kind] or marginals["newcomers"][code]
            ),
        ),
        "",
        *_table(("share of customers", "value"), ((name.replace("_", " "), f"{marginals[name]:.0%}") for name in CUSTOMERS)),
        "",
    ]  # fmt: skip
    return "\n".join([*head, *_sections(own, lambda _: True, blanks=False)])


def _sections(
    parameters: Mapping[str, Parameter], has_value: Callable[[Parameter], bool], *, blanks: bool
) -> Iterator[str]:
    for step, heading in STEPS.items():
        rows = [
            _parameter_row(name, it)
            if has_value(it)
            else (f"`{name}`", "–", "–", "by market", it.meaning, it.unit, "–")
            for name, it in parameters.items()
            if it.step == step and (blanks or has_value(it))
        ]
        if rows:
            yield f"## {heading}"
            yield ""
            yield from _table(
                ("parameter", "value", "range", "status", "meaning", "unit", "source; note"), rows
            )
            yield ""


def _parameter_row(name: str, it: Parameter) -> tuple[str, ...]:
    return (
        f"`{name}`",
        f"{it.value:g}",
        f"{it.low:g} … {it.high:g}",
        it.status,
        it.meaning,
        it.unit,
        "; ".join(filter(None, (it.source, it.note))) or "–",
    )


def person_table() -> str:
    """The columns of a person with their bytes."""
    channels = Counter[str]()
    for field in FIELDS:
        channels[field.channel] += ctypes.sizeof(field.ctype)
    head = [
        f"{len(FIELDS)} columns in {USED_BYTES} of the {ROW_BYTES} bytes of a row: "
        + ", ".join(f"{size} {channel}" for channel, size in sorted(channels.items()))
        + f"; {ROW_BYTES - USED_BYTES} are free for columns to come.",
        "A column in units of 0.01 keeps hundredths as a whole number; what is higher than it can hold is kept as the highest.",
        "",
    ]
    rows = (
        (f"`{field.name}`", np.dtype(field.ctype).name, str(ctypes.sizeof(field.ctype)), f"{field.unit:g}" if field.unit != 1 else "", field.channel, field.meaning)
        for field in FIELDS
    )  # fmt: skip
    shared = ((f"`{name}`", f"those of `{like}`", meaning) for name, like, meaning in WITHOUT_CONTRACT)
    return "\n".join([
        *head,
        *_table(("column", "type", "bytes", "in units of", "channel", "meaning"), rows),
        "",
        "In a market without contracts, some of the bytes hold something else under a name of its own; all of it is observed.",
        "",
        *_table(("column", "bytes", "meaning"), shared),
        "",
    ])  # fmt: skip


def month_table() -> str:
    """What the rules read of a month."""
    rows = ((f"`{name}`", "one a firm" if hasattr(ctype, "_length_") else "", meaning) for name, ctype, meaning in MONTH_FIELDS)  # fmt: skip
    return "\n".join([*_table(("figure", "", "meaning"), rows), ""])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def test_nothing_else_is_known_of_a_parameter() -> None:
    shown = {"value", "low", "high", "status", "meaning", "source", "note", "unit", "step", "base"}

    assert {field.name for field in attrs.fields(Parameter)} == shown
