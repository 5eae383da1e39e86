"""Reading a preset: from its file, over what it takes from its base, to a market; with all that is wrong with it at once."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import orjson

from retainsdk.errors import Fault, InputError, RetainError
from retainsim.market.competitors import MOST_COMPETITORS, STRUCTURES, Firm, strategy_of
from retainsim.market.competitors.plugins import OURS
from retainsim.market.preset.form import (
    CONTRACT,
    CUSTOMERS,
    FIGURES,
    FIRM_COLUMNS,
    HEAD,
    KINDS,
    LEAST_SHARE,
    OF_CONTRACTS,
    STEPS,
    STRUCTURE,
    TABLES,
    UNITS,
    WORDS,
)
from retainsim.market.preset.preset import CONTRACTS, STATUSES, Parameter, Preset
from retainsim.market.preset.shelf import (
    COMMON,
    UnknownPresetError,
    exact,
    shelved,
    text_of,
)
from retainsim.toml_file import (
    Findings,
    is_number,
    is_path,
    is_words,
    lines_of,
    no_toml,
    shown,
    text_in,
)


@attrs.frozen(kw_only=True)
class Examined:
    """
    What was found in a preset file.

    Attributes:
        source: The file, as messages name it.
        preset: None when something is wrong with it.
        faults: What is wrong: the market cannot run.
        warnings: What may be meant as it is.
    """

    source: str
    preset: Preset | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def load_preset(reference: str) -> Preset:
    """
    The preset of that name, its newest version; of ``name@version``; or in a file.

    Raises:
        UnknownPresetError: With the names there are.
        InputError: Naming everything that is wrong with a file.
    """
    if is_path(reference):
        return _sound(examine_preset(reference))
    return _shipped(*exact(reference))


@cache
def _shipped(name: str, version: int) -> Preset:
    return _sound(examine(text_of(name, version), source=f"preset {name}@{version}"))


def forget() -> None:
    """Read files that ship anew when they are next asked for; they do not change while a program runs."""
    _shipped.cache_clear()
    _known.cache_clear()


def examine_preset(reference: str) -> Examined:
    """What is to be said of a preset that ships or of somebody's file; what cannot be found or read has one fault."""
    try:
        if is_path(reference):
            return examine(
                text_in(Path(reference), remedy="Begin one with: retainsim market new FILE"),
                source=Path(reference).name,
            )
        name, version = exact(reference)
    except InputError as error:
        return Examined(source=error.source, preset=None, faults=error.faults, warnings=())
    except UnknownPresetError as error:
        unknown = Fault("preset", reference, "is neither a preset that ships nor a file", str(error))
        return Examined(source=reference, preset=None, faults=(unknown,), warnings=())
    return examine(text_of(name, version), source=f"preset {name}@{version}")


def read_preset(text: str, *, source: str = "preset") -> Preset:
    """
    A preset from the text of its file.

    Raises:
        InputError: Naming everything that is wrong with it.
    """
    return _sound(examine(text, source=source))


def _sound(examined: Examined) -> Preset:
    if examined.preset is None:
        raise InputError(examined.source, examined.faults)
    return examined.preset


