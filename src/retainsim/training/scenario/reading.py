"""Reading a scenario from its file, with all that is wrong with it at once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import attrs
import orjson

from retainsdk.errors import Fault, InputError, UnknownNameError
from retainsdk.view import Reason
from retainsim.market.preset import load_preset
from retainsim.toml_file import Findings, Form, is_path, lines_of, no_toml, text_in
from retainsim.training.scenario.form import AUTHORITY, COLLEAGUE, HEAD, RANGE, TABLES, TEXT, WEIGHT, WORDS
from retainsim.training.scenario.scenario import Authority, Promised, Scenario, Situation


class UnknownScenarioError(UnknownNameError):
    """A scenario was asked for by a name nobody registered."""

    what = "scenario"


@attrs.frozen(kw_only=True)
class Examined:
    """
    What was found in a scenario file.

    Attributes:
        source: The file, as messages name it.
        scenario: None when something is wrong with it.
        faults: What is wrong.
    """

    source: str
    scenario: Scenario | None
    faults: tuple[Fault, ...]


def scenario_names() -> list[str]:
    """The scenarios that ship, by name."""
    return sorted(
        file.name.removesuffix(".toml") for file in _folder().iterdir() if file.name.endswith(".toml")
    )


def load_scenario(reference: str) -> Scenario:
    """
    The scenario of that name, or in a file.

    Raises:
        UnknownScenarioError: With the names there are.
        InputError: Naming everything that is wrong with a file.
    """
    return _sound(_of_file(reference)) if is_path(reference) else _shipped(reference)


def examine_scenario(reference: str) -> Examined:
    """What is to be said of a scenario that ships or of somebody's file; what cannot be found or read has one fault."""
    try:
        if is_path(reference):
            return _of_file(reference)
        scenario = _shipped(reference)
    except InputError as error:
        return Examined(source=error.source, scenario=None, faults=error.faults)
    except UnknownScenarioError as error:
        unknown = Fault("scenario", reference, "is neither a scenario that ships nor a file", str(error))
        return Examined(source=reference, scenario=None, faults=(unknown,))
    return Examined(source=f"scenario {scenario.name}", scenario=scenario, faults=())


def _of_file(path: str) -> Examined:
    text = text_in(Path(path), remedy="Begin one with: retainsim scenario new FILE")
    return examine(text, source=Path(path).name)


@cache
def _shipped(name: str) -> Scenario:
    if name not in scenario_names():
        raise UnknownScenarioError(name, scenario_names())
    return _sound(
        examine((_folder() / f"{name}.toml").read_text(encoding="utf-8"), source=f"scenario {name}")
    )


def _folder() -> Any:  # noqa: ANN401 # a Traversable, which has no name Python 3.11 and 3.13 share
    return resources.files("retainsim.training") / "scenarios"


def _sound(examined: Examined) -> Scenario:
    if examined.scenario is None:
        raise InputError(examined.source, examined.faults)
    return examined.scenario


def examine(text: str, *, source: str) -> Examined:
    """
    What is to be said of the text of a scenario file.

    Args:
        text: In TOML.
        source: What messages call it.
    """
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return Examined(source=source, scenario=None, faults=(no_toml(error),))
    found = Findings(lines_of(text))
    found.known((), table.keys(), (*HEAD, *TABLES), "key of a scenario")
    found.form((), table, HEAD)
    words = {name: _table(table, name, found, required=True) for name in WORDS}
    for name, said in words.items():
        found.known((name,), said.keys(), TEXT, "language of a scenario")
        found.form((name,), said, TEXT)
    authority = _table(table, "authority", found, required=True)
    found.known(("authority",), authority.keys(), AUTHORITY, "limit of an authority")
    found.form(("authority",), authority, AUTHORITY)
    colleague = _table(table, "colleague", found)
    if "colleague" in table:
        found.known(("colleague",), colleague.keys(), COLLEAGUE, "promise of a colleague")
        found.form(("colleague",), colleague, COLLEAGUE)
    chosen = {
        name: _entries(table, name, found, what=what, form=form)
        for name, what, form in (
            ("reasons", "reason to leave", WEIGHT),
            ("card", "column of a customer card with a range", RANGE),
            ("truth", "column that only the world knows", RANGE),
        )
    }
    if not found.faults:
        _refuse_impossible(table, found)
    if found.faults:
        return Examined(source=source, scenario=None, faults=tuple(found.faults))
    scenario = Scenario(
        name=table["name"],
        version=table["version"],
        preset=table["preset"],
        situation=Situation(table["situation"]),
        past=table.get("past", "none"),
        concepts=tuple(table["concepts"]),
        minutes=table["minutes"],
        title=_trimmed(words["title"]),
        aim=_trimmed(words["aim"]),
        brief=_trimmed(words["brief"]),
        authority=Authority(**authority),
        bluff=float(table.get("bluff", 0)),
        colleague=Promised(**colleague) if colleague else None,
        reasons={Reason[name.upper()]: float(weight) for name, weight in chosen["reasons"].items()},
        card={name: (float(low), float(high)) for name, (low, high) in chosen["card"].items()},
        truth={name: (float(low), float(high)) for name, (low, high) in chosen["truth"].items()},
        source=text,
        digest=_digest(table),
    )
    return Examined(source=source, scenario=scenario, faults=())


def _refuse_impossible(table: Mapping[str, Any], found: Findings) -> None:
    """Where nobody is bound nobody gives notice; and only who threatens can threaten in vain."""
    situation, bound = Situation(table["situation"]), load_preset(table["preset"]).contractual
    if situation in (Situation.THREAT, Situation.GOODBYE) and not bound:
        found.fault(
            ("preset",),
            table["preset"],
            "has no contracts, so nobody threatens to leave",
            "Take a market that has, or the situation calm or former.",
        )
    if table.get("bluff", 0) and situation is not Situation.THREAT:
        found.fault(
            ("bluff",),
            str(table["bluff"]),
            "has a meaning only where somebody threatens to leave",
            "Leave it out, or make the situation a threat.",
        )


def _table(
    table: Mapping[str, Any], name: str, found: Findings, *, required: bool = False
) -> Mapping[str, Any]:
    if name in table:
        return found.table((name,), table[name])
    if required:
        found.missing((name,), f"Begin it with [{name}].")
    return {}


def _entries(
    table: Mapping[str, Any], name: str, found: Findings, *, what: str, form: Form
) -> Mapping[str, Any]:
    entries = _table(table, name, found)
    for key in found.known((name,), entries.keys(), TABLES[name], what):
        found.value((name, key), entries[key], form)
    return entries


def _trimmed(words: Mapping[str, str]) -> Mapping[str, str]:
    return {language: text.strip() for language, text in words.items()}


def _digest(table: Mapping[str, Any]) -> str:
    """Of all that decides how a call comes out: words do not."""
    figures = {key: value for key, value in table.items() if key not in (*WORDS, "minutes", "concepts")}
    return hashlib.blake2b(orjson.dumps(figures, option=orjson.OPT_SORT_KEYS), digest_size=8).hexdigest()
