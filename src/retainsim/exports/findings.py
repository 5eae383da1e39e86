"""What was found in a file somebody wrote, for people and for programs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import attrs

from retainsdk.errors import Fault

_PLACE = re.compile(r"(?:line (\d+)(?:, |$))?(.*)", re.DOTALL)


def finding(fault: Fault) -> dict[str, Any]:
    """A fault, or a warning, with its line by itself."""
    found = _PLACE.fullmatch(fault.place)
    line, place = (found[1], found[2]) if found else (None, fault.place)
    return {**attrs.asdict(fault), "place": place, "line": int(line) if line else None}


def counted(found: Sequence[Fault], what: str) -> str:
    """
    How many there are.

    >>> counted([], "fault")
    '0 faults'
    """
    return f"{len(found)} {what}{'' if len(found) == 1 else 's'}"
