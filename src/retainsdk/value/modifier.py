"""Modifiers: what makes a customer worth more, or less, than what he buys says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

import attrs

from retainsdk.events import Fact
from retainsdk.quantities import Money, months_later


@attrs.frozen(kw_only=True)
class Modifier:
    """
    A reason to value a customer otherwise, for a time: by so much, or by a factor.

    Attributes:
        name: The reason: a restaurant critic, a home with a cat and a dog.
        source: Who or what says so.
        starts_on: First day it counts.
        ends_on: First day it does not; none when it has no end.
        amount: So much more, or less.
        factor: Times what he is worth without modifiers, 0 or more. One of the two, never both.

    Raises:
        ValueError: When it states both or neither, a negative factor, no source, or ends before it starts.
    """

    name: str
    source: str
    starts_on: date
    ends_on: date | None = None
    amount: Money | None = None
    factor: Decimal | None = None

    def __attrs_post_init__(self) -> None:
        wrong = []
        if (self.amount is None) == (self.factor is None):
            wrong.append("must state an amount or a factor, one of the two")
        if self.factor is not None and self.factor < 0:
            wrong.append(f"factor ({self.factor}) must not be negative")
        if self.ends_on is not None and self.ends_on <= self.starts_on:
            wrong.append(f"ends_on ({self.ends_on}) must be after starts_on ({self.starts_on})")
        if not self.source.strip():
            wrong.append("must name its source")
        if wrong:
            msg = f"modifier {self.name!r}: {'; '.join(wrong)}"
            raise ValueError(msg)

    def is_valid(self, on: date) -> bool:
        """Whether it counts on a day."""
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    def effect(self, base: Money) -> Money:
        """What it adds to a value without modifiers, in whole smallest units."""
        if self.amount is not None:
            return self.amount
        return (base * ((self.factor or Decimal(0)) - 1)).rounded()


@attrs.frozen(kw_only=True)
class KnownSince:
    """A fact of a customer with the day it became known and its source."""

    value: Fact
    since: date
    source: str


@attrs.frozen(kw_only=True)
class ModifierRule:
    """
    Modifiers by facts: whoever has these facts is worth so much more, as long as they are fresh.

    Attributes:
        name: Of the modifiers it makes.
        is_: Facts that must be just that.
        at_least: Facts that must be so much or more.
        months: How long it counts from the day the last of the facts became known; none for good.
        amount: See `Modifier`.
        factor: See `Modifier`.
    """

    name: str
    is_: Mapping[str, Fact] = {}
    at_least: Mapping[str, float] = {}
    months: int | None = None
    amount: Money | None = None
    factor: Decimal | None = None

    def modifier(self, facts: Mapping[str, KnownSince]) -> Modifier | None:
        """The modifier of a customer with those facts; none when the rule does not speak of him."""
        wanted = [*self.is_, *self.at_least]
        if not wanted or any(name not in facts for name in wanted):
            return None
        if any(facts[name].value != value for name, value in self.is_.items()):
            return None
        for name, least in self.at_least.items():
            value = facts[name].value
            if isinstance(value, str) or value < least:
                return None
        since = max(facts[name].since for name in wanted)
        return Modifier(
            name=self.name,
            source="; ".join(f"{name}: {facts[name].source}" for name in wanted),
            starts_on=since,
            ends_on=None if self.months is None else months_later(since, self.months),
            amount=self.amount,
            factor=self.factor,
        )


def by_rules(rules: Iterable[ModifierRule], facts: Mapping[str, KnownSince]) -> list[Modifier]:
    """The modifiers that rules make of a customer's facts."""
    return [modifier for rule in rules if (modifier := rule.modifier(facts)) is not None]
