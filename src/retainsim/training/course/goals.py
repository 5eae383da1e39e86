"""What a trainee sets himself from one call of a course to the next."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs

from retainsim.training.course.database import Database
from retainsim.training.course.kept import Call
from retainsim.training.desk import Desk


@attrs.frozen
class OwnGoals:
    """
    The goals of whoever takes a call.

    Attributes:
        database: In which they are kept.
        call: That is taken, or told of again.
    """

    database: Database
    call: Call

    @property
    def goal(self) -> str:
        """What was set last before this call; empty when nothing was."""
        found = self.database.rows(
            "SELECT goal.goal FROM goal JOIN call ON call.number = goal.call"
            " WHERE call.trainee = ? AND call.number < ? ORDER BY call.number DESC LIMIT 1",
            self.call.trainee,
            self.call.number,
        )
        return str(found[0][0]) if found else ""

    def aim(self, desk: Desk, goal: str) -> str:
        """On the disk; what is set after the same call again counts instead."""
        self.database.write(
            "INSERT INTO goal VALUES (?, ?, ?) ON CONFLICT (call) DO UPDATE SET goal = excluded.goal, at = excluded.at",
            self.call.number,
            goal,
            datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return desk.word("goal.kept")
