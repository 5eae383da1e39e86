"""Signals: what a department noticed, and what became of it. None goes away by itself."""

from __future__ import annotations

from datetime import datetime

import attrs

from retainsdk.errors import CommandError
from retainsdk.events import SignalCleared, SignalRaised
from retainsdk.vocabulary import Severity


@attrs.frozen(kw_only=True)
class Signal:
    """
    A sign a department raised.

    Attributes:
        number: The version of its raising in the stream of its relationship: how a clearing names it.
        department: Who raised it.
        kind: Of sign, in the department's words.
        evidence: What it rests on.
        severity: How much it matters.
        raised_at: When.
        cleared_at: When it was cleared; none while it stands.
        cleared_by: By the department, or the owner.
        why_cleared: In their words.
    """

    number: int
    department: str
    kind: str
    evidence: str
    severity: Severity
    raised_at: datetime
    cleared_at: datetime | None = None
    cleared_by: str = ""
    why_cleared: str = ""

    @classmethod
    def raised(cls, number: int, body: SignalRaised, at: datetime) -> Signal:
        """A new sign."""
        return cls(
            number=number,
            department=body.department,
            kind=body.kind,
            evidence=body.evidence,
            severity=body.severity,
            raised_at=at,
        )

    @property
    def stands(self) -> bool:
        """Whether nobody has cleared it."""
        return self.cleared_at is None

    def cleared(self, body: SignalCleared, at: datetime) -> Signal:
        """
        The sign that is none any longer.

        Raises:
            CommandError: When it was cleared already, was not raised by then, or nobody says why.
        """
        if self.cleared_at is not None or at < self.raised_at:
            was = (
                f"was cleared by {self.cleared_by}"
                if self.cleared_at is not None
                else "was not raised by then"
            )
            raise CommandError(f"signal {self.number}", was, "Clear one that stands.")
        if not body.why.strip():
            raise CommandError(
                f"signal {self.number}",
                "stays until somebody says why not",
                "Give the reason it is cleared for.",
            )
        return attrs.evolve(self, cleared_at=at, cleared_by=body.by, why_cleared=body.why)
