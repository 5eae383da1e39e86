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
from retainsim.market.competitors import STRATEGIES
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
class Firm:
    """
    A firm at the start.

    Attributes:
        name: As reports call it.
        strategy: How it acts, a name in `competitors.STRATEGIES`; ``ours`` for the firm policies act for.
        share: Of all people.
        price: 1 is our list price.
        quality: 0 is usual.
        awareness: Share of people who know its offer in a month.
        lock_months: For how long it binds newcomers.
    """

    name: str
    strategy: str
    share: float
    price: float
    quality: float
    awareness: float
    lock_months: int


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
        return Rules(values=values)


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
        InputError: Naming every parameter outside its range and every firm that cannot be.
    """
    table = tomllib.loads(text)
    firms = table["firms"]
    preset = Preset(
        name=table["name"],
        version=table["version"],
        title=table["title"],
        currency=table["currency"],
        starts_on=table["starts_on"],
        firms=tuple(
            Firm(
                name=name,
                strategy=strategy,
                share=share,
                price=price,
                quality=quality,
                awareness=known,
                lock_months=lock,
            )
            for name, strategy, share, price, quality, known, lock in zip(
                firms["names"],
                firms["strategies"],
                firms["shares"],
                firms["prices"],
                firms["qualities"],
                firms["awareness"],
                firms["lock_months"],
                strict=True,
            )
        ),
        customers=table["customers"],
        parameters={name: Parameter(**entry) for name, entry in table["parameters"].items()},
        digest=hashlib.blake2b(text.encode(), digest_size=8).hexdigest(),
    )
    _refuse_faults(preset)
    return preset


def _refuse_faults(preset: Preset) -> None:
    faults = [
        Fault(
            f"parameters.{name}",
            str(it.value),
            f"must be within {it.low} and {it.high}",
            "Widen the range or move the value.",
        )
        for name, it in preset.parameters.items()
        if not it.low <= it.value <= it.high
    ]
    faults += [
        Fault(
            f"firms.{firm.name}.strategy",
            firm.strategy,
            "is no strategy",
            f"Use one of {', '.join(sorted(STRATEGIES))}.",
        )
        for firm in preset.firms[1:]
        if firm.strategy not in STRATEGIES
    ]
    if sum(firm.share for firm in preset.firms) >= 1 or preset.firms[0].share <= 0:
        shares = ", ".join(f"{firm.share:g}" for firm in preset.firms)
        faults.append(
            Fault(
                "firms.shares",
                shares,
                "must sum to less than 1, ours above 0",
                "Some people have no service.",
            )
        )
    if faults:
        source = f"preset {preset.name}"
        raise InputError(source, faults)
