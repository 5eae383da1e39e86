"""A score: a figure whose parts add up to it, each with its source, so that nobody has to believe it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Context, Decimal, Inexact, InvalidOperation

import attrs

from retainsdk.quantities import Money

_EXACT = Context(prec=60, traps=[Inexact, InvalidOperation])  # a sum that had to be rounded is not a sum


@attrs.frozen(kw_only=True)
class Part:
    """
    What one thing adds to a score, or takes from it.

    Attributes:
        name: Of the thing.
        amount: In the score's unit.
        source: Where it comes from: records, an offer, a model with its version, a plug-in.
        why: In words, with the figures it was worked out from.
    """

    name: str
    amount: Decimal
    source: str
    why: str = ""

    def __str__(self) -> str:
        why = f": {self.why}" if self.why else ""
        return f"{self.amount:+f} {self.name}{why} [{self.source}]"


@attrs.frozen(kw_only=True)
class Score:
    """
    A figure with what it is made of.

    Attributes:
        kind: What it measures.
        unit: Of the value and all its parts: a currency, or points.
        value: The figure; the sum of the parts, to the last digit.
        parts: In the order of the model that made them.

    Raises:
        ValueError: When the parts do not add up to the value, or one names no source.

    >>> print(Score.of("health", "points", [Part(name="start", amount=Decimal(100), source="model 1")]))
    health: 100 points
      +100 start [model 1]
    """

    kind: str
    unit: str
    value: Decimal
    parts: tuple[Part, ...]

    def __attrs_post_init__(self) -> None:
        wrong = [f"part {part.name!r} names no source" for part in self.parts if not part.source.strip()]
        summed = added(part.amount for part in self.parts)
        if summed != self.value:
            wrong.append(f"the parts add up to {summed}, not to {self.value}")
        if wrong:
            msg = f"score {self.kind!r}: {'; '.join(wrong)}"
            raise ValueError(msg)

    @classmethod
    def of(cls, kind: str, unit: str, parts: Iterable[Part]) -> Score:
        """The score of those parts."""
        made = tuple(parts)
        return cls(kind=kind, unit=unit, value=added(part.amount for part in made), parts=made)

    @property
    def money(self) -> Money:
        """
        The value as money, when it is some.

        Raises:
            MoneyError: When its unit is no currency.
        """
        return Money(self.value, self.unit)

    def amount(self, name: str) -> Decimal:
        """What the parts of that name add up to; 0 when there are none."""
        return added(part.amount for part in self.parts if part.name == name)

    def __str__(self) -> str:
        return "\n".join([f"{self.kind}: {self.value:f} {self.unit}", *(f"  {part}" for part in self.parts)])


def added(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, whatever precision the caller reckons in; 0 of nothing."""
    result = Decimal(0)
    for amount in amounts:
        result = _EXACT.add(result, amount)
    return result
