"""What a trainee puts in: something done about the team, a week planned, a move in a call, a call passed on, a practice begun anew or left behind."""

from __future__ import annotations

from enum import StrEnum

import attrs

from retainsim.training.record import MoveRecord
from retainsim.training.rounds.step import Step
from retainsim.training.rounds.team import Team


class To(StrEnum):
    """Who takes a call that the trainee does not take."""

    COLLEAGUE = "colleague"
    """Somebody at the next desk, who goes by the script."""
    NOBODY = "nobody"
    """The caller is heard, and told nothing."""


@attrs.frozen
class Staffed:
    """Something done about the service team, before the first week of a round."""

    team: Team


@attrs.frozen
class Week:
    """A week planned: all that is done in it."""

    steps: tuple[Step, ...]


@attrs.frozen
class Said:
    """A move in the call of a customer."""

    customer: int
    move: MoveRecord


@attrs.frozen
class Passed:
    """The call of a customer that is not taken, or not gone on with."""

    customer: int
    to: To


@attrs.frozen
class Restarted:
    """Practice begins anew, with the same customers and the same luck."""


@attrs.frozen
class Begun:
    """Practice is left behind: the graded rounds begin."""


Decision = Staffed | Week | Said | Passed | Restarted | Begun
