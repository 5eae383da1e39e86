"""
Presets: the parameters of a market as a versioned data file, with range, source and status of each.

A world either takes every value as it stands or draws it from its range (MARKET principle 7: worlds differ in
luck and in what we do not know).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib import resources
from types import SimpleNamespace
from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsdk.errors import Fault, InputError, UnknownNameError
from retainsim.market.competitors import MOST_COMPETITORS, Firm, is_strategy, names
from retainsim.market.competitors.strategy import LONGEST_LOCK
from retainsim.market.purposes import POPULATION
from retainsim.market.streams import key_of, uniform


class UnknownPresetError(UnknownNameError):
    """A preset was asked for by a name nobody registered."""

    what = "preset"


@attrs.frozen(kw_only=True)
class Parameter:
    """
    One number of the law.

    Attributes:
        value: Best single guess.
        low: Of the range in which we believe it.
        high: Of the same.
        status: Whether it is measured on data, published in a study, or assumed.
        source: Study or data; empty when assumed without one.
        meaning: With unit.
    """

    value: float
    low: float
    high: float
    status: Literal["measured", "published", "assumed"]
    source: str = ""
    meaning: str


@attrs.frozen(kw_only=True)
class Preset:
    """A market's data file, read and checked."""

    name: str
    version: int
    title: str
    currency: str
    starts_on: date
    firms: tuple[Firm, ...]
    customers: Mapping[str, Any]
    parameters: Mapping[str, Parameter]
    digest: str

    def drawn(self, seed: int, how: Literal["drawn", "fixed"]) -> Rules:
        """The parameters of one world: its own draw from the ranges, or the values as they stand."""
        values = {name: parameter.value for name, parameter in self.parameters.items()}
        if how == "drawn":
            for name, parameter in self.parameters.items():
                share = uniform(key_of("parameter", name), key_of("world", seed), POPULATION)
                values[name] = parameter.low + share * (parameter.high - parameter.low)
        return Rules(values={name: float(value) for name, value in values.items()})


@attrs.frozen(kw_only=True)
class Rules:
    """The parameters of one world, as the law reads them: by attribute."""

    values: Mapping[str, float]

    def plain(self) -> SimpleNamespace:
        """For plain Python."""
        return SimpleNamespace(**self.values)

    def record(self) -> NDArray[np.void]:
        """For compiled code: an array of one record."""
        record = np.zeros(1, dtype=[(name, np.float64) for name in sorted(self.values)])
        for name, value in self.values.items():
            record[name] = value
        return record


def preset_names() -> list[str]:
    """The presets that ship."""
    folder = resources.files("retainsim.market") / "presets"
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def load_preset(name: str) -> Preset:
    """
    The preset of that name.

    Raises:
        UnknownPresetError: With the names there are.
        InputError: When its file contradicts itself.
    """
    if name not in preset_names():
        raise UnknownPresetError(name, preset_names())
    return read_preset(
        (resources.files("retainsim.market") / "presets" / f"{name}.toml").read_text(encoding="utf-8")
    )


def read_preset(text: str) -> Preset:
    """
    A preset from the text of its file.

    Raises:
        InputError: Naming every parameter without what it needs or outside its range, and every firm that cannot be.
    """
    table = tomllib.loads(text)
    faults = _parameter_faults(table["parameters"]) + _firm_faults(table["firms"])
    if faults:
        source = f"preset {table['name']}"
        raise InputError(source, faults)
    columns = [table["firms"][column] for column in _FIRM_COLUMNS]
    return Preset(
        name=table["name"],
        version=table["version"],
        title=table["title"],
        currency=table["currency"],
        starts_on=table["starts_on"],
        firms=tuple(
            Firm(**dict(zip(_FIRM_COLUMNS.values(), row, strict=True))) for row in zip(*columns, strict=True)
        ),
        customers=table["customers"],
        parameters={name: Parameter(**entry) for name, entry in table["parameters"].items()},
        digest=hashlib.blake2b(text.encode(), digest_size=8).hexdigest(),
    )


_FIRM_COLUMNS = {
    "names": "name",
    "strategies": "strategy",
    "shares": "share",
    "prices": "price",
    "qualities": "quality",
    "awareness": "awareness",
    "lock_months": "lock_months",
}
_STATUSES = ("measured", "published", "assumed")


def _parameter_faults(parameters: Mapping[str, Mapping[str, Any]]) -> list[Fault]:
    required = [field.name for field in attrs.fields(Parameter) if field.default is attrs.NOTHING]
    known = [field.name for field in attrs.fields(Parameter)]
    faults = []
    for name, entry in parameters.items():
        place = f"parameters.{name}"
        missing, unknown = [it for it in required if it not in entry], [it for it in entry if it not in known]
        if missing or unknown:
            rule = f"must have {', '.join(required)} and may have source"
            faults.append(Fault(place, ", ".join(entry), rule, f"Look at {', '.join(missing + unknown)}."))
            continue
        if not entry["low"] <= entry["value"] <= entry["high"]:
            rule = f"must be within {entry['low']} and {entry['high']}"
            faults.append(Fault(place, str(entry["value"]), rule, "Widen the range or move the value."))
        if entry["status"] not in _STATUSES:
            faults.append(
                Fault(
                    f"{place}.status", entry["status"], "is no status", f"Use one of {', '.join(_STATUSES)}."
                )
            )
        elif entry["status"] != "assumed" and not entry.get("source"):
            rule = f"must be given for what is {entry['status']}"
            faults.append(
                Fault(f"{place}.source", "", rule, "Name the study or the data, or call it assumed.")
            )
    return faults


def _firm_faults(firms: Mapping[str, list[Any]]) -> list[Fault]:
    counts = {column: len(firms.get(column, ())) for column in _FIRM_COLUMNS}
    n_firms = counts["names"]
    faults = [
        Fault(
            f"firms.{column}", f"{count} values", f"must have one a firm, so {n_firms}", "Ours comes first."
        )
        for column, count in counts.items()
        if count != n_firms
    ]
    if faults:
        return faults
    if not 1 <= n_firms - 1 <= MOST_COMPETITORS:
        rule = f"must name ours and 1 to {MOST_COMPETITORS} competitors"
        faults.append(Fault("firms.names", ", ".join(firms["names"]), rule, "Leave out the smallest."))
    checks = (
        ("strategies", is_strategy, "is no strategy", f"Use one of {', '.join(names())}, or path/to/file.py:Name."),
        ("prices", lambda it: it > 0, "must be above 0", "1 is our list price."),
        ("awareness", lambda it: 0 <= it <= 1, "must be within 0 and 1", "It is a share of people."),
        ("lock_months", lambda it: 0 <= it <= LONGEST_LOCK, f"must be within 0 and {LONGEST_LOCK}", "0 binds nobody."),
    )  # fmt: skip
    for column, is_right, rule, remedy in checks:
        first = 1 if column == "strategies" else 0  # ours is whatever a policy does
        faults += [
            Fault(f"firms.{column}[{place}]", str(value), rule, remedy)
            for place, value in enumerate(firms[column])
            if place >= first and not is_right(value)
        ]
    shares = firms["shares"]
    if sum(shares) >= 1 or shares[0] <= 0 or min(shares) < 0:
        rule = "must sum to less than 1, ours above 0 and none below"
        faults.append(
            Fault("firms.shares", ", ".join(f"{it:g}" for it in shares), rule, "Some people have no service.")
        )
    return faults
