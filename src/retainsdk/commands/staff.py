"""Commands about representatives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Unpack

from retainsdk.commands.desk import Desks, refuse_unknown
from retainsdk.errors import CommandError
from retainsdk.events import (
    AuthoritySet,
    Happening,
    RepresentativeAbsent,
    RepresentativeJoined,
    RepresentativeLeft,
)
from retainsdk.journal import Decision, How
from retainsdk.ledger import STAFF_STREAMS, Ledger, representative_stream
from retainsdk.quantities import Money


class StaffCommands(Desks):
    """Commands about representatives, who are known by their names."""

    def join_staff(
        self,
        name: str,
        *,
        languages: Sequence[str] = (),
        skills: Sequence[str] = (),
        hours: str = "",
        **how: Unpack[How],
    ) -> None:
        """
        Somebody began to work for us, or works for us again.

        Args:
            name: As owner and actor of all he does.
            languages: He speaks.
            skills: He has.
            hours: Like ``Sun-Thu 09:00-17:00``, see `WorkCalendar.parse`; the book's unless given.
            how: See `How`.
        """
        if not name.strip():
            raise CommandError(f"name {name!r}", "names nobody", "Say who joins.")
        body = RepresentativeJoined(name=name, languages=tuple(languages), skills=tuple(skills), hours=hours)
        self._of_staff("join_staff", name, body, how)

    def record_absence(
        self, name: str, *, starts_on: date, ends_on: date, deputy: str, why: str = "", **how: Unpack[How]
    ) -> None:
        """Somebody is away until *ends_on*, when he is back, and a deputy sees to what falls due meanwhile."""
        body = RepresentativeAbsent(starts_on=starts_on, ends_on=ends_on, deputy=deputy, why=why)
        self._of_staff("record_absence", name, body, how, deputy)

    def leave_staff(self, name: str, *, successor: str = "", **how: Unpack[How]) -> None:
        """Somebody stopped working for us; what was his goes to a successor."""
        self._of_staff("leave_staff", name, RepresentativeLeft(successor=successor), how, successor)

    def set_authority(self, name: str, *, up_to: Money, asks: str = "", **how: Unpack[How]) -> None:
        """
        Somebody may grant so much at a time without asking, and whom he asks for more.

        From the first authority on, whoever has none may grant nothing that costs.
        """
        self._refuse_foreign(up_to)
        self._of_staff("set_authority", name, AuthoritySet(up_to=up_to, asks=asks), how, asks)

    def _of_staff(self, command: str, name: str, body: object, how: How, other: str = "") -> None:
        stream = representative_stream(name)

        def read() -> tuple[Ledger, dict[str, int]]:
            ledger, versions = self._read([STAFF_STREAMS])
            return ledger, {stream: versions.get(stream, 0)}

        def decide(ledger: Ledger, at: datetime) -> Decision:
            if other:
                refuse_unknown("representative", other, ledger.staff)
            return None, [Happening(stream=stream, body=body, occurred_at=at)]

        self._commit(command, (name, body), how, read, decide)
