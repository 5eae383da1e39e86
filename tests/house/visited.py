"""Scenarios of calls that we begin, for tests: as wide as can be, so that somebody is found at once."""

from __future__ import annotations

from typing import Any

from retainsdk.policy import Move, MoveKind
from retainsim.training.scenario import Scenario, examine
from retainsim.training.session import Session

_TEXT = """
name = "a_call"
version = 1
preset = "{preset}"
situation = "{situation}"
past = "{past}"
concepts = ["A1"]
minutes = 5
{top}
[title]
en = "A call"
he = "שיחה"
[aim]
en = "A call"
he = "שיחה"
[brief]
en = "A call"
he = "שיחה"
[authority]
discount = 0.25
months = 12
days = 7
once = 0.5
{rest}
"""


def a_scenario(
    situation: str, *, preset: str = "telecom", past: str = "none", top: str = "", rest: str = ""
) -> Scenario:
    """
    A scenario of a situation.

    Args:
        situation: By name.
        preset: Of its market.
        past: The policy until then.
        top: More lines for the head of its file.
        rest: More tables.
    """
    text = _TEXT.format(situation=situation, preset=preset, past=past, top=top, rest=rest)
    examined = examine(text, source="a test")
    assert examined.scenario is not None, examined.faults
    return examined.scenario


def a_call(situation: str, *, seed: int = 1, **how: Any) -> Session:
    """A call of such a scenario about to begin."""
    return Session.with_case(a_scenario(situation, **how), "a_call", seed)


def move(kind: MoveKind, *, amount: int = 0, months: int = 0) -> Move:
    """A move."""
    return Move(kind=kind, amount=amount, months=months)
