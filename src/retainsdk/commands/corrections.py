"""Commands that take back what was recorded in error. Nothing is ever removed: a correction is an event more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from retainsdk.codec import id_text
from retainsdk.commands.desk import Desk, Desks
from retainsdk.errors import CommandError
from retainsdk.events import Happening, RecordCorrected, Recorded
from retainsdk.journal import Decision, How
from retainsdk.ledger import relationship_stream
from retainsdk.record import CORRECTABLE

TAKEN_BACK_BY: Mapping[str, str] = {
    "AmendmentAccepted": "amend",
    "AmendmentProposed": "reject_amendment",
    "CaseOpened": "withdraw_case",
    "CommitmentBroken": "retract",
    "CommitmentMade": "retract",
    "ContributorAdded": "remove_contributor",
    "EndBegun": "save",
    "EndCompleted": "record_return",
    "LetterAccepted": "withdraw_letter",
    "NoticeGiven": "rescind_notice",
    "OwnerAssigned": "assign_owner",
    "Resolved": "reopen_case",
    "Suspended": "resume",
    "TermsDrafted": "discard_draft",
    "WinbackOpened": "close_winback",
}
"""The command that takes back what an event decided."""


class CorrectionCommands(Desks):
    """Commands that take back what was recorded in error."""

    def correct_record(self, relationship: int, record: int, *, why: str, **how: Unpack[How]) -> None:
        """
        A record was wrong and counts nowhere any longer; it stays in the history, marked.

        What is true instead is recorded by the command for it, before or after.

        Args:
            relationship: Whose.
            record: Its number: what the command that made it returned, and `Timeline.page` shows.
            why: What was wrong with it.
            how: See `How`, without ``occurred_at``: a correction occurs when the record did.

        Raises:
            CommandError: When it is no record, was corrected already, or others rest on it.
        """
        _refuse_instant(how)

        def decide(desk: Desk) -> Decision:
            return None, [_correction(desk, record, why)]

        self._about(relationship, "correct_record", (record, why), how, decide)

    def undo(self, relationship: int, **how: Unpack[How]) -> int:
        """
        Correct the last record of this actor in a relationship. Returns its number.

        What is corrected already is passed over, so that undoing twice takes back two.

        Raises:
            CommandError: When he recorded nothing there, or the last he did was a decision: the message names the
                command that takes it back.
        """
        _refuse_instant(how)
        stream = relationship_stream(relationship)

        def decide(desk: Desk) -> Decision:
            corrected = desk.account.timeline.corrections
            done: list[Recorded] = [
                event
                for event in self.events([stream])
                if event.actor == how["actor"]
                and not isinstance(event.body, RecordCorrected)
                and not (event.stream == stream and event.version in corrected)
            ]
            if not done:
                raise CommandError(
                    f"relationship {id_text(relationship)}",
                    f"holds nothing that {how['actor']} could undo",
                    "Correct a record by its number.",
                )
            last = done[-1]
            if not isinstance(last.body, CORRECTABLE):
                name = type(last.body).__name__
                way = TAKEN_BACK_BY.get(name)
                raise CommandError(
                    f"{name} of {last.occurred_at.isoformat()}, the last that {how['actor']} did here",
                    "was decided, and a decision is not undone but followed by another",
                    f"Use {way}." if way else "Give the command that says what is true now.",
                )
            why = how.get("reason", "") or "undone"
            return last.version, [_correction(desk, last.version, why)]

        return int(self._about(relationship, "undo", None, how, decide))


def _correction(desk: Desk, record: int, why: str) -> Happening:
    found = (entry.at for entry in desk.account.timeline.entries if entry.version == record)
    return Happening(
        stream=relationship_stream(desk.id),
        body=RecordCorrected(version=record, why=why),
        occurred_at=next(found, desk.at),
    )


def _refuse_instant(how: How) -> None:
    if how.get("occurred_at") is not None:
        raise CommandError(
            "the time of a correction",
            "is that of the record",
            "Leave out `occurred_at`: no look back shall count what was wrong.",
        )
