"""The pages on the market are made from its own tables; ``make accept`` renews them."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

import attrs
import numpy as np
import pytest
from golden import Golden

from retainsim.market import Preset, load_preset, preset_names
from retainsim.market.month import FIELDS as MONTH_FIELDS
from retainsim.market.person import FIELDS, ROW_BYTES, USED_BYTES
from retainsim.market.preset import Parameter

DOCS = Path(__file__).parents[3] / "docs"
PARAMETERS = DOCS / "reference" / "market-parameters.md"
MARKET = DOCS / "explanation" / "market.md"


def test_the_page_on_parameters_shows_every_preset(golden: Golden) -> None:
    golden(PARAMETERS, parameters_page())


@pytest.mark.parametrize("name", ["person", "month"])
def test_the_page_on_the_market_shows_what_is_kept_of_a_person_and_what_a_month_is(
    golden: Golden, name: str
) -> None:
    made = {"person": person_table, "month": month_table}[name]
    before, _, rest = MARKET.read_text(encoding="utf-8").partition(f"<!-- {name} -->\n")
    _, _, after = rest.partition(f"<!-- /{name} -->")

    golden(MARKET, f"{before}<!-- {name} -->\n{made()}<!-- /{name} -->{after}")


def test_every_parameter_stands_on_the_page_under_one_heading() -> None:
    preset = load_preset("telecom")

    headed = [name for _, names in _sections(preset) for name in names]

    assert sorted(headed) == sorted(preset.parameters)


def parameters_page() -> str:
    """Every preset: its firms, the marginals of its customers, and every number of the law."""
    lines = [
        "# Parameters of the market",
        "",
        "Made from the presets in `src/retainsim/market/presets`.",
        "A world draws each parameter from its range, evenly (`drawn`), or takes the value (`fixed`).",
        "*Measured* is fitted to data, *published* comes from a study, *assumed* is our judgement: try other values.",
        "",
    ]
    for name in preset_names():
        lines += _preset_lines(load_preset(name))
    return "\n".join(lines)


def _preset_lines(preset: Preset) -> Iterator[str]:
    statuses = Counter(it.status for it in preset.parameters.values())
    known = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    yield f"## `{preset.name}`, version {preset.version}: {preset.title}"
    yield ""
    yield f"Money in {preset.currency}; {len(preset.parameters)} parameters: {known}."
    yield ""
    yield from _table(
        ("firm", "strategy", "share", "price", "quality", "known to", "binds for"),
        (
            (firm.name, firm.strategy, f"{firm.share:.0%}", f"{firm.price:g}", f"{firm.quality:g}", f"{firm.awareness:.0%}", f"{firm.lock_months} months")
            for firm in preset.firms
        ),
    )  # fmt: skip
    yield ""
    yield "The other people have no service. A price of 1 is our list price, a quality of 0 is usual."
    yield "Customers drawn without a book have these marginals, by contract (monthly, one year, two years) where there are three figures:"
    yield ""
    yield from _table(
        ("marginal", "value"),
        ((name.replace("_", " "), _figures(value)) for name, value in preset.customers.items()),
    )
    for title, names in _sections(preset):
        yield ""
        yield f"### {title[0].upper()}{title[1:]}"
        yield ""
        yield from _table(
            ("parameter", "value", "range", "status", "meaning", "source"),
            (_parameter_row(name, preset.parameters[name]) for name in names),
        )
    yield ""


def _sections(preset: Preset) -> list[tuple[str, list[str]]]:
    """The comments of the file are its headings, which TOML does not keep."""
    file = resources.files("retainsim.market") / "presets" / f"{preset.name}.toml"
    _, _, text = file.read_text(encoding="utf-8").partition("[parameters]\n")
    sections: list[tuple[str, list[str]]] = []
    for heading, name in re.findall(r"^(?:# (.+)|(\w+) = )", text, re.MULTILINE):
        if heading:
            sections.append((heading, []))
        else:
            sections[-1][1].append(name)
    return sections


def _parameter_row(name: str, it: Parameter) -> tuple[str, ...]:
    return f"`{name}`", f"{it.value:g}", f"{it.low:g} … {it.high:g}", it.status, it.meaning, it.source or "–"


def _figures(value: float | list[float]) -> str:
    return ", ".join(f"{it:g}" for it in (value if isinstance(value, list) else [value]))


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
    return "\n".join(
        [*head, *_table(("column", "type", "bytes", "in units of", "channel", "meaning"), rows), ""]
    )


def month_table() -> str:
    """What the rules read of a month."""
    rows = ((f"`{name}`", "one a firm" if hasattr(ctype, "_length_") else "", meaning) for name, ctype, meaning in MONTH_FIELDS)  # fmt: skip
    return "\n".join([*_table(("figure", "", "meaning"), rows), ""])


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows)]


def test_nothing_else_is_known_of_a_parameter() -> None:
    shown = {"value", "low", "high", "status", "meaning", "source"}

    assert {field.name for field in attrs.fields(Parameter)} == shown
