"""Touchpoints: the steps of a customer's way to what he wants, and how hard each was for him."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import attrs

from retainsdk.events import InteractionRecorded

HARDEST = 10
"""Friction of a step that could not be harder."""


@attrs.frozen(kw_only=True)
class Touchpoint:
    """
    One step, over all who took it.

    Attributes:
        step: Its name: search, explanation, proof by others, form, payment, queue, …
        contacts: How often we met customers there.
        rated: How often we know how hard it was.
        friction: Mean of those, from 0 not at all to 10; none when it was never rated.
        hardest: The most of them; none when it was never rated.
        minutes: Of ours, as far as they were written down.
    """

    step: str
    contacts: int
    rated: int
    friction: float | None
    hardest: int | None
    minutes: int


def touchpoints(interactions: Iterable[InteractionRecorded]) -> list[Touchpoint]:
    """The steps met with, the hardest first, those nobody rated last, equals by name."""
    by_step: dict[str, list[InteractionRecorded]] = defaultdict(list)
    for interaction in interactions:
        if interaction.step:
            by_step[interaction.step].append(interaction)
    points = [_point(step, met) for step, met in by_step.items()]
    return sorted(points, key=lambda it: (it.friction is None, -(it.friction or 0), it.step))


def _point(step: str, met: list[InteractionRecorded]) -> Touchpoint:
    rated = [interaction.friction for interaction in met if interaction.friction is not None]
    return Touchpoint(
        step=step,
        contacts=len(met),
        rated=len(rated),
        friction=sum(rated) / len(rated) if rated else None,
        hardest=max(rated, default=None),
        minutes=sum(interaction.minutes or 0 for interaction in met),
    )
