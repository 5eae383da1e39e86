"""A preset: a market as a data file states it, read and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from retainsim.market.competitors import Firm, in_structure
from retainsim.market.purposes import POPULATION
from retainsim.market.streams import key_of, uniform

STATUSES = ("measured", "published", "assumed")
CONTRACTS = ("month_to_month", "one_year", "two_years")
"""Kinds of contracts, in the order of their codes."""


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
        note: What else is to be said of the figure.
        meaning: What it is.
        unit: What kind of number, a name in `form.UNITS`.
        step: Of the month, a name in `form.STEPS`.
        base: The preset it is taken from, with its version; empty when the file states it itself, and ``common`` alone
            when its rule is younger than the preset.
    """

    value: float
    low: float
    high: float
    status: Literal["measured", "published", "assumed"]
    source: str = ""
    note: str = ""
    meaning: str
    unit: str
    step: str
    base: str = ""


@attrs.frozen(kw_only=True)
class Preset:
    """
    A market's data file, read and checked.

    Attributes:
        name: By which it is asked for.
        version: From 1; a released version never changes.
        base: The preset it builds on, as the file names it.
        title: In English.
        title_he: In Hebrew; empty when nobody wrote one.
        about: What it models.
        currency: ISO 4217 code; all money stands in its minor units.
        starts_on: First day of its worlds.
        contractual: Whether customers are bound by contracts, or simply come and buy.
        not_aimed_at: Stylised facts, by id or theme, that this market is not meant to show, and why.
        structure: Of its firms: one of `competitors.STRUCTURES`.
        firms: Ours first.
        structures: The firms of other structures, where the file states them.
        customers: Marginals from which a population without a book is drawn.
        parameters: The law's, by name.
        digest: Of all its figures: equal digests make equal worlds.
    """

    name: str
    version: int
    base: str
    title: str
    title_he: str
    about: str
    currency: str
    starts_on: date
    contractual: bool
    not_aimed_at: Mapping[str, str]
    structure: str
    firms: tuple[Firm, ...]
    structures: Mapping[str, tuple[Firm, ...]]
    customers: Mapping[str, Any]
    parameters: Mapping[str, Parameter]
    digest: str

    def drawn(self, seed: int, how: Literal["drawn", "fixed"]) -> Rules:
        """
        The parameters of one world: its own draw from the ranges, or the values as they stand.

        What the market offers is no matter of belief and is not drawn: on which contracts newcomers come.
        """
        values = {name: parameter.value for name, parameter in self.parameters.items()}
        if how == "drawn":
            for name, parameter in self.parameters.items():
                share = uniform(key_of("parameter", name), key_of("world", seed), POPULATION)
                values[name] = parameter.low + share * (parameter.high - parameter.low)
        return Rules(values={name: float(value) for name, value in (values | self.settings).items()})

    @property
    def settings(self) -> dict[str, float]:
        """What the law reads besides the parameters: whether there are contracts, and the shares of newcomers who come on each kind but the last."""
        joins = {
            f"joins_{kind}": self.customers["newcomers"][code] for code, kind in enumerate(CONTRACTS[:-1])
        }
        return {**joins, "contractual": float(self.contractual)}

    def in_structure(self, name: str) -> Preset:
        """
        The same market with the firms of another structure: those it states, or what they become there.

        Raises:
            UnknownStructureError: With the structures there are.
        """
        if name == self.structure:
            return self
        stated = {**self.structures, self.structure: self.firms}
        return attrs.evolve(
            self,
            structure=name,
            firms=in_structure(self.firms, name, stated=stated),
            structures=stated,
            digest=hashlib.blake2b(f"{self.digest} {name}".encode(), digest_size=8).hexdigest(),
        )


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
