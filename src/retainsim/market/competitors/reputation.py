"""
Reputation: what the market has come to expect of a firm, from how its customers fared over about a year (CONCEPTS E8).

A newcomer cannot know how good a firm is today; he knows what people tell, and that is older. So a bad year costs
newcomers in the year after, and a good month mends little.
"""

from __future__ import annotations

MEMORY = 12.0
"""Months after which a little more than a third of what was said is still in people's mouths; assumed."""


def experience(*, quality: float, satisfaction: float) -> float:
    """
    How a firm's customers fare in a month, from -1 to 1; 0 is usual.

    Half is what the firm gives, half what its people feel: they tell of the service, and in the colours of their mood.

    Args:
        quality: Of the firm, 0 is usual.
        satisfaction: Mean of its people, less what is usual, so that 0 is usual here too.
    """
    return min(max(0.5 * quality + 0.5 * satisfaction, -1.0), 1.0)


def moved_reputation(
    reputation: float, *, quality: float, satisfaction: float, memory: float = MEMORY
) -> float:
    """
    A firm's reputation a month later: a step of 1 in *memory* towards what its customers lived through.

    Args:
        reputation: Before, from -1 to 1.
        quality: Of the month.
        satisfaction: Mean of its people, less what is usual; 0 where it has nobody.
        memory: Months, 1 or more.

    >>> round(moved_reputation(0.0, quality=-0.6, satisfaction=-0.6), 3)
    -0.05
    """
    return reputation + (experience(quality=quality, satisfaction=satisfaction) - reputation) / memory
