"""A file to begin one's own market with: sound as it stands, with everything that can be changed and what it means."""

from __future__ import annotations

import json
from pathlib import Path

from retainsdk.errors import Fault, InputError
from retainsdk.whole_file import write_whole
from retainsim.market.competitors import Firm
from retainsim.market.preset.form import (
    CONTRACT,
    CUSTOMERS,
    FIRM_COLUMNS,
    KINDS,
    OF_CONTRACTS,
    STEPS,
    WORDS,
)
from retainsim.market.preset.preset import CONTRACTS, Parameter, Preset
from retainsim.market.preset.reading import load_preset
from retainsim.toml_file import NAME

_ASIDE = "# "


def start_preset(path: Path, *, like: str = "telecom") -> Preset:
    """
    Write a file to edit.

    Args:
        path: Of the file; it must not be there yet, and is named for the market.
        like: The preset it begins as: a name, ``name@version``, or another file.

    Returns:
        The preset it begins as, under the name of the file.

    Raises:
        InputError: When the file is there, has no name for a market, or cannot be written.
        UnknownPresetError: With the names there are.
    """
    model = load_preset(like)
    name = path.name.removesuffix(".toml")
    faults = []
    if not path.name.endswith(".toml") or not NAME.fullmatch(name):
        rule = "must be small letters, digits and _, a letter first, and end in .toml"
        faults.append(
            Fault("file", path.name, rule, "It becomes the name of the market, like my_market.toml.")
        )
    if path.exists():
        faults.append(Fault("file", str(path), "is there already", "Choose another name, or move it away."))
    elif not path.parent.is_dir():
        faults.append(Fault("file", str(path), "lies in no folder", "Make the folder first."))
    if faults:
        source = "new market"
        raise InputError(source, faults)
    write_whole(path, preset_text(model, name=name))
    return load_preset(str(path))


def preset_text(model: Preset, *, name: str) -> str:
    """The text of a file that says what the *model* says, with what it inherits set aside as comments."""
    lines = [
        f"# {name}: a market of your own, begun as {model.name}@{model.version}.",
        "# Change what you like; `retainsim market lint` says what cannot be, and why.",
        "# What stands behind # is taken from the base; take the # away to state your own.",
        "",
        f"name = {_words(name)}",
        "version = 1",
        f"base = {_words(model.base)}",
        f"title = {_words(model.title)}",
        *([f"title_he = {_words(model.title_he)}"] if model.title_he else []),
        f"about = {_paragraph(model.about)}",
        f"currency = {_words(model.currency)}",
        f"starts_on = {model.starts_on}",
        f"contractual = {_words(model.contractual)}",
    ]
    if model.not_aimed_at:
        lines += ["", "[not_aimed_at]  # stylised facts this market is not meant to show, and why"]
        lines += [f"{_words(fact)} = {_words(reason)}" for fact, reason in model.not_aimed_at.items()]
    lines += [
        "",
        "[firms]  # ours first; what is left of the shares has no service; a price of 1 is our list price",
    ]
    lines += [f"structure = {_words(model.structure)}", *_firms(model.firms)]
    for structure, firms in model.structures.items():
        lines += ["", f"[structures.{structure}]", *_firms(firms)]
    lines += ["", "[customers]  # shares of our customers, from which a population without a book is drawn"]
    lines += [
        f"{key} = {_words(model.customers[key])}" for key in (*CUSTOMERS, *KINDS) if key in model.customers
    ]
    lines += [
        "",
        "[customers.contracts]  # shares of customers and of newcomers; months; minor units a month",
    ]
    lines += [
        _contract(model, code, kind) for code, kind in enumerate(CONTRACTS) if _is_offered(model, code, kind)
    ]
    for step, heading in STEPS.items():
        of_step = {
            key: it
            for key, it in model.parameters.items()
            if it.step == step and (model.contractual or key not in OF_CONTRACTS)
        }
        if of_step:
            lines += ["", f"# {heading}", f"[parameters.{step}]"]
            lines += [line for key, it in of_step.items() for line in _parameter(key, it)]
    return "\n".join([*lines, ""])


def _is_offered(model: Preset, code: int, kind: str) -> bool:
    return bool(model.customers[kind] or model.customers["newcomers"][code])


def _contract(model: Preset, code: int, kind: str) -> str:
    marginals = {"share": model.customers[kind]} | {
        key: model.customers[key][code] for key in CONTRACT if key != "share"
    }
    return f"{kind} = {{ {', '.join(f'{key} = {_words(it)}' for key, it in marginals.items())} }}"


def _firms(firms: tuple[Firm, ...]) -> list[str]:
    return [
        f"{column} = [{', '.join(_words(getattr(firm, field)) for firm in firms)}]"
        for column, (field, _) in FIRM_COLUMNS.items()
    ]


def _parameter(name: str, it: Parameter) -> list[str]:
    parts: dict[str, float | str] = {"value": it.value, "low": it.low, "high": it.high, "status": it.status}
    parts |= {key: words for key in WORDS if (words := getattr(it, key))}
    stated = f"{name} = {{ {', '.join(f'{key} = {_words(part)}' for key, part in parts.items())} }}"
    return [f"{_ASIDE}{it.meaning} ({it.unit})", f"{_ASIDE if it.base else ''}{stated}"]


def _words(value: object) -> str:
    """A value as TOML writes it; its texts are those of JSON but for one character, which no preset may hold."""
    return json.dumps(value, ensure_ascii=False)


def _paragraph(text: str) -> str:
    inside = "\n".join(_words(line)[1:-1] for line in text.split("\n"))
    return f'"""\n{inside}\n"""'
