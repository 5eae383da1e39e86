"""The ODD description: what of it can be made from code and presets is, so it is never older than they are."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from pathlib import Path

from golden import ROOT, Golden
from law_text import rules
from rule_pages import PAGES
from rule_texts import (
    HOME,
    MODULES,
    OF_ALL,
    concepts_of,
    first_sentence,
    parameter_table,
    step_of,
    table,
)

from retainsim.market import load_preset, preset_names
from retainsim.market.checks import THEMES
from retainsim.market.month import FIELDS as MONTH_FIELDS
from retainsim.market.person import FIELDS, WITHOUT_CONTRACT
from retainsim.market.preset import CONTRACTS
from retainsim.market.preset.form import FIRM_COLUMNS

PAGE = ROOT / "docs" / "reference" / "market-odd.md"
OF_A_FIRM = {
    "name": "by which people know it",
    "strategy": "by which it sets its terms",
    "share": "of all people, as the market begins",
    "price": "1 is our list price",
    "quality": "0 is usual",
    "awareness": "share of people who know its offer in a month",
    "lock_months": "for how long it binds newcomers",
}


def patterns() -> Iterator[str]:
    yield from table(
        ("pattern", "facts"),
        (
            (theme.title, " ".join(f"{fact.sentence} (`{fact.id}`)" for fact in theme.facts))
            for theme in THEMES
        ),
    )


def person() -> Iterator[str]:
    yield from table(
        ("variable", "meaning", "in units of", "channel"),
        ((f"`{it.name}`", it.meaning, f"{it.unit:g}" if it.unit != 1 else "", it.channel) for it in FIELDS),
    )


def shared() -> Iterator[str]:
    yield from table(
        ("variable", "in the place of", "meaning"),
        ((f"`{name}`", f"`{like}`", meaning) for name, like, meaning in WITHOUT_CONTRACT),
    )


def month() -> Iterator[str]:
    yield from table(
        ("variable", "meaning", ""),
        (
            (f"`{name}`", meaning, "one each" if issubclass(ctype, ctypes.Array) else "")
            for name, ctype, meaning in MONTH_FIELDS
        ),
    )


def firm() -> Iterator[str]:
    yield from table(
        ("variable", "meaning"),
        ((f"`{name}`", OF_A_FIRM[name]) for name, _ in FIRM_COLUMNS.values()),
    )


def schedule() -> Iterator[str]:
    law = rules()["month_of"]
    yield from ("```python", law.source.rstrip(), "```", "")
    yield from table(
        ("rule", "says"),
        ((f"[`{name}`](rules/{HOME[name]}.md)", first_sentence(rules()[name].says)) for name in law.calls),
    )


def people() -> Iterator[str]:
    some = load_preset("telecom").parameters
    yield from parameter_table([name for name, it in some.items() if it.step == "people"])


def markets() -> Iterator[str]:
    rows = []
    for preset in map(load_preset, preset_names()):
        it = preset.customers
        kinds = [kind for kind in CONTRACTS if it[kind]]
        rows.append((
            f"[`{preset.name}`](market-{preset.name}.md)",
            ", ".join(f"{kind.replace('_', ' ')} {it[kind]:.0%}" for kind in kinds) if preset.contractual else "none",
            ", ".join(f"{it['mean_tenure'][CONTRACTS.index(kind)]:g}" for kind in kinds),
            ", ".join(f"{it['mean_fee'][CONTRACTS.index(kind)] / 100:,.2f}" for kind in kinds) + f" {preset.currency}",
            f"{preset.firms[0].share:.0%}",
        ))  # fmt: skip
    yield from table(
        (
            "market",
            "contracts of our customers",
            "mean tenure, months",
            "mean paid a month",
            "our share of all people",
        ),
        rows,
    )


def submodels() -> Iterator[str]:
    for step in dict.fromkeys(MODULES.values()):
        if step == OF_ALL:
            continue
        yield f"#### {step}"
        yield ""
        for page in PAGES:
            if step_of(page) != step:
                continue
            here = (page.rule, *page.parts)
            behind = f" Rules of the field: {', '.join(concepts_of(page))}." if concepts_of(page) else ""
            yield f"##### [`{page.rule}`](rules/{page.rule}.md)"
            yield ""
            yield " ".join(rules()[page.rule].says.split()) + behind
            yield ""
            if page.parts:
                yield from (f"- `{it}`: {first_sentence(rules()[it].says)}" for it in page.parts)
                yield ""
            names = dict.fromkeys(name for it in here for name in rules()[it].parameters)
            if names:
                yield from parameter_table(names)
                yield ""


SLOTS = {
    it.__name__: it for it in (patterns, person, shared, month, firm, schedule, people, markets, submodels)
}


def filled(text: str) -> str:
    """The page with everything that is made in its place."""
    for name, made in SLOTS.items():
        found = re.compile(rf"<!-- {name} -->\n.*?<!-- /{name} -->", re.DOTALL)
        lines = "\n".join(made()).rstrip()
        before, after = found.split(text)
        text = f"{before}<!-- {name} -->\n{lines}\n<!-- /{name} -->{after}"
    return text


def test_the_description_is_made_from_code_and_presets(golden: Golden) -> None:
    golden(PAGE, filled(PAGE.read_text(encoding="utf-8")))


def test_every_variable_of_a_firm_is_told() -> None:
    assert set(OF_A_FIRM) == {name for name, _ in FIRM_COLUMNS.values()}


def test_every_rule_of_the_world_stands_in_the_description() -> None:
    text = PAGE.read_text(encoding="utf-8")
    world = [name for name, it in rules().items() if MODULES[Path(it.path).stem] != OF_ALL]

    assert [name for name in world if f"`{name}`" not in text] == []


def test_every_parameter_of_the_law_stands_in_the_description() -> None:
    text = PAGE.read_text(encoding="utf-8")
    read = {name for it in rules().values() for name in it.parameters}

    assert [
        name for name in load_preset("telecom").parameters if f"| `{name}` |" not in text and name in read
    ] == []