def examine(text: str, *, source: str) -> Examined:
    """
    What is to be said of the text of a preset file.

    Args:
        text: In TOML.
        source: What messages call it.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Examined(source=source, preset=None, faults=(no_toml(error),), warnings=())
    found = Findings(lines_of(text))
    found.known((), table.keys(), (*HEAD, *TABLES), "key of a preset")
    found.form((), table, HEAD)
    parameters = _parameters(table, _base(table, found), found)
    structure, firms, structures = _structures(table, found)
    customers = _customers(table, found)
    not_aimed_at = _not_aimed_at(table, found)
    if table.get("contractual") is False:
        _look_at_contracts(table, found)
    preset = None
    if not found.faults:
        head = {"title_he": "", **{key: table[key] for key in HEAD if key in table}}
        figures = (
            head["currency"], head["starts_on"], head["contractual"], structure,
            [attrs.astuple(firm) for firm in firms],
            {name: [attrs.astuple(firm) for firm in structures[name]] for name in structures},
            customers,
            # what is younger than a preset does nothing in it, and leaves its digest as it was
            {name: [float(it.value), float(it.low), float(it.high)] for name, it in parameters.items() if it.base != COMMON},
        )  # fmt: skip
        preset = Preset(
            **{**head, "about": head["about"].strip()},
            not_aimed_at=not_aimed_at,
            structure=structure,
            firms=firms,
            structures=structures,
            customers=customers,
            parameters=parameters,
            digest=_digest(figures),
        )
    return Examined(source=source, preset=preset, faults=tuple(found.faults), warnings=tuple(found.warnings))


def _digest(figures: Any) -> str:  # noqa: ANN401 # whatever JSON holds
    return hashlib.blake2b(orjson.dumps(figures, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()


# what a market takes from its base


@attrs.frozen(kw_only=True)
class _Known:
    """
    A parameter of the law as a base has it.

    Attributes:
        step: Of the month.
        unit: What kind of number.
        meaning: What it is.
        neutral: The value at which the rule that reads it does nothing, for rules younger than some presets.
        parameter: Its figures; none when each market must state its own.
    """

    step: str
    unit: str
    meaning: str
    neutral: float | None
    parameter: Parameter | None = None


def _base(table: Mapping[str, Any], found: Findings) -> Mapping[str, _Known]:
    """The parameters there are; those of what all markets share, when the file names no base that exists."""
    reference = table.get("base")
    try:
        name, version = exact(reference if isinstance(reference, str) else COMMON, common=True)
    except UnknownPresetError as error:
        found.fault(("base",), shown(reference), "is no preset that ships", str(error))
        return _known(COMMON, max(shelved()[COMMON]))
    if isinstance(reference, str) and "@" not in reference:
        rule = "means its newest version, which may have other figures one day"
        found.warn(("base",), reference, rule, f'Write "{name}@{version}".')
    return _known(name, version)


@cache
def _known(name: str, version: int) -> Mapping[str, _Known]:
    """All parameters of a preset that ships, over its own base."""
    table = tomllib.loads(text_of(name, version))
    reference = f"{name}@{version}"
    known = dict(_known(*exact(table["base"], common=True))) if "base" in table else {}
    for step, entries in table["parameters"].items():
        for parameter, entry in entries.items():
            if "base" not in table:
                known[parameter] = _Known(
                    step=step, unit=entry["unit"], meaning=entry["meaning"], neutral=entry.get("neutral")
                )
            if "value" in entry:
                stated = _stated(entry, known[parameter], base=reference)
                known[parameter] = attrs.evolve(known[parameter], parameter=stated)
    newest = max(shelved()[COMMON])
    if name == COMMON and version < newest:
        known |= {it: _neutral(new) for it, new in _known(COMMON, newest).items() if it not in known}
    return known


def _neutral(it: _Known) -> _Known:
    """As presets have it that are older than the rule: so what was published with them can be run again."""
    if it.neutral is None:
        return attrs.evolve(it, parameter=None)
    parameter = Parameter(
        value=it.neutral, low=it.neutral, high=it.neutral, status="assumed", step=it.step, unit=it.unit,
        meaning=it.meaning, note="the rule is younger than this version, and does nothing in it", base=COMMON,
    )  # fmt: skip
    return attrs.evolve(it, parameter=parameter)


def _stated(entry: Mapping[str, Any], known: _Known, *, base: str = "") -> Parameter:
    figures = {key: entry[key] for key in (*FIGURES, *WORDS) if key in entry}
    return Parameter(**figures, step=known.step, unit=known.unit, meaning=known.meaning, base=base)


# parameters


def _parameters(
    table: Mapping[str, Any], base: Mapping[str, _Known], found: Findings
) -> dict[str, Parameter]:
    """All of the law's, the file's own before those of its base; in the order of the base."""
    own: dict[str, Parameter] = {}
    tried: set[str] = set()
    steps = found.table(("parameters",), table.get("parameters", {}))
    for step in found.known(("parameters",), steps.keys(), tuple(STEPS), "step of the month"):
        entries = found.table(("parameters", step), steps[step])
        for name in found.known(("parameters", step), entries.keys(), tuple(base), "parameter of the law"):
            tried.add(name)
            place = ("parameters", step, name)
            if base[name].step != step:
                rule = f"belongs to the step {base[name].step}"
                found.fault(place, name, rule, f"Move it under [parameters.{base[name].step}].")
            elif _is_sound(place, found.table(place, entries[name]), base[name].unit, found):
                own[name] = _stated(entries[name], base[name])
    for name, known in base.items():
        if (
            known.parameter is None
            and name not in tried
            and table.get("contractual") is False
            and name in OF_CONTRACTS
        ):
            nothing = {"value": 0.0, "low": 0.0, "high": 0.0, "status": "assumed"}
            own[name] = _stated({**nothing, "note": "nobody is bound by a contract"}, known)
        elif known.parameter is None and name not in tried:
            remedy = f"Each market states it: {known.meaning}."
            found.missing(("parameters", known.step, name), remedy)
    inherited = {name: known.parameter for name, known in base.items() if known.parameter is not None}
    return {name: it for name in base if (it := own.get(name, inherited.get(name))) is not None}


def _is_sound(place: tuple[str, ...], entry: Mapping[str, Any], unit_name: str, found: Findings) -> bool:
    """Whether value, range, status and source of a parameter can be."""
    before = len(found.faults)
    found.known(place, entry.keys(), (*FIGURES, *WORDS), "part of a parameter")
    for key in FIGURES:
        if key not in entry:
            found.missing((*place, key), f"State {', '.join(FIGURES)} together.")
    unit = UNITS[unit_name]
    for key in ("value", "low", "high"):
        if key in entry and not (is_number(entry[key]) and unit.low <= entry[key] <= unit.high):
            rule = f"must be a number within {unit.low:g} and {unit.high:,g}"
            found.fault((*place, key), shown(entry[key]), rule, f"It is {unit.meaning}.")
    status, source = entry.get("status"), entry.get("source")
    if "status" in entry and (not isinstance(status, str) or status not in STATUSES):
        found.fault((*place, "status"), shown(status), "is no status", f"Use one of {', '.join(STATUSES)}.")
    elif source is None and status in STATUSES[:2]:
        remedy = "Name the study or the data, or call it assumed."
        found.fault((*place, "source"), "", f"must be given for what is {status}", remedy)
    for key in WORDS:
        if key in entry and not is_words(entry[key]):
            found.fault(
                (*place, key),
                shown(entry[key]),
                "must be words",
                "Leave it out where there is nothing to say.",
            )
    if len(found.faults) == before:
        _look_at_range(place, entry, found)
    return len(found.faults) == before


def _look_at_range(place: tuple[str, ...], entry: Mapping[str, Any], found: Findings) -> None:
    value, low, high = entry["value"], entry["low"], entry["high"]
    if not low <= value <= high:
        rule = f"must be within its range, {low} to {high}"
        found.fault((*place, "value"), shown(value), rule, "Widen the range or move the value.")
    elif low == high:
        remedy = "Widen the range, unless nothing is uncertain about it."
        found.warn(place, shown(value), "is the whole range, so no two worlds differ in it", remedy)
    elif value in (low, high):
        remedy = "Worlds are drawn from one side of it only: is that what we know?"
        found.warn(place, shown(value), "stands at the edge of its range", remedy)


# firms


def _structures(
    table: Mapping[str, Any], found: Findings
) -> tuple[str, tuple[Firm, ...], dict[str, tuple[Firm, ...]]]:
    """The structure that stands first, its firms, and the firms of the others that are stated."""
    if "firms" not in table:
        found.missing(("firms",), "Say who is in the market; ours comes first.")
    stated = found.table(("firms",), table.get("firms", {}))
    structure = stated.get("structure", "competitive")
    found.value(("firms", "structure"), structure, STRUCTURE)
    columns = {key: value for key, value in stated.items() if key != "structure"}
    firms = _firms(("firms",), columns, found) if "firms" in table else ()
    others = found.table(("structures",), table.get("structures", {}))
    structures = {}
    for name in found.known(("structures",), others.keys(), STRUCTURES, "structure"):
        place = ("structures", name)
        structures[name] = _firms(place, found.table(place, others[name]), found)
        if name == structure:
            found.fault(place, name, "is the structure of [firms] already", "State it once.")
    return str(structure), firms, structures


def _firms(place: tuple[str, ...], table: Mapping[str, Any], found: Findings) -> tuple[Firm, ...]:
    """Firms from a table of columns; none when something is wrong with it."""
    before = len(found.faults)
    found.known(place, table.keys(), tuple(FIRM_COLUMNS), "column of firms")
    columns: dict[str, list[Any]] = {}
    for key in FIRM_COLUMNS:
        value = table.get(key)
        if isinstance(value, list):
            columns[key] = value
        elif key in table:
            found.fault((*place, key), shown(value), "must be a list", "One value a firm; ours comes first.")
        else:
            found.missing((*place, key), "One value a firm; ours comes first.")
    if len(columns) < len(FIRM_COLUMNS):
        return ()
    n_firms = len(columns["names"])
    for key, values in columns.items():
        if len(values) != n_firms:
            rule = f"must have one a firm, so {n_firms}"
            found.fault((*place, key), f"{len(values)} values", rule, "Ours comes first.")
        for number, value in enumerate(values):
            spot = (*place, f"{key}[{number}]")
            if found.value(spot, value, FIRM_COLUMNS[key][1]) and key == "strategies":
                _look_at_strategy(spot, value, found, ours=number == 0)
    if len(found.faults) > before:
        return ()
    _look_at_firms(place, columns, found)
    rows = zip(*columns.values(), strict=True)
    names = [FIRM_COLUMNS[key][0] for key in columns]
    return tuple(Firm(**dict(zip(names, row, strict=True))) for row in rows)


def _look_at_strategy(place: tuple[str, ...], spelt: str, found: Findings, *, ours: bool) -> None:
    if ours:
        if spelt != OURS:
            found.fault(place, spelt, "is not how ours acts", f'Write "{OURS}": policies act for it.')
        return
    try:
        strategy_of(spelt)
    except InputError as error:
        for fault in error.faults:
            found.fault(place, spelt, f"{fault.rule} ({fault.value})", fault.remedy)
    except RetainError as error:
        found.fault(place, spelt, "is no strategy", str(error))


def _look_at_firms(place: tuple[str, ...], columns: Mapping[str, list[Any]], found: Findings) -> None:
    names, shares = columns["names"], columns["shares"]
    if not 1 <= len(names) <= 1 + MOST_COMPETITORS:
        rule = f"must name ours and at most {MOST_COMPETITORS} competitors"
        found.fault((*place, "names"), ", ".join(names), rule, "Leave out the smallest.")
    if len(set(names)) < len(names):
        found.fault(
            (*place, "names"), ", ".join(names), "must differ", "Call each firm by a name of its own."
        )
    if shares and (math.fsum(shares) > 1 - LEAST_SHARE or shares[0] < LEAST_SHARE):
        rule = f"must sum to {1 - LEAST_SHARE:g} at most, ours {LEAST_SHARE:g} at least"
        told = ", ".join(f"{it:g}" for it in shares)
        found.fault((*place, "shares"), told, rule, "Some people have no service.")


# customers, and what a market does not aim at


def _customers(table: Mapping[str, Any], found: Findings) -> dict[str, Any]:
    """The marginals by name; those of contracts in the order of `CONTRACTS`, 0 where a kind is not offered."""
    if "customers" not in table:
        found.missing(("customers",), "Say whom a population without a book is drawn from.")
        return {}
    stated = found.table(("customers",), table["customers"])
    found.known(("customers",), stated.keys(), (*CUSTOMERS, *KINDS, "contracts"), "marginal of customers")
    sound = found.form(("customers",), stated, {**CUSTOMERS, **KINDS})
    place = ("customers", "contracts")
    if "contracts" not in stated:
        found.missing(place, f"State at least one of {', '.join(CONTRACTS)}.")
        return {}
    contracts = found.table(place, stated["contracts"])
    for kind in found.known(place, contracts.keys(), CONTRACTS, "kind of contract"):
        entry = found.table((*place, kind), contracts[kind])
        found.known((*place, kind), entry.keys(), tuple(CONTRACT), "marginal of a contract")
        sound = found.form((*place, kind), entry, CONTRACT) and sound and bool(entry)
    if not sound:
        return {}
    by_kind = {key: [contracts.get(kind, {}).get(key, 0) for kind in CONTRACTS] for key in CONTRACT}
    for key in ("share", "newcomers"):
        if not math.isclose(math.fsum(by_kind[key]), 1, abs_tol=1e-6):
            told = " + ".join(f"{it:g}" for it in by_kind[key])
            found.fault(
                (*place, key), told, "must sum to 1", f"Over {', '.join(CONTRACTS)}, as far as offered."
            )
    return {
        **dict(zip(CONTRACTS, by_kind.pop("share"), strict=True)),
        **by_kind,
        **{key: stated[key] for key in (*CUSTOMERS, *KINDS) if key in stated},
    }


def _look_at_contracts(table: Mapping[str, Any], found: Findings) -> None:
    """Where customers simply come and buy, there are no terms and nobody is bound."""
    customers = table.get("customers")
    contracts = customers.get("contracts") if isinstance(customers, Mapping) else None
    for kind in CONTRACTS[1:]:
        if isinstance(contracts, Mapping) and kind in contracts:
            rule = "is a contract, where contractual is false"
            remedy = "State month_to_month alone: its fee is what is spent a month."
            found.fault(("customers", "contracts", kind), kind, rule, remedy)
    firms: dict[tuple[str, ...], Any] = {("firms",): table.get("firms")}
    structures = table.get("structures")
    if isinstance(structures, Mapping):
        firms |= {("structures", name): it for name, it in structures.items()}
    for place, it in firms.items():
        months = it.get("lock_months") if isinstance(it, Mapping) else None
        if isinstance(months, list) and any(months):
            rule = "must be 0 for every firm, where contractual is false"
            found.fault((*place, "lock_months"), shown(months), rule, "Nobody is bound without a contract.")


def _not_aimed_at(table: Mapping[str, Any], found: Findings) -> dict[str, str]:
    reasons = found.table(("not_aimed_at",), table.get("not_aimed_at", {}))
    for fact, reason in reasons.items():
        if not is_words(reason):
            rule = "must say why the market does not aim at it"
            found.fault(("not_aimed_at", fact), shown(reason), rule, "Write a sentence.")
    return dict(reasons)
