"""What a customer costs us: time, expenses of contact, and what we gave to keep him."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

import attrs

from retainsdk.quantities import Money, total
from retainsdk.value.score import Part, Score
from retainsdk.vocabulary import Stage


@attrs.frozen(kw_only=True)
class Effort:
    """
    What one contact took, or a month of membership.

    Attributes:
        at: When.
        minutes: Of our time; 0 when not written down.
        expense: Besides, a gift above all.
        source: The record, or the programme.
        what: The expense is for.
    """

    at: datetime
    minutes: int = 0
    expense: Money
    source: str
    what: str = "expense of contact"


@attrs.frozen(kw_only=True)
class Concession:
    """
    Something given to keep a customer.

    Attributes:
        at: When he took it.
        what: A price, a pause, a benefit, a compensation.
        cost: What it costs us in all.
        source: The offer or the record.
        by: Who gave it; empty when not known.
    """

    at: datetime
    what: str
    cost: Money
    source: str
    by: str = ""


def cost_to_serve(efforts: Sequence[Effort], concessions: Iterable[Concession], *, hour: Money) -> Score:
    """
    What a customer has cost us so far.

    Args:
        efforts: Contacts with what they took, and months of membership.
        concessions: What was given.
        hour: What an hour of our time costs; its currency is that of the score.
    """
    minutes = sum(effort.minutes for effort in efforts)
    parts = []
    if minutes:
        time = _worth(minutes, hour).amount
        parts.append(
            Part(name="time", amount=time, source="records", why=f"{minutes} minutes at {hour} an hour")
        )
    parts += [
        Part(name=effort.what, amount=effort.expense.amount, source=effort.source)
        for effort in efforts
        if effort.expense
    ]
    parts += [Part(name=given.what, amount=given.cost.amount, source=given.source) for given in concessions]
    return Score.of("cost to serve", hour.currency, parts)


def by_stage(
    stages: Sequence[tuple[datetime, Stage]], amounts: Iterable[tuple[datetime, Money]], *, currency: str
) -> dict[Stage, Money]:
    """
    Amounts by the stage a relationship was in when each occurred; together they are the sum of all.

    Args:
        stages: When it came to each stage, in order; what came before the first counts with it.
        amounts: What is to be divided, costs or income.
        currency: Of them.
    """
    divided: dict[Stage, Money] = {stage: Money(0, currency) for _, stage in stages}
    for at, amount in amounts:
        stage = stage_at(stages, at) or stages[0][1]
        divided[stage] = total([divided[stage], amount], currency)
    return divided


def stage_at(stages: Iterable[tuple[datetime, Stage]], at: datetime) -> Stage | None:
    """The stage that was reached by an instant; none before the first."""
    reached = [stage for since, stage in stages if since <= at]
    return reached[-1] if reached else None


def spent(
    efforts: Iterable[Effort], concessions: Iterable[Concession], *, hour: Money
) -> list[tuple[datetime, Money]]:
    """The same costs one by one, each at its instant; the time of all contacts adds up to that of `cost_to_serve`."""
    found = []
    minutes = 0
    for effort in efforts:
        before = _worth(minutes, hour)
        minutes += effort.minutes
        found.append((effort.at, _worth(minutes, hour) - before + effort.expense))
    return found + [(given.at, given.cost) for given in concessions]


def _worth(minutes: int, hour: Money) -> Money:
    share = Fraction(hour.minor * minutes, 60)
    return Money.from_minor(round(share), hour.currency)
